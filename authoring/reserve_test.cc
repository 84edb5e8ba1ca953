// Reserved areas in finished images, and their maps as a reader like coreos-installer
// takes them: by plain ISO 9660 names, capital letters, and offsets in files.

#include "authoring/reserve.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "nlohmann/json.hpp"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class ReserveTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Disc>> TryMake(const std::string& manifest, int level) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'TEST' } iso9660 { level: ", level,
                     " rock_ridge {} } ", manifest),
        &m));
    loaded_ = LoadedManifest::FromMessage(std::move(m), "test", ".");
    diagnostics_ = Diagnostics();
    return Author(loaded_, directory_.path(), &diagnostics_);
  }

  void Make(const std::string& manifest, int level = 3) {
    auto disc = TryMake(manifest, level);
    ASSERT_EQ(disc.status(), absl::OkStatus()) << diagnostics_.Format();
    disc_ = *std::move(disc);
    ASSERT_EQ(disc_->image().Prepare(2), absl::OkStatus());
    image_.resize(disc_->image().size());
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(image_.data()), image_.size());
    ASSERT_EQ(disc_->image().Read(0, out), absl::OkStatus());
  }

  std::string Problems(const std::string& manifest, int level = 3) {
    EXPECT_FALSE(TryMake(manifest, level).ok());
    return diagnostics_.Format();
  }

  uint64_t Little32(uint64_t at) const {
    uint64_t number = 0;
    for (uint64_t i = 4; i > 0; --i)
      number = number << 8 | static_cast<uint8_t>(image_[at + i - 1]);
    return number;
  }

  struct Found {
    uint64_t offset = 0, size = 0;
  };
  // A file by its plain ISO 9660 path, read record by record.
  Found Plain(const std::string& path) const {
    Found at{Little32(32768 + 158) * 2048, Little32(32768 + 166)};
    for (const std::string& name : std::vector<std::string>(absl::StrSplit(path, '/'))) {
      Found next;
      for (uint64_t i = at.offset; i < at.offset + at.size;) {
        const auto length = static_cast<uint8_t>(image_[i]);
        if (length == 0) {
          i = (i / 2048 + 1) * 2048;
          continue;
        }
        std::string found = image_.substr(i + 33, static_cast<uint8_t>(image_[i + 32]));
        found = found.substr(0, found.find(';'));
        if (!found.empty() && found.back() == '.') found.pop_back();
        if (found == name) next = {Little32(i + 2) * 2048, Little32(i + 10)};
        i += length;
      }
      if (next.offset == 0) {
        ADD_FAILURE() << path << " is not there";
        return {};
      }
      at = next;
    }
    return at;
  }
  Json PlainJson(const std::string& path) const {
    const Found file = Plain(path);
    return Json::parse(image_.substr(file.offset, file.size));
  }

  TestDirectory directory_;
  LoadedManifest loaded_;
  Diagnostics diagnostics_;
  std::unique_ptr<Disc> disc_;
  std::string image_;
};

constexpr char kCoreos[] = R"(
    entry { path: "/EFI/fedora/grub.cfg" text: "menu\nlinux x @K@initrd y\n"
            reserve { name: "efi" size: 200 fill: "#" marker: "@K@" text: "a=1 b\n" } }
    entry { path: "/isolinux/isolinux.cfg" text: "append @K@\nend"
            reserve { name: "bios" size: 200 fill: "#" marker: "@K@" text: "a=1 b\n" } }
    entry { path: "/images/ignition.img" text: "" reserve { name: "ignition" size: 262144 } }
    entry { path: "/coreos/kargs.json"
            reserve_map { form: COREOS_KARGS area: "efi" area: "bios" } }
    entry { path: "/coreos/igninfo.json" reserve_map { form: COREOS_IGNINFO area: "ignition" } }
)";

TEST_F(ReserveTest, CoreosFindsItsKernelArguments) {
  Make(kCoreos, 1);
  const Json info = PlainJson("COREOS/KARGS.JSO");
  EXPECT_EQ(info["default"], "a=1 b");
  EXPECT_EQ(info["size"], 200);
  ASSERT_EQ(info["files"].size(), 2u);
  for (const Json& file : info["files"]) {
    const std::string path = file["path"];
    const Found found = Plain(absl::AsciiStrToUpper(path));
    const std::string area =
        image_.substr(found.offset + file["offset"].get<uint64_t>(), info["size"]);
    EXPECT_EQ(area, "a=1 b" + file["end"].get<std::string>() + std::string(194, '#')) << path;
    EXPECT_EQ(file["pad"], "#");
  }
}

TEST_F(ReserveTest, CoreosFindsRoomForItsIgnition) {
  Make(kCoreos, 1);
  const Json info = PlainJson("COREOS/IGNINFO.JSO");
  const Found file = Plain(absl::AsciiStrToUpper(info["file"].get<std::string>()));
  EXPECT_EQ(file.size, 262144u);
  EXPECT_EQ(info.size(), 1u);
  EXPECT_EQ(image_.substr(file.offset, file.size), std::string(262144, '\0'));
}

TEST_F(ReserveTest, AMapThatCoreosWouldNotFindIsRefused) {
  EXPECT_THAT(Problems(kCoreos, 3),
              HasSubstr("coreos-installer looks for \"COREOS/KARGS.JSO\" in ISO 9660; what is "
                        "meant is called \"COREOS/KARGS.JSON\" there"));
}

