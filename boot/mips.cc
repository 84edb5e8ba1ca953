#include "boot/mips.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "layout/record/record.h"
#include "layout/status.h"

namespace isomason {
namespace {

constexpr uint64_t kMost32 = 0xFFFFFFFF;

// --- Big-endian ---------------------------------------------------------------------

struct DirectoryEntry {
  std::array<uint8_t, MipsVolumeHeader::kNameLength> name{};
  uint32_t first = 0, bytes = 0;
};
constexpr auto kDirectoryEntry = MakeTable<DirectoryEntry, 16>(
    "volume directory entry", "MIPS volume header", Counts::kFromZero,
    Field<Raw<8>>("name", 0, 7, &DirectoryEntry::name),
    Field<Big<uint32_t>>("first sector", 8, 11, &DirectoryEntry::first),
    Field<Big<uint32_t>>("bytes", 12, 15, &DirectoryEntry::bytes));
static_assert(kDirectoryEntry.Tiles());

// The word that makes the sum of all words zero.
uint32_t HeaderChecksum(ConstByteSpan record) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 3 < record.size(); i += 4) {
    sum += static_cast<uint32_t>(record[i]) << 24 | static_cast<uint32_t>(record[i + 1]) << 16 |
           static_cast<uint32_t>(record[i + 2]) << 8 | record[i + 3];
  }
  return 0 - sum;
}

constexpr size_t kDirectorySize = 16 * MipsVolumeHeader::kMostFiles;

struct VolumeHeader {
  uint16_t cylinders_low = 0;
  uint8_t cylinders_high = 0;
  std::array<uint8_t, kDirectorySize> directory{};
  uint32_t sectors = 0;  // of the image
};
constexpr auto kVolumeHeader = MakeTable<VolumeHeader, 512>(
    "volume header", "MIPS volume header", Counts::kFromZero,
    Fixed("magic", 0, 3, "\x0B\xE5\xA9\x41"), Zeros("root and swap partitions, boot file", 4, 27),
    Field<Big<uint16_t>>("cylinders", 28, 29, &VolumeHeader::cylinders_low),
    Zeros("first head", 30, 31),
    Fixed("tracks of a cylinder", 32, 33, absl::string_view("\0\1", 2)), Zeros("queue", 34, 34),
    Field<Big<uint8_t>>("cylinders, high byte", 35, 35, &VolumeHeader::cylinders_high),
    Zeros("unused", 36, 37), Fixed("sectors of a track", 38, 39, absl::string_view("\0\x20", 2)),
    Fixed("bytes of a sector", 40, 41, "\2"), Zeros("interleave", 42, 43),
    // Recalibrate as the last resort, go on after errors, forward to replacement tracks.
    Fixed("controller", 44, 47, absl::string_view("\0\0\0\x34", 4)), Zeros("unused", 48, 71),
    Field<Raw<kDirectorySize>>("volume directory", 72, 311, &VolumeHeader::directory),
    Zeros("partitions 1 to 8", 312, 407),
    Field<Big<uint32_t>>("sectors of partition 9", 408, 411, &VolumeHeader::sectors),
    Zeros("its start, and that it is the volume header", 412, 419), Zeros("partition 10", 420, 431),
    Field<Big<uint32_t>>("sectors of partition 11", 432, 435, &VolumeHeader::sectors),
    Zeros("its start", 436, 439),
    Fixed("that it is the whole volume", 440, 443, absl::string_view("\0\0\0\6", 4)),
    Zeros("partitions 12 to 16", 444, 503),
    Sum<Big<uint32_t>>("checksum", 504, 507, &HeaderChecksum), Zeros("unused", 508, 511));
static_assert(kVolumeHeader.Tiles());

// --- Little-endian ------------------------------------------------------------------

struct BootBlockRecord {
  uint32_t load_address = 0, entry = 0, sectors = 0, first = 0;
};
constexpr auto kBootBlock = MakeTable<BootBlockRecord, 512>(
    "DEC boot block", "DECstation", Counts::kFromZero, Zeros("unused", 0, 7),
    Fixed("magic", 8, 11, absl::string_view("\x7A\x75\x02\x00", 4)),
    Fixed("mode: several extents", 12, 15, "\1"),
    Field<Little<uint32_t>>("load address", 16, 19, &BootBlockRecord::load_address),
    Field<Little<uint32_t>>("entry", 20, 23, &BootBlockRecord::entry),
    Field<Little<uint32_t>>("sectors of the extent", 24, 27, &BootBlockRecord::sectors),
    Field<Little<uint32_t>>("first sector of the extent", 28, 31, &BootBlockRecord::first),
    Zeros("further extents", 32, 511));
