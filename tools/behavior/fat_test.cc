// FAT volumes of each type, as others read them: fsck.fat, mtools, 7-Zip, GRUB, blkid, Linux.

#include "tools/oracle/fat.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/fat_sample.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/grub.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/sevenzip.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr uint64_t kMiB = 1 << 20;

// Which times and modes a reader of FAT does not know, it leaves unset.
CompareOptions FatCompare() {
  CompareOptions options;
  options.modes = options.owners = options.links = options.inodes = false;
  return options;
}

FatSample SampleTree(int many = 90) {
  FatSample sample;
  sample.options.label = "ESP";
  sample.options.serial = 0x1234ABCD;
  sample.options.time = sample.time;
  sample.AddDirectory("EFI/BOOT");
  sample.AddFile("EFI/BOOT/BOOTX64.EFI", 1000000);
  sample.AddFile("EFI/BOOT/grubx64.efi", 4096);
  sample.AddFile("EFI/BOOT/grub.cfg", 1);
  sample.AddFile("EFI/BOOT/empty", 0);
  sample.AddFile("EFI/debian/grub.cfg", 2047);
  sample.AddFile("loader/entries/a long name of an entry.conf", 2048);
  sample.AddFile("loader/entries/a long name of another one.conf", 2049);
  sample.AddFile("loader/entries/ALONGN~2.CON", 5);
  sample.AddFile("Grüße/日本 \xF0\x9F\x92\xBF.txt", 6);
  sample.AddFile("README.TXT", 700, kFatReadOnly | kFatHidden | kFatSystem);
  sample.AddDirectory("an empty directory", kFatHidden);
  for (int i = 0; i < many; ++i) sample.AddFile(absl::StrCat("many/file number ", i), 3);
  return sample;
}

class FatTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
  }

  std::string Path(const std::string& name) const { return scratch_->path() + "/" + name; }

  // Every type, with all sizes and alignments that differ in how they are written.
  std::vector<FatSample> Samples() const {
    std::vector<FatSample> samples;
    const auto add = [&](FatShape shape) {
      samples.push_back(SampleTree());
      samples.back().options.shape = shape;
    };
    add({});
    add({.slack = 3 * kMiB, .alignment = 32768});
    add({.type = FatType::kFat12, .size = 16 * kMiB});
    add({.type = FatType::kFat16});
    add({.size = 33 * kMiB});  // its sectors do not fit into 16 bits
    add({.size = 64 * kMiB, .cluster_size = 4096, .alignment = 4096});
    add({.type = FatType::kFat32, .alignment = 65536});
    add({.size = 160 * kMiB});
    return samples;
  }

  std::unique_ptr<ScratchDir> scratch_;
};

TEST_F(FatTest, AllReadersShowWhatIsInIt) {
  std::vector<std::string> images;
  std::vector<Listing> wants;
  for (const FatSample& sample : Samples()) {
    const std::string image = Path(absl::StrCat(images.size(), ".img"));
    absl::StatusOr<FatVolume> volume = WriteFatSample(sample, image);
    ASSERT_TRUE(volume.ok()) << volume.status();
    const FatGeometry& g = volume->geometry();
    SCOPED_TRACE(absl::StrCat("FAT", static_cast<int>(g.type), ", ", volume->size(), " bytes, ",
                              g.clusters, " clusters of ", g.cluster_size));
    images.push_back(image);
    wants.push_back(WantOfFatSample(sample));

    EXPECT_EQ(FsckFat(image), absl::OkStatus());
    absl::StatusOr<Listing> mtools = MtoolsListing(image, scratch_->path());
    ASSERT_TRUE(mtools.ok()) << mtools.status();
    EXPECT_THAT(Differences(AsMtoolsShow(wants.back()), *mtools, FatCompare()), IsEmpty());

    EXPECT_EQ(SevenZipTest(image, SevenZipFormat::kFat), absl::OkStatus());
    absl::StatusOr<Listing> sevenzip =
        SevenZipListing(image, SevenZipFormat::kFat, scratch_->path());
    ASSERT_TRUE(sevenzip.ok()) << sevenzip.status();
    EXPECT_THAT(Differences(wants.back(), *sevenzip, FatCompare()), IsEmpty());

    absl::StatusOr<std::map<std::string, std::string>> tags = BlkidTags(image, 0);
    ASSERT_TRUE(tags.ok()) << tags.status();
    EXPECT_EQ((*tags)["TYPE"], "vfat");
    EXPECT_EQ((*tags)["VERSION"], absl::StrCat("FAT", static_cast<int>(g.type)));
    EXPECT_EQ((*tags)["LABEL"], "ESP");
    EXPECT_EQ((*tags)["UUID"], "1234-ABCD");
  }
  absl::StatusOr<LinuxViews> linux_views =
      ReadWithLinux(images, {View::kFat}, {.drive_block_size = 512});
  ASSERT_TRUE(linux_views.ok()) << linux_views.status();
  for (size_t i = 0; i < images.size(); ++i) {
    SCOPED_TRACE(images[i]);
    const LinuxView& view = linux_views->at({i, View::kFat});
    ASSERT_TRUE(view.listing.ok()) << view.listing.status();
    EXPECT_THAT(Differences(wants[i], *view.listing, FatCompare()), IsEmpty());
    EXPECT_THAT(view.warnings, IsEmpty());
  }
}

