#include "authoring/iso9660/hierarchy.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "authoring/iso9660/identifiers.h"
#include "authoring/iso9660/joliet_names.h"
#include "authoring/tree/builder.h"
#include "authoring/tree/follow.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Pair;

// Makes a tree of names: "a/b/" is a directory, "a/c" a file, "a/d -> x" a symlink.
Tree MakeTree(const std::vector<std::string>& entries) {
  TreeBuilder b;
  for (const std::string& entry : entries) {
    const size_t arrow = entry.find(" -> ");
    std::string path = entry.substr(0, arrow);
    Inode inode;
    if (arrow != std::string::npos) {
      inode.type = NodeType::kSymlink;
      inode.target = b.AddTarget(entry.substr(arrow + 4));
    } else if (path.back() == '/') {
      inode.type = NodeType::kDirectory;
      path.pop_back();
    }
    TreeBuilder::Draft parent = TreeBuilder::kRoot;
    size_t start = 0;
    for (size_t slash; (slash = path.find('/', start)) != std::string::npos; start = slash + 1) {
      const std::string name = path.substr(start, slash - start);
      TreeBuilder::Draft next = b.Find(parent, name);
      if (next == TreeBuilder::kNone) {
        Inode directory;
        directory.type = NodeType::kDirectory;
        next = b.Add(parent, name, directory, 0);
      }
      parent = next;
    }
    b.Add(parent, path.substr(start), inode, 0);
  }
  return std::move(b).Build();
}

std::vector<std::string> ShownIn(const Hierarchy& h, uint32_t directory) {
  std::vector<std::string> names;
  for (const NodeId n : h.entries(h.directories()[directory])) names.push_back(h.Shown(n));
  return names;
}

std::vector<std::string> Paths(const Hierarchy& h) {
  std::vector<std::string> paths;
  for (uint32_t i = 0; i < h.directories().size(); ++i) paths.push_back(h.Path(i));
  return paths;
}

TEST(HierarchyTest, DirectoriesComeLevelByLevelOrAsAWalkFindsThem) {
  const Tree tree = MakeTree({"a/b/c/", "a/b/d/", "a/e/", "f/g/", "h/"});
  const JolietNamer namer(JolietNaming{});
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(false), IsEmpty());
  const auto paths = [&](bool depth_first) {
    std::vector<std::string> all;
    for (const uint32_t d : h.Ordered(depth_first)) all.push_back(h.Path(d));
    return all;
  };
  EXPECT_THAT(paths(false),
              ElementsAre("/", "/a", "/f", "/h", "/a/b", "/a/e", "/f/g", "/a/b/c", "/a/b/d"));
  EXPECT_THAT(paths(true),
              ElementsAre("/", "/a", "/a/b", "/a/b/c", "/a/b/d", "/a/e", "/f", "/f/g", "/h"));
}

TEST(HierarchyTest, SortsEntriesByNameThenExtension) {
  const Tree tree = MakeTree({"A_", "A.Z", "A0", "A/", "A.B", "AB.C", "A1.A"});
  const IsoNamer namer(1);
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(true), IsEmpty());
  EXPECT_THAT(ShownIn(h, 0), ElementsAre("A", "A.B", "A.Z", "A0", "A1.A", "AB.C", "A_"));
}

TEST(HierarchyTest, NumbersDirectoriesByLevelParentAndIdentifier) {
  const Tree tree = MakeTree({"b/x/", "b/a/", "a/z/q/", "a/y/", "c/"});
  const IsoNamer namer(1);
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(false), IsEmpty());
  EXPECT_THAT(Paths(h),
              ElementsAre("/", "/a", "/b", "/c", "/a/y", "/a/z", "/b/a", "/b/x", "/a/z/q"));
  EXPECT_EQ(h.directories()[1].first_child, 4u);
  EXPECT_EQ(h.directories()[1].subdirectories, 2u);
  EXPECT_EQ(h.directories()[8].parent, 5u);
  EXPECT_EQ(h.Depth(8), 4u);
}

// The order of what is recorded, not of what the tree says: `b` < `B` there.
TEST(HierarchyTest, NumbersDirectoriesByTheirSpelling) {
  const Tree tree = MakeTree({"-b/", "a/"});  // _B sorts behind A
  const IsoNamer namer(1);
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(false), IsEmpty());
  EXPECT_THAT(Paths(h), ElementsAre("/", "/a", "/-b"));
}

