// -----------------------------------------------------------------------------
// File: boot/palo.h
// -----------------------------------------------------------------------------
//
// The boot block of HP-PA machines (PALO): where the boot loader, two kernels and a RAM disk lie,
// in bytes, and the command line. Version 5 is read by PALO from 1.92 on, version 4 by earlier
// ones; a zero at byte 1024 makes later ones take a block for version 4.
//
#ifndef ISOMASON_BOOT_PALO_H_
#define ISOMASON_BOOT_PALO_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "boot/boot_block.h"

namespace isomason {

struct PaloFiles {
  BootFile bootloader, kernel_32, kernel_64, ramdisk;
};

class PaloBootBlock : public BootBlock {
 public:
  // Characters of a command line, by version.
  static constexpr size_t kMostText4 = 127;
  static constexpr size_t kMostText5 = 1023;

  // `version` is 4 or 5.
  PaloBootBlock(const PaloFiles& files, std::string command_line, int version)
      : files_(files), command_line_(std::move(command_line)), version_(version) {}
  uint64_t size() const override { return 2048; }
  absl::Status Check(const Addresses& at) const override;
  void Render(const Addresses& at, std::string& out) const override;

 private:
  PaloFiles files_;
  std::string command_line_;
  int version_;
};

}  // namespace isomason

#endif  // ISOMASON_BOOT_PALO_H_
