#include "authoring/manifest/load.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "authoring/manifest/check.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::isomason::manifest::Manifest;
using Set = std::map<std::string, std::string>;

class LoadTest : public testing::Test {
 protected:
  LoadTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = absl::StrCat(testing::TempDir(), "/", test->name());
    mkdir(directory_.c_str(), 0777);
  }

  std::string Path(const std::string& name) const { return absl::StrCat(directory_, "/", name); }

  void Write(const std::string& name, const std::string& contents) {
    const size_t slash = name.rfind('/');
    if (slash != std::string::npos) mkdir(Path(name.substr(0, slash)).c_str(), 0777);
    std::ofstream file(Path(name), std::ios::binary);
    file << contents;
    ASSERT_TRUE(file.good());
  }

  // Loads and checks, and gives the problems as they are shown, without the directory.
  std::string Problems(const std::string& name, const Set& set = {}) {
    Diagnostics diagnostics;
    const bool good = LoadManifest(Path(name), set, &loaded_, &diagnostics);
    EXPECT_EQ(good, diagnostics.empty());
    CheckManifest(loaded_, &diagnostics);
    return absl::StrReplaceAll(diagnostics.Format(), {{directory_ + "/", ""}});
  }

  // The same for a file that is written first.
  std::string ProblemsOf(const std::string& contents, const std::string& name = "m") {
    Write(name, contents);
    return Problems(name);
  }

  std::string Locate(const std::string& field) const {
    return absl::StrReplaceAll(loaded_.Locate(field).ToString(), {{directory_ + "/", ""}});
  }

  std::string directory_;
  LoadedManifest loaded_;
};

constexpr char kGood[] = R"(image_version: 1
variable { name: "label" default: "RESCUE" }
volume { id: "${label}" time: "2026-11-01T00:00:00Z" }
iso9660 { level: 3 rock_ridge {} joliet { symlinks: OMIT } }
attributes { owner: 5 file_mode: 0444 keep: [TIME] }
entry { path: "/a" file { source: "vmlinuz" size: 5000000000 } }
entry { path: "/b" text: "costs $$5 or $5: ${label}\n" }
entry { path: "/c" bytes: "\000\377" overlay: true }
entry { path: "/d" tree { source: "." exclude: ["**/*.bak", "x"] exclude: "y" } }
)";

TEST_F(LoadTest, ReadsAllThreeEncodingsToTheSameManifest) {
  ASSERT_EQ(ProblemsOf(kGood, "m.text"), "");
  const Manifest from_text = loaded_.manifest;
  EXPECT_EQ(from_text.volume().id(), "RESCUE");
  EXPECT_EQ(from_text.entry(1).text(), "costs $5 or $5: RESCUE\n");
  EXPECT_EQ(from_text.entry(2).bytes(), std::string("\0\377", 2));
  EXPECT_EQ(from_text.attributes().file_mode(), 0444u);

  // What is in the file, without variables replaced.
  Manifest plain = from_text;
  plain.mutable_volume()->set_id("${label}");
  plain.mutable_entry(1)->set_text("costs $$5 or $5: ${label}\n");
  std::string json;
  ASSERT_TRUE(::google::protobuf::util::MessageToJsonString(plain, &json).ok());
  // Names decide nothing.
  ASSERT_EQ(ProblemsOf(json, "json.textproto"), "");
  EXPECT_TRUE(MessageDifferencer::Equals(loaded_.manifest, from_text));
  ::google::protobuf::util::JsonPrintOptions original_names;
  original_names.preserve_proto_field_names = true;
  original_names.add_whitespace = true;
  json = "\n ";
  ASSERT_TRUE(::google::protobuf::util::MessageToJsonString(plain, &json, original_names).ok());
  ASSERT_EQ(ProblemsOf(json, "m.pb"), "");
  EXPECT_TRUE(MessageDifferencer::Equals(loaded_.manifest, from_text));
  ASSERT_EQ(ProblemsOf(plain.SerializeAsString(), "m.json"), "");
  EXPECT_TRUE(MessageDifferencer::Equals(loaded_.manifest, from_text));
}

