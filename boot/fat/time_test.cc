#include "boot/fat/time.h"

#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(FatTimeTest, WritesUtcInStepsOfTwoSeconds) {
  const struct {
    int64_t seconds;
    uint16_t date, time;
  } kCases[] = {
      {kFatFirstSecond, (0 << 9) | (1 << 5) | 1, 0},
      {kFatFirstSecond + 1, (0 << 9) | (1 << 5) | 1, 0},
      {kFatFirstSecond + 3, (0 << 9) | (1 << 5) | 1, 1},
      // 2000-02-29T23:59:59Z
      {951868799, (20 << 9) | (2 << 5) | 29, (23 << 11) | (59 << 5) | 29},
      // 2026-11-01T12:34:56Z
      {1793536496, (46 << 9) | (11 << 5) | 1, (12 << 11) | (34 << 5) | 28},
      {kFatLastSecond, (127 << 9) | (12 << 5) | 31, (23 << 11) | (59 << 5) | 29},
  };
  for (const auto& c : kCases) {
    const auto got = ToFatTime(c.seconds);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(got->date, c.date) << c.seconds;
    EXPECT_EQ(got->time, c.time) << c.seconds;
  }
}

TEST(FatTimeTest, RefusesOtherYears) {
  for (const int64_t seconds :
       {kFatFirstSecond - 1, kFatLastSecond + 1, int64_t{0}, int64_t{-1}, INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(ToFatTime(seconds).status().code(), absl::StatusCode::kOutOfRange) << seconds;
  }
  EXPECT_EQ(ToFatTime(315532799).status().message(),
            "the time 315532799 (seconds since 1970) is not in the years 1980 to 2107, which FAT "
            "can write (fatgen103, Date and Time Formats)");
}

}  // namespace
}  // namespace isomason
