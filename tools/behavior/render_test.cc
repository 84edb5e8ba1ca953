// Ranges of an image, each rendered by a process of its own: put together, they are the image.

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

// All kinds of bytes: descriptors and directories, host files, zeros, contents that are made
// from others, what depends on an address, and on the whole image.
constexpr char kManifest[] = R"(
  image_version: 1
  volume { id: "RANGES" }
  iso9660 { rock_ridge {} joliet {} }
  udf {}
  entry { path: "/tree" tree { source: "tree" } }
  entry { path: "/boot/loader.img" file { source: "loader" } }
  entry { path: "/zeros" zeros: 700000 }
  entry { path: "/joined" concat { part { file { source: "loader" offset: 3 } } part { text: "x" } } }
  entry { path: "/md5sum.txt" checksums { algorithm: MD5 } }
  boot { entry { image: "/boot/loader.img" boot_info_table: true } }
  media_check { isomd5 {} }
)";

class RenderTest : public testing::Test {
 protected:
  RenderTest() {
    for (int i = 0; i < 300; ++i) {
      shop_.Write(absl::StrCat("tree/", i % 7, "/a file with a long name, number ", i),
                  std::string(static_cast<size_t>(i * i % 9000), static_cast<char>('a' + i % 26)));
    }
    shop_.Write("loader", std::string(600000, 'L'));
    shop_.Write("m.textproto", kManifest);
    const ProcessResult built =
        shop_.Isomason({"build", "--quiet", "m.textproto", "-o", "whole.iso"});
    EXPECT_EQ(built.exit_status, 0) << built.Summary();
    whole_ = shop_.Read("whole.iso");
  }

  ProcessResult Render(const std::string& range, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"render", "m.textproto", "--range", range};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return shop_.Isomason(arguments);
  }

  Workshop shop_;
  std::string whole_;
};

TEST_F(RenderTest, RandomPartsPutTogetherAreTheWhole) {
  std::mt19937_64 random(20261125);
  for (int round = 0; round < 4; ++round) {
    std::vector<uint64_t> cuts = {0, whole_.size()};
    for (int i = 0; i < 9; ++i) {
      // Half of them where pieces may begin, the others anywhere.
      const uint64_t cut = random() % whole_.size();
      cuts.push_back(i % 2 == 0 ? cut : cut / 2048 * 2048);
    }
    std::sort(cuts.begin(), cuts.end());
    std::string parts;
    for (size_t i = 1; i < cuts.size(); ++i) {
      const ProcessResult part = Render(absl::StrCat(cuts[i - 1], ":", cuts[i] - cuts[i - 1]),
                                        {"--jobs", absl::StrCat(1 + random() % 4)});
      ASSERT_EQ(part.exit_status, 0) << part.Summary();
      ASSERT_EQ(part.out, whole_.substr(cuts[i - 1], cuts[i] - cuts[i - 1]))
          << cuts[i - 1] << " to " << cuts[i];
      parts += part.out;
    }
    EXPECT_EQ(parts, whole_);
  }
}

TEST_F(RenderTest, WritesAFileOrUpToTheEnd) {
  shop_.Write("part", "what stood there");
  const ProcessResult part = Render("32769:700001", {"-o", "part"});
  ASSERT_EQ(part.exit_status, 0) << part.Summary();
  EXPECT_EQ(part.out, "");
  EXPECT_EQ(shop_.Read("part"), whole_.substr(32769, 700001));
  const uint64_t offset = whole_.size() - 5000;
  EXPECT_EQ(Render(absl::StrCat(offset, ":")).out, whole_.substr(offset));
  EXPECT_EQ(Render(absl::StrCat(whole_.size(), ":")).out, "");
  EXPECT_EQ(Render("7:0").out, "");
}

TEST_F(RenderTest, WhatIsNoRangeOfTheImageIsRefused) {
  for (const char* bad : {"", "5", "a:b", "-1:5", "5:-1", "1:2:3", ":5"}) {
    SCOPED_TRACE(bad);
    const ProcessResult part = Render(bad);
    EXPECT_EQ(part.exit_status, 2) << part.Summary();
    EXPECT_THAT(part.err, HasSubstr("is no range; write OFFSET:LENGTH in bytes"));
  }
  for (const uint64_t offset : {whole_.size() + 1, whole_.size() - 10}) {
    const ProcessResult part = Render(absl::StrCat(offset, ":11"), {"-o", "part"});
    EXPECT_EQ(part.exit_status, 2);
    EXPECT_THAT(part.err, HasSubstr(absl::StrCat("reaches past the end of the image, which has ",
                                                 whole_.size(), " bytes")));
  }
  EXPECT_EQ(Render("18446744073709551615:1").exit_status, 2);
  EXPECT_EQ(Render("1:18446744073709551615").exit_status, 2);
}

}  // namespace
}  // namespace isomason