TEST_F(LoadTest, TakesBinaryThatHappensToBeCleanText) {
  Write("m", "image_version: 1 volume { id: \"X\" } include: \"part\"");
  Manifest part;
  part.add_entry()->set_path("/" + std::string(40, 'x'));
  part.mutable_entry(0)->set_symlink(std::string(40, 'y'));
  const std::string bytes = part.SerializeAsString();
  for (char c : bytes) ASSERT_TRUE((c >= ' ' && c <= '~') || c == '\n');
  Write("part", bytes);
  EXPECT_EQ(Problems("m"), "");
  EXPECT_EQ(loaded_.manifest.entry_size(), 1);
}

TEST_F(LoadTest, TakesByteOrderMarkTabsAndCarriageReturns) {
  EXPECT_EQ(ProblemsOf("\xEF\xBB\xBFimage_version: 1\r\nvolume {\r\n\tid:\t\"X\"\r\n}\r\n"), "");
  EXPECT_EQ(Locate("volume.id"), "m:3:6");
  EXPECT_EQ(loaded_.manifest.volume().id(), "X");
  EXPECT_EQ(ProblemsOf("\xEF\xBB\xBF{\"imageVersion\": 1,\r\n\t\"volume\": {\"id\":\t\"X\"}}"), "");
  EXPECT_EQ(Locate("volume.id"), "m:2:19");
  EXPECT_EQ(ProblemsOf("image_version: 1\r\nvolume {\r\n\tid:\t\"X\" idd:\t\"Y\"\r\n}\r\n"),
            "m:3:10: volume.idd: Volume has no field \"idd\"\n"
            "    id:\t\"X\" idd:\t\"Y\"\n"
            "       \t    ^\n"
            "  did you mean \"id\"?\n");
}

TEST_F(LoadTest, ReportsAllMistakesOfATextAtOnceInOrder) {
  EXPECT_EQ(ProblemsOf(R"(# mistakes
image_version: "1"
volume { id: RESCUE publsher: "x" time: 2026-11-01T00:00:00Z }
iso9660 { level: 5 joliet { symlinks: EMIT } }
udf { revision: UDF_1_20 }
attributes { file_mode: 0888 owner: -1 }
entry { path: "/a/../b" file { source: "x" } text: "y" }
entry {
  path:
    "docs" tree: "docs"
}
entry { path: "/c\xff" symlink: "${lable}" }
entry { path: "/d" tree { source: "d" exclude: "[z-a]" } overlay: yes }
volume { id: "twice" }
variable { name: "label" default: "x" }
boot { entry { platform: "BIOS" image: "x" load_sectors: 99999999999 } catalog: ["/c"] }
)"),
            R"(m:2:16: image_version: needs a whole number from 0 to 4294967295, not the string "1"
    image_version: "1"
                   ^
  write it without quotes: 1
m:3:14: volume.id: needs a string, not RESCUE
    volume { id: RESCUE publsher: "x" time: 2026-11-01T00:00:00Z }
                 ^
  write it in quotes: "RESCUE"
m:3:21: volume.publsher: Volume has no field "publsher"
    volume { id: RESCUE publsher: "x" time: 2026-11-01T00:00:00Z }
                        ^
  did you mean "publisher"?
m:3:41: volume.time: needs a string, not 2026-11-01T00:00:00Z
    volume { id: RESCUE publsher: "x" time: 2026-11-01T00:00:00Z }
                                            ^
  write it in quotes: "2026-11-01T00:00:00Z"
m:4:18: iso9660.level: 5 is no interchange level (ECMA-119 10)
    iso9660 { level: 5 joliet { symlinks: EMIT } }
                     ^
  write 1, 2, 3 or 4, or leave it out for 3
m:4:39: iso9660.joliet.symlinks: EMIT is not possible here
    iso9660 { level: 5 joliet { symlinks: EMIT } }
                                          ^
  write one of REFUSE, OMIT, FOLLOW
m:5:17: udf.revision: needs one of UDF_1_02, UDF_1_50, UDF_2_00, UDF_2_01, UDF_2_50, UDF_2_60, not UDF_1_20
    udf { revision: UDF_1_20 }
                    ^
  did you mean UDF_1_02?
m:6:25: attributes.file_mode: needs a whole number from 0 to 4294967295, not 0888
    attributes { file_mode: 0888 owner: -1 }
                            ^
  a number that begins with 0 is octal: its digits are 0 to 7
m:6:37: attributes.owner: needs a whole number from 0 to 4294967295, not -1
    attributes { file_mode: 0888 owner: -1 }
                                        ^
m:7:15: entry[0].path: "/a/../b" has a component ".."
    entry { path: "/a/../b" file { source: "x" } text: "y" }
                  ^
  write the path as it is without them
m:7:46: entry[0].text: cannot stand beside "file", which is given at m:7
    entry { path: "/a/../b" file { source: "x" } text: "y" }
                                                 ^
  keep one of them, or write a second entry
m:9:3: entry[1].path: "docs" is not absolute
    path:
    ^
  write "/docs"
m:10:18: entry[1].tree: needs fields in { ... }, not the string "docs"
    "docs" tree: "docs"
                 ^
  the fields of SourceTree are source, include, exclude, symlinks, hard_links
m:12:15: entry[2].path: "/c\xff" is not valid UTF-8: byte 0xff at position 3
    entry { path: "/c\xff" symlink: "${lable}" }
                  ^
  write the characters themselves, in UTF-8
m:12:34: entry[2].symlink: the variable "lable" is not declared
    entry { path: "/c\xff" symlink: "${lable}" }
                                     ^
  did you mean "label" (m:15)? If not, declare it or write $${lable}
m:13:48: entry[3].tree.exclude[0]: "[z-a]": a range in `[...]` runs backwards
    entry { path: "/d" tree { source: "d" exclude: "[z-a]" } overlay: yes }
                                                   ^
  `*` and `?` stay inside a name, `**` crosses directories, `[a-z]` is a class
m:13:67: entry[3].overlay: needs true or false, not yes
    entry { path: "/d" tree { source: "d" exclude: "[z-a]" } overlay: yes }
                                                                      ^
m:14:1: volume: is given a second time
    volume { id: "twice" }
    ^
  the first is at m:3; keep one of them
m:16:26: boot.entry[0].platform: needs one of BIOS, UEFI, POWERPC, MAC, not the string "BIOS"
    boot { entry { platform: "BIOS" image: "x" load_sectors: 99999999999 } catalog: ["/c"] }
                             ^
  write it without quotes: BIOS
m:16:40: boot.entry[0].image: "x" is not absolute
    boot { entry { platform: "BIOS" image: "x" load_sectors: 99999999999 } catalog: ["/c"] }
                                           ^
  write "/x"
m:16:58: boot.entry[0].load_sectors: needs a whole number from 0 to 4294967295, not 99999999999
    boot { entry { platform: "BIOS" image: "x" load_sectors: 99999999999 } catalog: ["/c"] }
                                                             ^
m:16:81: boot.catalog: takes one value, not a list
    boot { entry { platform: "BIOS" image: "x" load_sectors: 99999999999 } catalog: ["/c"] }
                                                                                    ^
  write the value without [ and ]
)");
}

