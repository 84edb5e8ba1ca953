// -----------------------------------------------------------------------------
// File: boot/boot_block.h
// -----------------------------------------------------------------------------
//
// The first bytes of an image for machines that look for a block of their own there, and know
// none of a PC's tables: MIPS, SPARC, HP-PA, Alpha. Each kind is a class beside this, with
// the firmware's own fields; all that such blocks say are addresses and sizes of files.
//
//   AlphaBootBlock block({content, size});
//   RETURN_IF_ERROR(block.Check(addresses));
//   block.Render(addresses, out);              // block.size() bytes for byte 0 on
//
#ifndef ISOMASON_BOOT_BOOT_BLOCK_H_
#define ISOMASON_BOOT_BOOT_BLOCK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "layout/content.h"
#include "layout/piece.h"
#include "layout/units.h"

namespace isomason {

// A file that a block points to.
struct BootFile {
  ContentId content = kNoContent;
  ByteCount size;
};

class BootBlock {
 public:
  virtual ~BootBlock() = default;
  // Of bytes, from the start of the image.
  virtual uint64_t size() const = 0;
  // OutOfRange when a number does not fit; the message is a sentence.
  virtual absl::Status Check(const Addresses& at) const = 0;
  // Appends the block. Pure.
  virtual void Render(const Addresses& at, std::string& out) const = 0;
};

// OutOfRange when what ends at `end` ends behind `most`; `what` is the sentence's subject.
absl::Status CheckEnd(absl::string_view what, ByteCount end, uint64_t most);

}  // namespace isomason

#endif  // ISOMASON_BOOT_BOOT_BLOCK_H_
