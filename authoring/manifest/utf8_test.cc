#include "authoring/manifest/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(Utf8Test, ReadsEachLengthOfSequence) {
  const std::string text = "a\u00e9\u20ac\U0001F600";
  size_t i = 0;
  EXPECT_EQ(NextCodePoint(text, &i), U'a');
  EXPECT_EQ(NextCodePoint(text, &i), U'\u00e9');
  EXPECT_EQ(NextCodePoint(text, &i), U'\u20ac');
  EXPECT_EQ(NextCodePoint(text, &i), U'\U0001F600');
  EXPECT_EQ(i, text.size());
  EXPECT_EQ(CountCodePoints(text), 4u);
  EXPECT_EQ(CountUtf16Units(text), 5u);
}

TEST(Utf8Test, RefusesWhatIsNotUtf8) {
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

TEST(Utf8Test, GivesBytesThatAreNotUtf8AsThemselves) {
  size_t i = 0;
  EXPECT_EQ(NextCodePoint("\xFFz", &i), kNotUtf8 + 0xFF);
  EXPECT_EQ(i, 1u);
}

}  // namespace
}  // namespace isomason
