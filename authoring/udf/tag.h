// -----------------------------------------------------------------------------
// File: authoring/udf/tag.h
// -----------------------------------------------------------------------------
//
// The tag in front of every descriptor: what it is, where it lies, and two sums
// over it (ECMA-167 3/7.2 and 4/7.2). One of them, a CRC, goes over all that the
// descriptor holds, which may be more than its fixed part. A descriptor is
// therefore written front to back and sealed when its last byte is there:
//
//   const size_t at = OpenDescriptor(kFileEntry, entry, out);   // tag of zeros, fixed part
//   Append(kShortAd, extent, out);                              // whatever belongs to it
//   SealDescriptor(TagIdOf(kFileEntry), revision, PartitionBlock(9), at, out);
//
// A descriptor's table says its tag id, once, in its first entry:
//
//   TagSlot("descriptor tag", 0, 15, TagId::kFileEntry),
//
#ifndef ISOMASON_AUTHORING_UDF_TAG_H_
#define ISOMASON_AUTHORING_UDF_TAG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/udf/revision.h"
#include "layout/record/encoding.h"
#include "layout/record/record.h"
#include "layout/units.h"

namespace isomason::udf {

enum class TagId : uint16_t {
  // ECMA-167 3/7.2.1: structures of the volume.
  kPrimaryVolume = 1,
  kAnchor = 2,
  kVolumePointer = 3,
  kImplementationUseVolume = 4,
  kPartition = 5,
  kLogicalVolume = 6,
  kUnallocatedSpace = 7,
  kTerminating = 8,
  kLogicalVolumeIntegrity = 9,
  // ECMA-167 4/7.2.1: structures of the file set.
  kFileSet = 256,
  kFileIdentifier = 257,
  kAllocationExtent = 258,
  kIndirectEntry = 259,
  kTerminalEntry = 260,
  kFileEntry = 261,
  kExtendedAttributeHeader = 262,
  kExtendedFileEntry = 266,
};

struct DescriptorTag {
  uint16_t id = 0;
  uint16_t version = 2;  // the edition of ECMA-167: 2 or 3
  uint16_t serial = 0;   // for the recovery of damaged volumes, which tells nothing here
  uint16_t crc = 0;
  uint16_t crc_length = 0;  // bytes behind the tag
  uint32_t location = 0;    // the block that the descriptor starts in
};
// The sum of the tag's other 15 bytes.
uint8_t TagChecksum(ConstByteSpan tag);
inline constexpr auto kDescriptorTag = MakeTable<DescriptorTag, 16>(
    "descriptor tag", "ECMA-167 3/7.2", Counts::kFromZero,
    Field<Little<uint16_t>>("tag identifier", 0, 1, &DescriptorTag::id),
    Field<Little<uint16_t>>("descriptor version", 2, 3, &DescriptorTag::version),
    Sum<Little<uint8_t>>("tag checksum", 4, 4, &TagChecksum), Zeros("reserved", 5, 5),
    Field<Little<uint16_t>>("tag serial number", 6, 7, &DescriptorTag::serial),
    Field<Little<uint16_t>>("descriptor CRC", 8, 9, &DescriptorTag::crc),
    Field<Little<uint16_t>>("descriptor CRC length", 10, 11, &DescriptorTag::crc_length),
    Field<Little<uint32_t>>("tag location", 12, 15, &DescriptorTag::location));
static_assert(kDescriptorTag.Tiles());

// The place of the tag in a descriptor's table. Encoding leaves it zero, to be
// sealed; decoding checks the tag's own sum and that it is of this kind.
struct TagSlotEntry {
  absl::string_view name;
  int first, last;
  TagId id;

  static constexpr int kWidth = decltype(kDescriptorTag)::kBytes;
  template <typename R>
  void Put(const R&, ByteSpan) const {}
  template <typename R>
  absl::Status Get(ConstByteSpan in, R*) const {
    const auto tag = Decode(kDescriptorTag, in);
    if (!tag.ok()) return tag.status();
    if (tag->id == static_cast<uint16_t>(id)) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrCat("tag identifier is ", tag->id, ", expected ", static_cast<uint16_t>(id)));
  }
};
constexpr TagSlotEntry TagSlot(absl::string_view name, int first, int last, TagId id) {
  return {name, first, last, id};
}

// The tag id that a descriptor's table names in its first entry.
template <typename T>
constexpr TagId TagIdOf(const T& table) {
  return std::get<0>(table.entries).id;
}

// The block that a tag says it lies in: of the image in structures of the volume,
// of the partition in structures of the file set. Both are meant to convert.
struct TagLocation {
  constexpr TagLocation(Block b)  // NOLINT(google-explicit-constructor)
      : value(static_cast<uint32_t>(b.value())) {}
  constexpr TagLocation(PartitionBlock b)  // NOLINT(google-explicit-constructor)
      : value(static_cast<uint32_t>(b.value())) {}
  uint32_t value;
};

// Appends the fixed part of a descriptor, its tag zero, and returns where it starts.
template <typename T, typename R>
size_t OpenDescriptor(const T& table, const R& record, std::string& out) {
  const size_t at = out.size();
  Append(table, record, out);
  return at;
}

// Fills the tag of the descriptor that is the bytes of `out` from `at` to its end,
// at most 65535 behind the tag.
void SealDescriptor(TagId id, const Revision& revision, TagLocation location, size_t at,
                    std::string& out);

// Appends a descriptor that is its fixed part and nothing else.
template <typename T, typename R>
void AppendDescriptor(const T& table, const R& record, const Revision& revision,
                      TagLocation location, std::string& out) {
  SealDescriptor(TagIdOf(table), revision, location, OpenDescriptor(table, record, out), out);
}

// Returns the tag in front of `descriptor`, both its sums checked. `descriptor` goes
// on at least to the end of what the CRC covers; DataLoss when it does not.
absl::StatusOr<DescriptorTag> ReadTag(ConstByteSpan descriptor);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_TAG_H_
