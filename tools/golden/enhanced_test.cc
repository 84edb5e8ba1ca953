// The hierarchy of ISO 9660:1999. None of the readers here looks at it, so its descriptor is put
// in the place of the primary one: then all of them do.

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/golden/expected.h"
#include "tools/golden/golden.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/readers.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;

constexpr size_t kBlock = 2048;

std::string EnhancedPath(const Disc& disc, NodeId node) {
  if (node == disc.tree().root()) return "/";
  std::string path;
  for (; node != disc.tree().root(); node = disc.tree().parent(node)) {
    const std::string name = disc.enhanced()->NameOf(node);
    if (name.empty()) return "";
    path = absl::StrCat("/", name, path);
  }
  return path;
}

class EnhancedTest : public testing::Test {
 protected:
  void SetUp() override {
    auto golden = AuthorGolden("level_4");
    ASSERT_TRUE(golden.ok()) << golden.status();
    golden_ = *std::move(golden);
    const auto path = WriteGolden(golden_);
    ASSERT_TRUE(path.ok()) << path.status();
    path_ = *path;
  }

  std::string Block(size_t number) const {
    std::ifstream in(path_, std::ios::binary);
    std::string block(kBlock, '\0');
    in.seekg(static_cast<std::streamoff>(number * kBlock));
    in.read(block.data(), kBlock);
    return block;
  }

  // What the manifest says, under the names of this hierarchy.
  void MakeWanted() {
    const auto all = ExpectedListing(golden_.loaded.manifest, golden_.loaded.directory);
    ASSERT_TRUE(all.ok()) << all.status();
    for (const auto& [path, entry] : *all) {
      Listed copy = entry;
      copy.path = EnhancedPath(*golden_.disc, golden_.disc->tree().Find(path));
      if (copy.path.empty()) continue;
      ASSERT_TRUE(want_.Add(copy).ok()) << path;
    }
    ASSERT_EQ(want_.size() + 1, all->size());  // all but the symlink
  }

  GoldenImage golden_;
  std::string path_;
  Listing want_;
};

TEST_F(EnhancedTest, ItsDescriptorComesBehindJolietsAndSaysVersionTwo) {
  EXPECT_EQ(Block(17).substr(88, 3), "%/E");
  const std::string enhanced = Block(18);
  EXPECT_EQ(enhanced.substr(0, 8), std::string("\2CD001\2\0", 8));
  EXPECT_EQ(enhanced.substr(88, 32), std::string(32, '\0'));
  EXPECT_EQ(enhanced[881], '\2');
  EXPECT_EQ(enhanced.substr(40, 32), "LEVEL_4" + std::string(25, ' '));
  EXPECT_EQ(enhanced.substr(702, 37), "COPYING" + std::string(30, ' '));
  EXPECT_EQ(enhanced.substr(318, 128), std::string(128, ' '));  // _PUBLISH.TXT;1 leads nowhere
  EXPECT_EQ(Block(19)[0], '\xFF');
}

TEST_F(EnhancedTest, ReadersSeeItInThePlaceOfThePrimaryHierarchy) {
  ASSERT_NO_FATAL_FAILURE(MakeWanted());
  std::string descriptor = Block(18);
  descriptor[0] = descriptor[6] = descriptor[881] = '\1';
  std::fstream image(path_, std::ios::binary | std::ios::in | std::ios::out);
  image.seekp(16 * kBlock);
  image.write(descriptor.data(), kBlock);
  // Joliet would be looked at before plain names.
  image.write(Block(19).data(), kBlock);
  image.close();
  ASSERT_TRUE(image.good());

  ReaderOptions options;
  options.views = {View::kIso9660};
  options.want_instead[View::kIso9660] = want_;
  options.scratch_dir = testing::TempDir();
  // libcdio shows plain names in small letters, and two here differ in nothing else.
  options.readers.erase(Reader::kCdio);
  EXPECT_EQ(absl::StrJoin(CheckWithForeignReaders(path_, want_, options), "\n"), "");

  const auto views = ReadWithLinux({path_}, {View::kIso9660});
  ASSERT_TRUE(views.ok()) << views.status();
  const LinuxView& seen = views->at({0, View::kIso9660});
  ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
  EXPECT_EQ(absl::StrJoin(Differences(want_, *seen.listing), "\n"), "");
  EXPECT_THAT(seen.warnings, IsEmpty());
}

}  // namespace
}  // namespace isomason
