#include "authoring/compress.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "authoring/zisofs/decode.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

// Text that shrinks, and is another one for another seed.
std::string TestText(size_t size, int seed = 1) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) absl::StrAppend(&text, seed, ": line ", i, "\n");
  text.resize(size);
  return text;
}

class CompressTest : public testing::Test {
 protected:
  CompressTest() {
    directory_.Write("text", TestText(100000));
    directory_.Write("same", TestText(100000));
    directory_.Write("other", TestText(50000, 2));
    directory_.Write("two_blocks", TestText(2049));
    directory_.Write("a_block", TestText(2048));
  }

  // What is made of a manifest; its zisofs has `options`.
  absl::Status Author(const std::string& options, const std::string& text, int jobs = 1) {
    directory_.Write("m.textproto",
                     absl::StrCat("image_version: 1 volume { id: 'T' } iso9660 { rock_ridge { ",
                                  options, " } ", views_, " }\n", text));
    LoadedManifest loaded;
    diagnostics_ = Diagnostics();
    LoadManifest(directory_.path("m.textproto"), {}, &loaded, &diagnostics_);
    auto disc = isomason::Author(loaded, directory_.path(), &diagnostics_, jobs);
    if (!disc.ok()) return disc.status();
    disc_ = *std::move(disc);
    return disc_->image().Prepare(jobs);
  }
  void Make(const std::string& options, const std::string& text, int jobs = 1) {
    const absl::Status status = Author(options, text, jobs);
    ASSERT_TRUE(status.ok()) << status << diagnostics_.Format();
  }
  // The only problem.
  std::string Refused(const std::string& options, const std::string& text) {
    EXPECT_EQ(Author(options, text).code(), absl::StatusCode::kInvalidArgument);
    const auto sorted = diagnostics_.Sorted();
    EXPECT_EQ(sorted.size(), 1u) << diagnostics_.Format();
    return sorted.empty() ? "" : absl::StrCat(sorted[0].field, ": ", sorted[0].message);
  }

  ContentId ContentOf(const std::string& path) const {
    return disc_->tree().inode(disc_->tree().Find(path)).content;
  }
  std::string Stored(const std::string& path) const {
    const ContentId content = ContentOf(path);
    std::string bytes(disc_->contents().size(content), '\0');
    EXPECT_EQ(
        disc_->image().Read(disc_->image().addresses()[content].value(),
                            absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())),
        absl::OkStatus());
    return bytes;
  }
  // Whether a file is stored compressed and comes back as `bytes`.
  bool IsCompressed(const std::string& path, const std::string& bytes) const {
    const auto decoded = DecodeZisofs(Stored(path));
    if (decoded.ok()) {
      EXPECT_TRUE(decoded->bytes == bytes) << path;
    }
    return decoded.ok();
  }
  bool IsCompressed(const std::string& path) const { return DecodeZisofs(Stored(path)).ok(); }
  std::string Image() const {
    std::string bytes(disc_->image().size(), '\0');
    EXPECT_EQ(disc_->image().Read(
                  0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())),
              absl::OkStatus());
    return bytes;
  }
  // The remarks of zisofs on a path.
  std::string Said(absl::string_view path) const {
    std::string said;
    for (const Remark& remark : disc_->remarks()) {
      if (remark.where == "zisofs" && remark.path == path) said += remark.detail;
    }
    return said;
  }

  TestDirectory directory_;
  std::string views_;  // fields of `iso9660`
  Diagnostics diagnostics_;
  std::unique_ptr<Disc> disc_;
};

constexpr char kFiles[] = R"(
  entry { path: "/a/text" file { source: "text" } }
  entry { path: "/a/other" file { source: "other" } }
  entry { path: "/b/same" file { source: "same" } }
  entry { path: "/b/linked" hard_link: "/b/same" }
  entry { path: "/c/two_blocks" file { source: "two_blocks" } }
  entry { path: "/c/a_block" file { source: "a_block" } }
  entry { path: "/c/empty" text: "" }
)";

TEST_F(CompressTest, IsOffUnlessTheManifestAsksForIt) {
  Make("", kFiles);
  EXPECT_FALSE(IsCompressed("/a/text"));
  EXPECT_EQ(disc_->compression().contents, 0u);
}

