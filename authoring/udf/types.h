// -----------------------------------------------------------------------------
// File: authoring/udf/types.h
// -----------------------------------------------------------------------------
//
// The small records that the descriptors of ECMA-167 are made of: extents, times,
// entity identifiers. Each is a table of its own and, through Nested, an encoding
// for a field of a larger table.
//
//   Field<Nested<kExtentAd>>("main volume descriptor sequence extent", 16, 23,
//                            &AnchorPointer::main),
//
#ifndef ISOMASON_AUTHORING_UDF_TYPES_H_
#define ISOMASON_AUTHORING_UDF_TYPES_H_

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "authoring/timestamp.h"
#include "authoring/udf/revision.h"
#include "layout/record/encoding.h"
#include "layout/record/record.h"
#include "layout/units.h"

namespace isomason::udf {

// A record as a field of another record.
template <const auto& kTable>
struct Nested {
  using Value = typename std::remove_cvref_t<decltype(kTable)>::Record;
  static constexpr int kWidth = std::remove_cvref_t<decltype(kTable)>::kBytes;
  static void Put(const Value& v, ByteSpan out) { EncodeTo(kTable, v, out); }
  static absl::StatusOr<Value> Get(ConstByteSpan in) { return Decode(kTable, in); }
};

// --- Where things lie ---------------------------------------------------------

// An extent of the volume: bytes, and the block at which they start.
struct ExtentAd {
  uint32_t length = 0;
  uint32_t location = 0;
};
inline constexpr auto kExtentAd =
    MakeTable<ExtentAd, 8>("extent descriptor", "ECMA-167 3/7.1", Counts::kFromZero,
                           Field<Little<uint32_t>>("extent length", 0, 3, &ExtentAd::length),
                           Field<Little<uint32_t>>("extent location", 4, 7, &ExtentAd::location));
static_assert(kExtentAd.Tiles());

// A block of a partition. Blocks are counted from the partition's start.
struct LbAddr {
  uint32_t block = 0;
  uint16_t partition = 0;
};
inline constexpr auto kLbAddr = MakeTable<LbAddr, 6>(
    "recorded address", "ECMA-167 4/7.1", Counts::kFromZero,
    Field<Little<uint32_t>>("logical block number", 0, 3, &LbAddr::block),
    Field<Little<uint16_t>>("partition reference number", 4, 5, &LbAddr::partition));
static_assert(kLbAddr.Tiles());

// The most bytes that one extent of a file holds: its length has 30 bits, and an
// extent with another one behind it is whole blocks (ECMA-167 4/14.14.1.1).
inline constexpr uint64_t kExtentLimit = 0x3FFFF800;

// An extent of a file in the partition of its file entry. The two high bits of the
// length are its type (ECMA-167 4/14.14.1.1): 0 for recorded, or one of these.
inline constexpr uint32_t kNotAllocated = 2u << 30;  // nor recorded: zeros, at position 0
inline constexpr uint32_t kNextExtent = 3u << 30;    // holds more descriptors
struct ShortAd {
  uint32_t length = 0;
  uint32_t position = 0;
};
inline constexpr auto kShortAd =
    MakeTable<ShortAd, 8>("short allocation descriptor", "ECMA-167 4/14.14.1", Counts::kFromZero,
                          Field<Little<uint32_t>>("extent length", 0, 3, &ShortAd::length),
                          Field<Little<uint32_t>>("extent position", 4, 7, &ShortAd::position));
static_assert(kShortAd.Tiles());

struct LongAd {
  uint32_t length = 0;
  LbAddr location;
  std::array<uint8_t, 6> implementation_use{};  // kAddressUse in names, otherwise zero
};
inline constexpr auto kLongAd =
    MakeTable<LongAd, 16>("long allocation descriptor", "ECMA-167 4/14.14.2", Counts::kFromZero,
                          Field<Little<uint32_t>>("extent length", 0, 3, &LongAd::length),
                          Field<Nested<kLbAddr>>("extent location", 4, 9, &LongAd::location),
                          Field<Raw<6>>("implementation use", 10, 15, &LongAd::implementation_use));
static_assert(kLongAd.Tiles());

// Implementation use of the address in a file identifier descriptor, from UDF 2.00 on.
struct AddressUse {
  uint16_t flags = 0;
  uint32_t unique_id = 0;  // its lower half
};
inline constexpr auto kAddressUse = MakeTable<AddressUse, 6>(
    "implementation use of an allocation descriptor", "OSTA UDF 2.00 2.3.4.3, 2.3.10.1",
    Counts::kFromZero, Field<Little<uint16_t>>("flags", 0, 1, &AddressUse::flags),
    Field<Little<uint32_t>>("UDF unique id", 2, 5, &AddressUse::unique_id));
static_assert(kAddressUse.Tiles());

// A descriptor of the file set, one block long.
constexpr LongAd OneBlock(const Revision& revision, PartitionBlock at) {
  return {.length = kBlockSize,
          .location = {.block = static_cast<uint32_t>(at.value()),
                       .partition = revision.metadata_reference()}};
}

// --- When ---------------------------------------------------------------------

struct UdfTime {
  uint16_t type_and_zone = 0x1000;  // type 1, local time; zone 0 minutes, so UTC
  uint16_t year = 1;                // 1 to 9999
  uint8_t month = 1, day = 1, hour = 0, minute = 0, second = 0;
  uint8_t centiseconds = 0, hundreds_of_microseconds = 0, microseconds = 0;  // 0 to 99 each
};
inline constexpr auto kTimestamp = MakeTable<UdfTime, 12>(
    "timestamp", "ECMA-167 1/7.3", Counts::kFromZero,
    Field<Little<uint16_t>>("type and time zone", 0, 1, &UdfTime::type_and_zone),
    Field<Little<uint16_t>>("year", 2, 3, &UdfTime::year),
    Field<Little<uint8_t>>("month", 4, 4, &UdfTime::month),
    Field<Little<uint8_t>>("day", 5, 5, &UdfTime::day),
    Field<Little<uint8_t>>("hour", 6, 6, &UdfTime::hour),
    Field<Little<uint8_t>>("minute", 7, 7, &UdfTime::minute),
    Field<Little<uint8_t>>("second", 8, 8, &UdfTime::second),
    Field<Little<uint8_t>>("centiseconds", 9, 9, &UdfTime::centiseconds),
    Field<Little<uint8_t>>("hundreds of microseconds", 10, 10, &UdfTime::hundreds_of_microseconds),
    Field<Little<uint8_t>>("microseconds", 11, 11, &UdfTime::microseconds));
static_assert(kTimestamp.Tiles());

// Returns the moment in UTC, to the microsecond. OutOfRange outside of the years 1
// to 9999.
absl::StatusOr<UdfTime> ToUdfTime(Timestamp t);

// --- Who ----------------------------------------------------------------------

// The character set of every text in UDF.
struct CharSpec {
  uint8_t type = 0;  // CS0
  std::array<uint8_t, 63> information = kOsta;