TEST_F(LoadTest, SomeNumbersMayBeNegative) {
  const std::string base = "image_version: 1 volume { id: \"X\" }\n";
  EXPECT_EQ(ProblemsOf(base + "layout { sort { match: \"a\" weight: -2147483648 } "
                              "sort { match: \"b\" weight: 2147483647 } "
                              "sort { match: \"c\" weight: - 7 } }"),
            "");
  EXPECT_EQ(ProblemsOf(R"({"imageVersion": 1, "volume": {"id": "X"},
  "layout": {"sort": [{"match": "a", "weight": -5}]}})"),
            "");
  EXPECT_EQ(ProblemsOf(base + "layout { sort { match: \"a\" weight: -2147483649 } }"),
            "m:2:36: layout.sort[0].weight: needs a whole number from -2147483648 to 2147483647, "
            "not -2147483649\n"
            "    layout { sort { match: \"a\" weight: -2147483649 } }\n"
            "                                       ^\n");
  EXPECT_EQ(ProblemsOf(base + "layout { sort { match: \"a\" weight: 2147483648 } }"),
            "m:2:36: layout.sort[0].weight: needs a whole number from -2147483648 to 2147483647, "
            "not 2147483648\n"
            "    layout { sort { match: \"a\" weight: 2147483648 } }\n"
            "                                       ^\n");
}

