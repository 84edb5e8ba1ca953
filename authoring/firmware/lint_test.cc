#include "authoring/firmware/lint.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/firmware/facts.h"
#include "authoring/firmware/rules.h"
#include "boot/guid.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kMib = 1 << 20;

// A disc that nobody minds: isolinux and an EFI system partition that is a file, from a CD
// and from a stick.
BootFacts Good() {
  BootFacts facts;
  facts.size = facts.volume_size = 3 * kMib;
  facts.catalog_is_a_file = true;
  facts.catalog_records = 4;
  facts.entries.push_back({.field = "boot.entry[0]",
                           .load_sectors = 4,
                           .offset = 100 * 2048,
                           .size = 24576,
                           .path = "/isolinux/isolinux.bin",
                           .program = BootProgram::kIsolinux,
                           .boot_info_table = true});
  facts.entries.push_back({.field = "boot.entry[1]",
                           .platform = BootPlatform::kUefi,
                           .load_sectors = 2048,
                           .offset = 2 * kMib,
                           .size = kMib,
                           .path = "/boot/efi.img",
                           .label = "ESP",
                           .program = BootProgram::kFat});
  DiskMbr& mbr = facts.tables.mbr.emplace();
  mbr.has_code = true;
  mbr.entries[0] = {true, 0x17, 0, 4096};
  mbr.entries[1] = {false, kMbrEspType, 4096, 2048};
  facts.code = BootCode::kIsolinux;
  facts.code_loads = 0;
  facts.iso9660_label = facts.joliet_label = facts.udf_label = "DISC";
  facts.udf_revision = 0x0102;
  facts.loaders.push_back("/EFI/BOOT/BOOTX64.EFI");
  return facts;
}

void AddGpt(BootFacts& facts) {
  DiskMbr& mbr = *facts.tables.mbr;
  mbr.entries = {};
  mbr.entries[0] = {false, kProtectiveType, 1, 6143};
  mbr.entries[1] = {true, 0, 0, 1};
  mbr.protective = true;
  GptTable table;
  table.partitions.push_back({1, kBasicDataType, {}, 0, 4095, 0, "ISO9660"});
  table.partitions.push_back({2, kEspType, {}, 4096, 6143, 0, "ESP"});
  facts.tables.gpt.emplace();
  table.header.here = 6143;
  table.header.array = 6143 - 32;
  facts.tables.gpt->primary = facts.tables.gpt->backup = table;
}

void RemoveUefi(BootFacts& facts) {
  facts.entries.pop_back();
  facts.tables.mbr->entries[1] = {};
}

std::vector<std::string> Ids(const BootFacts& facts) {
  std::vector<std::string> ids;
  for (const Finding& finding : LintBoot(facts)) ids.emplace_back(finding.rule->id);
  return ids;
}

struct Case {
  const char* what;
  std::function<void(BootFacts&)> change;
  std::vector<std::string> found;
};

