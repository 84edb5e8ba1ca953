#include "authoring/dvd_video/dvd_video.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/author.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr char kHead[] =
    "image_version: 1 volume { id: \"DVD\" } udf {} dvd_video {}"
    " entry { path: \"/AUDIO_TS\" directory {} }";

void PutBig(std::string& bytes, size_t at, int width, uint64_t value) {
  for (int i = 0; i < width; ++i) {
    bytes[at + static_cast<size_t>(i)] = static_cast<char>(value >> 8 * (width - 1 - i));
  }
}

// An IFO file of `sectors`, with what says where the files of its set lie.
struct IfoText {
  std::string kind = "DVDVIDEO-VTS";
  uint32_t sectors = 2, last_of_set = 30, menu = 0, titles = 2;
  uint16_t title_sets = 0;
  std::map<int, uint32_t> starts{};  // VIDEO_TS.IFO: of title sets; its table is sector 1

  std::string Bytes() const {
    std::string bytes(sectors * kBlockSize, '\0');
    bytes.replace(0, kind.size(), kind);
    PutBig(bytes, 12, 4, last_of_set);
    PutBig(bytes, 28, 4, sectors - 1);
    PutBig(bytes, 62, 2, title_sets);
    PutBig(bytes, 192, 4, menu);
    PutBig(bytes, 196, 4, titles);
    if (kind != "DVDVIDEO-VMG") return bytes;
    size_t at = kBlockSize;
    PutBig(bytes, at, 2, starts.size());
    PutBig(bytes, at + 4, 4, 7 + 12 * starts.size());
    at += 8;
    for (const auto& [set, start] : starts) {
      PutBig(bytes, at + 6, 1, static_cast<uint64_t>(set));
      PutBig(bytes, at + 7, 1, 1);
      PutBig(bytes, at + 8, 4, start);
      at += 12;
    }
    return bytes;
  }
};

class DvdVideoTest : public testing::Test {
 protected:
  // A manager with a menu (sectors 0-1, 2-4, 20-21), and one title set of two files
  // (from sector 22 on: 0-1, 2-4, 5-6, 29-30).
  DvdVideoTest() {
    Put("VIDEO_TS", IfoText{.kind = "DVDVIDEO-VMG",
                            .last_of_set = 21,
                            .menu = 2,
                            .titles = 1,
                            .title_sets = 1,
                            .starts = {{1, 22}}});
    Sectors("VIDEO_TS.VOB", 3);
    Put("VTS_01_0", IfoText{});
    Sectors("VTS_01_1.VOB", 3);
    Sectors("VTS_01_2.VOB", 2);
  }

  // An IFO file and its copy.
  void Put(const std::string& name, const IfoText& ifo) {
    directory_.Write(absl::StrCat("dvd/", name, ".IFO"), ifo.Bytes());
    directory_.Write(absl::StrCat("dvd/", name, ".BUP"), ifo.Bytes());
  }
  void Sectors(const std::string& name, uint64_t count) {
    directory_.Write("dvd/" + name, TestBytes(count * kBlockSize, name.size() + count));
  }
  void Remove(const std::string& name) {
    ASSERT_EQ(remove(directory_.path("dvd/" + name).c_str()), 0);
  }

  // Empty, or what is wrong with a DVD of the files, after the head of each line.
  std::string Make(
      const std::string& rest = "",
      const std::string& entry = "entry { path: \"/VIDEO_TS\" tree { source: \"dvd\" } }") {
    directory_.Write("m.textproto", absl::StrCat(kHead, entry, rest));
    LoadedManifest loaded;
    Diagnostics diagnostics;
    LoadManifest(directory_.path("m.textproto"), {}, &loaded, &diagnostics);
    auto disc = Author(loaded, directory_.path(), &diagnostics, 1);
    std::string text;
    for (const Diagnostic& d : diagnostics.Sorted()) {
      absl::StrAppend(&text, text.empty() ? "" : "\n", d.message);
    }
    if (!disc.ok()) return text.empty() ? std::string(disc.status().message()) : text;
    disc_ = *std::move(disc);
    return text;
  }

