#include "authoring/iso9660/dates.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace isomason {
namespace {

constexpr int64_t kYear1900 = -2208988800;  // 1900-01-01T00:00:00Z
constexpr int64_t kYear2156 = 5869584000;   // 2156-01-01T00:00:00Z

}  // namespace

absl::Status CheckRecordingDate(Timestamp t) {
  if (t.seconds >= kYear1900 && t.seconds < kYear2156) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("the time ", FormatTimestamp(t),
                                            " is not in the years 1900 to 2155, which a directory "
                                            "record holds (ECMA-119 9.1.5)"));
}

RecordingDate ToCheckedRecordingDate(Timestamp t) {
  const CalendarTime c = ToCalendar(t);
  return {static_cast<uint8_t>(c.year - 1900),
          static_cast<uint8_t>(c.month),
          static_cast<uint8_t>(c.day),
          static_cast<uint8_t>(c.hour),
          static_cast<uint8_t>(c.minute),
          static_cast<uint8_t>(c.second),
          0};
}

absl::StatusOr<VolumeDate> ToVolumeDate(const std::optional<Timestamp>& t) {
  VolumeDate date;
  date.fill('0');
  date[16] = 0;
  if (!t.has_value()) return date;
  const CalendarTime c = ToCalendar(*t);
  if (c.year < 1 || c.year > 9999) {
    return absl::OutOfRangeError(absl::StrCat("the time ", FormatTimestamp(*t),
                                              " is not in the years 1 to 9999, which a volume "
                                              "descriptor holds (ECMA-119 8.4.26.1)"));
  }
  const std::string digits = absl::StrFormat("%04d%02d%02d%02d%02d%02d%02d", c.year, c.month, c.day,
                                             c.hour, c.minute, c.second, c.nanos / 10000000);
  for (size_t i = 0; i < 16; ++i) date[i] = static_cast<uint8_t>(digits[i]);
  return date;
}

}  // namespace isomason
