#include "authoring/tree/resolve.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/check.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

constexpr Timestamp kVolumeTime{1'000'000'000, 0};

// Resolves manifests in a folder of their own, so that they call themselves "m.textproto".
class ResolveTest : public testing::Test {
 protected:
  ResolveTest() : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(directory_.path());
  }
  ~ResolveTest() override { std::filesystem::current_path(before_); }

  // Resolves a manifest; what is wrong with it is in the result, formatted.
  std::string Resolve(absl::string_view manifest, const std::string& source_root = ".") {
    directory_.Write("m.textproto",
                     absl::StrCat("image_version: 1 volume { id: \"T\" }\n", manifest));
    contents_ = std::make_unique<ContentTable>();
    resolved_ = Resolved();
    loaded_ = LoadedManifest();
    Diagnostics before;
    LoadManifest("m.textproto", {}, &loaded_, &before);
    CheckManifest(loaded_, &before);
    EXPECT_TRUE(before.empty()) << "the test wants to know about resolving:\n" << before.Format();
    Diagnostics diagnostics;
    const bool ok = isomason::Resolve(loaded_, source_root, kVolumeTime, contents_.get(),
                                      &resolved_, &diagnostics);
    EXPECT_EQ(ok, diagnostics.empty());
    return diagnostics.Format();
  }

  const Tree& tree() const { return resolved_.tree; }

  std::string BytesOf(ContentId content) const {
    std::vector<uint8_t> bytes(contents_->size(content));
    EXPECT_EQ(contents_->ReadUnpatched(content, 0, absl::MakeSpan(bytes)), absl::OkStatus());
    return std::string(bytes.begin(), bytes.end());
  }

  // "/boot/ 555", "/a 444 \"text\"", "/b 777 -> a", "/c 444 | 0 0"; with links behind it when
  // there are several.
  std::string Line(NodeId n) const {
    const Inode& inode = tree().inode(n);
    std::string line = tree().Path(n);
    if (inode.type == NodeType::kDirectory && n != 0) line += "/";
    absl::StrAppendFormat(&line, " %o", inode.mode);
    switch (inode.type) {
      case NodeType::kFile:
        absl::StrAppend(&line, " \"", inode.content == kNoContent ? "" : BytesOf(inode.content),
                        "\"");
        break;
      case NodeType::kSymlink:
        absl::StrAppend(&line, " -> ", tree().target(inode));
        break;
      case NodeType::kFifo:
        line += " fifo";
        break;
      case NodeType::kSocket:
        line += " socket";
        break;
      case NodeType::kBlockDevice:
        absl::StrAppend(&line, " block device ", inode.device_major, ":", inode.device_minor);
        break;
      case NodeType::kCharacterDevice:
        absl::StrAppend(&line, " character device ", inode.device_major, ":", inode.device_minor);
        break;
      default:
        break;
    }
    if (inode.links > 1) {
      absl::StrAppend(&line, " linked with ", tree().Path(tree().first_node(tree().inode_id(n))));
    }
    return line;
  }

  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    for (NodeId n = 0; n < tree().node_count(); ++n) lines.push_back(Line(n));
    return lines;
  }

  TestDirectory directory_;
  std::filesystem::path before_;
  LoadedManifest loaded_;
  std::unique_ptr<ContentTable> contents_;
  Resolved resolved_;
};

// --- What entries become -----------------------------------------------------------------------

TEST_F(ResolveTest, AManifestWithoutEntriesIsARoot) {
  EXPECT_EQ(Resolve(""), "");
  EXPECT_THAT(Lines(), ElementsAre("/ 555"));
  EXPECT_EQ(resolved_.boot_catalog, kNoNode);
  EXPECT_EQ(resolved_.system_area, kNoContent);
  EXPECT_TRUE(resolved_.boot_images.empty());
  EXPECT_TRUE(resolved_.pins.empty());
}

