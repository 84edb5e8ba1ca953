// -----------------------------------------------------------------------------
// File: authoring/fat_partitions.h
// -----------------------------------------------------------------------------
//
// FAT partitions that are made of the image's own files. A partition's metadata is a content,
// and the files' contents lie at fixed distances behind it, where ISO 9660, Joliet and UDF point
// to them as to any other: no byte of a file is stored twice, unless it has two names in
// partitions. What is known when:
//
//   SelectFatFiles(manifest, resolved, &remarks, &problems);        // names: from the tree
//   PlanFatVolumes(manifest, contents, resolved, ...);              // layouts: from files' sizes
//   MakeFatVolumes(manifest, image_id, contents, resolved);         // serials, and metadata
//   ShareFatFiles(manifest, dvd, contents, resolved, ...);          // when files are what they
//                                                                   // will be in the image
//
#ifndef ISOMASON_AUTHORING_FAT_PARTITIONS_H_
#define ISOMASON_AUTHORING_FAT_PARTITIONS_H_

#include "authoring/dvd_video/dvd_video.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "authoring/volume.h"
#include "layout/content.h"

namespace isomason {

// Gives each FAT partition its `volume`, with no serial number yet. What FAT cannot hold goes to
// `problems`, and such a partition has none. `manifest` is from WithDefaults().
void PlanFatVolumes(const manifest::Manifest& manifest, const ContentTable& contents,
                    Resolved& resolved, Remarks* remarks, Problems* problems);

// Gives the volumes their serial numbers, adds their metadata, and makes them the contents of the
// files that show them. False when a volume is missing.
bool MakeFatVolumes(const manifest::Manifest& manifest, const ImageId& image_id,
                    ContentTable& contents, Resolved& resolved);

// Finds the content of each file of the volumes, and adds copies of those that lie elsewhere:
// under another name in one of the volumes, in another partition, or among the files of `dvd`.
void ShareFatFiles(const manifest::Manifest& manifest, const DvdVideo& dvd, ContentTable& contents,
                   Resolved& resolved, Remarks* remarks, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_FAT_PARTITIONS_H_
