#include "tools/oracle/ovmf.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/sample.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Bridges of genisoimage, one with a program, one without, and one without UDF.
TEST(OvmfTest, ListsVolumesAndStartsProgramsOfAnotherWriter) {
  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  std::vector<Listing> want;
  std::vector<std::string> images;
  for (int i = 0; i < 3; ++i) {
    const std::string tree = absl::StrCat(scratch->path(), "/tree", i);
    absl::StatusOr<Listing> made = MakeSampleTree(tree, {.symlinks = false,
                                                         .hard_links = false,
                                                         .special_files = false,
                                                         .odd_names = false,
                                                         .unicode = false});
    ASSERT_TRUE(made.ok()) << made.status();
    if (i == 0) {
      ASSERT_TRUE(WriteHostFile(tree + kOvmfProgram, TalkingProgram("\r\nit talks\r\n")).ok());
      made = WalkDirectory(tree);
      ASSERT_TRUE(made.ok()) << made.status();
    }
    want.push_back(*std::move(made));
    images.push_back(absl::StrCat(scratch->path(), "/an image, ", i));
    std::vector<std::string> options = {"-J", "-V", absl::StrCat("LABEL_", i)};
    if (i < 2) options.emplace_back("-udf");
    ASSERT_TRUE(WriteWithGenisoimage(tree, images.back(), options).ok());
  }
  const auto views = ReadWithOvmf(images);
  ASSERT_TRUE(views.ok()) << views.status();
  ASSERT_EQ(views->size(), 3u);
  for (size_t i = 0; i < 2; ++i) {
    SCOPED_TRACE(i);
    const OvmfView& view = (*views)[i];
    ASSERT_TRUE(view.listing.ok()) << view.listing.status();
    // The shell shows no seconds.
    for (auto& [path, entry] : want[i]) {
      if (entry.time.has_value()) *entry.time -= *entry.time % 60;
    }
    EXPECT_THAT(Differences(want[i], *view.listing), IsEmpty());
    EXPECT_EQ(view.label, absl::StrCat("LABEL_", i));
    EXPECT_EQ(view.said, i == 0 ? "it talks" : "");
  }
  EXPECT_EQ((*views)[2].listing.status().code(), absl::StatusCode::kNotFound);
}

TEST(OvmfTest, ComplainsOfAShellThatDoesNotComeToItsEnd) {
  const absl::Status status = ParseOvmfShell("UEFI Interactive Shell v2.2\n", 1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Interactive Shell"));
}

TEST(OvmfTest, ReadsTheShellsTable) {
  const std::string path = "PciRoot(0x0)/Pci(0x5,0x0)/Scsi(0x0,0x0)/VenMedia(C5BD4D42-1A76-4996-";
  const auto views = ParseOvmfShell(
      absl::StrCat("Mapping table\n      FS0: Alias(s):F1a0:;BLK3:\n          ", path,
                   "8956-73CDA326CD0A)\nvolume fs0:\nVolume LABEL (r)\nDirectory of: fs0:\\\n"
                   "11/01/2026  12:34 <DIR> r         132  bin\n"
                   "11/01/2026  12:34       r          16  COPY  ING\n"
                   "          1 File(s)          16 bytes\n          1 Dir(s)\n"
                   "Directory of: FS0:\\bin\\\n02/03/2001  04:05             1,017  tool\n"
                   "listed fs0:\nwords\nend fs0:\nReset with <null string> (0 bytes)"),
      2);
  ASSERT_TRUE(views.ok()) << views.status();
  EXPECT_EQ((*views)[0].listing.status().code(), absl::StatusCode::kNotFound);
  const OvmfView& view = (*views)[1];
  ASSERT_TRUE(view.listing.ok()) << view.listing.status();
  EXPECT_EQ(ToText(*view.listing),
            "/\td\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
            "/COPY  ING\tf\t-\t-\t-\t-\t1793536440\t16\t-\t-\t-\t-\n"
            "/bin\td\t-\t-\t-\t-\t1793536440\t-\t-\t-\t-\t-\n"
            "/bin/tool\tf\t-\t-\t-\t-\t981173100\t1017\t-\t-\t-\t-\n");
  EXPECT_EQ(view.label, "LABEL");
  EXPECT_EQ(view.said, "words");
}

}  // namespace
}  // namespace isomason
