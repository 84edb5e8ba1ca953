// What `names` does with Unicode, from the manifest to what the namespaces show.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kComposed[] = "\u00E9";
constexpr char kDecomposed[] = "e\u0301";
constexpr char kAll[] = "iso9660 { rock_ridge {} joliet { symlinks: OMIT } } udf {} ";

class NamesTest : public testing::Test {
 protected:
  // Makes the image of a manifest; false, with diagnostics, when there is none.
  bool Author(const std::string& manifest) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "image_version: 1 volume { id: 'TEST' } " + manifest, &m))
        << manifest;
    const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "test", ".");
    Diagnostics diagnostics;
    auto disc = isomason::Author(loaded, directory_.path(), &diagnostics);
    problems_ = diagnostics.Format();
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    return true;
  }

  std::vector<std::string> Paths() const {
    std::vector<std::string> paths;
    for (NodeId n = 1; n < disc_->tree().node_count(); ++n) paths.push_back(disc_->tree().Path(n));
    return paths;
  }

  // Remarks of one origin: "/path detail".
  std::vector<std::string> Remarks(const std::string& where) const {
    std::vector<std::string> lines;
    for (const Remark& r : disc_->remarks()) {
      if (r.where == where) lines.push_back(absl::StrCat(r.path, " ", r.detail));
    }
    return lines;
  }

  static std::string File(const std::string& path) {
    return absl::StrCat("entry { path: '", path, "' text: 'x' } ");
  }

  TestDirectory directory_;
  std::unique_ptr<Disc> disc_;
  std::string problems_;
};

TEST_F(NamesTest, StayWhatTheyAreByDefault) {
  for (const char* names : {"", "names {}", "names { normalization: KEEP }"}) {
    ASSERT_TRUE(Author(absl::StrCat(File(absl::StrCat("/", kDecomposed)), kAll, names)));
    EXPECT_THAT(Paths(), ElementsAre(absl::StrCat("/", kDecomposed)));
    EXPECT_THAT(Remarks("names"), IsEmpty());
  }
}

TEST_F(NamesTest, OfTheManifestComeInItsNormalForm) {
  const std::string d = kDecomposed, c = kComposed;
  const std::string entries =
      absl::StrCat("entry { path: '/", d, "/file' text: 'x' } entry { path: '/", c,
                   "/other' text: 'x' }", "entry { path: '/hard' hard_link: '/", c, "/file' }",
                   "entry { path: '/link' symlink: '", d, "/file' }", "attribute_rule { match: '",
                   c, "/*' attributes { owner: 7 } }", "hide { match: '", d, "/other' from: UDF }");
  ASSERT_TRUE(Author(absl::StrCat(kAll, entries, "names { normalization: NFC }"))) << problems_;
  EXPECT_THAT(Paths(),
              ElementsAre("/hard", "/link", "/" + c, "/" + c + "/file", "/" + c + "/other"));
  const Tree& tree = disc_->tree();
  EXPECT_EQ(tree.target(tree.inode(tree.Find("/link"))), c + "/file");
  EXPECT_EQ(tree.inode(tree.Find("/" + c + "/file")).owner, 7u);
  EXPECT_EQ(disc_->udf()->NameOf(tree.Find("/" + c + "/other")), "");
  EXPECT_EQ(disc_->joliet()->NameOf(tree.Find("/" + c)), c);
  EXPECT_THAT(Remarks("names"),
              ElementsAre("/" + d + "/file /" + c + "/file", "/link " + c + "/file"));

  ASSERT_TRUE(Author(absl::StrCat(kAll, entries, "names { normalization: NFD }"))) << problems_;
  EXPECT_EQ(disc_->tree().Find("/" + c), kNoNode);
  EXPECT_NE(disc_->tree().Find("/" + d + "/other"), kNoNode);
}

TEST_F(NamesTest, OfSourcesComeInItsNormalForm) {
  const std::string d = kDecomposed, c = kComposed;
  directory_.Write("tree/" + d + "/" + d + ".txt", "contents");
  directory_.Write("tree/plain", "x");
  directory_.MakeSymlink("tree/link", d);
  const std::string entry = "entry { path: '/' tree { source: 'tree' } } ";
  ASSERT_TRUE(Author(absl::StrCat(kAll, entry, "names { normalization: NFC }"))) << problems_;
  EXPECT_THAT(Paths(), ElementsAre("/link", "/plain", "/" + c, "/" + c + "/" + c + ".txt"));
  EXPECT_THAT(Remarks("names"),
              ElementsAre("/" + d + " /" + c, "/" + d + "/" + d + ".txt /" + c + "/" + c + ".txt",
                          "/link " + c));
  // The file of the host is still found.
  EXPECT_EQ(disc_->image().Prepare(1), absl::OkStatus());
  std::string bytes(disc_->image().size(), '?');
  EXPECT_EQ(disc_->image().Read(
                0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())),
            absl::OkStatus());
  EXPECT_THAT(bytes, HasSubstr("contents"));
}

