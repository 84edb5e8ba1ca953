#include "tools/oracle/udfclient.h"

#include <memory>
#include <string>
#include <utility>
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

constexpr absl::StatusCode kDataLoss = absl::StatusCode::kDataLoss;

class UdfclientTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
  }

  // An image of genisoimage.
  void WriteTree() {
    absl::StatusOr<Listing> tree = MakeSampleTree(
        scratch() + "/tree",
        {.symlinks = false, .hard_links = false, .special_files = false, .odd_names = false});
    ASSERT_TRUE(tree.ok()) << tree.status();
    want_ = *std::move(tree);
    absl::Status s =
        WriteWithGenisoimage(scratch() + "/tree", image(), {"-J", "-udf", "-V", "A label"});
    ASSERT_TRUE(s.ok()) << s;
  }

  // An empty volume of mkudffs.
  void WriteVolume(const std::string& revision) {
    const auto made =
        RunProcess({"mkudffs", "--media-type=dvd", "--blocksize=2048",
                    absl::StrCat("--udfrev=", revision), "--new-file", image(), "3000"});
    ASSERT_TRUE(made.ok()) << made.status();
    ASSERT_TRUE(made->Succeeded()) << made->Summary();
  }

  std::string image() const { return scratch_->path() + "/image.iso"; }
  const std::string& scratch() const { return scratch_->path(); }

  std::unique_ptr<ScratchDir> scratch_;
  Listing want_;
};

TEST_F(UdfclientTest, ListsAndReadsAnImageOfGenisoimage) {
  WriteTree();
  absl::StatusOr<Listing> got = UdfclientListing(image(), scratch());
  ASSERT_TRUE(got.ok()) << got.status();
  Listing want;
  for (const auto& [path, entry] : want_) {
    Listed shown = entry;
    shown.path = UdfclientName(path);
    ASSERT_TRUE(want.Add(shown).ok());
  }
  ASSERT_NE(want.size(), 0u);
  // genisoimage's UDF has modes, owners and links of its own making.
  EXPECT_THAT(
      Differences(want, *got, {.modes = false, .owners = false, .links = false, .inodes = false}),
      IsEmpty());
}

TEST_F(UdfclientTest, UdfdumpTellsTheVolume) {
  WriteTree();
  absl::StatusOr<UdfdumpInfo> info = UdfdumpOf(image());
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_THAT(info->volume, HasSubstr(":A label:A label"));
  EXPECT_EQ(info->integrity, "closed");
  EXPECT_EQ(info->directories, 5u);  // the root is counted
  EXPECT_EQ(info->files, want_.size() - 5);
  EXPECT_EQ(info->least_read, "0102");
  EXPECT_EQ(info->least_write, "0102");
  EXPECT_EQ(info->greatest_write, "0102");
}

TEST_F(UdfclientTest, UdfdumpTellsRevisions) {
  for (const auto& [revision, number] : std::vector<std::pair<std::string, std::string>>{
           {"1.02", "0102"}, {"1.50", "0150"}, {"2.00", "0200"}, {"2.01", "0201"}}) {
    SCOPED_TRACE(revision);
    RemoveTree(image());
    WriteVolume(revision);
    absl::StatusOr<UdfdumpInfo> info = UdfdumpOf(image());
    ASSERT_TRUE(info.ok()) << info.status();
    EXPECT_EQ(info->least_write, number);
    EXPECT_EQ(info->directories, 1u);
    EXPECT_EQ(info->files, 0u);
    absl::StatusOr<Listing> got = UdfclientListing(image(), scratch());
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_NE(got->Find("/"), nullptr);
  }
}

TEST_F(UdfclientTest, BothComplainOfATruncatedImage) {
  WriteTree();
  absl::StatusOr<std::string> bytes = ReadHostFile(image());
  ASSERT_TRUE(bytes.ok());
  bytes->resize(260 * 2048);  // before the file entries
  ASSERT_TRUE(WriteHostFile(image(), *bytes).ok());
  EXPECT_EQ(UdfdumpOf(image()).status().code(), kDataLoss);
  EXPECT_EQ(UdfclientListing(image(), scratch()).status().code(), kDataLoss);
}

TEST_F(UdfclientTest, BothComplainOfNoImageAtAll) {
  ASSERT_TRUE(WriteHostFile(image(), std::string(1 << 20, 'n')).ok());
  EXPECT_EQ(UdfdumpOf(image()).status().code(), kDataLoss);
  EXPECT_EQ(UdfclientListing(image(), scratch()).status().code(), kDataLoss);
}

TEST_F(UdfclientTest, UdfdumpIsBelievedWhenItComplains) {
  WriteTree();
  absl::StatusOr<ProcessResult> said =
      RunProcess({"udfdump", "-b", "2048", "-t", "-u", "5", image()});
  ASSERT_TRUE(said.ok()) << said.status();
  EXPECT_TRUE(ParseUdfdump(said->out).ok());
  const absl::Status status =
      ParseUdfdump(absl::StrCat("WARNING: ignoring open integrity\n", said->out)).status();
  EXPECT_EQ(status.code(), kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("ignoring open integrity"));
}

TEST(UdfclientNameTest, IsTheNameThatUdfclientShows) {
  // Seen of images of genisoimage.
  EXPECT_EQ(UdfclientName("/docs/deutsch/\u00dcbung macht den Meister.txt"),
            "/docs/deutsch/_bung macht den Meister#3C0C.txt");
  EXPECT_EQ(UdfclientName("/docs/\u65e5\u672c\u8a9e.txt"), "/docs/_#38F0.txt");
  EXPECT_EQ(UdfclientName("/a.b/plain name;1"), "/a.b/plain name;1");
  // The extension is too long for one.
  EXPECT_THAT(UdfclientName("/\u00dc.extension"), testing::StartsWith("/_.extension#"));
}

}  // namespace
}  // namespace isomason
