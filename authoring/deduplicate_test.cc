#include "authoring/deduplicate.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

class DeduplicateTest : public testing::Test {
 protected:
  DeduplicateTest() {
    directory_.Write("kernel", TestBytes(5000, 1));
    directory_.Write("same_kernel", TestBytes(5000, 1));
    directory_.Write("other_kernel", TestBytes(5000, 2));
    directory_.Write("small", "small");
  }

  // What is made of a manifest.
  void Make(const std::string& text, int jobs = 1) {
    directory_.Write(
        "m.textproto",
        absl::StrCat("image_version: 1 volume { id: \"T\" } iso9660 { rock_ridge {} } ", text));
    LoadedManifest loaded;
    Diagnostics diagnostics;
    LoadManifest(directory_.path("m.textproto"), {}, &loaded, &diagnostics);
    auto disc = Author(loaded, directory_.path(), &diagnostics, jobs);
    ASSERT_TRUE(disc.ok()) << disc.status() << diagnostics.Format();
    disc_ = *std::move(disc);
    ASSERT_EQ(disc_->image().Prepare(1), absl::OkStatus());
  }

  const Inode& At(const std::string& path) const {
    return disc_->tree().inode(disc_->tree().Find(path));
  }
  bool Share(const std::string& one, const std::string& other) const {
    return At(one).content == At(other).content;
  }

  TestDirectory directory_;
  std::unique_ptr<Disc> disc_;
};

constexpr char kFiles[] = R"(
  entry { path: "/a/kernel" file { source: "kernel" } attributes { owner: 7 } }
  entry { path: "/b/kernel" file { source: "same_kernel" } }
  entry { path: "/b/linked" hard_link: "/b/kernel" }
  entry { path: "/b/other" file { source: "other_kernel" } }
  entry { path: "/c/text" text: "small" }
  entry { path: "/c/small" file { source: "small" } }
  entry { path: "/c/part" file { source: "kernel" length: 5 } }
  entry { path: "/c/empty" text: "" }
  entry { path: "/c/empty_too" text: "" }
)";

TEST_F(DeduplicateTest, IsOffUnlessTheManifestAsksForIt) {
  Make(kFiles);
  EXPECT_FALSE(Share("/a/kernel", "/b/kernel"));
  EXPECT_EQ(disc_->saved().files, 0u);
}

TEST_F(DeduplicateTest, EqualFilesShareTheContentOfTheFirst) {
  Make(absl::StrCat(kFiles, "deduplicate {}"));
  EXPECT_TRUE(Share("/a/kernel", "/b/kernel"));
  EXPECT_TRUE(Share("/b/kernel", "/b/linked"));
  EXPECT_FALSE(Share("/a/kernel", "/b/other"));
  EXPECT_TRUE(Share("/c/small", "/c/text"));
  EXPECT_FALSE(Share("/c/small", "/c/part"));
  EXPECT_EQ(disc_->contents().source(At("/b/kernel").content).path, directory_.path("kernel"));
  EXPECT_EQ(disc_->saved().files, 2u);
  EXPECT_EQ(disc_->saved().bytes, 5005u);
  // They are files of their own.
  EXPECT_EQ(At("/a/kernel").links, 1u);
  EXPECT_EQ(At("/b/kernel").links, 2u);
  EXPECT_EQ(At("/a/kernel").owner, 7u);
  EXPECT_EQ(At("/b/kernel").owner, 0u);
}

TEST_F(DeduplicateTest, GlobsAndSizeSayWhichFilesAreCompared) {
  Make(absl::StrCat(kFiles, "deduplicate { minimum_size: 6 }"));
  EXPECT_TRUE(Share("/a/kernel", "/b/kernel"));
  EXPECT_FALSE(Share("/c/small", "/c/text"));
  Make(absl::StrCat(kFiles, "deduplicate { include: 'c/*' }"));
  EXPECT_FALSE(Share("/a/kernel", "/b/kernel"));
  EXPECT_TRUE(Share("/c/small", "/c/text"));
  Make(absl::StrCat(kFiles, "deduplicate { exclude: 'b/**' exclude: 'c/text' }"));
  EXPECT_FALSE(Share("/a/kernel", "/b/kernel"));
  EXPECT_FALSE(Share("/c/small", "/c/text"));
  EXPECT_EQ(disc_->saved().files, 0u);
}