  uint64_t BlockOf(absl::string_view path) const {
    const NodeId n = disc_->tree().Find(path);
    EXPECT_NE(n, kNoNode) << path;
    return disc_->image().addresses().block(disc_->tree().inode(n).content).value();
  }
  uint64_t SectorOf(absl::string_view name) const {
    return BlockOf(absl::StrCat("/VIDEO_TS/", name)) - BlockOf("/VIDEO_TS/VIDEO_TS.IFO");
  }
  std::string RemarksOf() const {
    std::string text;
    for (const Remark& r : disc_->remarks()) {
      if (r.where == "dvd_video") absl::StrAppend(&text, r.path, ": ", r.detail, "\n");
    }
    return text;
  }

  TestDirectory directory_;
  std::unique_ptr<Disc> disc_;
};

TEST_F(DvdVideoTest, FilesLieWhereIfoFilesSay) {
  ASSERT_EQ(Make("entry { path: \"/AAA\" text: \"first by its name\" }"), "");
  EXPECT_EQ(BlockOf("/VIDEO_TS/VIDEO_TS.IFO") % 16, 0u);
  EXPECT_EQ(SectorOf("VIDEO_TS.VOB"), 2u);
  EXPECT_EQ(SectorOf("VIDEO_TS.BUP"), 20u);
  EXPECT_EQ(SectorOf("VTS_01_0.IFO"), 22u);
  EXPECT_EQ(SectorOf("VTS_01_1.VOB"), 24u);
  EXPECT_EQ(SectorOf("VTS_01_2.VOB"), 27u);
  EXPECT_EQ(SectorOf("VTS_01_0.BUP"), 51u);
  // Nothing lies in the gaps, and all else behind.
  EXPECT_EQ(BlockOf("/AAA"), BlockOf("/VIDEO_TS/VIDEO_TS.IFO") + 53);
  EXPECT_EQ(RemarksOf(), "");
}

TEST_F(DvdVideoTest, OrderAndPinsGoAroundTheDvd) {
  ASSERT_EQ(Make("entry { path: \"/AAA\" text: \"a\" } layout { order: \"AAA\" pin { path: "
                 "\"/VIDEO_TS/VIDEO_TS.IFO\" block: 640 } }"),
            "");
  EXPECT_EQ(BlockOf("/VIDEO_TS/VIDEO_TS.IFO"), 640u);
  EXPECT_EQ(SectorOf("VTS_01_0.BUP"), 51u);
  EXPECT_LT(BlockOf("/AAA"), 640u);
  EXPECT_EQ(Make("layout { pin { path: \"/VIDEO_TS/VIDEO_TS.IFO\" block: 641 } }"),
            "\"/VIDEO_TS/VIDEO_TS.IFO\" starts the DVD-Video, and block 641 is no multiple of 16");
  EXPECT_EQ(Make("layout { pin { path: \"/VIDEO_TS/VTS_01_0.IFO\" block: 640 } }"),
            "\"/VIDEO_TS/VTS_01_0.IFO\" is a file of the DVD-Video and lies where its IFO file "
            "says");
}

TEST_F(DvdVideoTest, RulesForItsFilesHaveNoEffectAndThatIsRemarked) {
  const auto said = [this] {
    std::string text;
    for (const Remark& r : disc_->remarks()) {
      if (r.kind == Remark::Kind::kPlace) absl::StrAppend(&text, r.detail);
    }
    return text;
  };
  ASSERT_EQ(Make("layout { order: \"VIDEO_TS/*.BUP\" }"), "");
  EXPECT_EQ(SectorOf("VIDEO_TS.BUP"), 20u);
  EXPECT_EQ(said(),
            "2 files of the DVD-Video that `order`, `sort` or `align` match lie where the IFO "
            "files say all the same");
  ASSERT_EQ(Make("entry { path: \"/AAA\" text: \"a\" } layout { order: \"AAA\" }"), "");
  EXPECT_EQ(said(), "");
}