// `A!` is behind `A` and all its extensions, though `!` is before a dot as a byte.
TEST(HierarchyTest, SortsCharactersBelowADotByNameThenExtension) {
  const Tree tree = MakeTree({"A!.X", "A.Y", "A", "A B.X", "A+/", "A.B.C", "AB", ".A", "!A"});
  Relaxations relax;
  relax.ascii = relax.several_dots = relax.leading_dot = true;
  const IsoNamer namer(3, relax);
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(true), IsEmpty());
  EXPECT_THAT(ShownIn(h, 0),
              ElementsAre("!A", ".A", "A", "A.B.C", "A.Y", "A B.X", "A!.X", "A+", "AB"));
}

TEST(HierarchyTest, TellsApartWhatReadersFold) {
  Relaxations relax;
  relax.lowercase = true;
  const IsoNamer namer(3, relax);
  const Tree tree = MakeTree({"README", "readme", "ReadMe/", "other"});
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(false), IsEmpty());
  EXPECT_EQ(h.Shown(tree.Find("/README")), "README");
  EXPECT_FALSE(h.IsChanged(tree.Find("/other")));
  std::vector<std::string> folded;
  for (std::string name : ShownIn(h, 0)) {
    absl::AsciiStrToLower(&name);
    folded.push_back(name);
  }
  std::sort(folded.begin(), folded.end());
  EXPECT_EQ(std::adjacent_find(folded.begin(), folded.end()), folded.end());
  EXPECT_TRUE(h.IsChanged(tree.Find("/readme")));
  EXPECT_TRUE(h.IsChanged(tree.Find("/ReadMe")));

  Hierarchy strict(tree, namer);
  std::vector<std::string> lines;
  for (const NameProblem& p : strict.Build(true)) {
    lines.push_back(absl::StrCat(tree.Path(p.node), " ", p.message));
  }
  std::sort(lines.begin(), lines.end());
  EXPECT_THAT(lines,
              ElementsAre("/ReadMe has a name that readers do not tell from README beside it",
                          "/readme has a name that readers do not tell from README beside it"));
}

TEST(HierarchyTest, OneOfThoseSpelledAlikeKeepsThePlainSpelling) {
  struct Case {
    const char* why;
    std::vector<std::string> names;
    const char* keeper;
  };
  const Case cases[] = {
      {"the first by name", {"a-b", "a+b", "a b"}, "a b"},
      {"the one whose name it is", {"A-B", "A_B", "a_b"}, "A_B"},
      {"a directory and a file", {"foo/", "FOO"}, "FOO"},
      {"the dot is taken off", {"foo.", "foo"}, "foo"},
  };
  const IsoNamer namer(3);
  for (const Case& c : cases) {
    const Tree tree = MakeTree(c.names);
    Hierarchy h(tree, namer);
    ASSERT_THAT(h.Build(false), IsEmpty());
    std::vector<std::string> shown;
    for (const NodeId n : tree.children(0)) {
      std::string plain;
      namer.Append(tree.name(n), tree.is_directory(n), 0, plain);
      EXPECT_EQ(h.Shown(n) == plain, tree.name(n) == c.keeper) << c.why << ": " << tree.name(n);
      shown.push_back(h.Shown(n));
    }
    std::sort(shown.begin(), shown.end());
    EXPECT_EQ(std::adjacent_find(shown.begin(), shown.end()), shown.end()) << c.why;
  }
}

TEST(HierarchyTest, ASpellingDoesNotHangOnOtherSiblings) {
  std::vector<std::string> names;
  names.reserve(50);
  for (int i = 0; i < 50; ++i) names.push_back(absl::StrCat("a_common_beginning_of_the_name_", i));
  const IsoNamer namer(3);
  const Tree many = MakeTree(names);
  Hierarchy all(many, namer);
  ASSERT_THAT(all.Build(false), IsEmpty());
  // Without every third of them the others keep their spelling.
  std::vector<std::string> fewer;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i % 3 != 2) fewer.push_back(names[i]);
  }
  const Tree few = MakeTree(fewer);
  Hierarchy some(few, namer);
  ASSERT_THAT(some.Build(false), IsEmpty());
  for (const NodeId n : few.children(0)) {
    EXPECT_EQ(some.Shown(n), all.Shown(many.Find(few.name(n)))) << few.name(n);
  }
}

