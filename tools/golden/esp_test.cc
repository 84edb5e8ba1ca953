// Readers of FAT on the FAT partitions of the golden images, cut out of them: they find what the
// manifest says, and its bytes are those to which the other views point.

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/golden/expected.h"
#include "tools/golden/golden.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/fat.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/sevenzip.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;

// A FAT partition that has been cut out.
struct Cut {
  std::string image;  // of the partition alone
  std::string label;
  std::string type;
  Listing want;
};

// Which times and modes a reader of FAT does not know, it leaves unset.
CompareOptions FatCompare() {
  CompareOptions options;
  options.modes = options.owners = options.links = options.inodes = false;
  return options;
}

Listing ListingOf(const std::vector<std::pair<std::string, const Listed*>>& entries) {
  Listing listing;
  Listed root;
  root.path = "/";
  root.type = Listed::Type::kDirectory;
  EXPECT_TRUE(listing.Add(root).ok());
  for (const auto& [path, from] : entries) {
    Listed entry;
    entry.path = path;
    entry.type = from->type;
    entry.time = from->time;
    entry.size = from->size;
    entry.sha256 = from->sha256;
    EXPECT_TRUE(listing.Add(entry).ok()) << path;
  }
  return listing;
}

class EspTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
  }

  // The image of a golden manifest as bytes, and its tree as the manifest has it.
  void Open(const std::string& name) {
    auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    const auto path = WriteGolden(*golden);
    ASSERT_TRUE(path.ok()) << path.status();
    std::ifstream stream(*path, std::ios::binary);
    bytes_ = std::string{std::istreambuf_iterator<char>(stream), {}};
    auto tree = ExpectedListing(golden->loaded.manifest, "");
    ASSERT_TRUE(tree.ok()) << tree.status();
    tree_ = *std::move(tree);
    disc_ = std::move(golden->disc);
  }

  uint32_t Little(size_t at, size_t size) const {
    uint32_t number = 0;
    for (size_t i = size; i > 0; --i) {
      number = number << 8 | static_cast<uint8_t>(bytes_[at + i - 1]);
    }
    return number;
  }

  // By its place in a GPT.
  std::string CutListed(uint32_t number) const {
    const size_t entry = 1024 + (number - 1) * size_t{128};
    const size_t first = Little(entry + 32, 4);
    return CutAt(first * 512, (Little(entry + 40, 4) + 1 - first) * size_t{512});
  }

  // By what the second record of the boot catalog points to.
  std::string CutOfBootEntry() const {
    const size_t catalog = Little(17 * 2048 + 71, 4) * size_t{2048};
    return CutAt(Little(catalog + 40, 4) * size_t{2048}, Little(catalog + 38, 2) * size_t{512});
  }

  std::string CutAt(size_t start, size_t size) const {
    const std::string path = absl::StrCat(scratch_->path(), "/", start, ".img");
    std::ofstream(path, std::ios::binary) << bytes_.substr(start, size);
    return path;
  }

  // What stands in `directory` of the tree, or is that, under `to`; names that `skip` ends are
  // left out.
  void Want(const std::string& directory, const std::string& to, absl::string_view skip = "\n") {
    for (const auto& [path, entry] : tree_) {
      if (!absl::StartsWith(path, directory) || absl::EndsWith(path, skip)) continue;
      const std::string rest = path.substr(directory.size());
      if (rest.empty() ? to.empty() : rest[0] != '/') continue;
      want_.emplace_back(to + rest, &entry);
    }
  }

  void Check(const std::string& image, const std::string& label, const std::string& type) {
    cuts_.push_back({image, label, type, ListingOf(want_)});
    want_.clear();
    const Cut& cut = cuts_.back();
    EXPECT_EQ(FsckFat(image), absl::OkStatus());
    const auto mtools = MtoolsListing(image, scratch_->path());
    ASSERT_TRUE(mtools.ok()) << mtools.status();
    EXPECT_THAT(Differences(AsMtoolsShow(cut.want), *mtools, FatCompare()), IsEmpty());
    EXPECT_EQ(SevenZipTest(image, SevenZipFormat::kFat), absl::OkStatus());
    const auto sevenzip = SevenZipListing(image, SevenZipFormat::kFat, scratch_->path());
    ASSERT_TRUE(sevenzip.ok()) << sevenzip.status();
    EXPECT_THAT(Differences(cut.want, *sevenzip, FatCompare()), IsEmpty());
    auto tags = BlkidTags(image, 0);
    ASSERT_TRUE(tags.ok()) << tags.status();
    EXPECT_EQ((*tags)["TYPE"], "vfat");
    EXPECT_EQ((*tags)["VERSION"], type);
    EXPECT_EQ((*tags)["LABEL"], label);
  }

  // Where a file of the tree lies, and the bytes there.
  uint64_t At(const std::string& path) const {
    const Tree& tree = disc_->tree();
    return disc_->image().addresses()[tree.inode(tree.Find(path)).content].value();
  }

  std::unique_ptr<ScratchDir> scratch_;
  std::unique_ptr<Disc> disc_;
  std::string bytes_;
  Listing tree_;
  std::vector<std::pair<std::string, const Listed*>> want_;
  std::vector<Cut> cuts_;
};

