#include "authoring/manifest/check_fat.h"

#include <cstdint>

#include "absl/numeric/bits.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "boot/fat/geometry.h"
#include "boot/fat/names.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr uint64_t kMostBytes = kFatMostSectors * kFatSectorSize;

void CheckFiles(const manifest::FatFiles& files, const std::string& field,
                const CheckReport& report) {
  if (files.path().empty()) {
    report.Missing(field, field + ".path", "is missing",
                   "name a file or directory of the image: path: \"/EFI\"");
  } else {
    report.CheckImagePath(field + ".path", files.path());
  }
  const std::string& to = files.to();
  if (!to.empty() && report.CheckImagePath(field + ".to", to) && to != "/") {
    for (const absl::string_view name : absl::StrSplit(to.substr(1), '/')) {
      const auto fits = ToFatName(name);
      if (fits.ok()) continue;
      report.Add(field + ".to", fits.status().message(), "choose another name");
    }
  }
  for (int k = 0; k < files.match_size(); ++k) {
    report.CheckGlob(absl::StrCat(field, ".match[", k, "]"), files.match(k));
  }
  for (int k = 0; k < files.exclude_size(); ++k) {
    report.CheckGlob(absl::StrCat(field, ".exclude[", k, "]"), files.exclude(k));
  }
}

}  // namespace

void CheckFat(const manifest::Fat& fat, const std::string& field, const CheckReport& report) {
  for (int k = 0; k < fat.files_size(); ++k) {
    CheckFiles(fat.files(k), absl::StrCat(field, ".files[", k, "]"), report);
  }
  if (fat.size() % kBlockSize != 0) {
    report.Add(field + ".size", absl::StrCat(fat.size(), " is no multiple of 2048 bytes"),
               "round it up, or leave it out for what is needed");
  } else if (fat.size() > kMostBytes) {
    report.Add(field + ".size", absl::StrCat(fat.size(), " bytes are more sectors than FAT counts"),
               "the number is in bytes; leave it out for what is needed");
  }
  if (fat.free() > kMostBytes) {
    report.Add(field + ".free", absl::StrCat(fat.free(), " bytes are more sectors than FAT counts"),
               "the number is in bytes");
  }
  const uint32_t cluster = fat.cluster_size();
  if (cluster != 0 &&
      (!absl::has_single_bit(cluster) || cluster < kFatLeastCluster || cluster > kFatMostCluster)) {
    report.Add(field + ".cluster_size",
               absl::StrCat(cluster, " is no power of two from 2048 to 32768"),
               "leave it out for the least that is possible");
  }
  if (const auto label = ToFatLabel(fat.label()); !label.ok()) {
    report.Add(field + ".label", label.status().message(),
               "shorten it to such characters, or leave it out for one like the volume id");
  }
  report.CheckPolicy(field + ".symlinks", fat.symlinks(),
                     {manifest::REFUSE, manifest::OMIT, manifest::FOLLOW});
  report.CheckPolicy(field + ".special", fat.special(), {manifest::REFUSE, manifest::OMIT});
}

}  // namespace isomason