TEST_F(DeduplicateTest, NothingIsSavedWhereAnotherFileKeepsTheContent) {
  Make(R"(
    entry { path: "/a" file { source: "kernel" } }
    entry { path: "/b" file { source: "same_kernel" } }
    entry { path: "/kept" file { source: "same_kernel" } }
    deduplicate { exclude: "kept" })");
  EXPECT_TRUE(Share("/a", "/b"));
  EXPECT_FALSE(Share("/a", "/kept"));
  EXPECT_EQ(disc_->saved().files, 1u);
  EXPECT_EQ(disc_->saved().bytes, 0u);
}

TEST_F(DeduplicateTest, RoomForLaterKeepsItsPlace) {
  Make(R"(
    entry { path: "/a" zeros: 5000 }
    entry { path: "/b" zeros: 5000 }
    entry { path: "/c" bytes: "\000\000" }
    entry { path: "/d" concat { part { zeros: 1 } part { bytes: "\000" } } }
    deduplicate {})");
  EXPECT_FALSE(Share("/a", "/b"));
  EXPECT_TRUE(Share("/c", "/d"));
}

// What is patched is not what its source is.
TEST_F(DeduplicateTest, PatchedBootImagesStayApart) {
  for (const char* first : {"/a", "/z"}) {
    Make(absl::StrCat(R"(entry { path: ")", first, R"(" file { source: "kernel" } }
      entry { path: "/m" file { source: "same_kernel" } }
      entry { path: "/plain" file { source: "other_kernel" } }
      entry { path: "/same" file { source: "other_kernel" } }
      boot { entry { image: "/m" boot_info_table: true } entry { image: "/plain" } }
      deduplicate {})"));
    EXPECT_FALSE(Share(first, "/m"));
    std::vector<uint8_t> bytes(5000);
    ASSERT_EQ(disc_->contents().ReadUnpatched(At(first).content, 0, absl::MakeSpan(bytes)),
              absl::OkStatus());
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), TestBytes(5000, 1));
    EXPECT_TRUE(disc_->contents().patches(At(first).content).empty());
    EXPECT_FALSE(disc_->contents().patches(At("/m").content).empty());
    EXPECT_EQ(disc_->saved().files, 0u);
  }
}

TEST_F(DeduplicateTest, PinsAreComparedAllTheSame) {
  directory_.Write("m.textproto",
                   absl::StrCat("image_version: 1 volume { id: \"T\" } deduplicate {} "
                                "entry { path: \"/A\" text: \"small\" }"
                                "entry { path: \"/B\" file { source: \"small\" sha256: \"",
                                std::string(64, '0'), "\" } }"));
  LoadedManifest loaded;
  Diagnostics diagnostics;
  LoadManifest(directory_.path("m.textproto"), {}, &loaded, &diagnostics);
  auto disc = Author(loaded, directory_.path(), &diagnostics);
  ASSERT_TRUE(disc.ok()) << disc.status() << diagnostics.Format();
  EXPECT_EQ((*disc)->saved().files, 1u);
  const absl::Status status = (*disc)->image().Prepare(1);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("entry[1].file.sha256"), absl::string_view::npos) << status;
}

TEST_F(DeduplicateTest, NeitherThreadsNorTimesNorInodesMatter) {
  std::set<std::string> ids;
  for (const int jobs : {1, 2, 8}) {
    directory_.Write("same_kernel", TestBytes(5000, 1));
    Make(absl::StrCat(kFiles, "deduplicate { minimum_size: 1 }"), jobs);
    ids.insert(disc_->volume().image_id.Hex());
    EXPECT_EQ(disc_->contents().source(At("/b/kernel").content).path, directory_.path("kernel"));
  }
  EXPECT_EQ(ids.size(), 1u);
  Make(absl::StrCat(kFiles, "deduplicate {}"));
  EXPECT_EQ(ids.count(disc_->volume().image_id.Hex()), 1u) << "1 is the default";
  Make(kFiles);
  EXPECT_EQ(ids.count(disc_->volume().image_id.Hex()), 0u);
}

}  // namespace
}  // namespace isomason
