#include <initializer_list>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "authoring/iso9660/enhanced_names.h"
#include "authoring/iso9660/identifiers.h"
#include "authoring/iso9660/joliet_names.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Recorded(const Namer& namer, absl::string_view name, bool directory, int attempt = 0) {
  std::string out;
  namer.AppendRecorded(name, directory, attempt, out);
  return out;
}

std::string Spelled(const Namer& namer, absl::string_view name, bool directory, int attempt = 0) {
  std::string out;
  namer.Append(name, directory, attempt, out);
  return namer.Show(out);
}

TEST(IdentifiersTest, SpellsFilesAtEachLevel) {
  struct Case {
    const char* name;
    const char* level1;
    const char* level2;
  };
  const Case cases[] = {
      {"README", "README.;1", "README.;1"},
      {"README.TXT", "README.TXT;1", "README.TXT;1"},
      {"readme.txt", "README.TXT;1", "README.TXT;1"},
      {"a", "A.;1", "A.;1"},
      {"vmlinuz-6.1.0-amd64", "VMLINUZ_.0_A;1", "VMLINUZ_6_1.0_AMD64;1"},
      {".profile", "_PROFILE.;1", "_PROFILE.;1"},
      {".bashrc.bak", "_BASHRC.BAK;1", "_BASHRC.BAK;1"},
      {"trailing.", "TRAILING.;1", "TRAILING.;1"},
      {"...", "__.;1", "__.;1"},
      {"two words & more.html", "TWO_WORD.HTM;1", "TWO_WORDS___MORE.HTML;1"},
      // One `_` for each character of UTF-8, and for each byte that is none.
      {"na\xC3\xAFve.txt", "NA_VE.TXT;1", "NA_VE.TXT;1"},
      {"\xE4\xB8\xAD\xE6\x96\x87.txt", "__.TXT;1", "__.TXT;1"},
      {"\xFF\xFE.bin", "__.BIN;1", "__.BIN;1"},
      {"measurement_of_the_northern_station_year063348.csv", "MEASUREM.CSV;1",
       "MEASUREMENT_OF_THE_NORTHERN.CSV;1"},
      {"abcdefghijklmnopqrstuvwxyz.abcdefghijkl", "ABCDEFGH.ABC;1",
       "ABCDEFGHIJKLMNOPQRSTUV.ABCDEFGH;1"},
      {"a.abcdefghijklmnopqrstuvwxyzabcdefghijkl", "A.ABC;1", "A.ABCDEFGHIJKLMNOPQRSTUVWXYZABC;1"},
      {"abcdefghijklmnopqrstuvwxyzabcdef", "ABCDEFGH.;1", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCD.;1"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Recorded(IsoNamer(1), c.name, false), c.level1) << c.name;
    EXPECT_EQ(Recorded(IsoNamer(2), c.name, false), c.level2) << c.name;
    EXPECT_EQ(Recorded(IsoNamer(3), c.name, false), c.level2) << c.name;
  }
}

TEST(IdentifiersTest, SpellsDirectoriesWithoutSeparators) {
  EXPECT_EQ(Recorded(IsoNamer(1), "boot", true), "BOOT");
  EXPECT_EQ(Recorded(IsoNamer(1), "x86_64-efi", true), "X86_64_E");
  EXPECT_EQ(Recorded(IsoNamer(2), "linux-6.1.d", true), "LINUX_6_1_D");
  EXPECT_EQ(Recorded(IsoNamer(3), std::string(40, 'x'), true), std::string(31, 'X'));
}

TEST(IdentifiersTest, SaysWhyANameDoesNotFit) {
  struct Case {
    int level;
    const char* name;
    bool directory;
    const char* why;
  };
  const Case cases[] = {
      {1, "README.TXT", false, ""},
      {1, "BOOT", true, ""},
      {2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.ABCD", false, ""},
      {3, "readme.txt", false, "A to Z, 0 to 9 and _, or more than one dot (ECMA-119 7.5.1)"},
      {3, "A.B.C", false, "more than one dot"},
      {3, "A.B", true, "(ECMA-119 7.6.1)"},
      {3, "A.", false, "ends in a dot"},
      {1, "LONGNAMES.TXT", false, "more than 8 characters, or 3 behind the dot (ECMA-119 10.1)"},
      {1, "LONGNAMES", true, "more than 8 characters (ECMA-119 10.1)"},
      {2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.ABCDE", false, "more than 30 characters"},
      {2, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF", true, "more than 31 characters (ECMA-119 7.6.3)"},
  };
  for (const Case& c : cases) {
    const std::string why = IsoNamer(c.level).Misfit(c.name, c.directory);
    if (*c.why == '\0') {
      EXPECT_THAT(why, IsEmpty()) << c.name;
    } else {
      EXPECT_THAT(why, HasSubstr(c.why)) << c.name;
    }
  }
}

TEST(IdentifiersTest, VariationsKeepTheLimitsAndTheExtension) {
  const std::string name = "measurement_of_the_northern_station_year063348.csv";
  for (int attempt = 1; attempt < Namer::kAttempts; ++attempt) {
    const std::string level1 = Spelled(IsoNamer(1), name, false, attempt);
    EXPECT_LE(level1.size(), 12u) << level1;
    EXPECT_EQ(level1.substr(level1.size() - 4), ".CSV");
    const std::string level3 = Spelled(IsoNamer(3), name, false, attempt);
    EXPECT_EQ(level3.size(), 31u) << level3;
    EXPECT_EQ(level3.substr(level3.size() - 4), ".CSV");
    EXPECT_LE(Spelled(IsoNamer(3), name, true, attempt).size(), 31u);
    EXPECT_LE(Spelled(IsoNamer(1), name, true, attempt).size(), 8u);
  }
}

Relaxations Relaxed(std::initializer_list<bool Relaxations::*> members) {
  Relaxations relax;
  for (const auto member : members) relax.*member = true;
  return relax;
}

TEST(IdentifiersTest, SpellsNamesWithEachRelaxation) {
  using R = Relaxations;
  const std::string l45(45, 'l'), u27(27, 'L'), u33(33, 'L');
  struct Case {
    int level;
    Relaxations relax;
    std::string name;
    bool directory;
    std::string want;
  };
  const Case cases[] = {
      {3, Relaxed({&R::lowercase}), "Read Me.txt", false, "Read_Me.txt;1"},
      {3, Relaxed({&R::lowercase}), "conf.d", true, "conf_d"},
      {3, Relaxed({&R::omit_version}), "readme.txt", false, "README.TXT"},
      {3, Relaxed({&R::omit_version}), "readme", false, "README"},
      {3, Relaxed({&R::omit_period}), "readme", false, "README;1"},
      {3, Relaxed({&R::omit_period}), "readme.txt", false, "README.TXT;1"},
      {1, Relaxed({&R::long_31}), l45 + ".tar", false, u27 + ".TAR;1"},
      {1, Relaxed({&R::long_31}), l45, true, u27 + "LLLL"},
      {2, Relaxed({&R::long_37}), l45 + ".tar", false, u33 + ".TAR"},
      {1, Relaxed({&R::long_37}), l45, false, u33 + "LLLL"},
      {1, Relaxed({&R::long_37}), l45, true, u33 + "LLLL"},
      {3, Relaxed({&R::several_dots}), "a.b.tar.gz", false, "A.B.TAR.GZ;1"},
      {3, Relaxed({&R::several_dots}), "a.b.d", true, "A.B.D"},
      {3, Relaxed({&R::several_dots}), ".bashrc.bak", false, ".BASHRC.BAK;1"},
      {3, Relaxed({&R::several_dots}), "end..", false, "END_.;1"},
      {3, Relaxed({&R::several_dots}), "end.", true, "END"},
      {1, Relaxed({&R::several_dots}), "many.dots.gz", false, "MANY.DOT.GZ;1"},
      {1, Relaxed({&R::several_dots}), "sevensn.dots", true, "SEVENSN.DOT"},
      {3, Relaxed({&R::leading_dot}), ".profile", false, ".PROFILE;1"},
      {3, Relaxed({&R::leading_dot}), ".profile", true, ".PROFILE"},
      {3, Relaxed({&R::leading_dot}), ".a.b.c", false, ".A_B.C;1"},
      {3, Relaxed({&R::leading_dot}), "...", false, "._;1"},
      {3, Relaxed({&R::leading_dot, &R::several_dots}), "...", false, "._;1"},
      {1, Relaxed({&R::leading_dot}), ".profile1", false, ".PROFILE;1"},
      {3, Relaxed({&R::ascii}), "sp ace!#~.txt", false, "SP ACE!#~.TXT;1"},
      {3, Relaxed({&R::ascii}), "a;1", false, "A_1.;1"},
      {3, Relaxed({&R::ascii}), "tab\t", false, "TAB_.;1"},
      {3, Relaxed({&R::ascii}), "end .t ", false, "END_.T_;1"},
      {3, Relaxed({&R::ascii}), "na\xC3\xAFve", false, "NA_VE.;1"},
      {3, Relaxed({&R::directory_dot}), "conf.d", true, "CONF.D"},
      {3, Relaxed({&R::directory_dot}), "conf.d.old", true, "CONF_D.OLD"},
      {1, Relaxed({&R::directory_dot}), "directory.extension", true, "DIRECTOR.EXT"},
      // Void's line, as xorriso understands it.
      {3, Relaxed({&R::long_37, &R::ascii, &R::lowercase, &R::several_dots, &R::leading_dot}),
       "x86_64-efi.modules+list (2026).lst", false, "x86_64-efi.modules+list (2026).lst"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Recorded(IsoNamer(c.level, c.relax), c.name, c.directory), c.want) << c.name;
  }
}

TEST(IdentifiersTest, SaysWhyANameDoesNotFitARelaxedLevel) {
  using R = Relaxations;
  struct Case {
    Relaxations relax;
    std::string name;
    bool directory;
    const char* why;
  };
  const Case cases[] = {
      {Relaxed({&R::lowercase}), "readme.txt", false, ""},
      {Relaxed({&R::lowercase}), "read-me", false, "letters A to Z and a to z, 0 to 9 and _, or"},
      {Relaxed({&R::ascii}), "READ ME-1.TXT", false, ""},
      {Relaxed({&R::ascii}), "read", false, "printable ASCII without small letters, / and ;, or"},
      {Relaxed({&R::ascii, &R::lowercase, &R::several_dots}), "a;1", false,
       "other than printable ASCII without / and ; (ECMA-119 7.5.1)"},
      {Relaxed({&R::ascii}), "A .B", false, "a space at the end or before the dot"},
      {Relaxed({&R::ascii}), "A.B ", false, "a space at the end or before the dot"},
      {Relaxed({&R::several_dots}), "A.B.C", false, ""},
      {Relaxed({&R::several_dots}), "A.B", true, ""},
      {Relaxed({&R::several_dots}), "A..", false, "ends in a dot"},
      {Relaxed({&R::leading_dot}), ".A", false, ""},
      {Relaxed({&R::leading_dot}), ".A.B.C", false, "more than one dot"},
      {Relaxed({&R::directory_dot}), "A.B.C", true, "more than one dot (ECMA-119 7.6.1)"},
      {Relaxed({&R::long_37}), std::string(37, 'A'), false, ""},
      {Relaxed({&R::long_37}), std::string(38, 'A'), true, "more than 37 characters"},
      {Relaxed({&R::long_31}), std::string(31, 'A'), false, "more than 30 characters"},
  };
  for (const Case& c : cases) {
    const std::string why = IsoNamer(3, c.relax).Misfit(c.name, c.directory);
    if (*c.why == '\0') {
      EXPECT_THAT(why, IsEmpty()) << c.name;
    } else {
      EXPECT_THAT(why, HasSubstr(c.why)) << c.name;
    }
  }
}

TEST(IdentifiersTest, VariationsKeepTheLimitsOfRelaxations) {
  Relaxations relax;
  relax.long_37 = relax.ascii = relax.lowercase = relax.several_dots = relax.leading_dot = true;
  const IsoNamer namer(1, relax);
  for (const std::string name : {". . . . . . . . . . . . . . . . . . . . . . . . . .  .", "..a",
                                 "measurement of the northern station, year 063348.csv"}) {
    for (int attempt = 1; attempt < Namer::kAttempts; ++attempt) {
      for (const bool directory : {false, true}) {
        const std::string spelled = Spelled(namer, name, directory, attempt);
        EXPECT_LE(spelled.size(), 37u) << spelled;
        EXPECT_NE(spelled.back(), '.');
        EXPECT_NE(spelled.back(), ' ');
      }
    }
  }
}

TEST(EnhancedNamesTest, KeepsNamesOf207BytesAsTheyAre) {
  const EnhancedNamer namer;
  const std::string l203(203, 'l');
  std::string wide;
  for (int i = 0; i < 80; ++i) wide += "\xE4\xB8\xAD";
  struct Case {
    std::string name;
    bool directory;
    std::string want;
  };
  const Case cases[] = {
      {"Any name; of any. bytes ", false, "Any name; of any. bytes "},
      {"\xFF\xFE", true, "\xFF\xFE"},
      {l203 + ".txt", false, l203 + ".txt"},
      {"x" + l203 + ".txt", false, "x" + l203.substr(1) + ".txt"},
      {"x" + l203 + ".txt", true, "x" + l203 + ".tx"},
      {wide, false, wide.substr(0, 207)},
      {"x" + wide, false, "x" + wide.substr(0, 204)},  // no half character
      {"\1", false, "_"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Recorded(namer, c.name, c.directory), c.want) << c.name;
    EXPECT_EQ(namer.Misfit(c.name, c.directory).empty(), c.name == c.want) << c.name;
  }
  EXPECT_THAT(namer.Misfit(std::string(208, 'x'), false),
              HasSubstr("has 208 bytes; ISO 9660:1999 holds 207 (7.5.1)"));
  for (int attempt = 1; attempt < Namer::kAttempts; ++attempt) {
    const std::string spelled = Spelled(namer, wide + ".txt", false, attempt);
    EXPECT_LE(spelled.size(), 207u);
    EXPECT_EQ(spelled.substr(spelled.size() - 4), ".txt");
  }
}

// What a name becomes must never change: images would.
TEST(IdentifiersTest, VariationsAreTheSameInEveryProcess) {
  EXPECT_EQ(Recorded(IsoNamer(1), "readme.txt", false, 1), "READN9II.TXT;1");
  EXPECT_EQ(Recorded(IsoNamer(3), "readme.txt", false, 1), "READMEN9IICV.TXT;1");
  EXPECT_EQ(Recorded(IsoNamer(3), "readme.txt", false, 2), "READMEWC9S3M.TXT;1");
  EXPECT_EQ(Spelled(JolietNamer({.limit = 64}), "readme.txt", false, 1), "readme_N9IICV.txt");
}

TEST(JolietNamesTest, SpellsNames) {
  const JolietNamer namer({.limit = 64});
  struct Case {
    std::string name;
    std::string want;
  };
  const Case cases[] = {
      {"readme.txt", "readme.txt"},
      {"with space", "with space"},
      {"na\xC3\xAFve", "na\xC3\xAFve"},
      {"\xF0\x9F\x90\xA7.png", "\xF0\x9F\x90\xA7.png"},  // a pair of units
      {"a*b/c:d;e?f\\g", "a_b_c_d_e_f_g"},
      {"tab\there", "tab_here"},
      {"trail.", "trail_"},
      {"trail..", "trail._"},
      {"bad\xFF", "bad_"},
      {"lone\xED\xA0\x80", "lone___"},  // a surrogate in UTF-8: three bytes that are none
      {std::string(70, 'a'), std::string(64, 'a')},
      {std::string(70, 'a') + ".tar.gz", std::string(61, 'a') + ".gz"},
      {std::string(60, 'a') + ".an_extension_of_many_letters", std::string(60, 'a') + ".an_"},
      // A pair is never divided: 63 units and a half.
      {std::string(63, 'a') + "\xF0\x9F\x90\xA7", std::string(63, 'a')},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Spelled(namer, c.name, false), c.want) << c.name;
    EXPECT_EQ(namer.Misfit(c.name, false).empty(), c.name == c.want) << c.name;
  }
}

TEST(JolietNamesTest, RecordsUnitsAndTheVersion) {
  EXPECT_EQ(Recorded(JolietNamer({.limit = 103}), "a\xE4\xB8\xAD", false),
            std::string("\0a\x4E\x2D\0;\0001", 8));
  EXPECT_EQ(Recorded(JolietNamer({.limit = 103}), "dir", true), std::string("\0d\0i\0r", 6));
}

// With a version, the 103rd unit, the last that libarchive reads, would be the semicolon.
TEST(JolietNamesTest, NamesOf102UnitsHaveNoVersion) {
  const JolietNamer namer({.limit = 103});
  for (const size_t units : {101u, 102u, 103u}) {
    const std::string name(units, 'n');
    EXPECT_EQ(Recorded(namer, name, false).size(), 2 * units + (units == 102 ? 0 : 4)) << units;
    EXPECT_EQ(Recorded(namer, name, true).size(), 2 * units) << units;
  }
}

// Linux counts the UTF-8 form, with the version, in one byte.
TEST(JolietNamesTest, KeepsTheUtf8FormIn255Bytes) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "\xE4\xB8\xAD";
  const JolietNamer namer({.limit = 103});
  EXPECT_THAT(namer.Misfit(name, false), HasSubstr("300 bytes of UTF-8"));
  EXPECT_EQ(Spelled(namer, name, false).size(), 252u);
  EXPECT_EQ(Spelled(namer, name, true).size(), 255u);
  EXPECT_THAT(namer.Misfit(name.substr(0, 255), true), IsEmpty());
  EXPECT_THAT(namer.Misfit(name.substr(0, 255), false), HasSubstr("up to 253"));
}

// A record holds 110 units, of which a version takes two.
TEST(JolietNamesTest, KeepsTheVersionInTheRecord) {
  for (const bool versions : {true, false}) {
    const JolietNamer namer({.limit = 110, .version_numbers = versions});
    const std::string name(111, 'n');
    const size_t most = versions ? 108 : 110;
    EXPECT_EQ(Spelled(namer, name, false).size(), most);
    EXPECT_EQ(Spelled(namer, name, true).size(), 110u);
    EXPECT_EQ(Spelled(namer, name, false, 1).size(), most);
    EXPECT_EQ(Recorded(namer, name, false).size(), 220u);
    EXPECT_THAT(namer.Misfit(name.substr(0, most), false), IsEmpty());
    EXPECT_THAT(namer.Misfit(name.substr(0, 110), true), IsEmpty());
    EXPECT_EQ(namer.Misfit(name.substr(0, most + 1), false),
              versions ? "has 109 units of UTF-16; Joliet names here have at most 108, for `;1` "
                         "takes two of the 110 in a directory record"
                       : "has 111 units of UTF-16; Joliet names here have at most 110");
  }
  EXPECT_EQ(Recorded(JolietNamer({.version_numbers = false}), "f", false), std::string("\0f", 2));
  // Without a version, Linux has two bytes more for the name.
  std::string name;
  for (int i = 0; i < 85; ++i) name += "\xE4\xB8\xAD";
  EXPECT_THAT(JolietNamer({.version_numbers = false}).Misfit(name, false), IsEmpty());
}

TEST(JolietNamesTest, EmitsManglesOrRefusesCharactersBeyondTheBmp) {
  using BeyondBmp = JolietNaming::BeyondBmp;
  const std::string disc = "\xF0\x9F\x92\xBF.iso";
  const std::string why =
      "has a character beyond U+FFFF, which UCS-2, the characters of Joliet, does not have";
  struct Case {
    BeyondBmp policy;
    const char* spelled;
    std::string misfit, refused_with_mangling, refused;
  };
  const Case cases[] = {
      {BeyondBmp::kEmit, "\xF0\x9F\x92\xBF.iso", "", "", ""},
      {BeyondBmp::kMangle, "_.iso", why, "", ""},
      {BeyondBmp::kRefuse, "_.iso", why, why, why},
  };
  for (const Case& c : cases) {
    const JolietNamer namer({.beyond_bmp = c.policy});
    EXPECT_EQ(Spelled(namer, disc, false), c.spelled);
    EXPECT_EQ(namer.Misfit(disc, false), c.misfit);
    EXPECT_EQ(namer.Refusal(disc, false, /*refuse=*/false), c.refused_with_mangling);
    EXPECT_EQ(namer.Refusal(disc, false, /*refuse=*/true), c.refused);
    // The last characters of the BMP, and bytes that are no character, are not meant.
    EXPECT_EQ(namer.Misfit("\xEF\xBF\xBD", false), "");
    EXPECT_THAT(namer.Refusal("bad\xFF", false, true), HasSubstr("is not UTF-8"));
    EXPECT_THAT(namer.Refusal("bad\xFF", false, false), IsEmpty());
  }
  // 62 units and a pair are one unit too many only as long as the pair is one.
  const std::string long_name = std::string(63, 'a') + "\xF0\x9F\x92\xBF";
  EXPECT_THAT(JolietNamer({.limit = 64}).Misfit(long_name, false), HasSubstr("65 units"));
  EXPECT_THAT(
      JolietNamer({.limit = 64, .beyond_bmp = BeyondBmp::kMangle}).Refusal(long_name, false, true),
      IsEmpty());
}

TEST(JolietNamesTest, VariationsKeepTheLimits) {
  const std::string name(120, 'b');
  std::set<std::string> all;
  for (int attempt = 1; attempt < Namer::kAttempts; ++attempt) {
    const std::string spelled = Spelled(JolietNamer({.limit = 64}), name + ".txt", false, attempt);
    EXPECT_EQ(spelled.size(), 64u);
    EXPECT_EQ(spelled.substr(60), ".txt");
    all.insert(spelled);
  }
  EXPECT_EQ(all.size(), 249u);
}

}  // namespace
}  // namespace isomason
