// Each reader by itself, where it tells more than a tree or must complain.

#include <memory>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/bsdtar.h"
#include "tools/oracle/cdio.h"
#include "tools/oracle/fat.h"
#include "tools/oracle/grub.h"
#include "tools/oracle/isoinfo.h"
#include "tools/oracle/process.h"
#include "tools/oracle/pycdlib.h"
#include "tools/oracle/sample.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/udf_tools.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr absl::StatusCode kDataLoss = absl::StatusCode::kDataLoss;

class ProgramsTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
    absl::StatusOr<Listing> tree = MakeSampleTree(
        scratch_->path() + "/tree",
        {.symlinks = false, .hard_links = false, .special_files = false, .odd_names = false});
    ASSERT_TRUE(tree.ok()) << tree.status();
    want_ = *std::move(tree);
    absl::Status s =
        WriteWithGenisoimage(scratch_->path() + "/tree", image(), {"-J", "-udf", "-V", "A label"});
    ASSERT_TRUE(s.ok()) << s;
  }

  // An image that ends in the middle of its data.
  void Truncate() {
    absl::StatusOr<std::string> bytes = ReadHostFile(image());
    ASSERT_TRUE(bytes.ok());
    bytes->resize(bytes->size() / 4096 * 2048);
    ASSERT_TRUE(WriteHostFile(image(), *bytes).ok());
  }

  std::string image() const { return scratch_->path() + "/image.iso"; }
  const std::string& scratch() const { return scratch_->path(); }

  std::unique_ptr<ScratchDir> scratch_;
  Listing want_;
};

TEST_F(ProgramsTest, UdfinfoTellsTheVolume) {
  absl::StatusOr<UdfInfo> info = UdfInfoOf(image());
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->label, "A label");
  EXPECT_EQ(info->revision, "1.02");
  EXPECT_EQ(info->integrity, "closed");
  EXPECT_EQ(info->block_size, 2048u);
  absl::StatusOr<std::string> bytes = ReadHostFile(image());
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(info->blocks * 2048, bytes->size());
  EXPECT_EQ(info->directories, 5u);  // the root is counted
  EXPECT_EQ(info->files, want_.size() - 5);
  EXPECT_THAT(info->areas, Not(IsEmpty()));
}

TEST_F(ProgramsTest, LibudfreadTellsTheVolumeId) {
  std::string id;
  absl::StatusOr<Listing> got = UdfreadListing(image(), &id);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(id, "A label");
}

TEST_F(ProgramsTest, GrubTellsLabelAndUuid) {
  absl::StatusOr<GrubView> got = GrubViewOf(image());
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->file_system, "udf");
  EXPECT_EQ(got->label, "A label");
  absl::StatusOr<UdfInfo> info = UdfInfoOf(image());
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(got->uuid, info->uuid);
}

TEST_F(ProgramsTest, BlkidTellsTags) {
  absl::StatusOr<std::map<std::string, std::string>> tags = BlkidTags(image());
  ASSERT_TRUE(tags.ok()) << tags.status();
  EXPECT_EQ((*tags)["TYPE"], "udf");
  EXPECT_EQ((*tags)["LABEL"], "A label");
  EXPECT_EQ(tags->count("DEVNAME"), 0u);
  ASSERT_TRUE(WriteHostFile(image(), std::string(1 << 20, '\0')).ok());
  EXPECT_EQ(BlkidTags(image()).status().code(), kDataLoss);
}

