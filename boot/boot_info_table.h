// -----------------------------------------------------------------------------
// File: boot/boot_info_table.h
// -----------------------------------------------------------------------------
//
// What boot loaders want written into their own images: the boot info table of
// isolinux (where the image lies, how long it is, its checksum) and GRUB 2's note of
// its own location. Both go into the copy in the disc image, never into the source.
//
//   ASSIGN_OR_RETURN(PatchedBootImage patched,
//                    PatchBootImage(contents, image, {.boot_info_table = true}));
//   image.AddPreparation(std::move(patched.preparation));
//
#ifndef ISOMASON_BOOT_BOOT_INFO_TABLE_H_
#define ISOMASON_BOOT_BOOT_INFO_TABLE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "layout/content.h"
#include "layout/image.h"
#include "layout/units.h"

namespace isomason {

struct BootImagePatches {
  // 56 bytes at byte 8 (isolinux convention): little-endian words for the block of
  // the primary volume descriptor, the block and the byte length of the image, and
  // the sum of its words from byte 64 on; then 40 zeros.
  bool boot_info_table = false;
  // At byte 2548, 64 bits: the image's location in 512-byte sectors, plus 5.
  bool grub2_boot_info = false;
};

struct PatchedBootImage {
  ContentId content;
  // Reads the image once, for the checksum; null when none is wanted.
  std::unique_ptr<Preparation> preparation;
};

// OutOfRange when an image of `size` bytes is too short for what is wanted, 64 bytes for
// the table, 2556 for GRUB's, or has 4 GiB and more. The message is the end of a
// sentence that begins with the image.
absl::Status CheckBootImage(ByteCount size, const BootImagePatches& wanted);

// Adds the patched image to `contents`. OutOfRange as CheckBootImage(), Internal when
// the image is patched already: all that is wanted comes in one call.
absl::StatusOr<PatchedBootImage> PatchBootImage(ContentTable& contents, ContentId image,
                                                const BootImagePatches& wanted);

}  // namespace isomason

#endif  // ISOMASON_BOOT_BOOT_INFO_TABLE_H_