TEST_F(ResolveTest, EveryKindOfEntryBecomesANode) {
  directory_.Write("source", "from the host");
  directory_.Write("empty", "");
  directory_.Write("rootfs/etc/passwd", "root");
  EXPECT_EQ(Resolve(R"(
    entry { path: "/file" file { source: "source" } }
    entry { path: "/deep/er/text" text: "a text" }
    entry { path: "/bytes" bytes: "\000\001" }
    entry { path: "/link" symlink: "../anywhere" }
    entry { path: "/directory" directory {} }
    entry { path: "/second" hard_link: "/file" }
    entry { path: "/tree" tree { source: "rootfs" } }
    entry { path: "/empty-file" file { source: "empty" } }
    entry { path: "/empty-text" text: "" }
    entry { path: "/x-block" device { type: BLOCK_DEVICE major: 8 minor: 1 } }
    entry { path: "/x-char" device { type: CHARACTER_DEVICE major: 1 minor: 3 } }
    entry { path: "/x-pipe" fifo {} attributes { file_mode: 0622 } }
    entry { path: "/x-socket" socket {} }
    entry { path: "/y-block" hard_link: "/x-block" }
  )"),
            "");
  EXPECT_THAT(
      Lines(),
      ElementsAre("/ 555", absl::string_view("/bytes 444 \"\0\1\"", 15), "/deep/ 555",
                  "/directory/ 555", "/empty-file 444 \"\"", "/empty-text 444 \"\"",
                  "/file 444 \"from the host\" linked with /file", "/link 777 -> ../anywhere",
                  "/second 444 \"from the host\" linked with /file", "/tree/ 555",
                  "/x-block 444 block device 8:1 linked with /x-block",
                  "/x-char 444 character device 1:3", "/x-pipe 622 fifo", "/x-socket 444 socket",
                  "/y-block 444 block device 8:1 linked with /x-block", "/deep/er/ 555",
                  "/tree/etc/ 555", "/deep/er/text 444 \"a text\"",
                  "/tree/etc/passwd 444 \"root\""));
  EXPECT_EQ(tree().inode(tree().Find("/empty-file")).content, kNoContent);
  EXPECT_EQ(tree().inode(tree().Find("/empty-text")).content, kNoContent);
}

