#include "authoring/tree/builder.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/tree/node.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using Draft = TreeBuilder::Draft;

Inode Directory() {
  Inode inode;
  inode.type = NodeType::kDirectory;
  return inode;
}

// A file that is told apart from others by its mode.
Inode File(uint16_t mode = 0444) {
  Inode inode;
  inode.mode = mode;
  return inode;
}

// Adds a node at a path, with the directories above it.
Draft AddPath(TreeBuilder& builder, absl::string_view path, const Inode& inode) {
  Draft at = TreeBuilder::kRoot;
  std::vector<absl::string_view> names = absl::StrSplit(path, '/', absl::SkipEmpty());
  for (size_t i = 0; i < names.size(); ++i) {
    const Draft there = builder.Find(at, names[i]);
    if (there != TreeBuilder::kNone) {
      at = there;
    } else {
      at = builder.Add(at, names[i], i + 1 == names.size() ? inode : Directory(), 0);
    }
  }
  return at;
}

// Every node as a line: "3 in 1: /boot/grub inode 3".
std::vector<std::string> Dump(const Tree& tree) {
  std::vector<std::string> lines;
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    lines.push_back(absl::StrCat(n, " in ", tree.parent(n), ": ", tree.Path(n), " inode ",
                                 tree.inode_id(n), " mode ", tree.inode(n).mode));
  }
  return lines;
}

std::vector<std::string> Paths(const Tree& tree) {
  std::vector<std::string> paths;
  for (NodeId n = 0; n < tree.node_count(); ++n) paths.push_back(tree.Path(n));
  return paths;
}

TEST(BuilderTest, ATreeHasARootFromTheStart) {
  const Tree tree = TreeBuilder().Build();
  EXPECT_EQ(tree.node_count(), 1u);
  EXPECT_EQ(tree.inode_count(), 1u);
  EXPECT_EQ(tree.directory_count(), 1u);
  EXPECT_EQ(tree.root(), 0u);
  EXPECT_EQ(tree.name(0), "");
  EXPECT_EQ(tree.Path(0), "/");
  EXPECT_EQ(tree.parent(0), 0u);
  EXPECT_TRUE(tree.is_directory(0));
  EXPECT_TRUE(tree.children(0).empty());
  EXPECT_EQ(tree.inode(0).links, 1u);
}

TEST(BuilderTest, TheOrderOfAddingMakesNoDifference) {
  std::vector<std::string> paths;
  for (const char* path : {"/a", "/a/x", "/a/y/z", "/a-b", "/a.b/c", "/B", "/B/x", "/zz/q/r/s",
                           "/zz/q/r/t", "/boot/grub/grub.cfg", "/boot/vmlinuz"}) {
    paths.push_back(path);
  }
  std::vector<std::string> first;
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    TreeBuilder builder;
    for (const std::string& path : paths) {
      // A path that others need as a directory is one, whenever it comes.
      const bool directory = path == "/a" || path == "/B";
      AddPath(builder, path,
              directory ? Directory() : File(static_cast<uint16_t>(path.size() + path.back())));
    }
    const std::vector<std::string> dump = Dump(std::move(builder).Build());
    if (first.empty()) first = dump;
    ASSERT_EQ(dump, first);
    std::shuffle(paths.begin(), paths.end(), random);
  }
  EXPECT_EQ(first.size(), 19u);
}

TEST(BuilderTest, NodesLieBreadthFirstWithSiblingsInByteOrder) {
  TreeBuilder builder;
  for (const char* path : {"/b/z", "/b/a", "/\xC3\xA4", "/\xFF", "/a.b", "/a-b", "/a/x/y", "/a/w",
                           "/B", "/ab", "/~"}) {
    AddPath(builder, path, File());
  }
  const Tree tree = std::move(builder).Build();
  EXPECT_THAT(Paths(tree),
              ElementsAre("/", "/B", "/a", "/a-b", "/a.b", "/ab", "/b", "/~", "/\xC3\xA4", "/\xFF",
                          "/a/w", "/a/x", "/b/a", "/b/z", "/a/x/y"));
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    for (const NodeId child : tree.children(n)) {
      EXPECT_EQ(tree.parent(child), n);
      EXPECT_GT(child, n);
    }
  }
  EXPECT_EQ(tree.directory_count(), 4u);
  EXPECT_EQ(tree.children(tree.Find("/a")).size(), 2u);
  EXPECT_TRUE(tree.children(tree.Find("/a/w")).empty());
}