  static constexpr std::array<uint8_t, 63> kOsta = {'O', 'S', 'T', 'A', ' ', 'C', 'o', 'm',
                                                    'p', 'r', 'e', 's', 's', 'e', 'd', ' ',
                                                    'U', 'n', 'i', 'c', 'o', 'd', 'e'};
};
inline constexpr auto kCharSpec = MakeTable<CharSpec, 64>(
    "character set specification", "ECMA-167 1/7.2.1, OSTA UDF 2.1.2", Counts::kFromZero,
    Field<Little<uint8_t>>("character set type", 0, 0, &CharSpec::type),
    Field<Raw<63>>("character set information", 1, 63, &CharSpec::information));
static_assert(kCharSpec.Tiles());

// Who says what something is. What the suffix holds depends on the identifier.
struct EntityId {
  uint8_t flags = 0;
  std::array<uint8_t, 23> identifier{};
  std::array<uint8_t, 8> suffix{};
};
inline constexpr auto kEntityId =
    MakeTable<EntityId, 32>("entity identifier", "ECMA-167 1/7.4", Counts::kFromZero,
                            Field<Little<uint8_t>>("flags", 0, 0, &EntityId::flags),
                            Field<Raw<23>>("identifier", 1, 23, &EntityId::identifier),
                            Field<Raw<8>>("identifier suffix", 24, 31, &EntityId::suffix));
static_assert(kEntityId.Tiles());

struct DomainSuffix {
  uint16_t revision = 0;
  uint8_t flags = 3;  // bits 0 and 1: hard and soft write protection
};
inline constexpr auto kDomainSuffix = MakeTable<DomainSuffix, 8>(
    "domain identifier suffix", "OSTA UDF 2.1.4.3", Counts::kFromZero,
    Field<Little<uint16_t>>("UDF revision", 0, 1, &DomainSuffix::revision),
    Field<Little<uint8_t>>("domain flags", 2, 2, &DomainSuffix::flags), Zeros("reserved", 3, 7));
static_assert(kDomainSuffix.Tiles());

struct UdfSuffix {
  uint16_t revision = 0;
  uint8_t os_class = 0, os = 0;  // not named: an image does not depend on its maker's system
};
inline constexpr auto kUdfSuffix = MakeTable<UdfSuffix, 8>(
    "UDF identifier suffix", "OSTA UDF 2.1.4.3", Counts::kFromZero,
    Field<Little<uint16_t>>("UDF revision", 0, 1, &UdfSuffix::revision),
    Field<Little<uint8_t>>("OS class", 2, 2, &UdfSuffix::os_class),
    Field<Little<uint8_t>>("OS identifier", 3, 3, &UdfSuffix::os), Zeros("reserved", 4, 7));
static_assert(kUdfSuffix.Tiles());

struct ImplementationSuffix {
  uint8_t os_class = 0, os = 0;
  std::array<uint8_t, 6> use{};
};
inline constexpr auto kImplementationSuffix = MakeTable<ImplementationSuffix, 8>(
    "implementation identifier suffix", "OSTA UDF 2.1.4.3", Counts::kFromZero,
    Field<Little<uint8_t>>("OS class", 0, 0, &ImplementationSuffix::os_class),
    Field<Little<uint8_t>>("OS identifier", 1, 1, &ImplementationSuffix::os),
    Field<Raw<6>>("implementation use area", 2, 7, &ImplementationSuffix::use));
static_assert(kImplementationSuffix.Tiles());

// "*OSTA UDF Compliant": what a logical volume and a file set are.
EntityId DomainId(const Revision& revision);
// "*UDF Metadata Partition": what a partition map is about.
EntityId MetadataPartitionId(const Revision& revision);
// "*UDF LV Info": what the implementation use volume descriptor holds.
EntityId VolumeInformationId(const Revision& revision);
// "*isomason": who wrote the structure.
EntityId ImplementationId();
// "+NSR02" or "+NSR03": what the partition holds.
EntityId PartitionContentsId(const Revision& revision);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_TYPES_H_
