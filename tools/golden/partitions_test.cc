// Programs for disks on all golden images that are disks, too: they find the tables whole, and
// in each partition the bytes that belong there. Also when the disk is larger than the image.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "authoring/manifest/manifest.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/golden/golden.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PartitionsTest : public testing::Test {
 protected:
  void Write(const std::string& name) {
    auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    const auto path = WriteGolden(*golden);
    ASSERT_TRUE(path.ok()) << path.status();
    image_ = *path;
    const auto report = XorrisoReportOf(image_);
    ASSERT_TRUE(report.ok()) << report.status();
    area_ = report->system_area;
  }

  // What a program says; it succeeds.
  static std::string Run(const std::vector<std::string>& argv) {
    const auto result = RunProcess(argv);
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok()) return "";
    EXPECT_TRUE(result->Succeeded()) << result->Summary();
    return result->out;
  }

  // Both tables are whole, and say what the image is.
  void ExpectWholeGpt() const {
    EXPECT_THAT(Run({"sgdisk", "-v", image_}), HasSubstr("No problems found"));
    EXPECT_THAT(Run({"blkid", "-p", "-o", "export", image_}), HasSubstr("PTTYPE=gpt\n"));
    EXPECT_THAT(Run({"sfdisk", "--verify", image_}), HasSubstr("No errors detected"));
  }

  std::string image_;
  XorrisoSystemArea area_;
};

TEST_F(PartitionsTest, AGptBesideTheOtherTablesIsWhole) {
  Write("gpt");
  ExpectWholeGpt();
  EXPECT_EQ(area_.gpt_problems, std::vector<std::string>());
  ASSERT_EQ(area_.gpt.size(), 4u);
  EXPECT_EQ(area_.gpt[0].name, "ISO9660");
  EXPECT_EQ(area_.gpt[1].path, "/efi.img");
  EXPECT_EQ(area_.gpt[1].type_guid, "28732ac11ff8d211ba4b00a0c93ec93b");
  EXPECT_EQ(area_.gpt[3].name, "data");
  EXPECT_THAT(area_.summary, ElementsAre("MBR", "protective-msdos-label", "grub2-mbr",
                                         "cyl-align-off", "GPT", "APM"));
  ASSERT_EQ(area_.apm.size(), 3u);
  EXPECT_EQ(area_.apm[1].path, "/efi.img");
}

TEST_F(PartitionsTest, ABackupGptSharesTheLastBlockWithUdfsAnchor) {
  Write("gpt_bridge");
  ExpectWholeGpt();
  const std::string seen = Run({"7z", "t", image_});
  EXPECT_THAT(seen, HasSubstr("Everything is Ok"));
  EXPECT_THAT(seen, Not(HasSubstr("Warnings")));
  ASSERT_EQ(area_.mbr.size(), 2u);
  EXPECT_EQ(area_.mbr[1].type, 0xEFu);
}

// xorriso reads the backup where its header says that it is, although it would have it elsewhere.
TEST_F(PartitionsTest, XorrisoComparesABackupGptThatIsNotWhereItExpectsIt) {
  Write("gpt_bridge");
  EXPECT_THAT(area_.gpt_problems, ElementsAre(HasSubstr("Implausible array LBA")));
  EXPECT_EQ(XorrisoChecks(image_), absl::OkStatus());
  const uint64_t array = std::filesystem::file_size(image_) - (17 << 11) - 16384;
  std::fstream file(image_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(array));
  file.put('\0');
  file.close();
  EXPECT_THAT(std::string(XorrisoChecks(image_).message()),
              HasSubstr("Entries differ for partitions 1"));
}