TEST_F(DvdVideoTest, FilesOfAudioFollow) {
  directory_.Write("audio", "sound");
  ASSERT_EQ(Make("entry { path: \"/AAA\" text: \"a\" }"
                 "entry { path: \"/AUDIO_TS/AUDIO_TS.IFO\" file { source: \"audio\" } }"),
            "");
  EXPECT_EQ(BlockOf("/AUDIO_TS/AUDIO_TS.IFO"), BlockOf("/VIDEO_TS/VIDEO_TS.IFO") + 53);
  EXPECT_EQ(BlockOf("/AAA"), BlockOf("/AUDIO_TS/AUDIO_TS.IFO") + 1);
}

TEST_F(DvdVideoTest, EqualFilesAreNotStoredOnce) {
  ASSERT_EQ(Make("deduplicate {}"), "");
  EXPECT_EQ(SectorOf("VIDEO_TS.BUP"), 20u);
}

TEST_F(DvdVideoTest, WhatTheIfoFilesDoNotFitIsAnError) {
  Sectors("VIDEO_TS.VOB", 20);
  EXPECT_EQ(Make(),
            "\"/VIDEO_TS/VIDEO_TS.BUP\" would start in sector 20 of the DVD (VIDEO_TS.IFO), but "
            "VIDEO_TS.VOB has sectors 2 to 21 (VIDEO_TS.IFO)");
}

TEST_F(DvdVideoTest, ABlockOfErrorCorrectionThatHoldsBothIsRemarked) {
  Remove("VIDEO_TS.VOB");
  Put("VIDEO_TS", IfoText{.kind = "DVDVIDEO-VMG",
                          .last_of_set = 3,
                          .titles = 1,
                          .title_sets = 1,
                          .starts = {{1, 4}}});
  ASSERT_EQ(Make(), "");
  EXPECT_EQ(SectorOf("VIDEO_TS.BUP"), 2u);
  EXPECT_EQ(RemarksOf(),
            "/VIDEO_TS/VIDEO_TS.BUP: begins in the block of error correction (16 sectors) in which "
            "the IFO file ends: one scratch may take both\n");
}