TEST_F(LoadTest, ReportsAllMistakesOfAJsonAtOnceInOrder) {
  EXPECT_EQ(
      ProblemsOf(R"({
  "imageVersion": "one",
  "volume": {"id": "much too long for Joliet", "publsher": "x", "time": 5},
  "iso9660": {"joliet": {"nameLimit": 1.5}},
  "entry": [
    {"path": "/a", "file": {"source": "x", "size": -1}},
    {"path": "/b\u0000", "tree": "x"},
    {"path": "/c", "symlink": null, "overlay": "yes"},
    {"path": "/d", "bytes": "%%%", "attributes": {"fileMode": 65535, "keep": "MODE"}}
  ],
  "entry": [],
  "boot": {"entry": [{"platform": "EFI", "image": "/x"}, 5]},
}
)"),
      R"(m:2:19: image_version: needs a whole number from 0 to 4294967295, not the string "one"
    "imageVersion": "one",
                    ^
m:3:20: volume.id: is 24 characters long; Joliet holds 16 (ECMA-119 8.5)
    "volume": {"id": "much too long for Joliet", "publsher": "x", "time": 5},
                     ^
  shorten it, or give Joliet a label of its own: volume_id: "much too long fo" in iso9660.joliet
m:3:48: volume.publsher: Volume has no field "publsher"
    "volume": {"id": "much too long for Joliet", "publsher": "x", "time": 5},
                                                 ^
  did you mean "publisher"?
m:3:73: volume.time: needs a string, not 5
    "volume": {"id": "much too long for Joliet", "publsher": "x", "time": 5},
                                                                          ^
  write it in quotes: "5"
m:4:39: iso9660.joliet.name_limit: needs a whole number from 0 to 4294967295, not 1.5
    "iso9660": {"joliet": {"nameLimit": 1.5}},
                                        ^
m:6:52: entry[0].file.size: needs a whole number from 0 to 18446744073709551615, not -1
    {"path": "/a", "file": {"source": "x", "size": -1}},
                                                   ^
m:7:14: entry[1].path: "/b\x00" has a NUL in it
    {"path": "/b\u0000", "tree": "x"},
             ^
  no name has one
m:7:34: entry[1].tree: needs fields in { ... }, not the string "x"
    {"path": "/b\u0000", "tree": "x"},
                                 ^
  the fields of SourceTree are source, include, exclude, symlinks, hard_links
m:8:48: entry[2].overlay: needs true or false, not the string "yes"
    {"path": "/c", "symlink": null, "overlay": "yes"},
                                               ^
m:9:29: entry[3].bytes: needs bytes in base64, not the string "%%%"
    {"path": "/d", "bytes": "%%%", "attributes": {"fileMode": 65535, "keep": "MODE"}}
                            ^
  for UTF-8 there is the field "text"
m:9:63: entry[3].attributes.file_mode: 0177777 has more than permission bits, which end at 07777
    {"path": "/d", "bytes": "%%%", "attributes": {"fileMode": 65535, "keep": "MODE"}}
                                                              ^
  write it in octal, with a leading 0 (JSON has decimal numbers only: 0644 is 420)
m:9:78: entry[3].attributes.keep: needs a list, [ ... ]
    {"path": "/d", "bytes": "%%%", "attributes": {"fileMode": 65535, "keep": "MODE"}}
                                                                             ^
  write [ and ] also around a single value
m:11:3: entry: is given a second time
    "entry": [],
    ^
  the first is at m:5; keep one of them
m:12:35: boot.entry[0].platform: needs one of BIOS, UEFI, POWERPC, MAC, not the string "EFI"
    "boot": {"entry": [{"platform": "EFI", "image": "/x"}, 5]},
                                    ^
  did you mean UEFI?
m:12:58: boot.entry[1]: needs fields in { ... }, not 5
    "boot": {"entry": [{"platform": "EFI", "image": "/x"}, 5]},
                                                           ^
  the fields of BootEntry are platform, image, load_sectors, load_segment, boot_info_table, grub2_boot_info, id, emulation, not_bootable, selection_criteria, new_section, partition
m:13:1: not JSON: syntax error while parsing object key - unexpected '}'; expected string literal
    }
    ^
  no comma stands behind the last value
)");
}

