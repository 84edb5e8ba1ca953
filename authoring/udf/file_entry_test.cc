#include "authoring/udf/file_entry.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

ConstByteSpan Bytes(const std::string& s) {
  return ConstByteSpan(reinterpret_cast<const uint8_t*>(s.data()), s.size());
}
std::string Hex(const std::string& block, size_t first, size_t size) {
  return absl::BytesToHexString(block.substr(first, size));
}

Inode MakeInode(NodeType type, uint16_t mode) {
  Inode inode;
  inode.type = type;
  inode.mode = mode;
  inode.owner = 1000;
  inode.group = 100;
  inode.time = {1793536496, 123456000};  // 2026-11-01T12:34:56.123456Z
  return inode;
}

std::string Rendered(const EntryFacts& facts, PartitionBlock location = PartitionBlock(9)) {
  std::string out;
  const absl::Status s = AppendFileEntry(facts, location, out);
  EXPECT_TRUE(s.ok()) << s;
  EXPECT_TRUE(CheckFileEntry(facts).ok());
  EXPECT_EQ(out.size(), 2048u);
  return out;
}

TEST(FileEntryTest, IsTheBytesThatTheStandardDrawsForAFile) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  const std::string block = Rendered(
      {.inode = inode, .links = 2, .unique_id = 17, .size = 5000, .data = PartitionBlock(0x1234)});
  // ECMA-167 4/14.9, positions as printed there.
  EXPECT_EQ(Hex(block, 16, 20),
            "00000000"
            "0400"
            "0000"
            "0100"
            "00"
            "05"
            "000000000000"
            "1002");  // ICB tag
  EXPECT_EQ(Hex(block, 36, 8),
            "e8030000"
            "64000000");                     // owner, group
  EXPECT_EQ(Hex(block, 44, 4), "84180000");  // rw- r-- r--: 6 << 10 | 4 << 5 | 4
  EXPECT_EQ(Hex(block, 48, 8),
            "0200"
            "00"
            "00"
            "00000000");
  EXPECT_EQ(Hex(block, 56, 16),
            "8813000000000000"
            "0300000000000000");  // 5000 bytes, 3 blocks
  for (size_t at : {72, 84, 96}) EXPECT_EQ(Hex(block, at, 12), "0010ea070b010c22380c2238");
  EXPECT_EQ(Hex(block, 108, 20),
            "01000000"
            "00000000000000000000000000000000");
  EXPECT_EQ(block.substr(128, 10), absl::string_view("\0*isomason", 10));
  EXPECT_EQ(Hex(block, 160, 16),
            "1100000000000000"
            "00000000"
            "08000000");
  EXPECT_EQ(Hex(block, 176, 8),
            "88130000"
            "34120000");
  EXPECT_EQ(block.substr(184), std::string(2048 - 184, '\0'));

  const auto tag = ReadTag(Bytes(block));
  ASSERT_TRUE(tag.ok()) << tag.status();
  EXPECT_EQ(tag->id, 261);
  EXPECT_EQ(tag->location, 9u);
  EXPECT_EQ(tag->crc_length, 184 - 16);
}

TEST(FileEntryTest, MayBeAnExtendedOneFromRevision200On) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  for (const Revision* revision : {&kRevision200, &kRevision201}) {
    const std::string block = Rendered({.revision = *revision,
                                        .inode = inode,
                                        .extended = true,
                                        .links = 2,
                                        .unique_id = 17,
                                        .size = 5000,
                                        .data = PartitionBlock(0x1234)});
    // ECMA-167 3rd edition 4/14.17.
    EXPECT_EQ(Hex(block, 27, 1), "05");
    EXPECT_EQ(Hex(block, 36, 20),
              "e8030000"
              "64000000"
              "84180000"
              "0200"
              "00"
              "00"
              "00000000");
    EXPECT_EQ(Hex(block, 56, 24),
              "8813000000000000"    // information length
              "8813000000000000"    // object size: there are no streams
              "0300000000000000");  // blocks
    for (size_t at : {80, 92, 104, 116}) EXPECT_EQ(Hex(block, at, 12), "0010ea070b010c22380c2238");
    EXPECT_EQ(Hex(block, 128, 8),
              "01000000"
              "00000000");
    EXPECT_EQ(Hex(block, 136, 32), std::string(64, '0'));
    EXPECT_EQ(block.substr(168, 10), absl::string_view("\0*isomason", 10));
    EXPECT_EQ(Hex(block, 200, 16),
              "1100000000000000"
              "00000000"
              "08000000");
    EXPECT_EQ(Hex(block, 216, 8),
              "88130000"
              "34120000");
    const auto tag = ReadTag(Bytes(block));
    ASSERT_TRUE(tag.ok()) << tag.status();
    EXPECT_EQ(tag->id, 266);
    EXPECT_EQ(tag->version, 3);
    EXPECT_EQ(tag->crc_length, 224 - 16);
  }
  EXPECT_EQ(ReadTag(Bytes(Rendered({.inode = inode})))->version, 2);
  EXPECT_EQ(ReadTag(Bytes(Rendered({.revision = kRevision150, .inode = inode})))->id, 261);
}

