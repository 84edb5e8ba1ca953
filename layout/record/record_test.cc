#include "layout/record/record.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

struct Extent {
  uint32_t location = 0;
  uint16_t sequence = 1;
};
inline constexpr auto kExtent = MakeTable<Extent, 14>(
    "extent", "TEST 1.2", Counts::kFromOne,
    Field<Both<uint32_t>>("location", 1, 8, &Extent::location), Zeros("reserved", 9, 9),
    Fixed("mark", 10, 12, "CD"), Field<Big<uint16_t>>("sequence", 13, 14, &Extent::sequence));
static_assert(kExtent.Tiles());

constexpr auto kGap = MakeTable<Extent, 10>(
    "gap", "", Counts::kFromOne, Field<Both<uint32_t>>("location", 1, 8, &Extent::location),
    Zeros("reserved", 10, 10));
static_assert(!kGap.Tiles(), "byte 9 is missing");
constexpr auto kWrongWidth = MakeTable<Extent, 4>(
    "width", "", Counts::kFromZero, Field<Both<uint32_t>>("location", 0, 3, &Extent::location));
static_assert(!kWrongWidth.Tiles(), "Both<uint32_t> is 8 bytes");

// ECMA-167 3/7.2: a checksum at byte 4 that covers a CRC at bytes 8-9.
struct Tag {
  uint16_t id = 0, version = 3, serial = 0, crc_length = 0;
  uint32_t location = 0;
};
uint8_t TagChecksum(ConstByteSpan r) {
  uint8_t s = 0;
  for (uint8_t b : r) s = static_cast<uint8_t>(s + b);
  return s;
}
uint16_t PretendCrc(ConstByteSpan r) { return static_cast<uint16_t>(0x1200 + r[0]); }
inline constexpr auto kTag = MakeTable<Tag, 16>(
    "descriptor tag", "ECMA-167 3/7.2", Counts::kFromZero,
    Field<Little<uint16_t>>("tag identifier", 0, 1, &Tag::id),
    Field<Little<uint16_t>>("descriptor version", 2, 3, &Tag::version),
    Sum<Little<uint8_t>>("tag checksum", 4, 4, &TagChecksum), Zeros("reserved", 5, 5),
    Field<Little<uint16_t>>("tag serial number", 6, 7, &Tag::serial),
    Sum<Little<uint16_t>>("descriptor CRC", 8, 9, &PretendCrc),
    Field<Little<uint16_t>>("descriptor CRC length", 10, 11, &Tag::crc_length),
    Field<Little<uint32_t>>("tag location", 12, 15, &Tag::location));
static_assert(kTag.Tiles());

std::string Hex(ConstByteSpan bytes) {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

TEST(RecordTest, EncodesBothHalvesOfANumberAndFixedBytes) {
  EXPECT_EQ(Hex(Encode(kExtent, Extent{0x01020304, 7})), "0403020101020304004344000007");
}

TEST(RecordTest, DecodesWhatItEncoded) {
  const auto back = Decode(kExtent, Encode(kExtent, Extent{99, 5}));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->location, 99u);
  EXPECT_EQ(back->sequence, 5);
}

TEST(RecordTest, NamesTheFieldWhoseHalvesDisagree) {
  auto bytes = Encode(kExtent, Extent{});
  bytes[0] = 25;
  EXPECT_EQ(Decode(kExtent, bytes).status().message(),
            "extent (TEST 1.2), location, bytes 1-8: "
            "the little-endian half says 25, the big-endian half says 0");
}

TEST(RecordTest, RefusesBytesThatTheStandardFixes) {
  auto bytes = Encode(kExtent, Extent{});
  bytes[9] = 'X';
  EXPECT_EQ(Decode(kExtent, bytes).status().message(),
            "extent (TEST 1.2), mark, bytes 10-12: byte 10 is 0x58, the standard fixes 0x43");
}

TEST(RecordTest, RefusesARecordOfAnotherSize) {
  const std::string bytes(13, '\0');
  EXPECT_EQ(Decode(kExtent, ConstByteSpan(reinterpret_cast<const uint8_t*>(bytes.data()), 13))
                .status()
                .message(),
            "extent (TEST 1.2): 13 bytes, expected 14");
}

TEST(RecordTest, TakesSumsLastToFirst) {
  Tag t;
  t.id = 2;
  t.location = 256;
  auto bytes = Encode(kTag, t);
  EXPECT_EQ(bytes[8], 0x02);
  EXPECT_EQ(bytes[9], 0x12);
  EXPECT_EQ(bytes[4], 2 + 3 + 0x02 + 0x12 + 1);
  EXPECT_TRUE(Decode(kTag, bytes).ok()) << Decode(kTag, bytes).status();
  bytes[12] ^= 1;
  EXPECT_EQ(Decode(kTag, bytes).status().message(),
            "descriptor tag (ECMA-167 3/7.2), tag checksum, bytes 4-4: is 26, the record's bytes "
            "give 27");
}

TEST(RecordTest, DescribesEveryByte) {
  EXPECT_THAT(Describe(kTag, Encode(kTag, Tag{})), HasSubstr("  12-  15  00000000  tag location"));
}

}  // namespace
}  // namespace isomason
