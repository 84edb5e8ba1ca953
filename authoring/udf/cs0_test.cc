#include "authoring/udf/cs0.h"

#include <array>
#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

TEST(Cs0Test, WritesOneOrTwoBytesACharacter) {
  struct {
    const char* utf8;
    const char* hex;
  } const cases[] = {
      {"", ""},
      {"a", "0861"},
      {"boot", "08626f6f74"},
      {"\x7F", "087f"},
      {"Gr\u00FC\u00DFe", "084772fcdf65"},
      {"\u00FF", "08ff"},
      {"\u0100", "100100"},
      {"a\u20AC", "10006120ac"},
      {"\u65E5\u672C", "1065e5672c"},
      {"\uFFFD", "10fffd"},
      {"\U0001F4BF", "10d83ddcbf"},
      {"\U0010FFFF", "10dbffdfff"},
  };
  for (const auto& c : cases) {
    const auto cs0 = EncodeCs0(c.utf8);
    ASSERT_TRUE(cs0.ok()) << c.utf8 << ": " << cs0.status();
    EXPECT_EQ(Hex(*cs0), c.hex) << c.utf8;
  }
}

TEST(Cs0Test, RefusesWhatIsNotUtf8AndSaysWhere) {
  struct {
    absl::string_view bytes;
    const char* where;
  } const cases[] = {
      {"ab\xFF", "byte 2 (0xff)"},
      {"\xC3", "byte 0 (0xc3)"},              // cut short
      {"\xC3(", "byte 0 (0xc3)"},             // no continuation
      {"\xC0\xAF", "byte 0 (0xc0)"},          // '/' in two bytes
      {"\xE0\x80\xAF", "byte 0 (0xe0)"},      // '/' in three
      {"\xF0\x80\x80\xAF", "byte 0 (0xf0)"},  // '/' in four
      {"x\xED\xA0\x80", "byte 1 (0xed)"},     // a surrogate
      {"\xF4\x90\x80\x80", "byte 0 (0xf4)"},  // beyond 0x10FFFF
      {"\x80", "byte 0 (0x80)"},
  };
  for (const auto& c : cases) {
    std::string out = "kept";
    const absl::Status s = AppendCs0(c.bytes, out);
    EXPECT_EQ(s.code(), absl::StatusCode::kInvalidArgument) << c.where;
    EXPECT_NE(std::string(s.message()).find(c.where), std::string::npos) << s;
    EXPECT_EQ(out, "kept");
  }
}

TEST(Cs0Test, CutsBetweenCharacters) {
  struct {
    const char* utf8;
    size_t limit;
    const char* hex;
  } const cases[] = {
      {"abcdef", 7, "08616263646566"},   {"abcdef", 4, "08616263"},
      {"\u65E5\u672C", 4, "1065e5"},     {"\u65E5\u672C", 3, "1065e5"},
      {"\u65E5\u672C", 2, ""},           {"\u65E5\U0001F4BF", 6, "1065e5"},
      {"\u65E5\U0001F4BF", 5, "1065e5"}, {"abc", 1, ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Hex(CutCs0(*EncodeCs0(c.utf8), c.limit)), c.hex) << c.utf8 << " to " << c.limit;
  }
}

TEST(DStringTest, EndsWithItsLength) {
  std::array<uint8_t, 8> field{};
  DString<8>::Put(*EncodeCs0("DISC"), ByteSpan(field.data(), field.size()));
  const std::array<uint8_t, 8> want = {8, 'D', 'I', 'S', 'C', 0, 0, 5};
  EXPECT_EQ(field, want);
  EXPECT_EQ(*DString<8>::Get(field), *EncodeCs0("DISC"));
}

TEST(DStringTest, IsAllZeroWhenEmpty) {
  std::array<uint8_t, 8> field{};
  DString<8>::Put("", ByteSpan(field.data(), field.size()));
  EXPECT_EQ(field, (std::array<uint8_t, 8>{}));
  EXPECT_EQ(*DString<8>::Get(field), "");
}

TEST(DStringTest, RefusesFieldsItCouldNotHaveMade) {
  const std::array<uint8_t, 4> cases[] = {
      {8, 'a', 0, 4},    // longer than the field
      {9, 'a', 0, 2},    // no such compression id
      {8, 'a', 'b', 2},  // a byte behind the end
  };
  for (const auto& field : cases) EXPECT_FALSE(DString<4>::Get(field).ok());
}

}  // namespace
}  // namespace isomason::udf
