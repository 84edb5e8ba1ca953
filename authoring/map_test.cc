#include "authoring/map.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

std::unique_ptr<Disc> MakeDisc(const std::string& manifest, const std::string& root = ".") {
  manifest::Manifest m;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "image_version: 1 volume { id: 'TEST' } " + manifest, &m));
  const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "test", ".");
  Diagnostics diagnostics;
  auto disc = Author(loaded, root, &diagnostics);
  EXPECT_EQ(disc.status(), absl::OkStatus()) << diagnostics.Format();
  return *std::move(disc);
}

std::vector<MapRun> Runs(const Disc& disc) {
  std::vector<MapRun> runs;
  VisitMap(disc, [&](const MapRun& run) { runs.push_back(run); });
  return runs;
}

TEST(MapTest, TheRunsOfAnImageCoverItWithoutGaps) {
  const TestDirectory directory;
  directory.Write("area", std::string(513, 'm'));
  for (const char* manifest :
       {"", "entry { path: '/A' text: 'x' }", "udf {} iso9660 { rock_ridge {} joliet {} }",
        "layout { padding_blocks: 0 }",
        "udf {} layout { minimum_size: 5000000 } entry { path: '/A/B/C' text: 'x' }"
        "boot { catalog: '/BOOT.CAT' entry { image: '/A/B/C' } system_area { source: 'area' } }"}) {
    SCOPED_TRACE(manifest);
    const auto disc = MakeDisc(manifest, directory.path());
    uint64_t next = 0;
    for (const MapRun& run : Runs(*disc)) {
      EXPECT_EQ(run.block, next) << run.what;
      EXPECT_GT(run.count, 0u) << run.what;
      EXPECT_EQ(run.owner.empty(), run.what == "zeros") << run.what;
      next = run.block + run.count;
    }
    EXPECT_EQ(next * kBlockSize, disc->image().size());
  }
}

// A run of zeros is all zeros, and what is called something else starts with what it is.
TEST(MapTest, TheRunsOfAnImageAreWhereItsBytesAre) {
  const TestDirectory directory;
  directory.Write("area", std::string(513, 'm'));
  const auto disc = MakeDisc(
      "iso9660 { rock_ridge {} joliet {} } entry { path: '/a' text: 'the text of a' }"
      "entry { path: '/i' text: 'the boot image' }"
      "boot { entry { image: '/i' } system_area { source: 'area' } }",
      directory.path());
  ASSERT_EQ(disc->image().Prepare(1), absl::OkStatus());
  std::vector<std::string> seen;
  for (const MapRun& run : Runs(*disc)) {
    std::string bytes(run.count * kBlockSize, '?');
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
    ASSERT_EQ(disc->image().Read(run.block * kBlockSize, out), absl::OkStatus());
    if (run.what == "zeros") {
      EXPECT_EQ(bytes.find_first_not_of('\0'), std::string::npos);
      continue;
    }
    seen.push_back(run.what);
    if (run.what == "system area") {
      EXPECT_EQ(run.block, 0u);
      EXPECT_EQ(bytes.substr(0, 514), std::string(513, 'm') + '\0');
    } else if (run.what == "/a") {
      EXPECT_EQ(bytes.substr(0, 13), "the text of a");
    } else if (run.what == "/i") {
      EXPECT_EQ(bytes.substr(0, 14), "the boot image");
    } else if (run.what == "boot catalog") {
      EXPECT_EQ(bytes.substr(30, 2), "\x55\xAA");
    } else if (run.what == "boot record") {
      EXPECT_EQ(run.block, 17u);
      EXPECT_EQ(run.owner, "boot");
    }
  }
  for (const char* what : {"system area", "/a", "/i", "boot catalog", "boot record"}) {
    EXPECT_THAT(seen, Contains(what));
  }
}

TEST(MapTest, APathOfTheMapIsTheFirstThatHasTheContent) {
  const TestDirectory directory;
  directory.Write("source", "x");
  const auto disc = MakeDisc(
      "entry { path: '/b' file { source: 'source' } } entry { path: '/a' hard_link: '/b' }"
      "entry { path: '/c' file { source: 'source' } } iso9660 { rock_ridge {} }",
      directory.path());
  std::vector<std::string> files;
  for (const MapRun& run : Runs(*disc)) {
    if (run.owner == "content") files.push_back(run.what);
  }
  EXPECT_THAT(files, ElementsAre("/a"));
}

TEST(MapTest, ALineHasItsNumbersInColumns) {
  EXPECT_EQ(FormatMapHeading(), "#   block   count\n");
  EXPECT_EQ(FormatMapRun({16, 1, "primary volume descriptor", "iso9660"}),
            "       16       1  primary volume descriptor                iso9660\n");
  EXPECT_EQ(FormatMapRun({17, 3, "zeros", ""}), "       17       3  zeros\n");
  EXPECT_EQ(FormatMapRun({4294967295, 1234567, std::string(50, 'x'), "content"}),
            "4294967295 1234567  " + std::string(50, 'x') + " content\n");
  EXPECT_EQ(FormatMapRun({1, 1, "/a\nb", "content"}),
            "        1       1  /a\\x0ab                                  content\n");
}

