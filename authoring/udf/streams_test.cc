// Reads a run of streams as the standards draw it, apart from the code that writes it.

#include "authoring/udf/streams.h"

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kEntry = 9, kStreams = 50;

uint64_t Number(const std::string& s, size_t at, size_t bytes) {
  uint64_t n = 0;
  for (size_t i = bytes; i-- > 0;) n = n << 8 | static_cast<uint8_t>(s[at + i]);
  return n;
}

Inode MakeInode() {
  Inode inode;
  inode.type = NodeType::kCharacterDevice;  // streams are files whatever they belong to
  inode.mode = 04751;
  inode.owner = 7;
  inode.group = 8;
  inode.time = {1793536496, 123456000};
  return inode;
}

class StreamsTest : public testing::Test {
 protected:
  absl::Status Make(const std::vector<Stream>& streams, const Revision& revision = kRevision201) {
    const EntryFacts owner{.revision = revision,
                           .inode = inode_,
                           .extended = true,
                           .unique_id = 0x1234,
                           .streams = PartitionBlock(kStreams)};
    return AppendStreams(owner, PartitionBlock(kEntry), streams, out_);
  }

  // A block of the run, by its number in the partition; its tag is checked.
  std::string Block(uint32_t block, int tag_id) const {
    const std::string bytes = out_.substr((block - kStreams) * 2048, 2048);
    const auto tag =
        ReadTag(ConstByteSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
    EXPECT_TRUE(tag.ok()) << tag.status();
    EXPECT_EQ(tag->id, tag_id);
    EXPECT_EQ(tag->version, 3);
    EXPECT_EQ(tag->location, block);
    return bytes;
  }
  std::string Entry(uint32_t block) const {
    std::string bytes = Block(block, 266);
    EXPECT_EQ(absl::BytesToHexString(bytes.substr(152, 16)), std::string(32, '0'))
        << "streams have no streams (OSTA UDF 3.3.5.1)";
    EXPECT_EQ(Number(bytes, 36, 4), 7u);
    EXPECT_EQ(Number(bytes, 40, 4), 8u);
    EXPECT_EQ(Number(bytes, 200, 8), 0x1234u) << "unique id of the owner (3.2.1.1)";
    EXPECT_EQ(Number(bytes, 208, 4), 0u) << "no extended attributes (3.3.5.1)";
    EXPECT_EQ(Number(bytes, 64, 8), Number(bytes, 56, 8)) << "object size is that of the one";
    return bytes;
  }
  // The names in the directory, which lie behind the entries of `streams` streams.
  std::string Names(uint32_t streams) const {
    const std::string directory = Entry(kStreams);
    EXPECT_EQ(directory[27], 13);             // ECMA-167 3rd edition 4/14.6.6
    EXPECT_EQ(Number(directory, 34, 2), 0u);  // short descriptors, no stream itself
    EXPECT_EQ(Number(directory, 48, 2), 0u);  // no name leads to it
    EXPECT_EQ(Number(directory, 212, 4), 8u);
    EXPECT_EQ(Number(directory, 216, 4), Number(directory, 56, 8));
    EXPECT_EQ(Number(directory, 220, 4), kStreams + 1 + streams);
    return out_.substr((1 + streams) * size_t{2048}, Number(directory, 56, 8));
  }
  // An entry of a stream, whose allocation descriptors are as in `flags`.
  std::string StreamEntry(uint32_t block, uint16_t flags) const {
    const std::string stream = Entry(block);
    EXPECT_EQ(stream[27], 5);
    // A stream (4/14.6.8), whose data nobody may move.
    EXPECT_EQ(Number(stream, 34, 2), uint64_t{1 << 13 | 1 << 9 | 1 << 4} | flags);
    EXPECT_EQ(Number(stream, 44, 4), 0x1CA1u);  // 751, without set-user-id
    EXPECT_EQ(Number(stream, 48, 2), 1u);
    return stream;
  }

  Inode inode_ = MakeInode();
  std::string out_;
};

TEST_F(StreamsTest, ADirectoryNamesThem) {
  ASSERT_TRUE(
      Make({{"a", 5, PartitionBlock(300)}, {"empty"}, {"long", 5000, PartitionBlock(400)}}).ok());
  EXPECT_EQ(out_.size(), (1 + 3 + 1) * 2048u);
  const std::string names = Names(3);
  // The parent is the entry that has the streams (4/8.6); flags, then the owner's id.
  EXPECT_EQ(absl::BytesToHexString(names.substr(16, 24)),
            "0100"
            "0a"
            "00"
            "00080000"
            "09000000"
            "0000"
            "000034120000"
            "0000"
            "0000");
  EXPECT_EQ(absl::BytesToHexString(names.substr(40 + 16, 24)),
            "0100"
            "00"
            "02"
            "00080000"
            "33000000"
            "0000"
            "000034120000"
            "0000"
            "0861");
  EXPECT_EQ(Number(names, 12, 4), kStreams + 4u) << "tag location";

  const std::pair<uint64_t, uint64_t> data[] = {{5, 300}, {0, 0}, {5000, 400}};
  for (uint32_t i = 0; i < 3; ++i) {
    const std::string stream = StreamEntry(kStreams + 1 + i, 0);
    const auto [size, block] = data[i];
    EXPECT_EQ(Number(stream, 56, 8), size);
    EXPECT_EQ(Number(stream, 72, 8), (size + 2047) / 2048);
    EXPECT_EQ(Number(stream, 212, 4), size == 0 ? 0u : 8u);
    EXPECT_EQ(Number(stream, 216, 4), size);
    EXPECT_EQ(Number(stream, 220, 4), block);
  }
}

// OSTA UDF 2.50 2.2.13: the directory is in the metadata partition with short descriptors,
// streams have long ones that lead to the other partition.
TEST_F(StreamsTest, HaveTheirDataBesideAMetadataPartition) {
  ASSERT_TRUE(Make({{"a", 5, PartitionBlock(300)}}, kRevision250).ok());
  const std::string names = Names(1);
  EXPECT_EQ(absl::BytesToHexString(names.substr(20, 10)), "00080000090000000100");
  EXPECT_EQ(absl::BytesToHexString(names.substr(60, 10)), "00080000330000000100");
  const std::string stream = StreamEntry(kStreams + 1, 1);
  EXPECT_EQ(Number(stream, 212, 4), 16u);
  EXPECT_EQ(absl::BytesToHexString(stream.substr(216, 16)), "050000002c0100000000000000000000");
}

// An extended entry has room for 229 short descriptors; 300 extents leave 72 beside the one
// that leads to them.
TEST_F(StreamsTest, HaveAllocationExtentsBehindTheDirectory) {
  constexpr uint64_t kExtent = 0x3FFFF800;
  ASSERT_TRUE(Make({{"a", 300 * kExtent, PartitionBlock(1000)},
                    {"b", 1, PartitionBlock(999)},
                    {"c", 230 * kExtent, PartitionBlock(2000)}})
                  .ok());
  EXPECT_EQ(out_.size(), (1 + 3 + 1 + 2) * 2048u);
  for (const auto& [entry, more, descriptors] : {std::tuple(1u, 5u, 72u), std::tuple(3u, 6u, 2u)}) {
    const std::string stream = StreamEntry(kStreams + entry, 0);
    EXPECT_EQ(Number(stream, 212, 4), 229u * 8);
    EXPECT_EQ(Number(stream, 216 + 228 * 8, 4), 3u << 30 | 2048);
    EXPECT_EQ(Number(stream, 216 + 228 * 8 + 4, 4), kStreams + more);
    EXPECT_EQ(Number(Block(kStreams + more, 258), 20, 4), descriptors * 8);
  }
}

TEST_F(StreamsTest, RefusesNamesThatDoNotFit) {
  const std::string name(255, 'n');
  EXPECT_TRUE(Make({{absl::string_view(name).substr(1)}}).ok());
  const absl::Status s = Make({{name}});
  EXPECT_EQ(s.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("nnn\", which has a name of 255 bytes in characters of 8 bits"));
  EXPECT_THAT(std::string(Make({{"\xFF"}}).message()),
              HasSubstr("which has a name that is not UTF-8"));
}

TEST_F(StreamsTest, TheEntryCountsTheirBytes) {
  inode_.type = NodeType::kFile;
  const EntryFacts facts{.revision = kRevision201,
                         .inode = inode_,
                         .extended = true,
                         .size = 10,
                         .data = PartitionBlock(3),
                         .streams = PartitionBlock(kStreams),
                         .stream_bytes = 5005};
  std::string entry;
  ASSERT_TRUE(AppendFileEntry(facts, PartitionBlock(kEntry), entry).ok());
  EXPECT_EQ(Number(entry, 56, 8), 10u);
  EXPECT_EQ(Number(entry, 64, 8), 5015u);  // object size
  EXPECT_EQ(Number(entry, 72, 8), 1u);
  EXPECT_EQ(absl::BytesToHexString(entry.substr(152, 16)),
            "00080000"
            "32000000"
            "0000"
            "000000000000");
}

}  // namespace
}  // namespace isomason::udf