TEST_F(PartitionsTest, AMasterBootRecordAloneListsBoth) {
  Write("isohybrid");
  EXPECT_THAT(Run({"blkid", "-p", "-o", "export", image_}), HasSubstr("PTTYPE=dos\n"));
  const std::string seen = Run({"sfdisk", "--dump", image_});
  EXPECT_THAT(seen, HasSubstr("start=           0, size=        2048, type=17, bootable"));
  EXPECT_THAT(seen, HasSubstr("start=        2048, size=           8, type=ef"));
  EXPECT_EQ(area_.mbr.size(), 2u);
  EXPECT_THAT(area_.summary, testing::Contains("cyl-align-on"));
}

TEST_F(PartitionsTest, AnAppleMapStandsAlone) {
  Write("apm");
  EXPECT_THAT(Run({"blkid", "-p", "-o", "export", image_}), HasSubstr("PTTYPE=mac\n"));
  EXPECT_EQ(area_.apm_block_size, 512u);
  ASSERT_EQ(area_.apm.size(), 2u);
  EXPECT_EQ(area_.apm[1].name, "EFI");
}

// A partition as sfdisk shows it.
struct Seen {
  uint64_t start = 0, sectors = 0;
  std::string type;
  bool operator==(const Seen& other) const {
    return start == other.start && sectors == other.sectors && type == other.type;
  }
};

// What `sfdisk --dump` says of partitions: "x.iso2 : start=  64, size= 8, type=ef, ...".
std::map<uint32_t, Seen> ParseDump(const std::string& image, const std::string& dump) {
  std::map<uint32_t, Seen> all;
  for (absl::string_view line : absl::StrSplit(dump, '\n')) {
    uint32_t number = 0;
    if (!absl::ConsumePrefix(&line, image)) continue;
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, " : ");
    EXPECT_TRUE(absl::SimpleAtoi(parts.first, &number)) << line;
    Seen& seen = all[number];
    for (const absl::string_view field : absl::StrSplit(parts.second, ", ")) {
      const std::pair<absl::string_view, absl::string_view> pair =
          absl::StrSplit(field, absl::MaxSplits('=', 1));
      const absl::string_view value = absl::StripAsciiWhitespace(pair.second);
      bool understood = true;
      if (pair.first == "start") understood = absl::SimpleAtoi(value, &seen.start);
      if (pair.first == "size") understood = absl::SimpleAtoi(value, &seen.sectors);
      if (pair.first == "type") seen.type = std::string(value);
      EXPECT_TRUE(understood) << line;
    }
  }
  return all;
}

// Every golden image that a program for disks should find tables in.
class EveryTableTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto golden = AuthorGolden(GetParam());
    ASSERT_TRUE(golden.ok()) << golden.status();
    boot_ = golden->loaded.manifest.boot();
    const auto path = WriteGolden(*golden);
    ASSERT_TRUE(path.ok()) << path.status();
    image_ = *path;
    const auto want = golden->Expected(View::kRockRidge);
    ASSERT_TRUE(want.ok()) << want.status();
    want_ = *want;
  }

  // What a program says on both of its outputs; it succeeds.
  static std::string Run(const std::vector<std::string>& argv) {
    const auto result = RunProcess(argv);
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok()) return "";
    EXPECT_TRUE(result->Succeeded()) << result->Summary();
    return absl::StrCat(result->out, result->err);
  }

  std::string TableType() const {
    if (boot_.system_area().has_gpt()) return "gpt";
    return boot_.system_area().has_apm() ? "mac" : "dos";
  }

  // The digest of the first bytes of a partition, as many as its file has, is the file's. What is
  // made of other files is a file system (esp_test looks into it).
  void ExpectContents(const manifest::Partition& want, const Seen& seen) const {
    if (want.has_fat()) {
      EXPECT_THAT(Run({"blkid", "-p", "-o", "export", "-O", absl::StrCat(seen.start * 512), "-S",
                       absl::StrCat(seen.sectors * 512), image_}),
                  HasSubstr("TYPE=vfat\n"));
      return;
    }
    std::string digest;
    uint64_t size = 0;
    if (want.image().empty()) {
      const auto bytes = ReadHostFile(GoldenPath(want.source()));
      ASSERT_TRUE(bytes.ok()) << bytes.status();
      digest = Sha256(*bytes);
      size = bytes->size();
    } else {
      const Listed* file = want_.Find(want.image());
      ASSERT_NE(file, nullptr) << want.image();
      digest = file->sha256;
      size = *file->size;
    }
    ASSERT_LE(size, seen.sectors * 512);
    std::string bytes(size, '\0');
    std::ifstream file(image_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(seen.start * 512));
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    ASSERT_TRUE(file);
    EXPECT_EQ(Sha256(bytes), digest);
  }

  manifest::Boot boot_;
  Listing want_;
  std::string image_;
};

