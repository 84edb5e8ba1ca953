// The image as a disk: boot code and tables of partitions.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "authoring/firmware/lint_parts.h"
#include "boot/guid.h"
#include "layout/units.h"

namespace isomason::firmware {
namespace {

constexpr uint64_t kMib = 1 << 20;
constexpr uint64_t kMostCylinders = 1024;
constexpr uint64_t kLargestCylinder = uint64_t{255} * 63 * kSectorSize;

Range RangeOf(const MbrEntry& entry) {
  return {entry.first * kSectorSize, entry.sectors * kSectorSize};
}
Range RangeOf(const GptPartition& partition) {
  return {partition.first * kSectorSize, (partition.last + 1 - partition.first) * kSectorSize};
}
bool Overlap(const Range& a, const Range& b) { return a.offset < b.end() && b.offset < a.end(); }

bool IsPartition(const MbrEntry& entry) {
  return entry.sectors > 0 && entry.type != 0 && entry.type != kProtectiveType;
}

class Linter {
 public:
  Linter(const BootFacts& facts, const Report& report)
      : facts_(facts),
        report_(report),
        has_code_(facts.tables.mbr && facts.tables.mbr->has_code),
        has_bios_(HasEntry(facts, BootPlatform::kBios)),
        has_uefi_(HasEntry(facts, BootPlatform::kUefi)) {}

  void Run() {
    const DiskTables& tables = facts_.tables;
    if (!tables.mbr && !tables.gpt && tables.apm_block_size == 0) {
      if (!facts_.entries.empty()) {
        report_("no-partition-table", "boot", "the image boots as a CD only");
      }
      return;
    }
    LintBothWays();
    if (tables.mbr) LintMbr(*tables.mbr);
    if (tables.gpt) LintGpt(*tables.gpt);
    if (!facts_.stub) LintIsoPartition();
  }

 private:
  static constexpr char kArea[] = "boot.system_area";

  // What boots from a CD should boot from a stick, and the other way round.
  void LintBothWays() {
    const bool esp = !EspsOf(facts_.tables).empty();
    if (has_uefi_ && !esp) {
      report_("uefi-entry-without-partition", FieldOf(facts_, BootPlatform::kUefi),
              "no table lists its image");
    }
    if (esp && !has_uefi_) {
      report_("esp-without-uefi-entry", "boot", "no entry has `platform: UEFI`");
    }
    if (has_bios_ && facts_.tables.mbr && !has_code_) {
      report_("bios-entry-without-code", kArea, "the first sector has no code");
    }
    if (has_code_ && !has_bios_) {
      report_("code-without-bios-entry", kArea, "no entry has `platform: BIOS`");
    }
  }

  void LintMbr(const DiskMbr& mbr) {
    const auto& entries = mbr.entries;
    const bool active = std::any_of(entries.begin(), entries.end(),
                                    [](const MbrEntry& entry) { return entry.active; });
    if (has_code_ && !active) report_("no-active-partition", kArea, "no entry has the flag 0x80");
    if (facts_.tables.gpt && std::any_of(entries.begin(), entries.end(),
                                         [](const MbrEntry& e) { return IsPartition(e); })) {
      report_("hybrid-mbr", "boot.system_area.mbr",
              "it lists partitions beside the protective one");
    }
    for (size_t i = 0; i < entries.size(); ++i) {
      for (size_t k = 0; k < entries.size(); ++k) {
        if (i == k || !IsPartition(entries[k])) continue;
        if (!Overlap(RangeOf(entries[i]), RangeOf(entries[k]))) continue;
        const std::string which = absl::StrCat("partitions ", std::min(i, k) + 1, " and ",
                                               std::max(i, k) + 1, " of the master boot record");
        if (entries[i].type == 0 && entries[i].sectors > 1) {
          report_("partition-covers-others", "boot.system_area.mbr", which);
        } else if (IsPartition(entries[i]) && i < k) {
          report_("partitions-overlap", kArea, which);
        }
      }
    }
    if (!facts_.tables.gpt && facts_.code == BootCode::kIsolinux) LintCylinders(mbr);
  }

