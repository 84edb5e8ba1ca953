// What Joliet's options do to its view. What it does by default is in iso9660_test.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/iso9660/test_disc.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kDisc[] = "\xF0\x9F\x92\xBF";  // U+1F4BF

// "/x: detail" for each of Joliet's remarks.
std::vector<std::string> RemarksOf(const TestDisc& disc) {
  std::vector<std::string> lines;
  for (const Remark& r : disc.remarks) {
    if (r.where == "joliet") lines.push_back(absl::StrCat(r.path, ": ", r.detail));
  }
  return lines;
}

std::vector<std::string> ProblemsOf(const TestDisc& disc) {
  std::vector<std::string> lines;
  for (const Problem& p : disc.problems) {
    lines.push_back(absl::StrCat(p.node == kNoNode ? p.field + ":" : disc.tree.Path(p.node), " ",
                                 p.message, " / ", p.remedy));
  }
  return lines;
}

// A file whose path has `units` characters: directories of 31 letters, then x.
std::string PathOf(size_t units) {
  std::string path;
  for (char c = 'a'; path.size() + 40 < units; ++c) absl::StrAppend(&path, std::string(31, c), "/");
  path.append(units - path.size(), 'x');
  return path;
}

View ReadJoliet(const TestDisc& disc) {
  View view = ReadView(disc.image(), /*joliet=*/true, disc.joliet_options->naming.version_numbers);
  EXPECT_THAT(view.problems, IsEmpty());
  return view;
}

TEST(JolietLevelTest, IsInTheEscapeSequence) {
  const char* const kEscapes[] = {"%/@", "%/C", "%/E"};
  for (const int level : {1, 2, 3}) {
    TestDisc disc;
    disc.joliet_options.emplace();
    disc.joliet_options->level = level;
    ASSERT_TRUE(disc.Build().ok());
    EXPECT_EQ(disc.image().substr(17 * 2048 + 88, 32), kEscapes[level - 1] + std::string(29, '\0'));
  }
  for (const int level : {0, 4}) {
    TestDisc disc;
    disc.joliet_options.emplace();
    disc.joliet_options->level = level;
    EXPECT_EQ(disc.Build().message(),
              absl::StrCat("iso9660.joliet.level: ", level, " is not 1, 2 or 3"));
  }
}

TEST(JolietLabelTest, IsItsOwn) {
  TestDisc disc;
  disc.volume.id = "A_LABEL_OF_32_CHARACTERS_IN_ISO9";
  disc.joliet_options.emplace();
  disc.joliet_options->volume_id = std::string("K\xC3\xBC\x63he ") + kDisc;
  ASSERT_TRUE(disc.Build().ok());
  EXPECT_EQ(disc.image().substr(16 * 2048 + 40, 32), disc.volume.id);
  std::string want("\0K\0\xFC\0c\0h\0e\0 \xD8\x3D\xDC\xBF", 16);
  while (want.size() < 32) want += std::string("\0 ", 2);
  EXPECT_EQ(disc.image().substr(17 * 2048 + 40, 32), want);
  EXPECT_THAT(RemarksOf(disc),
              ElementsAre(absl::StrCat(": the label here is \"K\xC3\xBC\x63he ", kDisc,
                                       "\", and \"A_LABEL_OF_32_CHARACTERS_IN_ISO9\" in ISO 9660; "
                                       "Windows and libblkid show the first, xorriso and isoinfo "
                                       "the second; GRUB shows the first where there is no Rock "
                                       "Ridge")));
}

TEST(JolietLabelTest, MayBeTheBeginningOfTheOther) {
  TestDisc disc;
  disc.volume.id = "FEDORA-WORKSTATION-LIVE-43";
  disc.options.rock_ridge = true;
  disc.joliet_options.emplace();
  disc.joliet_options->rock_ridge = true;
  disc.joliet_options->volume_id = "FEDORA-WORKSTATI";
  ASSERT_TRUE(disc.Build().ok());
  EXPECT_THAT(RemarksOf(disc),
              ElementsAre(": the label here is \"FEDORA-WORKSTATI\", and "
                          "\"FEDORA-WORKSTATION-LIVE-43\" in ISO 9660; Windows shows the first, "
                          "libblkid the second, which begins like it"));
}

TEST(JolietLabelTest, IsRefusedWhenItDoesNotFit) {
  TestDisc disc;
  disc.joliet_options.emplace();
  disc.joliet_options->volume_id = std::string(15, 'J') + kDisc;
  EXPECT_EQ(disc.Build().message(),
            "iso9660.joliet.volume_id: has 17 units of UTF-16, Joliet's field holds 16 (ECMA-119 "
            "8.5)");
}