TEST_F(LoadTest, DoesNotMissWhatIsOnlyMisspelt) {
  EXPECT_EQ(ProblemsOf("imageversion: 1 volum { id: \"X\" } entry { pth: \"/a\" txt: \"\" }"),
            R"(m:1:1: imageversion: Manifest has no field "imageversion"
    imageversion: 1 volum { id: "X" } entry { pth: "/a" txt: "" }
    ^
  did you mean "image_version"?
m:1:17: volum: Manifest has no field "volum"
    imageversion: 1 volum { id: "X" } entry { pth: "/a" txt: "" }
                    ^
  did you mean "volume"?
m:1:43: entry[0].pth: Entry has no field "pth"
    imageversion: 1 volum { id: "X" } entry { pth: "/a" txt: "" }
                                              ^
  did you mean "path"?
m:1:53: entry[0].txt: Entry has no field "txt"
    imageversion: 1 volum { id: "X" } entry { pth: "/a" txt: "" }
                                                        ^
  did you mean "text"?
)");
}

TEST_F(LoadTest, SaysWhatIsWrongWithTheFile) {
  EXPECT_EQ(Problems("nothing"), "nothing: does not exist\n");
  mkdir(Path("folder").c_str(), 0777);
  EXPECT_EQ(Problems("folder"), "folder: is a directory\n  name the manifest file in it\n");
  Write("plain", "x");
  EXPECT_EQ(Problems("plain/m"), "plain/m: does not exist\n");
  Write("huge", "");
  ASSERT_EQ(truncate(Path("huge").c_str(), kLargestManifestFile + 1), 0);
  EXPECT_EQ(Problems("huge"),
            "huge: is larger than 268435456 bytes\n"
            "  is it a manifest? Directories with many files are one `tree` entry\n");
  EXPECT_EQ(ProblemsOf(std::string("\x7f"
                                   "ELF\0\0\1",
                                   7)),
            "m: is no manifest: neither text nor JSON nor binary\n");
  EXPECT_EQ(ProblemsOf(std::string("\xFF\xFEi\0m\0", 6)), "m: is in UTF-16\n  save it in UTF-8\n");
  EXPECT_EQ(ProblemsOf("image_version: 1\nvolume { publisher: \"Caf\xE9\" }\n"),
            "m:2:25: the byte \"\\xe9\" is not UTF-8\n"
            "    volume { publisher: \"Caf?\" }\n"
            "                            ^\n"
            "  save the manifest in UTF-8\n");
  EXPECT_EQ(ProblemsOf(absl::StrCat("image_version: 1\nentry { path: \"/a",
                                    absl::string_view("\0", 1), "\" }\n")),
            "m:2:18: the byte \"\\x00\" is a control character\n"
            "    entry { path: \"/a?\" }\n"
            "                     ^\n"
            "  write it as an escape in a string, or remove it\n");
  EXPECT_EQ(ProblemsOf(""),
            "m: image_version: is missing\n  write image_version: 1\n"
            "m: volume.id: is missing: every disc has a label\n"
            "  write volume { id: \"MY_DISC\" }\n");
}

TEST_F(LoadTest, SaysWhoMayNotRead) {
  Write("secret", kGood);
  ASSERT_EQ(chmod(Path("secret").c_str(), 0), 0);
  // Root reads everything.
  if (access(Path("secret").c_str(), R_OK) == 0) {
    EXPECT_EQ(Problems("secret"), "");
  } else {
    EXPECT_EQ(Problems("secret"),
              "secret: may not be read\n  give yourself read permission for it\n");
  }
}

TEST_F(LoadTest, RefusesFieldsThatABinaryManifestHasFromElsewhere) {
  Manifest manifest;
  ASSERT_EQ(ProblemsOf(kGood), "");
  manifest = loaded_.manifest;
  auto* entry = manifest.mutable_entry(1);
  entry->GetReflection()->MutableUnknownFields(entry)->AddVarint(77, 1);
  manifest.set_image_version(2);
  EXPECT_EQ(ProblemsOf(manifest.SerializeAsString()),
            "m: entry[1]: has no field with number 77\n"
            "  was the manifest made for a newer version of isomason?\n"
            "m: image_version: 2 is no version of the image that is known here\n"
            "  the only version is 1\n");
  // A string that is not UTF-8 makes no manifest; protobuf does not say where.
  std::string bytes = loaded_.manifest.SerializeAsString();
  bytes.replace(bytes.find("/b"), 2, "/\xff");
  EXPECT_EQ(ProblemsOf(bytes), "m: is no manifest: neither text nor JSON nor binary\n");
}

