#include "authoring/timestamp.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace isomason {

absl::StatusOr<Timestamp> ParseTimestamp(absl::string_view text) {
  Timestamp t;
  if (absl::StartsWith(text, "@")) {
    if (absl::SimpleAtoi(text.substr(1), &t.seconds)) return t;
  } else {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) &&
        time != absl::InfiniteFuture() && time != absl::InfinitePast()) {
      t.seconds = absl::ToUnixSeconds(time);
      t.nanos =
          static_cast<uint32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(t.seconds)));
      return t;
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is not a time; write it as 2026-11-01T00:00:00Z or @1793491200"));
}

std::string FormatTimestamp(Timestamp t) {
  return absl::FormatTime("%E4Y-%m-%d%ET%H:%M:%E*SZ",
                          absl::FromUnixSeconds(t.seconds) + absl::Nanoseconds(t.nanos),
                          absl::UTCTimeZone());
}

CalendarTime ToCalendar(Timestamp t) {
  const absl::CivilSecond c =
      absl::ToCivilSecond(absl::FromUnixSeconds(t.seconds), absl::UTCTimeZone());
  return {c.year(), c.month(), c.day(), c.hour(), c.minute(), c.second(), t.nanos};
}

Timestamp FromCalendar(const CalendarTime& c) {
  const absl::CivilSecond civil(c.year, c.month, c.day, c.hour, c.minute, c.second);
  return {absl::ToUnixSeconds(absl::FromCivil(civil, absl::UTCTimeZone())), c.nanos};
}

}  // namespace isomason
