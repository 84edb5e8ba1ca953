// -----------------------------------------------------------------------------
// File: authoring/iso9660/dates.h
// -----------------------------------------------------------------------------
//
// The two forms of a date in ISO 9660: seven numbers in a directory record
// (ECMA-119 9.1.5), also used by Rock Ridge, and seventeen bytes of digits in a
// volume descriptor (8.4.26.1). Both are written in UTC, zone 0: GRUB takes a zone
// west of Greenwich for one far in the east.
//
//   RETURN_IF_ERROR(CheckRecordingDate(inode.time));
//   const RecordingDate date = ToCheckedRecordingDate(inode.time);
//
#ifndef ISOMASON_AUTHORING_ISO9660_DATES_H_
#define ISOMASON_AUTHORING_ISO9660_DATES_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "authoring/timestamp.h"

namespace isomason {

using RecordingDate = std::array<uint8_t, 7>;
using VolumeDate = std::array<uint8_t, 17>;

// OK when a directory record can hold the moment, else OutOfRange: the years 1900 to
// 2155.
absl::Status CheckRecordingDate(Timestamp t);

// The second that holds the moment, which was checked.
RecordingDate ToCheckedRecordingDate(Timestamp t);

// The hundredth of a second that holds the moment; sixteen digits 0 and a zero byte
// when it is not specified. OutOfRange outside of the years 1 to 9999.
absl::StatusOr<VolumeDate> ToVolumeDate(const std::optional<Timestamp>& t);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_DATES_H_
