// Named streams through the front door: where their data comes from, and where it goes.
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/image.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

class AuthorStreamsTest : public testing::Test {
 protected:
  AuthorStreamsTest() {
    directory_.Write("data", TestBytes(5000, 1));
    directory_.Write("same_data", TestBytes(5000, 1));
  }

  bool Make(const std::string& text, const std::string& udf = "revision: UDF_2_01") {
    directory_.Write("m.textproto", absl::StrCat("image_version: 1 volume { id: 'T' } udf { ", udf,
                                                 " } iso9660 { rock_ridge {} }\n", text));
    LoadedManifest loaded;
    diagnostics_ = Diagnostics();
    LoadManifest(directory_.path("m.textproto"), {}, &loaded, &diagnostics_);
    auto disc = Author(loaded, directory_.path(), &diagnostics_);
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    return true;
  }

  // Where a content lies, by its name in the map, and how many bytes it has; 0 for none.
  struct Line {
    uint64_t block = 0, size = 0;
  };
  Line Find(const std::string& what) const {
    Line found;
    disc_->image().Map([&](ContentId content) { return disc_->ContentName(content); },
                       [&](const MapLine& line) {
                         if (line.what == what) found = {line.offset / 2048, line.size};
                       });
    return found;
  }

  std::string Remarks() const {
    std::string text;
    for (const Remark& remark : disc_->remarks()) {
      absl::StrAppend(&text, remark.where, ": ", remark.path, " ", remark.detail, "\n");
    }
    return text;
  }

  TestDirectory directory_;
  Diagnostics diagnostics_;
  std::unique_ptr<Disc> disc_;
};

TEST_F(AuthorStreamsTest, TheirDataLiesBehindThatOfAllFiles) {
  ASSERT_TRUE(
      Make("entry { path: '/a' text: 'a' udf_stream { name: 's' file { source: 'data' } } "
           "udf_stream { name: 'zeros' zeros: 3000 } udf_stream { name: 'none' text: '' } } "
           "entry { path: '/b' text: 'b' udf_stream { name: 's' text: 'of b' } }"));
  const uint64_t last = Find("/b").block;
  EXPECT_EQ(Find("/a:s").block, last + 1);
  EXPECT_EQ(Find("/a:s").size, 5000u);
  EXPECT_EQ(Find("/a:zeros").block, last + 4);
  EXPECT_EQ(Find("/b:s").block, last + 6);
  EXPECT_EQ(Find("/a:none").size, 0u);
}

TEST_F(AuthorStreamsTest, WhatAFileHasIsStoredOnce) {
  ASSERT_TRUE(
      Make("entry { path: '/a' text: 'a' udf_stream { name: 's' file { source: 'data' } } "
           "udf_stream { name: 't' file { source: 'data' length: 9 } } } "
           "entry { path: '/b' file { source: 'data' } udf_stream { name: 't' file { source: "
           "'data' length: 9 } } }"));
  EXPECT_EQ(Find("/b").size, 5000u);
  EXPECT_EQ(Find("/a:s").size, 0u);
  EXPECT_EQ(Find("/a:t").size, 9u);
  EXPECT_EQ(Find("/b:t").size, 0u);
}

TEST_F(AuthorStreamsTest, SourcesAreHeldToWhatTheManifestSays) {
  EXPECT_FALSE(
      Make("entry { path: '/a' text: 'a'\n"
           "  udf_stream { name: 's' text: 'x' }\n"
           "  udf_stream { name: 't' file { source: 'missing' } } }"));
  EXPECT_THAT(diagnostics_.Format(),
              HasSubstr("m.textproto:4:41: entry[0].udf_stream[1].file.source: cannot look at"));
  EXPECT_FALSE(
      Make("entry { path: '/a' text: 'a' udf_stream { name: 's' concat { part { file { "
           "source: 'data' size: 7 } } } } }"));
  EXPECT_THAT(diagnostics_.Format(),
              HasSubstr("entry[0].udf_stream[0].concat.part[0].file.size: "));
  // A pin is compared before the image is written, unless a later entry replaces the file.
  const std::string pinned = absl::StrCat(
      "entry { path: '/a' text: 'a' udf_stream { name: 's' file { source: 'data' sha256: '",
      std::string(64, '0'), "' } } }");
  ASSERT_TRUE(Make(pinned)) << diagnostics_.Format();
  const absl::Status differs = disc_->image().Prepare(1);
  EXPECT_EQ(differs.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(differs.message()), HasSubstr("entry[0].udf_stream[0].file.sha256: "));
  ASSERT_TRUE(Make(absl::StrCat(pinned, "entry { path: '/a' text: 'b' overlay: true }")));
  EXPECT_TRUE(disc_->image().Prepare(1).ok());
  EXPECT_EQ(Find("/a:s").size, 0u);
}

TEST_F(AuthorStreamsTest, DeduplicationLeavesThemWhatTheyHave) {
  ASSERT_TRUE(
      Make("deduplicate {} entry { path: '/a' file { source: 'data' } } "
           "entry { path: '/b' file { source: 'same_data' } "
           "udf_stream { name: 's' file { source: 'same_data' } } }"));
  EXPECT_EQ(disc_->saved().files, 1u);
  EXPECT_EQ(disc_->saved().bytes, 0u) << "the stream keeps it";
  EXPECT_EQ(Find("/b").size, 0u);
  EXPECT_EQ(Find("/b:s").size, 5000u);
}

TEST_F(AuthorStreamsTest, StayWhereALockHasThem) {
  const std::string streams =
      "entry { path: '/a' text: 'a' udf_stream { name: 's' file { source: 'data' } } } ";
  ASSERT_TRUE(Make(streams));
  const uint64_t block = Find("/a:s").block;
  const std::string lock = disc_->MakeLock().Format();
  EXPECT_THAT(lock, HasSubstr(absl::StrCat(block, " 5000 - /a:s\n")));
  directory_.Write("lock", lock);
  const std::string later = streams + "entry { path: '/0' zeros: 9000 } ";
  ASSERT_TRUE(Make(later));
  EXPECT_NE(Find("/a:s").block, block);
  ASSERT_TRUE(Make(later + "layout { lock: 'lock' }"));
  EXPECT_EQ(Find("/a:s").block, block);
}

TEST_F(AuthorStreamsTest, WhatUdfDoesNotShowHasNone) {
  ASSERT_TRUE(
      Make("entry { path: '/a' text: 'a' udf_stream { name: 's' text: 'of a' } } "
           "hide { match: 'a' from: UDF }"));
  EXPECT_THAT(Remarks(), HasSubstr("udf: /a its named streams, since UDF does not show it; their "
                                   "data stays in the image\n"));
  EXPECT_EQ(Find("/a:s").size, 4u);
}

TEST_F(AuthorStreamsTest, LieBesideAMetadataPartition) {
  const std::string text = "entry { path: '/a' text: 'a' udf_stream { name: 's' text: 'of a' } }";
  for (const char* revision : {"UDF_2_00", "UDF_2_50", "UDF_2_60"}) {
    ASSERT_TRUE(Make(text, absl::StrCat("revision: ", revision))) << diagnostics_.Format();
    EXPECT_EQ(Find("streams of /a").size, 3u * 2048) << revision;
    EXPECT_EQ(Find("copy of streams of /a").size,
              revision[4] == '2' && revision[6] != '0' ? 3u * 2048 : 0u);
    EXPECT_EQ(Find("/a:s").size, 4u);
  }
}

}  // namespace
}  // namespace isomason
