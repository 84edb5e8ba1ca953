// Lists of checksums in finished images: what they name, in which order, and that their
// digests are those of what stands on the disc.

#include "authoring/checksums.h"

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Hex(const EVP_MD* function, absl::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, function, nullptr);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<char*>(digest), size));
}

class ChecksumsTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Disc>> TryMake(const std::string& manifest) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'TEST' } ",
                     absl::StrContains(manifest, "iso9660 {") ? "" : "iso9660 { rock_ridge {} } ",
                     manifest),
        &m));
    loaded_ = LoadedManifest::FromMessage(std::move(m), "test", ".");
    diagnostics_ = Diagnostics();
    return Author(loaded_, directory_.path(), &diagnostics_);
  }

  void Make(const std::string& manifest, int jobs = 2) {
    auto disc = TryMake(manifest);
    ASSERT_EQ(disc.status(), absl::OkStatus()) << diagnostics_.Format();
    disc_ = *std::move(disc);
    ASSERT_EQ(disc_->image().Prepare(jobs), absl::OkStatus());
    image_.resize(disc_->image().size());
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(image_.data()), image_.size());
    ASSERT_EQ(disc_->image().Read(0, out), absl::OkStatus());
  }

  std::string Problems(const std::string& manifest) {
    EXPECT_FALSE(TryMake(manifest).ok());
    return diagnostics_.Format();
  }

  // The bytes of a file as they stand in the image.
  std::string File(const std::string& path) const {
    const Tree& tree = disc_->tree();
    const NodeId n = tree.Find(path);
    if (n == kNoNode) return "no such file";
    const ContentId content = tree.inode(n).content;
    if (content == kNoContent) return "";
    return image_.substr(disc_->image().addresses()[content].value(),
                         disc_->contents().size(content));
  }
  std::vector<std::string> Lines(const std::string& path) const {
    std::vector<std::string> lines = absl::StrSplit(File(path), '\n');
    EXPECT_EQ(lines.back(), "");
    lines.pop_back();
    return lines;
  }
  // The names of a list, in its order.
  std::vector<std::string> Names(const std::string& path) const {
    std::vector<std::string> names;
    for (const std::string& line : Lines(path)) names.push_back(line.substr(line.find("  ") + 2));
    return names;
  }

  // What is said about lists.
  std::vector<std::string> Remarks() const {
    std::vector<std::string> remarks;
    for (const Remark& remark : disc_->remarks()) {
      if (remark.where == "checksums") {
        remarks.push_back(absl::StrCat(remark.path, ": ", remark.detail));
      }
    }
    return remarks;
  }

  TestDirectory directory_;
  LoadedManifest loaded_;
  Diagnostics diagnostics_;
  std::unique_ptr<Disc> disc_;
  std::string image_;
};

TEST_F(ChecksumsTest, HasALineForEveryNameOfARegularFile) {
  Make(R"(
    entry { path: "/b" text: "b" }
    entry { path: "/a/x" text: "x" }
    entry { path: "/a-b" text: "between a and a/x for those who forget the slash" }
    entry { path: "/a.b" text: "" }
    entry { path: "/hard" hard_link: "/b" }
    entry { path: "/soft" symlink: "b" }
    entry { path: "/md5sum.txt" checksums { algorithm: MD5 } }
  )");
  const auto md5 = [](absl::string_view bytes) { return Hex(EVP_md5(), bytes); };
  EXPECT_THAT(Lines("/md5sum.txt"),
              ElementsAre(md5("between a and a/x for those who forget the slash") + "  ./a-b",
                          md5("") + "  ./a.b", md5("x") + "  ./a/x", md5("b") + "  ./b",
                          md5("b") + "  ./hard"));
}

TEST_F(ChecksumsTest, HasTheDigestsOfEveryAlgorithm) {
  const std::string big = TestBytes(3'000'000, 1);
  directory_.Write("big", big);
  Make(R"(
    entry { path: "/big" file { source: "big" } }
    entry { path: "/s/md5" checksums { algorithm: MD5 match: "big" prefix: "" } }
    entry { path: "/s/sha1" checksums { algorithm: SHA1 match: "big" prefix: "" } }
    entry { path: "/s/sha256" checksums { algorithm: SHA256 match: "big" prefix: "" } }
    entry { path: "/s/default" checksums { match: "big" prefix: "" } }
    entry { path: "/s/sha512" checksums { algorithm: SHA512 match: "big" prefix: "" tag: true } }
    entry { path: "/s/b2" checksums { algorithm: B2 match: "big" prefix: "/" } }
  )");
  EXPECT_EQ(File("/s/md5"), Hex(EVP_md5(), big) + "  big\n");
  EXPECT_EQ(File("/s/sha1"), Hex(EVP_sha1(), big) + "  big\n");
  EXPECT_EQ(File("/s/sha256"), Hex(EVP_sha256(), big) + "  big\n");
  EXPECT_EQ(File("/s/default"), File("/s/sha256"));
  EXPECT_EQ(File("/s/sha512"), "SHA512 (big) = " + Hex(EVP_sha512(), big) + "\n");
  EXPECT_EQ(File("/s/b2"), Hex(EVP_blake2b512(), big) + "  /big\n");
}

