// Programs for disks on the golden images that are disks, too: they find the tables whole and
// the partitions where the image has them. Also when the disk is larger than the image.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/golden/golden.h"
#include "tools/oracle/process.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

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

TEST_F(PartitionsTest, AGptIsStillOneWhenTheDiskIsLarger) {
  for (const char* name : {"gpt", "gpt_bridge"}) {
    Write(name);
    std::filesystem::resize_file(image_, std::filesystem::file_size(image_) + (8 << 20));
    // A program that cares says that the backup is not at the end, and nothing else.
    const std::string seen = Run({"sgdisk", "-p", image_});
    EXPECT_THAT(seen, Not(HasSubstr("nvalid"))) << name;
    EXPECT_THAT(seen, HasSubstr("EF00")) << name;
    EXPECT_THAT(Run({"blkid", "-p", "-o", "export", image_}), HasSubstr("PTTYPE=gpt\n"));
  }
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

}  // namespace
}  // namespace isomason
