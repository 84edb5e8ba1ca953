#include "authoring/tree/hiding.h"

#include "authoring/tree/builder.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

// /a/b/c, /a/link (the same file as /f), /f.
Tree MakeTree() {
  TreeBuilder builder;
  Inode directory;
  directory.type = NodeType::kDirectory;
  const TreeBuilder::Draft a = builder.Add(TreeBuilder::kRoot, "a", directory, 0);
  const TreeBuilder::Draft b = builder.Add(a, "b", directory, 0);
  builder.Add(b, "c", Inode(), 0);
  const TreeBuilder::Draft f = builder.Add(TreeBuilder::kRoot, "f", Inode(), 0);
  builder.AddLink(a, "link", f, 0);
  return std::move(builder).Build();
}

TEST(HidingTest, IsEmptyAtFirst) {
  const Tree tree = MakeTree();
  const Hiding hiding;
  EXPECT_TRUE(hiding.empty());
  EXPECT_FALSE(hiding.Hides(tree.Find("/a"), Namespace::kUdf));
  EXPECT_FALSE(hiding.Marks(tree.Find("/a"), Namespace::kUdf));
  EXPECT_EQ(hiding.bits(tree.Find("/a")), 0);
  EXPECT_EQ(hiding.Names(tree, tree.inode_id(tree.Find("/f")), Namespace::kUdf), 2u);
}

TEST(HidingTest, HidesWhatIsBelowInOneNamespace) {
  const Tree tree = MakeTree();
  Hiding hiding;
  hiding.Hide(tree, tree.Find("/a/b"), Namespace::kJoliet);
  hiding.Hide(tree, tree.Find("/a"), Namespace::kJoliet);  // what is hidden counts once
  hiding.Hide(tree, tree.Find("/a/link"), Namespace::kJoliet);
  for (const char* path : {"/a", "/a/b", "/a/b/c", "/a/link"}) {
    EXPECT_TRUE(hiding.Hides(tree.Find(path), Namespace::kJoliet)) << path;
    EXPECT_FALSE(hiding.Hides(tree.Find(path), Namespace::kIso9660)) << path;
    EXPECT_FALSE(hiding.Hides(tree.Find(path), Namespace::kUdf)) << path;
  }
  EXPECT_FALSE(hiding.Hides(tree.Find("/f"), Namespace::kJoliet));
  EXPECT_EQ(hiding.Names(tree, tree.inode_id(tree.Find("/f")), Namespace::kJoliet), 1u);
  EXPECT_EQ(hiding.Names(tree, tree.inode_id(tree.Find("/f")), Namespace::kUdf), 2u);
  EXPECT_EQ(hiding.Names(tree, tree.inode_id(tree.Find("/a/b/c")), Namespace::kJoliet), 0u);
}

TEST(HidingTest, MarksANodeAlone) {
  const Tree tree = MakeTree();
  Hiding hiding;
  hiding.Mark(tree, tree.Find("/a"), Namespace::kUdf);
  EXPECT_TRUE(hiding.Marks(tree.Find("/a"), Namespace::kUdf));
  EXPECT_FALSE(hiding.Marks(tree.Find("/a/b"), Namespace::kUdf));
  EXPECT_FALSE(hiding.Hides(tree.Find("/a"), Namespace::kUdf));
  EXPECT_NE(hiding.bits(tree.Find("/a")), 0);
}

TEST(HidingTest, LeavesTheRoot) {
  const Tree tree = MakeTree();
  Hiding hiding;
  hiding.Hide(tree, tree.root(), Namespace::kUdf);
  hiding.Mark(tree, tree.root(), Namespace::kUdf);
  EXPECT_TRUE(hiding.empty());
}

}  // namespace
}  // namespace isomason
