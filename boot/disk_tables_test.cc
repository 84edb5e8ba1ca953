#include "boot/disk_tables.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "boot/guid.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kSectors = 256;

// A disk of 128 KiB with the tables that a test asks for.
class DiskTablesTest : public testing::Test {
 protected:
  DiskTablesTest() : disk_(kSectors * kSectorSize, '\0') {}

  void AddMbr(std::initializer_list<MbrEntry> entries) {
    std::string table;
    for (const MbrEntry& entry : entries) AppendMbrEntry(entry, Geometry(), table);
    disk_.replace(kMbrTable, table.size(), table);
    disk_.replace(510, 2, "\x55\xAA");
  }

  void AddGpt() {
    const std::string array = RenderGptArray({{2, kEspType, {7}, 100, 109, 0, "Appended2"}});
    GptHeader header{1, kSectors - 1, 34, 200, {9}, 2};
    std::string sector;
    AppendGptHeader(header, array, sector);
    disk_.replace(512, sector.size(), sector);
    disk_.replace(1024, array.size(), array);
    header = {kSectors - 1, 1, 34, 200, {9}, kSectors - 33};
    sector.clear();
    AppendGptHeader(header, array, sector);
    disk_.replace((kSectors - 1) * 512, sector.size(), sector);
    disk_.replace((kSectors - 33) * 512, array.size(), array);
  }

  DiskTables Read() {
    auto tables = ReadDiskTables(disk_.size(), [this](uint64_t offset, absl::Span<uint8_t> out) {
      if (offset > disk_.size() || out.size() > disk_.size() - offset) {
        return absl::InternalError("read past the end");
      }
      std::memcpy(out.data(), disk_.data() + offset, out.size());
      return absl::OkStatus();
    });
    EXPECT_TRUE(tables.ok()) << tables.status();
    return *std::move(tables);
  }

  std::string disk_;
};

TEST_F(DiskTablesTest, OfZerosAreNone) {
  const DiskTables tables = Read();
  EXPECT_FALSE(tables.mbr);
  EXPECT_FALSE(tables.gpt);
  EXPECT_EQ(tables.apm_block_size, 0u);
}

TEST_F(DiskTablesTest, HaveTheEntriesOfAMasterBootRecord) {
  AddMbr({{true, 0x17, 0, 100}, {false, kMbrEspType, 100, 10}});
  const DiskTables tables = Read();
  ASSERT_TRUE(tables.mbr);
  EXPECT_FALSE(tables.mbr->has_code);
  EXPECT_FALSE(tables.mbr->protective);
  EXPECT_TRUE(tables.mbr->entries[0].active);
  EXPECT_EQ(tables.mbr->entries[1].type, kMbrEspType);
  EXPECT_EQ(tables.mbr->entries[1].first, 100u);
  EXPECT_EQ(tables.mbr->entries[1].sectors, 10u);
  EXPECT_EQ(tables.mbr->entries[2].sectors, 0u);
}

TEST_F(DiskTablesTest, TellCodeFromThePartitionMapsHeader) {
  AddMbr({});
  disk_.replace(0, 8, std::string("ER\x08\0\0\0\1\0", 8));
  disk_.replace(2048, 2, "PM");
  DiskTables tables = Read();
  EXPECT_EQ(tables.apm_block_size, 2048u);
  EXPECT_FALSE(tables.mbr->has_code);
  disk_[100] = 'c';
  tables = Read();
  EXPECT_TRUE(tables.mbr->has_code);
}

TEST_F(DiskTablesTest, AreNoneWhenAnIndicatorIsNeither0Nor80) {
  AddMbr({{false, 0x83, 1, 10}});
  disk_[kMbrTable + 32] = 1;
  EXPECT_FALSE(Read().mbr);
}

TEST_F(DiskTablesTest, HaveBothHeadersOfAGpt) {
  AddMbr({{false, kProtectiveType, 1, kSectors - 1}});
  AddGpt();
  const DiskTables tables = Read();
  EXPECT_TRUE(tables.mbr->protective);
  ASSERT_TRUE(tables.gpt);
  EXPECT_EQ(tables.gpt->problem, "");
  ASSERT_TRUE(tables.gpt->primary);
  ASSERT_TRUE(tables.gpt->backup);
  ASSERT_EQ(tables.gpt->primary->partitions.size(), 1u);
  const GptPartition& partition = tables.gpt->primary->partitions[0];
  EXPECT_EQ(partition.number, 2u);
  EXPECT_EQ(partition.type, kEspType);
  EXPECT_EQ(partition.first, 100u);
  EXPECT_EQ(partition.last, 109u);
  EXPECT_EQ(partition.name, "Appended2");
}

TEST_F(DiskTablesTest, SayWhatIsWrongWithAGpt) {
  struct Case {
    size_t byte;
    bool primary, backup;
    const char* problem;
  };
  constexpr size_t kLast = (kSectors - 1) * 512;
  for (const Case& c :
       {Case{512 + 40, false, true, "header CRC32"},
        Case{1024 + 128, false, true, "checksum of the partition entries"},
        Case{kLast, true, false, "signature"}, Case{kLast + 24, true, false, "header CRC32"}}) {
    disk_.assign(disk_.size(), '\0');
    AddGpt();
    disk_[c.byte] = static_cast<char>(disk_[c.byte] ^ 1);
    const DiskTables tables = Read();
    ASSERT_TRUE(tables.gpt) << c.byte;
    EXPECT_EQ(tables.gpt->primary.has_value(), c.primary) << c.byte;
    EXPECT_EQ(tables.gpt->backup.has_value(), c.backup) << c.byte;
    EXPECT_THAT(tables.gpt->problem, HasSubstr(c.problem)) << c.byte;
  }
}

// On a larger disk the backup is not at the end.
TEST_F(DiskTablesTest, MissABackupThatIsNotInTheLastSector) {
  AddGpt();
  disk_.resize(disk_.size() + 65536);
  const DiskTables tables = Read();
  ASSERT_TRUE(tables.gpt);
  EXPECT_TRUE(tables.gpt->primary);
  EXPECT_FALSE(tables.gpt->backup);
}

TEST_F(DiskTablesTest, DoNotFollowAHeaderOffTheDisk) {
  const std::string array = RenderGptArray({});
  std::string sector;
  AppendGptHeader({1, kSectors - 1, 34, 200, {}, kSectors - 8}, array, sector);
  disk_.replace(512, sector.size(), sector);
  EXPECT_THAT(Read().gpt->problem, HasSubstr("do not lie on the disk"));
}

}  // namespace
}  // namespace isomason
