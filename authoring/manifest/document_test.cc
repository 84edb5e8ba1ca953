#include "authoring/manifest/document.h"

#include <iterator>
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/manifest/schema.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::google::protobuf::TextFormat;
using ::google::protobuf::util::JsonStringToMessage;
using ::google::protobuf::util::MessageDifferencer;
using ::isomason::manifest::Manifest;

class Silent : public ::google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
};

bool TakenByProtobuf(const std::string& text, bool json, Manifest* manifest) {
  if (json) return JsonStringToMessage(text, manifest).ok();
  Silent silent;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&silent);
  return parser.ParseFromString(text, manifest);
}

struct Explained {
  Diagnostics problems;
  bool broken;
  std::string rest;  // the document without what is wrong in it
};

Explained Explain(const std::string& text, bool json) {
  Explained explained;
  const SourceText source("f", 0, text);
  Element root =
      json ? ParseJson(source, &explained.problems) : ParseText(source, &explained.problems);
  explained.broken = root.dropped;
  if (!root.dropped) {
    CheckSchema(*Manifest::descriptor(), source, json, &root, &explained.problems);
  }
  explained.rest = WithoutDropped(root, source, json);
  return explained;
}

constexpr char kText[] = R"(
image_version: 1
include: "a"
variable { name: "x" default: "y" help: 'z' }
volume { id: "A" time: "@1" } # a comment, "with quotes
attributes: < owner: 0x10, group: 010; file_mode: 0644 keep: [MODE, OWNER] keep: 3 >
entry { path: "/a" file { source: "x" "y"
  'z' size: 5 } overlay: true }
entry { path: "/b" bytes: "\xff\101\n\u00e9" }
entry: { path: "/c" tree { source: "t" include: ["*", "b"] exclude: "c" symlinks: 1 } overlay: 1 }
entry [ { path: "/d" text: "" }, { path: "/e" symlink: "q" overlay: f } ]
entry: [], boot { entry { platform: UEFI image: "/i" load_sectors: 4 } entry { platform: 1 } }
layout { padding_blocks: 0 size_multiple: 4096 }
)";

constexpr char kJson[] = R"(
{"imageVersion": 1, "variable": [{"name": "x", "default": "y"}],
 "volume": {"id": "A", "time": null},
 "attributes": {"owner": "5", "fileMode": 420, "keep": ["MODE", 3]},
 "entry": [{"path": "/a\u00e9\n", "file": {"source": "x", "size": "5"}, "overlay": true},
  {"path": "/b", "bytes": "AAEC"},
  {"path": "/c", "tree": {"source": "t", "include": ["*"], "symlinks": "KEEP_SYMLINKS"}}],
 "boot": {"entry": [{"platform": "UEFI", "load_sectors": 4.0}, {"platform": 1}]},
 "layout": {"paddingBlocks": 1e2}}
)";

TEST(DocumentTest, FindsNothingWrongWithWhatIsRight) {
  for (const bool json : {false, true}) {
    const std::string text = json ? kJson : kText;
    const Explained explained = Explain(text, json);
    EXPECT_EQ(explained.problems.Format(), "");
    EXPECT_FALSE(explained.broken);
    Manifest direct, rest;
    ASSERT_TRUE(TakenByProtobuf(text, json, &direct));
    ASSERT_TRUE(TakenByProtobuf(explained.rest, json, &rest)) << explained.rest;
    EXPECT_TRUE(MessageDifferencer::Equals(direct, rest)) << explained.rest;
  }
}