const std::vector<Case>& Cases() {
  static const auto* const kCases = new std::vector<Case>{
      {"nothing", [](BootFacts&) {}, {}},
      {"entries the other way round",
       [](BootFacts& f) { std::swap(f.entries[0], f.entries[1]); },
       {"bios-entry-not-first"}},
      {"no entry for a BIOS",
       [](BootFacts& f) { f.entries.erase(f.entries.begin()); },
       {"code-without-bios-entry"}},
      {"17 records", [](BootFacts& f) { f.catalog_records = 17; }, {"boot-catalog-long"}},
      {"16 records", [](BootFacts& f) { f.catalog_records = 16; }, {}},
      {"hidden catalog",
       [](BootFacts& f) { f.catalog_is_a_file = false; },
       {"boot-catalog-hidden"}},
      {"a second entry that does not boot",
       [](BootFacts& f) { f.entries[1].bootable = false; },
       {"entry-not-bootable"}},
      {"a first entry that does not boot", [](BootFacts& f) { f.entries[0].bootable = false; }, {}},
      {"long criteria",
       [](BootFacts& f) { f.entries[1].long_criteria = true; },
       {"entry-criteria-long"}},
      {"loads more than there is",
       [](BootFacts& f) {
         f.entries[0].program = BootProgram::kUnknown;
         f.entries[0].size = 2000;
         f.entries[0].load_sectors = 5;
       },
       {"load-past-image"}},
      {"loads up to the end of the last block",
       [](BootFacts& f) {
         f.entries[0].program = BootProgram::kUnknown;
         f.entries[0].size = 2000;
       },
       {}},
      {"loads 700 KiB",
       [](BootFacts& f) {
         f.entries[0].program = BootProgram::kUnknown;
         f.entries[0].size = 700 * 1024;
         f.entries[0].load_sectors = 1400;
       },
       {"bios-load-too-large"}},
      {"another segment",
       [](BootFacts& f) { f.entries[0].load_segment = 0x1000; },
       {"bios-load-segment"}},
      {"the usual segment by its number",
       [](BootFacts& f) { f.entries[0].load_segment = 0x7C0; },
       {}},
      {"isolinux with 5 sectors",
       [](BootFacts& f) { f.entries[0].load_sectors = 5; },
       {"bios-load-sectors"}},
      {"an image across 4 GiB",
       [](BootFacts& f) { f.entries[0].offset = 4096 * kMib - 2048; },
       {"boot-image-past-4-gib"}},
      {"an image of 40 MiB",
       [](BootFacts& f) {
         f.size = f.volume_size = 42 * kMib;
         f.entries[1].size = 40 * kMib;
         f.entries[1].load_sectors = 0;
       },
       {"uefi-image-over-32-mib"}},
      {"half an image", [](BootFacts& f) { f.entries[1].load_sectors = 1024; }, {"uefi-load-cut"}},
      {"one sector for all",
       [](BootFacts& f) { f.entries[1].load_sectors = 1; },
       {"uefi-load-zero"}},
      {"up to the end of a volume that ends before",
       [](BootFacts& f) {
         f.entries[1].load_sectors = 0;
         f.volume_size = 2 * kMib;
       },
       {"uefi-load-zero", "uefi-image-past-volume"}},
      {"an exact number behind the volume", [](BootFacts& f) { f.volume_size = 2 * kMib; }, {}},
      {"a FAT file system for a BIOS",
       [](BootFacts& f) { f.entries[0].program = BootProgram::kFat; },
       {"fat-in-bios-entry"}},
      {"a FAT floppy for a BIOS",
       [](BootFacts& f) {
         f.entries[0].program = BootProgram::kFat;
         f.entries[0].media = BootMedia::kFloppy1440;
       },
       {}},
      {"isolinux without its table",
       [](BootFacts& f) { f.entries[0].boot_info_table = false; },
       {"isolinux-no-boot-info-table"}},
      {"GRUB without anything",
       [](BootFacts& f) {
         f.entries[0].program = BootProgram::kGrub;
         f.entries[0].boot_info_table = false;
         f.code = BootCode::kGrub;
       },
       {"grub-no-boot-info-table", "grub-no-grub2-boot-info"}},
      {"GRUB with all that it wants",
       [](BootFacts& f) {
         f.entries[0].program = BootProgram::kGrub;
         f.entries[0].grub2_boot_info = true;
         f.code = BootCode::kGrub;
       },
       {}},
      {"no loader in the tree",
       [](BootFacts& f) { f.loaders.clear(); },
       {"uefi-no-efi-boot-in-tree"}},
      {"a loader and no entry",
       [](BootFacts& f) { RemoveUefi(f); },
       {"efi-boot-without-uefi-entry"}},
      {"a loader, no entry, and UDF 2.50",
       [](BootFacts& f) {
         RemoveUefi(f);
         f.udf_revision = 0x0250;
       },
       {"efi-boot-without-uefi-entry", "udf-revision-edk2", "udf-metadata-partition"}},
      {"Windows without UDF",
       [](BootFacts& f) {
         f.windows_setup = true;
         f.udf_revision = 0;
         f.udf_label.reset();
       },
       {"windows-setup-without-udf"}},
      {"Windows with UDF", [](BootFacts& f) { f.windows_setup = true; }, {}},
      {"etfsboot.com with 4 sectors",
       [](BootFacts& f) {
         f.entries[0].program = BootProgram::kUnknown;
         f.entries[0].path = "/boot/ETFSBOOT.COM";
       },
       {"windows-etfsboot-sectors"}},
      {"a CD only", [](BootFacts& f) { f.tables.mbr.reset(); }, {"no-partition-table"}},
      {"a table without an EFI system partition",
       [](BootFacts& f) { f.tables.mbr->entries[1] = {}; },
       {"uefi-entry-without-partition"}},
      {"a partition and no entry",
       [](BootFacts& f) { f.entries.pop_back(); },
       {"esp-without-uefi-entry"}},
      {"a table without code",
       [](BootFacts& f) { f.tables.mbr->has_code = false; },
       {"bios-entry-without-code"}},
      {"a partition that is no file",
       [](BootFacts& f) { f.entries[1].path.clear(); },
       {"esp-not-a-file"}},
      {"nothing active",
       [](BootFacts& f) { f.tables.mbr->entries[0].active = false; },
       {"no-active-partition"}},
      {"a GPT", [](BootFacts& f) { AddGpt(f); }, {"gpt-beside-bios-code"}},
      {"a GPT with nothing active",
       [](BootFacts& f) {
         AddGpt(f);
         f.tables.mbr->entries[1] = {};
       },
       {"no-active-partition", "gpt-beside-bios-code"}},
      {"a hybrid of both",
       [](BootFacts& f) {
         AddGpt(f);
         f.tables.mbr->entries[1] = {true, kMbrEspType, 4096, 2048};
       },
       {"gpt-beside-bios-code", "hybrid-mbr"}},
      {"typed entries that overlap",
       [](BootFacts& f) { f.tables.mbr->entries[0].sectors = 4097; },
       {"partitions-overlap"}},
      {"an untyped entry over all",
       [](BootFacts& f) {
         f.tables.mbr->entries[0] = {true, 0, 0, 6144};
       },
       {"partition-covers-others"}},
      {"partitions of a GPT that overlap",
       [](BootFacts& f) {
         AddGpt(f);
         f.tables.gpt->primary->partitions[0].last = 4096;
       },
       {"gpt-beside-bios-code", "partitions-overlap"}},
      {"a GPT that is broken",
       [](BootFacts& f) {
         AddGpt(f);
         f.tables.gpt->primary.reset();
         f.tables.gpt->problem = "the checksum is wrong";
       },
       {"uefi-entry-without-partition", "gpt-invalid"}},
      {"a backup whose entries lie elsewhere",
       [](BootFacts& f) {
         AddGpt(f);
         f.tables.gpt->backup->header.array = 6000;
       },
       {"gpt-beside-bios-code", "gpt-backup-apart"}},
      {"a GPT without protection",
       [](BootFacts& f) {
         AddGpt(f);
         f.tables.mbr->protective = false;
       },
       {"gpt-beside-bios-code", "gpt-not-protected"}},
      {"half a cylinder",
       [](BootFacts& f) { f.size = f.volume_size = 3 * kMib + 2048; },
       {"image-not-whole-cylinders"}},
      {"1025 cylinders",
       [](BootFacts& f) {
         f.size = f.volume_size = 2000 * kMib;
         f.tables.mbr->entries[0].sectors = 1025 * 2048;
         f.tables.mbr->entries[1].first = 1025 * 2048;
       },
       {"more-than-1024-cylinders"}},
      {"a partition that begins behind the descriptors",
       [](BootFacts& f) {
         f.tables.mbr->entries[0].first = 64;
         f.tables.mbr->entries[0].sectors = 4032;
       },
       {"iso-partition-not-mountable"}},
      {"a partition with a volume of its own",
       [](BootFacts& f) {
         f.tables.mbr->entries[0].first = 64;
         f.tables.mbr->entries[0].sectors = 4032;
         f.second_volume = 32768;
       },
       {}},
      {"a long label",
       [](BootFacts& f) { f.iso9660_label = f.joliet_label = f.udf_label = "TWELVE_CHARS"; },
       {"label-longer-than-fat"}},
      {"a long label of a disc for a BIOS",
       [](BootFacts& f) {
         RemoveUefi(f);
         f.loaders.clear();
         f.iso9660_label = f.joliet_label = f.udf_label = "TWELVE_CHARS";
       },
       {}},
      {"a label of two words",
       [](BootFacts& f) { f.iso9660_label = f.joliet_label = f.udf_label = "A DISC"; },
       {"label-needs-escapes"}},
      {"another label in UDF", [](BootFacts& f) { f.udf_label = "OTHER"; }, {"labels-differ"}},
      {"another label in Joliet",
       [](BootFacts& f) { f.joliet_label = "OTHER"; },
       {"labels-differ"}},
      {"a partition without a label",
       [](BootFacts& f) { f.entries[1].label.clear(); },
       {"esp-without-label"}},
      {"a partition with the disc's label",
       [](BootFacts& f) { f.entries[1].label = "Disc"; },
       {"esp-label-of-disc"}},
      {"a partition called EFI",
       [](BootFacts& f) { f.entries[1].label = "EFI"; },
       {"esp-label-efi"}},
      {"a seed with everything",
       [](BootFacts& f) {
         f.entries.clear();
         f.tables = {};
         f.loaders.clear();
         f.iso9660_label = f.joliet_label = f.udf_label = "cidata";
       },
       {"cidata-with-udf", "cidata-with-joliet"}},
      {"a seed",
       [](BootFacts& f) {
         f.entries.clear();
         f.tables = {};
         f.loaders.clear();
         f.iso9660_label = "CIDATA";
         f.joliet_label = f.udf_label = std::nullopt;
         f.udf_revision = 0;
       },
       {}},
      {"symlinks in UDF",
       [](BootFacts& f) { f.udf_symlinks = true; },
       {"udf-special-7zip", "udf-symlinks-grub"}},
      {"devices in UDF", [](BootFacts& f) { f.udf_special = true; }, {"udf-special-7zip"}},
      {"UDF 2.50", [](BootFacts& f) { f.udf_revision = 0x0250; }, {"udf-metadata-partition"}},
      {"no anchor at the end",
       [](BootFacts& f) { f.udf_anchor_at_end = false; },
       {"udf-no-end-anchor-7zip"}},
  };
  return *kCases;
}

