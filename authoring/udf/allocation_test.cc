#include "authoring/udf/allocation.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/types.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

constexpr uint64_t kMost = 0x3FFFF800;     // bytes of an extent
constexpr uint64_t kBlocksEach = 0x7FFFF;  // blocks of one

ConstByteSpan Bytes(const std::string& s) {
  return ConstByteSpan(reinterpret_cast<const uint8_t*>(s.data()), s.size());
}
uint32_t Number(const std::string& s, size_t at) {
  uint32_t n = 0;
  for (size_t i = 4; i-- > 0;) n = n << 8 | static_cast<uint8_t>(s[at + i]);
  return n;
}

// Reads what an entry and the blocks behind it say, as a reader does.
void ExpectWhole(uint64_t size, size_t room, bool from_metadata = false) {
  SCOPED_TRACE(absl::StrCat(size, " bytes, room for ", room, from_metadata ? ", long" : ""));
  const size_t width = from_metadata ? 16 : 8;
  constexpr uint32_t kData = 1000, kMore = 7;
  const Allocation allocation(size, room, from_metadata);
  std::string descriptors, blocks;
  allocation.AppendToEntry(PartitionBlock(kData), PartitionBlock(kMore), descriptors);
  allocation.AppendBlocks(kRevision201, PartitionBlock(kData), PartitionBlock(kMore), blocks);
  EXPECT_EQ(descriptors.size(), allocation.entry_bytes());
  EXPECT_LE(descriptors.size(), room);
  ASSERT_EQ(blocks.size(), allocation.blocks() * 2048);

  uint64_t seen = 0, next_block = 0;
  uint64_t at_block = kData;
  for (bool more = true; more;) {
    more = false;
    for (size_t at = 0; at < descriptors.size(); at += width) {
      ASSERT_FALSE(more) << "a descriptor behind the link";
      const uint32_t length = Number(descriptors, at), position = Number(descriptors, at + 4);
      // The partition: entries, and so their descriptors, are in another one than the bytes.
      if (from_metadata) {
        EXPECT_EQ(Number(descriptors, at + 8) & 0xFFFF, length >> 30 == 3 ? 1u : 0u);
      }
      if (length >> 30 == 3) {
        EXPECT_EQ(length & 0x3FFFFFFF, 2048u);
        EXPECT_EQ(position, kMore + next_block);
        more = true;
        continue;
      }
      EXPECT_EQ(position, at_block);
      EXPECT_LE(length, kMost);
      seen += length;
      at_block += kBlocksEach;
    }
    if (!more) break;
    ASSERT_LT(next_block, allocation.blocks());
    const std::string block = blocks.substr(next_block * 2048, 2048);
    const auto tag = ReadTag(Bytes(block));
    ASSERT_TRUE(tag.ok()) << tag.status();
    EXPECT_EQ(tag->id, 258);
    EXPECT_EQ(tag->version, 3);
    EXPECT_EQ(tag->location, kMore + next_block);
    EXPECT_EQ(Number(block, 16), 0u);
    descriptors = block.substr(24, Number(block, 20));
    EXPECT_EQ(tag->crc_length, 8 + descriptors.size());
    ++next_block;
  }
  EXPECT_EQ(seen, size);
  EXPECT_EQ(next_block, allocation.blocks());
}

TEST(AllocationTest, NeedsBlocksForWhatTheEntryHasNoRoomFor) {
  // 234 descriptors in a file entry; 253 in a block, the last of which may be a link.
  struct {
    uint64_t extents;
    uint64_t blocks;
  } const cases[] = {
      {0, 0},
      {1, 0},
      {234, 0},
      {235, 1},
      {233 + 253, 1},
      {233 + 254, 2},
      {233 + 252 + 253, 2},
      {233 + 252 + 254, 3},
      {8193, 32},  // as much as a volume holds: 8 TiB
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Allocation(c.extents * kMost, 1872).blocks(), c.blocks) << c.extents;
    ExpectWhole(c.extents * kMost, 1872);
    ExpectWhole(c.extents * kMost, 1832);
    ExpectWhole(c.extents * kMost, 1872, /*from_metadata=*/true);
    if (c.extents == 0) continue;
    ExpectWhole(c.extents * kMost - 1, 1872);
    ExpectWhole(c.extents * kMost - kMost + 1, 1872);
  }
}

TEST(AllocationTest, NeedsMoreBlocksForLongDescriptors) {
  // 117 of them in a file entry; 126 in a block, the last of which may be a link.
  struct {
    uint64_t extents;
    uint64_t blocks;
  } const cases[] = {{0, 0}, {117, 0}, {118, 1}, {116 + 126, 1}, {116 + 127, 2}, {8193, 65}};
  for (const auto& c : cases) {
    EXPECT_EQ(Allocation(c.extents * kMost, 1872, true).blocks(), c.blocks) << c.extents;
  }
}

