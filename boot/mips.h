// -----------------------------------------------------------------------------
// File: boot/mips.h
// -----------------------------------------------------------------------------
//
// Boot blocks of MIPS machines: the volume header of big-endian ones (SGI), a small directory of
// files by name with a table of partitions, and the boot block of little-endian ones
// (DECstation), which says where one file's code lies and where it is to be loaded.
//
#ifndef ISOMASON_BOOT_MIPS_H_
#define ISOMASON_BOOT_MIPS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "boot/boot_block.h"

namespace isomason {

class MipsVolumeHeader : public BootBlock {
 public:
  static constexpr size_t kMostFiles = 15;
  static constexpr size_t kNameLength = 8;
  struct File {
    std::string name;  // what the firmware is asked for: "boot"
    BootFile file;
  };

  explicit MipsVolumeHeader(std::vector<File> files) : files_(std::move(files)) {}
  uint64_t size() const override { return kSectorSize; }
  absl::Status Check(const Addresses& at) const override;
  void Render(const Addresses& at, std::string& out) const override;

 private:
  std::vector<File> files_;
};

// What the headers of a program say: ELF, 32 bits, little-endian.
struct MipselProgram {
  uint32_t load_address = 0, entry = 0;
  uint32_t offset = 0, size = 0;  // of the segment, bytes in the file
};

// How many bytes of a program ReadMipselProgram() wants to see.
inline constexpr size_t kMipselHeaders = 4096;

// From the first bytes of a program, and how many it has. InvalidArgument when it is none with a
// segment that begins at a multiple of 512 bytes; the message is the end of a sentence that begins
// with the file.
absl::StatusOr<MipselProgram> ReadMipselProgram(absl::Span<const uint8_t> head, uint64_t size);

class MipselBootBlock : public BootBlock {
 public:
  MipselBootBlock(BootFile file, const MipselProgram& program) : file_(file), program_(program) {}
  uint64_t size() const override { return kSectorSize; }
  absl::Status Check(const Addresses& at) const override;
  void Render(const Addresses& at, std::string& out) const override;

 private:
  BootFile file_;
  MipselProgram program_;
};

}  // namespace isomason

#endif  // ISOMASON_BOOT_MIPS_H_
