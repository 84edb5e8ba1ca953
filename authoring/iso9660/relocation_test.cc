// Deep directories, relocated and refused (RRIP 4.1.5, ECMA-119 6.8.2.1), on whole discs
// through the strict reader.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/iso9660/test_disc.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::SizeIs;

using Deep = Iso9660Options::DeepDirectories;

// "a/b/c/..." of `levels` names below the root: the last is levels + 1 deep.
std::string Chain(int levels, const std::string& prefix = "d") {
  std::string path;
  for (int i = 1; i <= levels; ++i) absl::StrAppend(&path, i == 1 ? "" : "/", prefix, i);
  return path;
}

struct RelocatingDisc : TestDisc {
  RelocatingDisc() {
    options.rock_ridge = true;
    options.deep_directories = Deep::kRelocate;
  }
};

View BuildAndRead(TestDisc& disc) {
  const absl::Status built = disc.Build();
  EXPECT_TRUE(built.ok()) << built;
  if (!built.ok()) return {};
  View view = ReadView(disc.image(), false);
  EXPECT_THAT(view.problems, IsEmpty());
  return view;
}

// The reader's directories are the tree's, and no plain path is longer or deeper than allowed.
void ExpectTheTree(const TestDisc& disc, const View& view) {
  std::vector<std::string> want, got;
  for (NodeId n = 0; n < disc.tree.node_count(); ++n) {
    if (disc.tree.is_directory(n)) want.push_back(n == 0 ? "" : disc.tree.Path(n));
  }
  for (const auto& [path, plain] : view.posix_directories) got.push_back(path);
  std::sort(want.begin(), want.end());
  EXPECT_EQ(got, want);
  for (const auto& [path, entry] : view.entries) {
    if (absl::EndsWith(path, "/.") || absl::EndsWith(path, "/..")) continue;
    EXPECT_THAT(std::count(path.begin(), path.end(), '/'), Le(entry.directory ? 7 : 8)) << path;
    if (!entry.directory) {
      EXPECT_THAT(path.size() + 2, Le(255u)) << path;
    }
  }
}

TEST(RelocationTest, LeavesATreeAloneThatIsNotTooDeep) {
  RelocatingDisc disc;
  disc.AddFile(Chain(7) + "/file", "x");
  const View view = BuildAndRead(disc);
  ExpectTheTree(disc, view);
  EXPECT_EQ(view.entries.count("/RR_MOVED"), 0u);
  EXPECT_THAT(disc.remarks, IsEmpty());
}

TEST(RelocationTest, MovesTheNinthLevelAndEachSixthBelow) {
  RelocatingDisc disc;
  disc.AddFile(Chain(20) + "/file", "x");
  View view = BuildAndRead(disc);
  ExpectTheTree(disc, view);
  EXPECT_EQ(view.posix_directories["/" + Chain(8)], "/RR_MOVED/D8");
  EXPECT_EQ(view.posix_directories["/" + Chain(13)], "/RR_MOVED/D8/D9/D10/D11/D12/D13");
  EXPECT_EQ(view.posix_directories["/" + Chain(14)], "/RR_MOVED/D14");
  EXPECT_EQ(view.posix_directories["/" + Chain(20)], "/RR_MOVED/D20");
  // The placeholder is a file to those who know no Rock Ridge.
  const SeenEntry& placeholder = view.entries["/D1/D2/D3/D4/D5/D6/D7/D8"];
  EXPECT_FALSE(placeholder.directory);
  EXPECT_EQ(placeholder.child_link, view.entries["/RR_MOVED/D8"].extent);
  EXPECT_TRUE(view.entries["/RR_MOVED"].relocated);
  ASSERT_THAT(disc.remarks, SizeIs(1));
  EXPECT_EQ(disc.remarks[0].path, "/" + Chain(8));
  EXPECT_THAT(disc.remarks[0].detail, HasSubstr("relocated to /rr_moved, as 2 more"));
}

TEST(RelocationTest, CountsTheRelocationDirectoryOnlyWhenItIsShown) {
  for (const bool shown : {false, true}) {
    RelocatingDisc disc;
    disc.options.shows_relocation_directory = shown;
    disc.AddDirectory(Chain(8));
    View view = BuildAndRead(disc);
    EXPECT_EQ(view.entries["/RR_MOVED"].relocated, !shown);
    EXPECT_EQ(view.entries["/."].links, shown ? 4u : 3u);
    EXPECT_EQ(view.entries["/RR_MOVED/."].links, 2u);
    EXPECT_EQ(view.entries["/RR_MOVED"].serial, disc.tree.inode_count() + 1);
    EXPECT_EQ(view.posix_directories.count("/rr_moved"), shown ? 1u : 0u);
  }
}

TEST(RelocationTest, UsesADirectoryThatTheTreeHas) {
  RelocatingDisc disc;
  disc.AddFile("rr_moved/own/file", "x");
  disc.AddDirectory(Chain(8, "own"));
  disc.AddDirectory("a/b/c/d/e/f/g/own");
  View view = BuildAndRead(disc);
  ExpectTheTree(disc, view);
  EXPECT_FALSE(view.entries["/RR_MOVED"].relocated);
  EXPECT_EQ(view.posix_directories["/rr_moved/own"], "/RR_MOVED/OWN");
  EXPECT_EQ(view.posix_directories["/" + Chain(8, "own")], "/RR_MOVED/OWN8");
  // The tree's own entry keeps its name; the variation of the other is made from its path.
  EXPECT_THAT(view.posix_directories["/a/b/c/d/e/f/g/own"], HasSubstr("/RR_MOVED/OWN_A_B_C_D_E"));
}

