// What UDF stores in its own structures, through the front door: which files are in their
// entries, what that saves, and what others see of them.
#include "authoring/udf_data.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class UdfDataTest : public testing::Test {
 protected:
  void Make(const std::string& text) {
    manifest::Manifest m;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'T' } ", text), &m));
    const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "m", ".");
    diagnostics_ = Diagnostics();
    auto disc = Author(loaded, directory_.path(), &diagnostics_);
    ASSERT_TRUE(disc.ok()) << disc.status() << diagnostics_.Format();
    disc_ = *std::move(disc);
  }

  // The contents that have blocks, in the order in which they lie: "/b /a".
  std::string Placed() const {
    std::vector<std::string> names;
    disc_->image().Map([&](ContentId content) { return disc_->ContentName(content); },
                       [&](const MapLine& line) {
                         if (line.owner == "content") names.push_back(line.what);
                       });
    return absl::StrJoin(names, " ");
  }

  // The whole image, prepared.
  absl::StatusOr<std::string> Bytes() {
    if (absl::Status s = disc_->image().Prepare(2); !s.ok()) return s;
    std::string bytes(disc_->image().size(), '\0');
    const absl::Status read = disc_->image().Read(
        0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
    if (!read.ok()) return read;
    return bytes;
  }

  std::string Remarks() const {
    std::vector<std::string> lines;
    for (const Remark& remark : disc_->remarks()) {
      lines.push_back(absl::StrCat(remark.where, ": ", remark.path, " ", remark.detail));
    }
    return absl::StrJoin(lines, "\n");
  }

  TestDirectory directory_;
  Diagnostics diagnostics_;
  std::unique_ptr<Disc> disc_;
};

TEST_F(UdfDataTest, WhatOnlyUdfShowsHasNoBlocks) {
  Make(
      "udf { embed_below: 100 } iso9660 { rock_ridge {} joliet {} } "
      "entry { path: '/both' text: 'both' } entry { path: '/udf' text: 'udf' } "
      "entry { path: '/joliet' text: 'joliet' } entry { path: '/iso' text: 'iso' } "
      "entry { path: '/nowhere' text: 'nowhere' } "
      "hide { match: 'udf' from: [ISO9660, JOLIET] } hide { match: 'joliet' from: ISO9660 } "
      "hide { match: 'iso' from: [JOLIET, UDF] } hide { match: 'nowhere' }");
  // What is hidden everywhere may be found by its address.
  EXPECT_EQ(Placed(), "/both /iso /joliet /nowhere");
}

TEST_F(UdfDataTest, AStubHidesWhatItDoesNotKeep) {
  Make(
      "udf { bridge: STUB_BRIDGE stub { keep: 'KEPT' } embed_below: 100 } "
      "entry { path: '/KEPT' text: 'kept' } entry { path: '/other' text: 'other' }");
  EXPECT_EQ(Placed(), "/KEPT /README.TXT");
}

TEST_F(UdfDataTest, ContentsThatAreSharedStayForThoseThatNeedThem) {
  Make(
      "udf { bridge: NO_BRIDGE revision: UDF_2_01 embed_below: 2000 } deduplicate {} "
      "entry { path: '/plain' bytes: '" +
      std::string(1840, 'x') + "' } entry { path: '/extended' bytes: '" + std::string(1840, 'x') +
      "' udf_stream { name: 's' text: 's' } } entry { path: '/a' text: 'a' } "
      "entry { path: '/b' text: 'a' }");
  EXPECT_EQ(Placed(), "/extended /extended:s");
  EXPECT_THAT(Remarks(), HasSubstr("udf: /a has its data in its file entry, like 2 more"));
}

TEST_F(UdfDataTest, FilesThatAreKnownByTheirAddressKeepTheirBlocks) {
  Make(
      "udf { bridge: STUB_BRIDGE stub { text: '' } embed_below: 100 } "
      "entry { path: '/boot' text: 'boot' } entry { path: '/pinned' text: 'pinned' } "
      "entry { path: '/reserved' text: 'r' reserve { name: 'r' size: 10 } } "
      "entry { path: '/other' text: 'other' } boot { entry { image: '/boot' } } "
      "layout { pin { path: '/pinned' block: 400 } }");
  EXPECT_EQ(Placed(), "boot catalog /boot /reserved /pinned");
  EXPECT_THAT(Remarks(), AllOf(HasSubstr("udf: /boot keeps its blocks: it is a boot image"),
                               HasSubstr("udf: /pinned keeps its blocks: it is pinned to a block"),
                               HasSubstr("udf: /reserved keeps its blocks: it has reserved areas"),
                               Not(HasSubstr("/other keeps"))));
}

