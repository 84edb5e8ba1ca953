// -----------------------------------------------------------------------------
// File: authoring/fat_files.h
// -----------------------------------------------------------------------------
//
// Which files of the tree stand in the FAT partitions of a manifest, and under which paths:
// what `boot.partition.fat.files` says, /EFI by default.
//
//   SelectFatFiles(manifest, resolved, &remarks, &problems);
//   resolved.partitions[0].names      // {node of /EFI, "/EFI"}, {node of /EFI/BOOT, ...}, ...
//
#ifndef ISOMASON_AUTHORING_FAT_FILES_H_
#define ISOMASON_AUTHORING_FAT_FILES_H_

#include <vector>

#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"

namespace isomason {

// Fills `names` of each FAT partition, directories before what they hold, files in the order in
// which they will lie there: that of the list, and below a directory that of the tree. `manifest`
// is from WithDefaults() and `resolved` is whole. Symlinks and devices are left out or followed
// with a remark, or are a problem, as the manifest says.
void SelectFatFiles(const manifest::Manifest& manifest, Resolved& resolved, Remarks* remarks,
                    Problems* problems);

// By node: whether it is a file in a FAT partition, or a directory all of whose data stands there.
std::vector<bool> InFatPartitions(const Resolved& resolved);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_FAT_FILES_H_