TEST_F(CompressTest, CompressesWhatTakesFewerBlocks) {
  Make("zisofs {}", kFiles);
  EXPECT_TRUE(IsCompressed("/a/text", TestText(100000)));
  EXPECT_TRUE(IsCompressed("/a/other", TestText(50000, 2)));
  EXPECT_TRUE(IsCompressed("/b/same", TestText(100000)));
  EXPECT_TRUE(IsCompressed("/c/two_blocks", TestText(2049)));
  EXPECT_FALSE(IsCompressed("/c/a_block"));
  EXPECT_EQ(disc_->compression().contents, 4u);
  EXPECT_EQ(disc_->compression().plain_bytes, 2 * 100000u + 50000u + 2049u);
  EXPECT_EQ(disc_->compression().as_they_are, 0u);
  EXPECT_TRUE(absl::StartsWith(Said(""), "Linux, libarchive and xorriso decompress 4 files; "));
}

TEST_F(CompressTest, WhatTakesAsManyBlocksStaysAsItIs) {
  // Three blocks, of which noise fills more than two.
  std::string noise(5000, '\0');
  uint64_t x = 88172645463325252;
  for (char& c : noise) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    c = static_cast<char>(x >> 40);
  }
  directory_.Write("noise", noise + std::string(1000, 'x'));
  Make("zisofs {}", "entry { path: '/noise' file { source: 'noise' } }");
  EXPECT_EQ(Stored("/noise"), noise + std::string(1000, 'x'));
  EXPECT_EQ(disc_->compression().contents, 0u);
  EXPECT_EQ(disc_->compression().as_they_are, 1u);
  EXPECT_EQ(Said(""), "");
}

TEST_F(CompressTest, WritesTheFormThatIsAskedFor) {
  for (const int version : {1, 2}) {
    for (const uint32_t block_size : {32768u, 65536u, 131072u}) {
      Make(absl::StrCat("zisofs { version: ", version, " block_size: ", block_size, " level: 1 }"),
           kFiles);
      const auto decoded = DecodeZisofs(Stored("/a/text"));
      ASSERT_TRUE(decoded.ok()) << decoded.status();
      EXPECT_EQ(decoded->version, version);
      EXPECT_EQ(decoded->block_size, block_size);
      EXPECT_TRUE(decoded->bytes == TestText(100000));
    }
  }
  Make("zisofs { level: 1 }", kFiles);
  const size_t fast = Stored("/a/text").size();
  Make("zisofs {}", kFiles);
  EXPECT_LT(Stored("/a/text").size(), fast);
}

TEST_F(CompressTest, GlobsAndSizeChooseTheFiles) {
  Make("zisofs { include: 'a/*' include: 'b/linked' exclude: 'a/other' }", kFiles);
  EXPECT_TRUE(IsCompressed("/a/text"));
  EXPECT_FALSE(IsCompressed("/a/other"));
  EXPECT_TRUE(IsCompressed("/b/same"));  // by its other name
  EXPECT_FALSE(IsCompressed("/c/two_blocks"));
  Make("zisofs { exclude: '*/linked' minimum_size: 60000 }", kFiles);
  EXPECT_TRUE(IsCompressed("/a/text"));
  EXPECT_FALSE(IsCompressed("/a/other"));
  EXPECT_FALSE(IsCompressed("/b/same"));
}

TEST_F(CompressTest, AGlobThatMatchesNoFileIsAnError) {
  EXPECT_EQ(Refused("zisofs { include: 'a/*' include: 'a' }", kFiles),
            "iso9660.rock_ridge.zisofs.include[1]: \"a\" matches no file");
  EXPECT_EQ(Refused("zisofs { exclude: 'nothing' }", kFiles),
            "iso9660.rock_ridge.zisofs.exclude[0]: \"nothing\" matches no file");
}

TEST_F(CompressTest, NamesOfOneFileShareOneContent) {
  Make("zisofs {}", kFiles);
  EXPECT_EQ(ContentOf("/b/same"), ContentOf("/b/linked"));
  EXPECT_NE(ContentOf("/a/text"), ContentOf("/b/same"));
  Make("zisofs {}", absl::StrCat(kFiles, "deduplicate {}"));
  EXPECT_EQ(ContentOf("/a/text"), ContentOf("/b/same"));
  EXPECT_TRUE(IsCompressed("/a/text", TestText(100000)));
  EXPECT_EQ(disc_->compression().contents, 3u);
  // A file that is excluded keeps what it shared.
  Make("zisofs { exclude: 'b/**' }", absl::StrCat(kFiles, "deduplicate {}"));
  EXPECT_TRUE(IsCompressed("/a/text", TestText(100000)));
  EXPECT_TRUE(Stored("/b/linked") == TestText(100000));
}