TEST_F(ProgramsTest, AllComplainOfATruncatedImage) {
  Truncate();
  EXPECT_EQ(SevenZipTest(image(), SevenZipFormat::kIso).code(), kDataLoss);
  EXPECT_EQ(SevenZipTest(image(), SevenZipFormat::kUdf).code(), kDataLoss);
  EXPECT_EQ(SevenZipListing(image(), SevenZipFormat::kIso, scratch()).status().code(), kDataLoss);
  EXPECT_EQ(
      BsdtarListing(image(), View::kRockRidge, BsdtarSource::kFile, scratch()).status().code(),
      kDataLoss);
  EXPECT_EQ(BsdtarListing(image(), View::kJoliet, BsdtarSource::kPipe, scratch()).status().code(),
            kDataLoss);
  EXPECT_EQ(CdioListing(image(), CdioTree::kIso, scratch()).status().code(), kDataLoss);
  EXPECT_EQ(PycdlibListing(image(), View::kRockRidge).status().code(), kDataLoss);
  EXPECT_EQ(GrubViewOf(image()).status().code(), kDataLoss);
  EXPECT_EQ(UdfreadListing(image()).status().code(), kDataLoss);
}

TEST_F(ProgramsTest, AllComplainOfNoImageAtAll) {
  ASSERT_TRUE(WriteHostFile(image(), std::string(1 << 20, 'n')).ok());
  EXPECT_EQ(XorrisoListing(image(), View::kRockRidge, scratch()).status().code(), kDataLoss);
  EXPECT_EQ(XorrisoChecks(image()).code(), kDataLoss);
  EXPECT_EQ(SevenZipTest(image(), SevenZipFormat::kIso).code(), kDataLoss);
  EXPECT_EQ(
      BsdtarListing(image(), View::kRockRidge, BsdtarSource::kFile, scratch()).status().code(),
      kDataLoss);
  EXPECT_EQ(IsoinfoListing(image(), View::kRockRidge).status().code(), kDataLoss);
  EXPECT_EQ(CdioListing(image(), CdioTree::kIso, scratch()).status().code(), kDataLoss);
  EXPECT_EQ(CdioListing(image(), CdioTree::kUdf, scratch()).status().code(), kDataLoss);
  EXPECT_EQ(PycdlibListing(image(), View::kIso9660).status().code(), kDataLoss);
  EXPECT_EQ(GrubViewOf(image()).status().code(), kDataLoss);
  EXPECT_EQ(UdfreadListing(image()).status().code(), kDataLoss);
  EXPECT_EQ(UdfInfoOf(image()).status().code(), kDataLoss);
}

TEST_F(ProgramsTest, SevenZipComplainsOfWhatFollowsTheEnd) {
  EXPECT_EQ(SevenZipTest(image(), SevenZipFormat::kUdf), absl::OkStatus());
  absl::StatusOr<std::string> bytes = ReadHostFile(image());
  ASSERT_TRUE(bytes.ok());
  ASSERT_TRUE(WriteHostFile(image(), *bytes + std::string(4096, 't')).ok());
  absl::Status s = SevenZipTest(image(), SevenZipFormat::kIso);
  EXPECT_EQ(s.code(), kDataLoss);
  EXPECT_THAT(std::string(s.message()), HasSubstr("after the end"));
}

TEST_F(ProgramsTest, DevicesAndOwnersComeThroughWithoutPrivilege) {
  // bsdtar makes an image of entries that need not be on this host.
  Command make;
  make.argv = {"bsdtar", "-cf", image(), "--format=iso9660", "@-"};
  make.input =
      "#mtree\n"
      ". type=dir mode=0555 uid=0 gid=0 time=1000000000\n"
      "./disk type=block mode=0444 uid=0 gid=6 device=native,8,17 time=1000000000\n"
      "./link type=link mode=0555 uid=70000 gid=0 link=a/b time=1000000000\n"
      "./null type=char mode=0444 uid=7 gid=8 device=native,1,3 time=1000000000\n"
      "./pipe type=fifo mode=0444 uid=0 gid=0 time=1000000000\n";
  absl::StatusOr<ProcessResult> made = RunProcess(make);
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(made->Succeeded()) << made->Summary();
  absl::StatusOr<Listing> want = FromText(
      "/\td\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
      "/disk\tb\t0444\t0\t6\t-\t1000000000\t-\t-\t-\t8,17\t-\n"
      "/link\tl\t0555\t70000\t0\t-\t1000000000\t-\t-\ta/b\t-\t-\n"
      "/null\tc\t0444\t7\t8\t-\t1000000000\t-\t-\t-\t1,3\t-\n"
      "/pipe\tp\t0444\t0\t0\t-\t1000000000\t-\t-\t-\t-\t-\n");
  ASSERT_TRUE(want.ok()) << want.status();
  for (auto listing : {XorrisoListing(image(), View::kRockRidge, scratch()),
                       BsdtarListing(image(), View::kRockRidge, BsdtarSource::kFile, scratch()),
                       PycdlibListing(image(), View::kRockRidge)}) {
    ASSERT_TRUE(listing.ok()) << listing.status();
    EXPECT_THAT(Differences(*want, *listing), IsEmpty());
    EXPECT_EQ(listing->Find("/disk")->minor, 17u);
    EXPECT_EQ(listing->Find("/link")->owner, 70000u);
  }
}

