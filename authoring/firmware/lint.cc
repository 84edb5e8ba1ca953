#include "authoring/firmware/lint.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/firmware/lint_parts.h"
#include "authoring/manifest/diagnostics.h"

namespace isomason {
namespace firmware {
namespace {

constexpr size_t kFatLabel = 11;
constexpr uint16_t kLastOfEdk2 = 0x0201;

bool HasSpace(absl::string_view text) { return absl::StrContains(text, ' '); }

// What udev leaves as it is in a link's name, of ASCII.
bool IsPlain(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("#+-.:=@_").find(c) != absl::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

void LintTree(const BootFacts& facts, const Report& report) {
  const bool uefi = HasEntry(facts, BootPlatform::kUefi);
  const bool esp = !EspsOf(facts.tables).empty();
  if (uefi && facts.loaders.empty()) {
    report("uefi-no-efi-boot-in-tree", FieldOf(facts, BootPlatform::kUefi),
           "there is no /EFI/BOOT/BOOT*.EFI in the tree");
  }
  if (!facts.loaders.empty() && !uefi && !esp) {
    report("efi-boot-without-uefi-entry", "boot",
           absl::StrCat(facts.loaders.front(), " is there, and no entry has `platform: UEFI`"));
    if (facts.udf_revision > kLastOfEdk2) {
      report("udf-revision-edk2", "udf.revision",
             absl::StrCat("nothing but UDF could give firmware ", facts.loaders.front()));
    }
  }
  if (facts.windows_setup && facts.udf_revision == 0) {
    report("windows-setup-without-udf", "", "the tree has files of Windows Setup");
  }
}

void LintLabels(const BootFacts& facts, const Report& report) {
  const bool boots = !facts.entries.empty() || facts.tables.mbr || facts.tables.gpt;
  const std::string label = facts.iso9660_label && !facts.stub ? *facts.iso9660_label
                            : facts.udf_label                  ? *facts.udf_label
                                                               : facts.iso9660_label.value_or("");
  const bool for_uefi = HasEntry(facts, BootPlatform::kUefi) || !facts.loaders.empty();
  if (for_uefi && label.size() > kFatLabel) {
    report("label-longer-than-fat", "volume.id",
           absl::StrCat(Quote(label), " has ", label.size(), " characters"));
  }
  if (boots && !std::all_of(label.begin(), label.end(), IsPlain)) {
    report("label-needs-escapes", "volume.id",
           absl::StrCat(Quote(label), HasSpace(label) ? " has a space" : " has one of them"));
  }
  const auto differs = [&](const std::optional<std::string>& other, absl::string_view where,
                           absl::string_view field) {
    if (!facts.iso9660_label || !other || *other == *facts.iso9660_label) return;
    report("labels-differ", std::string(field),
           absl::StrCat("ISO 9660 has ", Quote(*facts.iso9660_label), ", ", where, " has ",
                        Quote(*other)));
  };
  differs(facts.joliet_label, "Joliet", "iso9660.joliet");
  differs(facts.udf_label, "UDF", "udf");
  for (const BootFacts::Entry& entry : facts.entries) {
    if (entry.platform != BootPlatform::kUefi || entry.program != BootProgram::kFat) continue;
    if (entry.label.empty()) {
      if (IsEsp(facts.tables, entry.offset)) {
        report("esp-without-label", entry.field, "its FAT file system has none");
      }
    } else if (absl::EqualsIgnoreCase(entry.label, label)) {
      report("esp-label-of-disc", entry.field,
             absl::StrCat("both are called ", Quote(entry.label)));
    } else if (absl::EqualsIgnoreCase(entry.label, "EFI")) {
      report("esp-label-efi", entry.field, absl::StrCat("it is called ", Quote(entry.label)));
    }
  }
  if (absl::EqualsIgnoreCase(label, "cidata")) {
    if (facts.udf_revision != 0) report("cidata-with-udf", "udf", "the seed has UDF");
    if (facts.joliet_label) report("cidata-with-joliet", "iso9660.joliet", "the seed has Joliet");
  }
}

void LintReaders(const BootFacts& facts, const Report& report) {
  if (facts.udf_revision == 0) return;
  const absl::string_view instead =
      facts.iso9660_label ? "it shows the ISO 9660 view" : "there is no other view";
  if (facts.udf_symlinks || facts.udf_special) {
    report("udf-special-7zip", facts.udf_symlinks ? "udf.symlinks" : "udf.special",
           absl::StrCat("UDF holds ", facts.udf_symlinks ? "symlinks" : "devices", ": ", instead));
  }
  if (facts.udf_symlinks && !facts.entries.empty()) {
    report("udf-symlinks-grub", "udf.symlinks", "GRUB does not follow them");
  }
  if (facts.udf_revision > kLastOfEdk2) {
    report("udf-metadata-partition", "udf.revision",
           facts.iso9660_label ? "readers that know none take the ISO 9660 view instead"
                               : "readers that know none have no other view");
  }
  if (!facts.udf_anchor_at_end) {
    report("udf-no-end-anchor-7zip", "udf.anchors", "the last block has none");
  }
}

}  // namespace firmware

std::vector<Finding> LintBoot(const BootFacts& facts) {
  std::vector<Finding> findings;
  const firmware::Report report = [&findings](absl::string_view id, std::string field,
                                              std::string message) {
    findings.push_back({FindFirmwareRule(id), std::move(field), std::move(message)});
  };
  firmware::LintEntries(facts, report);
  firmware::LintTree(facts, report);
  firmware::LintTables(facts, report);
  firmware::LintLabels(facts, report);
  firmware::LintReaders(facts, report);
  // Rules are elements of one table.
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.rule < b.rule; });
  return findings;
}

void Allow(absl::Span<const std::string> allowed, const std::string& field,
           std::vector<Finding>* findings) {
  for (size_t i = 0; i < allowed.size(); ++i) {
    const auto is_allowed = [&](const Finding& finding) { return finding.rule->id == allowed[i]; };
    const auto kept = std::remove_if(findings->begin(), findings->end(), is_allowed);
    if (kept == findings->end() && allowed[i] != "unused-allow") {
      findings->push_back({FindFirmwareRule("unused-allow"), absl::StrCat(field, "[", i, "]"),
                           absl::StrCat(Quote(allowed[i]), " finds nothing here")});
    } else {
      findings->erase(kept, findings->end());
    }
  }
}

}  // namespace isomason