TEST(BuilderTest, FindsEveryNodeByItsPath) {
  TreeBuilder builder;
  std::vector<std::string> paths;
  for (int i = 0; i < 300; ++i) {
    paths.push_back(absl::StrCat("/d", i % 7, "/e", i % 11, "/f", i));
    AddPath(builder, paths.back(), File());
  }
  const Tree tree = std::move(builder).Build();
  for (NodeId n = 0; n < tree.node_count(); ++n) EXPECT_EQ(tree.Find(tree.Path(n)), n);
  for (const std::string& path : paths) EXPECT_NE(tree.Find(path), kNoNode) << path;
  for (const char* path :
       {"/d", "/d9", "/d0/e0/f0/below a file", "/d0/e0/f", "/d0/e0/f00", "/D0", "/d0//", "/d0/."}) {
    const bool found = absl::string_view(path) == "/d0//";
    EXPECT_EQ(tree.Find(path) != kNoNode, found) << path;
  }
  EXPECT_EQ(tree.Find("/"), tree.root());
}

TEST(BuilderTest, HardLinksShareAnInode) {
  TreeBuilder builder;
  const Draft file = AddPath(builder, "/z/file", File(0400));
  AddPath(builder, "/other", File(0444));
  builder.AddLink(TreeBuilder::kRoot, "a", file, 0);
  const Draft third = builder.AddLink(builder.Find(TreeBuilder::kRoot, "z"), "b", file, 0);
  EXPECT_EQ(builder.inode_id(third), builder.inode_id(file));
  builder.inode(third).owner = 7;
  EXPECT_EQ(builder.inode(file).owner, 7u);

  const Tree tree = std::move(builder).Build();
  EXPECT_THAT(Paths(tree), ElementsAre("/", "/a", "/other", "/z", "/z/b", "/z/file"));
  EXPECT_EQ(tree.inode_count(), 4u);
  const InodeId inode = tree.inode_id(tree.Find("/a"));
  EXPECT_EQ(inode, 1u) << "inodes are numbered by their first node";
  EXPECT_EQ(tree.inode_id(tree.Find("/z/b")), inode);
  EXPECT_EQ(tree.inode_id(tree.Find("/z/file")), inode);
  EXPECT_EQ(tree.inode_at(inode).links, 3u);
  EXPECT_EQ(tree.inode_at(inode).owner, 7u);
  EXPECT_EQ(tree.inode_at(inode).mode, 0400);
  EXPECT_EQ(tree.first_node(inode), tree.Find("/a"));
  EXPECT_EQ(tree.inode(tree.Find("/other")).links, 1u);
  for (InodeId i = 0; i < tree.inode_count(); ++i) {
    EXPECT_EQ(tree.inode_id(tree.first_node(i)), i);
  }
}

TEST(BuilderTest, LinksMakeTheSameTreeWhicheverNameWasFirst) {
  auto build = [](bool turned) {
    TreeBuilder builder;
    const Draft first = builder.Add(TreeBuilder::kRoot, turned ? "b" : "a", File(), 0);
    builder.AddLink(TreeBuilder::kRoot, turned ? "a" : "b", first, 0);
    builder.Add(TreeBuilder::kRoot, "c", File(), 0);
    return Dump(std::move(builder).Build());
  };
  EXPECT_EQ(build(false), build(true));
}