// Whatever someone may have mistyped: where protobuf's parser refuses, there is something to say,
// and where it takes the text, there is nothing, but for numbers that an enum does not have.
TEST(DocumentTest, AgreesWithProtobufAboutDamagedManifests) {
  const char* const kPieces[] = {"{", "}", "[", "]", "\"", "'",  ":",  ",",    ";",  "<",   ">",
                                 "#", "-", "0", "e", ".",  "\\", "\n", "true", "08", "null"};
  ::google::protobuf::LogSilencer silencer;
  std::mt19937 random(20261101);  // the same sequence everywhere
  const auto below = [&random](size_t n) { return random() % n; };
  for (const bool json : {false, true}) {
    const std::string whole = json ? kJson : kText;
    int taken = 0, refused = 0;
    for (int round = 0; round < 4000; ++round) {
      std::string text = whole;
      for (size_t edits = 1 + below(2); edits > 0; --edits) {
        const size_t at = below(text.size());
        switch (below(4)) {
          case 0:
            text.erase(at, 1 + below(3));
            break;
          case 1:
            text.insert(at, kPieces[below(std::size(kPieces))]);
            break;
          case 2:
            text.insert(at, text.substr(below(text.size()), below(20)));
            break;
          default:
            text[at] = static_cast<char>(' ' + below(95));
        }
      }
      Manifest manifest;
      const bool is_taken = TakenByProtobuf(text, json, &manifest);
      ++(is_taken ? taken : refused);
      const Explained explained = Explain(text, json);
      if (!is_taken) {
        EXPECT_FALSE(explained.problems.empty()) << text;
      } else if (!json) {  // its JSON parser takes much that is not JSON
        for (const Diagnostic& problem : explained.problems.Sorted()) {
          EXPECT_TRUE(absl::StrContains(problem.message, "needs one of"))
              << FormatDiagnostic(problem);
        }
      }
      if (!json && !explained.broken && !explained.problems.empty()) {
        Manifest rest;
        EXPECT_TRUE(TakenByProtobuf(explained.rest, json, &rest)) << text << explained.rest;
      }
    }
    EXPECT_GT(taken, 100);
    EXPECT_GT(refused, 1000);
  }
}

TEST(DocumentTest, KnowsWhereNamesAndValuesStand) {
  const std::string text = "volume {\n\tid:\t\"\u00fc\" publisher:\n 'x'\n}\r\nboot {}\r\n";
  const SourceText source("f", 3, text);
  Diagnostics none;
  const Element root = ParseText(source, &none);
  ASSERT_EQ(root.fields.size(), 2u);
  const Element& volume = root.fields[0];
  EXPECT_EQ(volume.name(source), "volume");
  EXPECT_EQ(volume.Place(source).ToString(), "f:1:8");
  ASSERT_EQ(volume.fields.size(), 2u);
  EXPECT_EQ(volume.fields[0].NamePlace(source).ToString(), "f:2:2");
  // A tab and a letter of two bytes are one column each.
  EXPECT_EQ(volume.fields[0].Place(source).ToString(), "f:2:6");
  EXPECT_EQ(volume.fields[1].NamePlace(source).ToString(), "f:2:10");
  // The value is on another line than the name.
  EXPECT_EQ(volume.fields[1].Place(source).ToString(), "f:2:10");
  EXPECT_EQ(root.fields[1].Place(source).ToString(), "f:5:6");
  EXPECT_EQ(root.fields[1].Place(source).text, "boot {}");
  EXPECT_EQ(root.fields[1].Place(source).file_order, 3);
}

TEST(DocumentTest, ShowsAWindowOfAVeryLongLine) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) absl::StrAppend(&text, "\"a", i, "\": \"\u00fc\", ");
  const SourceText source("f", 0, text);
  const size_t offset = text.find("\"a500\"");
  const Location place = source.At(offset);
  EXPECT_EQ(place.line, 1);
  // 500 letters before it take two bytes.
  EXPECT_EQ(place.column, static_cast<int64_t>(offset + 1 - 500));
  EXPECT_LT(place.text.size(), 200u);
  EXPECT_EQ(place.text.substr(place.caret, 6), "\"a500\"");
  EXPECT_EQ(place.text.substr(0, 3), "...");
  // Places before the last one asked for are right, too.
  EXPECT_EQ(source.At(1).column, 2);
}

