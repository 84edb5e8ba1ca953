#include "authoring/iso9660/dates.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Timestamp At(int64_t seconds, uint32_t nanos = 0) { return {seconds, nanos}; }

TEST(DatesTest, RecordsTheSecondInUtc) {
  const Timestamp time = At(1793491261, 999999999);  // 2026-11-01T00:01:01.999Z
  EXPECT_THAT(ToCheckedRecordingDate(time), ElementsAre(126, 11, 1, 0, 1, 1, 0));
}

TEST(DatesTest, RecordsTheYears1900To2155) {
  const Timestamp first = At(-2208988800), last = At(5869583999, 999999999);
  EXPECT_EQ(CheckRecordingDate(first), absl::OkStatus());
  EXPECT_EQ(CheckRecordingDate(last), absl::OkStatus());
  EXPECT_THAT(ToCheckedRecordingDate(first), ElementsAre(0, 1, 1, 0, 0, 0, 0));
  EXPECT_THAT(ToCheckedRecordingDate(last), ElementsAre(255, 12, 31, 23, 59, 59, 0));
  for (const int64_t seconds : {int64_t{-2208988801}, int64_t{5869584000}}) {
    const absl::Status status = CheckRecordingDate(At(seconds));
    ASSERT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_THAT(std::string(status.message()), HasSubstr("ECMA-119 9.1.5"));
  }
}

TEST(DatesTest, WritesVolumeDatesToTheHundredth) {
  const auto date = ToVolumeDate(At(1793491261, 429999999));
  ASSERT_TRUE(date.ok()) << date.status();
  EXPECT_EQ(std::string(date->begin(), date->end()), std::string("2026110100010142\0", 17));
}

TEST(DatesTest, WritesZeroDigitsForADateThatIsNotSpecified) {
  const auto date = ToVolumeDate(std::nullopt);
  ASSERT_TRUE(date.ok()) << date.status();
  EXPECT_EQ(std::string(date->begin(), date->end()), std::string("0000000000000000\0", 17));
}

TEST(DatesTest, WritesVolumeDatesFromTheYear1To9999) {
  const struct {
    int64_t seconds;
    const char* digits;
  } kCases[] = {{-62135596800, "0001010100000099"}, {253402300799, "9999123123595999"}};
  for (const auto& c : kCases) {
    const auto date = ToVolumeDate(At(c.seconds, 999999999));
    ASSERT_TRUE(date.ok()) << date.status();
    EXPECT_EQ(std::string(date->begin(), date->end()), std::string(c.digits) + '\0');
  }
  // Sixteen zero digits are no date, so the year 0 is none either.
  EXPECT_EQ(ToVolumeDate(At(-62135596801)).status().code(), absl::StatusCode::kOutOfRange);
}

TEST(DatesTest, RefusesVolumeDatesOfFiveDigits) {
  const auto date = ToVolumeDate(At(253402300800));  // 10000-01-01T00:00:00Z
  ASSERT_EQ(date.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(date.status().message()), HasSubstr("ECMA-119 8.4.26.1"));
}

}  // namespace
}  // namespace isomason