TEST(BuilderTest, ARemovedNodeTakesAllBelowItAlong) {
  TreeBuilder builder;
  AddPath(builder, "/d/e/f", File());
  AddPath(builder, "/d/g", File());
  AddPath(builder, "/k", File());
  builder.Remove(builder.Find(TreeBuilder::kRoot, "d"));
  EXPECT_EQ(builder.Find(TreeBuilder::kRoot, "d"), TreeBuilder::kNone);
  const Tree tree = std::move(builder).Build();
  EXPECT_THAT(Paths(tree), ElementsAre("/", "/k"));
  EXPECT_EQ(tree.inode_count(), 2u);
  EXPECT_EQ(tree.directory_count(), 1u);
}

TEST(BuilderTest, ARemovedNameCanBeUsedAgain) {
  TreeBuilder builder;
  builder.Remove(AddPath(builder, "/a", File(0400)));
  builder.Remove(AddPath(builder, "/a/b", File(0401)));
  const Draft last = AddPath(builder, "/a", Directory());
  EXPECT_EQ(builder.Find(TreeBuilder::kRoot, "a"), last);
  builder.Add(last, "new", File(0402), 0);
  const Tree tree = std::move(builder).Build();
  EXPECT_THAT(Paths(tree), ElementsAre("/", "/a", "/a/new"));
}

TEST(BuilderTest, AnInodeLivesAsLongAsOneOfItsNames) {
  TreeBuilder builder;
  const Draft first = AddPath(builder, "/d/first", File(0123));
  builder.AddLink(TreeBuilder::kRoot, "second", first, 0);
  builder.Remove(builder.Find(TreeBuilder::kRoot, "d"));
  const Tree tree = std::move(builder).Build();
  ASSERT_THAT(Paths(tree), ElementsAre("/", "/second"));
  EXPECT_EQ(tree.inode(1).mode, 0123);
  EXPECT_EQ(tree.inode(1).links, 1u);
}

TEST(BuilderTest, KnowsDraftsWhileTheTreeIsMade) {
  TreeBuilder builder;
  const Draft a = builder.Add(TreeBuilder::kRoot, "a", Directory(), 5);
  const Draft b = builder.Add(a, "b", File(), 6);
  EXPECT_EQ(builder.Path(TreeBuilder::kRoot), "/");
  EXPECT_EQ(builder.Path(b), "/a/b");
  EXPECT_EQ(builder.origin(a), 5u);
  builder.set_origin(b, 9);
  EXPECT_EQ(builder.origin(b), 9u);
  EXPECT_EQ(builder.Find(a, "b"), b);
  EXPECT_EQ(builder.Find(a, "B"), TreeBuilder::kNone);
  EXPECT_EQ(builder.Find(TreeBuilder::kRoot, "b"), TreeBuilder::kNone);
  EXPECT_EQ(builder.Find(b, "b"), TreeBuilder::kNone);
}

TEST(BuilderTest, KeepsTargetsOfSymlinksAndContentsOfFiles) {
  TreeBuilder builder;
  Inode symlink;
  symlink.type = NodeType::kSymlink;
  symlink.target = builder.AddTarget("../a b");
  builder.Add(TreeBuilder::kRoot, "one", symlink, 0);
  symlink.target = builder.AddTarget("");
  builder.Add(TreeBuilder::kRoot, "two", symlink, 0);
  Inode file = File();
  file.content = ContentId{3};
  builder.Add(TreeBuilder::kRoot, "three", file, 0);
  Tree tree = std::move(builder).Build();
  EXPECT_EQ(tree.target(tree.inode(tree.Find("/one"))), "../a b");
  EXPECT_EQ(tree.target(tree.inode(tree.Find("/two"))), "");
  const NodeId three = tree.Find("/three");
  EXPECT_EQ(tree.inode(three).content, ContentId{3});
  tree.SetContent(tree.inode_id(three), ContentId{9});
  EXPECT_EQ(tree.inode(three).content, ContentId{9});
}

TEST(BuilderTest, ANameMayHave255Bytes) {
  TreeBuilder builder;
  const std::string name(255, 'n');
  AddPath(builder, "/" + name + "/" + name, File());
  const Tree tree = std::move(builder).Build();
  EXPECT_EQ(tree.name(2), name);
  EXPECT_EQ(tree.Path(2), "/" + name + "/" + name);
}

}  // namespace
}  // namespace isomason
