// -----------------------------------------------------------------------------
// File: authoring/timestamp.h
// -----------------------------------------------------------------------------
//
// A moment in UTC, and the calendar fields that disc formats write. There is no
// clock here: every moment comes from the manifest or from a source's attributes.
//
//   ASSIGN_OR_RETURN(Timestamp t, ParseTimestamp("2026-11-01T00:00:00Z"));
//   CalendarTime c = ToCalendar(t);      // 2026-11-01 00:00:00
//
#ifndef ISOMASON_AUTHORING_TIMESTAMP_H_
#define ISOMASON_AUTHORING_TIMESTAMP_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

struct Timestamp {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  uint32_t nanos = 0;   // 0 to 999999999
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

struct CalendarTime {
  int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  uint32_t nanos = 0;
};

// Reads RFC 3339 ("2026-11-01T00:00:00Z", with a fraction or a zone offset if
// wanted) or a decimal count of seconds since 1970 ("@1700000000").
absl::StatusOr<Timestamp> ParseTimestamp(absl::string_view text);

// RFC 3339 in UTC, without a fraction when it is zero.
std::string FormatTimestamp(Timestamp t);

CalendarTime ToCalendar(Timestamp t);
Timestamp FromCalendar(const CalendarTime& c);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TIMESTAMP_H_