TEST_F(ChecksumsTest, IsAboutTheBytesOnTheDisc) {
  const std::string loader = TestBytes(5000, 2);
  directory_.Write("loader", loader);
  Make(R"(
    entry { path: "/boot/loader" file { source: "loader" } }
    entry { path: "/boot/plain" file { source: "loader" } }
    entry { path: "/sums" checksums {} }
    boot {
      catalog: "/boot/boot.cat"
      entry { image: "/boot/loader" boot_info_table: true grub2_boot_info: true }
    })");
  ASSERT_NE(File("/boot/loader"), loader);
  EXPECT_THAT(Lines("/sums"),
              ElementsAre(Hex(EVP_sha256(), File("/boot/boot.cat")) + "  ./boot/boot.cat",
                          Hex(EVP_sha256(), File("/boot/loader")) + "  ./boot/loader",
                          Hex(EVP_sha256(), loader) + "  ./boot/plain"));
}

TEST_F(ChecksumsTest, ChoosesFilesByGlobsAndDirectory) {
  const std::string files = R"(
    entry { path: "/live/a.squashfs" text: "a" }
    entry { path: "/live/b.squashfs" text: "b" }
    entry { path: "/live/notes/b.txt" text: "t" }
    entry { path: "/pool/p" text: "p" } )";
  Make(files + R"(entry { path: "/sums" checksums { match: "**/b.*" match: "pool/**" } })");
  EXPECT_THAT(Names("/sums"), ElementsAre("./live/b.squashfs", "./live/notes/b.txt", "./pool/p"));
  Make(files + R"(entry { path: "/sums" checksums { exclude: "live/notes" exclude: "pool/*" } })");
  EXPECT_THAT(Names("/sums"), ElementsAre("./live/a.squashfs", "./live/b.squashfs"));
  Make(files +
       R"(entry { path: "/sums" checksums { directory: "/live" match: "live/*" prefix: "" } })");
  EXPECT_THAT(Names("/sums"), ElementsAre("a.squashfs", "b.squashfs"));
}

TEST_F(ChecksumsTest, RefusesGlobsThatMatchNothing) {
  EXPECT_THAT(Problems(R"(
    entry { path: "/a" text: "a" }
    entry { path: "/sums" checksums { match: "a" match: "b" exclude: "c/**" directory: "/" } })"),
              AllOf(HasSubstr("entry[1].checksums.match[1]: \"b\" matches no file"),
                    HasSubstr("entry[1].checksums.exclude[0]: \"c/**\" matches nothing")));
  EXPECT_THAT(Problems(R"(entry { path: "/sums" checksums {} })"),
              HasSubstr("entry[0].checksums: names no file"));
  EXPECT_THAT(Problems(R"(
    entry { path: "/a" text: "a" } entry { path: "/sums" checksums { directory: "/a" } })"),
              HasSubstr("entry[1].checksums.directory: \"/a\" is no directory"));
  // A symlink is none of the files.
  EXPECT_THAT(Problems(R"(
    entry { path: "/l" symlink: "a" } entry { path: "/sums" checksums { match: "l" } })"),
              HasSubstr("matches no file"));
}

TEST_F(ChecksumsTest, AnExcludeInsideAnExcludedDirectoryIsNoMistake) {
  Make(R"(
    entry { path: "/a/b" text: "b" } entry { path: "/c" text: "c" }
    entry { path: "/sums" checksums { exclude: "a" exclude: "a/b" } })");
  EXPECT_THAT(Names("/sums"), ElementsAre("./c"));
}

TEST_F(ChecksumsTest, ListsLeaveOutListsUnlessTheyAreAskedFor) {
  Make(R"(
    entry { path: "/a" text: "a" }
    entry { path: "/md5" checksums { algorithm: MD5 } }
    entry { path: "/sha" checksums { include_checksums: true exclude: "z" } }
    entry { path: "/too" hard_link: "/sha" }
    entry { path: "/z" checksums { include_checksums: true algorithm: B2 match: "[!a]*" } })");
  EXPECT_THAT(Names("/md5"), ElementsAre("./a"));
  EXPECT_THAT(Lines("/sha"), ElementsAre(Hex(EVP_sha256(), "a") + "  ./a",
                                         Hex(EVP_sha256(), File("/md5")) + "  ./md5"));
  EXPECT_THAT(Lines("/z"), ElementsAre(Hex(EVP_blake2b512(), File("/md5")) + "  ./md5",
                                       Hex(EVP_blake2b512(), File("/sha")) + "  ./sha",
                                       Hex(EVP_blake2b512(), File("/sha")) + "  ./too"));
  EXPECT_THAT(Problems(R"(
    entry { path: "/a" text: "a" }
    entry { path: "/md5" checksums { algorithm: MD5 } }
    entry { path: "/sums" checksums { match: "md5" } })"),
              HasSubstr("other lists are named with `include_checksums: true` only"));
}

TEST_F(ChecksumsTest, NamesNoFileThatNobodyFinds) {
  Make(R"(
    iso9660 { rock_ridge {} joliet {} } udf {}
    entry { path: "/a" text: "a" }
    entry { path: "/in/one" text: "1" } entry { path: "/in/two" text: "2" }
    entry { path: "/lost" text: "3" } entry { path: "/all" checksums {} }
    entry { path: "/match" checksums { match: "**/o*" match: "lost" } }
    hide { match: "lost" } hide { match: "in" from: JOLIET }
    hide { match: "a" by: MARK })");
  EXPECT_THAT(Names("/all"), ElementsAre("./a", "./in/one", "./in/two"));
  EXPECT_THAT(Names("/match"), ElementsAre("./in/one"));
  EXPECT_THAT(
      Remarks(),
      ElementsAre(
          "/lost: hidden wherever /all is shown",
          "/all: names /in/one, hidden from Joliet, like 1 more: a check of the list fails there",
          "/lost: hidden wherever /match is shown",
          "/match: names /in/one, hidden from Joliet: a check of the list fails there"));
}