// Whatever is taken away, the others keep their names, unless that was in the way of theirs.
TEST(HierarchyTest, ASpellingHangsOnNamesSpelledAlikeOnly) {
  Relaxations relax;
  relax.lowercase = true;
  const IsoNamer namer(1, relax);
  std::vector<std::string> names;
  uint64_t state = 1;
  const auto draw = [&state](uint64_t below) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return (state >> 33) % below;
  };
  for (int i = 0; i < 120; ++i) {
    std::string name;
    for (uint64_t k = 0; k < 7 + draw(3); ++k) name += "abA-"[draw(4)];
    names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const Tree whole = MakeTree(names);
  Hierarchy all(whole, namer);
  ASSERT_THAT(all.Build(false), IsEmpty());
  const auto folded = [&namer](const std::string& name) {
    std::string plain;
    namer.Append(name, false, 0, plain);
    namer.Fold(plain);
    return plain;
  };
  int unrelated = 0;
  for (const std::string& removed : names) {
    std::vector<std::string> rest;
    for (const std::string& name : names) {
      if (name != removed) rest.push_back(name);
    }
    const Tree tree = MakeTree(rest);
    Hierarchy h(tree, namer);
    ASSERT_THAT(h.Build(false), IsEmpty());
    for (const std::string& name : rest) {
      if (folded(name) == folded(removed)) continue;
      ++unrelated;
      EXPECT_EQ(h.Shown(tree.Find("/" + name)), all.Shown(whole.Find("/" + name)))
          << name << " without " << removed;
    }
  }
  EXPECT_GT(unrelated, 1000);
}

TEST(HierarchyTest, SpellsManyAlikeAtLevelOne) {
  std::vector<std::string> names;
  names.reserve(20000);
  for (int i = 0; i < 20000; ++i) names.push_back(absl::StrCat("measurement", i, ".csv"));
  const Tree tree = MakeTree(names);
  const IsoNamer namer(1);
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(false), IsEmpty());
  const std::vector<std::string> shown = ShownIn(h, 0);
  EXPECT_TRUE(std::is_sorted(shown.begin(), shown.end()));
  EXPECT_EQ(std::adjacent_find(shown.begin(), shown.end()), shown.end());
}

TEST(HierarchyTest, RefusesEachNameWithTheReasonAndAnother) {
  const Tree tree = MakeTree({"BOOT/grub.cfg", "BOOT/KEPT", "BOOT/other"});
  const IsoNamer namer(2);
  Hierarchy h(tree, namer);
  const std::vector<NameProblem> problems = h.Build(true);
  std::vector<std::string> lines;
  for (const NameProblem& p : problems) {
    EXPECT_EQ(p.kind, NameProblem::Kind::kMisfit);
    lines.push_back(absl::StrCat(tree.Path(p.node), " ", p.message));
  }
  EXPECT_THAT(
      lines,
      ElementsAre(
          "/BOOT/grub.cfg has a name that has characters other than A to Z, 0 to 9 and _, or more "
          "than one dot (ECMA-119 7.5.1); GRUB.CFG would do",
          "/BOOT/other has a name that has characters other than A to Z, 0 to 9 and _, or more "
          "than one dot (ECMA-119 7.5.1); OTHER would do"));
}

TEST(HierarchyTest, RefusesMoreDirectoriesThanAPathTableNumbers) {
  TreeBuilder b;
  Inode directory;
  directory.type = NodeType::kDirectory;
  for (int i = 0; i < 65535; ++i) b.Add(TreeBuilder::kRoot, absl::StrCat("D", i), directory, 0);
  const Tree tree = std::move(b).Build();
  const IsoNamer namer(1);
  Hierarchy h(tree, namer);
  const std::vector<NameProblem> problems = h.Build(false);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].kind, NameProblem::Kind::kTooManyDirectories);
  EXPECT_EQ(tree.Path(problems[0].node), "/D9999");
  EXPECT_EQ(problems[0].message,
            "is a directory more than the 65535 that a path table numbers (ECMA-119 9.4.4)");

  Hierarchy one_less(tree, namer);
  one_less.Omit(tree.Find("/D77"));
  EXPECT_THAT(one_less.Build(false), IsEmpty());
  EXPECT_EQ(one_less.directories().size(), 65535u);
}

TEST(HierarchyTest, LeavesOutWhatIsOmitted) {
  const Tree tree = MakeTree({"A", "B", "C"});
  const IsoNamer namer(1);
  Hierarchy h(tree, namer);
  h.Omit(tree.Find("/B"));
  ASSERT_THAT(h.Build(true), IsEmpty());
  EXPECT_THAT(ShownIn(h, 0), ElementsAre("A", "C"));
  EXPECT_EQ(h.Shown(tree.Find("/B")), "");
}

TEST(HierarchyTest, ShowsAFollowedDirectoryOnceMore) {
  const Tree tree = MakeTree({"dir/sub/file", "dir/other", "link -> dir"});
  const JolietNamer namer({.limit = 64});
  Hierarchy h(tree, namer);
  h.Follow(tree.Find("/link"), tree.Find("/dir"));
  ASSERT_THAT(h.Build(true), IsEmpty());
  EXPECT_THAT(Paths(h), ElementsAre("/", "/dir", "/link", "/dir/sub", "/link/sub"));
  EXPECT_THAT(ShownIn(h, 2), ElementsAre("other", "sub"));
  EXPECT_THAT(ShownIn(h, 4), ElementsAre("file"));
}