TEST_F(CompressTest, AnySourceCanBeCompressed) {
  Make("zisofs {}", R"(
    entry { path: "/range" file { source: "text" offset: 100 length: 40000 } }
    entry { path: "/parts" concat { part { text: "head\n" } part { file { source: "other" } }
            part { zeros: 70000 } part { file { source: "text" offset: 99990 } } } }
    entry { path: "/zeros" concat { part { zeros: 1000000 } } })");
  EXPECT_TRUE(IsCompressed("/range", TestText(100000).substr(100, 40000)));
  EXPECT_TRUE(
      IsCompressed("/parts", absl::StrCat("head\n", TestText(50000, 2), std::string(70000, '\0'),
                                          TestText(100000).substr(99990))));
  EXPECT_TRUE(IsCompressed("/zeros", std::string(1000000, '\0')));
  EXPECT_LT(disc_->contents().size(ContentOf("/zeros")), 200u);
}

TEST_F(CompressTest, WhatOthersReadByItsAddressStaysAsItIs) {
  Make("zisofs {}", R"(
    entry { path: "/boot/loader" file { source: "text" } }
    entry { path: "/boot/also" hard_link: "/boot/loader" }
    entry { path: "/boot/copy" file { source: "text" } }
    entry { path: "/answers" file { source: "other" } reserve { name: "a" size: 60000 } }
    entry { path: "/room" zeros: 50000 }
    entry { path: "/map" reserve_map {} }
    entry { path: "/SHA256SUMS" checksums {} }
    boot { catalog: "/boot/boot.cat" entry { image: "/boot/loader" load_sectors: 4 } })");
  for (const char* path : {"/boot/loader", "/boot/also", "/answers", "/room", "/map", "/SHA256SUMS",
                           "/boot/boot.cat"}) {
    EXPECT_FALSE(IsCompressed(path)) << path;
  }
  EXPECT_TRUE(IsCompressed("/boot/copy"));
  EXPECT_EQ(Said("/boot/also"), "is not compressed: a boot image");
  EXPECT_EQ(Said("/answers"), "is not compressed: a file with reserved areas");
  EXPECT_EQ(Said("/room"), "is not compressed: room to be written to");
}

TEST_F(CompressTest, FilesOf4GiBTakeVersion2) {
  const std::string huge =
      "entry { path: '/huge' concat { part { zeros: 4294967296 } } }"
      "entry { path: '/large' concat { part { zeros: 4294967295 } } }";
  Make("zisofs {}", huge);
  EXPECT_EQ(disc_->compression().contents, 1u);
  EXPECT_EQ(disc_->contents().size(ContentOf("/large")), 16u + 4u * 131073u);
  EXPECT_EQ(Said("/huge"), "is not compressed: 4 GiB and more take `version: 2`");
  // What is stored is what counts for the standard.
  Make("zisofs { version: 2 block_size: 131072 }", huge);
  EXPECT_EQ(disc_->compression().contents, 2u);
  EXPECT_EQ(disc_->contents().size(ContentOf("/huge")), 24u + 8u * 32769u);
}

TEST_F(CompressTest, OtherViewsRefuseThemUnlessTheyAreToShowTheirBytes) {
  constexpr char kField[] = "iso9660.rock_ridge.zisofs: ";
  const std::string udf = absl::StrCat(kFiles, "udf {}");
  views_ = "joliet {}";
  EXPECT_EQ(Refused("zisofs {}", kFiles),
            absl::StrCat(kField,
                         "\"/a/other\" and 3 files more are to be compressed, and Joliet "
                         "would show the compressed bytes"));
  views_ = "";
  EXPECT_EQ(Refused("zisofs { include: 'a/text' }", udf),
            absl::StrCat(kField,
                         "\"/a/text\" is to be compressed, and UDF would show the "
                         "compressed bytes"));
  views_ = "level: 4";
  EXPECT_EQ(Refused("zisofs { include: 'a/text' }", kFiles),
            absl::StrCat(kField,
                         "\"/a/text\" is to be compressed, and ISO 9660:1999 would show "
                         "the compressed bytes"));
  views_ = "";
  Make("zisofs { include: 'a/text' }", absl::StrCat(udf, " hide { match: 'a/text' from: UDF }"));
  EXPECT_TRUE(IsCompressed("/a/text"));
  views_ = "joliet {}";
  Make("zisofs { elsewhere: SHOW_COMPRESSED }", udf);
  EXPECT_TRUE(IsCompressed("/a/text"));
  int told = 0;
  for (const Remark& remark : disc_->remarks()) {
    if (remark.detail != "shows 4 files as compressed bytes (zisofs)") continue;
    EXPECT_TRUE(remark.where == "joliet" || remark.where == "udf") << remark.where;
    ++told;
  }
  EXPECT_EQ(told, 2);
}

