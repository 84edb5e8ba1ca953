#include "authoring/unicode/unicode.h"

#include <algorithm>
#include <string>

#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(UnicodeTest, ReadsEachLengthOfSequence) {
  const std::string text = "a\u00e9\u20ac\U0001F600";
  size_t i = 0;
  EXPECT_EQ(NextCodePoint(text, &i), U'a');
  EXPECT_EQ(NextCodePoint(text, &i), U'\u00e9');
  EXPECT_EQ(NextCodePoint(text, &i), U'\u20ac');
  EXPECT_EQ(NextCodePoint(text, &i), U'\U0001F600');
  EXPECT_EQ(i, text.size());
  EXPECT_EQ(CountCodePoints(text), 4u);
}

TEST(UnicodeTest, RefusesWhatIsNotUtf8) {
  const struct {
    const char* what;
    std::string text;
    size_t position;
  } kCases[] = {
      {"a continuation byte alone", "ab\x80", 2},
      {"a sequence that ends with the text", "a\xC3", 1},
      {"a sequence that another byte breaks off", "\xE2\x82z", 0},
      {"an overlong slash", "\xC0\xAF", 0},
      {"an overlong form of three bytes", "\xE0\x80\xAF", 0},
      {"a surrogate", "x\xED\xA0\x80", 1},
      {"more than U+10FFFF", "\xF4\x90\x80\x80", 0},
      {"Latin-1", "caf\xE9 noir", 3},
  };
  for (const auto& c : kCases) EXPECT_EQ(FindNotUtf8(c.text), c.position) << c.what;
  EXPECT_EQ(FindNotUtf8("plain, \u00fc and \U0010FFFF"), absl::string_view::npos);
  EXPECT_EQ(FindNotUtf8(""), absl::string_view::npos);
}

TEST(UnicodeTest, GivesBytesThatAreNotUtf8AsThemselves) {
  size_t i = 0;
  EXPECT_EQ(NextCodePoint("\xFFz", &i), kNotUtf8 + 0xFF);
  EXPECT_EQ(i, 1u);
}

TEST(UnicodeTest, DecodesUtf8Strictly) {
  struct Case {
    const char* bytes;
    char32_t want;
    size_t moved;
  };
  const Case cases[] = {
      {"a", 'a', 1},
      {"\xC3\xA9", 0xE9, 2},
      {"\xE2\x82\xAC", 0x20AC, 3},
      {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
      {"\xC0\x80", kNotUtf8, 1},          // overlong
      {"\xC1\xBF", kNotUtf8, 1},          // overlong
      {"\xE0\x80\x80", kNotUtf8, 1},      // overlong
      {"\xF0\x80\x80\x80", kNotUtf8, 1},  // overlong
      {"\xED\xA0\x80", kNotUtf8, 1},      // a surrogate
      {"\xF4\x90\x80\x80", kNotUtf8, 1},  // past the last character
      {"\xE2\x82", kNotUtf8, 1},          // ends early
      {"\xE2(\xA1", kNotUtf8, 1},
      {"\x80", kNotUtf8, 1},
      {"\xFF", kNotUtf8, 1},
  };
  for (const Case& c : cases) {
    size_t at = 0;
    EXPECT_EQ(std::min(NextCodePoint(c.bytes, &at), kNotUtf8), c.want)
        << testing::PrintToString(c.bytes);
    EXPECT_EQ(at, c.moved) << testing::PrintToString(c.bytes);
  }
}

TEST(UnicodeTest, ConvertsThereAndBack) {
  for (const char32_t c : {U'a', U'\u00E9', U'\u20AC', U'\uFFFD', U'\U0001F427', U'\U0010FFFF'}) {
    std::string units, utf8;
    AppendUtf16(c, units);
    AppendUtf8(c, utf8);
    EXPECT_EQ(units.size(), 2 * Utf16Units(c));
    EXPECT_EQ(utf8.size(), Utf8Size(c));
    EXPECT_EQ(Utf16ToUtf8(units), utf8);
  }
  EXPECT_EQ(Utf16ToUtf8(absl::string_view("\xD8\x3D\0a", 4)),
            "\xEF\xBF\xBD"
            "a");
}

}  // namespace
}  // namespace isomason
