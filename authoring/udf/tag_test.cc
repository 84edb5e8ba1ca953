#include "authoring/udf/tag.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

using ::testing::HasSubstr;

struct Three {
  std::array<uint8_t, 3> bytes{0x70, 0x6A, 0x77};
};
constexpr auto kThree = MakeTable<Three, 19>(
    "three", "TEST", Counts::kFromZero, TagSlot("descriptor tag", 0, 15, TagId::kFileIdentifier),
    Field<Raw<3>>("bytes", 16, 18, &Three::bytes));
static_assert(kThree.Tiles());

ConstByteSpan Bytes(const std::string& s) {
  return ConstByteSpan(reinterpret_cast<const uint8_t*>(s.data()), s.size());
}

std::string Sealed() {
  std::string out;
  AppendDescriptor(kThree, Three{}, kRevision102, PartitionBlock(0x01020304), out);
  return out;
}

TEST(TagTest, IsWrittenAsTheStandardSays) {
  // id 257, version 2, sum of the others, 0, serial 0, CRC 3299 (the standard's own
  // example), CRC length 3, location. The sum: 1+1+2+99+32+3+4+3+2+1 (hex: DC).
  EXPECT_EQ(absl::BytesToHexString(Sealed()),
            "01010200dc000000993203000403020"
            "1706a77");
}

TEST(TagTest, CoversWhatIsAppendedBehindTheFixedPart) {
  std::string out = "before";
  const size_t at = OpenDescriptor(kThree, Three{}, out);
  EXPECT_EQ(at, 6u);
  out += "more";
  SealDescriptor(TagIdOf(kThree), kRevision102, Block(7), at, out);
  const auto tag = ReadTag(Bytes(out).subspan(6));
  ASSERT_TRUE(tag.ok()) << tag.status();
  EXPECT_EQ(tag->crc_length, 7);
  EXPECT_EQ(tag->location, 7u);
  EXPECT_EQ(out.substr(0, 6), "before");
}

TEST(TagTest, IsReadBackFromALongerSpan) {
  const auto tag = ReadTag(Bytes(Sealed() + std::string(100, 'x')));
  ASSERT_TRUE(tag.ok()) << tag.status();
  EXPECT_EQ(tag->id, 257);
  EXPECT_EQ(tag->location, 0x01020304u);
}

TEST(TagTest, NoticesAnyChangedByte) {
  const std::string good = Sealed();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 0x10;
    EXPECT_FALSE(ReadTag(Bytes(bad)).ok()) << "byte " << i;
  }
}

TEST(TagTest, SaysWhichSumIsWrong) {
  std::string bad = Sealed();
  bad[18] = 'x';
  EXPECT_THAT(std::string(ReadTag(Bytes(bad)).status().message()),
              HasSubstr("the CRC is 12953, the descriptor's 3 bytes give"));
  bad = Sealed();
  bad[4] = 0;
  EXPECT_THAT(std::string(ReadTag(Bytes(bad)).status().message()),
              HasSubstr("tag checksum, bytes 4-4: is 0, the record's bytes give 220"));
  EXPECT_THAT(std::string(ReadTag(Bytes(Sealed().substr(0, 18))).status().message()),
              HasSubstr("the CRC covers 3 bytes behind it, there are 2"));
  EXPECT_THAT(std::string(ReadTag(Bytes(Sealed().substr(0, 9))).status().message()),
              HasSubstr("9 bytes, expected 16 or more"));
}

TEST(TagTest, DecodingADescriptorWantsItsOwnTag) {
  std::string out;
  const size_t at = OpenDescriptor(kThree, Three{}, out);
  SealDescriptor(TagId::kFileEntry, kRevision102, Block(7), at, out);
  EXPECT_THAT(std::string(Decode(kThree, Bytes(out)).status().message()),
              HasSubstr("tag identifier is 261, expected 257"));
  EXPECT_TRUE(Decode(kThree, Bytes(Sealed())).ok());
}

}  // namespace
}  // namespace isomason::udf