  void LintCylinders(const DiskMbr& mbr) {
    if (facts_.size % kMib != 0 && facts_.size % kLargestCylinder != 0) {
      report_("image-not-whole-cylinders", "boot.system_area.mbr",
              absl::StrCat("it has ", facts_.size, " bytes"));
    }
    const uint64_t cylinder = facts_.size % kMib == 0 ? kMib : kLargestCylinder;
    const uint64_t cylinders = RangeOf(mbr.entries[0]).end() / cylinder;
    if (cylinders > kMostCylinders) {
      report_("more-than-1024-cylinders", "boot.system_area.mbr",
              absl::StrCat("it has ", cylinders));
    }
  }

  void LintGpt(const DiskGpt& gpt) {
    if (!gpt.problem.empty()) {
      report_("gpt-invalid", kArea,
              absl::StrCat(!gpt.primary ? "at the start: " : "at the end: ", gpt.problem));
    }
    if (gpt.backup &&
        gpt.backup->header.array + kGptArraySize / kSectorSize != gpt.backup->header.here) {
      report_("gpt-backup-apart", "boot.system_area.gpt",
              absl::StrCat("they begin in sector ", gpt.backup->header.array, " of ",
                           facts_.size / kSectorSize));
    }
    if (!facts_.tables.mbr || !facts_.tables.mbr->protective) {
      report_("gpt-not-protected", kArea, "no entry of type 0xEE starts at sector 1");
    }
    if (has_code_ && gpt.primary) {
      report_("gpt-beside-bios-code", "boot.system_area.gpt", "the image has both");
    }
    if (!gpt.primary) return;
    const std::vector<GptPartition>& partitions = gpt.primary->partitions;
    for (size_t i = 0; i < partitions.size(); ++i) {
      for (size_t k = i + 1; k < partitions.size(); ++k) {
        if (!Overlap(RangeOf(partitions[i]), RangeOf(partitions[k]))) continue;
        report_("partitions-overlap", kArea,
                absl::StrCat("partitions ", partitions[i].number, " and ", partitions[k].number,
                             " of the GPT"));
      }
    }
  }

  // A partition from byte 0, or from where a second set of descriptors is, can be mounted.
  void LintIsoPartition() {
    uint64_t first = 0;
    if (facts_.tables.gpt) {
      if (!facts_.tables.gpt->primary) return;
      for (const GptPartition& p : facts_.tables.gpt->primary->partitions) {
        if (p.number == 1) first = p.first * kSectorSize;
      }
    } else if (facts_.tables.mbr) {
      first = facts_.tables.mbr->entries[0].first * kSectorSize;
    }
    if (first == 0 || first == facts_.second_volume) return;
    report_("iso-partition-not-mountable", kArea,
            absl::StrCat("partition 1 begins at byte ", first, " of the file system"));
  }

  const BootFacts& facts_;
  const Report& report_;
  const bool has_code_, has_bios_, has_uefi_;
};

}  // namespace

std::vector<Range> EspsOf(const DiskTables& tables) {
  std::vector<Range> esps;
  if (tables.mbr) {
    for (const MbrEntry& entry : tables.mbr->entries) {
      if (entry.sectors > 0 && entry.type == kMbrEspType) esps.push_back(RangeOf(entry));
    }
  }
  if (tables.gpt && tables.gpt->primary) {
    for (const GptPartition& partition : tables.gpt->primary->partitions) {
      if (partition.type == kEspType) esps.push_back(RangeOf(partition));
    }
  }
  return esps;
}

bool IsEsp(const DiskTables& tables, uint64_t offset) {
  const std::vector<Range> esps = EspsOf(tables);
  return std::any_of(esps.begin(), esps.end(),
                     [offset](const Range& range) { return range.offset == offset; });
}

void LintTables(const BootFacts& facts, const Report& report) { Linter(facts, report).Run(); }

}  // namespace isomason::firmware
