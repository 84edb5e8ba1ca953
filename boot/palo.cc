#include "boot/palo.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "layout/record/record.h"
#include "layout/status.h"

namespace isomason {
namespace {

struct Record {
  uint8_t version = 5;
  uint32_t kernel_32 = 0, kernel_32_size = 0, ramdisk = 0, ramdisk_size = 0;
  std::array<uint8_t, 128> text_4{};
  uint32_t kernel_64 = 0, kernel_64_size = 0, bootloader = 0, bootloader_size = 0;
  std::array<uint8_t, 1024> text_5{};
};
constexpr auto kRecord = MakeTable<Record, 2048>(
    "PALO boot block", "palo, struct firstblock", Counts::kFromZero, Fixed("magic", 0, 1, "\x80"),
    Fixed("name", 2, 6, "PALO"), Field<Big<uint8_t>>("version", 7, 7, &Record::version),
    Field<Big<uint32_t>>("32-bit kernel", 8, 11, &Record::kernel_32),
    Field<Big<uint32_t>>("its size", 12, 15, &Record::kernel_32_size),
    Field<Big<uint32_t>>("RAM disk", 16, 19, &Record::ramdisk),
    Field<Big<uint32_t>>("its size", 20, 23, &Record::ramdisk_size),
    Field<Raw<128>>("command line of version 4", 24, 151, &Record::text_4),
    Zeros("unused", 152, 231), Field<Big<uint32_t>>("64-bit kernel", 232, 235, &Record::kernel_64),
    Field<Big<uint32_t>>("its size", 236, 239, &Record::kernel_64_size),
    Field<Big<uint32_t>>("boot loader", 240, 243, &Record::bootloader),
    Field<Big<uint32_t>>("its size", 244, 247, &Record::bootloader_size),
    Zeros("entry of the boot loader, and a partition table", 248, 1023),
    Field<Raw<1024>>("command line of version 5", 1024, 2047, &Record::text_5));
static_assert(kRecord.Tiles());

}  // namespace

absl::Status PaloBootBlock::Check(const Addresses& at) const {
  constexpr uint64_t kMost = 0x7FFFFFFF;  // its numbers are signed
  const struct {
    absl::string_view what;
    const BootFile& file;
  } kFiles[] = {{"PALO's boot loader", files_.bootloader},
                {"the 32-bit kernel for HP-PA", files_.kernel_32},
                {"the 64-bit kernel for HP-PA", files_.kernel_64},
                {"the RAM disk for HP-PA", files_.ramdisk}};
  for (const auto& [what, file] : kFiles) {
    RETURN_IF_ERROR(CheckEnd(what, at[file.content] + file.size, kMost));
  }
  return absl::OkStatus();
}

void PaloBootBlock::Render(const Addresses& at, std::string& out) const {
  const auto number = [](ByteCount bytes) { return static_cast<uint32_t>(bytes.value()); };
  Record record;
  record.version = static_cast<uint8_t>(version_);
  record.kernel_32 = number(at[files_.kernel_32.content]);
  record.kernel_32_size = number(files_.kernel_32.size);
  record.ramdisk = number(at[files_.ramdisk.content]);
  record.ramdisk_size = number(files_.ramdisk.size);
  record.kernel_64 = number(at[files_.kernel_64.content]);
  record.kernel_64_size = number(files_.kernel_64.size);
  record.bootloader = number(at[files_.bootloader.content]);
  record.bootloader_size = number(files_.bootloader.size);
  // Neither is ever full: a zero ends it.
  if (version_ == 4) {
    std::copy_n(command_line_.begin(), std::min(command_line_.size(), kMostText4),
                record.text_4.begin());
  } else {
    std::copy_n(command_line_.begin(), std::min(command_line_.size(), kMostText5),
                record.text_5.begin());
  }
  Append(kRecord, record, out);
}

}  // namespace isomason
