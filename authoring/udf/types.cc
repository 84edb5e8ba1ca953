#include "authoring/udf/types.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace isomason::udf {
namespace {

// `identifier` is at most 23 characters.
EntityId MakeEntityId(absl::string_view identifier, const std::array<uint8_t, 8>& suffix) {
  EntityId id;
  std::copy(identifier.begin(), identifier.end(), id.identifier.begin());
  id.suffix = suffix;
  return id;
}

}  // namespace

absl::StatusOr<UdfTime> ToUdfTime(Timestamp t) {
  const CalendarTime c = ToCalendar(t);
  if (c.year < 1 || c.year > 9999) {
    return absl::OutOfRangeError(
        absl::StrCat("the year ", c.year, " is outside of 1 to 9999 (ECMA-167 1/7.3.2)"));
  }
  const uint32_t micros = c.nanos / 1000;
  UdfTime u;
  u.year = static_cast<uint16_t>(c.year);
  u.month = static_cast<uint8_t>(c.month);
  u.day = static_cast<uint8_t>(c.day);
  u.hour = static_cast<uint8_t>(c.hour);
  u.minute = static_cast<uint8_t>(c.minute);
  u.second = static_cast<uint8_t>(c.second);
  u.centiseconds = static_cast<uint8_t>(micros / 10000);
  u.hundreds_of_microseconds = static_cast<uint8_t>(micros / 100 % 100);
  u.microseconds = static_cast<uint8_t>(micros % 100);
  return u;
}

EntityId DomainId(const Revision& revision) {
  return MakeEntityId("*OSTA UDF Compliant",
                      Encode(kDomainSuffix, DomainSuffix{.revision = revision.number}));
}

EntityId MetadataPartitionId(const Revision& revision) {
  return MakeEntityId("*UDF Metadata Partition",
                      Encode(kUdfSuffix, UdfSuffix{.revision = revision.number}));
}

EntityId VolumeInformationId(const Revision& revision) {
  return MakeEntityId("*UDF LV Info", Encode(kUdfSuffix, UdfSuffix{.revision = revision.number}));
}

EntityId ImplementationId() {
  return MakeEntityId("*isomason", Encode(kImplementationSuffix, ImplementationSuffix{}));
}

EntityId PartitionContentsId(const Revision& revision) {
  return MakeEntityId(revision.partition_contents, {});
}

}  // namespace isomason::udf
