#include "authoring/manifest/check.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/manifest/check_paths.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::google::protobuf::TextFormat;
using ::isomason::manifest::Manifest;

// The problems as "field: message / remedy", a line each.
std::string Problems(const std::string& text, const Manifest& base = {}) {
  Manifest manifest;
  EXPECT_TRUE(TextFormat::ParseFromString(text, &manifest)) << text;
  Manifest merged = base;
  merged.MergeFrom(manifest);
  Diagnostics diagnostics;
  const bool good = CheckManifest(LoadedManifest::FromMessage(merged, "f", "."), &diagnostics);
  EXPECT_EQ(good, diagnostics.empty());
  std::string problems;
  for (const Diagnostic& d : diagnostics.Sorted()) {
    absl::StrAppend(&problems, d.field, ": ", d.message, " / ", d.remedy, "\n");
    EXPECT_NE(d.remedy, "") << d.message;
  }
  return problems;
}

struct Case {
  std::string text;
  std::string problems;  // without the last newline
};

// Cases beside what every manifest needs.
void Expect(const std::vector<Case>& cases) {
  Manifest base;
  base.set_image_version(1);
  base.mutable_volume()->set_id("X");
  for (const Case& c : cases) {
    EXPECT_EQ(Problems(c.text, base), c.problems.empty() ? "" : c.problems + "\n") << c.text;
  }
}

TEST(CheckTest, AsksForVersionAndLabel) {
  EXPECT_EQ(Problems(""),
            "image_version: is missing / write image_version: 1\n"
            "volume.id: is missing: every disc has a label / write volume { id: \"MY_DISC\" }\n");
  EXPECT_EQ(Problems("image_version: 2 volume { id: \"X\" }"),
            "image_version: 2 is no version of the image that is known here / the only version is "
            "1\n");
  EXPECT_EQ(Problems("image_version: 1 volume { id: \"X\" }"), "");
}

TEST(CheckTest, HoldsLabelsToWhatEachNamespaceHolds) {
  const auto with_label = [](const std::string& id, const std::string& more) {
    return Problems(absl::StrCat("image_version: 1 volume { id: \"", id, "\" } ", more));
  };
  const std::string k16(16, 'A'), k17(17, 'A'), k30(30, 'A'), k31(31, 'A'), k32(32, 'A');
  EXPECT_EQ(with_label(k32, ""), "");
  EXPECT_EQ(with_label(k32 + "A", ""),
            "volume.id: is 33 characters long; ISO 9660 holds 32 (ECMA-119 8.4.6) / shorten it\n");
  EXPECT_EQ(with_label(k16, "iso9660 { joliet {} }"), "");
  EXPECT_EQ(with_label(k17, "iso9660 { joliet {} }"),
            "volume.id: is 17 characters long; Joliet holds 16 (ECMA-119 8.5) / shorten it, or "
            "give Joliet a label of its own: volume_id: \"AAAAAAAAAAAAAAAA\" in iso9660.joliet\n");
  EXPECT_EQ(with_label(k32, "iso9660 { joliet { volume_id: \"A\" } }"), "");
  EXPECT_EQ(with_label(k30, "udf {}"), "");
  EXPECT_EQ(with_label(k31, "udf {}"),
            "volume.id: is 31 characters long; UDF holds 30 (2.1.3) / shorten it, or leave out "
            "udf\n");
  EXPECT_EQ(with_label("~ any of it, lower-case too {}", ""), "");
  EXPECT_EQ(with_label("K\u00fcche", ""),
            "volume.id: \"\u00fc\" is not printable ASCII (ECMA-119 8.4.6) / write it with letters "
            "A to Z, digits and `_`\n");
  EXPECT_EQ(with_label("A\\nB", ""),
            "volume.id: \"\\n\" is not printable ASCII (ECMA-119 8.4.6) / write it with letters A "
            "to Z, digits and `_`\n");
}

TEST(CheckTest, HoldsOtherIdentifiersToTheirFields) {
  const std::string k128(128, 'a'), k65(65, 'a'), k17(17, 'A');
  Expect({
      {"volume { system_id: \"A-CHARS: %'(=?>\" publisher: \"Example Org, 100% ~\" }", ""},
      {"volume { system_id: \"Linux\" }",
       "volume.system_id: \"i\" is no a-character (ECMA-119 8.4.5) / A to Z, 0 to 9, space and ! "
       "\" % & ' ( ) * + , - . / : ; < = > ? _ are"},
      {"volume { system_id: \"" + k17 + k17 + "\" }",
       "volume.system_id: is 34 characters long; ISO 9660 holds 32 (ECMA-119 8.4.5) / shorten it"},
      {"volume { set_id: \"" + k128 + "\" publisher: \"" + k128 + "\" }", ""},
      {"volume { set_id: \"" + k128 + "a\" preparer: \"" + k128 + "a\" }",
       "volume.set_id: is 129 characters long; ISO 9660 holds 128 (ECMA-119 8.4.19) / shorten it\n"
       "volume.preparer: is 129 characters long; ISO 9660 holds 128 (ECMA-119 8.4.21) / shorten "
       "it"},
      {"iso9660 { joliet {} } volume { application: \"" + k65 + "\" system_id: \"" + k17 + "\" }",
       "volume.system_id: is 17 characters long; Joliet holds 16 (ECMA-119 8.5) / shorten it, or "
       "leave out joliet\n"
       "volume.application: is 65 characters long; Joliet holds 64 (ECMA-119 8.5) / shorten it, or "
       "leave out joliet"},
      {"volume { publisher: \"\u00e9\" }",
       "volume.publisher: \"\u00e9\" is not printable ASCII (ECMA-119 8.4.20) / write it with "
       "letters A to Z, digits and `_`"},
      {"volume { copyright_file: \"/COPYING\" }", ""},
      {"volume { copyright_file: \"/doc/COPYING\" abstract_file: \"x\" bibliographic_file: \"/\" }",
       "volume.copyright_file: \"/doc/COPYING\" is not a file in the root directory (ECMA-119 "
       "8.4.23) / name a file such as \"/COPYING\"\n"
       "volume.abstract_file: \"x\" is not absolute / write \"/x\"\n"
       "volume.bibliographic_file: \"/\" is not a file in the root directory (ECMA-119 8.4.25) / "
       "name a file such as \"/COPYING\""},
  });
}

TEST(CheckTest, HoldsTimesToTheYearsOfTheirFields) {
  const std::string kNoTime = "/ write it as 2026-11-01T00:00:00Z or @1793491200";
  const std::string kDirectories =
      "directories hold 1900 to 2155 (ECMA-119 9.1.5) / give a time in that range";
  const std::string kVolume =
      "a volume's dates hold 1 to 9999 (ECMA-119 8.4.26.1) / give a time in that range";
  Expect({
      {"volume { time: \"1900-01-01T00:00:00Z\" creation_time: \"0001-01-01T00:00:00Z\" }", ""},
      {"volume { time: \"2155-12-31T23:59:59.99Z\" expiration_time: \"9999-12-31T23:59:59Z\" }",
       ""},
      {"volume { time: \"2156-01-01T00:00:00+01:00\" }", ""},  // 2155 in UTC
      {"volume { time: \"1899-12-31T23:59:59Z\" }",
       "volume.time: \"1899-12-31T23:59:59Z\" is in the year 1899; " + kDirectories},
      {"volume { time: \"2156-01-01T00:00:00Z\" }",
       "volume.time: \"2156-01-01T00:00:00Z\" is in the year 2156; " + kDirectories},
      {"volume { time: \"@9223372036854775807\" }",
       "volume.time: \"@9223372036854775807\" is in the year 292277026596; " + kDirectories},
      {"volume { effective_time: \"@253402300800\" }",
       "volume.effective_time: \"@253402300800\" is in the year 10000; " + kVolume},
      {"volume { time: \"yesterday\" modification_time: \"2026-02-30T00:00:00Z\" }",
       "volume.time: \"yesterday\" is not a time " + kNoTime +
           "\nvolume.modification_time: \"2026-02-30T00:00:00Z\" is not a time " + kNoTime},
      {"attributes { time: \"@-2208988801\" }",
       "attributes.time: \"@-2208988801\" is in the year 1899; " + kDirectories},
      {"attribute_rule { match: \"a\" attributes { time: \"\" } }",
       "attribute_rule[0].attributes.time: is empty / leave it out, or write it as "
       "2026-11-01T00:00:00Z or @1793491200"},
      {"entry { path: \"/a\" text: \"\" attributes { time: \"x\" } }",
       "entry[0].attributes.time: \"x\" is not a time " + kNoTime},
  });
}