TEST(LintTest, FindsWhatIsSo) {
  for (const Case& c : Cases()) {
    BootFacts facts = Good();
    c.change(facts);
    EXPECT_EQ(Ids(facts), c.found) << c.what;
  }
}

TEST(LintTest, HasACaseForEveryRule) {
  std::set<std::string> seen = {"unused-allow"};  // AllowedRules, below
  for (const Case& c : Cases()) seen.insert(c.found.begin(), c.found.end());
  for (const FirmwareRule& rule : FirmwareRules()) {
    EXPECT_EQ(seen.count(std::string(rule.id)), 1u) << rule.id;
  }
}

TEST(LintTest, BlamesTheEntryAndSaysWhatIsSo) {
  BootFacts facts = Good();
  facts.entries[1].load_sectors = 1024;
  const std::vector<Finding> findings = LintBoot(facts);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].field, "boot.entry[1]");
  EXPECT_EQ(findings[0].message, "it says 1024, and \"/boot/efi.img\" has 2048");
}

TEST(LintTest, AllowedRulesAreSilentAndThoseWithoutNeedAreNot) {
  BootFacts facts = Good();
  facts.catalog_is_a_file = false;
  facts.udf_symlinks = true;
  std::vector<Finding> findings = LintBoot(facts);
  Allow({"boot-catalog-hidden", "udf-special-7zip", "gpt-invalid"}, "boot.allow", &findings);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].rule->id, "udf-symlinks-grub");
  EXPECT_EQ(findings[1].rule->id, "unused-allow");
  EXPECT_EQ(findings[1].field, "boot.allow[2]");
}