TEST_F(ResolveTest, EntriesInAnyOrderMakeTheSameTree) {
  directory_.Write("rootfs/a/b", "x");
  const std::vector<std::string> entries = {
      R"(entry { path: "/" tree { source: "rootfs" } })",
      R"(entry { path: "/a/c" text: "c" })",
      R"(entry { path: "/a" directory {} })",
      R"(entry { path: "/z" hard_link: "/y" })",
      R"(entry { path: "/y" hard_link: "/a/b" })",
      R"(entry { path: "/link" symlink: "a" })",
  };
  std::vector<size_t> order = {0, 1, 2, 3, 4, 5};
  std::vector<std::string> first;
  do {
    std::string manifest;
    for (const size_t i : order) absl::StrAppend(&manifest, entries[i], "\n");
    ASSERT_EQ(Resolve(manifest), "") << manifest;
    if (first.empty()) first = Lines();
    ASSERT_EQ(Lines(), first) << manifest;
    // Every fifth order will do.
    for (int skip = 0; skip < 4; ++skip) std::next_permutation(order.begin(), order.end());
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_THAT(first, ElementsAre("/ 555", "/a/ 555", "/link 777 -> a",
                                 "/y 444 \"x\" linked with /y", "/z 444 \"x\" linked with /y",
                                 "/a/b 444 \"x\" linked with /y", "/a/c 444 \"c\""));
}

TEST_F(ResolveTest, SourcePathsAreRelativeToTheSourceRoot) {
  directory_.Write("in/file", "relative");
  directory_.Write("in/sub/file", "in a folder");
  const std::string absolute = directory_.Write("elsewhere/file", "absolute");
  const std::string manifest = absl::StrCat(R"(
    entry { path: "/a" file { source: "file" } }
    entry { path: "/b" tree { source: "sub" } }
    entry { path: "/c" file { source: ")",
                                            absolute, R"(" } }
  )");
  for (const std::string& root : {std::string("in"), std::string("in/"), directory_.path("in")}) {
    EXPECT_EQ(Resolve(manifest, root), "");
    EXPECT_THAT(Lines(), ElementsAre("/ 555", "/a 444 \"relative\"", "/b/ 555",
                                     "/c 444 \"absolute\"", "/b/file 444 \"in a folder\""));
  }
}

TEST_F(ResolveTest, AFileThatSeveralEntriesNameIsStoredOnce) {
  directory_.Write("source", "bytes");
  EXPECT_EQ(Resolve(R"(
    entry { path: "/a" file { source: "source" } attributes { file_mode: 0400 } }
    entry { path: "/b" file { source: "source" } }
  )"),
            "");
  EXPECT_THAT(Lines(), ElementsAre("/ 555", "/a 400 \"bytes\"", "/b 444 \"bytes\""));
  EXPECT_EQ(tree().inode(1).content, tree().inode(2).content);
  EXPECT_EQ(contents_->count(), 1u);
}

TEST_F(ResolveTest, FilesAreRangesPartsAndZeros) {
  directory_.Write("digits", "0123456789");
  directory_.Write("empty", "");
  EXPECT_EQ(Resolve(R"(
    entry { path: "/middle" file { source: "digits" offset: 3 length: 4 } }
    entry { path: "/end" file { source: "digits" offset: 8 } }
    entry { path: "/start" file { source: "digits" length: 2 } }
    entry { path: "/none" file { source: "digits" offset: 4 length: 0 } }
    entry { path: "/behind" file { source: "digits" offset: 10 } }
    entry { path: "/zeros" zeros: 3 }
    entry { path: "/no_zeros" zeros: 0 }
    entry { path: "/parts" concat {
      part { text: "<" }
      part { file { source: "digits" offset: 8 length: 2 } }
      part { file { source: "empty" } }
      part { zeros: 2 }
      part { zeros: 0 }
      part { file { source: "digits" } }
      part { bytes: ">\377" } } }
    entry { path: "/nothing" concat { part { text: "" } part { zeros: 0 } } }
  )"),
            "");
  EXPECT_THAT(Lines(),
              ElementsAre("/ 555", "/behind 444 \"\"", "/end 444 \"89\"", "/middle 444 \"3456\"",
                          "/no_zeros 444 \"\"", "/none 444 \"\"", "/nothing 444 \"\"",
                          absl::string_view("/parts 444 \"<89\0\0000123456789>\377\"", 30),
                          "/start 444 \"01\"", absl::string_view("/zeros 444 \"\0\0\0\"", 16)));
  for (const char* path : {"/none", "/behind", "/no_zeros", "/nothing"}) {
    EXPECT_EQ(tree().inode(tree().Find(path)).content, kNoContent) << path;
  }
}

TEST_F(ResolveTest, WhatIsTheSamePartOfTheSameFilesIsStoredOnce) {
  directory_.Write("one", "0123456789");
  directory_.Write("two", "0123456789");
  EXPECT_EQ(Resolve(R"(
    entry { path: "/whole" file { source: "one" } }
    entry { path: "/all_of_it" file { source: "one" offset: 0 length: 10 } }
    entry { path: "/alone" concat { part { file { source: "one" } } part { text: "" } } }
    entry { path: "/halves" concat { part { file { source: "one" length: 5 } }
                                     part { file { source: "one" offset: 5 } } } }
    entry { path: "/range" file { source: "one" offset: 2 length: 3 } }
    entry { path: "/again" file { source: "one" offset: 2 length: 3 } }
    entry { path: "/longer" file { source: "one" offset: 2 length: 4 } }
    entry { path: "/other" file { source: "two" offset: 2 length: 3 } }
    entry { path: "/padded" concat { part { file { source: "one" } } part { zeros: 6 } } }
    entry { path: "/padded_again" concat { part { file { source: "one" } }
                                           part { zeros: 2 } part { zeros: 4 } } }
    entry { path: "/zeros" zeros: 6 }
    entry { path: "/more_zeros" zeros: 6 }
  )"),
            "");
  const auto content = [&](const char* path) { return tree().inode(tree().Find(path)).content; };
  EXPECT_EQ(content("/whole"), content("/all_of_it"));
  EXPECT_EQ(content("/whole"), content("/alone"));
  EXPECT_EQ(content("/whole"), content("/halves"));
  EXPECT_EQ(content("/range"), content("/again"));
  EXPECT_NE(content("/range"), content("/longer"));
  EXPECT_NE(content("/range"), content("/other"));
  EXPECT_EQ(content("/padded"), content("/padded_again"));
  // Room to write to: not shared.
  EXPECT_NE(content("/zeros"), content("/more_zeros"));
  for (NodeId n = 0; n < tree().node_count(); ++n) EXPECT_EQ(tree().inode(n).links, 1u);
}

TEST_F(ResolveTest, PinsOfPartsGoWithTheWhole) {
  directory_.Write("digits", "0123456789");
  const std::string k64(64, 'A');
  EXPECT_EQ(Resolve(absl::StrCat(R"(
    entry { path: "/gone" file { source: "digits" length: 1 sha256: ")",
                                 k64, R"(" } }
    entry { path: "/gone" text: "x" overlay: true }
    entry { path: "/parts" concat {
      part { text: "head" }
      part { file { source: "digits" offset: 1 length: 2 sha256: ")",
                                 k64, R"(" size: 2 } }
      sha256: ")",
                                 k64, R"("
      size: 6 } })")),
            "");
  ASSERT_EQ(resolved_.pins.size(), 2u);
  const ContentId whole = tree().inode(tree().Find("/parts")).content;
  EXPECT_EQ(resolved_.pins[0].field, "entry[2].concat.part[1].file.sha256");
  EXPECT_EQ(BytesOf(resolved_.pins[0].content), "12");
  EXPECT_EQ(resolved_.pins[0].whole, whole);
  EXPECT_EQ(resolved_.pins[0].offset, 4u);
  EXPECT_EQ(resolved_.pins[1].field, "entry[2].concat.sha256");
  EXPECT_EQ(resolved_.pins[1].content, whole);
  EXPECT_EQ(resolved_.pins[1].whole, whole);
}

TEST_F(ResolveTest, NoSourceIsOpened) {
  directory_.Write("source", "bytes");
  directory_.Write("rootfs/secret", "bytes");
  for (const char* name : {"source", "rootfs/secret"}) {
    ASSERT_EQ(chmod(directory_.path(name).c_str(), 0), 0);
  }
  WithoutPrivilege([&] {
    EXPECT_EQ(Resolve(R"(
      entry { path: "/a" file { source: "source" } }
      entry { path: "/" tree { source: "rootfs" } }
    )"),
              "");
  });
  EXPECT_EQ(contents_->count(), 2u);
}

// --- Attributes --------------------------------------------------------------------------------

TEST_F(ResolveTest, AttributesComeFromEntriesRulesAndTheManifest) {
  directory_.Write("rootfs/bin/tool", "#!");
  ASSERT_EQ(chmod(directory_.path("rootfs/bin/tool").c_str(), 0700), 0);
  EXPECT_EQ(Resolve(R"(
    attributes { owner: 1 directory_mode: 0700 }
    attribute_rule { match: "made/**" attributes { owner: 2 directory_mode: 0711 } }
    entry { path: "/" tree { source: "rootfs" } attributes { group: 3 } }
    entry { path: "/made/here/file" text: "x" attributes { owner: 4 file_mode: 0600 } }
  )"),
            "");
  EXPECT_THAT(Lines(), ElementsAre("/ 700", "/bin/ 700", "/made/ 711", "/bin/tool 555 \"#!\"",
                                   "/made/here/ 711", "/made/here/file 600 \"x\""));
  const std::map<std::string, std::pair<uint32_t, uint32_t>> owners = {
      {"/", {1, 3}},     {"/bin", {1, 3}},       {"/bin/tool", {1, 3}},
      {"/made", {2, 0}}, {"/made/here", {2, 0}}, {"/made/here/file", {4, 0}}};
  for (const auto& [path, owner] : owners) {
    const Inode& inode = tree().inode(tree().Find(path));
    EXPECT_EQ(inode.owner, owner.first) << path;
    EXPECT_EQ(inode.group, owner.second) << path;
    EXPECT_EQ(inode.time, kVolumeTime) << path;
  }
}

TEST_F(ResolveTest, KeptAttributesAreThoseOfTheSource) {
  const std::string file = directory_.Write("rootfs/d/file", "x");
  directory_.MakeSymlink("rootfs/link", "d");
  ASSERT_EQ(chmod(file.c_str(), 02751), 0);
  ASSERT_EQ(chmod(directory_.path("rootfs/d").c_str(), 01777), 0);
  SetModified(file, 500, 7);
  SetModified(directory_.path("rootfs/link"), 600, 8);
  SetModified(directory_.path("rootfs/d"), 700, 9);
  EXPECT_EQ(Resolve(R"(
    attributes { keep: MODE keep: TIME keep: OWNER }
    entry { path: "/" tree { source: "rootfs" } }
    entry { path: "/one" file { source: "rootfs/d/file" } }
  )"),
            "");
  EXPECT_THAT(Lines(), testing::Contains("/d/ 1777"));
  EXPECT_THAT(Lines(), testing::Contains("/d/file 2751 \"x\""));
  EXPECT_THAT(Lines(), testing::Contains("/one 2751 \"x\""));
  EXPECT_EQ(tree().inode(tree().Find("/d/file")).time, (Timestamp{500, 7}));
  EXPECT_EQ(tree().inode(tree().Find("/link")).time, (Timestamp{600, 8}));
  EXPECT_EQ(tree().inode(tree().Find("/d")).time, (Timestamp{700, 9}));
  EXPECT_EQ(tree().inode(tree().Find("/one")).time, (Timestamp{500, 7}));
  EXPECT_EQ(tree().inode(tree().Find("/one")).owner, geteuid());
}

TEST_F(ResolveTest, EntriesSayWhenTheirNodesWereMade) {
  directory_.Write("rootfs/a", "a");
  directory_.Write("rootfs/d/b", "b");
  EXPECT_EQ(Resolve(R"(iso9660 { rock_ridge {} }
    entry { path: "/new/tree" tree { source: "rootfs" } created: "@7" }
    entry { path: "/new/tree/a" text: "other" overlay: true }
    entry { path: "/new/tree/d" directory {} created: "@8" }
    entry { path: "/deep/file" text: "f" created: "1970-01-01T00:00:09.5Z" }
    entry { path: "/linked" hard_link: "/deep/file" }
    entry { path: "/gone" text: "g" created: "@10" }
    entry { path: "/gone" text: "h" overlay: true })"),
            "");
  const auto created = [this](const std::string& path) {
    const Timestamp* const time = resolved_.created.Find(tree().inode_id(tree().Find(path)));
    return time == nullptr ? "-" : absl::StrCat(time->seconds, ".", time->nanos / 100000000);
  };
  EXPECT_EQ(created("/"), "-");
  EXPECT_EQ(created("/new"), "-") << "the entry did not ask for it";
  EXPECT_EQ(created("/new/tree"), "7.0");
  EXPECT_EQ(created("/new/tree/a"), "-") << "another entry's";
  EXPECT_EQ(created("/new/tree/d"), "8.0");
  EXPECT_EQ(created("/new/tree/d/b"), "7.0");
  EXPECT_EQ(created("/deep"), "-");
  EXPECT_EQ(created("/deep/file"), "9.5");
  EXPECT_EQ(created("/linked"), "9.5");
  EXPECT_EQ(created("/gone"), "-");
}

TEST_F(ResolveTest, OfTwoPlacesThatDescribeADirectoryTheLaterOneWins) {
  directory_.Write("rootfs/etc/passwd", "x");
  const std::string tree =
      R"(entry { path: "/" tree { source: "rootfs" } attributes { owner: 1 } })";
  const std::string etc =
      R"(entry { path: "/etc" directory {} attributes { owner: 2 directory_mode: 0700 } })";
  const std::string below = R"(entry { path: "/etc/more" text: "y" attributes { owner: 3 } })";
  const struct {
    std::string manifest;
    uint32_t owner;
  } kCases[] = {
      {tree + etc, 2}, {etc + tree, 1}, {etc + below, 2}, {below + etc, 2}, {tree + below, 1}};
  for (const auto& c : kCases) {
    EXPECT_EQ(Resolve(c.manifest), "");
    EXPECT_EQ(this->tree().inode(this->tree().Find("/etc")).owner, c.owner) << c.manifest;
  }
  EXPECT_EQ(Resolve(R"(entry { path: "/" directory {} attributes { owner: 9 } })"), "");
  EXPECT_EQ(this->tree().inode(0).owner, 9u);
}

// --- Overlays ----------------------------------------------------------------------------------

TEST_F(ResolveTest, ALaterEntryThatSaysSoReplacesAnEarlierOne) {
  directory_.Write("one/a", "1");
  directory_.Write("one/d/b", "1");
  directory_.Write("one/d/c", "1");
  directory_.Write("two/a/x", "2");
  directory_.Write("two/d/b", "2");
  const std::string one = R"(entry { path: "/" tree { source: "one" } })";
  const struct {
    const char* what;
    std::string manifest;
    std::vector<std::string> want;
  } kCases[] = {
      {"a tree over a tree: directories merge, a file makes way for a directory",
       one + R"(entry { path: "/" tree { source: "two" } overlay: true })",
       {"/ 555", "/a/ 555", "/d/ 555", "/a/x 444 \"2\"", "/d/b 444 \"2\"", "/d/c 444 \"1\""}},
      {"a file over a file",
       one + R"(entry { path: "/d/b" text: "new" overlay: true })",
       {"/ 555", "/a 444 \"1\"", "/d/ 555", "/d/b 444 \"new\"", "/d/c 444 \"1\""}},
      {"a file over a directory, which goes with all it holds",
       one + R"(entry { path: "/d" text: "new" overlay: true })",
       {"/ 555", "/a 444 \"1\"", "/d 444 \"new\""}},
      {"a symlink over a file",
       one + R"(entry { path: "/a" symlink: "d" overlay: true })",
       {"/ 555", "/a 777 -> d", "/d/ 555", "/d/b 444 \"1\"", "/d/c 444 \"1\""}},
      {"a hard link over a file, to what it replaces elsewhere",
       one + R"(entry { path: "/a" hard_link: "/d/b" overlay: true })",
       {"/ 555", "/a 444 \"1\" linked with /a", "/d/ 555", "/d/b 444 \"1\" linked with /a",
        "/d/c 444 \"1\""}},
      {"a hard link over the directory that its target is in",
       one + R"(entry { path: "/d" hard_link: "/d/b" overlay: true })",
       {"/ 555", "/a 444 \"1\"", "/d 444 \"1\""}},
      {"several times",
       one + R"(entry { path: "/a" text: "2" overlay: true }
                entry { path: "/a" text: "3" overlay: true })",
       {"/ 555", "/a 444 \"3\"", "/d/ 555", "/d/b 444 \"1\"", "/d/c 444 \"1\""}},
      {"an overlay with nothing below it",
       R"(entry { path: "/a" text: "1" overlay: true })",
       {"/ 555", "/a 444 \"1\""}},
      {"a later overlay over a hard link",
       one + R"(entry { path: "/l" hard_link: "/d/b" }
                entry { path: "/l" text: "later" overlay: true })",
       {"/ 555", "/a 444 \"1\"", "/d/ 555", "/l 444 \"later\"", "/d/b 444 \"1\"",
        "/d/c 444 \"1\""}},
      {"a later tree over a hard link",
       R"(entry { path: "/t" text: "x" }
          entry { path: "/d/b" hard_link: "/t" }
          entry { path: "/" tree { source: "two" } overlay: true })",
       {"/ 555", "/a/ 555", "/d/ 555", "/t 444 \"x\"", "/a/x 444 \"2\"", "/d/b 444 \"2\""}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Resolve(c.manifest), "");
    EXPECT_THAT(Lines(), ElementsAreArray(c.want));
  }
}