TEST_F(ChecksumsTest, EachNamespaceMayHaveAListOfItsOwn) {
  Make(R"(
    iso9660 { rock_ridge {} joliet {} }
    entry { path: "/unix/sh" text: "sh" } entry { path: "/win/exe" text: "exe" }
    entry { path: "/readme" text: "read" }
    entry { path: "/unix/sums" checksums { match: "**" } }
    entry { path: "/win/sums" checksums {} } entry { path: "/link" hard_link: "/win/sums" }
    entry { path: "/none" checksums {} }
    hide { match: "unix" from: JOLIET } hide { match: "win" from: ISO9660 } hide { match: "link" from: ISO9660 }
    hide { match: "none" })");
  EXPECT_THAT(Names("/unix/sums"), ElementsAre("./readme", "./unix/sh"));
  EXPECT_THAT(Names("/win/sums"), ElementsAre("./readme", "./win/exe"));
  EXPECT_THAT(Names("/none"), ElementsAre("./readme", "./unix/sh", "./win/exe"));
  EXPECT_THAT(Remarks(), testing::Not(testing::Contains(testing::StartsWith("/win/sums: names"))));
}

TEST_F(ChecksumsTest, AListOfHiddenFilesAloneIsRefused) {
  const std::string files = R"(
    entry { path: "/boot.cat" text: "c" } hide { match: "boot.cat" } )";
  EXPECT_THAT(Problems(files + R"(entry { path: "/sums" checksums {} })"),
              AllOf(HasSubstr("entry[1].checksums: names no file"),
                    HasSubstr("what is hidden wherever the list is shown has no line")));
  EXPECT_THAT(Problems(files + R"(entry { path: "/sums" checksums { match: "boot.cat" } })"),
              HasSubstr("entry[1].checksums: names no file"));
}

TEST_F(ChecksumsTest, ListsThatNameEachOtherAreRefused) {
  EXPECT_THAT(Problems(R"(
    entry { path: "/a" checksums { match: "b" include_checksums: true } }
    entry { path: "/b" checksums { match: "c" include_checksums: true } }
    entry { path: "/c" checksums { match: "b" include_checksums: true } })"),
              HasSubstr("entry[1].checksums.include_checksums: no list can be finished before the "
                        "other: \"/b\" names \"/c\" names \"/b\""));
}

TEST_F(ChecksumsTest, AListIsNoBootImage) {
  EXPECT_THAT(Problems(R"(
    entry { path: "/a" text: "a" } entry { path: "/sums" checksums {} }
    boot { entry { image: "/sums" } })"),
              HasSubstr("a list of checksums is no boot image"));
}