TEST(CheckTest, HoldsModesToPermissionBits) {
  Expect({
      {"attributes { file_mode: 07777 directory_mode: 0 }", ""},
      {"attributes { file_mode: 0100644 directory_mode: 10755 }",
       "attributes.file_mode: 0100644 has more than permission bits, which end at 07777 / write it "
       "in octal, with a leading 0 (JSON has decimal numbers only: 0644 is 420)\n"
       "attributes.directory_mode: 025003 has more than permission bits, which end at 07777 / "
       "write it in octal, with a leading 0 (JSON has decimal numbers only: 0644 is 420)"},
  });
}

TEST(CheckTest, HoldsWhatIsSaidInPlacesOfOthersToThem) {
  const std::string k141(141, 'u'), k142(142, 'u'), k512(512, 'u');
  Expect({
      {"volume { application_use: \"" + k512 + "\" }", ""},
      {"volume { application_use: \"" + k512 + "u\" }",
       "volume.application_use: is 513 bytes long; the field holds 512 (ECMA-119 8.4.32) / shorten "
       "it"},
      {"volume { application_use: \"" + k141 + "\" } iso9660 { xa: true }", ""},
      {"volume { application_use: \"u\" } media_check { isomd5 {} }",
       "volume.application_use: takes room in the application use field (ECMA-119 8.4.32), where "
       "`media_check` writes its sums / leave out one of the two"},
      {"iso9660 { xa: true } media_check { isomd5 {} }",
       "iso9660.xa: takes room in the application use field (ECMA-119 8.4.32), where `media_check` "
       "writes its sums / leave out one of the two"},
      {"iso9660 { profile: STRICT deep_directories: REFUSE_DIRECTORIES }", ""},
      {"iso9660 { profile: STRICT deep_directories: KEEP_DIRECTORIES }",
       "iso9660.deep_directories: lets directories be deeper than eight levels; the profile STRICT "
       "does not have it / leave out `iso9660.deep_directories`, or `iso9660.profile`"},
      {"volume { application_use: \"" + k142 + "\" } iso9660 { xa: true rock_ridge {} }",
       "volume.application_use: is 142 bytes long; the mark of CD-ROM XA stands in it from byte "
       "141 "
       "on / shorten it to 141 bytes, or leave out `iso9660.xa`\n"
       "iso9660.xa: puts 14 bytes in front of Rock Ridge; GRUB then reads none of the image, and "
       "BSD looks for it in another place / leave out `xa` or `rock_ridge`"},
      {"entry { path: \"/\" directory {} system_use: \"ab\" } entry { path: \"/a\" directory {} "
       "system_use: \"ab\" }",
       "entry[0].system_use: is for a record that names an entry, and the root has none / give it "
       "to another entry"},
  });
}

TEST(CheckTest, HoldsTheStrictProfileToItself) {
  Expect({
      {"volume { set_id: \"A_1\" publisher: \"A, B\" } iso9660 { profile: STRICT level: 1 names: "
       "REFUSE_NAMES relax: NO_RELAXATION rock_ridge {} joliet {} }",
       ""},
      {"iso9660 { profile: STRICT level: 4 names: MANGLE_NAMES relax: ASCII relax: LOWERCASE }",
       "iso9660.level: is 4, and names of 8.3 are level 1; the profile STRICT does not have it / "
       "leave out `iso9660.level`, or `iso9660.profile`\n"
       "iso9660.names: lets names be changed; the profile STRICT does not have it / leave out "
       "`iso9660.names`, or `iso9660.profile`\n"
       "iso9660.relax[0]: relaxes the standard; the profile STRICT does not have it / leave out "
       "`iso9660.relax`, or `iso9660.profile`"},
      {"volume { id: \"Label\" set_id: \"A-B\" publisher: \"[A]\" preparer: \"a\" application: "
       "\"OK (1)\" } iso9660 { profile: STRICT }",
       "volume.id: has \"a\"; with the profile STRICT there are d-characters only (ECMA-119 8.4.6) "
       "/ "
       "write it with letters A to Z, digits and `_`\n"
       "volume.set_id: has \"-\"; with the profile STRICT there are d-characters only (ECMA-119 "
       "8.4.19) / write it with letters A to Z, digits and `_`\n"
       "volume.publisher: has \"[\"; with the profile STRICT there are a-characters only (ECMA-119 "
       "8.4.20) / A to Z, 0 to 9, space and ! \" % & ' ( ) * + , - . / : ; < = > ? _ are\n"
       "volume.preparer: has \"a\"; with the profile STRICT there are a-characters only (ECMA-119 "
       "8.4.21) / A to Z, 0 to 9, space and ! \" % & ' ( ) * + , - . / : ; < = > ? _ are"},
  });
}

TEST(CheckTest, KnowsWhichOptionsAreThere) {
  Expect({
      {"iso9660 { level: 3 special: OMIT joliet { name_limit: 64 symlinks: FOLLOW special: OMIT } }"
       " udf { symlinks: EMIT special: REFUSE }",
       ""},
      {"iso9660 { level: 5 special: FOLLOW joliet { name_limit: 5 symlinks: EMIT special: FOLLOW "
       "} } udf { symlinks: FOLLOW special: FOLLOW }",
       "iso9660.level: 5 is no interchange level (ECMA-119 10) / write 1, 2, 3 or 4, or leave it "
       "out for 3\n"
       "iso9660.special: FOLLOW is not possible here / write one of REFUSE, OMIT\n"
       "iso9660.joliet.name_limit: 5 is less than the 64 of the specification / write 64 or 103, "
       "or something from 64 to 110\n"
       "iso9660.joliet.symlinks: EMIT is not possible here / write one of REFUSE, OMIT, FOLLOW\n"
       "iso9660.joliet.special: FOLLOW is not possible here / write one of REFUSE, OMIT\n"
       "udf.special: FOLLOW is not possible here / write one of REFUSE, OMIT, EMIT"},
      {"iso9660 { joliet { name_limit: 110 level: 1 volume_id: \"0123456789 \u00fc\u65e5 "
       "\U0001F4BF\" "
       "long_paths: OMIT version_numbers: false beyond_bmp: MANGLE_CHARACTERS } }",
       ""},
      {"iso9660 { joliet { name_limit: 111 level: 4 volume_id: \"0123456789 12345\U0001F4BF\" "
       "long_paths: FOLLOW } }",
       "iso9660.joliet.name_limit: 111 is more than the 110 that a directory record holds "
       "(ECMA-119 "
       "9.1) / write 64 or 103, or something from 64 to 110\n"
       "iso9660.joliet.level: 4 is no level of UCS-2 in Joliet / write 1, 2 or 3, or leave it out "
       "for 3\n"
       "iso9660.joliet.volume_id: has 18 units of UTF-16; Joliet's label holds 16 (ECMA-119 8.5) / "
       "shorten it\n"
       "iso9660.joliet.long_paths: FOLLOW is not possible here / write one of REFUSE, OMIT, EMIT"},
      {"iso9660 { joliet { volume_id: \"a\\tb\" } }",
       "iso9660.joliet.volume_id: \"a\\tb\" has a control character / leave it out"},
      // Numbers that no name stands for.
      {"udf { revision: 202 special: 9 } attributes { keep: 7 } boot { entry { platform: 5 image: "
       "\"/a\" } }",
       "udf.revision: 202 is no value of UdfRevision / write one of its names\n"
       "udf.special: 9 is no value of EntryPolicy / write one of its names\n"
       "attributes.keep[0]: 7 is no value of Keep / write one of its names\n"
       "boot.entry[0].platform: 5 is no value of Platform / write one of its names"},
  });
}

