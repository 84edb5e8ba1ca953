#include "authoring/udf/directory.h"

#include <string>

#include "absl/strings/escaping.h"
#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

using ::testing::HasSubstr;

ConstByteSpan Bytes(const std::string& s) {
  return ConstByteSpan(reinterpret_cast<const uint8_t*>(s.data()), s.size());
}
// All but the tag.
std::string Body(const std::string& descriptor) {
  return absl::BytesToHexString(descriptor.substr(16));
}

TEST(DirectoryTest, StartsWithTheParent) {
  std::string out;
  DirectoryWriter names(kRevision102, PartitionBlock(5), out);
  names.AddParent({PartitionBlock(2)});
  ASSERT_EQ(out.size(), 40u);
  const auto tag = ReadTag(Bytes(out));
  ASSERT_TRUE(tag.ok()) << tag.status();
  EXPECT_EQ(tag->id, 257);
  EXPECT_EQ(tag->crc_length, 24);
  EXPECT_EQ(tag->location, 5u);
  EXPECT_EQ(Body(out),
            "0100"
            "0a"
            "00"  // version, directory + parent, no name
            "00080000"
            "02000000"
            "0000"
            "000000000000"  // ICB: 2048 bytes at block 2
            "0000"
            "0000");  // no implementation use; padding
}

TEST(DirectoryTest, PadsEachNameToFourBytes) {
  struct {
    const char* name;
    bool is_directory;
    const char* body;
  } const cases[] = {
      {"b", false,
       "0100"
       "00"
       "02"
       "00080000"
       "09000000"
       "0000"
       "000000000000"
       "0000"
       "0862"},
      {"boot", true,
       "0100"
       "02"
       "05"
       "00080000"
       "09000000"
       "0000"
       "000000000000"
       "0000"
       "08626f6f74"
       "00"},
      {"\u20AC", false,
       "0100"
       "00"
       "03"
       "00080000"
       "09000000"
       "0000"
       "000000000000"
       "0000"
       "1020ac"
       "000000"},
  };
  for (const auto& c : cases) {
    std::string out;
    DirectoryWriter names(kRevision102, PartitionBlock(5), out);
    ASSERT_TRUE(names.Add(c.name, c.is_directory, {PartitionBlock(9)}).ok());
    EXPECT_EQ(Body(out), c.body) << c.name;
    EXPECT_EQ(ReadTag(Bytes(out))->crc_length, out.size() - 16);
  }
}

TEST(DirectoryTest, HasUniqueIdsFromRevision200On) {
  for (const Revision* revision : {&kRevision200, &kRevision201, &kRevision250, &kRevision260}) {
    std::string out;
    DirectoryWriter names(*revision, PartitionBlock(5), out);
    names.AddParent({PartitionBlock(2), 0x01020304});
    ASSERT_TRUE(names.Add("b", false, {PartitionBlock(9), 0x500000018}).ok());
    // OSTA UDF 2.00 2.3.4.3: two bytes of flags, and the lower half of the id.
    EXPECT_EQ(absl::BytesToHexString(out.substr(30, 6)),
              "0000"
              "04030201");
    EXPECT_EQ(absl::BytesToHexString(out.substr(40 + 30, 6)),
              "0000"
              "18000000");
    EXPECT_EQ(ReadTag(Bytes(out))->version, 3);
  }
  std::string out;
  DirectoryWriter names(kRevision150, PartitionBlock(5), out);
  names.AddParent({PartitionBlock(2), 0x01020304});
  EXPECT_EQ(absl::BytesToHexString(out.substr(30, 6)), "000000000000");
  EXPECT_EQ(ReadTag(Bytes(out))->version, 2);
}

TEST(DirectoryTest, MarksAHiddenName) {
  std::string out;
  DirectoryWriter names(kRevision102, PartitionBlock(5), out);
  ASSERT_TRUE(names.Add("f", false, {PartitionBlock(9)}, /*hidden=*/true).ok());
  EXPECT_EQ(out[18], 1);  // ECMA-167 4/14.4.3
  const size_t second = out.size();
  ASSERT_TRUE(names.Add("d", true, {PartitionBlock(9)}, /*hidden=*/true).ok());
  EXPECT_EQ(out[second + 18], 3);
}

TEST(DirectoryTest, TagsEachNameWithTheBlockItStartsIn) {
  std::string out = "something before";
  DirectoryWriter names(kRevision102, PartitionBlock(100), out);
  names.AddParent({PartitionBlock(2)});
  for (int i = 0; i < 200; ++i) {
    const uint64_t at = names.size();
    ASSERT_TRUE(names.Add(std::string(31 + i % 7, 'n'), false, {PartitionBlock(3)}).ok());
    EXPECT_EQ(ReadTag(Bytes(out).subspan(16 + at))->location, 100 + at / 2048);
  }
  EXPECT_EQ(names.size(), out.size() - 16);
  EXPECT_GT(names.size(), 3 * 2048u);
}

TEST(DirectoryTest, HoldsNamesOf254Bytes) {
  std::string euros;
  for (int i = 0; i < 127; ++i) euros += "\u20AC";
  std::string out;
  DirectoryWriter names(kRevision102, PartitionBlock(0), out);
  EXPECT_TRUE(names.Add(std::string(254, 'x'), false, {PartitionBlock(3)}).ok());
  EXPECT_TRUE(names.Add(euros, false, {PartitionBlock(3)}).ok());
  const uint64_t size = names.size();

  absl::Status s = names.Add(std::string(255, 'x'), false, {PartitionBlock(3)});
  EXPECT_EQ(s.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(std::string(s.message()),
            "has a name of 255 bytes in characters of 8 bits; a UDF file identifier holds 254 "
            "(OSTA UDF 2.1.1, ECMA-167 4/14.4.4)");
  s = names.Add(euros + "x", false, {PartitionBlock(3)});
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("has a name of 256 bytes in characters of 16 bits"));
  EXPECT_EQ(names.size(), size);
}

TEST(DirectoryTest, RefusesANameThatIsNotUtf8) {
  std::string out;
  DirectoryWriter names(kRevision102, PartitionBlock(0), out);
  const absl::Status s = names.Add("caf\xE9", false, {PartitionBlock(3)});
  EXPECT_EQ(s.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(s.message()), HasSubstr("has a name that is not UTF-8 at byte 3 (0xe9)"));
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace isomason::udf
