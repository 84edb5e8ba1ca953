#include "authoring/firmware/boot_program.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "layout/record/encoding.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr size_t kLook = 2048;  // GRUB's cdboot.img; isolinux says its name before

template <typename T>
T Number(ConstByteSpan bytes, size_t at) {
  return *Little<T>::Get(bytes.subspan(at, sizeof(T)));
}

bool IsPowerOfTwo(uint32_t n) { return n != 0 && (n & (n - 1)) == 0; }

// As the BIOS parameter block says it (Microsoft's FAT specification, 3.1 and 3.5).
struct FatLook {
  uint64_t root = 0;       // byte at which the root directory begins
  uint64_t root_size = 0;  // its bytes; of FAT32, those of its first cluster
};

bool LooksLikeFat(ConstByteSpan head, FatLook* fat) {
  const uint32_t sector = Number<uint16_t>(head, 11);
  const uint32_t cluster = head[13];
  const uint32_t reserved = Number<uint16_t>(head, 14);
  const uint32_t tables = head[16];
  const uint32_t root_entries = Number<uint16_t>(head, 17);
  const bool jump = head[0] == 0xEB || head[0] == 0xE9;
  if (!jump || !IsPowerOfTwo(sector) || sector < kSectorSize || sector > 4096 ||
      !IsPowerOfTwo(cluster) || reserved == 0 || tables == 0 || tables > 2 || head[21] < 0xF0) {
    return false;
  }
  uint64_t table_sectors = Number<uint16_t>(head, 22);
  const bool is_fat32 = table_sectors == 0;
  if (is_fat32) table_sectors = Number<uint32_t>(head, 36);
  fat->root = (reserved + tables * table_sectors) * sector;
  fat->root_size = uint64_t{root_entries} * 32;
  if (is_fat32) {
    fat->root += (uint64_t{Number<uint32_t>(head, 44)} - 2) * cluster * sector;
    fat->root_size = uint64_t{cluster} * sector;
  }
  return table_sectors != 0 && fat->root_size != 0;
}

// The name of the record with the attribute of a label and no other (6.2).
std::string LabelIn(ConstByteSpan root) {
  constexpr uint8_t kVolumeLabel = 0x08, kDeleted = 0xE5;
  constexpr uint8_t kKinds = 0x3F;
  for (size_t at = 0; at + 32 <= root.size() && root[at] != 0; at += 32) {
    if (root[at] == kDeleted || (root[at + 11] & kKinds) != kVolumeLabel) continue;
    const std::string name(root.begin() + static_cast<ptrdiff_t>(at),
                           root.begin() + static_cast<ptrdiff_t>(at) + 11);
    return std::string(absl::StripTrailingAsciiWhitespace(name));
  }
  return "";
}

}  // namespace

BootImageLook LookAtBootImage(uint64_t size, ReadDisk read) {
  BootImageLook look;
  std::vector<uint8_t> head(std::min<uint64_t>(size, kLook));
  if (head.size() < kSectorSize || !read(0, absl::MakeSpan(head)).ok()) return look;
  const absl::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  // The signature that isohybrid looks for, and the message without which cdboot.img stops.
  if (text.substr(64, 4) == "\xFB\xC0\x78\x70") {
    look.program = BootProgram::kIsolinux;
  } else if (absl::StrContains(text, "no boot info") &&
             absl::StrContains(text, "cdrom read fails")) {
    look.program = BootProgram::kGrub;
  } else if (FatLook fat; LooksLikeFat(head, &fat)) {
    look.program = BootProgram::kFat;
    if (fat.root > size || fat.root_size > size - fat.root) return look;
    std::vector<uint8_t> root(fat.root_size);
    if (read(fat.root, absl::MakeSpan(root)).ok()) look.label = LabelIn(root);
  }
  return look;
}

}  // namespace isomason