TEST(FileEntryTest, PointsFromTheMetadataPartitionIntoTheOther) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  const Inode directory = MakeInode(NodeType::kDirectory, 0755);
  for (const Revision* revision : {&kRevision250, &kRevision260}) {
    const EntryFacts facts{.revision = *revision,
                           .inode = inode,
                           .size = 0x3FFFF800 + 5,
                           .data = PartitionBlock(0x1234)};
    const std::string block = Rendered(facts);
    EXPECT_EQ(Hex(block, 34, 2), "1102") << "long descriptors, not relocatable, contiguous";
    EXPECT_EQ(Hex(block, 172, 4), "20000000");
    EXPECT_EQ(Hex(block, 176, 32),  // ECMA-167 4/14.14.2
              "00f8ff3f"
              "34120000"
              "0000"
              "000000000000"
              "05000000"
              "33120800"
              "0000"
              "000000000000");
    const std::string names = Rendered(
        {.revision = *revision, .inode = directory, .size = 40, .data = PartitionBlock(7)});
    EXPECT_EQ(Hex(names, 34, 2), "0000") << "short descriptors";
    EXPECT_EQ(Hex(names, 176, 8),
              "28000000"
              "07000000");
  }
}

TEST(FileEntryTest, HasLessRoomInAnExtendedOne) {
  const Inode file = MakeInode(NodeType::kFile, 0644);
  constexpr uint64_t kMost = 229 * 0x3FFFF800ull;
  for (const uint64_t extra : {0, 1}) {
    EXPECT_EQ(
        BlocksBeside(
            {.revision = kRevision201, .inode = file, .extended = true, .size = kMost + extra}),
        extra);
  }
}

TEST(FileEntryTest, KeepsModesOfPosix) {
  struct {
    uint16_t mode;
    uint32_t permissions;
    uint16_t flags;  // of the ICB tag, without those of any file
  } const cases[] = {
      {0000, 0x0000, 0},       {0777, 0x1CE7, 0},       {0400, 0x1000, 0}, {0200, 0x0800, 0},
      {0100, 0x0400, 0},       {0040, 0x0080, 0},       {0020, 0x0040, 0}, {0010, 0x0020, 0},
      {0004, 0x0004, 0},       {0002, 0x0002, 0},       {0001, 0x0001, 0}, {04755, 0x1CA5, 1 << 6},
      {02755, 0x1CA5, 1 << 7}, {01777, 0x1CE7, 1 << 8},
  };
  for (const auto& c : cases) {
    const Inode inode = MakeInode(NodeType::kFile, c.mode);
    const auto entry = Decode(kFileEntry, Bytes(Rendered({.inode = inode})).first(176));
    ASSERT_TRUE(entry.ok()) << entry.status();
    EXPECT_EQ(entry->permissions, c.permissions) << std::oct << c.mode;
    EXPECT_EQ(entry->icb.flags & 0x01C0, c.flags) << std::oct << c.mode;
    EXPECT_EQ(entry->icb.flags & 0x0007, 0) << "short allocation descriptors";
  }
}

TEST(FileEntryTest, HasNoExtentsForAnEmptyFile) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  const std::string block = Rendered({.inode = inode});
  EXPECT_EQ(Hex(block, 56, 16),
            "0000000000000000"
            "0000000000000000");
  EXPECT_EQ(Hex(block, 168, 8),
            "00000000"
            "00000000");
  EXPECT_EQ(ReadTag(Bytes(block))->crc_length, 160);
}

TEST(FileEntryTest, SplitsAFileIntoExtentsOfWholeBlocks) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  const std::string block =
      Rendered({.inode = inode, .size = 2 * 0x3FFFF800ull + 1, .data = PartitionBlock(0x100)});
  EXPECT_EQ(Hex(block, 172, 4), "18000000");
  EXPECT_EQ(Hex(block, 176, 24),
            "00f8ff3f"
            "00010000"  // 0x7FFFF blocks
            "00f8ff3f"
            "ff000800"  // behind them
            "01000000"
            "fe001000");
  EXPECT_EQ(Hex(block, 64, 8), "ffff0f0000000000");

  const std::string exact =
      Rendered({.inode = inode, .size = 0x3FFFF800ull, .data = PartitionBlock(1)});
  EXPECT_EQ(Hex(exact, 172, 12),
            "08000000"
            "00f8ff3f"
            "01000000");
}

