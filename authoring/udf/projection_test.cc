#include "authoring/udf/projection.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/tree/builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

using ::testing::ElementsAre;

Inode Of(NodeType type) {
  Inode inode;
  inode.type = type;
  return inode;
}

// /a /b/ /b/c/ /b/d (a hard link of /a) /e -> . /f (a device) /g (a socket) /h/
Tree MakeTree() {
  TreeBuilder b;
  const auto a = b.Add(TreeBuilder::kRoot, "a", Of(NodeType::kFile), 0);
  const auto dir = b.Add(TreeBuilder::kRoot, "b", Of(NodeType::kDirectory), 0);
  b.Add(dir, "c", Of(NodeType::kDirectory), 0);
  b.AddLink(dir, "d", a, 0);
  Inode link = Of(NodeType::kSymlink);
  link.target = b.AddTarget(".");
  b.Add(TreeBuilder::kRoot, "e", link, 0);
  b.Add(TreeBuilder::kRoot, "f", Of(NodeType::kBlockDevice), 0);
  b.Add(TreeBuilder::kRoot, "g", Of(NodeType::kSocket), 0);
  b.Add(TreeBuilder::kRoot, "h", Of(NodeType::kDirectory), 0);
  return std::move(b).Build();
}

std::vector<std::string> Lines(const Remarks& remarks) {
  std::vector<std::string> lines;
  for (const Remark& r : remarks) {
    lines.push_back((r.kind == Remark::Kind::kOmitted  ? "omitted "
                     : r.kind == Remark::Kind::kReader ? "reader "
                                                       : "other ") +
                    r.path + " " + r.detail.substr(0, 20));
  }
  return lines;
}

