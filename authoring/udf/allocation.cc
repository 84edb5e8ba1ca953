#include "authoring/udf/allocation.h"

#include <algorithm>

#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/types.h"

namespace isomason::udf {
namespace {

// Of one allocation extent descriptor, with and without one that leads to the next.
constexpr uint64_t kInLastBlock = (kBlockSize - kAllocationExtent.kBytes) / kShortAd.kBytes;
constexpr uint64_t kInBlock = kInLastBlock - 1;

void AppendLink(PartitionBlock next, std::string& out) {
  const ShortAd link{.length = kNextExtent | static_cast<uint32_t>(kBlockSize),
                     .position = static_cast<uint32_t>(next.value())};
  Append(kShortAd, link, out);
}

}  // namespace

Allocation::Allocation(uint64_t size, size_t room)
    : size_(size),
      extents_(size / kExtentLimit + (size % kExtentLimit == 0 ? 0 : 1)),
      in_entry_(extents_ <= room / kShortAd.kBytes ? extents_ : room / kShortAd.kBytes - 1) {}

uint32_t Allocation::entry_bytes() const {
  const uint64_t descriptors = in_entry_ + (in_entry_ == extents_ ? 0 : 1);
  return static_cast<uint32_t>(descriptors * kShortAd.kBytes);
}

uint64_t Allocation::blocks() const {
  const uint64_t rest = extents_ - in_entry_;
  return rest <= kInLastBlock ? (rest == 0 ? 0 : 1)
                              : 1 + (rest - kInLastBlock + kInBlock - 1) / kInBlock;
}

void Allocation::Append(uint64_t first, uint64_t last, PartitionBlock data,
                        std::string& out) const {
  for (uint64_t i = first; i < last; ++i) {
    const uint64_t length = std::min(size_ - i * kExtentLimit, kExtentLimit);
    const uint64_t block = data.value() + i * (kExtentLimit / kBlockSize);
    isomason::Append(kShortAd, ShortAd{static_cast<uint32_t>(length), static_cast<uint32_t>(block)},
                     out);
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
    const uint64_t last = is_last ? extents_ : first + kInBlock;
    const PartitionBlock here = more + PartitionBlock(block);
    AllocationExtent extent;
    extent.length = static_cast<uint32_t>((last - first + (is_last ? 0 : 1)) * kShortAd.kBytes);
    const size_t at = OpenDescriptor(kAllocationExtent, extent, out);
    Append(first, last, data, out);
    if (!is_last) AppendLink(here + PartitionBlock(1), out);
    SealDescriptor(TagIdOf(kAllocationExtent), revision, here, at, out);
    out.resize(at + kBlockSize);
    first = last;
  }
}

}  // namespace isomason::udf