TEST(CheckTest, KnowsWhenDirectoriesCanBeRelocated) {
  const std::string kUnused =
      "iso9660.relocation_directory: is for deep directories that are relocated, which none is "
      "here / leave it out, or set `deep_directories: RELOCATE_DIRECTORIES`";
  Expect({
      {"iso9660 { rock_ridge {} deep_directories: RELOCATE_DIRECTORIES relocation_directory { "
       "name: \".rr_moved\" shown: true } }",
       ""},
      {"iso9660 { deep_directories: REFUSE_DIRECTORIES }", ""},
      {"iso9660 { deep_directories: RELOCATE_DIRECTORIES }",
       "iso9660.deep_directories: cannot be RELOCATE_DIRECTORIES without Rock Ridge, which says "
       "where they belong (RRIP 4.1.5) / add `rock_ridge {}` to `iso9660`, or write "
       "KEEP_DIRECTORIES or REFUSE_DIRECTORIES"},
      {"iso9660 { rock_ridge {} relocation_directory {} }", kUnused},
      {"iso9660 { rock_ridge {} deep_directories: RELOCATE_DIRECTORIES relocation_directory { "
       "name: \"a/b\" } }",
       "iso9660.relocation_directory.name: \"a/b\" is no single name / name a directory of the "
       "root, without slashes"},
      {"iso9660 { rock_ridge {} deep_directories: RELOCATE_DIRECTORIES relocation_directory { "
       "name: \"..\" } }",
       "iso9660.relocation_directory.name: \"/..\" has a component \"..\" / write the path as it "
       "is without them"},
  });
}

TEST(CheckTest, KnowsWhichFormsRockRidgeHas) {
  Expect({
      {"iso9660 { rock_ridge { version: RRIP_1_10 serial_numbers: false } }", ""},
      {"iso9660 { rock_ridge { version: RRIP_1_10 serial_numbers: true } }", ""},
      {"iso9660 { rock_ridge { serial_numbers: true } }", ""},
      {"iso9660 { rock_ridge { version: RRIP_1_12 serial_numbers: false } }",
       "iso9660.rock_ridge.serial_numbers: cannot be false: PX has a serial number in version 1.12 "
       "(RRIP 4.1.1) / leave it out, or write `version: RRIP_1_10` as well"},
  });
}

TEST(CheckTest, HidesFromNamespacesThatThereAre) {
  Expect({
      {"hide { match: \"a/**\" } hide { match: \"b\" from: ISO9660 by: MARK }", ""},
      {"dvd_video {}",
       "dvd_video: needs the UDF view, which is all that players read (OSTA UDF 6.9) / write "
       "`udf {}`"},
      {"iso9660 { joliet {} } udf {} hide { match: \"b\" from: [JOLIET, UDF, ALL_NAMESPACES] }",
       ""},
      {"hide { from: ISO9660 } hide { match: \"/a\" from: [JOLIET, UDF] }",
       "hide[0].match: is missing / write match: \"path/of/what/to/hide\"\n"
       "hide[1].match: \"/a\": the pattern begins with `/`, but paths here do not / write \"a\"\n"
       "hide[1].from[0]: the image has no Joliet to hide it from / leave `from` out to hide it "
       "from every namespace that the image has\n"
       "hide[1].from[1]: the image has no UDF to hide it from / leave `from` out to hide it from "
       "every namespace that the image has"},
  });
}

TEST(CheckTest, LooksAtTimesOfCreation) {
  const std::string entry = "entry { path: \"/s\" text: \"x\" created: \"@1\" }";
  Expect({
      {entry,
       "entry[0].created: is for Rock Ridge (RRIP 4.1.6) and UDF; other namespaces hold no such "
       "time / add `rock_ridge {}` to `iso9660`, add `udf {}`, or leave it out"},
      {"udf {} " + entry, ""},
      {"iso9660 { rock_ridge {} } " + entry, ""},
      {"udf {} entry { path: \"/s\" text: \"x\" created: \"yesterday\" } entry { path: \"/t\" "
       "hard_link: \"/s\" created: \"1899-12-31T00:00:00Z\" }",
       "entry[0].created: \"yesterday\" is not a time / write it as 2026-11-01T00:00:00Z or "
       "@1793491200\n"
       "entry[1].created: \"1899-12-31T00:00:00Z\" is in the year 1899; directories hold 1900 to "
       "2155 (ECMA-119 9.1.5) / give a time in that range\n"
       "entry[1].created: is for the entry that the hard link names: they share it / write it at "
       "/s"},
  });
}

TEST(CheckTest, TakesNamedStreamsFromRevision200On) {
  const std::string entry = "entry { path: \"/s\" text: \"x\" udf_stream { name: \"n\" } }";
  const std::string needs =
      "entry[0].udf_stream: needs UDF of revision 2.00 or later (ECMA-167 3rd edition 4/9.2) / "
      "write `udf { revision: UDF_2_01 }`, or leave it out";
  Expect({
      {entry, needs},
      {"udf {} " + entry, needs},
      {"udf { revision: UDF_1_50 } " + entry, needs},
      {"udf { revision: UDF_2_00 } " + entry, ""},
      {"udf { revision: UDF_2_60 } " + entry, ""},
      {"udf { revision: UDF_2_01 } entry { path: \"/s\" text: \"x\" udf_stream { name: \"*UDF "
       "Macintosh Resource Fork\" } }",
       ""},
      {"udf { revision: UDF_2_01 } entry { path: \"/s\" text: \"x\" udf_stream { name: \"f\" file "
       "{} "
       "} udf_stream { name: \"c\" concat { part { file { source: \"x\" sha256: \"ab\" } } } } "
       "udf_stream { name: \"z\" zeros: 8796093022209 } }",
       "entry[0].udf_stream[0].file.source: is missing / name the file with the contents\n"
       "entry[0].udf_stream[1].concat.part[0].file.sha256: \"ab\" is no SHA-256 / write the 64 "
       "hexadecimal digits that `sha256sum` prints\n"
       "entry[0].udf_stream[2].zeros: 8796093022209 bytes are more than an image can have, "
       "8796093020160 (ECMA-119 7.3) / the number is in bytes"},
      {"udf { revision: UDF_2_01 } entry { path: \"/s\" text: \"x\" udf_stream {} udf_stream { "
       "name: "
       "\"*UDF Backup\" } udf_stream { name: \"a\" } udf_stream { name: \"a\" } } entry { path: "
       "\"/t\" hard_link: \"/s\" udf_stream { name: \"a\" } }",
       "entry[0].udf_stream[0].name: is empty / give the stream a name\n"
       "entry[0].udf_stream[1].name: begins with *UDF, which OSTA keeps for its own (OSTA UDF 2.00 "
       "3.3.5.2) / choose another name\n"
       "entry[0].udf_stream[3].name: \"a\" is the name of another stream of the entry / choose "
       "another name\n"
       "entry[1].udf_stream: is for the entry that the hard link names: they share their streams / "
       "write it at /s"},
  });
}

TEST(CheckTest, KnowsWhatAPathIs) {
  const std::string k255(255, 'n'), k256(256, 'n');
  std::string long_path;
  for (int i = 0; i < 16; ++i) absl::StrAppend(&long_path, "/", k255);
  const struct {
    std::string path;
    std::string problem;
    std::string remedy;
  } kCases[] = {
      {"/", "", ""},
      {"/a/b.c", "", ""},
      {"/...", "", ""},
      {"/ \\ : ~", "", ""},
      {"/\u00fc\u4e2d", "", ""},
      {"/" + k255, "", ""},
      {long_path, "", ""},
      {"", "\"\" is not absolute", "write \"/\""},
      {"a/b", "\"a/b\" is not absolute", "write \"/a/b\""},
      {"/a//b", "\"/a//b\" has two slashes side by side", "one slash is enough"},
      {"//a", "\"//a\" has two slashes side by side", "one slash is enough"},
      {"/a/", "\"/a/\" ends with a slash",
       "paths in the image end with a name, also those of directories"},
      {"/./a", "\"/./a\" has a component \".\"", "write the path as it is without them"},
      {"/a/..", "\"/a/..\" has a component \"..\"", "write the path as it is without them"},
      {std::string("/a\0b", 4), "\"/a\\x00b\" has a NUL in it", "no name has one"},
      {"/a\xff", "\"/a\\xff\" is not valid UTF-8: byte 0xff at position 3",
       "write the characters themselves, in UTF-8"},
      {"/d/" + k256,
       "the name \"" + std::string(120, 'n') + "...\" is 256 bytes long; a name has at most 255",
       "shorten it"},
      {long_path + "n", "the path is 4097 bytes long; a path has at most 4096", "shorten it"},
  };
  ASSERT_EQ(long_path.size(), 4096u);
  for (const auto& c : kCases) {
    std::string remedy = "left from before";
    EXPECT_EQ(ImagePathProblem(c.path, &remedy), c.problem);
    EXPECT_EQ(remedy, c.remedy) << c.path;
    EXPECT_EQ(ImagePathProblem(c.path, nullptr), c.problem);
  }
}

