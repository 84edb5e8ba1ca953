// What other writers of ISO 9660 do without a word, and isomason refuses or gets right: files past
// 4 GiB at levels that do not hold them, names that become one, names that are changed.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kFourGiB = uint64_t{1} << 32;

// The image's plan, or the errors.
ProcessResult Plan(Workshop& shop, const std::string& manifest,
                   const std::string& volume = "id: \"TRAPS\"") {
  shop.Write("m.textproto", absl::StrCat("image_version: 1 volume { ", volume, " }\n", manifest));
  return shop.Isomason({"plan", "m.textproto"});
}

void ExpectRefused(const ProcessResult& result, const std::string& message) {
  EXPECT_EQ(result.exit_status, 2) << result.Summary();
  EXPECT_THAT(result.err, HasSubstr(message));
  EXPECT_THAT(result.err, HasSubstr("nothing was written"));
}

// makefs 20190105 writes the size modulo 4 GiB and says nothing, and so does genisoimage 1.1.11
// with -allow-limited-size.
TEST(Iso9660TrapsTest, AFileOfFourGibibytesNeedsLevelThree) {
  Workshop shop;
  shop.WriteHole("big", kFourGiB);
  const std::string entry = "entry { path: \"/BIG\" file { source: \"big\" } }\n";
  for (const int level : {1, 2}) {
    ExpectRefused(
        Plan(shop, absl::StrCat("iso9660 { level: ", level, " }\n", entry)),
        absl::StrCat("at level ", level, " a file is one section of less than 4 GiB (ECMA-119 10.",
                     level, ")"));
  }
  ExpectRefused(Plan(shop, "iso9660 { profile: STRICT }\n" + entry), "(ECMA-119 10.1)");
  for (const int level : {3, 4}) {
    const ProcessResult plan = Plan(shop, absl::StrCat("iso9660 { level: ", level, " }\n", entry));
    EXPECT_EQ(plan.exit_status, 0) << plan.Summary();
    EXPECT_THAT(plan.out, HasSubstr(" 2097152  /BIG"));  // blocks
  }
}

TEST(Iso9660TrapsTest, AFileOfOneByteLessFitsIntoEveryLevel) {
  Workshop shop;
  shop.WriteHole("big", kFourGiB - 1);
  for (const int level : {1, 2, 3, 4}) {
    const ProcessResult plan =
        Plan(shop, absl::StrCat("iso9660 { level: ", level,
                                " } entry { path: \"/BIG\" file { source: \"big\" } }"));
    EXPECT_EQ(plan.exit_status, 0) << plan.Summary();
  }
}

// genisoimage and xorriso change names and say nothing, or as much as a warning with status 0.
TEST(Iso9660TrapsTest, ANameThatTheLevelCannotHoldIsRefusedOrReported) {
  Workshop shop;
  const std::string entry = "entry { path: \"/a name of more than 8.3\" text: \"x\" }\n";
  ExpectRefused(Plan(shop, "iso9660 { level: 1 }\n" + entry), "set `iso9660.names: MANGLE_NAMES`");
  const ProcessResult mangled = Plan(shop, "iso9660 { level: 1 names: MANGLE_NAMES }\n" + entry);
  EXPECT_EQ(mangled.exit_status, 0) << mangled.Summary();
  EXPECT_THAT(mangled.out, HasSubstr("iso9660: /a name of more than 8.3 is called A_NAME_O.3\n"));
}

// Both are `readme` in Linux without Rock Ridge, which shows small letters only.
TEST(Iso9660TrapsTest, NamesThatReadersFoldIntoOneAreToldApartOrRefused) {
  Workshop shop;
  const std::string entries =
      "entry { path: \"/README\" text: \"1\" } entry { path: \"/readme\" text: \"2\" }\n";
  ExpectRefused(Plan(shop, "iso9660 { relax: LOWERCASE }\n" + entries),
                "\"/readme\" has a name that readers do not tell from README beside it");
  const ProcessResult apart =
      Plan(shop, "iso9660 { relax: LOWERCASE names: MANGLE_NAMES }\n" + entries);
  EXPECT_EQ(apart.exit_status, 0) << apart.Summary();
  EXPECT_THAT(apart.out, HasSubstr("iso9660: /readme is called readme"));
  EXPECT_THAT(apart.out, Not(HasSubstr("/README is called")));
}

TEST(Iso9660TrapsTest, TheStrictProfileRefusesWhatWouldNotConform) {
  struct Case {
    const char* manifest;
    const char* message;
  };
  const Case cases[] = {
      {"entry { path: \"/readme\" text: \"x\" }", "A to Z, 0 to 9 and _"},
      {"entry { path: \"/LONGNAMES\" text: \"x\" }", "more than 8 characters"},
      {"entry { path: \"/1/2/3/4/5/6/7/8/FILE\" text: \"x\" }",
       "\"/1/2/3/4/5/6/7/8\" is a directory 9 levels deep, counting the root; ECMA-119 6.8.2.1 "
       "allows 8"},
  };
  for (const Case& c : cases) {
    Workshop shop;
    ExpectRefused(
        Plan(shop, absl::StrCat("iso9660 { profile: STRICT rock_ridge {} }\n", c.manifest)),
        c.message);
  }
  Workshop shop;
  ExpectRefused(Plan(shop, "iso9660 { profile: STRICT }", "id: \"TRAPS\" publisher: \"Example\""),
                "there are a-characters only (ECMA-119 8.4.20)");
  const ProcessResult good = Plan(shop,
                                  "iso9660 { profile: STRICT rock_ridge {} }\n"
                                  "entry { path: \"/1/2/3/4/5/6/7/FILE\" text: \"x\" }");
  EXPECT_EQ(good.exit_status, 0) << good.Summary();
}

}  // namespace
}  // namespace isomason