// What a reader makes of descriptors: the runs, neighbours that are alike as one.
std::vector<std::pair<uint64_t, bool>> RunsOf(const std::string& descriptors) {
  std::vector<std::pair<uint64_t, bool>> runs;
  uint32_t block = 1000;
  for (size_t at = 0; at < descriptors.size(); at += 8) {
    const uint32_t length = Number(descriptors, at) & 0x3FFFFFFF;
    const uint32_t type = Number(descriptors, at) >> 30;
    EXPECT_NE(length, 0u);
    EXPECT_EQ(Number(descriptors, at + 4), type == 0 ? block : 0);
    if (at + 8 < descriptors.size()) {
      EXPECT_EQ(length % 2048, 0u);
    }
    if (type == 0) block += (length + 2047) / 2048;
    if (type == 3) break;
    EXPECT_TRUE(type == 0 || type == 2) << type;
    if (runs.empty() || runs.back().second != (type == 0)) runs.emplace_back(0, type == 0);
    runs.back().first += length;
  }
  return runs;
}

TEST(AllocationTest, DoesNotRecordRunsOfZeros) {
  const std::vector<DataRun> runs = {
      {2048, true}, {6144, false}, {3 * kMost, true}, {2048, false}, {5000, true}};
  const Allocation allocation(runs, 1872);
  EXPECT_EQ(allocation.blocks(), 0u);
  EXPECT_EQ(allocation.recorded_blocks(), 1 + 3 * kBlocksEach + 3);
  EXPECT_EQ(allocation.entry_bytes(), 7 * 8u);
  std::string out;
  allocation.AppendToEntry(PartitionBlock(1000), PartitionBlock(0), out);
  EXPECT_EQ(RunsOf(out),
            (std::vector<std::pair<uint64_t, bool>>{
                {2048, true}, {6144, false}, {3 * kMost, true}, {2048, false}, {5000, true}}));
  EXPECT_EQ(absl::BytesToHexString(out.substr(8, 8)),
            "00180080"  // type 2: neither recorded nor allocated
            "00000000");
}

TEST(AllocationTest, ZerosMayTakeMoreDescriptorsThanAnEntryHolds) {
  constexpr uint64_t kTebibyte = uint64_t{1} << 40;
  const std::vector<DataRun> runs = {{kTebibyte, false}};
  const Allocation allocation(runs, 1872);
  EXPECT_EQ(allocation.recorded_blocks(), 0u);
  // 1025 extents: 233 in the entry, 252 and a link in each of three blocks, the rest.
  EXPECT_EQ(allocation.blocks(), 4u);
  std::string descriptors, blocks;
  allocation.AppendToEntry(PartitionBlock(1000), PartitionBlock(7), descriptors);
  allocation.AppendBlocks(kRevision102, PartitionBlock(1000), PartitionBlock(7), blocks);
  descriptors.resize(descriptors.size() - 8);
  for (size_t at = 0; at < blocks.size(); at += 2048) {
    const bool last = at + 2048 == blocks.size();
    descriptors += blocks.substr(at + 24, Number(blocks, at + 20) - (last ? 0 : 8));
  }
  EXPECT_EQ(RunsOf(descriptors), (std::vector<std::pair<uint64_t, bool>>{{kTebibyte, false}}));
}

TEST(AllocationTest, IsTheBytesThatTheStandardDraws) {
  std::string out;
  Allocation(235 * kMost, 1872).AppendToEntry(PartitionBlock(0x10), PartitionBlock(0x77), out);
  ASSERT_EQ(out.size(), 1872u);
  EXPECT_EQ(absl::BytesToHexString(out.substr(0, 16)),
            "00f8ff3f"
            "10000000"
            "00f8ff3f"
            "0f000800");
  EXPECT_EQ(absl::BytesToHexString(out.substr(1864)),
            "000800c0"  // type 3: more descriptors, 2048 bytes of them
            "77000000");
  out.clear();
  Allocation(235 * kMost, 1872)
      .AppendBlocks(kRevision102, PartitionBlock(0x10), PartitionBlock(0x77), out);
  EXPECT_EQ(absl::BytesToHexString(out.substr(16, 24)),
            "00000000"
            "10000000"
            "00f8ff3f"
            "27ff4707"  // 0x10 + 233 * 0x7FFFF
            "00f8ff3f"
            "26ff4f07");
}

}  // namespace
}  // namespace isomason::udf
