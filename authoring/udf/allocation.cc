#include "authoring/udf/allocation.h"

#include <algorithm>

#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/types.h"

namespace isomason::udf {

size_t Allocation::width() const { return from_metadata_ ? kLongAd.kBytes : kShortAd.kBytes; }

uint64_t Allocation::InLastBlock() const {
  return (kBlockSize - kAllocationExtent.kBytes) / width();
}

void Allocation::AppendOne(uint32_t length, uint64_t block, uint16_t partition,
                           std::string& out) const {
  const auto number = static_cast<uint32_t>(block);
  if (from_metadata_) {
    isomason::Append(
        kLongAd, LongAd{.length = length, .location = {.block = number, .partition = partition}},
        out);
  } else {
    isomason::Append(kShortAd, ShortAd{length, number}, out);
  }
}

void Allocation::AppendLink(PartitionBlock next, std::string& out) const {
  AppendOne(kNextExtent | static_cast<uint32_t>(kBlockSize), next.value(), 1, out);
}

Allocation::Allocation(uint64_t size, size_t room, bool from_metadata)
    : from_metadata_(from_metadata),
      size_(size),
      extents_(size / kExtentLimit + (size % kExtentLimit == 0 ? 0 : 1)),
      in_entry_(extents_ <= room / width() ? extents_ : room / width() - 1) {}

uint32_t Allocation::entry_bytes() const {
  const uint64_t descriptors = in_entry_ + (in_entry_ == extents_ ? 0 : 1);
  return static_cast<uint32_t>(descriptors * width());
}

uint64_t Allocation::blocks() const {
  const uint64_t rest = extents_ - in_entry_;
  if (rest <= InLastBlock()) return rest == 0 ? 0 : 1;
  return 1 + (rest - InLastBlock() + InBlock() - 1) / InBlock();
}

void Allocation::Append(uint64_t first, uint64_t last, PartitionBlock data,
                        std::string& out) const {
  for (uint64_t i = first; i < last; ++i) {
    const uint64_t length = std::min(size_ - i * kExtentLimit, kExtentLimit);
    const uint64_t block = data.value() + i * (kExtentLimit / kBlockSize);
    AppendOne(static_cast<uint32_t>(length), block, 0, out);
  }
}

void Allocation::AppendToEntry(PartitionBlock data, PartitionBlock more, std::string& out) const {
  Append(0, in_entry_, data, out);
  if (in_entry_ != extents_) AppendLink(more, out);
}

void Allocation::AppendBlocks(const Revision& revision, PartitionBlock data, PartitionBlock more,
                              std::string& out) const {
  uint64_t first = in_entry_;
  for (uint64_t block = 0; block < blocks(); ++block) {
    const bool is_last = block + 1 == blocks();
    const uint64_t last = is_last ? extents_ : first + InBlock();
    const PartitionBlock here = more + PartitionBlock(block);
    AllocationExtent extent;
    extent.length = static_cast<uint32_t>((last - first + (is_last ? 0 : 1)) * width());
    const size_t at = OpenDescriptor(kAllocationExtent, extent, out);
    Append(first, last, data, out);
    if (!is_last) AppendLink(here + PartitionBlock(1), out);
    SealDescriptor(TagIdOf(kAllocationExtent), revision, here, at, out);
    out.resize(at + kBlockSize);
    first = last;
  }
}

}  // namespace isomason::udf