TEST_P(EveryTableTest, IsWholeAndLeadsToWhatTheManifestSays) {
  EXPECT_THAT(Run({"blkid", "-p", "-o", "export", image_}),
              HasSubstr(absl::StrCat("PTTYPE=", TableType(), "\n")));
  if (TableType() == "mac") return;  // fdisk knows no such table
  if (TableType() == "gpt") {
    EXPECT_THAT(Run({"sgdisk", "-v", image_}), HasSubstr("No problems found"));
  }
  EXPECT_THAT(Run({"sfdisk", "--verify", image_}), HasSubstr("No errors detected"));
  const std::string fdisk = Run({"fdisk", "-l", image_});
  EXPECT_THAT(fdisk, HasSubstr(absl::StrCat("Disklabel type: ", TableType(), "\n")));
  for (const char* complaint : {"mismatch", "corrupt", "not on the end", "rror"}) {
    EXPECT_THAT(fdisk, Not(HasSubstr(complaint)));
  }
  const std::string dump = Run({"sfdisk", "--dump", image_});
  const std::map<uint32_t, Seen> seen = ParseDump(image_, dump);
  EXPECT_EQ(seen.count(1), 1u);
  for (int i = 0; i < boot_.partition_size(); ++i) {
    const manifest::Partition& want = boot_.partition(i);
    const uint32_t number = want.number() == 0 ? static_cast<uint32_t>(i) + 2 : want.number();
    SCOPED_TRACE(number);
    ASSERT_EQ(seen.count(number), 1u) << dump;
    ExpectContents(want, seen.at(number));
  }

  // On a larger disk the backup of a GPT is not at the end; that is all that is said.
  const std::string disk = image_ + ".disk";
  std::filesystem::copy_file(image_, disk);
  std::filesystem::resize_file(disk, std::filesystem::file_size(image_) + (8 << 20));
  EXPECT_THAT(Run({"blkid", "-p", "-o", "export", disk}),
              HasSubstr(absl::StrCat("PTTYPE=", TableType(), "\n")));
  EXPECT_EQ(ParseDump(disk, Run({"sfdisk", "--dump", disk})), seen);
  const auto larger = RunProcess({"fdisk", "-l", disk});
  ASSERT_TRUE(larger.ok()) << larger.status();
  EXPECT_TRUE(larger->Succeeded()) << larger->Summary();
  for (const absl::string_view line : absl::StrSplit(larger->err, '\n', absl::SkipEmpty())) {
    EXPECT_THAT(std::string(line), AnyOf(HasSubstr("PMBR size mismatch"),
                                         HasSubstr("backup GPT table is not on the end")));
  }
}

// Golden manifests that ask for a table, or for code that comes with one.
std::vector<std::string> WithTables() {
  std::vector<std::string> names;
  for (const std::string& name : GoldenNames()) {
    const auto golden = AuthorGolden(name);
    if (!golden.ok()) continue;  // other tests say why
    const manifest::SystemArea& area = golden->loaded.manifest.boot().system_area();
    const bool code = area.code() == manifest::ISOLINUX_CODE || area.code() == manifest::GRUB_CODE;
    if (code || area.has_mbr() || area.has_gpt() || area.has_apm()) names.push_back(name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, EveryTableTest, testing::ValuesIn(WithTables()),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace isomason