TEST_F(NamesTest, InListsOfPathsComeInItsNormalForm) {
  const std::string d = kDecomposed, c = kComposed;
  directory_.Write("order", "/z" + c + "\n/z" + d + "2\n");
  directory_.Write("sort", "dir" + c + " 5\n");
  const std::string entries =
      absl::StrCat(File("/a"), File("/z" + c), File("/z" + d + "2"), File("/dir" + d + "/file"));
  const auto lists = [&](const std::string& form) {
    EXPECT_TRUE(
        Author(absl::StrCat(kAll, entries, "layout { order_file: 'order' sort_file: 'sort' } ",
                            "names { normalization: ", form, " }")))
        << problems_;
    const Tree& tree = disc_->tree();
    std::map<uint64_t, std::string> places;
    for (NodeId n = 1; n < tree.node_count(); ++n) {
      if (tree.is_directory(n)) continue;
      places[disc_->image().addresses()[tree.inode(n).content].value()] = tree.Path(n);
    }
    std::vector<std::string> paths;
    for (const auto& [place, path] : places) paths.push_back(path);
    return paths;
  };
  EXPECT_THAT(lists("NFD"), ElementsAre("/z" + d, "/z" + d + "2", "/dir" + d + "/file", "/a"));
  EXPECT_THAT(lists("NFC"), ElementsAre("/z" + c, "/z" + c + "2", "/dir" + c + "/file", "/a"));
  // Without one, paths are what they are.
  EXPECT_THAT(lists("KEEP"), ElementsAre("/z" + c, "/z" + d + "2", "/a", "/dir" + d + "/file"));
}

TEST_F(NamesTest, InGlobsOverSourcesAreThoseOfTheSource) {
  const std::string d = kDecomposed, c = kComposed;
  directory_.Write("tree/" + c + "/in", "x");
  directory_.Write("tree/no" + c, "x");
  ASSERT_EQ(std::system(absl::StrCat("tar -C ", directory_.path(), "/tree -cf ", directory_.path(),
                                     "/a.tar .")
                            .c_str()),
            0);
  for (const char* source : {"tree { source: 'tree'", "archive { source: 'a.tar'"}) {
    for (const auto& globs :
         {"include: '" + c + "' include: '" + c + "/**'", "exclude: 'no" + c + "'"}) {
      ASSERT_TRUE(Author(absl::StrCat(kAll, "entry { path: '/' ", source, " ", globs, " } } ",
                                      "names { normalization: NFD }")))
          << problems_;
      EXPECT_THAT(Paths(), ElementsAre("/" + d, "/" + d + "/in")) << source << globs;
    }
  }
}

TEST_F(NamesTest, InGlobsOverTheImageComeInItsNormalForm) {
  const std::string d = kDecomposed, c = kComposed;
  ASSERT_TRUE(
      Author(absl::StrCat(kAll, File("/" + c), File("/" + c + "2"), File("/other"),
                          "deduplicate { include: '", c, "*' } names { normalization: NFD }")))
      << problems_;
  const Tree& tree = disc_->tree();
  const auto content = [&](const std::string& path) { return tree.inode(tree.Find(path)).content; };
  EXPECT_EQ(content("/" + d), content("/" + d + "2"));
  EXPECT_NE(content("/" + d), content("/other"));
}

TEST_F(NamesTest, ThatBecomeOneAreAnError) {
  const std::string d = kDecomposed, c = kComposed;
  EXPECT_FALSE(
      Author(absl::StrCat(File("/" + d), File("/" + c), kAll, "names { normalization: NFC }")));
  EXPECT_THAT(problems_, HasSubstr("entry[1].path: \"/" + c + "\" is in the image already"));

  // Also where directories would merge, and where an overlay would replace.
  directory_.Write("tree/" + d + "/one", "x");
  directory_.Write("tree/" + c + "/two", "x");
  EXPECT_FALSE(
      Author("entry { path: '/' tree { source: 'tree' } overlay: true } "
             "names { normalization: NFD }"));
  EXPECT_THAT(problems_, HasSubstr("\"/" + c + "\" and another name of the source become one, \"/" +
                                   d + "\", in the normal form that `names` asks for"));
}