static_assert(kBootBlock.Tiles());

uint32_t Word(absl::Span<const uint8_t> bytes, size_t at) {
  return static_cast<uint32_t>(bytes[at + 3]) << 24 | static_cast<uint32_t>(bytes[at + 2]) << 16 |
         static_cast<uint32_t>(bytes[at + 1]) << 8 | bytes[at];
}

}  // namespace

absl::Status MipsVolumeHeader::Check(const Addresses& at) const {
  for (const File& file : files_) {
    RETURN_IF_ERROR(CheckEnd(absl::StrCat("the boot file ", file.name),
                             at[file.file.content] + file.file.size, kMost32));
  }
  // 24 bits of cylinders, of 32 sectors each.
  return CheckEnd("the image", at.image_size(), (uint64_t{1} << 24) * 32 * kSectorSize);
}

void MipsVolumeHeader::Render(const Addresses& at, std::string& out) const {
  std::string directory;
  for (const File& file : files_) {
    DirectoryEntry entry;
    std::copy_n(file.name.begin(), std::min(file.name.size(), kNameLength), entry.name.begin());
    entry.first = static_cast<uint32_t>(SectorAt(at[file.file.content]).value());
    entry.bytes = static_cast<uint32_t>(file.file.size.value());
    Append(kDirectoryEntry, entry, directory);
  }
  VolumeHeader header;
  const uint64_t cylinders = at.image_size().value() / (32 * kSectorSize);
  header.cylinders_low = static_cast<uint16_t>(cylinders);
  header.cylinders_high = static_cast<uint8_t>(cylinders >> 16);
  header.sectors = static_cast<uint32_t>(SectorAt(at.image_size()).value());
  std::copy(directory.begin(), directory.end(), header.directory.begin());
  Append(kVolumeHeader, header, out);
}

absl::StatusOr<MipselProgram> ReadMipselProgram(absl::Span<const uint8_t> head, uint64_t size) {
  // The System V ABI, chapter 4: the ELF header, then the program headers.
  constexpr size_t kHeaderSize = 52, kProgramHeaderSize = 32;
  constexpr uint32_t kLoad = 1;
  if (head.size() < kHeaderSize || std::memcmp(head.data(),
                                               "\x7F"
                                               "ELF\1\1",
                                               6) != 0) {
    return absl::InvalidArgumentError("is no program for it: ELF, 32 bits, little-endian");
  }
  const uint32_t first = Word(head, 28);
  const uint32_t count = static_cast<uint32_t>(head[44] | head[45] << 8);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t header = first + i * kProgramHeaderSize;
    if (header + kProgramHeaderSize > head.size()) break;
    if (Word(head, header) != kLoad) continue;
    MipselProgram program;
    program.entry = Word(head, 24);
    program.offset = Word(head, header + 4);
    program.load_address = Word(head, header + 8);
    program.size = Word(head, header + 16);
    if (program.offset % kSectorSize != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("has its code at byte ", program.offset,
                       ", which is no multiple of 512, and the firmware loads whole sectors"));
    }
    if (uint64_t{program.offset} + program.size > size) {
      return absl::InvalidArgumentError("ends before its code does");
    }
    return program;
  }
  return absl::InvalidArgumentError("is a program without a segment that is loaded");
}

absl::Status MipselBootBlock::Check(const Addresses& at) const {
  return CheckEnd("the boot file", at[file_.content] + file_.size, kMost32 * kSectorSize);
}

void MipselBootBlock::Render(const Addresses& at, std::string& out) const {
  BootBlockRecord record;
  record.load_address = program_.load_address;
  record.entry = program_.entry;
  record.sectors = static_cast<uint32_t>(SectorsFor(ByteCount(program_.size)).value());
  record.first = static_cast<uint32_t>(
      (SectorAt(at[file_.content]) + SectorAt(ByteCount(program_.offset))).value());
  Append(kBootBlock, record, out);
}

}  // namespace isomason
