#include "authoring/timestamp.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(TimestampTest, ReadsRfc3339AndSecondsSince1970) {
  const struct {
    const char* text;
    Timestamp want;
  } kCases[] = {
      {"1970-01-01T00:00:00Z", {0, 0}},
      {"2026-11-01T00:00:00Z", {1793491200, 0}},
      {"2000-02-29T23:59:59Z", {951868799, 0}},
      {"1980-01-01T00:00:00Z", {315532800, 0}},
      {"2038-01-19T03:14:08Z", {int64_t{1} << 31, 0}},
      {"9999-12-31T23:59:59Z", {253402300799, 0}},
      {"0001-01-01T00:00:00Z", {-62135596800, 0}},
      // Fractions, also before 1970, where they still count forwards.
      {"1970-01-01T00:00:00.5Z", {0, 500'000'000}},
      {"2026-11-01T00:00:00.000000001Z", {1793491200, 1}},
      {"1969-12-31T23:59:59.25Z", {-1, 250'000'000}},
      {"1900-01-01T00:00:00.999999999Z", {-2208988800, 999'999'999}},
      // Zones.
      {"2026-11-01T01:30:00+01:30", {1793491200, 0}},
      {"2026-10-31T16:00:00-08:00", {1793491200, 0}},
      {"2026-11-01T00:00:00+00:00", {1793491200, 0}},
      {"@0", {0, 0}},
      {"@1793491200", {1793491200, 0}},
      {"@-1", {-1, 0}},
  };
  for (const auto& c : kCases) {
    const auto time = ParseTimestamp(c.text);
    ASSERT_EQ(time.status(), absl::OkStatus()) << c.text;
    EXPECT_EQ(time->seconds, c.want.seconds) << c.text;
    EXPECT_EQ(time->nanos, c.want.nanos) << c.text;
  }
}

TEST(TimestampTest, RefusesWhatIsNoMoment) {
  for (const char* text : {"",
                           "now",
                           "today",
                           "2026",
                           "2026-11-01",
                           "2026-11-01 00:00:00Z",
                           "2026-11-01T00:00:00",
                           "2026-11-01T00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-01T24:00:00Z",
                           "2026-11-01T00:60:00Z",
                           "2026-11-01T00:00:00Zulu",
                           "2026-11-01T00:00:00Z x",
                           "infinite-future",
                           "infinite-past",
                           "1793491200",
                           "@",
                           "@x",
                           "@1.5",
                           "@0x10",
                           "@99999999999999999999"}) {
    EXPECT_EQ(
        ParseTimestamp(text).status(),
        absl::InvalidArgumentError(absl::StrCat(
            "\"", text, "\" is not a time; write it as 2026-11-01T00:00:00Z or @1793491200")));
  }
}

TEST(TimestampTest, WritesRfc3339InUtc) {
  const struct {
    Timestamp time;
    const char* want;
  } kCases[] = {
      {{0, 0}, "1970-01-01T00:00:00Z"},
      {{1793491200, 0}, "2026-11-01T00:00:00Z"},
      {{1793491200, 500'000'000}, "2026-11-01T00:00:00.5Z"},
      {{1793491200, 1}, "2026-11-01T00:00:00.000000001Z"},
      {{-1, 250'000'000}, "1969-12-31T23:59:59.25Z"},
      {{-62135596800, 0}, "0001-01-01T00:00:00Z"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(FormatTimestamp(c.time), c.want);
    const auto again = ParseTimestamp(c.want);
    ASSERT_EQ(again.status(), absl::OkStatus()) << c.want;
    EXPECT_EQ(*again, c.time) << c.want;
  }
}

TEST(TimestampTest, TurnsMomentsIntoCalendarsAndBack) {
  const struct {
    Timestamp time;
    CalendarTime want;
  } kCases[] = {
      {{0, 0}, {1970, 1, 1, 0, 0, 0, 0}},
      {{951868799, 5}, {2000, 2, 29, 23, 59, 59, 5}},
      {{951868800, 0}, {2000, 3, 1, 0, 0, 0, 0}},
      // 1900 was no leap year, whatever some programs think.
      {{-2203891200, 0}, {1900, 3, 1, 0, 0, 0, 0}},
      {{-2203891201, 999'999'999}, {1900, 2, 28, 23, 59, 59, 999'999'999}},
      {{-1, 0}, {1969, 12, 31, 23, 59, 59, 0}},
      {{253402300799, 0}, {9999, 12, 31, 23, 59, 59, 0}},
  };
  for (const auto& c : kCases) {
    const CalendarTime got = ToCalendar(c.time);
    EXPECT_EQ(got.year, c.want.year);
    EXPECT_EQ(got.month, c.want.month);
    EXPECT_EQ(got.day, c.want.day);
    EXPECT_EQ(got.hour, c.want.hour);
    EXPECT_EQ(got.minute, c.want.minute);
    EXPECT_EQ(got.second, c.want.second);
    EXPECT_EQ(got.nanos, c.want.nanos);
    EXPECT_EQ(FromCalendar(c.want), c.time);
  }
}

TEST(TimestampTest, MomentsAreOrdered) {
  EXPECT_LT((Timestamp{1, 999'999'999}), (Timestamp{2, 0}));
  EXPECT_LT((Timestamp{-1, 1}), (Timestamp{-1, 2}));
  EXPECT_EQ((Timestamp{1, 2}), (Timestamp{1, 2}));
}

}  // namespace
}  // namespace isomason
