// The boot catalog: what an entry says, and what is in its image.

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/firmware/lint_parts.h"
#include "authoring/manifest/diagnostics.h"
#include "layout/units.h"

namespace isomason::firmware {
namespace {

constexpr uint64_t kGib = uint64_t{1} << 30;
constexpr uint32_t kRecordsOfASector = kSectorSize / 32;  // of the catalog
constexpr uint16_t kUsualSegment = 0x7C0;
constexpr uint64_t kEndOfMemory = 636 * 1024;  // what a BIOS leaves below 640 KiB, at least
constexpr uint16_t kUsualSectors = 4;
constexpr uint16_t kEtfsbootSectors = 8;

class Linter {
 public:
  Linter(const BootFacts& facts, const Report& report) : facts_(facts), report_(report) {}

  void Run() {
    if (facts_.entries.empty()) return;
    LintCatalog();
    for (const BootFacts::Entry& entry : facts_.entries) {
      if (!entry.bootable && &entry != &facts_.entries.front()) {
        report_("entry-not-bootable", entry.field, "it has `not_bootable`");
      }
      if (entry.long_criteria) {
        report_("entry-criteria-long", entry.field, "they continue in further records");
      }
      LintLoad(entry);
      if (entry.platform == BootPlatform::kBios) LintBios(entry);
      if (entry.platform == BootPlatform::kUefi) LintUefi(entry);
    }
    LintLoader();
  }

 private:
  static std::string NameOf(const BootFacts::Entry& entry) {
    return entry.path.empty() ? "its image" : Quote(entry.path);
  }

  void LintCatalog() {
    const auto is_bios = [](const BootFacts::Entry& entry) {
      return entry.platform == BootPlatform::kBios;
    };
    const auto& entries = facts_.entries;
    const auto bios = std::find_if(entries.begin(), entries.end(), is_bios);
    if (bios != entries.begin() && bios != entries.end()) {
      report_("bios-entry-not-first", bios->field,
              absl::StrCat("it is entry ", bios - entries.begin(), ", counted from 0"));
    }
    if (facts_.catalog_records > kRecordsOfASector) {
      report_("boot-catalog-long", "boot",
              absl::StrCat("it has ", facts_.catalog_records, " of them"));
    }
    if (!facts_.catalog_is_a_file) {
      report_("boot-catalog-hidden", "boot", "`boot.catalog` names no file");
    }
  }

  void LintLoad(const BootFacts::Entry& entry) {
    const uint64_t loaded = uint64_t{entry.load_sectors} * kSectorSize;
    if (loaded > RoundUp(entry.size, kBlockSize)) {
      report_(
          "load-past-image", entry.field,
          absl::StrCat("it loads ", loaded, " bytes, and ", NameOf(entry), " has ", entry.size));
    }
    if (entry.offset + entry.size > 4 * kGib) {
      report_("boot-image-past-4-gib", entry.field,
              absl::StrCat(NameOf(entry), " begins at byte ", entry.offset));
    }
  }

  void LintBios(const BootFacts::Entry& entry) {
    if (entry.media != BootMedia::kNoEmulation) return;
    const uint16_t segment = entry.load_segment == 0 ? kUsualSegment : entry.load_segment;
    if (uint64_t{segment} * 16 + uint64_t{entry.load_sectors} * kSectorSize > kEndOfMemory) {
      report_("bios-load-too-large", entry.field,
              absl::StrFormat("it loads %d bytes to 0x%X", entry.load_sectors * kSectorSize,
                              uint32_t{segment} * 16));
    }
    if (segment != kUsualSegment) {
      report_("bios-load-segment", entry.field, absl::StrFormat("it is 0x%X", segment));
    }
    if (entry.program == BootProgram::kFat) {
      report_("fat-in-bios-entry", entry.field,
              absl::StrCat(NameOf(entry), " begins like a FAT file system"));
    }
    const bool is_isolinux = entry.program == BootProgram::kIsolinux;
    const bool is_grub = entry.program == BootProgram::kGrub;
    if ((is_isolinux || is_grub) && entry.load_sectors != kUsualSectors) {
      report_("bios-load-sectors", entry.field, absl::StrCat("it loads ", entry.load_sectors));
    }
    if (is_isolinux && !entry.boot_info_table) {
      report_("isolinux-no-boot-info-table", entry.field,
              absl::StrCat(NameOf(entry), " is isolinux"));
    }
    if (is_grub && !entry.boot_info_table) {
      report_("grub-no-boot-info-table", entry.field, absl::StrCat(NameOf(entry), " is GRUB's"));
    }
    if (absl::EndsWith(absl::AsciiStrToLower(entry.path), "/etfsboot.com") &&
        entry.load_sectors != kEtfsbootSectors) {
      report_("windows-etfsboot-sectors", entry.field,
              absl::StrCat("it loads ", entry.load_sectors));
    }
  }

  void LintUefi(const BootFacts::Entry& entry) {
    constexpr uint64_t kMostSectors = 0xFFFF;
    const uint64_t sectors = SectorsFor(ByteCount(entry.size)).value();
    const bool to_the_end = entry.load_sectors <= 1;  // UEFI 13.3.2.1
    if (sectors > kMostSectors) {
      report_("uefi-image-over-32-mib", entry.field,
              absl::StrCat(NameOf(entry), " has ", entry.size, " bytes, and the entry says ",
                           entry.load_sectors, " sectors"));
    } else if (to_the_end && sectors > 1) {
      report_("uefi-load-zero", entry.field, absl::StrCat("it has ", sectors, " sectors"));
    } else if (!to_the_end && entry.load_sectors < sectors) {
      report_(
          "uefi-load-cut", entry.field,
          absl::StrCat("it says ", entry.load_sectors, ", and ", NameOf(entry), " has ", sectors));
    }
    if (to_the_end && entry.offset + entry.size > facts_.volume_size) {
      report_("uefi-image-past-volume", entry.field,
              absl::StrCat("the volume ends at byte ", facts_.volume_size));
    }
    // A partition that no namespace has as a file.
    if (entry.path.empty()) {
      report_("esp-not-a-file", entry.field, "no file of the tree has it");
    }
  }

  void LintLoader() {
    if (facts_.code != BootCode::kGrub || !facts_.code_loads) return;
    const BootFacts::Entry& loader = facts_.entries[*facts_.code_loads];
    if (!loader.grub2_boot_info) {
      report_("grub-no-grub2-boot-info", loader.field,
              "boot_hybrid.img in the first sector loads it");
    }
  }

  const BootFacts& facts_;
  const Report& report_;
};

}  // namespace

bool HasEntry(const BootFacts& facts, BootPlatform platform) {
  return std::any_of(
      facts.entries.begin(), facts.entries.end(),
      [platform](const BootFacts::Entry& entry) { return entry.platform == platform; });
}

std::string FieldOf(const BootFacts& facts, BootPlatform platform) {
  for (const BootFacts::Entry& entry : facts.entries) {
    if (entry.platform == platform) return entry.field;
  }
  return "boot";
}

void LintEntries(const BootFacts& facts, const Report& report) { Linter(facts, report).Run(); }

}  // namespace isomason::firmware