TEST_F(UdfDataTest, RulesForFilesWithoutBlocksAreSaidToHaveNoEffect) {
  const std::string kTree =
      "udf { bridge: NO_BRIDGE embed_below: 100 } entry { path: '/a' text: 'a' } "
      "entry { path: '/b' text: 'b' } entry { path: '/c' zeros: 5000 } ";
  Make(kTree + "layout { order: '[ab]' sort { match: 'c' weight: 1 } }");
  EXPECT_THAT(Remarks(), HasSubstr("layout:  2 files that `order`, `sort` or `align` match have no "
                                   "blocks"));
  Make(kTree + "layout { sort { match: 'c' weight: 1 } }");
  EXPECT_THAT(Remarks(), Not(HasSubstr("have no blocks")));
}

TEST_F(UdfDataTest, ALockIsAboutWhatHasBlocks) {
  const std::string kTree =
      "udf { bridge: NO_BRIDGE embed_below: 100 } entry { path: '/a' text: 'a' } "
      "entry { path: '/b' zeros: 5000 } ";
  Make(kTree);
  const std::string lock = disc_->MakeLock().Format();
  EXPECT_THAT(lock, AllOf(HasSubstr(" 5000 - /b\n"), Not(HasSubstr("/a"))));
  directory_.Write("lock", lock);
  Make(kTree + "layout { lock: 'lock' }");
  EXPECT_EQ(disc_->MakeLock().Format(), lock);
  // One that was made before files were embedded.
  directory_.Write("lock", lock + "900 1 - /a\n");
  Make(kTree + "layout { lock: 'lock' }");
  EXPECT_EQ(disc_->MakeLock().Format(), lock);
}

TEST_F(UdfDataTest, DataComesFromTheSourceAndIsWhatItWas) {
  const std::string path = directory_.Write("source", "from the source");
  SetModified(path, 1000);
  Make("udf { bridge: NO_BRIDGE embed_below: 100 } entry { path: '/a' file { source: 'source' } }");
  EXPECT_EQ(Placed(), "");
  const auto bytes = Bytes();
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_TRUE(absl::StrContains(*bytes, "from the source"));
  WriteHostFile(path, "from another on");
  SetModified(path, 2000);
  const absl::Status changed = Bytes().status();
  EXPECT_EQ(changed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(changed.message()), AllOf(HasSubstr("/a: "), HasSubstr("source")));
}

TEST_F(UdfDataTest, PinnedDigestsAreCompared) {
  directory_.Write("source", "abc");
  Make(
      "udf { bridge: NO_BRIDGE embed_below: 100 } entry { path: '/a' file { source: 'source' "
      "sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae' } }");
  const absl::Status differs = Bytes().status();
  EXPECT_THAT(std::string(differs.message()), HasSubstr("the manifest pins"));
}

