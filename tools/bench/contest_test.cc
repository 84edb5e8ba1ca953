#include "tools/bench/contest.h"

#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

Contender Ran(const std::string& name, double seconds, uint64_t peak = 1 << 20) {
  Contender c{.name = name};
  c.rounds = {{.seconds = seconds, .peak_bytes = peak}};
  return c;
}

std::vector<Contest> OneContest() {
  Contest contest("W9", "a <tree>");
  contest.Add(Ran("isomason", 2, 100 << 20));
  contest.Add(Ran("slow", 7));
  Contender failed{.name = "broken"};
  failed.failure = "failed after 3 s";
  contest.Add(failed);
  return {contest};
}

TEST(ContestTest, MediansCountAndTheHighestMemory) {
  Contender c{.name = "x"};
  c.rounds = {{.seconds = 9, .peak_bytes = 5}, {.seconds = 1, .peak_bytes = 7}, {.seconds = 2}};
  EXPECT_EQ(c.seconds(), 2);
  EXPECT_EQ(c.peak_bytes(), 7u);
}

TEST(ContestTest, ProgramsThatFailOrTakeTooLongSayHow) {
  Contest contest("W9", "nothing");
  contest.Add({.name = "works", .argv = {"true"}});
  contest.Add({.name = "fails", .argv = {"false"}});
  contest.Add({.name = "hangs", .argv = {"sleep", "60"}, .limit_seconds = 0.1});
  contest.Add({.name = "once", .argv = {"true"}, .most_rounds = 1});
  contest.Run(3);
  EXPECT_EQ(contest.Find("works")->rounds.size(), 3u);
  EXPECT_EQ(contest.Find("once")->rounds.size(), 1u);
  EXPECT_EQ(contest.Find("fails")->failure, "failed after 0 s");
  EXPECT_EQ(contest.Find("hangs")->failure, "stopped after 0 s");
  EXPECT_THAT(contest.Table(), HasSubstr("| fails | failed after 0 s | | | | |\n"));
}

TEST(ContestTest, TargetsAreMetOrMissedOrHaveNoNumbers) {
  using Measure = Target::Measure;
  const auto line = [](const Target& target) {
    const std::string table = TargetTable({target}, OneContest());
    return table.substr(table.find("| W9 |"));
  };
  EXPECT_EQ(line({"W9", "isomason", "slow", Measure::kSeconds, 3.5, true}),
            "| W9 | slow / isomason | at least 3.5 | 3.50 | met |\n\n");
  EXPECT_EQ(line({"W9", "isomason", "slow", Measure::kSeconds, 3.6, true}),
            "| W9 | slow / isomason | at least 3.6 | 3.50 | **missed** |\n\n");
  EXPECT_EQ(line({"W9", "isomason", "slow", Measure::kSeconds, 0.25}),
            "| W9 | isomason / slow | at most 0.25 | 0.29 | **missed** |\n\n");
  EXPECT_EQ(line({"W9", "isomason", "", Measure::kPeak, 100}),
            "| W9 | isomason, MiB | at most 100 | 100.00 | met |\n\n");
  EXPECT_EQ(line({"W9", "isomason", "broken", Measure::kSeconds, 1}),
            "| W9 | isomason / broken | at most 1 | failed after 3 s | |\n\n");
  EXPECT_EQ(line({"W9", "isomason", "nobody", Measure::kSeconds, 1}),
            "| W9 | isomason / nobody | at most 1 | not run | |\n\n");
}

TEST(ContestTest, ThePictureNamesEverybody) {
  const std::string svg = Picture(OneContest());
  EXPECT_THAT(svg, HasSubstr("W9: a &lt;tree&gt;"));
  EXPECT_THAT(svg, HasSubstr("7.00 s"));
  EXPECT_THAT(svg, HasSubstr("failed after 3 s"));
}

}  // namespace
}  // namespace isomason
