#include "authoring/manifest/block_files.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "boot/mips.h"

namespace isomason {

std::vector<std::string> BlocksOf(const manifest::SystemArea& area) {
  std::vector<std::string> blocks;
  if (area.has_mips()) blocks.emplace_back("mips");
  if (area.has_mipsel()) blocks.emplace_back("mipsel");
  if (area.has_sun()) blocks.emplace_back("sun");
  if (area.has_hppa()) blocks.emplace_back("hppa");
  if (area.has_alpha()) blocks.emplace_back("alpha");
  return blocks;
}

std::vector<BlockFile> BlockFilesOf(const manifest::SystemArea& area) {
  std::vector<BlockFile> files;
  const auto add = [&files](absl::string_view field, const std::string& path) {
    files.push_back({absl::StrCat("boot.system_area.", field), path});
  };
  for (int i = 0; i < area.mips().boot_size(); ++i) {
    add(absl::StrCat("mips.boot[", i, "].image"), area.mips().boot(i).image());
  }
  if (area.has_mipsel()) add("mipsel.image", area.mipsel().image());
  // It is the one that may be left out.
  if (!area.sun().grub_core().empty()) add("sun.grub_core", area.sun().grub_core());
  if (area.has_hppa()) {
    add("hppa.bootloader", area.hppa().bootloader());
    add("hppa.kernel_32", area.hppa().kernel_32());
    add("hppa.kernel_64", area.hppa().kernel_64());
    add("hppa.ramdisk", area.hppa().ramdisk());
  }
  if (area.has_alpha()) add("alpha.image", area.alpha().image());
  return files;
}

std::string MipsNameOf(const manifest::MipsBootFile& file) {
  if (!file.name().empty()) return file.name();
  const std::string& path = file.image();
  return path.substr(path.rfind('/') + 1).substr(0, MipsVolumeHeader::kNameLength);
}

}  // namespace isomason