// --- Source trees ------------------------------------------------------------------------------

TEST_F(ResolveTest, HardLinksOfASourceAreKeptOrSplit) {
  directory_.Write("rootfs/a", "x");
  directory_.MakeDirectory("rootfs/d");
  directory_.Write("rootfs/alone", "y");
  std::filesystem::create_hard_link("rootfs/a", "rootfs/d/b");
  std::filesystem::create_hard_link("rootfs/a", "rootfs/c");
  std::filesystem::create_hard_link("rootfs/alone", "outside");
  EXPECT_EQ(Resolve(R"(entry { path: "/" tree { source: "rootfs" } })"), "");
  EXPECT_THAT(Lines(), ElementsAre("/ 555", "/a 444 \"x\" linked with /a", "/alone 444 \"y\"",
                                   "/c 444 \"x\" linked with /a", "/d/ 555",
                                   "/d/b 444 \"x\" linked with /a"));
  EXPECT_EQ(contents_->count(), 2u);
  // With the first name left out, the others are links of each other.
  EXPECT_EQ(Resolve(R"(entry { path: "/" tree { source: "rootfs" exclude: "a" } })"), "");
  EXPECT_THAT(Lines(), ElementsAre("/ 555", "/alone 444 \"y\"", "/c 444 \"x\" linked with /c",
                                   "/d/ 555", "/d/b 444 \"x\" linked with /c"));
  EXPECT_EQ(
      Resolve(R"(entry { path: "/" tree { source: "rootfs" hard_links: SPLIT_HARD_LINKS } })"), "");
  EXPECT_THAT(Lines(), ElementsAre("/ 555", "/a 444 \"x\"", "/alone 444 \"y\"", "/c 444 \"x\"",
                                   "/d/ 555", "/d/b 444 \"x\""));
}