TEST(CheckTest, LooksAtEntries) {
  const std::string k300(300, 'n');
  const std::string k64 = "0123456789abcdefABCDEF0123456789abcdefABCDEF0123456789abcdefABCD";
  Expect({
      {"entry { path: \"/\" tree { source: \".\" } } entry { path: \"/\" directory {} }", ""},
      {"entry { path: \"/a\" file { source: \"../x\" sha256: \"" + k64 + "\" size: 0 } }", ""},
      {"entry { path: \"/a\" symlink: \"../../nowhere\" } entry { path: \"/b\" hard_link: \"/c\" }",
       ""},
      {"entry { path: \"/a\" text: \"\" } entry { path: \"/b\" bytes: \"\\377\\000\" }", ""},
      {"entry { text: \"\" }",
       "entry[0].path: is missing / say where in the image the entry stands: path: \"/...\""},
      {"entry { path: \"/a\" }",
       "entry[0]: says where, but not what it is / give it one of file, tree, text, bytes, "
       "symlink, directory, hard_link, device, fifo, socket, checksums, reserve_map, "
       "concat, zeros and archive"},
      {"entry { path: \"/a\" concat { part { text: \"\" } part { zeros: 8796093020160 } "
       "part { bytes: \"\\377\" } part { file { source: \"s\" offset: 1 length: 0 } } "
       "sha256: \"" +
           k64 + "\" } } entry { path: \"/z\" zeros: 0 }",
       ""},
      {"entry { path: \"/a\" concat {} } entry { path: \"/b\" concat { part {} sha256: \"1\" } }",
       "entry[0].concat.part: is missing: there is nothing to put together / add part { file { "
       "source: \"...\" } }, or write text: \"\" instead\n"
       "entry[1].concat.part[0]: says nothing / give it one of file, text, bytes and zeros\n"
       "entry[1].concat.sha256: \"1\" is no SHA-256 / write the 64 hexadecimal digits that "
       "`sha256sum` prints"},
      {"entry { path: \"/a\" zeros: 8796093020161 } entry { path: \"/b\" concat { "
       "part { file {} } part { zeros: 18446744073709551615 } part { text: \"\\377\" } } }",
       "entry[1].concat.part[2].text: \"\\xff\" is not valid UTF-8: byte 0xff at position 1 / "
       "write contents that are not text as `bytes`\n"
       "entry[0].zeros: 8796093020161 bytes are more than an image can have, 8796093020160 "
       "(ECMA-119 7.3) / the number is in bytes\n"
       "entry[1].concat.part[0].file.source: is missing / name the file with the contents\n"
       "entry[1].concat.part[1].zeros: 18446744073709551615 bytes are more than an image can have, "
       "8796093020160 (ECMA-119 7.3) / the number is in bytes"},
      {"entry { path: \"/\" zeros: 1 }",
       "entry[0].path: the root is a directory, which this entry is not / give the name under "
       "which it stands in the root: path: \"/name\""},
      {"entry { path: \"/\" text: \"\" }",
       "entry[0].path: the root is a directory, which this entry is not / give the name under "
       "which it stands in the root: path: \"/name\""},
      {"entry { path: \"/d/" + k300 + "\" text: \"\" }",
       "entry[0].path: the name \"" + k300.substr(0, 120) +
           "...\" is 300 bytes long; a name has at most 255 / shorten it"},
      {"entry { path: \"/a\" file {} } entry { path: \"/b\" tree {} }",
       "entry[0].file.source: is missing / name the file with the contents\n"
       "entry[1].tree.source: is missing / name the source directory; \".\" is the one of the "
       "manifest"},
      {"entry { path: \"/a\" file { source: \"a\\000b\" sha256: \"" + k64 + "0\" } }",
       "entry[0].file.source: \"a\\x00b\" has a NUL in it / no file has such a name\n"
       "entry[0].file.sha256: \"" +
           k64 + "0\" is no SHA-256 / write the 64 hexadecimal digits that `sha256sum` prints"},
      {"entry { path: \"/a\" file { source: \"a\" sha256: \"xyz\" } }",
       "entry[0].file.sha256: \"xyz\" is no SHA-256 / write the 64 hexadecimal digits that "
       "`sha256sum` prints"},
      {"entry { path: \"/a\" symlink: \"\" } entry { path: \"/b\" symlink: \"a\\000\" } entry { "
       "path: \"/c\" symlink: \"" +
           std::string(4096, 'x') + "\" }",
       "entry[0].symlink: is empty / give the target of the link\n"
       "entry[1].symlink: \"a\\x00\" has a NUL in it / no path has one\n"
       "entry[2].symlink: is 4096 bytes long; a target has at most 4095 / shorten the target"},
      {"entry { path: \"/a\" hard_link: \"/b\" attributes { owner: 1 } }",
       "entry[0].attributes: a hard link has the attributes of the file that it names / give them "
       "to the entry of that file"},
      {"entry { path: \"/a\" hard_link: \"b\" } entry { path: \"/b\" hard_link: \"/b\" }",
       "entry[0].hard_link: \"b\" is not absolute / write \"/b\"\n"
       "entry[1].hard_link: names the entry itself / name another file of the image"},
      {"entry { path: \"/a\" checksums { match: \"**\" exclude: \"a/*\" directory: \"/\" prefix: "
       "\"\" } attributes { owner: 1 } }",
       ""},
      {"entry { path: \"/a\" checksums { match: \"/b\" exclude: \"c/\" directory: \"d\" prefix: "
       "\"\\000\" algorithm: 9 } }",
       "entry[0].checksums.algorithm: 9 is no value of ChecksumAlgorithm / write one of its names\n"
       "entry[0].checksums.match[0]: \"/b\": the pattern begins with `/`, but paths here do not / "
       "write \"b\"\n"
       "entry[0].checksums.exclude[0]: \"c/\": the pattern ends with `/`, but no path does / write "
       "\"c\"\n"
       "entry[0].checksums.directory: \"d\" is not absolute / write \"/d\"\n"
       "entry[0].checksums.prefix: \"\\x00\" has a NUL in it / no name has one"},
      {"entry { path: \"/a\" text: \"caf\\351\" }",
       "entry[0].text: \"caf\\xe9\" is not valid UTF-8: byte 0xe9 at position 4 / write contents "
       "that are not text as `bytes`"},
      {"entry { path: \"/a\" symlink: \"\\377\" }",
       "entry[0].symlink: \"\\xff\" is not valid UTF-8: byte 0xff at position 1 / write the "
       "characters themselves, in UTF-8"},
  });
}

TEST(CheckTest, LooksAtSpecialFiles) {
  Expect({
      {"entry { path: \"/p\" fifo {} } entry { path: \"/s\" socket {} }", ""},
      {"entry { path: \"/d\" device { type: BLOCK_DEVICE major: 4095 minor: 1048575 } }", ""},
      {"entry { path: \"/d\" device { major: 4096 minor: 1048576 } }",
       "entry[0].device.type: is missing / write BLOCK_DEVICE or CHARACTER_DEVICE\n"
       "entry[0].device.major: 4096 is no device number that Linux shows; it ends at 4095 / "
       "correct the number\n"
       "entry[0].device.minor: 1048576 is no device number that Linux shows; it ends at 1048575 / "
       "correct the number"},
      {"entry { path: \"/d\" device { type: 3 } } entry { path: \"/\" fifo {} }",
       "entry[0].device.type: 3 is no value of DeviceType / write one of its names\n"
       "entry[1].path: the root is a directory, which this entry is not / give the name under "
       "which it stands in the root: path: \"/name\""},
  });
}