TEST_F(ReserveTest, CoreosWantsEqualAreasThatItCanPatch) {
  const auto map = [](const std::string& first, const std::string& second) {
    return absl::StrCat("entry { path: '/a' text: '@' reserve { name: 'a' marker: '@' ", first,
                        " } } entry { path: '/b' text: '@' reserve { name: 'b' marker: '@' ",
                        second,
                        " } } entry { path: '/coreos/kargs.json' reserve_map { form: COREOS_KARGS "
                        "area: 'a' area: 'b' } }");
  };
  const std::string good = "size: 100 fill: '#' text: 'x\\n'";
  EXPECT_THAT(Problems(map(good, "size: 101 fill: '#' text: 'x\\n'"), 1),
              HasSubstr("differ in size"));
  EXPECT_THAT(Problems(map(good, "size: 100 fill: '#' text: 'y\\n'"), 1),
              HasSubstr("differ in size"));
  const std::string open = "size: 100 fill: '#' text: 'x'";
  EXPECT_THAT(Problems(map(open, open), 1), HasSubstr("does not end with a line feed"));
  const std::string large = "size: 2049 fill: '#' text: 'x\\n'";
  EXPECT_THAT(Problems(map(large, large), 1), HasSubstr("coreos-installer takes up to 2048"));
}

TEST_F(ReserveTest, TheMapSaysWhereAreasLieInTheImage) {
  directory_.Write("plain", TestBytes(5000, 1));
  Make(R"(
    entry { path: "/whole" file { source: "plain" } reserve { name: "whole" size: 9000 fill: "." } }
    entry { path: "/copy" file { source: "plain" } }
    entry { path: "/part" file { source: "plain" }
            reserve { name: "one" size: 10 offset: 100 } reserve { name: "two" size: 1 offset: 4999 } }
    entry { path: "/map.json" reserve_map {} }
    entry { path: "/two.json" reserve_map { area: "two" } }
    entry { path: "/sums" checksums {} }
    entry { path: "/all" checksums { include_reserved: true } })");
  const Found inside = Plain("MAP.JSON");
  EXPECT_EQ(image_.substr(inside.offset, inside.size), disc_->ReserveMap());
  const Json map = Json::parse(disc_->ReserveMap());
  EXPECT_EQ(map["image_size"], image_.size());
  ASSERT_EQ(map["areas"].size(), 3u);
  const auto area = [&](size_t i) {
    const Json& said = map["areas"][i];
    return image_.substr(said["offset"], said["length"]);
  };
  const std::string plain = TestBytes(5000, 1);
  EXPECT_EQ(area(0), plain + std::string(4000, '.'));
  EXPECT_EQ(area(1), plain.substr(100, 10));
  EXPECT_EQ(area(2), plain.substr(4999));
  EXPECT_EQ(PlainJson("TWO.JSON")["areas"], Json::array({map["areas"][2]}));

  // Nothing else lies where somebody may write.
  EXPECT_NE(Plain("COPY").offset, Plain("PART").offset);
  EXPECT_NE(Plain("COPY").offset, Plain("WHOLE").offset);

  const auto names = [&](const std::string& path) {
    const Found list = Plain(path);
    std::vector<std::string> lines =
        absl::StrSplit(image_.substr(list.offset, list.size), '\n', absl::SkipEmpty());
    for (std::string& line : lines) line = line.substr(66);
    return lines;
  };
  EXPECT_THAT(names("SUMS"), testing::ElementsAre("./copy", "./map.json", "./two.json"));
  EXPECT_THAT(names("ALL"),
              testing::ElementsAre("./copy", "./map.json", "./part", "./two.json", "./whole"));
}

TEST_F(ReserveTest, RefusesWhatCannotBeReserved) {
  directory_.Write("plain", TestBytes(5000, 1));
  EXPECT_THAT(
      Problems("entry { path: '/a' file { source: 'plain' } reserve { name: 'a' size: 9 } }"),
      HasSubstr("entry[0].reserve[0].size: the file has 5000 bytes, the area 9"));
  EXPECT_THAT(Problems("entry { path: '/a' file { source: 'plain' } reserve { name: 'a' size: 2 "
                       "offset: 4999 } }"),
              HasSubstr("entry[0].reserve[0].offset: the area ends at byte 5001"));
  EXPECT_THAT(Problems("entry { path: '/a' text: 'x' reserve { name: 'a' size: 9 } } "
                       "entry { path: '/b' hard_link: '/a' }"),
              HasSubstr("\"/a\" is reserved and has 2 names"));
  EXPECT_THAT(
      Problems("entry { path: '/a' text: 'abab' reserve { name: 'a' size: 9 marker: 'aba' } "
               "reserve { name: 'b' size: 9 marker: 'bab' } }"),
      HasSubstr("overlaps another marker"));
}

TEST_F(ReserveTest, TheMediaCheckSaysThatPatchesBreakIt) {
  Make(R"(entry { path: "/a" text: "x" reserve { name: "a" size: 9 } }
          layout { minimum_size: 1048576 } media_check { isomd5 {} })");
  bool said = false;
  for (const Remark& remark : disc_->remarks()) said |= remark.where == "media check";
  EXPECT_TRUE(said);
}

}  // namespace
}  // namespace isomason
