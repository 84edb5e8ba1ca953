// -----------------------------------------------------------------------------
// File: boot/fat/time.h
// -----------------------------------------------------------------------------
//
// Dates and times as FAT writes them (fatgen103, Date and Time Formats): from 1980 to
// 2107, in steps of two seconds, without a zone. UTC is written.
//
#ifndef ISOMASON_BOOT_FAT_TIME_H_
#define ISOMASON_BOOT_FAT_TIME_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace isomason {

struct FatTime {
  uint16_t date = 0;  // bits 0-4 day, 5-8 month, 9-15 years since 1980
  uint16_t time = 0;  // bits 0-4 two seconds, 5-10 minute, 11-15 hour
  friend bool operator==(const FatTime&, const FatTime&) = default;
};

// The earliest and the latest second that FAT can hold, since 1970.
inline constexpr int64_t kFatFirstSecond = 315532800;  // 1980-01-01T00:00:00Z
inline constexpr int64_t kFatLastSecond = 4354819199;  // 2107-12-31T23:59:59Z

// Seconds since 1970 in UTC, an odd one rounded down; OutOfRange outside of those two.
absl::StatusOr<FatTime> ToFatTime(int64_t seconds);

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_TIME_H_
