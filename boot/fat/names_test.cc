#include "boot/fat/names.h"

#include <chrono>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Text(const FatShortName& name) { return std::string(name.begin(), name.end()); }

// The short names of the names of a directory, as text of 11 characters.
std::vector<std::string> Short(const std::vector<std::string>& names) {
  std::vector<std::u16string> units;
  for (const std::string& name : names) units.push_back(ToFatName(name).value());
  std::vector<std::string> out;
  for (const FatShortName& name : MakeShortNames(units)) out.push_back(Text(name));
  return out;
}

TEST(FatNamesTest, KeepsUtf16) {
  EXPECT_EQ(*ToFatName("grub.cfg"), u"grub.cfg");
  EXPECT_EQ(*ToFatName("Grüße €"), u"Grüße €");
  EXPECT_EQ(*ToFatName("a\xF0\x9F\x92\xBFz"), u"a\xD83D\xDCBFz");
  EXPECT_EQ(*ToFatName("\xF4\x8F\xBF\xBD"), u"\xDBFF\xDFFD");
  EXPECT_EQ(*ToFatName(" .x+,;=[]"), u" .x+,;=[]");
  EXPECT_EQ(ToFatName(std::string(255, 'n'))->size(), 255u);
  for (const char* name : {"grub.cfg", "Grüße €", "a\xF0\x9F\x92\xBFz"}) {
    EXPECT_EQ(FatNameToUtf8(*ToFatName(name)), name);
  }
}

TEST(FatNamesTest, RefusesWhatFatCannotHold) {
  const struct {
    std::string name;
    absl::StatusCode code;
    std::string why;
  } kCases[] = {
      {"", absl::StatusCode::kInvalidArgument, "is empty"},
      {".", absl::StatusCode::kInvalidArgument, "gives to directories"},
      {"..", absl::StatusCode::kInvalidArgument, "gives to directories"},
      {"a:b", absl::StatusCode::kInvalidArgument, "the name \"a:b\" holds :, which FAT forbids"},
      {"a\\b", absl::StatusCode::kInvalidArgument, "holds \\,"},
      {"what?", absl::StatusCode::kInvalidArgument, "holds ?,"},
      {"a\tb", absl::StatusCode::kInvalidArgument, "holds U+0009,"},
      {std::string("a\0b", 3), absl::StatusCode::kInvalidArgument, "holds U+0000,"},
      {"\xEF\xBF\xBF", absl::StatusCode::kInvalidArgument, "holds U+FFFF,"},
      {"name.", absl::StatusCode::kInvalidArgument, "ends in a dot"},
      {"name ", absl::StatusCode::kInvalidArgument, "ends in a blank"},
      {"nul", absl::StatusCode::kInvalidArgument, "is that of a device"},
      {"Con.txt", absl::StatusCode::kInvalidArgument, "is that of a device"},
      {"AUX .h", absl::StatusCode::kInvalidArgument, "is that of a device"},
      {"lpt9.a.b", absl::StatusCode::kInvalidArgument, "is that of a device"},
      {"COM\xC2\xB2", absl::StatusCode::kInvalidArgument, "is that of a device"},
      {"caf\xE9", absl::StatusCode::kInvalidArgument, "is not UTF-8"},
      {"\xED\xA0\x80", absl::StatusCode::kInvalidArgument, "is not UTF-8"},
      {std::string(256, 'n'), absl::StatusCode::kOutOfRange, "has 256 units of UTF-16"},
  };
  for (const auto& c : kCases) {
    const auto got = ToFatName(c.name);
    EXPECT_EQ(got.status().code(), c.code) << c.name;
    EXPECT_THAT(std::string(got.status().message()), HasSubstr(c.why)) << c.name;
  }
  // 128 characters of two units each.
  std::string discs;
  for (int i = 0; i < 128; ++i) discs += "\xF0\x9F\x92\xBF";
  EXPECT_THAT(std::string(ToFatName(discs).status().message()), HasSubstr("has 256 units"));
}

TEST(FatNamesTest, TakesWhatOnlyLooksLikeADevice) {
  for (const char* name : {"console", "com0", "com10", "lpt", "nul1", "xcon", "a.nul"}) {
    EXPECT_TRUE(ToFatName(name).ok()) << name;
  }
}

TEST(FatNamesTest, ANameThatFitsKeepsItsShortName) {
  const struct {
    const char* name;
    const char* want;
    bool long_name;
  } kCases[] = {
      {"BOOTX64.EFI", "BOOTX64 EFI", false},  {"EFI", "EFI        ", false},
      {"grub.cfg", "GRUB    CFG", true},      {"Readme.TXT", "README  TXT", true},
      {"A.B", "A       B  ", false},          {"12345678.123", "12345678123", false},
      {"$%'-_@~`.!()", "$%'-_@~`!()", false}, {"{}^#&", "{}^#&      ", false},
  };
  for (const auto& c : kCases) {
    const std::u16string name = ToFatName(c.name).value();
    const FatShortName got = MakeShortNames({name})[0];
    EXPECT_EQ(Text(got), c.want);
    EXPECT_EQ(NeedsLongName(name, got), c.long_name) << c.name;
  }
}

