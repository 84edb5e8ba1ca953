// -----------------------------------------------------------------------------
// File: authoring/options.h
// -----------------------------------------------------------------------------
//
// From what a manifest says about the whole image to what each part is told. This is
// the one place where the defaults of options are, so that leaving an option out and
// writing its default make the same image with the same id.
//
//   const manifest::Manifest m = WithDefaults(loaded.manifest);
//   Iso9660Options options = Iso9660OptionsOf(m);
//
#ifndef ISOMASON_AUTHORING_OPTIONS_H_
#define ISOMASON_AUTHORING_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/media_check.h"
#include "authoring/name_collisions.h"
#include "authoring/timestamp.h"
#include "authoring/udf/udf.h"
#include "authoring/zisofs/zisofs.h"
#include "boot/el_torito.h"
#include "boot/mbr.h"
#include "boot/partition_type.h"
#include "boot/system_area.h"
#include "layout/placement.h"

namespace isomason {

// The manifest with every option set. Volume identifiers, entries and attributes
// stay as they are.
manifest::Manifest WithDefaults(const manifest::Manifest& manifest);

// All take a manifest from WithDefaults().
Iso9660Options Iso9660OptionsOf(const manifest::Manifest& m);
JolietOptions JolietOptionsOf(const manifest::Manifest& m);  // m has iso9660.joliet
bool HasIso9660(const manifest::Manifest& m);                // any view of ISO 9660
bool HasEnhanced(const manifest::Manifest& m);               // the hierarchy of ISO 9660:1999
UdfOptions UdfOptionsOf(const manifest::Manifest& m);        // m has udf
CollisionOptions CollisionOptionsOf(const manifest::Manifest& m);
Shape ShapeOf(const manifest::Manifest& m);
DirectoryOrder DirectoryOrderOf(const manifest::Manifest& m);
ByteCount FileAlignmentOf(const manifest::Manifest& m);
Timestamp VolumeTimeOf(const manifest::Manifest& m);
MediaCheckOptions MediaCheckOptionsOf(const manifest::Manifest& m);  // m has media_check
DigestAlgorithm AlgorithmOf(manifest::ChecksumAlgorithm algorithm);
ZisofsForm ZisofsFormOf(const manifest::Zisofs& zisofs);
// Whether there is a master boot record, given what code there is.
bool HasMbr(const manifest::Boot& boot, BootCode code);
// The number of partition `i`.
uint32_t NumberOf(const manifest::Boot& boot, int i);
// A multiple of which the partition begins at.
ByteCount PartitionAlignmentOf(const manifest::Manifest& m, int i);
// What is in a partition.
PartitionType PartitionTypeOf(const manifest::Partition& partition);
// What stands in a FAT partition when the manifest does not say it.
inline constexpr absl::string_view kEfiDirectory = "/EFI";
// The label of its `fat`.
std::string FatLabelOf(const manifest::Partition& partition);
// The cylinders that the manifest asks for.
std::optional<Geometry> GeometryOf(const manifest::Manifest& m);
// Where ISO 9660's partition begins that can be mounted by itself; 0 when there is none.
Block PartitionOffsetOf(const manifest::Manifest& m);
// From the backup of a GPT's entries to the end of the image: UDF's tail lies between.
ByteCount GptBackupDistance(const manifest::Manifest& m);
// What a Sun label says of itself, unless the manifest says another.
inline constexpr absl::string_view kSunLabelText = "CD-ROM Disc with Sun sparc boot";
// The type of ISO 9660's partition in a master boot record, unless the manifest says another.
inline constexpr uint8_t kIsoMbrType = 0x17;

BootPlatform PlatformOf(const manifest::BootEntry& entry);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_OPTIONS_H_
