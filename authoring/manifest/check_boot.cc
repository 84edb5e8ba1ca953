#include "authoring/manifest/check_boot.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "authoring/firmware/rules.h"
#include "authoring/manifest/check_system_area.h"
#include "authoring/manifest/diagnostics.h"

namespace isomason {
namespace {

class BootChecker {
 public:
  BootChecker(const manifest::Manifest& manifest, const CheckReport& report)
      : m_(manifest), report_(report) {}

  void Check() {
    const manifest::Boot& boot = m_.boot();
    if (!boot.catalog().empty() && report_.CheckImagePath("boot.catalog", boot.catalog()) &&
        boot.catalog() == "/") {
      Add("boot.catalog", "the root is a directory, which the catalog is not",
          "give it a name: \"/boot.cat\"");
    }
    for (int i = 0; i < boot.allow_size(); ++i) {
      const UnknownRule unknown = CheckRuleName(boot.allow(i));
      if (unknown.message.empty()) continue;
      Add(absl::StrCat("boot.allow[", i, "]"), unknown.message, unknown.remedy);
    }
    const bool allows_only = boot.allow_size() > 0 && boot.catalog().empty();
    if (boot.entry_size() == 0 && !allows_only &&
        (!boot.catalog().empty() || !boot.has_system_area())) {
      Missing("boot", "boot", "has no entry, so nothing boots",
              "add entry { platform: BIOS image: \"/...\" }, or leave boot out");
    }
    for (int i = 0; i < boot.entry_size(); ++i) CheckBootEntry(i);
    CheckSystemArea(boot, report_);
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) const {
    report_.Add(field, message, remedy);
  }
  void Missing(absl::string_view message, absl::string_view field, absl::string_view what,
               absl::string_view remedy) const {
    report_.Missing(message, field, what, remedy);
  }

  void CheckBootEntry(int i) {
    const manifest::BootEntry& entry = m_.boot().entry(i);
    const std::string prefix = absl::StrCat("boot.entry[", i, "]");
    if (entry.partition() != 0) {
      CheckPartition(prefix, entry);
    } else if (entry.image().empty()) {
      Missing(prefix, prefix + ".image", "is missing",
              "give the path in the image of the boot image: image: \"/...\"");
    } else {
      report_.CheckImagePath(prefix + ".image", entry.image());
    }
    if (entry.load_sectors() > 0xFFFF) {
      Add(prefix + ".load_sectors",
          absl::StrCat(entry.load_sectors(), " is more than 65535, what El Torito's entry holds"),
          entry.platform() == manifest::UEFI
              ? "leave it out: a UEFI entry of 32 MiB and more gets 0, all of the image"
              : "a BIOS wants 4");
    }
    if (entry.load_segment() > 0xFFFF) {
      Add(prefix + ".load_segment",
          absl::StrFormat("0x%X is more than 0xFFFF, what El Torito's entry holds",
                          entry.load_segment()),
          "leave it out for 0x7C0");
    }
    const size_t most = i == 0 ? 24 : 28;
    if (entry.id().size() > most) {
      Add(prefix + ".id",
          absl::StrCat("is ", entry.id().size(), " bytes long; ",
                       i == 0 ? "the catalog's first entry holds 24" : "a section holds 28"),
          "shorten it");
    }
    if (HasNul(entry.id())) {
      Add(prefix + ".id", absl::StrCat(Quote(entry.id()), " has a NUL in it"), "remove it");
    }
    CheckCriteria(i, prefix);
    if (entry.emulation() > manifest::NO_EMULATION && entry.platform() > manifest::BIOS) {
      Add(prefix + ".emulation", "a disk is emulated by a BIOS, and by no other platform",
          "leave it out, or write `platform: BIOS`");
    }
    if (entry.platform() == manifest::UEFI) {
      const auto for_bios = [&](absl::string_view name, bool set) {
        if (!set) return;
        Add(absl::StrCat(prefix, ".", name), "is for BIOS loaders; a UEFI entry is a FAT image",
            "leave it out, or move it to the BIOS entry");
      };
      for_bios("boot_info_table", entry.boot_info_table());
      for_bios("grub2_boot_info", entry.grub2_boot_info());
      for_bios("load_segment", entry.load_segment() != 0 && entry.load_segment() <= 0xFFFF);
    }
  }

  // A partition that is the image.
  void CheckPartition(const std::string& prefix, const manifest::BootEntry& entry) {
    const auto& partitions = m_.boot().partition();
    bool found = false;
    for (int p = 0; p < partitions.size(); ++p) {
      const uint32_t number =
          partitions[p].number() == 0 ? static_cast<uint32_t>(p + 2) : partitions[p].number();
      found = found || number == entry.partition();
    }
    if (!found) {
      Add(prefix + ".partition", absl::StrCat("there is no `boot.partition` ", entry.partition()),
          "correct the number: the first has 2 unless it says otherwise");
    }
    if (!entry.image().empty()) {
      Add(prefix + ".partition", "an entry has one image", "leave out `partition` or `image`");
    }
    if (entry.boot_info_table() || entry.grub2_boot_info()) {
      Add(prefix + ".partition", "nothing is written into a partition",
          "leave out `boot_info_table` and `grub2_boot_info`");
    }
  }

  void CheckCriteria(int i, const std::string& prefix) {
    const manifest::BootEntry& entry = m_.boot().entry(i);
    constexpr size_t kMost = 2048;  // the whole catalog
    if (entry.selection_criteria().size() > kMost) {
      Add(prefix + ".selection_criteria",
          absl::StrCat("are ", entry.selection_criteria().size(),
                       " bytes, and the whole catalog "
                       "has 2048"),
          "shorten them");
    }
    if (i > 0) return;
    const auto not_first = [&](absl::string_view name, bool set) {
      if (!set) return;
      Add(absl::StrCat(prefix, ".", name), "the first entry is in no section (El Torito 2.2)",
          "leave it out, or put another entry first");
    };
    not_first("selection_criteria", !entry.selection_criteria().empty());
    not_first("new_section", entry.new_section());
  }

  const manifest::Manifest& m_;
  const CheckReport& report_;
};

}  // namespace

void CheckBoot(const manifest::Manifest& manifest, const CheckReport& report) {
  BootChecker(manifest, report).Check();
}

}  // namespace isomason