TEST(RelocationTest, TellsManyOfOneNameApart) {
  RelocatingDisc disc;
  for (int i = 0; i < 400; ++i) disc.AddFile(absl::StrCat("s", i, "/2/3/4/5/6/7/src/x"), "x");
  const View view = BuildAndRead(disc);
  ExpectTheTree(disc, view);
}

TEST(RelocationTest, MayHaveAnotherName) {
  RelocatingDisc disc;
  disc.options.relocation_directory = "Deep Ones";
  disc.AddDirectory(Chain(8));
  const View view = BuildAndRead(disc);
  ExpectTheTree(disc, view);
  EXPECT_EQ(view.entries.count("/DEEP_ONES/D8"), 1u);
  ASSERT_THAT(disc.remarks, SizeIs(2));
  EXPECT_THAT(disc.remarks[1].detail, HasSubstr("libarchive reads no such image"));
}

TEST(RelocationTest, NeedsAPlace) {
  RelocatingDisc disc;
  disc.AddFile("rr_moved", "a file");
  disc.AddDirectory(Chain(8));
  EXPECT_THAT(std::string(disc.Build().message()),
              HasSubstr("/rr_moved is no directory, so that deep directories cannot"));
}

// Eight levels of long names are more than 255 bytes.
TEST(RelocationTest, MovesDirectoriesOfLongPaths) {
  RelocatingDisc disc;
  const std::string name(31, 'n');
  std::string path;
  for (int i = 0; i < 7; ++i) absl::StrAppend(&path, i == 0 ? "" : "/", name);
  disc.AddFile(path + "/short", "x");  // 7 * 32 + 9 bytes
  disc.AddFile(path.substr(0, 6 * 32 - 1) + "/" + std::string(30, 'f'), "x");
  View view = BuildAndRead(disc);
  ExpectTheTree(disc, view);
  EXPECT_EQ(view.entries.count("/RR_MOVED"), 0u);

  RelocatingDisc longer;
  longer.AddFile(path + "/" + std::string(27, 'f') + ".tx", "x");  // 7 * 32 + 33 + 1
  longer.AddFile(path + "/a", "x");
  view = BuildAndRead(longer);
  ExpectTheTree(longer, view);
  EXPECT_EQ(view.posix_directories["/" + path], "/RR_MOVED/" + std::string(31, 'N'));
}

TEST(RelocationTest, ReadsRandomDeepTreesBack) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    RelocatingDisc disc;
    disc.options.level = seed % 3 == 0 ? 1 : 3;
    disc.options.shows_relocation_directory = seed % 2 == 0;
    std::vector<std::string> directories = {""};
    for (int i = 0; i < 120; ++i) {
      const size_t recent = std::min<size_t>(directories.size(), 4);
      std::string path = directories[directories.size() - 1 - random() % recent];
      if (random() % 12 == 0) path = "";
      absl::StrAppend(&path, path.empty() ? "" : "/",
                      std::string(1 + random() % (random() % 4 == 0 ? 40 : 3), 'a'), random() % 4);
      disc.AddDirectory(path);
      directories.push_back(path);
      if (random() % 2 == 0) disc.AddFile(absl::StrCat(path, "/file with a long name ", i), "x");
    }
    View view = BuildAndRead(disc);
    if (disc.options.shows_relocation_directory) view.posix_directories.erase("/rr_moved");
    ExpectTheTree(disc, view);
  }
}

TEST(RelocationTest, IsNotForJoliet) {
  RelocatingDisc disc;
  disc.joliet_options = JolietOptions();
  disc.AddFile(Chain(9) + "/file", "x");
  const View view = BuildAndRead(disc);
  ExpectTheTree(disc, view);
  const View joliet = ReadView(disc.image(), true);
  EXPECT_THAT(joliet.problems, IsEmpty());
  EXPECT_THAT(joliet.order, Contains("/" + Chain(9) + "/file"));
  EXPECT_THAT(joliet.order, Not(Contains(HasSubstr("moved"))));
}

TEST(RelocationTest, DeepDirectoriesMayBeRefused) {
  TestDisc disc;
  disc.options.deep_directories = Deep::kRefuse;
  disc.options.names = Iso9660Options::Names::kMangle;
  disc.AddFile(Chain(12) + "/file", "x");
  disc.AddDirectory("a/b/c/d/e/f/g/h/i");
  const std::string name(31, 'n');
  std::string path;
  for (int i = 0; i < 7; ++i) absl::StrAppend(&path, i == 0 ? "" : "/", name);
  disc.AddFile(path + "/" + std::string(30, 'f'), "x");
  EXPECT_FALSE(disc.Build().ok());
  std::vector<std::string> problems;
  for (const Problem& p : disc.problems) {
    problems.push_back(absl::StrCat(disc.tree.Path(p.node), " ", p.message));
  }
  EXPECT_THAT(problems,
              ElementsAre("/a/b/c/d/e/f/g/h is a directory 9 levels deep, counting the root; "
                          "ECMA-119 6.8.2.1 allows 8",
                          "/" + Chain(8) +
                              " is a directory 9 levels deep, counting the root; ECMA-119 6.8.2.1 "
                              "allows 8",
                          "/" + path + "/" + std::string(30, 'f') +
                              " has a path of 258 bytes in identifiers of ISO 9660; ECMA-119 "
                              "6.8.2.1 allows 255"));
}

}  // namespace
}  // namespace isomason
