// -----------------------------------------------------------------------------
// File: boot/partition_type.h
// -----------------------------------------------------------------------------
//
// What is in a partition, as a manifest says it and as the tables do: a byte in a master boot
// record, a GUID in a GPT.
//
//   ParsePartitionType("ESP")    // 0xEF and C12A7328-F81F-11D2-BA4B-00A0C93EC93B
//
#ifndef ISOMASON_BOOT_PARTITION_TYPE_H_
#define ISOMASON_BOOT_PARTITION_TYPE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "boot/guid.h"

namespace isomason {

struct PartitionType {
  uint8_t mbr;
  Guid guid;
  friend bool operator==(const PartitionType&, const PartitionType&) = default;
};

// ESP, a byte in hexadecimal ("0x83"), or a GUID; the type of the other sort is one that means
// the same, and 0xCD or basic data where there is none. Nothing when the text is no type, or
// one that means something else in a table: 0x00 and 0xEE, a GUID of zeros.
std::optional<PartitionType> ParsePartitionType(absl::string_view text);

}  // namespace isomason

#endif  // ISOMASON_BOOT_PARTITION_TYPE_H_