TEST_F(ChecksumsTest, IsReadInAnyPieces) {
  std::string manifest = R"(entry { path: "/sums" checksums { algorithm: MD5 } } )";
  std::string want;
  for (int i = 1000; i < 1300; ++i) {
    absl::StrAppend(&manifest, "entry { path: '/f", i, "' text: '", i, "' } ");
    absl::StrAppend(&want, Hex(EVP_md5(), absl::StrCat(i)), "  ./f", i, "\n");
  }
  Make(manifest);
  EXPECT_EQ(File("/sums"), want);
  const ContentId content = disc_->tree().inode(disc_->tree().Find("/sums")).content;
  for (uint64_t at = 0, size = 1; at < want.size(); at += size) {
    size = std::min<uint64_t>(want.size() - at, 1 + (at * 7 + 13) % 331);
    std::string part(size, '\0');
    ASSERT_EQ(disc_->contents().ReadUnpatched(
                  content, at, absl::MakeSpan(reinterpret_cast<uint8_t*>(part.data()), size)),
              absl::OkStatus());
    ASSERT_EQ(part, want.substr(at, size)) << at;
  }
}

TEST_F(ChecksumsTest, CanBeInTheOrderOfTheDisc) {
  // The boot catalog lies before all files, and links lie where their first name does.
  directory_.Write("loader", TestBytes(3000, 1));
  Make(R"(
    entry { path: "/a" text: "a" } entry { path: "/b" text: "b" } entry { path: "/0" text: "" }
    entry { path: "/sub/linked" hard_link: "/a" }
    entry { path: "/z/boot.img" file { source: "loader" } }
    entry { path: "/sums" checksums { order: BY_PLACE } }
    boot { catalog: "/z/boot.cat" entry { image: "/z/boot.img" boot_info_table: true } })");
  EXPECT_THAT(Names("/sums"),
              ElementsAre("./0", "./z/boot.cat", "./a", "./sub/linked", "./b", "./z/boot.img"));
  EXPECT_THAT(Lines("/sums"),
              testing::Contains(Hex(EVP_sha256(), File("/z/boot.img")) + "  ./z/boot.img"));
}

TEST_F(ChecksumsTest, TheThreadsMakeNoDifference) {
  std::string manifest = R"(
    entry { path: "/md5" checksums { algorithm: MD5 } }
    entry { path: "/sha" checksums { include_checksums: true } } )";
  for (int i = 0; i < 700; ++i) {
    directory_.Write(absl::StrCat("f", i), TestBytes(static_cast<size_t>(i * 101), 7));
    absl::StrAppend(&manifest, "entry { path: '/f", i, "' file { source: 'f", i, "' } } ");
  }
  Make(manifest, 1);
  const std::string one = image_;
  for (const int jobs : {2, 8}) {
    Make(manifest, jobs);
    EXPECT_TRUE(image_ == one) << jobs;
  }
}

TEST_F(ChecksumsTest, TheImageIdDependsOnWhatAListSaysAndNotOnHowItIsAsked) {
  const auto id = [&](const std::string& list) {
    Make(R"(entry { path: "/a" text: "a" } entry { path: "/b" text: "b" }
            entry { path: "/sums" checksums { )" +
         list + "} }");
    return disc_->volume().image_id.Hex();
  };
  const std::string plain = id("");
  EXPECT_EQ(plain,
            id(R"(algorithm: SHA256 match: "**" directory: "/" prefix: "./" order: BY_PATH)"));
  EXPECT_EQ(plain, id(R"(match: "b" match: "a")"));
  std::vector<std::string> others = {plain};
  for (const char* list : {"algorithm: MD5", "tag: true", "prefix: '..'", "order: BY_PLACE",
                           "match: 'a'", "match: 'b'", "algorithm: SHA512", "algorithm: B2"}) {
    const std::string other = id(list);
    EXPECT_THAT(others, testing::Not(testing::Contains(other))) << list;
    others.push_back(other);
  }
}

TEST_F(ChecksumsTest, AListThatIsReplacedIsGone) {
  Make(R"(
    entry { path: "/sums" checksums { match: "nothing" } }
    entry { path: "/sums" text: "by hand" overlay: true }
    entry { path: "/all" checksums {} })");
  EXPECT_EQ(File("/sums"), "by hand");
  EXPECT_THAT(Names("/all"), ElementsAre("./sums"));
}

TEST_F(ChecksumsTest, ASourceThatChangesIsFound) {
  directory_.Write("f", "before");
  auto disc = TryMake(R"(
    entry { path: "/f" file { source: "f" } } entry { path: "/sums" checksums {} })");
  ASSERT_TRUE(disc.ok());
  directory_.Write("f", "after it");
  const absl::Status status = (*disc)->image().Prepare(1);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("f changed"));
}

}  // namespace
}  // namespace isomason