TEST_F(DvdVideoTest, WhatPlayersDoNotFindOrPlayIsAnError) {
  const IfoText manager{.kind = "DVDVIDEO-VMG",
                        .last_of_set = 21,
                        .menu = 2,
                        .titles = 1,
                        .title_sets = 1,
                        .starts = {{1, 22}}};
  const auto with = [](IfoText ifo, auto change) {
    change(ifo);
    return ifo;
  };
  const struct {
    std::string file;  // is written or, when `bytes` is empty, removed
    std::string bytes;
    std::string message;  // the first line
  } kCases[] = {
      {"VIDEO_TS.IFO", "", "has no VIDEO_TS.IFO, which players read first"},
      {"VIDEO_TS.BUP", "", "has no VIDEO_TS.BUP, the copy of the IFO file for bad sectors"},
      {"VIDEO_TS.VOB", "", "has a menu at sector 2, but there is no VIDEO_TS.VOB"},
      {"VTS_01_0.IFO", "", "has no VTS_01_0.IFO, which players read first"},
      {"VTS_01_1.VOB", "", "has no VTS_01_1.VOB, the first of its title set"},
      {"VTS_01_4.VOB", std::string(2048, 'x'),
       "belongs to no title set that VIDEO_TS.IFO knows, or to a gap in its numbers"},
      {"VTS_02_0.IFO", IfoText{}.Bytes(),
       "belongs to no title set that VIDEO_TS.IFO knows, or to a gap in its numbers"},
      {"VTS_01_0.VOB", std::string(2048, 'x'), "knows of no menu, but there is VTS_01_0.VOB"},
      {"VTS_01_2.VOB", std::string(2047, 'x'),
       "has 2047 bytes; files of DVD-Video are whole sectors of 2048"},
      {"VTS_01_0.BUP", std::string(2048, 'x'), "has 1 sectors, and should have 2 (VTS_01_0.IFO)"},
      {"VTS_01_0.IFO", std::string(4096, 'x'),
       "does not begin with DVDVIDEO-VTS, as an IFO file does"},
      {"VTS_01_0.IFO", with(IfoText{}, [](IfoText& i) { i.last_of_set = 2; }).Bytes(),
       "says that it ends in sector 1, and its set in sector 2, where it has no room for its copy"},
      {"VTS_01_0.IFO", with(IfoText{}, [](IfoText& i) { i.titles = 0; }).Bytes(),
       "says nowhere that its titles begin"},
      {"VIDEO_TS.IFO", with(manager, [](IfoText& i) { i.titles = 7; }).Bytes(),
       "has a table of titles that reaches past its end"},
      {"VIDEO_TS.IFO",
       with(manager,
            [](IfoText& i) {
              i.starts = {{100, 22}};
            })
           .Bytes(),
       "has title 1 in title set 100; there are 1 to 99"},
      {"VIDEO_TS.IFO", with(manager, [](IfoText& i) { i.title_sets = 2; }).Bytes(),
       "has 2 title sets (VIDEO_TS.IFO), but no title of the DVD is in set 2"},
      {"VIDEO_TS.IFO", with(manager, [](IfoText& i) { i.title_sets = 0; }).Bytes(),
       "has a title in set 1, but 0 title sets (VIDEO_TS.IFO)"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.message);
    const std::string path = directory_.path("dvd/" + c.file);
    std::string before;
    if (std::filesystem::exists(path)) before = ReadHostFile(path);
    if (c.bytes.empty()) {
      Remove(c.file);
    } else {
      directory_.Write("dvd/" + c.file, c.bytes);
    }
    const std::string said = Make();
    EXPECT_THAT(said.substr(0, said.find('\n')), EndsWith(c.message)) << said;
    if (before.empty()) {
      Remove(c.file);
    } else {
      directory_.Write("dvd/" + c.file, before);
    }
  }
}

TEST_F(DvdVideoTest, NamesLinksAndHiddenFilesThatPlayersDoNotFindAreErrors) {
  EXPECT_EQ(Make("", ""), "there is no directory /VIDEO_TS");
  EXPECT_THAT(Make("hide { match: \"VIDEO_TS/VTS_01_2.VOB\" from: UDF }"),
              EndsWith("is hidden from UDF, which is what players read"));
  directory_.Write("dvd/vts_02_0.ifo", "small");
  EXPECT_THAT(Make(), HasSubstr("is not found by players, which look for VTS_02_0.IFO"));
  Remove("vts_02_0.ifo");
  Remove("VIDEO_TS.BUP");
  ASSERT_EQ(link(directory_.path("dvd/VIDEO_TS.IFO").c_str(),
                 directory_.path("dvd/VIDEO_TS.BUP").c_str()),
            0);
  EXPECT_THAT(Make(),
              EndsWith("has the contents of another file of the DVD, which are stored once"));
  Remove("VIDEO_TS.BUP");
  directory_.MakeSymlink("dvd/VIDEO_TS.BUP", "VIDEO_TS.IFO");
  EXPECT_THAT(Make(), HasSubstr("is a symlink; players follow no links (OSTA UDF 6.9.1)"));
}

TEST_F(DvdVideoTest, OtherFilesAndAMissingAudioDirectoryAreRemarked) {
  directory_.Write("dvd/NOTES.TXT", "text");
  ASSERT_EQ(Make(), "");
  EXPECT_EQ(RemarksOf(), "/VIDEO_TS/NOTES.TXT: is no file of DVD-Video; players pass it over\n");
}

}  // namespace
}  // namespace isomason