TEST(FileEntryTest, Holds234ExtentsAndLeadsToFurtherOnes) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  constexpr uint64_t kMost = 234 * 0x3FFFF800ull;
  EXPECT_EQ(ReadTag(Bytes(Rendered({.inode = inode, .size = kMost})))->crc_length, 2032);
  EXPECT_EQ(BlocksBeside({.inode = inode, .size = kMost}), 0u);
  const EntryFacts more{
      .inode = inode, .size = kMost + 1, .data = PartitionBlock(9), .more = PartitionBlock(5)};
  EXPECT_EQ(BlocksBeside(more), 1u);
  const std::string block = Rendered(more);
  EXPECT_EQ(Hex(block, 64, 8), "17ff4f0700000000") << "blocks of the data alone";
  EXPECT_EQ(Hex(block, 2040, 8),
            "000800c0"
            "05000000");
  std::string blocks;
  AppendBlocksBeside(more, blocks);
  EXPECT_EQ(ReadTag(Bytes(blocks))->location, 5u);
}

TEST(FileEntryTest, HoldsTheDataOfASmallFile) {
  const Inode inode = MakeInode(NodeType::kFile, 04644);
  EntryFacts facts{.inode = inode, .size = 6, .embeds = true, .bytes = "small\n"};
  const std::string block = Rendered(facts);
  EXPECT_EQ(Hex(block, 34, 2), "4300") << "embedded, set-user-id; neither contiguous nor in place";
  EXPECT_EQ(Hex(block, 56, 16),
            "0600000000000000"
            "0000000000000000");  // no block is recorded
  EXPECT_EQ(Hex(block, 168, 8),
            "00000000"
            "06000000");
  EXPECT_EQ(block.substr(176, 8), absl::string_view("small\n\0\0", 8));
  EXPECT_EQ(ReadTag(Bytes(block))->crc_length, 176 + 6 - 16);

  // Beside a metadata partition, descriptors would be long ones.
  const EntryFacts later{
      .revision = kRevision250, .inode = inode, .size = 6, .embeds = true, .bytes = "small\n"};
  EXPECT_EQ(Hex(Rendered(later), 34, 2), "4300");

  std::string out;
  facts.bytes = "smal";
  EXPECT_EQ(AppendFileEntry(facts, PartitionBlock(9), out),
            absl::InternalError("has 6 bytes, and 4 came for its entry"));
}

TEST(FileEntryTest, HasRoomForDataOf1872BytesOr1832InAnExtendedOne) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  for (const bool extended : {false, true}) {
    EntryFacts facts{.revision = kRevision201, .inode = inode, .extended = extended};
    EXPECT_EQ(RoomForData(facts), extended ? 1832u : 1872u);
    const std::string bytes(RoomForData(facts), 'x');
    facts.size = bytes.size();
    facts.embeds = true;
    facts.bytes = bytes;
    const std::string block = Rendered(facts);
    EXPECT_EQ(block.substr(2048 - bytes.size()), bytes);
    EXPECT_EQ(ReadTag(Bytes(block))->crc_length, 2032);
  }
}

TEST(FileEntryTest, CountsTheBlocksThatAreRecorded) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  const std::vector<DataRun> runs = {{2048, true}, {1 << 20, false}, {3000, true}};
  const std::string block = Rendered({.inode = inode,
                                      .size = 2048 + (1 << 20) + 3000,
                                      .data = PartitionBlock(0x20),
                                      .runs = runs});
  EXPECT_EQ(Hex(block, 34, 2), "0000") << "short descriptors of what is not contiguous";
  EXPECT_EQ(Hex(block, 56, 16),
            "b813100000000000"
            "0300000000000000");
  EXPECT_EQ(Hex(block, 172, 28),
            "18000000"
            "00080000"
            "20000000"
            "00001080"
            "00000000"
            "b80b0000"
            "21000000");
}

TEST(FileEntryTest, HoldsASymlinksTargetItself) {
  const Inode inode = MakeInode(NodeType::kSymlink, 0777);
  const std::string block = Rendered({.inode = inode, .target = "../a"});
  EXPECT_EQ(Hex(block, 27, 1), "0c");
  EXPECT_EQ(Hex(block, 34, 2), "0300");
  EXPECT_EQ(Hex(block, 56, 16),
            "0a00000000000000"
            "0000000000000000");
  EXPECT_EQ(Hex(block, 168, 18),
            "00000000"
            "0a000000"
            "03000000"
            "050200000861");
  EXPECT_EQ(ReadTag(Bytes(block))->crc_length, 176 + 10 - 16);
}

