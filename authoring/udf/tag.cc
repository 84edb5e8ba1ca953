#include "authoring/udf/tag.h"

#include "authoring/udf/crc.h"
#include "layout/status.h"

namespace isomason::udf {

uint8_t TagChecksum(ConstByteSpan tag) {
  uint8_t sum = 0;
  for (uint8_t b : tag) sum = static_cast<uint8_t>(sum + b);
  return sum;
}

void SealDescriptor(TagId id, const Revision& revision, TagLocation location, size_t at,
                    std::string& out) {
  const ByteSpan descriptor(reinterpret_cast<uint8_t*>(out.data()) + at, out.size() - at);
  const ConstByteSpan body = descriptor.subspan(kDescriptorTag.kBytes);
  DescriptorTag tag;
  tag.id = static_cast<uint16_t>(id);
  tag.version = revision.tag_version;
  tag.crc = Crc16(body);
  tag.crc_length = static_cast<uint16_t>(body.size());
  tag.location = location.value;
  EncodeTo(kDescriptorTag, tag, descriptor.first(kDescriptorTag.kBytes));
}

absl::StatusOr<DescriptorTag> ReadTag(ConstByteSpan descriptor) {
  if (descriptor.size() < kDescriptorTag.kBytes) {
    return absl::DataLossError(absl::StrCat("descriptor tag (", kDescriptorTag.clause, "): ",
                                            descriptor.size(), " bytes, expected 16 or more"));
  }
  ASSIGN_OR_RETURN(const DescriptorTag tag,
                   Decode(kDescriptorTag, descriptor.first(kDescriptorTag.kBytes)));
  const ConstByteSpan body = descriptor.subspan(kDescriptorTag.kBytes);
  if (tag.crc_length > body.size()) {
    return absl::DataLossError(absl::StrCat("descriptor tag (", kDescriptorTag.clause,
                                            "): the CRC covers ", tag.crc_length,
                                            " bytes behind it, there are ", body.size()));
  }
  const uint16_t crc = Crc16(body.first(tag.crc_length));
  if (crc != tag.crc) {
    return absl::DataLossError(absl::StrCat("descriptor tag (", kDescriptorTag.clause,
                                            "): the CRC is ", tag.crc, ", the descriptor's ",
                                            tag.crc_length, " bytes give ", crc));
  }
  return tag;
}

}  // namespace isomason::udf