TEST(RulesTest, HaveShortNamesThatNoOtherHas) {
  std::set<absl::string_view> ids;
  for (const FirmwareRule& rule : FirmwareRules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_EQ(FindFirmwareRule(rule.id), &rule);
    EXPECT_EQ(rule.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              absl::string_view::npos)
        << rule.id;
    for (const absl::string_view text : {rule.what, rule.breaks, rule.change, rule.source}) {
      EXPECT_TRUE(absl::EndsWith(text, ".")) << rule.id << ": " << text;
    }
  }
}

TEST(RulesTest, KnowWhatAMisspeltNameMeant) {
  EXPECT_EQ(CheckRuleName("gpt-invalid").message, "");
  EXPECT_EQ(CheckRuleName("gpt-invalide").message, "there is no rule \"gpt-invalide\"");
  EXPECT_EQ(CheckRuleName("gpt-invalide").remedy, "did you mean \"gpt-invalid\"?");
  EXPECT_EQ(CheckRuleName("x").remedy, "docs/firmware-lint.md lists them");
}

TEST(RulesTest, MakeAPageWithAllOfThem) {
  const std::string page = FirmwareRulesPage();
  for (const FirmwareRule& rule : FirmwareRules()) {
    EXPECT_THAT(page, HasSubstr(absl::StrCat("\n## ", rule.id, "\n"))) << rule.id;
  }
}

}  // namespace
}  // namespace isomason