TEST(FileEntryTest, HasRoomForTargetsOf1872Bytes) {
  const Inode inode = MakeInode(NodeType::kSymlink, 0777);
  // A name of n bytes takes n + 5.
  std::string target;
  for (int i = 0; i < 7; ++i) absl::StrAppend(&target, std::string(254, 'x'), "/");
  const std::string fits = absl::StrCat(target, std::string(1872 - 7 * 259 - 5, 'y'));
  EXPECT_EQ(ReadTag(Bytes(Rendered({.inode = inode, .target = fits})))->crc_length, 2032);
  EXPECT_EQ(BlocksBeside({.inode = inode, .target = fits}), 0u);

  const std::string longer = fits + "y";
  const EntryFacts facts{.inode = inode, .more = PartitionBlock(0x30), .target = longer};
  const std::string block = Rendered(facts);
  EXPECT_EQ(Hex(block, 34, 2), "0000") << "short descriptors";
  EXPECT_EQ(Hex(block, 56, 16),
            "5107000000000000"
            "0100000000000000");
  EXPECT_EQ(Hex(block, 172, 12),
            "08000000"
            "51070000"
            "30000000");
  EXPECT_EQ(BlocksBeside(facts), 1u);
  std::string beside;
  AppendBlocksBeside(facts, beside);
  ASSERT_EQ(beside.size(), 2048u);
  EXPECT_EQ(Hex(beside, 0, 6), "05ff00000878");
  EXPECT_EQ(beside.substr(1872, 3), absl::string_view("y\0\0", 3));
}

TEST(FileEntryTest, LeadsToTargetsOfUpTo4095Bytes) {
  const Inode inode = MakeInode(NodeType::kSymlink, 0777);
  std::string target = "a";
  while (target.size() < 4095) target += "/a";
  ASSERT_EQ(target.size(), 4095u);
  const EntryFacts facts{.revision = kRevision250, .inode = inode, .target = target};
  EXPECT_EQ(Hex(Rendered(facts), 34, 2), "0000") << "short, also beside a metadata partition";
  EXPECT_EQ(BlocksBeside(facts), 6u);  // 2048 names of six bytes
  const std::string longer = target + "a";
  const absl::Status s = CheckFileEntry({.inode = inode, .target = longer});
  EXPECT_EQ(s, absl::OutOfRangeError(
                   "is a symlink with a target of 4096 bytes; systems follow up to 4095"));
}

TEST(FileEntryTest, SaysWhichDeviceADeviceIs) {
  Inode inode = MakeInode(NodeType::kCharacterDevice, 0666);
  inode.device_major = 1;
  inode.device_minor = 0x0305;
  const std::string block = Rendered({.inode = inode}, PartitionBlock(77));
  EXPECT_EQ(Hex(block, 27, 1), "07");
  EXPECT_EQ(Hex(block, 168, 8),
            "50000000"
            "00000000");
  // ECMA-167 4/14.10.1: a descriptor of its own, in the entry's block.
  const auto header = ReadTag(Bytes(block).subspan(176));
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->id, 262);
  EXPECT_EQ(header->location, 77u);
  EXPECT_EQ(Hex(block, 192, 8),
            "50000000"
            "50000000");
  // ECMA-167 4/14.10.7.
  EXPECT_EQ(Hex(block, 200, 24),
            "0c000000"
            "01"
            "000000"
            "38000000"
            "20000000"
            "01000000"
            "05030000");
  EXPECT_EQ(block.substr(224, 10), absl::string_view("\0*isomason", 10));
  EXPECT_EQ(ReadTag(Bytes(block))->crc_length, 176 + 80 - 16);
}

TEST(FileEntryTest, SaysWithOnesThatThereAreNoOtherAttributes) {
  const Inode inode = MakeInode(NodeType::kBlockDevice, 0600);
  const std::string block =
      Rendered({.revision = kRevision201, .inode = inode, .extended = true}, PartitionBlock(77));
  EXPECT_EQ(Hex(block, 208, 4), "50000000");
  const auto header = ReadTag(Bytes(block).subspan(216));
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->version, 3);
  EXPECT_EQ(Hex(block, 232, 8),
            "ffffffff"
            "ffffffff");
}