TEST_F(LoadTest, MergesIncludedManifestsBeforeTheOneThatIncludesThem) {
  Write("m", R"(include: "parts/a.json"
include: "b"
image_version: 1
volume { id: "MAIN" }
entry { path: "/main" text: "${who}" }
)");
  Write("parts/a.json", R"({
  "include": ["../b"],
  "volume": {"id": "A", "publisher": "A"},
  "entry": [{"path": "/a1", "text": "x"}, null, {"path": "/a2", "text": "y"}]
})");
  Write("b", R"(
entry { path: "/b" text: "b" }
entry [ { path: "/b1" text: "b" }, { path: "/b2" text: "b" } ]
volume { id: "B" publisher: "B" preparer: "B" }
variable { name: "who" default: "b" }
boot { entry { image: "/b1" } }
)");
  // protobuf refuses null in a list.
  EXPECT_TRUE(absl::StrContains(Problems("m"), "parts/a.json:4:43: entry[1]: needs fields"));
  Write("parts/a.json", R"({
  "include": ["../b"],
  "volume": {"id": "A", "publisher": "A"},
  "entry": [{"path": "/a1", "text": "x"}, {"path": "/a2", "text": "y"}],
  "boot": {"entry": [{"image":
     "/a1"}]}
})");
  ASSERT_EQ(Problems("m"), "");
  const Manifest& m = loaded_.manifest;
  EXPECT_EQ(m.volume().id(), "MAIN");
  EXPECT_EQ(m.volume().publisher(), "A");
  EXPECT_EQ(m.volume().preparer(), "B");
  ASSERT_EQ(m.entry_size(), 6);  // each file once
  EXPECT_EQ(m.entry(5).text(), "b");
  EXPECT_EQ(loaded_.directory, directory_);
  ASSERT_EQ(loaded_.files.size(), 3u);
  EXPECT_EQ(loaded_.files[1], Path("parts/a.json"));

  const struct {
    const char* field;
    const char* place;
  } kPlaces[] = {
      {"entry[0].path", "parts/../b:2:15"},
      {"entry[1]", "parts/../b:3:9"},
      {"entry[2].path", "parts/../b:3:44"},
      {"entry[3].path", "parts/a.json:4:22"},
      {"entry[4].text", "parts/a.json:4:67"},
      {"entry[5].text", "m:5:29"},
      {"volume.id", "m:4:14"},
      {"volume.publisher", "parts/a.json:3:38"},
      {"volume.preparer", "parts/../b:4:43"},
      {"boot.entry[0].image", "parts/../b:6:23"},
      {"boot.entry[1].image", "parts/a.json:5:23"},  // the value is on the next line
      // What is not written points at what is around it.
      {"volume.application", "m:4:8"},
      {"entry[3].file.source", "parts/a.json:4:13"},
      {"layout.size_multiple", "m"},
      {"entry[6]", "m"},
      {"", "m"},
      {"no.such[field", "m"},
  };
  for (const auto& p : kPlaces) EXPECT_EQ(Locate(p.field), p.place) << p.field;
  EXPECT_EQ(loaded_.Locate("entry[0]").file_order, 2);
}

TEST_F(LoadTest, LocatesInBinaryFilesByFile) {
  Manifest part;
  part.add_entry()->set_path("/p0");
  part.mutable_entry(0)->set_text("");
  part.add_entry()->set_path("p1");
  part.mutable_entry(1)->set_text("");
  part.mutable_volume()->set_id("PART");
  Write("part.pb", part.SerializeAsString());
  EXPECT_EQ(ProblemsOf("include: \"part.pb\" image_version: 1\nentry { path: \"bad\" text: \"\" }"),
            "m:2:15: entry[2].path: \"bad\" is not absolute\n"
            "    entry { path: \"bad\" text: \"\" }\n"
            "                  ^\n"
            "  write \"/bad\"\n"
            "part.pb: entry[1].path: \"p1\" is not absolute\n"
            "  write \"/p1\"\n");
  EXPECT_EQ(Locate("volume.id"), "part.pb");
  EXPECT_EQ(Locate("entry[0].path"), "part.pb");
}