// A list of checksums of what is in entries is itself in one, and so is a map, which says
// where things lie.
TEST_F(UdfDataTest, GeneratedContentsAreEmbeddedAsTheyEndUp) {
  Make(
      "udf { bridge: NO_BRIDGE embed_below: 1000 } entry { path: '/abc' text: 'abc' } "
      "entry { path: '/sums' checksums {} } entry { path: '/map' reserve_map {} } "
      "entry { path: '/r' zeros: 5000 reserve { name: 'area' size: 5000 } }");
  EXPECT_EQ(Placed(), "/r");
  const auto bytes = Bytes();
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_TRUE(absl::StrContains(
      *bytes, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  ./abc"));
  const Tree& tree = disc_->tree();
  const uint64_t offset = disc_->image().addresses()[tree.inode(tree.Find("/r")).content].value();
  EXPECT_TRUE(absl::StrContains(*bytes, absl::StrFormat("\"offset\": %14d,", offset)));
}

TEST_F(UdfDataTest, ZerosOfTheManifestTakeNoRoom) {
  const std::string kTree =
      "entry { path: '/zeros' zeros: 1099511627776 } entry { path: '/parts' concat { "
      "part { text: 'head' } part { zeros: 10000 } part { text: 'tail' } } } "
      "entry { path: '/short' concat { part { text: 'x' } part { zeros: 3000 } part { text: 'y' } "
      "} "
      "} entry { path: '/text' text: 'text' }";
  Make("udf { bridge: NO_BRIDGE sparse: true } " + kTree);
  EXPECT_EQ(Placed(), "/parts /short /text");
  EXPECT_EQ(disc_->image().size(), 1u << 20);
  EXPECT_THAT(Remarks(), HasSubstr("udf: /parts has zeros that are not recorded, like 1 more"));
  // The bytes that are recorded: of the parts a block before the zeros, and one behind them.
  const Tree& tree = disc_->tree();
  EXPECT_TRUE(disc_->udf()->IsSparse(tree.inode_id(tree.Find("/parts"))));
  EXPECT_FALSE(disc_->udf()->IsSparse(tree.inode_id(tree.Find("/short")))) << "no whole block";
  uint64_t blocks = 0;
  disc_->image().Map([&](ContentId content) { return disc_->ContentName(content); },
                     [&](const MapLine& line) {
                       if (line.what == "/parts") blocks = BlocksFor(ByteCount(line.size)).value();
                     });
  EXPECT_EQ(blocks, 2u);
}

TEST_F(UdfDataTest, ZerosThatAnotherViewShowsAreRecorded) {
  Make(
      "udf { sparse: true } iso9660 { rock_ridge {} } entry { path: '/both' zeros: 10000 } "
      "entry { path: '/udf' zeros: 20000 } entry { path: '/nowhere' zeros: 30000 } "
      "hide { match: 'udf' from: ISO9660 } hide { match: 'nowhere' }");
  EXPECT_EQ(Placed(), "/both /nowhere");
}

TEST_F(UdfDataTest, ZerosOfFilesThatAreKnownByTheirAddressAreRecorded) {
  Make(
      "udf { bridge: STUB_BRIDGE stub { text: '' } sparse: true } "
      "entry { path: '/boot' zeros: 4096 } entry { path: '/pinned' zeros: 5000 } "
      "entry { path: '/reserved' zeros: 6000 reserve { name: 'r' size: 6000 } } "
      "entry { path: '/other' zeros: 7000 } boot { entry { image: '/boot' } } "
      "layout { pin { path: '/pinned' block: 400 } }");
  EXPECT_EQ(Placed(), "boot catalog /boot /reserved /pinned");
  EXPECT_THAT(Remarks(), AllOf(HasSubstr("udf: /boot keeps its blocks: it is a boot image"),
                               HasSubstr("udf: /pinned keeps its blocks: it is pinned"),
                               HasSubstr("udf: /reserved keeps its blocks: it has reserved"),
                               Not(HasSubstr("/other keeps"))));
}

// Holes of the host's files depend on its file system.
TEST_F(UdfDataTest, HolesOfASourceAreRecorded) {
  directory_.Write("source", std::string(100000, '\0'));
  Make("udf { bridge: NO_BRIDGE sparse: true } entry { path: '/a' file { source: 'source' } }");
  EXPECT_EQ(Placed(), "/a");
}

TEST_F(UdfDataTest, WhatIsRecordedOfASparseFileIsLockedAndPinnedAsAWhole) {
  const std::string kTree =
      "udf { bridge: NO_BRIDGE sparse: true } entry { path: '/a' concat { part { text: 'a' } "
      "part { zeros: 10000 } sha256: "
      "'5e7a2fcbcb19bd0a2c2a6c1fc3c0e1f13f6a3fd8bc3e2c23ea47d6f2f5d4b6b1' } } "
      "layout { lock: 'lock' } ";
  directory_.Write("lock", "");
  Make(kTree + "entry { path: '/b' text: 'b' }");
  EXPECT_THAT(std::string(Bytes().status().message()), HasSubstr("the manifest pins"));
  const std::string lock = disc_->MakeLock().Format();
  const size_t end = lock.find(" 2048 - /a\n");
  ASSERT_NE(end, std::string::npos) << lock;
  const std::string line = lock.substr(lock.rfind('\n', end) + 1, end);
  directory_.Write("lock", lock);
  Make(kTree + "entry { path: '/0' text: '0' }");
  EXPECT_THAT(disc_->MakeLock().Format(), HasSubstr(line.substr(0, line.find('/'))));
}

// What the field is for: a tree of tiny files takes half of the room.
TEST_F(UdfDataTest, TinyFilesTakeABlockInPlaceOfTwo) {
  std::string tree;
  for (int i = 0; i < 3000; ++i) {
    absl::StrAppend(&tree, "entry { path: '/f", i, "' text: 'file ", i, "' } ");
  }
  Make("udf { bridge: NO_BRIDGE } " + tree);
  const uint64_t before = disc_->image().size();
  Make("udf { bridge: NO_BRIDGE embed_below: 1873 } " + tree);
  EXPECT_EQ(before - disc_->image().size(), 3000u * 2048);
}

}  // namespace
}  // namespace isomason