TEST_F(EspTest, ReadersOfFatFindWhatTheManifestsSay) {
  Open("esp");
  Want("/EFI", "/EFI");
  Check(CutOfBootEntry(), "ESP", "FAT12");

  Open("esp_bridge");
  Want("/EFI", "/EFI", ".txt");
  Want("/live/vmlinuz", "/vmlinuz");
  Want("/live/initrd.img", "/initrd.img");
  Want("/esp", "");
  Check(CutListed(2), "ESP", "FAT12");
  // The kernel is stored once: the cluster where it begins is the block that the views have.
  size_t kernels = 0;
  const std::string line = "The first line of a kernel.\n";
  for (size_t at = bytes_.find(line); at != std::string::npos; at = bytes_.find(line, at + 1)) {
    EXPECT_EQ(at, At("/live/vmlinuz"));
    EXPECT_EQ(at % 4096, 0u);
    EXPECT_GT(at, Little(1024 + 128 + 32, 4) * size_t{512});
    EXPECT_LT(at, Little(1024 + 128 + 40, 4) * size_t{512});
    ++kernels;
  }
  EXPECT_EQ(kernels, 1u);
  EXPECT_EQ(At("/boot/efi.img"), Little(1024 + 128 + 32, 4) * size_t{512});

  Open("esp_udf_2_50");
  Want("/EFI/BOOT", "/EFI/BOOT");
  want_.emplace_back("/EFI", tree_.Find("/EFI"));
  want_.emplace_back("/EFI/link", tree_.Find("/EFI/BOOT/BOOTAA64.EFI"));
  Check(CutListed(2), "MY ESP", "FAT16");
  want_.emplace_back("/docs", tree_.Find("/"));
  want_.emplace_back("/docs/README.TXT", tree_.Find("/README"));
  Check(CutListed(3), "", "FAT12");

  std::vector<std::string> images;
  for (const Cut& cut : cuts_) images.push_back(cut.image);
  const auto views = ReadWithLinux(images, {View::kFat}, {.drive_block_size = 512});
  ASSERT_TRUE(views.ok()) << views.status();
  for (size_t i = 0; i < images.size(); ++i) {
    SCOPED_TRACE(images[i]);
    const LinuxView& view = views->at({i, View::kFat});
    ASSERT_TRUE(view.listing.ok()) << view.listing.status();
    EXPECT_THAT(Differences(cuts_[i].want, *view.listing, FatCompare()), IsEmpty());
    EXPECT_THAT(view.warnings, IsEmpty());
  }
}

}  // namespace
}  // namespace isomason
