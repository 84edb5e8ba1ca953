// -----------------------------------------------------------------------------
// File: authoring/partitions.h
// -----------------------------------------------------------------------------
//
// From the manifest's `boot.system_area` and `boot.partition` to boot code and partition
// tables: whose code it is, which image it loads, what each table calls a partition, and the
// identifiers that derive from the image id.
//
//   RETURN_IF_ERROR(LookAtBootCode(manifest, contents, resolved));     // before the image id
//   std::shared_ptr<const SystemArea> area =
//       PlanSystemArea(manifest, contents, resolved, volume.image_id, &problems);
//
#ifndef ISOMASON_AUTHORING_PARTITIONS_H_
#define ISOMASON_AUTHORING_PARTITIONS_H_

#include <memory>

#include "absl/status/status.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/tree/resolve.h"
#include "authoring/volume.h"
#include "boot/system_area.h"
#include "layout/content.h"
#include "layout/units.h"

namespace isomason {

// Reads the first bytes of the system area's source, and notes whose code it is unless the
// manifest says it.
absl::Status LookAtBootCode(const manifest::Manifest& manifest, const ContentTable& contents,
                            Resolved& resolved);

// What partition `i` of the manifest is made of. `resolved` is whole.
ContentId PartitionContent(const Resolved& resolved, int i);

// Its size. That of a FAT partition is known when that is laid out, and 0 before.
ByteCount PartitionSize(const Resolved& resolved, const ContentTable& contents, int i);

// The place in the manifest of the FAT partition that a file is, too; -1 of any other.
int FatPartitionAt(const Resolved& resolved, NodeId node);

// The partition of the manifest that has a number, or -1.
int FindPartition(const manifest::Boot& boot, uint32_t number);

// What the system area holds; null when it is zeros. `manifest` is from WithDefaults(), and
// boot images have got their patches.
std::shared_ptr<const SystemArea> PlanSystemArea(const manifest::Manifest& manifest,
                                                 const ContentTable& contents,
                                                 const Resolved& resolved, const ImageId& image_id,
                                                 Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_PARTITIONS_H_
