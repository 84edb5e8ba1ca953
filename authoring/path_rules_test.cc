#include "authoring/path_rules.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PathRulesTest, SaysWhichGlobsMatchInTheirOrder) {
  PathRules rules;
  for (const char* pattern : {"**", "boot/**", "boot/x.img", "**/*.img", "boot/[x].img",
                              "boot/x.img", "boot", "boot/\\*", "*/**"}) {
    rules.Add(pattern);
  }
  EXPECT_THAT(rules.Match("boot/x.img"), ElementsAre(0, 1, 2, 3, 4, 5, 8));
  EXPECT_THAT(rules.Match("boot"), ElementsAre(0, 1, 6, 8));
  EXPECT_THAT(rules.Match("boot/*"), ElementsAre(0, 1, 7, 8));
  EXPECT_THAT(rules.Match("bootx/x.img"), ElementsAre(0, 3, 8));
  EXPECT_THAT(rules.Idle(), IsEmpty());
}

TEST(PathRulesTest, KnowsWhatHasMatchedNothing) {
  PathRules rules;
  for (const char* pattern : {"a", "b/**", "*.c", "d"}) rules.Add(pattern);
  EXPECT_THAT(rules.Idle(), ElementsAre("a", "b/**", "*.c", "d"));
  EXPECT_THAT(rules.Match("b/x"), ElementsAre(1));
  EXPECT_THAT(rules.Match("d"), ElementsAre(3));
  EXPECT_THAT(rules.Match("e"), IsEmpty());
  EXPECT_THAT(rules.Idle(), ElementsAre("a", "*.c"));
}

// What is found by its text is what the globs themselves say.
TEST(PathRulesTest, IsWhatTheGlobsSayOneByOne) {
  std::mt19937 random(20261101);
  const auto pick = [&](std::initializer_list<const char*> from) {
    return std::string(*(from.begin() + random() % from.size()));
  };
  for (int round = 0; round < 200; ++round) {
    PathRules rules;
    std::vector<Glob> globs;
    for (int i = 0; i < 12; ++i) {
      std::string pattern = pick({"a", "b", "*", "**", "\\*", "?"});
      while (random() % 2 == 0) absl::StrAppend(&pattern, "/", pick({"a", "b", "*", "**", "\\a"}));
      auto glob = Glob::Compile(pattern);
      ASSERT_TRUE(glob.ok()) << pattern;
      globs.push_back(*std::move(glob));
      rules.Add(pattern);
    }
    for (int i = 0; i < 20; ++i) {
      std::string path = pick({"a", "b", "*"});
      while (random() % 3 != 0) absl::StrAppend(&path, "/", pick({"a", "b", "c"}));
      std::vector<uint32_t> want;
      for (uint32_t g = 0; g < globs.size(); ++g) {
        if (globs[g].Matches(path)) want.push_back(g);
      }
      EXPECT_EQ(rules.Match(path), want) << path;
    }
  }
}

}  // namespace
}  // namespace isomason