TEST_F(NamesTest, ThatDifferInCaseAreReportedOrRefused) {
  const std::string entries =
      absl::StrCat(File("/README"), File("/readme"), File("/d/\u00C9"), File("/d/\u00E9"),
                   File("/d/\u00DF"), File("/d/SS"), File("/e/README"));
  ASSERT_TRUE(Author(absl::StrCat(kAll, entries))) << problems_;
  const std::string how = " in capital letters alone; Windows opens one of the two";
  for (const char* where : {"joliet", "udf"}) {
    EXPECT_THAT(Remarks(where), ElementsAre("/readme differs from README" + how,
                                            "/d/\u00E9 differs from \u00C9" + how));
  }
  EXPECT_FALSE(Author(absl::StrCat(kAll, entries, "names { case_collisions: REFUSE_COLLISIONS }")));
  EXPECT_THAT(problems_, HasSubstr("entry[1].path: \"/readme\" differs from README" + how));
  EXPECT_THAT(problems_, HasSubstr("entry[3].path: \"/d/\u00E9\" differs from \u00C9" + how));
  EXPECT_THAT(problems_, HasSubstr("rename one of the two, hide one of them from the namespace"));
  // Namespaces whose readers do not fold are not asked.
  EXPECT_TRUE(Author("iso9660 { rock_ridge {} } " + entries +
                     "names { case_collisions: REFUSE_COLLISIONS }"))
      << problems_;
  // One that is hidden from the namespace is none.
  EXPECT_TRUE(Author("iso9660 { rock_ridge {} joliet {} } " + File("/A") + File("/a") +
                     "hide { match: 'A' from: JOLIET } "
                     "names { case_collisions: REFUSE_COLLISIONS }"))
      << problems_;
}

TEST_F(NamesTest, ThatDifferInNormalizationAreReportedOrRefused) {
  const std::string d = kDecomposed, c = kComposed;
  // The Kelvin sign is a K in normal form, and then a case twin of k.
  const std::string entries =
      absl::StrCat(File("/" + d), File("/" + c), File("/k/K"), File("/k/\u212A"), File("/k/k"));
  ASSERT_TRUE(Author(absl::StrCat(kAll, entries))) << problems_;
  const std::string how =
      " in Unicode normalization alone; macOS takes the two for one, and so does libarchive where "
      "it reads Joliet";
  EXPECT_THAT(Remarks("joliet"),
              ElementsAre("/" + c + " differs from " + d + how,
                          "/k/k differs from K in capital letters alone; Windows opens one of the "
                          "two",
                          "/k/\u212A differs from K" + how));
  EXPECT_FALSE(
      Author(absl::StrCat(kAll, entries, "names { normalization_collisions: REFUSE_COLLISIONS }")));
  EXPECT_THAT(problems_, HasSubstr("entry[1].path: \"/" + c + "\" differs from " + d + how));
  EXPECT_THAT(problems_, HasSubstr("`names.normalization_collisions: REPORT_COLLISIONS`"));
}

// A name that Joliet has to change collides as it is shown there.
TEST_F(NamesTest, CollideAsTheNamespaceShowsThem) {
  ASSERT_TRUE(Author("iso9660 { rock_ridge {} joliet { names: MANGLE_NAMES } } " + File("/what?") +
                     File("/WHAT_")))
      << problems_;
  EXPECT_THAT(Remarks("joliet"),
              testing::Contains("/what? differs from WHAT_ in capital letters alone; Windows opens "
                                "one of the two"));
}

TEST_F(NamesTest, WithoutANormalFormTheIdIsThatOfTheNames) {
  const auto id = [&](const std::string& names) {
    EXPECT_TRUE(Author(absl::StrCat(File("/\u00E9"), kAll, names))) << problems_;
    return disc_->volume().image_id.Hex();
  };
  EXPECT_EQ(id(""), id("names { normalization: KEEP case_collisions: REPORT_COLLISIONS "
                       "normalization_collisions: REPORT_COLLISIONS }"));
  EXPECT_NE(id(""), id("names { normalization: NFD }"));
}

}  // namespace
}  // namespace isomason