TEST_F(ResolveTest, ASourceTreeBringsSpecialFilesAndSymlinks) {
  directory_.MakeDirectory("rootfs/dev");
  ASSERT_EQ(mkfifo("rootfs/dev/fifo", 0600), 0);
  directory_.MakeSymlink("rootfs/link", "dev/fifo");
  EXPECT_EQ(Resolve(R"(entry { path: "/sub/tree" tree { source: "rootfs" } })"), "");
  EXPECT_THAT(Lines(),
              ElementsAre("/ 555", "/sub/ 555", "/sub/tree/ 555", "/sub/tree/dev/ 555",
                          "/sub/tree/link 777 -> dev/fifo", "/sub/tree/dev/fifo 444 fifo"));
}

TEST_F(ResolveTest, ADeviceKeepsItsNumbers) {
  // /dev/null is 1:3 on every Linux.
  EXPECT_EQ(Resolve(R"(entry { path: "/dev" tree { source: "/dev" include: "null" } })"), "");
  EXPECT_THAT(Lines(), ElementsAre("/ 555", "/dev/ 555", "/dev/null 444 character device 1:3"));
}

// --- Pins --------------------------------------------------------------------------------------

TEST_F(ResolveTest, PinsGoWithTheContentThatTheyAreOf) {
  directory_.Write("a", "abc");
  directory_.Write("b", "");
  const std::string digest = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
  EXPECT_EQ(Resolve(absl::StrCat(R"(
    entry { path: "/one" text: "x" }
    entry { path: "/a" file { source: "a" size: 3 sha256: ")",
                                 digest, R"(" } }
    entry { path: "/b" file { source: "b" size: 0
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" } }
  )")),
            "");
  ASSERT_EQ(resolved_.pins.size(), 1u) << "an empty file has no content to compare";
  EXPECT_EQ(resolved_.pins[0].content, tree().inode(tree().Find("/a")).content);
  EXPECT_EQ(resolved_.pins[0].sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(resolved_.pins[0].field, "entry[1].file.sha256");
}

// --- Boot --------------------------------------------------------------------------------------

TEST_F(ResolveTest, FindsWhatTheBootSectionNames) {
  directory_.Write("area", std::string(32768, 'a'));
  directory_.Write("rootfs/EFI/efi.img", "fat");
  EXPECT_EQ(Resolve(R"(
    attribute_rule { match: "boot/boot.cat" attributes { file_mode: 0400 } }
    entry { path: "/" tree { source: "rootfs" } }
    entry { path: "/isolinux.bin" text: "code" }
    boot {
      catalog: "/boot/boot.cat"
      entry { platform: BIOS image: "/isolinux.bin" }
      entry { platform: UEFI image: "/EFI/efi.img" }
      system_area { source: "area" }
    }
  )"),
            "");
  EXPECT_EQ(tree().Path(resolved_.boot_catalog), "/boot/boot.cat");
  const Inode& catalog = tree().inode(resolved_.boot_catalog);
  EXPECT_EQ(catalog.mode, 0400);
  EXPECT_EQ(contents_->size(catalog.content), 2048u);
  ASSERT_EQ(resolved_.boot_images.size(), 2u);
  EXPECT_EQ(tree().Path(resolved_.boot_images[0]), "/isolinux.bin");
  EXPECT_EQ(tree().Path(resolved_.boot_images[1]), "/EFI/efi.img");
  ASSERT_NE(resolved_.system_area, kNoContent);
  EXPECT_EQ(contents_->size(resolved_.system_area), 32768u);
}

TEST_F(ResolveTest, AnEmptySystemAreaIsNone) {
  directory_.Write("area", "");
  EXPECT_EQ(Resolve(R"(
    entry { path: "/i" text: "code" }
    boot { entry { platform: BIOS image: "/i" } system_area { source: "area" } }
  )"),
            "");
  EXPECT_EQ(resolved_.system_area, kNoContent);
  EXPECT_EQ(resolved_.boot_catalog, kNoNode);
}

}  // namespace
}  // namespace isomason