TEST_F(CompressTest, WhatRockRidgeDoesNotShowStaysAsItIs) {
  Make("zisofs {}", absl::StrCat(kFiles, "hide { match: 'a/text' from: ISO9660 }"));
  EXPECT_FALSE(IsCompressed("/a/text"));
  EXPECT_TRUE(absl::StrContains(Said("/a/text"), "Rock Ridge does not show it"));
}

TEST_F(CompressTest, DigestsAreThoseOfWhatTheFileWas) {
  const std::string list = R"(entry { path: "/MD5" checksums { algorithm: MD5 } })";
  Make("", absl::StrCat(kFiles, list));
  const std::string plain = Stored("/MD5");
  Make("zisofs {}", absl::StrCat(kFiles, list));
  EXPECT_TRUE(IsCompressed("/a/text"));
  EXPECT_EQ(Stored("/MD5"), plain);
}

TEST_F(CompressTest, PinsAreOfWhatTheFileWas) {
  constexpr char kPinned[] = R"(entry { path: "/two" file { source: "two_blocks" sha256:
    "%" } })";
  const auto pinned = [&](const std::string& sha256) {
    std::string text = kPinned;
    return text.replace(text.find('%'), 1, sha256);
  };
  const absl::Status status = Author("zisofs {}", pinned(std::string(64, '0')));
  ASSERT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  const std::string message(status.message());
  constexpr char kHas[] = "has the SHA-256 ";
  const std::string sha256 = message.substr(message.find(kHas) + sizeof(kHas) - 1, 64);
  Make("", pinned(sha256));
  Make("zisofs {}", pinned(sha256));
  EXPECT_TRUE(IsCompressed("/two", TestText(2049)));
  // A lock knows it by that digest and by the size that is stored.
  const Lock lock = disc_->MakeLock();
  ASSERT_NE(lock.Find("/two"), nullptr);
  EXPECT_EQ(lock.Find("/two")->sha256, sha256);
  EXPECT_EQ(lock.Find("/two")->size, Stored("/two").size());
}

TEST_F(CompressTest, OrderAlignmentAndPlaceHoldForCompressedContents) {
  Make("zisofs {}", absl::StrCat(kFiles, R"(
    layout { order: "c/two_blocks" align { match: "a/other" alignment: 16384 }
             pin { path: "/b/same" block: 900 } })"));
  const Addresses& at = disc_->image().addresses();
  EXPECT_EQ(at.block(ContentOf("/b/same")).value(), 900u);
  EXPECT_EQ(at[ContentOf("/a/other")].value() % 16384, 0u);
  EXPECT_LT(at[ContentOf("/c/two_blocks")], at[ContentOf("/a/text")]);
  EXPECT_TRUE(IsCompressed("/b/same", TestText(100000)));
}

TEST_F(CompressTest, AnyNumberOfThreadsMakesTheSameImage) {
  directory_.Write("big", TestText(9 << 20, 3));
  const std::string files = absl::StrCat(kFiles, "entry { path: '/big' file { source: 'big' } }");
  Make("zisofs { level: 1 }", files);
  const std::string one = Image();
  for (const int jobs : {2, 5}) {
    Make("zisofs { level: 1 }", files, jobs);
    EXPECT_TRUE(Image() == one) << jobs;
  }
}

TEST_F(CompressTest, TheIdIsThatOfTheOptionsAndNotOfTheCompressedBytes) {
  Make("", kFiles);
  const std::string without = disc_->volume().image_id.Hex();
  Make("zisofs {}", kFiles);
  const std::string with = disc_->volume().image_id.Hex();
  EXPECT_NE(with, without);
  Make(
      "zisofs { level: 9 block_size: 32768 version: 1 minimum_size: 2049 "
      "elsewhere: REFUSE_COMPRESSED }",
      kFiles);
  EXPECT_EQ(disc_->volume().image_id.Hex(), with);
  Make("zisofs { level: 8 }", kFiles);
  EXPECT_NE(disc_->volume().image_id.Hex(), with);
  // Other bytes of the same length: as without zisofs, the id does not know.
  directory_.Write("text", TestText(100000, 5));
  Make("zisofs {}", kFiles);
  EXPECT_EQ(disc_->volume().image_id.Hex(), with);
}

TEST_F(CompressTest, AFileThatChangesAfterPlanningIsAnError) {
  Make("zisofs {}", kFiles);
  SetModified(directory_.path("text"), 1'000'000'000);
  std::vector<uint8_t> bytes(disc_->image().size());
  const absl::Status status = disc_->image().Read(0, absl::MakeSpan(bytes));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), directory_.path("text"))) << status;
}

}  // namespace
}  // namespace isomason