TEST_F(LoadTest, ReportsWhatIsWrongWithIncludes) {
  Write("m", "image_version: 1\nvolume { id: \"X\" }\ninclude: \"parts/a\"\ninclude: \"gone\"\n");
  Write("parts/a",
        "entry { path: \"/a\" text: \"${declared_in_gone}\" }\n"
        "include: \"${x}\"\ninclude: \"../m\" include: \"\"\n");
  EXPECT_EQ(Problems("m"),
            R"(m:4:10: include[1]: "gone" does not exist
    include: "gone"
             ^
  include paths are relative to the file that names them
parts/a:2:11: include[0]: variables are not replaced in include
    include: "${x}"
              ^
  write the path itself, with $$ for a dollar sign
parts/a:3:10: include[1]: "parts/../m" includes itself: m -> parts/a -> parts/../m
    include: "../m" include: ""
             ^
  remove one of these includes
parts/a:3:26: include[2]: is empty
    include: "../m" include: ""
                             ^
  name a manifest, relative to this one
)");
}

TEST_F(LoadTest, FindsACircleOfOneFileAndThroughSymlinks) {
  Write("self", "image_version: 1 volume { id: \"X\" } include: \"self\"");
  EXPECT_EQ(Problems("self"),
            "self:1:46: include[0]: \"self\" includes itself: self -> self\n"
            "    image_version: 1 volume { id: \"X\" } include: \"self\"\n"
            "                                                 ^\n"
            "  remove one of these includes\n");
  Write("a", "image_version: 1 volume { id: \"X\" } include: \"b\"");
  ASSERT_EQ(symlink("a", Path("b").c_str()), 0);
  EXPECT_EQ(Problems("a"),
            "a:1:46: include[0]: \"b\" includes itself: a -> b\n"
            "    image_version: 1 volume { id: \"X\" } include: \"b\"\n"
            "                                                 ^\n"
            "  remove one of these includes\n");
}

TEST_F(LoadTest, ReplacesVariables) {
  Write("m", R"(image_version: 1
volume { id: "${label}" }
variable { name: "release" default: "$$7" }
variable { name: "label" default: "DISC_${number}" help: "stays ${as} it is" }
variable { name: "number" }
variable { name: "unset" default: "" }
entry { path: "/${number}/${number}" text: "$${label} $HOME $$ $ ${release}${unset}." }
entry { path: "/t" tree { source: "${number}" exclude: ["a", "${number}"] } }
attribute_rule { match: "${number}" }
)");
  ASSERT_EQ(Problems("m", {{"number", "${9}"}}), "");
  const Manifest& m = loaded_.manifest;
  // What comes from the command line is taken as it is.
  EXPECT_EQ(m.volume().id(), "DISC_${9}");
  EXPECT_EQ(m.entry(0).path(), "/${9}/${9}");
  EXPECT_EQ(m.entry(0).text(), "${label} $HOME $ $ $7.");
  EXPECT_EQ(m.entry(1).tree().source(), "${9}");
  EXPECT_EQ(m.entry(1).tree().exclude(1), "${9}");
  EXPECT_EQ(m.attribute_rule(0).match(), "${9}");
}