// ECMA-167 4/14.10.5, before the numbers of a device: one time, that of creation.
TEST(FileEntryTest, SaysInAnAttributeWhenItWasMade) {
  Inode inode = MakeInode(NodeType::kFile, 0644);
  const Timestamp created{978310923, 4005006};  // 2001-01-01T01:02:03.004005Z
  for (const NodeType type : {NodeType::kFile, NodeType::kBlockDevice}) {
    inode.type = type;
    const bool device = type == NodeType::kBlockDevice;
    const std::string block = Rendered(
        {.inode = inode, .size = 5000, .data = PartitionBlock(0x1234), .created = created});
    const size_t attributes = 24 + 32 + (device ? 56 : 0);
    EXPECT_EQ(Hex(block, 168, 1), device ? "70" : "38");
    EXPECT_EQ(ReadTag(Bytes(block).subspan(176))->id, 262);
    EXPECT_EQ(Hex(block, 192, 8), device ? "7000000070000000" : "3800000038000000");
    EXPECT_EQ(Hex(block, 200, 32),
              "05000000"
              "01"
              "000000"
              "20000000"
              "0c000000"
              "01000000"
              "0010d10701010102"
              "03002805");
    if (device) {
      EXPECT_EQ(Hex(block, 232, 5), "0c00000001");
    } else {
      EXPECT_EQ(Hex(block, 176 + attributes, 8), "8813000034120000");
    }
  }
  // There is less room for extents: 227 instead of 234.
  inode.type = NodeType::kFile;
  EntryFacts facts{.inode = inode, .size = 227 * uint64_t{0x3FFFF800}, .created = created};
  EXPECT_EQ(BlocksBeside(facts), 0u);
  ++facts.size;
  EXPECT_EQ(BlocksBeside(facts), 1u);
}

// It has a field then, and may not have the attribute (OSTA UDF 2.00 3.3.4.3.1).
TEST(FileEntryTest, SaysInItselfWhenItWasMadeWhereItIsExtended) {
  const Inode inode = MakeInode(NodeType::kFile, 0644);
  const std::string block = Rendered({.revision = kRevision201,
                                      .inode = inode,
                                      .extended = true,
                                      .created = Timestamp{978310923, 4005006}});
  EXPECT_EQ(Hex(block, 104, 12), "0010d1070101010203002805");
  EXPECT_EQ(Hex(block, 92, 12), "0010ea070b010c22380c2238");
  EXPECT_EQ(Hex(block, 208, 4), "00000000");
}

TEST(FileEntryTest, KnowsTheTypesOfPosix) {
  struct {
    NodeType type;
    const char* code;
    const char* attributes;
  } const cases[] = {
      {NodeType::kDirectory, "04", "00000000"},   {NodeType::kFile, "05", "00000000"},
      {NodeType::kBlockDevice, "06", "50000000"}, {NodeType::kCharacterDevice, "07", "50000000"},
      {NodeType::kFifo, "09", "00000000"},        {NodeType::kSocket, "0a", "00000000"},
      {NodeType::kSymlink, "0c", "00000000"},
  };
  for (const auto& c : cases) {
    const Inode inode = MakeInode(c.type, 0644);
    const std::string block = Rendered({.inode = inode, .target = "x"});
    EXPECT_EQ(Hex(block, 27, 1), c.code);
    EXPECT_EQ(Hex(block, 168, 4), c.attributes);
  }
}

TEST(FileEntryTest, RefusesMoreLinksAndOtherTimesThanItCanCount) {
  Inode inode = MakeInode(NodeType::kFile, 0644);
  EXPECT_TRUE(CheckFileEntry({.inode = inode, .links = 65535}).ok());
  EXPECT_EQ(std::string(CheckFileEntry({.inode = inode, .links = 65536}).message()),
            "has 65536 names; a UDF file entry counts to 65535 (ECMA-167 4/14.9.6)");
  inode.time.seconds = 253402300800;
  EXPECT_EQ(std::string(CheckFileEntry({.inode = inode}).message()),
            "has a time that UDF cannot hold: the year 10000 is outside of 1 to 9999 (ECMA-167 "
            "1/7.3.2)");
}

TEST(FileEntryTest, ADirectoryHasALinkForEachSubdirectoryAndOneMore) {
  const Inode inode = MakeInode(NodeType::kDirectory, 0755);
  EXPECT_TRUE(CheckFileEntry({.inode = inode, .links = 65535}).ok());
  absl::string_view remedy;
  EXPECT_EQ(std::string(CheckFileEntry({.inode = inode, .links = 65536}, &remedy).message()),
            "has 65535 subdirectories; UDF counts to 65534 (ECMA-167 4/14.9.6)");
  EXPECT_EQ(std::string(remedy), "divide the directory, or leave out `udf`");
}

}  // namespace
}  // namespace isomason::udf