TEST(CheckTest, LooksAtTheCheckOfTheMedium) {
  Expect({
      {"media_check { isomd5 {} tagmedia { algorithm: SHA512 padding_blocks: 0 } }", ""},
      {"media_check {}",
       "media_check: names no check / write media_check { isomd5 {} }, or tagmedia {} for SUSE's"},
      {"media_check { isomd5 { skip_blocks: 1048577 } tagmedia { padding_blocks: 4294967295 "
       "algorithm: B2 } }",
       "media_check.isomd5.skip_blocks: 1048577 blocks are more than 1048576, which is 2 GiB / the "
       "number is in blocks of 2048 bytes\n"
       "media_check.tagmedia.padding_blocks: 4294967295 blocks are more than 1048576, which is 2 "
       "GiB / the number is in blocks of 2048 bytes\n"
       "media_check.tagmedia.algorithm: checkmedia does not know B2 / write MD5, SHA1, SHA256 or "
       "SHA512"},
  });
}

TEST(CheckTest, LooksAtReservedAreas) {
  Expect({
      {"entry { path: \"/a\" text: \"x@y\" reserve { name: \"a\" size: 9 marker: \"@\" text: \"t\" "
       "fill: \"#\" } } entry { path: \"/m\" reserve_map { area: \"a\" } }",
       ""},
      {"entry { path: \"/a\" symlink: \"b\" reserve { name: \"a\" size: 9 } }",
       "entry[0].reserve[0]: is for files / leave it out, or give it to an entry of file, text, "
       "bytes, concat or zeros"},
      {"entry { path: \"/a\" text: \"\" reserve { fill: \"##\" text: \"t\" } }",
       "entry[0].reserve[0].name: is missing / give the area a name for the map\n"
       "entry[0].reserve[0].size: is missing / say how many bytes it has: size: 4096\n"
       "entry[0].reserve[0].fill: \"##\" is not one character of ASCII / write fill: \"#\", or "
       "leave "
       "it out for zero bytes\n"
       "entry[0].reserve[0].text: is for areas that stand at a marker / write the contents into "
       "the "
       "entry itself"},
      {"entry { path: \"/a\" text: \"@@\" reserve { name: \"a\" size: 1 marker: \"@\" text: \"tt\" "
       "} "
       "reserve { name: \"a\" size: 1 offset: 0 } }",
       "entry[0].reserve[0].text: has 2 bytes, the area 1 / shorten the text, or make the area "
       "larger\n"
       "entry[0].reserve[0].marker: \"@\" stands in the text more than once / write it where the "
       "area is to stand, and only there\n"
       "entry[0].reserve[1].name: \"a\" is the name of entry[0].reserve[0], too / give every area "
       "a "
       "name of its own\n"
       "entry[0].reserve[1]: does not go with the area before it / reserve the whole file once, or "
       "areas at markers, or areas at offsets"},
      {"entry { path: \"/a\" text: \"\" reserve { name: \"kargs\" size: 1 } } entry { path: \"/m\" "
       "reserve_map { area: \"karg\" form: COREOS_KARGS } } entry { path: \"/n\" reserve_map { "
       "form: "
       "COREOS_IGNINFO } }",
       "entry[1].reserve_map.area[0]: no area is called \"karg\" / did you mean \"kargs\"?\n"
       "entry[2].reserve_map.area: is not one area, which coreos-installer reads / name the area "
       "for "
       "the Ignition config: area: \"...\""},
  });
}

TEST(CheckTest, LooksAtPatterns) {
  const std::string kHelp =
      " / `*` and `?` stay inside a name, `**` crosses directories, `[a-z]` is a class";
  Expect({
      {"attribute_rule { match: \"**/*.sh\" attributes { file_mode: 0555 } }", ""},
      {"attribute_rule {}",
       "attribute_rule[0].match: is missing / write match: \"**\" for everything"},
      {"attribute_rule { match: \"/etc/*\" }",
       "attribute_rule[0].match: \"/etc/*\": the pattern begins with `/`, but paths here do not / "
       "write \"etc/*\""},
      {"entry { path: \"/a\" tree { source: \"s\" include: \"[a\" include: \"x\" exclude: \"a/\" "
       "exclude: \"a**\" exclude: \"\" } }",
       "entry[0].tree.include[0]: \"[a\": a class `[...]` is not closed; write `\\[` for the "
       "character" +
           kHelp +
           "\nentry[0].tree.exclude[0]: \"a/\": the pattern ends with `/`, but no path does / "
           "write "
           "\"a\"\nentry[0].tree.exclude[1]: \"a**\": `**` is not a whole component of the "
           "pattern; "
           "within a name `*` is enough" +
           kHelp + "\nentry[0].tree.exclude[2]: \"\": the pattern is empty" + kHelp},
  });
}

TEST(CheckTest, LooksAtBootEntries) {
  Expect({
      {"boot { catalog: \"/boot.cat\" entry { image: \"/a\" boot_info_table: true load_sectors: "
       "65535 id: \"" +
           std::string(24, 'i') + "\" } entry { platform: UEFI image: \"/b\" id: \"" +
           std::string(28, 'i') + "\" } }",
       ""},
      {"boot { system_area { source: \"mbr.bin\" } }", ""},
      {"boot {}",
       "boot: has no entry, so nothing boots / add entry { platform: BIOS image: \"/...\" }, or "
       "leave boot out"},
      {"boot { allow: \"labels-differ\" allow: \"udf-special-7zip\" }", ""},
      {"boot { allow: \"label-differ\" allow: \"\" }",
       "boot.allow[0]: there is no rule \"label-differ\" / did you mean \"labels-differ\"?\n"
       "boot.allow[1]: there is no rule \"\" / docs/firmware-lint.md lists them"},
      {"boot { catalog: \"/\" system_area { source: \"a\\000\" } entry { image: \"/a\" } }",
       "boot.catalog: the root is a directory, which the catalog is not / give it a name: "
       "\"/boot.cat\"\n"
       "boot.system_area.source: \"a\\x00\" has a NUL in it / no file has such a name"},
      {"boot { catalog: \"boot.cat\" entry {} }",
       "boot.catalog: \"boot.cat\" is not absolute / write \"/boot.cat\"\n"
       "boot.entry[0].image: is missing / give the path in the image of the boot image: image: "
       "\"/...\""},
      {"boot { entry { image: \"/a\" load_sectors: 65536 load_segment: 0x10000 id: \"" +
           std::string(25, 'i') +
           "\" } entry { platform: UEFI image: \"../b\" load_sectors: 70000 "
           "id: \"" +
           std::string(29, 'i') + "\" } }",
       "boot.entry[0].load_sectors: 65536 is more than 65535, what El Torito's entry holds / a "
       "BIOS "
       "wants 4\n"
       "boot.entry[0].load_segment: 0x10000 is more than 0xFFFF, what El Torito's entry holds / "
       "leave it out for 0x7C0\n"
       "boot.entry[0].id: is 25 bytes long; the catalog's first entry holds 24 / shorten it\n"
       "boot.entry[1].image: \"../b\" is not absolute / write \"/../b\"\n"
       "boot.entry[1].load_sectors: 70000 is more than 65535, what El Torito's entry holds / leave "
       "it out: a UEFI entry of 32 MiB and more gets 0, all of the image\n"
       "boot.entry[1].id: is 29 bytes long; a section holds 28 / shorten it"},
      {"boot { entry { platform: UEFI image: \"/a\" boot_info_table: true grub2_boot_info: true "
       "load_segment: 7 } }",
       "boot.entry[0].boot_info_table: is for BIOS loaders; a UEFI entry is a FAT image / leave it "
       "out, or move it to the BIOS entry\n"
       "boot.entry[0].grub2_boot_info: is for BIOS loaders; a UEFI entry is a FAT image / leave it "
       "out, or move it to the BIOS entry\n"
       "boot.entry[0].load_segment: is for BIOS loaders; a UEFI entry is a FAT image / leave it "
       "out, or move it to the BIOS entry"},
  });
}