// GRUB is a process for each file.
TEST_F(FatTest, GrubShowsWhatIsInIt) {
  for (const FatType type : {FatType::kFat12, FatType::kFat16, FatType::kFat32}) {
    FatSample sample = SampleTree(/*many=*/2);
    sample.options.shape.type = type;
    const std::string image = Path("grub.img");
    ASSERT_TRUE(WriteFatSample(sample, image).ok());
    absl::StatusOr<GrubView> grub = GrubViewOf(image);
    ASSERT_TRUE(grub.ok()) << grub.status();
    EXPECT_EQ(grub->file_system, "fat");
    EXPECT_EQ(grub->label, "ESP");
    EXPECT_EQ(grub->uuid, "1234-ABCD");
    EXPECT_THAT(Differences(AsGrubShows(WantOfFatSample(sample)), grub->listing, FatCompare()),
                IsEmpty());
  }
}

TEST_F(FatTest, MtoolsShowShortNamesAndAttributes) {
  const std::string image = Path("names.img");
  ASSERT_TRUE(WriteFatSample(SampleTree(), image).ok());
  absl::StatusOr<std::map<std::string, std::string>> boot = MtoolsShortNames(image, "::/EFI/BOOT");
  ASSERT_TRUE(boot.ok()) << boot.status();
  EXPECT_THAT(*boot, UnorderedElementsAre(Pair("BOOTX64.EFI", "BOOTX64.EFI"),
                                          Pair("grubx64.efi", "GRUBX64.EFI"),
                                          Pair("grub.cfg", "GRUB.CFG"), Pair("empty", "EMPTY")));
  absl::StatusOr<std::map<std::string, std::string>> entries =
      MtoolsShortNames(image, "::/loader/entries");
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_THAT(*entries,
              UnorderedElementsAre(Pair("a long name of an entry.conf", "ALONGN~1.CON"),
                                   Pair("a long name of another one.conf", "ALONGN~3.CON"),
                                   Pair("ALONGN~2.CON", "ALONGN~2.CON")));
  absl::StatusOr<std::string> readme = MtoolsAttributes(image, "::/README.TXT");
  ASSERT_TRUE(readme.ok()) << readme.status();
  EXPECT_EQ(*readme, "SHR");
  absl::StatusOr<std::string> kernel = MtoolsAttributes(image, "::/EFI/BOOT/BOOTX64.EFI");
  ASSERT_TRUE(kernel.ok()) << kernel.status();
  EXPECT_EQ(*kernel, "A");
}

// The bytes do not depend on which ranges were asked for.
TEST_F(FatTest, IsTheSameInPieces) {
  for (const FatSample& sample : Samples()) {
    ASSERT_TRUE(WriteFatSample(sample, Path("whole.img")).ok());
    ASSERT_TRUE(WriteFatSample(sample, Path("pieces.img"), 1021).ok());
    EXPECT_EQ(*ReadHostFile(Path("whole.img")), *ReadHostFile(Path("pieces.img")));
  }
}

}  // namespace
}  // namespace isomason
