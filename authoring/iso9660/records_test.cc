#include "authoring/iso9660/records.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

// The bytes of a record in hexadecimal, as the clause lays them out.
template <typename Table>
std::string Hex(const Table& table, const typename Table::Record& record) {
  std::string bytes;
  Append(table, record, bytes);
  return absl::BytesToHexString(bytes);
}

TEST(RecordsTest, WritesADirectoryRecord) {
  DirectoryRecord r;
  r.length = 0x2A;
  r.extent = 0x01020304;
  r.data_length = 0x800;
  r.date = {126, 11, 1, 0, 1, 2, 0};
  r.flags = kDirectoryFlag;
  r.identifier_length = 9;
  EXPECT_EQ(Hex(kDirectoryRecord, r),
            "2a00"
            "0403020101020304"
            "0008000000000800"
            "7e0b0100010200"
            "020000"
            "01000001"
            "09");
}

TEST(RecordsTest, WritesPathTableRecordsInBothOrders) {
  const PathTableRecord r{5, 0x01020304, 0x0506};
  EXPECT_EQ(Hex(kPathTableRecord<Little>, r), "0500040302010605");
  EXPECT_EQ(Hex(kPathTableRecord<Big>, r), "0500010203040506");
}

TEST(RecordsTest, WritesSystemUseEntries) {
  EXPECT_EQ(Hex(kSharingEntry, {}), "53500701beef00");
  EXPECT_EQ(Hex(kContinuationEntry, {0x15, 0x20, 0xED}),
            "43451c01"
            "1500000000000015"
            "2000000000000020"
            "ed000000000000ed");
  EXPECT_EQ(Hex(kPosixEntry, {0100644, 2, 1000, 100, 7}),
            "50582c01"
            "a4810000000081a4"
            "0200000000000002"
            "e8030000000003e8"
            "6400000000000064"
            "0700000000000007");
  EXPECT_EQ(Hex(kDeviceEntry, {8, 1}),
            "504e14010800000000000008"
            "0100000000000001");
  EXPECT_EQ(Hex(kZisofsEntry, {15, 1234567}), "5a461001707a040f87d612000012d687");
  EXPECT_EQ(Hex(kZisofs2Entry, {17, 0x24613A000000}), "5a461002505a06110000003a61240000");
  EXPECT_EQ(Hex(kExtensionEntry, {185, 10, 73, 94}), "4552b9010a495e01");
  EXPECT_EQ(Hex(kNameEntry, {9, kContinues}), "4e4d090101");
  EXPECT_EQ(Hex(kSymlinkEntry, {9, 0}), "534c090100");
  EXPECT_EQ(Hex(kTimeEntry, {26, kModifyTime | kAccessTime | kAttributesTime}), "54461a010e");
  EXPECT_EQ(Hex(kSymlinkComponent, {kParentComponent, 0}), "0400");
}

TEST(RecordsTest, LaysOutThePrimaryDescriptor) {
  VolumeDescriptor d;
  d.volume_id.fill('V');
  d.space_size = 0x01020304;
  d.path_table_size = 10;
  d.l_path_table = 0x13;
  d.m_path_table = 0x14;
  d.root.fill('R');
  d.bibliographic_file.fill('B');
  d.creation.fill('C');
  d.effective.fill('E');
  d.application_use.fill('A');
  std::string bytes;
  Append(kPrimaryDescriptor, d, bytes);
  ASSERT_EQ(bytes.size(), 2048u);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\1CD001\1\0", 8));
  // Offsets count from 0 here.
  struct Case {
    size_t offset;
    std::string want;
  };
  for (const Case& c :
       {Case{40, std::string(32, 'V')}, Case{80, std::string("\4\3\2\1\1\2\3\4", 8)},
        Case{120, std::string("\1\0\0\1\1\0\0\1\0\x08\x08\0", 12)},
        Case{132, std::string("\x0A\0\0\0\0\0\0\x0A", 8)},
        Case{140, std::string("\x13\0\0\0\0\0\0\0", 8)},
        Case{148, std::string("\0\0\0\x14\0\0\0\0", 8)}, Case{156, std::string(34, 'R')},
        Case{776, std::string(37, 'B')}, Case{813, std::string(17, 'C')},
        Case{864, std::string(17, 'E')}, Case{881, std::string("\1\0", 2)},
        Case{883, std::string(512, 'A')}, Case{1395, std::string(653, '\0')}}) {
    EXPECT_EQ(bytes.substr(c.offset, c.want.size()), c.want) << "at offset " << c.offset;
  }
}

TEST(RecordsTest, LaysOutTheSupplementaryDescriptor) {
  VolumeDescriptor d;
  d.escape_sequences = {'%', '/', 'E'};
  std::string bytes;
  Append(kSupplementaryDescriptor, d, bytes);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\2CD001\1\0", 8));
  EXPECT_EQ(bytes.substr(88, 32), std::string("%/E") + std::string(29, '\0'));
}

TEST(RecordsTest, ReadsBackWhatItWrote) {
  VolumeDescriptor d;
  d.space_size = 77;
  d.publisher.fill('P');
  const auto bytes = Encode(kPrimaryDescriptor, d);
  const auto read = Decode(kPrimaryDescriptor, ConstByteSpan(bytes.data(), bytes.size()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->space_size, 77u);
  EXPECT_EQ(read->publisher, d.publisher);
}

TEST(RecordsTest, EndsTheSetWithZeros) {
  std::string bytes;
  Append(kTerminator, {}, bytes);
  EXPECT_EQ(bytes, std::string("\xFF"
                               "CD001\1",
                               7) +
                       std::string(2041, '\0'));
}

}  // namespace
}  // namespace isomason