TEST(CheckTest, LooksAtWhatBootEntriesEmulate) {
  const std::string kEntry = "boot { entry { image: \"/a\" ";
  Expect({
      {kEntry + "emulation: FLOPPY not_bootable: true } entry { image: \"/b\" emulation: HARD_DISK "
                "selection_criteria: \"\\001en\" new_section: true } }",
       ""},
      {kEntry + "platform: UEFI emulation: FLOPPY } }",
       "boot.entry[0].emulation: a disk is emulated by a BIOS, and by no other platform / leave it "
       "out, or write `platform: BIOS`"},
      {kEntry + "selection_criteria: \"a\" new_section: true } }",
       "boot.entry[0].selection_criteria: the first entry is in no section (El Torito 2.2) / leave "
       "it out, or put another entry first\n"
       "boot.entry[0].new_section: the first entry is in no section (El Torito 2.2) / leave it "
       "out, "
       "or put another entry first"},
      {kEntry + "partition: 3 boot_info_table: true } }",
       "boot.entry[0].partition: there is no `boot.partition` 3 / correct the number: the first "
       "has 2 unless it says otherwise\n"
       "boot.entry[0].partition: an entry has one image / leave out `partition` or `image`\n"
       "boot.entry[0].partition: nothing is written into a partition / leave out "
       "`boot_info_table` and `grub2_boot_info`"},
  });
}

TEST(CheckTest, LooksAtBootBlocks) {
  const std::string kArea = "boot { system_area { ";
  const std::string kImage = " is missing / name a file of the image";
  Expect({
      {kArea + "source: \"m\" sun { label: \"L\" } } partition { source: \"p\" number: 8 } }", ""},
      {kArea +
           "mips { boot { image: \"/boot/long_loader\" } boot { image: \"/x\" name: \"y\" } } } }",
       ""},
      {kArea + "mips {} } }",
       "boot.system_area.mips.boot: is missing / name a file of the image: boot { image: "
       "\"/boot/loader\" }"},
      {kArea + "mips { boot { image: \"/a/loader\" } boot { image: \"/b/loader\" }\n"
               "boot { name: \"123456789\" } } } }",
       "boot.system_area.mips.boot[2].image:" + kImage +
           "\nboot.system_area.mips.boot[1]: is called \"loader\", as boot[0] is / give it a "
           "`name` "
           "of its own\n"
           "boot.system_area.mips.boot[2].name: has 9 characters; there is room for 8 / shorten "
           "it"},
      {kArea + "code: GRUB_CODE source: \"m\" mbr {} alpha { image: \"x\" } } }",
       "boot.system_area.alpha: begins where a partition table does / leave out one of the two\n"
       "boot.system_area.code: is about a master boot record, and there is none / leave it out\n"
       "boot.system_area.alpha.image: \"x\" is not absolute / write \"/x\""},
      {kArea + "mipsel {} alpha {} } }",
       "boot.system_area.alpha: begins where `mipsel` does / leave out one of the two\n"
       "boot.system_area.mipsel.image:" +
           kImage + "\n" + "boot.system_area.alpha.image:" + kImage},
      {kArea + "hppa { version: 3 kernel_32: \"/a\" kernel_64: \"/b\" ramdisk: \"/c\" } } }",
       "boot.system_area.hppa.bootloader:" + kImage +
           "\nboot.system_area.hppa.version: 3 is neither 4 nor 5 / leave it out for 5"},
      {kArea + "sun {} } partition { source: \"p\" number: 9 alignment: 4096 } }",
       "boot.partition[0].number: there is no partition 9 in a disk label, which ends with 8 / use "
       "a "
       "smaller number\n"
       "boot.partition[0].alignment: with a disk label, partitions begin with cylinders / leave it "
       "out"},
      {kArea + "mbr { iso_type: 0x96 } } partition { source: \"p\" type: \"0x83\" } }",
       "boot.system_area.mbr.iso_type: PowerPC machines of the CHRP kind want a partition 1 of "
       "type "
       "0x96 that is the whole image, and there are others / leave out the others, or leave it out "
       "for 0x17"},
  });
}

TEST(CheckTest, LooksAtTheSystemArea) {
  const std::string kArea = "boot { system_area { ";
  const std::string kRemedy =
      " / write 36 characters as C12A7328-F81F-11D2-BA4B-00A0C93EC93B, or leave it out";
  Expect({
      {kArea + "source: \"m\" code: GRUB_CODE mbr { disk_signature: 1 iso_type: 0 geometry: "
               "HEADS_64_SECTORS_32 } apm { block_size: 512 } } }",
       ""},
      {kArea + "partition_offset: 16 mbr {} } }", ""},
      {kArea + "partition_offset: 32768 mbr {} } }",
       "boot.system_area.partition_offset: 32768 is neither 0 nor 16 / write 16 for a partition "
       "that "
       "can be mounted by itself"},
      {kArea + "code: RAW_CODE mbr { disk_signature: 0 iso_type: 0xEE hybrid: true } } }",
       "boot.system_area.code: there is no code / name its file as `source`\n"
       "boot.system_area.mbr.disk_signature: 0 stands for a disk that has none / leave it out for "
       "one that is derived from the image id\n"
       "boot.system_area.mbr.iso_type: 0xEE is no type of a partition / leave it out for 0x17\n"
       "boot.system_area.mbr.hybrid: is about entries beside a protective one / leave it out, or "
       "add `gpt {}`"},
      {kArea + "mbr { hybrid: true iso_type: 1 } gpt { disk_guid: \"x\" iso_type: "
               "\"00000000-0000-0000-0000-000000000000\" } apm { block_size: 512 } } }",
       "boot.system_area.mbr.iso_type: beside a `gpt`, only that lists ISO 9660 / leave it "
       "out, or write `boot.system_area.gpt.iso_type`\n"
       "boot.system_area.mbr.hybrid: there is no partition to list / leave it out, or add a "
       "`boot.partition`\n"
       "boot.system_area.gpt.disk_guid: \"x\" is no GUID" +
           kRemedy +
           "\n"
           "boot.system_area.gpt.iso_type: \"00000000-0000-0000-0000-000000000000\" is no GUID" +
           kRemedy +
           "\n"
           "boot.system_area.apm.block_size: with blocks of 512 bytes, the map lies where the "
           "GPT's "
           "header does (UEFI 5.3.2) / leave it out for 2048, or leave out `gpt`"},
      {kArea + "apm { block_size: 1024 } } }",
       "boot.system_area.apm.block_size: 1024 is neither 512 nor 2048 / leave it out for 2048"},
  });
}

TEST(CheckTest, LooksAtPartitions) {
  const std::string kGpt = "boot { system_area { gpt {} } partition { ";
  const std::string kMbr = "boot { system_area { mbr {} } partition { type: \"0x83\" ";
  const std::string kGood = kGpt + "source: \"a\" type: \"ESP\" ";
  Expect({
      {kGood + "alignment: 4096 name: \"n\" number: 128 sha256: \"" + std::string(64, 'a') +
           "\" } partition { image: \"/a\" type: \"0fc63daf-8483-4772-8e79-3d69d8477de4\" } }",
       ""},
      {"boot { partition { source: \"a\" type: \"ESP\" } system_area {} }",
       "boot.partition[0]: there is no table that lists it, and no boot entry that is about it / "
       "add `boot.system_area { gpt {} }`, or `mbr {}`, or write its number as `partition` of a "
       "boot "
       "entry"},
      {"boot { entry { platform: UEFI partition: 7 } partition { source: \"a\" type: \"ESP\" } "
       "partition { source: \"a\" type: \"ESP\" number: 7 } }",
       "boot.partition[1].number: there is no partition 7 in a master boot record, which ends with "
       "4 / use a smaller number, or add `gpt {}`\n"
       "boot.partition[0]: there is no table that lists it, and no boot entry that is about it / "
       "add `boot.system_area { gpt {} }`, or `mbr {}`, or write its number as `partition` of a "
       "boot "
       "entry"},
      {kGpt + "type: \"0xEE\" } }",
       "boot.partition[0]: has one of `source`, `image` and `fat` / name a file of the host as "
       "`source` or one of the image as `image`, or write `fat {}` for one that is made of /EFI\n"
       "boot.partition[0].type: \"0xEE\" is no type of a partition / write ESP, a byte such as "
       "0x83, or a GUID"},
      {kGood + "alignment: 3000 name: \"\\001\" sha256: \"a\" number: 129 apm_type: \"" +
           std::string(32, 'a') + "\" } }",
       "boot.partition[0].sha256: \"a\" is no SHA-256 / write the 64 hexadecimal digits that "
       "`sha256sum` prints\n"
       "boot.partition[0].number: there is no partition 129 in a GPT, which ends with 128 / use a "
       "smaller number\n"
       "boot.partition[0].name: \"\\x01\" is not printable ASCII / leave out the rest\n"
       "boot.partition[0].apm_type: has 32 characters; there is room for 31 / shorten it\n"
       "boot.partition[0].alignment: 3000 is no power of two from 2048 to 1073741824 / leave it "
       "out for 1 MiB"},
      {kMbr + "source: \"a\" number: 1 } partition { type: \"0x83\" source: \"b\" number: 5 } "
              "partition { type: \"0x83\" source: \"b\" number: 5 } }",
       "boot.partition[0].number: 1 is the partition of ISO 9660 / number partitions from 2 on\n"
       "boot.partition[1].number: there is no partition 5 in a master boot record, which ends with "
       "4 / use a smaller number, or add `gpt {}`\n"
       "boot.partition[2].number: there is no partition 5 in a master boot record, which ends with "
       "4 / use a smaller number, or add `gpt {}`\n"
       "boot.partition[2].number: 5 is the number of boot.partition[1], too / give each one of its "
       "own"},
  });
}

