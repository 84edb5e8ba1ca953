// -----------------------------------------------------------------------------
// File: boot/sun_label.h
// -----------------------------------------------------------------------------
//
// The disk label of Sun's SPARC machines: eight partitions, each for one sort of machine, which
// begin with cylinders of 320 KiB. The first is the whole image, as a Sun's third is the whole
// disk. GRUB's first stage lies behind the
// label and wants to be told where its core image lies.
//
#ifndef ISOMASON_BOOT_SUN_LABEL_H_
#define ISOMASON_BOOT_SUN_LABEL_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "boot/boot_block.h"

namespace isomason {

class SunLabel : public BootBlock {
 public:
  static constexpr size_t kTextLength = 127;
  static constexpr uint32_t kMostPartitions = 8;
  static constexpr ByteCount kCylinder{640 * kSectorSize};

  struct Partition {
    uint32_t number = 2;
    BootFile file;  // begins with a cylinder
  };

  struct Options {
    std::string text;
    std::vector<Partition> partitions;  // in the order of their numbers
    // What no other partition has is as the one before it: a machine looks for its own.
    bool repeat = false;
  };

  explicit SunLabel(Options options) : options_(std::move(options)) {}
  uint64_t size() const override { return kSectorSize; }
  absl::Status Check(const Addresses& at) const override;
  void Render(const Addresses& at, std::string& out) const override;

 private:
  Options options_;
};

// Where GRUB's first stage has the numbers of its core image: eight bytes for where, four for
// how large, counted in bytes.
inline constexpr uint64_t kSunGrubCore = 552;

}  // namespace isomason

#endif  // ISOMASON_BOOT_SUN_LABEL_H_
