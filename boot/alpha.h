// -----------------------------------------------------------------------------
// File: boot/alpha.h
// -----------------------------------------------------------------------------
//
// The boot block of DEC's Alpha, which its SRM console reads from the first sector of a disk: where
// the secondary bootstrap loader (aboot) lies. After what isomarkboot and genisoimage write.
//
#ifndef ISOMASON_BOOT_ALPHA_H_
#define ISOMASON_BOOT_ALPHA_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "boot/boot_block.h"

namespace isomason {

class AlphaBootBlock : public BootBlock {
 public:
  explicit AlphaBootBlock(BootFile loader) : loader_(loader) {}
  uint64_t size() const override { return kSectorSize; }
  absl::Status Check(const Addresses&) const override { return absl::OkStatus(); }  // 64 bits
  void Render(const Addresses& at, std::string& out) const override;

 private:
  BootFile loader_;
};

}  // namespace isomason

#endif  // ISOMASON_BOOT_ALPHA_H_