TEST(CheckTest, LooksAtFatPartitions) {
  const std::string kGpt = "boot { system_area { gpt {} } partition { ";
  const std::string kFiles = "boot.partition[0].fat.files[0]";
  Expect({
      {kGpt + "fat {} } partition { image: \"/efi.img\" type: \"0x0B\" fat { files { path: \"/a\" "
              "to: \"/\" match: \"a/**\" exclude: \"b\" } type: FAT32 size: 2048 free: 1 label: "
              "\"A B\" serial: 0 cluster_size: 32768 symlinks: FOLLOW special: OMIT } } }",
       ""},
      {kGpt + "fat {} source: \"s\" sha256: \"" + std::string(64, 'a') + "\" } }",
       "boot.partition[0].source: a `fat` is made from the image's own files / leave out one of "
       "the "
       "two"},
      {kGpt + "fat {} image: \"/\" } }",
       "boot.partition[0].image: the root is a directory, which the partition is not / give it a "
       "name: \"/efi.img\""},
      {kGpt + "fat { files {} } } }",
       kFiles + ".path: is missing / name a file or directory of the image: path: \"/EFI\""},
      {kGpt + "fat { files { path: \"a\" to: \"/b/c:\" match: \"/m\" exclude: \"/e\" } } } }",
       kFiles + ".path: \"a\" is not absolute / write \"/a\"\n" + kFiles +
           ".to: the name \"c:\" holds :, which FAT forbids (fatgen103, Long Directory Entries) / "
           "choose another name\n" +
           kFiles +
           ".match[0]: \"/m\": the pattern begins with `/`, but paths here do not / write \"m\"\n" +
           kFiles +
           ".exclude[0]: \"/e\": the pattern begins with `/`, but paths here do not / write \"e\""},
      {kGpt + "fat { size: 2049 free: 2199023255553 label: \"small\" cluster_size: 65536 symlinks: "
              "EMIT special: FOLLOW } } }",
       "boot.partition[0].fat.size: 2049 is no multiple of 2048 bytes / round it up, or leave it "
       "out "
       "for what is needed\n"
       "boot.partition[0].fat.free: 2199023255553 bytes are more sectors than FAT counts / the "
       "number is in bytes\n"
       "boot.partition[0].fat.cluster_size: 65536 is no power of two from 2048 to 32768 / leave it "
       "out for the least that is possible\n"
       "boot.partition[0].fat.label: the label \"small\" has other characters than A to Z, 0 to 9, "
       "blanks and $%'-_@~`!(){}^#& (fatgen103, Short Directory Entries) / shorten it to such "
       "characters, or leave it out for one like the volume id\n"
       "boot.partition[0].fat.symlinks: EMIT is not possible here / write one of REFUSE, OMIT, "
       "FOLLOW\n"
       "boot.partition[0].fat.special: FOLLOW is not possible here / write one of REFUSE, OMIT"},
      {kGpt + "fat { size: 2199023257600 } } }",
       "boot.partition[0].fat.size: 2199023257600 bytes are more sectors than FAT counts / the "
       "number is in bytes; leave it out for what is needed"},
  });
}

TEST(CheckTest, WithoutIso9660HasNothingOfIt) {
  const std::string kOne = ", and `udf.bridge: NO_BRIDGE` writes none / leave out one of the two";
  const std::string kField = " is a field of ISO 9660's descriptors" + kOne;
  const std::string kAlone = "udf { bridge: NO_BRIDGE } ";
  Expect({
      {kAlone, ""},
      {kAlone +
           "boot { system_area { source: \"mbr.bin\" } } volume { set_id: \"S\" creation_time: "
           "\"1850-01-01T00:00:00Z\" time: \"2400-01-01T00:00:00Z\" }",
       ""},
      {kAlone + "volume { time: \"10000-01-01T00:00:00Z\" }",
       "volume.time: \"10000-01-01T00:00:00Z\" is in the year 10000; a volume's dates hold 1 to "
       "9999 (ECMA-119 8.4.26.1) / give a time in that range"},
      {kAlone + "iso9660 {} boot { entry { image: \"/a\" } } media_check { isomd5 {} } "
                "dvd_video {} entry { path: \"/a\" text: \"\" system_use: \"ABCD\" }",
       "iso9660: sets options of ISO 9660" + kOne +
           "\nboot.entry[0]: needs a boot record, which is a volume descriptor of ISO 9660 (El "
           "Torito 2.0), and `udf.bridge: NO_BRIDGE` writes none / write `udf.bridge: "
           "STUB_BRIDGE`, or leave out the boot entries\nmedia_check: writes into the primary "
           "volume descriptor of ISO 9660" +
           kOne + "\ndvd_video: is about discs that have ISO 9660 beside UDF (OSTA UDF 6.9)" +
           kOne + "\nentry[0].system_use: is for directory records of ISO 9660" + kOne},
      {kAlone + "volume { system_id: \"S\" publisher: \"P\" preparer: \"P\" application: \"A\" "
                "copyright_file: \"/a\" abstract_file: \"/a\" bibliographic_file: \"/a\" "
                "modification_time: \"@0\" expiration_time: \"@0\" effective_time: \"@0\" "
                "application_use: \"A\" }",
       "volume.system_id:" + kField + "\nvolume.publisher:" + kField + "\nvolume.preparer:" +
           kField + "\nvolume.application:" + kField + "\nvolume.copyright_file:" + kField +
           "\nvolume.abstract_file:" + kField + "\nvolume.bibliographic_file:" + kField +
           "\nvolume.modification_time:" + kField + "\nvolume.expiration_time:" + kField +
           "\nvolume.effective_time:" + kField + "\nvolume.application_use:" + kField},
      {kAlone + "hide { match: \"a\" from: ISO9660 }",
       "hide[0].from[0]: the image has no ISO 9660 to hide it from / leave `from` out to hide it "
       "from every namespace that the image has"},
  });
}

TEST(CheckTest, AStubShowsNextToNothing) {
  const std::string kStub = "udf { bridge: STUB_BRIDGE ";
  const std::string kOne =
      ", and `udf.bridge: STUB_BRIDGE` shows next to nothing there / leave out one of the two";
  Expect({
      {kStub + "} iso9660 { level: 1 rock_ridge {} } media_check { isomd5 {} } boot { entry { "
               "image: \"/a\" } }",
       ""},
      {kStub + "stub { path: \"/LIESMICH.TXT\" text: \"\" keep: \"boot/**\" } }", ""},
      {kStub + "stub { path: \"/a/README\" keep: \"/a\" } }",
       "udf.stub.path: \"/a/README\" is not in the root directory / name a file such as "
       "\"/README.TXT\"\nudf.stub.keep[0]: \"/a\": the pattern begins with `/`, but paths here do "
       "not / write \"a\""},
      {kStub + "} iso9660 { level: 4 joliet {} } dvd_video {}",
       "iso9660.joliet: shows the tree in ISO 9660" + kOne +
           "\niso9660.level: 4 shows the tree in ISO 9660:1999" + kOne +
           "\ndvd_video: is about discs that show it in ISO 9660" + kOne},
      {"udf { stub {} }",
       "udf.stub: is about an image whose ISO 9660 view is a stub / write `bridge: STUB_BRIDGE` as "
       "well, or leave it out"},
  });
}