TEST(JolietVersionsTest, AreLeftOutOfRecordsAndKeepTheOrder) {
  TestDisc disc;
  disc.joliet_options.emplace();
  disc.joliet_options->naming = {.limit = 110, .version_numbers = false};
  disc.AddFile("a", "1");
  disc.AddFile("a b", "2");  // a space sorts before `;`
  disc.AddFile(std::string(110, 'n'), "3");
  disc.options.names = Iso9660Options::Names::kMangle;
  ASSERT_TRUE(disc.Build().ok());
  EXPECT_THAT(ReadJoliet(disc).order,
              ElementsAre("/a", "/a b", absl::StrCat("/", std::string(110, 'n'))));
  const std::string directory = disc.RenderPiece("joliet directory /");
  EXPECT_EQ(directory.find(std::string("\0;\0001", 4)), std::string::npos);
  EXPECT_EQ(directory[68 + 36 + 40], '\xFE');  // the longest record that there can be
  EXPECT_THAT(RemarksOf(disc),
              ElementsAre(absl::StrCat("/", std::string(110, 'n'),
                                       ": has a name of more than 103 units of UTF-16; libarchive "
                                       "shows the first 103 where it reads Joliet")));
}

TEST(JolietVersionsTest, TakeTwoUnitsOfTheRecord) {
  TestDisc disc;
  disc.joliet_options.emplace();
  disc.joliet_options->naming.limit = 110;
  disc.AddFile(std::string(109, 'n'), "1");
  disc.AddFile(absl::StrCat(std::string(110, 'd'), "/", std::string(108, 'f')), "1");
  disc.options.names = Iso9660Options::Names::kMangle;
  disc.Build().IgnoreError();
  EXPECT_THAT(ProblemsOf(disc),
              ElementsAre(absl::StrCat(
                  "/", std::string(109, 'n'),
                  " has a name that has 109 units of UTF-16; Joliet names here have at most 108, "
                  "for `;1` takes two of the 110 in a directory record; ",
                  std::string(108, 'n'),
                  " would do / rename it, or set `iso9660.joliet.names: MANGLE_NAMES`")));
}

TEST(JolietBeyondBmpTest, IsWrittenMangledOrRefused) {
  using BeyondBmp = JolietNaming::BeyondBmp;
  for (const BeyondBmp policy : {BeyondBmp::kEmit, BeyondBmp::kMangle, BeyondBmp::kRefuse}) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.joliet_options.emplace();
    disc.joliet_options->naming.beyond_bmp = policy;
    disc.AddFile(absl::StrCat(kDisc, ".iso"), "1");
    disc.AddFile("_.iso", "2");
    disc.Build().IgnoreError();
    switch (policy) {
      case BeyondBmp::kEmit:
        EXPECT_THAT(ReadJoliet(disc).order, ElementsAre("/_.iso", "/\\ud83d\\udcbf.iso"));
        EXPECT_THAT(RemarksOf(disc), IsEmpty());
        break;
      case BeyondBmp::kMangle: {
        // The name that is another's already goes to that one, and a twin gets a variation.
        EXPECT_EQ(disc.joliet->NameOf(disc.tree.Find("/_.iso")), "_.iso");
        const std::string other =
            disc.joliet->NameOf(disc.tree.Find(absl::StrCat("/", kDisc, ".iso")));
        EXPECT_THAT(other, testing::MatchesRegex("__[0-9A-Z]{6}.iso"));
        EXPECT_THAT(ReadJoliet(disc).order,
                    testing::UnorderedElementsAre("/_.iso", absl::StrCat("/", other)));
        EXPECT_THAT(RemarksOf(disc), ElementsAre(absl::StrCat("/", kDisc, ".iso: ", other)));
        break;
      }
      case BeyondBmp::kRefuse:
        EXPECT_THAT(
            ProblemsOf(disc),
            ElementsAre(absl::StrCat(
                "/", kDisc,
                ".iso has a name that has a character beyond U+FFFF, which UCS-2, the characters "
                "of Joliet, does not have; _.iso would do / rename it, or set "
                "`iso9660.joliet.beyond_bmp` to MANGLE_CHARACTERS, or to EMIT_CHARACTERS for "
                "readers that know UTF-16")));
    }
  }
}