TEST(ProjectionTest, HidesNamesAndTheInodesThatHaveNoOther) {
  const Tree tree = MakeTree();
  Hiding hiding;
  hiding.Hide(tree, tree.Find("/b/c"), Namespace::kUdf);
  hiding.Hide(tree, tree.Find("/b/d"), Namespace::kUdf);
  hiding.Hide(tree, tree.Find("/e"), Namespace::kUdf);
  hiding.Hide(tree, tree.Find("/h"), Namespace::kJoliet);
  hiding.Mark(tree, tree.Find("/f"), Namespace::kUdf);
  Remarks remarks;
  Problems problems;
  // A symlink that is hidden need not be refused.
  UdfOptions options;
  options.symlinks = UdfOptions::Special::kRefuse;
  options.hiding = &hiding;
  const auto p = Projection::Make(tree, options, &remarks, &problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(p.entry_count(), 6u);
  EXPECT_EQ(p.directory_count(), 3u);
  EXPECT_EQ(p.directory(1).subdirectories, 0u);
  EXPECT_TRUE(p.shows(tree, tree.Find("/a")));
  EXPECT_FALSE(p.shows(tree, tree.Find("/b/d")));
  EXPECT_FALSE(p.shows(tree, tree.Find("/b/c")));
  EXPECT_TRUE(p.shows(tree, tree.Find("/h")));
  EXPECT_EQ(p.links(tree, tree.inode_id(tree.Find("/a"))), 1u);
  EXPECT_TRUE(p.marks(tree.Find("/f")));
  EXPECT_THAT(Lines(remarks), testing::Each(testing::Not(testing::HasSubstr("omitted"))));
}

TEST(ProjectionTest, GivesEachInodeAnEntryInTreeOrder) {
  const Tree tree = MakeTree();
  Remarks remarks;
  Problems problems;
  const auto p = Projection::Make(tree, {}, &remarks, &problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(p.entry_count(), 8u);  // the hard link has none of its own
  EXPECT_EQ(p.directory_count(), 4u);
  EXPECT_EQ(p.file_count(), 4u);
  for (EntryNumber e = 0; e < p.entry_count(); ++e) EXPECT_EQ(p.entry(p.inode(e)), e);
  EXPECT_EQ(p.entry(tree.inode_id(tree.root())), 0u);
  EXPECT_EQ(p.entry(tree.inode_id(tree.Find("/a"))), p.entry(tree.inode_id(tree.Find("/b/d"))));
  EXPECT_TRUE(remarks.empty());
}

TEST(ProjectionTest, CountsSubdirectories) {
  const Tree tree = MakeTree();
  Problems problems;
  const auto p = Projection::Make(tree, {}, nullptr, &problems);
  EXPECT_TRUE(problems.empty());
  const auto at = [&](const char* path) {
    return p.directory(p.DirectoryOrdinal(tree.Find(path)));
  };
  EXPECT_EQ(at("/").subdirectories, 2u);
  EXPECT_EQ(at("/b").subdirectories, 1u);
  EXPECT_EQ(at("/b/c").subdirectories, 0u);
  EXPECT_EQ(at("/b/c").node, tree.Find("/b/c"));
  EXPECT_EQ(at("/h").subdirectories, 0u);
}

TEST(ProjectionTest, LeavesOutWhatTheOptionsOmitAndSaysSo) {
  const Tree tree = MakeTree();
  Remarks remarks;
  Problems problems;
  UdfOptions options;
  options.symlinks = options.devices = UdfOptions::Special::kOmit;
  const auto p = Projection::Make(tree, options, &remarks, &problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(p.entry_count(), 5u);
  EXPECT_EQ(p.file_count(), 1u);
  EXPECT_FALSE(p.has(tree.inode_id(tree.Find("/e"))));
  EXPECT_FALSE(p.has(tree.inode_id(tree.Find("/f"))));
  for (EntryNumber e = 0; e < p.entry_count(); ++e) EXPECT_EQ(p.entry(p.inode(e)), e);
  EXPECT_THAT(Lines(remarks), ElementsAre("omitted /e a symlink", "omitted /f a block device",
                                          "omitted /g a socket"));
}

// /a -> d/f, /b -> d, /c -> none, /d/ (/d/f), /e -> g, /g (a device), /h (hidden), /i -> h
TEST(ProjectionTest, FollowsSymlinksToWhatIsThere) {
  TreeBuilder b;
  const auto link = [&](const char* name, const char* target) {
    Inode inode = Of(NodeType::kSymlink);
    inode.target = b.AddTarget(target);
    b.Add(TreeBuilder::kRoot, name, inode, 0);
  };
  link("a", "d/f");
  link("b", "d");
  link("c", "none");
  const auto d = b.Add(TreeBuilder::kRoot, "d", Of(NodeType::kDirectory), 0);
  const auto f = b.Add(d, "f", Of(NodeType::kFile), 0);
  b.AddLink(d, "f2", f, 0);
  link("e", "g");
  b.Add(TreeBuilder::kRoot, "g", Of(NodeType::kCharacterDevice), 0);
  b.Add(TreeBuilder::kRoot, "h", Of(NodeType::kFile), 0);
  link("i", "h");
  const Tree tree = std::move(b).Build();
  Hiding hiding;
  hiding.Hide(tree, tree.Find("/h"), Namespace::kUdf);
  UdfOptions options;
  options.symlinks = UdfOptions::Special::kFollow;
  options.devices = UdfOptions::Special::kOmit;
  options.hiding = &hiding;
  Remarks remarks;
  Problems problems;
  const Projection p = Projection::Make(tree, options, &remarks, &problems);
  EXPECT_TRUE(problems.empty());
  std::vector<std::string> lines;
  for (const Remark& r : remarks) {
    lines.push_back((r.kind == Remark::Kind::kFollowed ? "followed " : "omitted ") + r.path + ": " +
                    r.detail);
  }
  EXPECT_THAT(
      lines,
      ElementsAre(
          "followed /a: /d/f",
          "omitted /b: the symlink leads to the directory /d, and UDF has one name for a directory "
          "(ECMA-167 4/8.6)",
          "omitted /c: the symlink leads to \"none\", which is not in the image",
          "omitted /e: the symlink leads to /g, which is left out of UDF",
          "omitted /g: a character device",
          "omitted /i: the symlink leads to /h, which is left out of UDF"));
  EXPECT_EQ(p.entry_count(), 3u);
  EXPECT_EQ(p.file_name_count(), 3u);
  const InodeId file = tree.inode_id(tree.Find("/d/f"));
  EXPECT_EQ(p.links(tree, file), 3u);
  EXPECT_EQ(p.inode_of(tree, tree.Find("/a")), file);
  EXPECT_TRUE(p.shows(tree, tree.Find("/a")));
  EXPECT_TRUE(p.IsFurtherName(tree, tree.Find("/a")));
  EXPECT_FALSE(p.IsFurtherName(tree, tree.Find("/d/f")));
  EXPECT_FALSE(p.shows(tree, tree.Find("/b")));
}

TEST(ProjectionTest, HasEachPolicyForItself) {
  const Tree tree = MakeTree();
  Remarks remarks;
  Problems problems;
  UdfOptions options;
  options.devices = UdfOptions::Special::kOmit;
  const auto p = Projection::Make(tree, options, &remarks, &problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_TRUE(p.has(tree.inode_id(tree.Find("/e"))));
  EXPECT_FALSE(p.has(tree.inode_id(tree.Find("/g"))));
  EXPECT_THAT(Lines(remarks), ElementsAre("omitted /f a block device", "omitted /g a socket"));
}

TEST(ProjectionTest, NamesEveryEntryThatItRefusesAndLeavesItOut) {
  const Tree tree = MakeTree();
  Problems problems;
  UdfOptions options;
  options.devices = options.symlinks = UdfOptions::Special::kRefuse;
  const auto p = Projection::Make(tree, options, nullptr, &problems);
  EXPECT_EQ(p.entry_count(), 5u);
  std::vector<std::string> lines;
  for (const Problem& problem : problems) {
    lines.push_back(absl::StrCat(problem.where, " ", tree.Path(problem.node), " ", problem.message,
                                 ": ", problem.remedy));
  }
  EXPECT_THAT(
      lines,
      ElementsAre("udf /e is a symlink, which the manifest refuses in UDF: set `udf.symlinks: "
                  "EMIT`, OMIT to leave symlinks out of UDF, or FOLLOW to show the files that "
                  "they lead to",
                  "udf /f is a block device, which the manifest refuses in UDF: set `udf.special: "
                  "EMIT`, or OMIT to leave devices, FIFOs and sockets out of UDF",
                  "udf /g is a socket, which the manifest refuses in UDF: set `udf.special: EMIT`, "
                  "or OMIT to leave devices, FIFOs and sockets out of UDF"));
}

}  // namespace
}  // namespace isomason::udf