// UTF-16 sorts characters past U+FFFF before U+E000 to U+FFFF, UTF-8 behind them.
TEST(HierarchyTest, SortsJolietByUnits) {
  const std::string penguin = "\xF0\x9F\x90\xA7", private_use = "\xEE\x80\x80";
  const Tree tree = MakeTree({private_use, penguin, "a", "a.b", "a b"});
  const JolietNamer namer({.limit = 64});
  Hierarchy h(tree, namer);
  ASSERT_THAT(h.Build(true), IsEmpty());
  EXPECT_THAT(ShownIn(h, 0), ElementsAre("a", "a b", "a.b", penguin, private_use));
}

TEST(FollowTest, ResolvesLinks) {
  const Tree tree = MakeTree({
      "usr/lib/libc.so",
      "usr/bin/sh",
      "lib -> usr/lib",
      "bin -> /usr/bin",
      "usr/up -> ../lib",
      "dot -> ./usr/./bin//sh",
      "chain -> lib/libc.so",
      "out -> ../etc",
      "missing -> usr/nothing",
      "through -> usr/bin/sh/x",
      "loop -> pool",
      "pool -> loop",
      "self -> .",
  });
  struct Case {
    const char* link;
    const char* want;
  };
  const Case cases[] = {
      {"/lib", "/usr/lib"},    {"/bin", "/usr/bin"},           {"/usr/up", "/usr/lib"},
      {"/dot", "/usr/bin/sh"}, {"/chain", "/usr/lib/libc.so"}, {"/self", "/"},
  };
  for (const Case& c : cases) {
    const NodeId target = ResolveLink(tree, tree.Find(c.link));
    ASSERT_NE(target, kNoNode) << c.link;
    EXPECT_EQ(tree.Path(target), c.want) << c.link;
  }
  for (const char* link : {"/out", "/missing", "/through", "/loop", "/pool"}) {
    EXPECT_EQ(ResolveLink(tree, tree.Find(link)), kNoNode) << link;
  }
}

std::vector<std::string> CircularOf(const Tree& tree) {
  std::vector<std::string> paths;
  for (const auto& [link, target] : FollowLinks(tree).circular) paths.push_back(tree.Path(link));
  return paths;
}

TEST(FollowTest, FindsLinksThatWouldCloseACircle) {
  struct Case {
    std::vector<std::string> entries;
    std::vector<std::string> circular;
  };
  const Case cases[] = {
      {{"a/", "b -> a", "c -> b"}, {}},
      {{"a/self -> ."}, {"/a/self"}},
      {{"a/b/up -> .."}, {"/a/b/up"}},
      {{"a/top -> /"}, {"/a/top"}},
      // Each alone would do; the second that is met is the one too many.
      {{"a/x -> ../b", "b/y -> ../a"}, {"/b/y"}},
      // The way back leads through a parent of where it started.
      {{"a/x -> ../b/c", "b/c/y -> ../../b"}, {"/b/c/y"}},
      {{"a/one -> ../b", "a/two -> ../b", "b/three -> ../c", "c/four -> ../d", "d/"}, {}},
  };
  for (const Case& c : cases) {
    const Tree tree = MakeTree(c.entries);
    EXPECT_THAT(CircularOf(tree), ElementsAreArray(c.circular))
        << testing::PrintToString(c.entries);
    // What is left ends.
    const JolietNamer namer({.limit = 64});
    Hierarchy h(tree, namer);
    const FollowedLinks links = FollowLinks(tree);
    for (const auto& [link, target] : links.to_directories) h.Follow(link, target);
    for (const auto& [link, target] : links.circular) h.Omit(link);
    EXPECT_THAT(h.Build(true), IsEmpty()) << testing::PrintToString(c.entries);
  }
}

TEST(FollowTest, SortsLinksByWhereTheyLead) {
  const Tree tree = MakeTree({"d/", "f", "to_d -> d", "to_f -> f", "to_none -> g"});
  const FollowedLinks links = FollowLinks(tree);
  EXPECT_THAT(links.to_directories, ElementsAre(Pair(tree.Find("/to_d"), tree.Find("/d"))));
  EXPECT_THAT(links.to_files, ElementsAre(Pair(tree.Find("/to_f"), tree.Find("/f"))));
  EXPECT_THAT(links.dangling, ElementsAre(tree.Find("/to_none")));
  EXPECT_THAT(links.circular, IsEmpty());
}

}  // namespace
}  // namespace isomason