TEST(CheckTest, BluRayDiscsAreOfOneForm) {
  const std::string kForm =
      "udf.blu_ray: is about discs of UDF 2.50 without ISO 9660 / write `revision: UDF_2_50 "
      "bridge: "
      "NO_BRIDGE` as well, or leave it out";
  const std::string kDisc = "udf { revision: UDF_2_50 bridge: NO_BRIDGE blu_ray {} } ";
  Expect({
      {kDisc + "layout { file_alignment: 131072 } deduplicate { exclude: \"BDMV/**\" }", ""},
      {"udf { blu_ray {} }", kForm},
      {"udf { revision: UDF_2_60 bridge: NO_BRIDGE blu_ray {} }", kForm},
      {"udf { revision: UDF_2_50 blu_ray {} }", kForm},
      {kDisc + "layout { file_alignment: 4096 } deduplicate {}",
       "layout.file_alignment: 4096 is less than a cluster of a Blu-ray disc / leave it out for "
       "65536\ndeduplicate: stores the copies in /BDMV/BACKUP once, which are there for bytes that "
       "cannot be read / leave it out, or write exclude: \"BDMV/**\""},
  });
}

TEST(CheckTest, OnlyRevisionsWithMetadataPartitionsHaveAMirror) {
  const std::string kNone =
      "udf.metadata_mirror: is about a metadata partition, which revisions from 2.50 on have / "
      "leave it out, or write UDF_2_50 or UDF_2_60 as the revision";
  Expect({
      {"udf { revision: UDF_2_50 metadata_mirror: SHARE_METADATA }", ""},
      {"udf { revision: UDF_2_60 metadata_mirror: DUPLICATE_METADATA anchors: AT_ALL }", ""},
      {"udf { revision: UDF_2_01 metadata_mirror: SHARE_METADATA }", kNone},
      {"udf { metadata_mirror: DUPLICATE_METADATA }", kNone},
  });
}

TEST(CheckTest, WithoutIso9660LabelsMayHaveAnyCharacter) {
  const auto with_label = [](const std::string& id) {
    return Problems(
        absl::StrCat("image_version: 1 volume { id: \"", id, "\" } udf { bridge: NO_BRIDGE }"));
  };
  std::string k30, k15;
  for (int i = 0; i < 30; ++i) k30 += "\u00fc";
  for (int i = 0; i < 15; ++i) k15 += "\u0436";
  EXPECT_EQ(with_label(k30), "");
  EXPECT_EQ(
      with_label(k30 + "x"),
      "volume.id: is 31 characters long; UDF holds 30 (OSTA UDF 2.1.1, 2.1.3) / shorten it\n");
  EXPECT_EQ(with_label(k15), "");
  EXPECT_EQ(with_label(k15 + "x"),
            "volume.id: is 16 units of UTF-16 long; UDF holds 15 when not all characters are in "
            "ISO 8859-1 (OSTA UDF 2.1.1, 2.1.3) / shorten it\n");
  EXPECT_EQ(with_label("A\\nB"), "volume.id: \"A\\nB\" has a control character / leave it out\n");
}

TEST(CheckTest, LooksAtTheLayout) {
  const std::string kAlignment =
      " is not a power of two from 2048 to 1048576 / write 2048, or 4096 to share data with file "
      "systems";
  Expect({
      {"layout { padding_blocks: 0 size_multiple: 6144 minimum_size: 1 file_alignment: 1048576 }",
       ""},
      {"layout { size_multiple: 2047 file_alignment: 3000 }",
       "layout.size_multiple: 2047 is not a multiple of 2048 / write 2048\n"
       "layout.file_alignment: 3000" +
           kAlignment},
      {"layout { size_multiple: 3000 file_alignment: 1024 }",
       "layout.size_multiple: 3000 is not a multiple of 2048 / write 4096\n"
       "layout.file_alignment: 1024" +
           kAlignment},
      {"layout { file_alignment: 2097152 }", "layout.file_alignment: 2097152" + kAlignment},
      {"layout { size_multiple: 8796093022208 minimum_size: 18446744073709551615 }",
       "layout.size_multiple: 8796093022208 bytes are more than an image can have, 8796093020160 "
       "(ECMA-119 7.3) / the number is in bytes\n"
       "layout.minimum_size: 18446744073709551615 bytes are more than an image can have, "
       "8796093020160 (ECMA-119 7.3) / the number is in bytes"},
      {"layout { sort { match: '**' } sort { match: 'a/[b-z]' weight: -7 } order: 'x' "
       "order: '**/*.y' align { match: 'a' alignment: 2048 } "
       "align { match: '*' alignment: 1048576 } sort_file: 's' order_file: 'o' boot_first: true }",
       ""},
      {"layout { sort { weight: 1 } sort { match: '/a' } order: '' order: 'a/' align {} }",
       "layout.sort[0].match: is missing / write match: \"**\" for everything\n"
       "layout.sort[1].match: \"/a\": the pattern begins with `/`, but paths here do not / write "
       "\"a\"\n"
       "layout.order[0]: \"\": the pattern is empty / `*` and `?` stay inside a name, `**` crosses "
       "directories, `[a-z]` is a class\n"
       "layout.order[1]: \"a/\": the pattern ends with `/`, but no path does / write \"a\"\n"
       "layout.align[0].match: is missing / write match: \"**\" for everything\n"
       "layout.align[0].alignment: is missing / write alignment: 4096, for instance"},
      {"layout { align { match: 'a' alignment: 1024 } align { match: 'b' alignment: 2097152 } }",
       "layout.align[0].alignment: 1024 is not a power of two from 2048 to 1048576 / write 2048, "
       "4096 or a larger power of two\n"
       "layout.align[1].alignment: 2097152 is not a power of two from 2048 to 1048576 / write "
       "2048, 4096 or a larger power of two"},
      {"layout { pin { path: '/a/b' block: 16 } pin { path: '/c' block: 4294967295 } }", ""},
      {"layout { pin {} pin { path: 'a' block: 15 } }",
       "layout.pin[0].path: is missing / say which file of the image it is: path: \"/...\"\n"
       "layout.pin[0].block: 0 is in the system area, blocks 0 to 15 (ECMA-119 6.2.1) / contents "
       "may start behind the descriptors, as `isomason plan` shows them\n"
       "layout.pin[1].path: \"a\" is not absolute / write \"/a\"\n"
       "layout.pin[1].block: 15 is in the system area, blocks 0 to 15 (ECMA-119 6.2.1) / contents "
       "may start behind the descriptors, as `isomason plan` shows them"},
      {"layout { sort_file: 'a\\000b' order_file: 'a\\000b' }",
       "layout.sort_file: \"a\\x00b\" has a NUL in it / no file has such a name\n"
       "layout.order_file: \"a\\x00b\" has a NUL in it / no file has such a name"},
  });
}

TEST(CheckTest, HoldsCompressionToTheFormsThatReadersKnow) {
  const auto zisofs = [](const std::string& said) {
    return "iso9660 { rock_ridge { zisofs { " + said + " } } }";
  };
  const std::string self = "iso9660.rock_ridge.zisofs";
  Expect({
      {zisofs(""), ""},
      {zisofs("include: '**' exclude: 'boot/**' level: 1 block_size: 65536 version: 2 "
              "minimum_size: 5 elsewhere: SHOW_COMPRESSED"),
       ""},
      {zisofs("level: 10 block_size: 16384 version: 3"),
       self + ".level: 10 is no level of zlib / write 1 to 9, or leave it out for 9\n" + self +
           ".block_size: 16384 bytes are no size of a block / write 32768, 65536 or 131072, "
           "which readers know\n" +
           self +
           ".version: 3 is no version of zisofs / write 1, or 2 for files of 4 GiB and more, or "
           "leave it out for 1"},
      {zisofs("include: '/a' exclude: ''"),
       self +
           ".include[0]: \"/a\": the pattern begins with `/`, but paths here do not / write "
           "\"a\"\n" +
           self +
           ".exclude[0]: \"\": the pattern is empty / `*` and `?` stay inside a name, `**` crosses "
           "directories, `[a-z]` is a class"},
  });
}

}  // namespace
}  // namespace isomason
