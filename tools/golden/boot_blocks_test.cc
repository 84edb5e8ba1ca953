// Boot blocks of machines that are no PCs, on golden images: xorriso names each kind and the files
// that it leads to, and fdisk and Linux find the partitions of those that have some.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/golden/golden.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Case {
  const char* golden;
  // Of xorriso's report, with one space where it has several.
  std::vector<std::string> lines;
  std::string label = "";  // what fdisk calls the table; "": it knows none
};

const std::vector<Case>& Cases() {
  static const std::vector<Case>* const kCases = new std::vector<Case>{
      {"mips",
       {"System area summary: MIPS-Big-Endian", "MIPS-BE boot path : 1 /boot/ip22-loader",
        "MIPS-BE boot entry : 2 sash64 ", "MIPS-BE boot path : 2 /boot/sash"},
       "sgi"},
      {"mipsel",
       {"System area summary: MIPS-Little-Endian",
        "MIPS-LE boot params: 2148532224 2148532288 1024 ", "MIPS-LE boot path : /boot/delo",
        "MIPS-LE elf offset : 1"}},
      {"sparc",
       {"System area summary: SUN-SPARC-Disk-Label", "SUN SPARC disklabel: A disc for SPARC",
        "SUN SPARC partition: 1 0x0004 0x0010 0 1888", "SUN SPARC partition: 2 0x0002 0x0010 1 4",
        "SUN SPARC partition: 3 0x0002 0x0010 2 ", "SUN SPARC partition: 8 0x0002 0x0010 2 ",
        "SPARC GRUB2 path : /boot/grub/core.img"},
       "sun"},
      {"hppa",
       {"System area summary: HP-PA-PALO", "PALO header version: 5",
        "HP-PA cmdline : 0/linux root=/dev/ram", "/boot/iplboot", "/boot/vmlinux32",
        "/boot/vmlinux64", "/boot/initrd"}},
      {"hppa_4",
       {"System area summary: HP-PA-PALO", "PALO header version: 4",
        "HP-PA cmdline : 0/linux root=/dev/ram", "/boot/iplboot"}},
      {"alpha", {"System area summary: DEC-Alpha", "DEC Alpha ldr path : /boot/bootlx"}},
      {"powerpc_chrp", {"System area summary: MBR CHRP", "MBR partition : 1 0x80 0x96 0 "}, "dos"},
      {"powerpc_prep", {"MBR partition : 2 0x00 0x41 "}, "gpt"},
  };
  return *kCases;
}

std::string WithSingleSpaces(const std::string& text) {
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.push_back(absl::StrJoin(absl::StrSplit(line, ' ', absl::SkipEmpty()), " "));
  }
  return absl::StrJoin(lines, "\n");
}

class BootBlocksTest : public testing::TestWithParam<Case> {};

TEST_P(BootBlocksTest, AreWhatXorrisoAndFdiskKnow) {
  const auto golden = AuthorGolden(GetParam().golden);
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  const auto report = XorrisoReportOf(*image);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string text = WithSingleSpaces(report->text);
  for (const std::string& line : GetParam().lines) EXPECT_THAT(text, HasSubstr(line));
  const auto fdisk = RunProcess({"fdisk", "-l", *image});
  ASSERT_TRUE(fdisk.ok()) << fdisk.status();
  EXPECT_TRUE(fdisk->Succeeded()) << fdisk->Summary();
  EXPECT_EQ(fdisk->err, "");
  if (GetParam().label.empty()) {
    EXPECT_THAT(fdisk->out, testing::Not(HasSubstr("Disklabel type")));
  } else {
    EXPECT_THAT(fdisk->out, HasSubstr(absl::StrCat("Disklabel type: ", GetParam().label, "\n")));
  }
}

INSTANTIATE_TEST_SUITE_P(All, BootBlocksTest, testing::ValuesIn(Cases()),
                         [](const auto& param) { return std::string(param.param.golden); });

// The kernel of the tests knows neither SGI's nor Sun's partitions.
TEST(BootBlocksLinuxTest, MountsThePartitionOfChrp) {
  const auto golden = AuthorGolden("powerpc_chrp");
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  LinuxOptions options;
  options.drive_block_size = 512;
  options.partition = 1;
  const auto views = ReadWithLinux({*image}, {View::kRockRidge}, options);
  ASSERT_TRUE(views.ok()) << views.status();
  const LinuxView& seen = views->at({0, View::kRockRidge});
  ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
  const auto want = golden->Expected(View::kRockRidge);
  ASSERT_TRUE(want.ok()) << want.status();
  EXPECT_THAT(Differences(AsLinuxShows(*want, View::kRockRidge), *seen.listing), IsEmpty());
}

}  // namespace
}  // namespace isomason