TEST_F(LoadTest, ReportsWhatIsWrongWithVariables) {
  Write("m", R"(image_version: 1
volume { id: "X" }
variable { name: "label" }
variable { name: "count" help: "how many there are" }
variable { name: "label" default: "y" }
variable { name: "2x" default: "" }
variable { default: "" }
variable { name: "a" default: "${b}" }
variable { name: "b" default: "${a}" }
entry {
  path: "/x"
  text: "first ${label}\n"
        "second ${lable}\n"
        "third ${foo:-bar} ${open\n"
        "fourth ${nothing_like_it}"
}
)");
  EXPECT_EQ(Problems("m", {{"lable", "x"}, {"count", "5"}, {"zzzzz", ""}}),
            R"(--set lable: no variable "lable" is declared
  did you mean "label" (m:3)?
--set zzzzz: no variable "zzzzz" is declared
  the variables are label, count, a, b
m:3:10: variable[0]: the variable "label" has no value
    variable { name: "label" }
             ^
  set it with --set label=..., or give it a default
m:5:18: variable[2].name: the variable "label" is declared a second time
    variable { name: "label" default: "y" }
                     ^
  the first is at m:3
m:6:18: variable[3].name: "2x" is no name of a variable
    variable { name: "2x" default: "" }
                     ^
  a name has letters, digits and `_`, and does not begin with a digit
m:7:10: variable[4].name: is missing
    variable { default: "" }
             ^
  a name has letters, digits and `_`, and does not begin with a digit
m:9:32: variable[6].default: the variable "a" stands for itself
    variable { name: "b" default: "${a}" }
                                   ^
  give it a default that does not lead back to it
m:13:17: entry[0].text: the variable "lable" is not declared
    "second ${lable}\n"
            ^
  did you mean "label" (m:3)? If not, declare it or write $${lable}
m:14:16: entry[0].text: "foo:-bar" is no name of a variable
    "third ${foo:-bar} ${open\n"
           ^
  write $${foo:-bar} for the characters themselves
m:14:28: entry[0].text: "${open" has no closing brace
    "third ${foo:-bar} ${open\n"
                       ^
  write $${ for the characters themselves
m:15:17: entry[0].text: the variable "nothing_like_it" is not declared
    "fourth ${nothing_like_it}"
            ^
  declare it or write $${nothing_like_it}
)");
  Write("m",
        "image_version: 1 volume { id: \"${x}\" } variable { name: \"x\" help: \"the label\" }");
  EXPECT_EQ(
      Problems("m"),
      "m:1:49: variable[0]: the variable \"x\" has no value\n"
      "    image_version: 1 volume { id: \"${x}\" } variable { name: \"x\" help: \"the label\" "
      "}\n"
      "                                                    ^\n"
      "  set it with --set x=..., or give it a default; it is: the label\n");
}

TEST_F(LoadTest, LocatesInManifestsThatComeFromNoFile) {
  Manifest manifest;
  manifest.set_image_version(1);
  manifest.add_entry()->set_path("x");
  manifest.mutable_entry(0)->set_text("");
  const LoadedManifest loaded = LoadedManifest::FromMessage(manifest, "command line", "/src");
  EXPECT_EQ(loaded.directory, "/src");
  Diagnostics diagnostics;
  EXPECT_FALSE(CheckManifest(loaded, &diagnostics));
  EXPECT_EQ(diagnostics.Format(),
            "command line: volume.id: is missing: every disc has a label\n"
            "  write volume { id: \"MY_DISC\" }\n"
            "command line: entry[0].path: \"x\" is not absolute\n"
            "  write \"/x\"\n");
}

TEST_F(LoadTest, KnowsTheDirectoryOfTheManifest) {
  const struct {
    const char* path;
    const char* directory;
  } kCases[] = {{"m", "."}, {"./m", "."}, {"a/b/m", "a/b"}, {"/m", "/"}, {"/a/m", "/a"}};
  for (const auto& c : kCases) {
    LoadedManifest loaded;
    Diagnostics diagnostics;
    LoadManifest(c.path, {}, &loaded, &diagnostics);
    EXPECT_EQ(loaded.directory, c.directory) << c.path;
  }
}

TEST_F(LoadTest, FindsNothingWrongWithTheManifestsOfTestdata) {
  for (const char* path : {"testdata/rescue/rescue.textproto", "testdata/seed/seed.textproto"}) {
    Diagnostics diagnostics;
    LoadManifest(path, {}, &loaded_, &diagnostics);
    CheckManifest(loaded_, &diagnostics);
    EXPECT_EQ(diagnostics.Format(), "");
    EXPECT_GT(loaded_.manifest.entry_size(), 1);
  }
}

// Problems in each of many entries are located in one pass, also on a single line. Quadratic time
// would be minutes.
TEST_F(LoadTest, TakesManyEntriesAndManyProblems) {
  constexpr int kEntries = 50000;
  std::string text = "image_version: 1 volume { id: \"X\" } ";
  std::string json = "{\"imageVersion\": 1, \"volume\": {\"id\": \"X\"}, \"entry\": [";
  for (int i = 0; i < kEntries; ++i) {
    absl::StrAppend(&text, "entry { path: \"no\" file { source: \"s", i, "\" } } ");
    absl::StrAppend(&json, i == 0 ? "" : ", ", "{\"path\": \"no\", \"file\": {\"source\": \"s\"}}");
  }
  json += "]}";
  for (const std::string& manifest : {text, json}) {
    Write("m", manifest);
    Diagnostics diagnostics;
    EXPECT_TRUE(LoadManifest(Path("m"), {}, &loaded_, &diagnostics));
    EXPECT_EQ(loaded_.manifest.entry_size(), kEntries);
    EXPECT_FALSE(CheckManifest(loaded_, &diagnostics));
    EXPECT_EQ(diagnostics.Sorted().size(), static_cast<size_t>(kEntries));
  }
}

}  // namespace
}  // namespace isomason
