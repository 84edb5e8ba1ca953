#include "authoring/unicode/normal.h"

#include "gtest/gtest.h"

namespace isomason {
namespace {

// Examples of UAX 15, tables 1 and 4, and what lies at their edges.
TEST(NormalTest, BringsTextIntoNormalForms) {
  const struct {
    const char* text;
    const char* nfc;
    const char* nfd;
  } kCases[] = {
      {"", "", ""},
      {"plain ASCII.txt", "plain ASCII.txt", "plain ASCII.txt"},
      {"\u00E9", "\u00E9", "e\u0301"},
      {"e\u0301", "\u00E9", "e\u0301"},
      {"\u212B", "\u00C5", "A\u030A"},                         // the sign for Angstrom is a letter
      {"\u1E9B\u0323", "\u1E9B\u0323", "\u017F\u0323\u0307"},  // marks are put in order
      {"\uD55C", "\uD55C", "\u1112\u1161\u11AB"},              // Hangul, by arithmetic
      {"\u0958", "\u0915\u093C", "\u0915\u093C"},              // excluded from composition
      {"\uFB01", "\uFB01", "\uFB01"},  // a ligature is compatible, not equal
      {"d\u00E9j\u00E0/vu", "d\u00E9j\u00E0/vu", "de\u0301ja\u0300/vu"},
      {"\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165"},  // beyond U+FFFF
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Normalize(c.text, NormalForm::kNfc), c.nfc) << c.text;
    EXPECT_EQ(Normalize(c.text, NormalForm::kNfd), c.nfd) << c.text;
    EXPECT_EQ(Normalize(c.nfd, NormalForm::kNfc), c.nfc) << c.text;
    EXPECT_EQ(Normalize(c.nfc, NormalForm::kNfd), c.nfd) << c.text;
  }
}

TEST(NormalTest, LeavesWhatIsNotUtf8) {
  for (const char* text : {"e\xCC\x81 \xFF", "\xED\xA0\x80", "\xC3"}) {
    EXPECT_EQ(Normalize(text, NormalForm::kNfc), text);
    EXPECT_EQ(FoldCase(text), text);
  }
}

TEST(NormalTest, FoldsEachLetterForItself) {
  EXPECT_EQ(FoldCase("README.Txt"), "readme.txt");
  EXPECT_EQ(FoldCase("\u00C0\u0414\u03A9"), "\u00E0\u0434\u03C9");
  // The final sigma is the small letter of the same capital, and the long s is an s.
  EXPECT_EQ(FoldCase("\u03A3\u03C3\u03C2\u017F"), "\u03C3\u03C3\u03C3s");
  EXPECT_EQ(FoldCase("stra\u00DFe"), "stra\u00DFe");
  EXPECT_EQ(FoldCase("\u1E9E"), "\u00DF");
  // Neither Turkish rules nor the full foldings of longer texts.
  EXPECT_EQ(FoldCase("I\u0130\u0131"), "i\u0130\u0131");
  EXPECT_EQ(FoldCase("\U00010400"), "\U00010428");
}

}  // namespace
}  // namespace isomason
