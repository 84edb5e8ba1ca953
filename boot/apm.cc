#include "boot/apm.h"

#include <algorithm>
#include <array>

#include "layout/record/record.h"

namespace isomason {
namespace {

struct DescriptorRecord {
  uint16_t block_size = 0;
  uint32_t blocks = 0;
};
constexpr auto kDescriptor = MakeTable<DescriptorRecord, kApmDescriptorSize>(
    "driver descriptor record", "Inside Macintosh: Devices, 3-12", Counts::kFromZero,
    Fixed("signature", 0, 1, "ER"),
    Field<Big<uint16_t>>("block size", 2, 3, &DescriptorRecord::block_size),
    Field<Big<uint32_t>>("block count", 4, 7, &DescriptorRecord::blocks));
static_assert(kDescriptor.Tiles());

using Text = std::array<uint8_t, 32>;

struct EntryRecord {
  uint32_t entries = 0, first = 0, blocks = 0;
  Text name{}, type{};
  uint32_t data_blocks = 0;
  uint32_t status = 0;
};
constexpr auto kEntry = MakeTable<EntryRecord, 512>(
    "partition map entry", "Inside Macintosh: Devices, 3-22", Counts::kFromZero,
    Fixed("signature", 0, 1, "PM"), Zeros("reserved", 2, 3),
    Field<Big<uint32_t>>("map entries", 4, 7, &EntryRecord::entries),
    Field<Big<uint32_t>>("first block", 8, 11, &EntryRecord::first),
    Field<Big<uint32_t>>("blocks", 12, 15, &EntryRecord::blocks),
    Field<Raw<32>>("name", 16, 47, &EntryRecord::name),
    Field<Raw<32>>("type", 48, 79, &EntryRecord::type), Zeros("first block of data", 80, 83),
    Field<Big<uint32_t>>("blocks of data", 84, 87, &EntryRecord::data_blocks),
    Field<Big<uint32_t>>("status", 88, 91, &EntryRecord::status), Zeros("boot", 92, 511));
static_assert(kEntry.Tiles());

Text TextOf(absl::string_view text) {
  Text out{};
  std::copy_n(text.begin(), std::min(text.size(), kApmNameLength), out.begin());
  return out;
}

}  // namespace

std::string RenderApmDescriptor(uint32_t block_size, uint64_t blocks, bool has_code) {
  DescriptorRecord record;
  record.block_size = static_cast<uint16_t>(block_size);
  // jmp over the next two bytes.
  record.blocks = has_code ? 0xEB02FFFF : static_cast<uint32_t>(blocks);
  std::string out;
  Append(kDescriptor, record, out);
  return out;
}

std::string RenderApmEntry(const ApmPartition& partition, uint32_t count) {
  // Valid, allocated, readable.
  constexpr uint32_t kStatus = 0x13;
  EntryRecord record;
  record.entries = count;
  record.first = partition.first;
  record.blocks = record.data_blocks = partition.blocks;
  record.name = TextOf(partition.name);
  record.type = TextOf(partition.type);
  record.status = kStatus;
  std::string out;
  Append(kEntry, record, out);
  return out;
}

}  // namespace isomason
