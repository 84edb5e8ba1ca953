#include "authoring/udf/allocation.h"

#include <algorithm>

#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/types.h"

namespace isomason::udf {

namespace {

uint64_t ExtentsOf(absl::Span<const DataRun> runs) {
  uint64_t extents = 0;
  for (const DataRun& run : runs) extents += (run.size + kExtentLimit - 1) / kExtentLimit;
  return extents;
}

}  // namespace

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
      whole_{size, true},
      runs_(&whole_, size == 0 ? 0 : 1),
      extents_(ExtentsOf(runs_)),
      in_entry_(InEntry(room)) {}

Allocation::Allocation(absl::Span<const DataRun> runs, size_t room, bool from_metadata)
    : from_metadata_(from_metadata),
      runs_(runs),
      extents_(ExtentsOf(runs_)),
      in_entry_(InEntry(room)) {}

uint64_t Allocation::InEntry(size_t room) const {
  return extents_ <= room / width() ? extents_ : room / width() - 1;
}

uint32_t Allocation::entry_bytes() const {
  const uint64_t descriptors = in_entry_ + (in_entry_ == extents_ ? 0 : 1);
  return static_cast<uint32_t>(descriptors * width());
}

uint64_t Allocation::blocks() const {
  const uint64_t rest = extents_ - in_entry_;
  if (rest <= InLastBlock()) return rest == 0 ? 0 : 1;
  return 1 + (rest - InLastBlock() + InBlock() - 1) / InBlock();
}

uint64_t Allocation::recorded_blocks() const {
  uint64_t blocks = 0;
  for (const DataRun& run : runs_) {
    if (run.recorded) blocks += BlocksFor(ByteCount(run.size)).value();
  }
  return blocks;
}

void Allocation::Append(uint64_t count, PartitionBlock data, Cursor& cursor,
                        std::string& out) const {
  for (; count > 0; --count) {
    const DataRun& run = runs_[cursor.run];
    const uint64_t length = std::min(run.size - cursor.done, kExtentLimit);
    if (run.recorded) {
      AppendOne(static_cast<uint32_t>(length), data.value() + cursor.block, 0, out);
      cursor.block += BlocksFor(ByteCount(length)).value();
    } else {
      AppendOne(kNotAllocated | static_cast<uint32_t>(length), 0, 0, out);
    }
    cursor.done += length;
    if (cursor.done < run.size) continue;
    ++cursor.run;
    cursor.done = 0;
  }
}

void Allocation::AppendToEntry(PartitionBlock data, PartitionBlock more, std::string& out) const {
  Cursor cursor;
  Append(in_entry_, data, cursor, out);
  if (in_entry_ != extents_) AppendLink(more, out);
}

void Allocation::AppendBlocks(const Revision& revision, PartitionBlock data, PartitionBlock more,
                              std::string& out) const {
  Cursor cursor;
  std::string in_entry;
  Append(in_entry_, data, cursor, in_entry);
  uint64_t first = in_entry_;
  for (uint64_t block = 0; block < blocks(); ++block) {
    const bool is_last = block + 1 == blocks();
    const uint64_t last = is_last ? extents_ : first + InBlock();
    const PartitionBlock here = more + PartitionBlock(block);
    AllocationExtent extent;
    extent.length = static_cast<uint32_t>((last - first + (is_last ? 0 : 1)) * width());
    const size_t at = OpenDescriptor(kAllocationExtent, extent, out);
    Append(last - first, data, cursor, out);
    if (!is_last) AppendLink(here + PartitionBlock(1), out);
    SealDescriptor(TagIdOf(kAllocationExtent), revision, here, at, out);
    out.resize(at + kBlockSize);
    first = last;
  }
}

}  // namespace isomason::udf
