#include "authoring/manifest/check_zisofs.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace isomason {

void CheckZisofs(const manifest::Zisofs& zisofs, const CheckReport& report) {
  const std::string self = "iso9660.rock_ridge.zisofs";
  for (int k = 0; k < zisofs.include_size(); ++k) {
    report.CheckGlob(absl::StrCat(self, ".include[", k, "]"), zisofs.include(k));
  }
  for (int k = 0; k < zisofs.exclude_size(); ++k) {
    report.CheckGlob(absl::StrCat(self, ".exclude[", k, "]"), zisofs.exclude(k));
  }
  if (zisofs.level() > 9) {
    report.Add(self + ".level", absl::StrCat(zisofs.level(), " is no level of zlib"),
               "write 1 to 9, or leave it out for 9");
  }
  const uint32_t block_size = zisofs.block_size();
  if (block_size != 0 && block_size != 32768 && block_size != 65536 && block_size != 131072) {
    report.Add(self + ".block_size", absl::StrCat(block_size, " bytes are no size of a block"),
               "write 32768, 65536 or 131072, which readers know");
  }
  if (zisofs.version() > 2) {
    report.Add(self + ".version", absl::StrCat(zisofs.version(), " is no version of zisofs"),
               "write 1, or 2 for files of 4 GiB and more, or leave it out for 1");
  }
}

}  // namespace isomason