// By hand, after the two algorithms of fatgen103.
TEST(FatNamesTest, MakesUpShortNames) {
  const struct {
    const char* name;
    const char* want;
  } kCases[] = {
      {"The quick brown.fox", "THEQUI~1FOX"},
      {"grubx64.efi.signed", "GRUBX6~1SIG"},
      {"a b", "AB~1       "},
      {".gitignore", "GITIGN~1   "},
      {"...a..b", "A~1     B  "},
      {"vmlinuz-6.1.0-13-amd64", "VMLINU~10-1"},
      {"x+y", "X_Y~1      "},
      {"é", "_~1        "},
      {"日本.txt", "__~1    TXT"},
      {"\xF0\x9F\x92\xBF.iso", "_~1     ISO"},
      {"123456789", "123456~1   "},
      {"a.html", "A~1     HTM"},
      {" . x", "X~1        "},
      {"A B.C D", "AB~1    CD "},
  };
  for (const auto& c : kCases) {
    const std::u16string name = ToFatName(c.name).value();
    const FatShortName got = MakeShortNames({name})[0];
    EXPECT_EQ(Text(got), c.want) << c.name;
    EXPECT_TRUE(NeedsLongName(name, got)) << c.name;
  }
}

TEST(FatNamesTest, NumbersDependOnlyOnNamesThatAreMadeUpAlike) {
  EXPECT_THAT(Short({"long name one", "long name two"}), ElementsAre("LONGNA~1   ", "LONGNA~2   "));
  // Others come and go beside them.
  EXPECT_THAT(Short({"LONGNAME.X", "a long one", "long name one", "long name one.txt",
                     "long name two", "longing"}),
              ElementsAre("LONGNAMEX  ", "ALONGO~1   ", "LONGNA~1   ", "LONGNA~1TXT", "LONGNA~2   ",
                          "LONGING    "));
}

TEST(FatNamesTest, ANameThatFitsIsNotTakenByOneThatIsMadeUp) {
  EXPECT_THAT(Short({"long name one", "long name two", "longna~1"}),
              ElementsAre("LONGNA~2   ", "LONGNA~3   ", "LONGNA~1   "));
}

TEST(FatNamesTest, NumbersGrowAtTheCostOfLetters) {
  std::vector<std::string> names;
  for (int i = 0; i < 1200; ++i) names.push_back(absl::StrCat("a long name, number ", i));
  const std::vector<std::string> got = Short(names);
  EXPECT_EQ(got[8], "ALONGN~9   ");
  EXPECT_EQ(got[9], "ALONG~10   ");
  EXPECT_EQ(got[98], "ALONG~99   ");
  EXPECT_EQ(got[99], "ALON~100   ");
  EXPECT_EQ(got[999], "ALO~1000   ");
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), got.size());
}

// All bases are cut to the same letters: what is tried twice would be tried 10^9 times.
TEST(FatNamesTest, AFullDirectoryIsQuicklyNamed) {
  std::vector<std::string> names;
  for (int i = 0; i < 30000; ++i) names.push_back(absl::StrCat("A", i, " long name"));
  const auto start = std::chrono::steady_clock::now();
  const std::vector<std::string> got = Short(names);
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), got.size());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(FatNamesTest, FoldsCase) {
  EXPECT_EQ(FoldFatName(u"GRÜSSE"), FoldFatName(u"grüsse"));
  EXPECT_EQ(FoldFatName(u"Σ"), FoldFatName(u"ς"));
  EXPECT_EQ(FoldFatName(u"\xD801\xDC00"), u"\xD801\xDC28");  // Deseret
  EXPECT_NE(FoldFatName(u"ß"), FoldFatName(u"ss"));
}

TEST(FatNamesTest, SumsShortNames) {
  const auto sum = [](const std::string& text) {
    FatShortName name;
    std::copy(text.begin(), text.end(), name.begin());
    // The definition of fatgen103, with a rotation spelled out.
    uint8_t want = 0;
    for (const char c : text) {
      want = static_cast<uint8_t>((want >> 1 | want << 7) + static_cast<uint8_t>(c));
    }
    EXPECT_EQ(FatChecksum(name), want) << text;
    return FatChecksum(name);
  };
  sum("GRUB    CFG");
  sum("LONGNA~1TXT");
  EXPECT_EQ(sum("ALONGN~1TEX"), 0xBD);  // as mtools 4.0.32 write it
}

TEST(FatNamesTest, LabelsAreCapitalsAndBlanks) {
  EXPECT_EQ(Text(*ToFatLabel("ESP")), "ESP        ");
  EXPECT_EQ(Text(*ToFatLabel("RESCUE 2026")), "RESCUE 2026");
  EXPECT_EQ(Text(*ToFatLabel("")), "NO NAME    ");
  EXPECT_EQ(ToFatLabel("TWELVE CHARS").status().message(),
            "the label \"TWELVE CHARS\" has 12 bytes, FAT holds 11 (fatgen103, BS_VolLab)");
  for (const char* label : {"esp", "A.B", "A+B", "Ü", " A", "A ", "A/B", "A\"B"}) {
    EXPECT_EQ(ToFatLabel(label).status().code(), absl::StatusCode::kInvalidArgument) << label;
  }
}

}  // namespace
}  // namespace isomason