// A volume that mkfs.fat and mcopy make of the tree.
class FatProgramsTest : public ProgramsTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(ProgramsTest::SetUp());
    std::vector<std::string> copy = {"mcopy", "-i", volume(), "-s", "-m"};
    const Listing all = want_;
    for (const auto& [path, entry] : all) {
      if (absl::StartsWith(path, "/\xC3\xBC")) {
        // Of "über", mcopy makes a short name in its code page, which others do not know.
        want_.Remove(path);
      } else if (path != "/" && path.rfind('/') == 0) {
        copy.push_back(scratch() + "/tree" + path);
      }
    }
    copy.push_back("::");
    for (const std::vector<std::string>& argv :
         {std::vector<std::string>{"mkfs.fat", "-F", "16", "-C", volume(), "16384"}, copy}) {
      absl::StatusOr<ProcessResult> result = RunProcess(argv);
      ASSERT_TRUE(result.ok()) << result.status();
      ASSERT_TRUE(result->Succeeded()) << result->Summary();
    }
    options_.modes = options_.owners = options_.links = options_.inodes = false;
    options_.time_slack = 1;
  }

  std::string volume() const { return scratch() + "/volume.img"; }

  CompareOptions options_;
};

TEST_F(FatProgramsTest, ShowWhatIsInIt) {
  EXPECT_EQ(FsckFat(volume()), absl::OkStatus());
  absl::StatusOr<Listing> mtools = MtoolsListing(volume(), scratch());
  ASSERT_TRUE(mtools.ok()) << mtools.status();
  EXPECT_THAT(Differences(want_, *mtools, options_), IsEmpty());
  absl::StatusOr<Listing> sevenzip = SevenZipListing(volume(), SevenZipFormat::kFat, scratch());
  ASSERT_TRUE(sevenzip.ok()) << sevenzip.status();
  CompareOptions without_directory_times = options_;
  without_directory_times.times = false;
  EXPECT_THAT(Differences(want_, *sevenzip, without_directory_times), IsEmpty());
}

TEST_F(FatProgramsTest, ComplainOfACopyThatDiffers) {
  absl::StatusOr<std::string> bytes = ReadHostFile(volume());
  ASSERT_TRUE(bytes.ok());
  // The second byte of entry 2 of the first FAT, behind the reserved sectors.
  const size_t fat = 512 * static_cast<unsigned char>((*bytes)[14]);
  (*bytes)[fat + 5] = '\x77';
  ASSERT_TRUE(WriteHostFile(volume(), *bytes).ok());
  EXPECT_EQ(FsckFat(volume()).code(), kDataLoss);
}

TEST_F(FatProgramsTest, ComplainOfWhatIsNoVolume) {
  ASSERT_TRUE(WriteHostFile(volume(), std::string(1 << 20, 'x')).ok());
  EXPECT_EQ(FsckFat(volume()).code(), kDataLoss);
  EXPECT_EQ(MtoolsListing(volume(), scratch()).status().code(), kDataLoss);
  EXPECT_EQ(MtoolsShortNames(volume(), "::/").status().code(), kDataLoss);
  EXPECT_EQ(SevenZipTest(volume(), SevenZipFormat::kFat).code(), kDataLoss);
}

}  // namespace
}  // namespace isomason