TEST(JolietLongPathsTest, AreRemarkedOnWhereEveryReaderReadsThem) {
  for (const size_t units : {120, 121, 512}) {
    TestDisc disc;
    disc.options.names = Iso9660Options::Names::kMangle;
    disc.joliet_options.emplace();
    disc.AddFile(PathOf(units), "x");
    ASSERT_TRUE(disc.Build().ok());
    EXPECT_EQ(ReadJoliet(disc).entries.count("/" + PathOf(units)), 1u);
    if (units == 120) {
      EXPECT_THAT(RemarksOf(disc), IsEmpty());
    } else {
      const std::string others = units == 121 ? "" : ", as 12 more";
      EXPECT_THAT(RemarksOf(disc),
                  ElementsAre(absl::StrCat("/", PathOf(units), ": has a path of ", units,
                                           " units of UTF-16", others,
                                           " of more than 120, the most that Joliet's "
                                           "specification allows")));
    }
  }
}

TEST(JolietLongPathsTest, FollowThePolicy) {
  using Policy = JolietOptions::LongPaths;
  struct Case {
    Policy policy;
    bool rock_ridge;
    size_t units;
    bool there;
    std::string problem, remark;
  };
  const std::string too_long = "libarchive gives up the image at one of more than 512";
  const std::string deepest = PathOf(513);
  const Case cases[] = {
      {Policy::kReadable, false, 513, false,
       absl::StrCat("/", deepest, " has a path of 513 units of UTF-16 in Joliet; ", too_long,
                    " / shorten it, add `rock_ridge {}`, which libarchive prefers, or set "
                    "`iso9660.joliet.long_paths` to EMIT or OMIT"),
       ""},
      {Policy::kReadable, true, 513, true, "", "gives up the image where it reads Joliet"},
      {Policy::kEmit, false, 513, true, "", "gives up the image where it reads Joliet"},
      {Policy::kRefuse, false, 121, false,
       absl::StrCat("/", PathOf(121),
                    " has a path of 121 units of UTF-16 in Joliet; its specification allows 120, "
                    "which are 240 bytes / shorten it, or leave out `iso9660.joliet.long_paths`"),
       ""},
      {Policy::kRefuse, false, 120, true, "", ""},
      {Policy::kOmit, false, 512, true, "", "has a path of 512"},
      {Policy::kOmit, false, 513, false, "", "its path has 513 units of UTF-16; " + too_long},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(absl::StrCat(static_cast<int>(c.policy), " ", c.units));
    TestDisc disc;
    disc.options.names = Iso9660Options::Names::kMangle;
    disc.options.rock_ridge = c.rock_ridge;
    disc.joliet_options.emplace();
    disc.joliet_options->rock_ridge = c.rock_ridge;
    disc.joliet_options->long_paths = c.policy;
    disc.AddFile(PathOf(c.units), "x");
    disc.Build().IgnoreError();
    EXPECT_EQ(absl::StrJoin(ProblemsOf(disc), "\n"), c.problem);
    EXPECT_THAT(absl::StrJoin(RemarksOf(disc), "\n"), testing::HasSubstr(c.remark));
    if (!c.problem.empty()) continue;
    const View joliet = ReadJoliet(disc);
    EXPECT_EQ(joliet.entries.count("/" + PathOf(c.units)), c.there ? 1u : 0u);
    // What is above it stays.
    EXPECT_EQ(joliet.entries.count("/" + std::string(31, 'a')), 1u);
  }
}

// A directory that is shown a second time in a symlink's place is too deep only there.
TEST(JolietLongPathsTest, LeaveOutTheLinkThatMakesThemLong) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.joliet_options.emplace();
  disc.joliet_options->symlinks = JolietOptions::Symlinks::kFollow;
  disc.joliet_options->long_paths = JolietOptions::LongPaths::kOmit;
  const std::string deep = PathOf(300);
  disc.AddFile(absl::StrCat("target/", deep), "x");
  disc.AddSymlink("near", "target");
  const std::string far = PathOf(220);
  std::string up;
  for (const char c : far) up += c == '/' ? "../" : "";
  disc.AddSymlink(far, up + "target");
  const absl::Status built = disc.Build();
  ASSERT_TRUE(built.ok()) << built;
  const View joliet = ReadJoliet(disc);
  EXPECT_EQ(joliet.entries.count("/target/" + deep), 1u);
  EXPECT_EQ(joliet.entries.count("/near/" + deep), 1u);
  EXPECT_EQ(joliet.entries.count("/" + far), 0u);
  EXPECT_THAT(RemarksOf(disc),
              testing::Contains(absl::StrCat(
                  "/", far, ": there, the path of /target/", deep,
                  " would have 521 units of UTF-16; libarchive gives up the image at one of more "
                  "than 512")));
}

}  // namespace
}  // namespace isomason
