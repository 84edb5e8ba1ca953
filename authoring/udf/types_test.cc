#include "authoring/udf/types.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

template <typename T, typename R>
std::string Hex(const T& table, const R& record) {
  const auto bytes = Encode(table, record);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

TEST(UdfTypesTest, WriteAddressesLeastByteFirst) {
  EXPECT_EQ(Hex(kExtentAd, ExtentAd{0x8000, 0x20}), "0080000020000000");
  EXPECT_EQ(Hex(kLbAddr, LbAddr{0x01020304, 5}), "040302010500");
  EXPECT_EQ(Hex(kShortAd, ShortAd{0x3FFFF800, 0x0A0B0C0D}), "00f8ff3f0d0c0b0a");
  EXPECT_EQ(Hex(kLongAd, OneBlock(kRevision102, PartitionBlock(7))),
            "00080000070000000000000000000000");
}

TEST(UdfTypesTest, WriteTheStandardsIdentifiers) {
  EXPECT_EQ(Hex(kCharSpec, CharSpec{}),
            "004f53544120436f6d7072657373656420556e69636f6465"  // OSTA Compressed Unicode
            "00000000000000000000000000000000000000000000000000000000000000000000000000000000");
  EXPECT_EQ(Hex(kEntityId, DomainId(kRevision102)),
            "002a4f5354412055444620436f6d706c69616e7400000000"  // *OSTA UDF Compliant
            "0201030000000000");
  EXPECT_EQ(Hex(kEntityId, VolumeInformationId(kRevision102)),
            "002a554446204c5620496e666f0000000000000000000000"  // *UDF LV Info
            "0201000000000000");
  EXPECT_EQ(Hex(kEntityId, ImplementationId()),
            "002a69736f6d61736f6e0000000000000000000000000000"  // *isomason
            "0000000000000000");
  EXPECT_EQ(Hex(kEntityId, PartitionContentsId(kRevision102)),
            "002b4e535230320000000000000000000000000000000000"  // +NSR02
            "0000000000000000");
}

TEST(UdfTypesTest, SayWhichRevisionTheyAreOf) {
  struct {
    const Revision& revision;
    const char* suffix;
    const char* contents;  // of the partition
  } const cases[] = {
      {kRevision102, "0201", "+NSR02"}, {kRevision150, "5001", "+NSR02"},
      {kRevision200, "0002", "+NSR03"}, {kRevision201, "0102", "+NSR03"},
      {kRevision250, "5002", "+NSR03"}, {kRevision260, "6002", "+NSR03"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Hex(kEntityId, DomainId(c.revision)).substr(48, 6), absl::StrCat(c.suffix, "03"));
    EXPECT_EQ(Hex(kEntityId, VolumeInformationId(c.revision)).substr(48, 6),
              absl::StrCat(c.suffix, "00"));
    EXPECT_EQ(Hex(kEntityId, PartitionContentsId(c.revision)).substr(2, 12),
              absl::BytesToHexString(c.contents));
    EXPECT_EQ(absl::string_view(c.contents).substr(1), c.revision.recognition);
  }
}

TEST(UdfTimeTest, CountsSecondsInHundredthsOfHundredths) {
  struct {
    Timestamp time;
    const char* hex;
  } const cases[] = {
      {{0, 0},
       "0010b207010100000000"
       "0000"},
      // 2026-11-01T12:34:56.123456789Z
      {{1793536496, 123456789},
       "0010ea070b010c22380c"
       "2238"},
      {{-1, 999999999},
       "0010b1070c1f173b3b63"
       "6363"},
  };
  for (const auto& c : cases) {
    const auto u = ToUdfTime(c.time);
    ASSERT_TRUE(u.ok()) << u.status();
    EXPECT_EQ(Hex(kTimestamp, *u), c.hex) << FormatTimestamp(c.time);
  }
}

TEST(UdfTimeTest, HoldsTheYears1To9999) {
  constexpr int64_t kYear1 = -62135596800;
  constexpr int64_t kYear10000 = 253402300800;
  EXPECT_TRUE(ToUdfTime({kYear1, 0}).ok());
  EXPECT_TRUE(ToUdfTime({kYear10000 - 1, 0}).ok());
  EXPECT_EQ(ToUdfTime({kYear1 - 1, 0}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(std::string(ToUdfTime({kYear10000, 0}).status().message()),
            "the year 10000 is outside of 1 to 9999 (ECMA-167 1/7.3.2)");
}

}  // namespace
}  // namespace isomason::udf
