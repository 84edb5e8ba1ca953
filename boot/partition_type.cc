#include "boot/partition_type.h"

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "boot/mbr.h"

namespace isomason {
namespace {

// The first of several with one GUID is what a GUID means in a master boot record.
constexpr PartitionType kSame[] = {
    {kMbrEspType, kEspType}, {0x83, kLinuxType}, {0x07, kBasicDataType}, {kMbrPrepType, kPrepType}};

// What libisofs writes for a partition whose type has no byte.
constexpr uint8_t kNoByte = 0xCD;

}  // namespace

std::optional<PartitionType> ParsePartitionType(absl::string_view text) {
  if (text == "ESP") return kSame[0];
  if (const std::optional<Guid> guid = ParseGuid(text)) {
    if (*guid == Guid{}) return std::nullopt;
    for (const PartitionType& same : kSame) {
      if (same.guid == *guid) return same;
    }
    return PartitionType{kNoByte, *guid};
  }
  uint32_t byte = 0;
  if (!absl::ConsumePrefix(&text, "0x") || text.size() > 2 || !absl::SimpleHexAtoi(text, &byte) ||
      byte == 0 || byte == kProtectiveType) {
    return std::nullopt;
  }
  for (const PartitionType& same : kSame) {
    if (same.mbr == byte) return same;
  }
  return PartitionType{static_cast<uint8_t>(byte), kBasicDataType};
}

}  // namespace isomason
