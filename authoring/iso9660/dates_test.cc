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
  const auto date = ToRecordingDate(At(1793491261, 999999999));  // 2026-11-01T00:01:01.999Z
  ASSERT_TRUE(date.ok()) << date.status();
  EXPECT_THAT(*date, ElementsAre(126, 11, 1, 0, 1, 1, 0));
}

TEST(DatesTest, RecordsTheYears1900To2155) {
  EXPECT_THAT(*ToRecordingDate(At(-2208988800)), ElementsAre(0, 1, 1, 0, 0, 0, 0));
  EXPECT_THAT(*ToRecordingDate(At(5869583999)), ElementsAre(255, 12, 31, 23, 59, 59, 0));
  for (const int64_t seconds : {int64_t{-2208988801}, int64_t{5869584000}}) {
    const auto date = ToRecordingDate(At(seconds));
    ASSERT_EQ(date.status().code(), absl::StatusCode::kOutOfRange);
    EXPECT_THAT(std::string(date.status().message()), HasSubstr("ECMA-119 9.1.5"));
    EXPECT_FALSE(CheckRecordingDate(At(seconds)).ok());
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

TEST(DatesTest, RefusesVolumeDatesOfFiveDigits) {
  const auto date = ToVolumeDate(At(253402300800));  // 10000-01-01T00:00:00Z
  ASSERT_EQ(date.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(date.status().message()), HasSubstr("ECMA-119 8.4.26.1"));
}

}  // namespace
}  // namespace isomason
