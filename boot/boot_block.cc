#include "boot/boot_block.h"

#include "absl/strings/str_cat.h"

namespace isomason {

absl::Status CheckEnd(absl::string_view what, ByteCount end, uint64_t most) {
  if (end.value() <= most) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(what, " ends at byte ", end.value(),
                                            ", and the boot block can say no more than ", most));
}

}  // namespace isomason
