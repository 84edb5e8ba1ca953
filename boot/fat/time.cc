#include "boot/fat/time.h"

#include <chrono>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace isomason {

absl::StatusOr<FatTime> ToFatTime(int64_t seconds) {
  if (seconds < kFatFirstSecond || seconds > kFatLastSecond) {
    return absl::OutOfRangeError(
        absl::StrCat("the time ", seconds, " (seconds since 1970) is not in the years 1980 to ",
                     "2107, which FAT can write (fatgen103, Date and Time Formats)"));
  }
  const int64_t second_of_day = seconds % 86400;
  const std::chrono::year_month_day day(std::chrono::sys_days(std::chrono::days(seconds / 86400)));
  const auto year = static_cast<int>(day.year());
  const auto month = static_cast<unsigned>(day.month());
  FatTime out;
  out.date = static_cast<uint16_t>((static_cast<unsigned>(year - 1980) << 9) | (month << 5) |
                                   static_cast<unsigned>(day.day()));
  out.time = static_cast<uint16_t>(((second_of_day / 3600) << 11) |
                                   ((second_of_day / 60 % 60) << 5) | (second_of_day % 60 / 2));
  return out;
}

}  // namespace isomason
