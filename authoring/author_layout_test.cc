// What `layout` says about the order and the places of contents, through the front door.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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

using ::testing::HasSubstr;

class AuthorLayoutTest : public testing::Test {
 protected:
  // Authors a manifest of files "/a" and the like; false when that is an error.
  bool Make(const std::string& layout, const std::string& more = kFiles) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'T' } iso9660 { rock_ridge {} } ", more,
                     " layout { ", layout, " }"),
        &m));
    const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "m", ".");
    diagnostics_ = Diagnostics();
    auto disc = Author(loaded, directory_.path(), &diagnostics_);
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    return true;
  }

  uint64_t BlockOf(const std::string& path) const {
    const Tree& tree = disc_->tree();
    return disc_->image().addresses().block(tree.inode(tree.Find(path)).content).value();
  }

  // The contents in the order in which they lie: "/b /a".
  std::string Order() const {
    std::vector<std::string> names;
    disc_->image().Map([&](ContentId content) { return disc_->ContentName(content); },
                       [&](const MapLine& line) {
                         if (line.owner == "content") names.push_back(line.what);
                       });
    return absl::StrJoin(names, " ");
  }
  std::string OrderWith(const std::string& layout, const std::string& more = kFiles) {
    EXPECT_TRUE(Make(layout, more)) << diagnostics_.Format();
    return Order();
  }

  std::string Remarks() const {
    std::vector<std::string> lines;
    for (const Remark& remark : disc_->remarks()) {
      if (remark.kind == Remark::Kind::kPlace) {
        lines.push_back(absl::StrCat(remark.path, remark.path.empty() ? "" : " ", remark.detail));
      }
    }
    return absl::StrJoin(lines, "\n");
  }

  std::string Problems(const std::string& layout, const std::string& more = kFiles) {
    EXPECT_FALSE(Make(layout, more));
    std::string text = diagnostics_.Format();
    const std::string prefix = absl::StrCat(directory_.path(), "/");
    for (size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

  static constexpr char kFiles[] =
      "entry { path: '/a' text: 'a' } entry { path: '/b' text: 'b' } "
      "entry { path: '/d/c' text: 'c' } entry { path: '/d/e.img' text: 'e' } "
      "entry { path: '/f.img' text: 'f' } ";

  TestDirectory directory_;
  Diagnostics diagnostics_;
  std::unique_ptr<Disc> disc_;
};

TEST_F(AuthorLayoutTest, OrdersContentsByWeightListAndTree) {
  const struct {
    const char* what;
    const char* layout;
    const char* order;
  } kCases[] = {
      {"the tree", "", "/a /b /f.img /d/c /d/e.img"},
      {"a weight", "sort { match: '**/*.img' weight: 1 }", "/f.img /d/e.img /a /b /d/c"},
      {"a weight below that of all others", "sort { match: 'a' weight: -1 }",
       "/b /f.img /d/c /d/e.img /a"},
      {"the last rule counts, whatever its weight",
       "sort { match: '**' weight: 5 } sort { match: 'd/**' weight: 9 } "
       "sort { match: 'd/c' weight: -2147483648 }",
       "/d/e.img /a /b /f.img /d/c"},
      {"a list", "order: 'f.img' order: 'd/c' order: 'a'", "/f.img /d/c /a /b /d/e.img"},
      {"the first of a list counts", "order: '**/*.img' order: 'b' order: 'd/**'",
       "/f.img /d/e.img /b /d/c /a"},
      {"weights order what one glob matches, and the rest",
       "order: 'd/**' sort { match: 'd/e.img' weight: 1 } sort { match: 'b' weight: 1 }",
       "/d/e.img /d/c /b /a /f.img"},
      {"a list goes before any weight", "order: 'b' sort { match: 'a' weight: 2147483647 }",
       "/b /a /f.img /d/c /d/e.img"},
  };
  for (const auto& c : kCases) EXPECT_EQ(OrderWith(c.layout), c.order) << c.what;
}

TEST_F(AuthorLayoutTest, AFileWithSeveralNamesLiesWhereTheBestOfThemWould) {
  const std::string kLinked = absl::StrCat(
      kFiles, "entry { path: '/z/last' hard_link: '/a' } entry { path: '/z/y' text: 'y' }");
  EXPECT_EQ(OrderWith("order: 'z/**'", kLinked), "/a /z/y /b /f.img /d/c /d/e.img");
  EXPECT_EQ(OrderWith("sort { match: 'z/last' weight: 1 } sort { match: 'a' weight: -5 }", kLinked),
            "/a /b /f.img /d/c /d/e.img /z/y");
  // Without a rule for its other name it would have weight 0 there.
  EXPECT_EQ(OrderWith("sort { match: 'a' weight: -5 }", kLinked),
            "/a /b /f.img /d/c /d/e.img /z/y");
  EXPECT_TRUE(Make(
      "align { match: 'a' alignment: 4096 } align { match: 'z/last' alignment: 65536 }", kLinked));
  EXPECT_EQ(BlockOf("/a") % 32, 0u);
}

TEST_F(AuthorLayoutTest, BootImagesComeFirstWhenAsked) {
  const std::string kBoot = absl::StrCat(
      kFiles,
      "boot { catalog: '/d/boot.cat' entry { image: '/f.img' boot_info_table: true } "
      "entry { platform: UEFI image: '/d/e.img' } entry { platform: UEFI image: '/b' } }",
      "entry { path: '/f.img' overlay: true text: '", std::string(100, 'f'), "' }");
  EXPECT_EQ(OrderWith("", kBoot), "/d/boot.cat /a /b /f.img /d/c /d/e.img");
  EXPECT_EQ(OrderWith("boot_first: true", kBoot), "/d/boot.cat /f.img /d/e.img /b /a /d/c");
  EXPECT_EQ(OrderWith("boot_first: true order: 'd/c' order: 'b'", kBoot),
            "/d/boot.cat /f.img /d/e.img /b /d/c /a");
  EXPECT_EQ(OrderWith("order: 'd/c' order: 'd/boot.cat'", kBoot),
            "/d/boot.cat /d/c /a /b /f.img /d/e.img");
}

TEST_F(AuthorLayoutTest, AlignsSingleFiles) {
  ASSERT_TRUE(
      Make("align { match: '**/*.img' alignment: 1048576 } "
           "align { match: 'f.img' alignment: 8192 } "
           "align { match: 'b' alignment: 2048 } file_alignment: 4096"));
  EXPECT_EQ(BlockOf("/a") % 2, 0u);
  EXPECT_EQ(BlockOf("/b"), BlockOf("/a") + 1);
  EXPECT_EQ(BlockOf("/f.img") % 4, 0u);
  EXPECT_EQ(BlockOf("/d/e.img") % 512, 0u);
  EXPECT_EQ(Order(), "/a /b /f.img /d/c /d/e.img") << "alignment changes no order";
}

TEST_F(AuthorLayoutTest, RulesThatMatchNothingAreRemarks) {
  ASSERT_TRUE(
      Make("order: 'b' order: 'd' sort { match: 'x*' weight: 1 } "
           "align { match: 'no/**' alignment: 4096 }"));
  EXPECT_EQ(Remarks(),
            "\"x*\" in `sort` matches no file that has contents\n"
            "\"d\" in `order` matches no file that has contents\n"
            "\"no/**\" in `align` matches no file that has contents");
}

TEST_F(AuthorLayoutTest, ListsAreReadFromFiles) {
  directory_.Write("weights",
                   "\xEF\xBB\xBF# a comment\r\n"
                   "/d\t 10\r\n"
                   "\n"
                   "./d/e.img   -10\n"
                   "*.img 5");
  EXPECT_EQ(OrderWith("sort_file: 'weights'"), "/d/c /f.img /a /b /d/e.img");
  EXPECT_EQ(OrderWith("sort_file: 'weights' sort { match: 'a' weight: 20 }"),
            "/a /d/c /f.img /b /d/e.img")
      << "the manifest's own rules come last";
  directory_.Write("bootorder.txt", "d\\e.img\r\n/b\r\nd/missing*.img\r\n");
  EXPECT_EQ(OrderWith("order_file: 'bootorder.txt' order: 'a'"), "/d/e.img /b /a /f.img /d/c");
  EXPECT_EQ(Remarks(), "\"d/missing\\\\*.img\" in `order` matches no file that has contents");
}

TEST_F(AuthorLayoutTest, TheImageIdKnowsRulesAndNotTheirFiles) {
  directory_.Write("one/list", "a\nb\n");
  directory_.Write("two/other", "# the same\n\n/a\n/b");
  const auto id = [&](const std::string& layout) {
    EXPECT_TRUE(Make(layout)) << diagnostics_.Format();
    return disc_->volume().image_id.Hex();
  };
  const std::string plain = id("order: 'a' order: 'b'");
  EXPECT_EQ(id("order_file: 'one/list'"), plain);
  EXPECT_EQ(id("order_file: 'two/other'"), plain);
  EXPECT_EQ(id(absl::StrCat("order_file: '", directory_.path(), "/one/list'")), plain);
  EXPECT_NE(id("order: 'a'"), plain);
  directory_.Write("one/list", "a\nd/c\n");
  EXPECT_NE(id("order_file: 'one/list'"), plain);
}

TEST_F(AuthorLayoutTest, WhatIsWrongWithAListIsToldByLine) {
  directory_.Write("weights", "a\nb 1\nc x\nd 99999999999\n[ 1\nok 2\n\xFF 3\n/ 4\n");
  EXPECT_EQ(Problems("sort_file: 'weights'"),
            "weights:1: \"a\" has no weight at its end\n"
            "  write a path, a blank and a number: boot/loader 100\n"
            "weights:3: \"c x\" has no weight at its end\n"
            "  write a path, a blank and a number: boot/loader 100\n"
            "weights:4: \"d 99999999999\" has no weight at its end\n"
            "  write a path, a blank and a number: boot/loader 100\n"
            "weights:5: \"[ 1\" \"[/**\": a class `[...]` never matches `/`; it stands inside one "
            "component\n"
            "  `*` and `?` stay inside a name, `**` crosses directories, `[a-z]` is a class\n"
            "weights:7: \"\\xff 3\" is not valid UTF-8\n"
            "  write it in UTF-8, as paths in the image are\n");
  directory_.Write("order", "a\n.\nx//y\n");
  EXPECT_EQ(Problems("order_file: 'order'"),
            "order:2: \".\" \"\": the pattern is empty\n"
            "  write the path of a file in the image\n"
            "order:3: \"x//y\" \"x//y\": the pattern has an empty component\n"
            "  write the path of a file in the image\n");
  EXPECT_THAT(Problems("order_file: 'absent'"),
              HasSubstr("m: layout.order_file: cannot look at absent: No such file or directory\n"
                        "  source paths are relative to the manifest's directory, or to "
                        "--source-root\n"));
  EXPECT_THAT(Problems("sort_file: '.'"), HasSubstr(" is not a regular file"));
}

TEST_F(AuthorLayoutTest, AnImageThatIsTooLargeForItsMediumIsRefused) {
  directory_.Write("large", "");
  std::filesystem::resize_file(directory_.path("large"), 700'000'000);  // a hole
  const std::string kLarge = "entry { path: '/large' file { source: 'large' } }";
  EXPECT_TRUE(Make("media: CD_700", kLarge));
  EXPECT_TRUE(Make("", kLarge));
  EXPECT_EQ(Problems("media: CD_650", kLarge),
            "m: layout.media: the image has 700352512 bytes, 18675712 more than the 681676800 of a "
            "CD of 74 minutes\n"
            "  leave out 18675712 bytes, or use `layout.media: CD_700`\n");
}

TEST_F(AuthorLayoutTest, PinnedFilesLieWhereTheyAreWanted) {
  ASSERT_TRUE(Make("pin { path: '/b' block: 1000 } pin { path: '/d/c' block: 19 }"));
  EXPECT_EQ(BlockOf("/b"), 1000u) << "the image grows";
  EXPECT_EQ(disc_->image().size(), (1001u + 150) * 2048);
  EXPECT_EQ(BlockOf("/d/c"), 19u) << "directories go around it";
  EXPECT_EQ(Order(), "/d/c /a /f.img /d/e.img /b");
  const std::string kLarge =
      absl::StrCat(kFiles, "entry { path: '/large' text: '", std::string(20000, 'x'), "' }");
  EXPECT_EQ(OrderWith("order: 'a' order: 'large' order: '**' pin { path: '/b' block: 30 }", kLarge),
            "/a /f.img /d/c /d/e.img /b /large")
      << "what fits before a pinned file lies there";
}

TEST_F(AuthorLayoutTest, PinsThatCannotBeAreErrors) {
  const std::string kMore =
      absl::StrCat(kFiles,
                   "entry { path: '/empty' text: '' } entry { path: '/link' symlink: 'a' } "
                   "entry { path: '/same' hard_link: '/a' } entry { path: '/long' text: '",
                   std::string(5000, 'x'), "' }");
  const struct {
    const char* pins;
    const char* problems;
  } kCases[] = {
      {"pin { path: '/x' block: 100 } pin { path: '/empty' block: 101 } "
       "pin { path: '/link' block: 102 } pin { path: '/d' block: 103 } "
       "pin { path: '/a' block: 104 } pin { path: '/same' block: 105 }",
       "m: layout.pin[0].path: \"/x\" is not in the image\n"
       "  correct the path, or remove the pin\n"
       "m: layout.pin[1].path: \"/empty\" is an empty file, which has no contents to pin\n"
       "  name a file that has contents, or remove the pin\n"
       "m: layout.pin[2].path: \"/link\" is a symlink, which has no contents to pin\n"
       "  name a file that has contents, or remove the pin\n"
       "m: layout.pin[3].path: \"/d\" is a directory, which has no contents to pin\n"
       "  name a file that has contents, or remove the pin\n"
       "m: layout.pin[5].path: \"/same\" has the contents of \"/a\", which layout.pin[4] pins\n"
       "  contents are stored once; remove one of the two pins\n"},
      {"pin { path: '/a' block: 16 } pin { path: '/long' block: 1000 } "
       "pin { path: '/b' block: 1002 }",
       "m: layout.pin[0].block: \"/a\" would lie in blocks 16 to 16, but primary volume descriptor "
       "(iso9660) lies in 16 to 16\n"
       "  pin it to other blocks; `isomason plan` without the pin shows what is free\n"
       "m: layout.pin[2].block: \"/b\" would lie in blocks 1002 to 1002, but /long lies in 1000 to "
       "1002\n"
       "  pin it to other blocks; `isomason plan` without the pin shows what is free\n"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Problems(c.pins, kMore), c.problems);
  const std::string kUdf = absl::StrCat("udf {} ", kMore);
  EXPECT_EQ(Problems("pin { path: '/a' block: 255 } pin { path: '/long' block: 255 }", kUdf),
            "m: layout.pin[1].block: \"/long\" would lie in blocks 255 to 257, but /a lies in 255 "
            "to 255\n"
            "  pin it to other blocks; `isomason plan` without the pin shows what is free\n"
            "m: layout.pin[1].block: \"/long\" would lie in blocks 255 to 257, but anchor volume "
            "descriptor pointer (udf) lies in 256 to 256\n"
            "  pin it to other blocks; `isomason plan` without the pin shows what is free\n");
  EXPECT_EQ(Problems("pin { path: '/a' block: 255 }", kUdf),
            "m: layout.pin[0].block: \"/a\" would lie in block 255, before the UDF partition, "
            "which has to hold it and starts at block 257 of this image (ECMA-167 3/10.5)\n"
            "  pin it further behind, or leave out `udf`\n");
}

// --- The lock ----------------------------------------------------------------------------------

class AuthorLockTest : public AuthorLayoutTest {
 protected:
  // Files of `sizes` in blocks, all of one letter.
  static std::string Files(const std::vector<std::pair<std::string, size_t>>& sizes) {
    std::string entries;
    for (const auto& [path, blocks] : sizes) {
      absl::StrAppend(&entries, "entry { path: '", path, "' text: '",
                      std::string(blocks * kBlockSize, 'x'), "' } ");
    }
    return entries;
  }

  // Makes an image and writes its lock over the one that it was made with.
  void MakeAndLock(const std::string& layout, const std::string& files) {
    ASSERT_TRUE(Make(absl::StrCat("lock: 'lock' ", layout), files)) << diagnostics_.Format();
    directory_.Write("lock", disc_->MakeLock().Format());
  }
};

TEST_F(AuthorLockTest, WhatHasNotChangedStays) {
  directory_.Write("lock", "");
  MakeAndLock("", Files({{"/a", 2}, {"/b", 1}, {"/c", 3}, {"/d", 1}, {"/e", 1}}));
  const uint64_t a = BlockOf("/a");
  EXPECT_EQ(Order(), "/a /b /c /d /e");
  EXPECT_EQ(
      ReadHostFile(directory_.path("lock")),
      absl::StrCat("isomason lock 1\nstart ", a, "\n", a, " 4096 - /a\n", a + 2, " 2048 - /b\n",
                   a + 3, " 6144 - /c\n", a + 6, " 2048 - /d\n", a + 7, " 2048 - /e\n"));
  EXPECT_EQ(Remarks(), "") << "an empty lock keeps nothing";

  // /a is gone, /b has grown into what is taken, /c has shrunk, /d is renamed, /new is new.
  MakeAndLock("", Files({{"/b", 2}, {"/c", 2}, {"/e", 1}, {"/f", 1}, {"/new", 1}}));
  EXPECT_EQ(BlockOf("/c"), a + 3) << "what has shrunk stays where it began";
  EXPECT_EQ(BlockOf("/e"), a + 7);
  EXPECT_EQ(BlockOf("/b"), a) << "in the gap that /a has left";
  EXPECT_EQ(BlockOf("/f"), a + 2);
  EXPECT_EQ(BlockOf("/new"), a + 5);
  EXPECT_EQ(Remarks(),
            "1 of 1 files that the lock has with their size stay at their blocks; 1 blocks between "
            "files are free");

  // The lock of an image that was made with it keeps all of it.
  const std::string before = Order();
  MakeAndLock("", Files({{"/b", 2}, {"/c", 2}, {"/e", 1}, {"/f", 1}, {"/new", 1}}));
  EXPECT_EQ(Order(), before);
  EXPECT_EQ(Remarks(),
            "5 of 5 files that the lock has with their size stay at their blocks; 1 blocks between "
            "files are free");
}

TEST_F(AuthorLockTest, AFileThatGrowsStaysWhereThereIsRoom) {
  directory_.Write("lock", "");
  MakeAndLock("", Files({{"/a", 1}, {"/b", 1}, {"/c", 1}}));
  const uint64_t a = BlockOf("/a");
  MakeAndLock("", Files({{"/a", 2}, {"/c", 4}}));
  EXPECT_EQ(BlockOf("/a"), a) << "/b has made room";
  EXPECT_EQ(BlockOf("/c"), a + 2);
}

TEST_F(AuthorLockTest, DirectoriesGrowIntoTheSlackFirst) {
  std::vector<std::pair<std::string, size_t>> files = {{"/a", 1}, {"/b", 1}, {"/c", 1}};
  directory_.Write("lock", "");
  MakeAndLock("slack_blocks: 10", Files(files));
  const uint64_t a = BlockOf("/a");
  // Two blocks each: one directory, and the L and M path tables do not grow yet.
  for (int i = 0; i < 10; ++i) files.emplace_back(absl::StrCat("/d", i, "/x"), 1);
  MakeAndLock("slack_blocks: 10", Files(files));
  EXPECT_EQ(BlockOf("/a"), a);
  EXPECT_EQ(BlockOf("/b"), a + 1);
  EXPECT_EQ(BlockOf("/d0/x"), a + 3) << "new files do not take the slack";
  for (int i = 0; i < 2; ++i) files.emplace_back(absl::StrCat("/e", i, "/x"), 1);

  EXPECT_EQ(Problems("lock: 'lock' slack_blocks: 10 lock_moves: REFUSE_MOVES", Files(files)),
            absl::StrCat("m: entry[0].path: \"/a\" cannot stay at block ", a,
                         ", where `layout.lock` has it: directories reach to block ", a + 1,
                         "\n  set `layout.lock_moves: ALLOW_MOVES`, or begin a new lock\n"
                         "m: entry[1].path: \"/b\" cannot stay at block ",
                         a + 1, ", where `layout.lock` has it: directories reach to block ", a + 1,
                         "\n  set `layout.lock_moves: ALLOW_MOVES`, or begin a new lock\n"));
  MakeAndLock("slack_blocks: 10", Files(files));
  EXPECT_EQ(BlockOf("/c"), a + 2) << "only those in the way move";
  EXPECT_THAT(Remarks(), HasSubstr(absl::StrCat("/a moves from block ", a, " to ")));
  EXPECT_THAT(Remarks(), HasSubstr(absl::StrCat("/b moves from block ", a + 1, " to ")));
  EXPECT_THAT(Remarks(), HasSubstr("11 of 13 files that the lock has with their size stay"));
  EXPECT_GE(BlockOf("/a"), a + 12) << "behind a new slack";
}

TEST_F(AuthorLockTest, PinsAndAlignmentGoBeforeTheLock) {
  directory_.Write("lock", "");
  MakeAndLock("", Files({{"/a", 1}, {"/b", 1}, {"/c", 1}}));
  const uint64_t a = BlockOf("/a");
  ASSERT_TRUE(Make(absl::StrCat("lock: 'lock' pin { path: '/c' block: ", a, " }"),
                   Files({{"/a", 1}, {"/b", 1}, {"/c", 1}})));
  EXPECT_EQ(BlockOf("/c"), a);
  EXPECT_EQ(BlockOf("/b"), a + 1);
  EXPECT_EQ(BlockOf("/a"), a + 2);
  EXPECT_EQ(Remarks(),
            absl::StrCat("/a moves from block ", a, " to ", a + 2, ": another file lies there\n",
                         "1 of 2 files that the lock has with their size stay at their blocks; 0 "
                         "blocks between files are free"));
  ASSERT_TRUE(Make("lock: 'lock' file_alignment: 65536", Files({{"/a", 1}, {"/b", 1}, {"/c", 1}})));
  EXPECT_THAT(Remarks(), HasSubstr("that is no multiple of 65536 bytes"));
  EXPECT_THAT(Remarks(), HasSubstr("0 of 3 files that the lock has"));
}

TEST_F(AuthorLockTest, ARenamedFileIsFoundByItsPinnedDigest) {
  directory_.Write("source", "abc");
  const std::string kSha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const auto manifest = [&](absl::string_view path) {
    return absl::StrCat(Files({{"/k", 1}, {"/z", 1}}), "entry { path: '", path,
                        "' file { source: 'source' sha256: '", kSha256, "' } }");
  };
  directory_.Write("lock", "");
  MakeAndLock("", manifest("/m-1.0"));
  const uint64_t m = BlockOf("/m-1.0");
  EXPECT_THAT(ReadHostFile(directory_.path("lock")),
              HasSubstr(absl::StrCat(m, " 3 ", kSha256, " /m-1.0\n")));
  EXPECT_EQ(Order(), "/k /m-1.0 /z");
  MakeAndLock("", manifest("/a-1.1"));
  EXPECT_EQ(BlockOf("/a-1.1"), m);
  EXPECT_EQ(Order(), "/k /a-1.1 /z");
}

TEST_F(AuthorLockTest, TheImageIdKnowsWhatALockSays) {
  const auto id = [&](const std::string& layout) {
    EXPECT_TRUE(Make(layout)) << diagnostics_.Format();
    return disc_->volume().image_id.Hex();
  };
  directory_.Write("empty", "# nothing\n");
  directory_.Write("one/lock", "isomason lock 1\nstart 100\n100 1 - /a\n");
  directory_.Write("two/lock", "isomason lock 1\n# again\nstart 100\r\n100 1 - /a");
  directory_.Write("three", "isomason lock 1\nstart 100\n101 1 - /a\n");
  EXPECT_EQ(id("lock: 'empty'"), id(""));
  EXPECT_NE(id("lock: 'one/lock'"), id(""));
  EXPECT_EQ(id("lock: 'one/lock'"), id("lock: 'two/lock'"));
  EXPECT_NE(id("lock: 'one/lock'"), id("lock: 'three'"));
}

TEST_F(AuthorLockTest, WhatIsWrongWithALockIsToldByLine) {
  directory_.Write("lock", "isomason lock 1\n5 x - /a\n");
  EXPECT_EQ(Problems("lock: 'lock'"),
            "lock:2: this line has no size behind its block\n"
            "  a lock is what --write-lock has written; to begin with, an empty file will do\n");
  EXPECT_THAT(Problems("lock: 'absent'"),
              HasSubstr("m: layout.lock: cannot look at absent: No such file or directory\n"));
}

}  // namespace
}  // namespace isomason