TEST(MapTest, PrintableTextKeepsToItsLine) {
  const struct {
    std::string text, want;
  } kCases[] = {
      {"", ""},
      {"plain ~ \"quoted\" \\", "plain ~ \"quoted\" \\"},
      {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x92\xBF", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x92\xBF"},
      {"a\tb\n\x1B[31m\x7F", "a\\x09b\\x0a\\x1b[31m\\x7f"},
      {std::string("a\0b", 3), "a\\x00b"},
      {"\xE9t\xE9", "\\xe9t\\xe9"},                // Latin 1
      {"\xC2\x85\xC2\xA0", "\\xc2\\x85\xC2\xA0"},  // C1 control; no-break space is none
      {"cut \xE2\x82", "cut \\xe2\\x82"},
      {"\xED\xA0\x80", "\\xed\\xa0\\x80"},  // a surrogate
  };
  for (const auto& c : kCases) EXPECT_EQ(Printable(c.text), c.want);
}

TEST(MapTest, NamesTheViewsOfAManifest) {
  const struct {
    const char* text;
    const char* want;
  } kCases[] = {
      {"", "ISO 9660"},
      {"iso9660 { rock_ridge {} }", "ISO 9660 + Rock Ridge"},
      {"iso9660 { joliet {} }", "ISO 9660 + Joliet"},
      {"udf {}", "ISO 9660 + UDF 1.02"},
      {"iso9660 { rock_ridge {} joliet {} } udf {}", "ISO 9660 + Rock Ridge + Joliet + UDF 1.02"},
  };
  for (const auto& c : kCases) {
    manifest::Manifest m;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(c.text, &m));
    EXPECT_EQ(NamespacesOf(m), c.want);
  }
}

std::vector<std::string> Changes(const Disc& disc) {
  std::vector<std::string> changes;
  VisitNameChanges(disc, [&](const NameChange& change) {
    changes.push_back(
        absl::StrCat(change.where, " ", disc.tree().Path(change.node), " -> ", change.name));
  });
  return changes;
}

TEST(MapTest, ListsEveryNameThatANamespaceChangesOrLeavesOut) {
  const auto disc = MakeDisc(
      "iso9660 { rock_ridge {} joliet { names: MANGLE_NAMES symlinks: OMIT } } udf {}"
      "entry { path: '/README' text: 'x' } entry { path: '/a?b' text: 'x' }"
      "entry { path: '/link' symlink: 'README' }");
  const std::vector<std::string> changes = Changes(*disc);
  // A name that needs no change is not among them, and the root has none.
  EXPECT_THAT(changes, Not(Contains("joliet /README -> README")));
  EXPECT_THAT(changes, Contains("joliet /link -> ")) << "left out";
  EXPECT_THAT(changes, Contains("iso9660 /link -> LINK"));
  int joliet = 0, udf = 0;
  for (const std::string& change : changes) {
    joliet += change.rfind("joliet /a?b -> a", 0) == 0;
    udf += change.rfind("udf ", 0) == 0;
    EXPECT_EQ(change.find(" / "), std::string::npos);
  }
  EXPECT_EQ(joliet, 1);
  EXPECT_EQ(udf, 0) << "UDF holds every name";
}

TEST(MapTest, ShowsEveryNameInEveryNamespace) {
  const std::string manifest =
      "iso9660 { rock_ridge {} joliet { symlinks: OMIT } } udf {}"
      "entry { path: '/notes.txt' text: 'x' } entry { path: '/link' symlink: 'notes.txt' }"
      "entry { path: '/dir/one' text: 'x' } hide { match: 'dir' from: UDF }"
      "hide { match: 'notes.txt' from: JOLIET by: MARK }";
  const auto disc = MakeDisc(manifest);
  manifest::Manifest m;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(manifest, &m));
  const std::vector<NameColumn> columns = NameColumns(m);
  std::string text;
  FormatNames(*disc, columns, [&](absl::string_view line) { absl::StrAppend(&text, line); });
  EXPECT_EQ(text,
            "# iso9660    rock ridge  joliet              udf        path\n"
            "  DIR        dir         dir                 -          /dir\n"
            "  LINK       link        -                   link       /link\n"
            "  NOTES.TXT  notes.txt   notes.txt (hidden)  notes.txt  /notes.txt\n"
            "  ONE        one         one                 -          /dir/one\n");
  std::vector<std::string> hidden;
  VisitNames(*disc, columns, [&](const NodeNames& row) {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (row.hidden[i]) {
        hidden.push_back(absl::StrCat(disc->tree().Path(row.node), " ", NameOfColumn(columns[i])));
      }
    }
  });
  EXPECT_THAT(hidden, ElementsAre("/notes.txt joliet"));
}

TEST(MapTest, LongNamesMoveTheirOwnLineAlone) {
  const std::string name(60, 'N');
  const auto disc = MakeDisc("udf {} iso9660 { names: MANGLE_NAMES } entry { path: '/" + name +
                             "' text: 'x' } entry { path: '/A' text: 'x' }");
  std::string text;
  FormatNames(*disc, {NameColumn::kUdf},
              [&](absl::string_view line) { absl::StrAppend(&text, line); });
  const std::string spaces(28, ' ');
  EXPECT_EQ(text, absl::StrCat("# udf ", spaces, "  path\n  A   ", spaces, "  /A\n  ", name, "  /",
                               name, "\n"));
}

}  // namespace
}  // namespace isomason