TEST(DocumentTest, ReadsOnBehindMistakesInText) {
  const struct {
    const char* text;
    const char* problems;
  } kCases[] = {
      {"image_version 1\nvolume = { id = \"x\" }\nboot\n",
       "f:1:1: no colon stands behind \"image_version\"\n"
       "    image_version 1\n"
       "    ^\n"
       "  write image_version: value, or image_version { ... }\n"
       "f:2:1: no colon stands behind \"volume\"\n"
       "    volume = { id = \"x\" }\n"
       "    ^\n"
       "  write volume: value, or volume { ... }\n"
       "f:2:12: no colon stands behind \"id\"\n"
       "    volume = { id = \"x\" }\n"
       "               ^\n"
       "  write id: value, or id { ... }\n"
       "f:3:1: no colon stands behind \"boot\"\n"
       "    boot\n"
       "    ^\n"
       "  write boot: value, or boot { ... }\n"},
      {"volume { id: \"x }\n}\n// no comment\nentry { path: }\n",
       "f:1:14: this string does not end on its line\n"
       "    volume { id: \"x }\n"
       "                 ^\n"
       "  close it with a quote; `\\n` stands for a new line, and strings side by side are one "
       "string\n"
       "f:3:1: here stands \"//\", where a field's name belongs\n"
       "    // no comment\n"
       "    ^\n"
       "  comments begin with #\n"
       "f:4:15: here stands \"}\", where a value belongs\n"
       "    entry { path: }\n"
       "                  ^\n"
       "  values are \"strings\", numbers, true and false, names of a list, or { ... }\n"},
      {"entry {\n  path: \"/a\"\n\nentry { path: \"/b\" }\n",
       "f:1:7: this \"{\" is not closed\n"
       "    entry {\n"
       "          ^\n"
       "  put a \"}\" behind the last field that belongs to it\n"},
      {"volume { id: \"x\" } }\nboot {}\n",
       "f:1:20: nothing is open that \"}\" could close\n"
       "    volume { id: \"x\" } }\n"
       "                       ^\n"
       "  remove it, or look for a bracket too many or too few above\n"},
      {"include: [\"a\" \"b\", \"c\",]\ninclude [\"d\"]\n",
       "f:1:23: no value comes behind this comma\n"
       "    include: [\"a\" \"b\", \"c\",]\n"
       "                          ^\n"
       "  remove it\n"
       "f:2:1: include: needs a colon before the list\n"
       "    include [\"d\"]\n"
       "    ^\n"
       "  write include: [ ... ]\n"},
      {"entry { path: \"C:\\Users\" }\n",
       "f:1:18: \\U is no escape sequence\n"
       "    entry { path: \"C:\\Users\" }\n"
       "                     ^\n"
       "  write `\\\\` for a backslash, `/` between the parts of a path\n"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Explain(c.text, false).problems.Format(), c.problems);
}

TEST(DocumentTest, SaysWhereJsonEnds) {
  const struct {
    const char* text;
    const char* problems;
  } kCases[] = {
      {"{\"volume\": {\"id\": \"x\"},\n}",
       "f:2:1: not JSON: syntax error while parsing object key - unexpected '}'; expected string "
       "literal\n"
       "    }\n"
       "    ^\n"
       "  no comma stands behind the last value\n"},
      {"{\"attributes\": {\"fileMode\": 0644}}",
       "f:1:30: not JSON: syntax error while parsing object - unexpected number literal; expected "
       "'}'\n"
       "    {\"attributes\": {\"fileMode\": 0644}}\n"
       "                                 ^\n"
       "  JSON has no octal numbers: 0644 is 420 there, 0755 is 493\n"},
      {"{\"imageVersion\": 1 # one\n}",
       "f:1:20: not JSON: syntax error while parsing object - invalid literal; expected '}'\n"
       "    {\"imageVersion\": 1 # one\n"
       "                       ^\n"
       "  JSON has no comments; text manifests have\n"},
      {"{\"imageVersion\": 1",
       "f:1:19: not JSON: syntax error while parsing object - unexpected end of input; expected "
       "'}'\n"
       "    {\"imageVersion\": 1\n"
       "                      ^\n"
       "  the file ends too early: a bracket or a quote is not closed\n"},
      {"{'a': 1}",
       "f:1:2: not JSON: syntax error while parsing object key - invalid literal; expected string "
       "literal\n"
       "    {'a': 1}\n"
       "     ^\n"
       "  JSON has double quotes only\n"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Explain(c.text, true).problems.Format(), c.problems);
}

TEST(DocumentTest, RefusesNestingThatNoManifestHas) {
  std::string text, json;
  for (int i = 0; i < 100000; ++i) {
    text += "a{";
    json += "{\"a\":";
  }
  const Explained of_text = Explain(text, false), of_json = Explain(json, true);
  EXPECT_TRUE(of_text.broken);
  EXPECT_TRUE(of_json.broken);
  EXPECT_EQ(of_text.problems.size(), 1u);
  EXPECT_EQ(of_json.problems.size(), 1u);
  EXPECT_EQ(of_text.problems.Sorted()[0].message, "messages stand in each other 64 deep");
  EXPECT_EQ(of_json.problems.Sorted()[0].message, "messages stand in each other 64 deep");
}

}  // namespace
}  // namespace isomason
