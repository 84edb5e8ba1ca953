// Reads a run of streams as the standards draw it, apart from the code that writes it.

#include "authoring/udf/streams.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

using ::testing::ElementsAre;
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
  absl::Status Make(std::vector<NamedStream> streams) {
    const EntryFacts owner{.revision = kRevision201,
                           .inode = inode_,
                           .extended = true,
                           .unique_id = 0x1234,
                           .streams = PartitionBlock(kStreams),
                           .stream_bytes = StreamBytes(streams)};
    return AppendStreams(owner, PartitionBlock(kEntry), streams, out_);
  }

  // A block of the run, by its number in the partition; its tag is checked.
  std::string Entry(uint32_t block) const {
    const std::string bytes = out_.substr((block - kStreams) * 2048, 2048);
    const auto tag =
        ReadTag(ConstByteSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
    EXPECT_TRUE(tag.ok()) << tag.status();
    EXPECT_EQ(tag->id, 266);
    EXPECT_EQ(tag->version, 3);
    EXPECT_EQ(tag->location, block);
    EXPECT_EQ(absl::BytesToHexString(bytes.substr(152, 16)), std::string(32, '0'))
        << "streams have no streams (OSTA UDF 3.3.5.1)";
    EXPECT_EQ(Number(bytes, 36, 4), 7u);
    EXPECT_EQ(Number(bytes, 40, 4), 8u);
    EXPECT_EQ(Number(bytes, 200, 8), 0x1234u) << "unique id of the owner (3.2.1.1)";
    EXPECT_EQ(Number(bytes, 208, 4), 0u) << "no extended attributes (3.3.5.1)";
    return bytes;
  }
  // What the one extent of an entry, or none, leads to.
  std::string Data(const std::string& entry) const {
    const uint64_t size = Number(entry, 56, 8);
    EXPECT_EQ(Number(entry, 64, 8), size);
    EXPECT_EQ(Number(entry, 212, 4), size == 0 ? 0u : 8u);
    if (size == 0) return "";
    EXPECT_EQ(Number(entry, 216, 4), size);
    return out_.substr((Number(entry, 220, 4) - kStreams) * 2048, size);
  }

  Inode inode_ = MakeInode();
  std::string out_;
};

TEST_F(StreamsTest, ADirectoryNamesThem) {
  ASSERT_TRUE(Make({{"a", "first"}, {"empty", ""}, {"long", std::string(5000, 'x')}}).ok());
  EXPECT_EQ(out_.size(), (1 + 3 + 1 + 1 + 3) * 2048u);
  const std::string directory = Entry(kStreams);
  EXPECT_EQ(directory[27], 13);             // ECMA-167 3rd edition 4/14.6.6
  EXPECT_EQ(Number(directory, 34, 2), 0u);  // short descriptors, no stream itself
  EXPECT_EQ(Number(directory, 48, 2), 0u);  // no name leads to it
  const std::string names = Data(directory);
  // The parent is the entry that has the streams; flags, then the owner's id.
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

  std::vector<std::string> data;
  for (uint32_t i = 0; i < 3; ++i) {
    const std::string stream = Entry(kStreams + 1 + i);
    EXPECT_EQ(stream[27], 5);
    EXPECT_EQ(Number(stream, 34, 2), 1u << 13);  // 4/14.6.8: a stream
    EXPECT_EQ(Number(stream, 44, 4), 0x1CA1u);   // 751, without set-user-id
    EXPECT_EQ(Number(stream, 48, 2), 1u);
    data.push_back(Data(stream));
  }
  EXPECT_THAT(data, ElementsAre("first", "", std::string(5000, 'x')));
}

TEST_F(StreamsTest, RefusesNamesThatDoNotFit) {
  EXPECT_TRUE(Make({{std::string(254, 'n'), ""}}).ok());
  const absl::Status s = Make({{std::string(255, 'n'), ""}});
  EXPECT_EQ(s.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("nnn\", which has a name of 255 bytes in characters of 8 bits"));
  EXPECT_THAT(std::string(Make({{"\xFF", ""}}).message()),
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
