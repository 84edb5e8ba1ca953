#include "authoring/manifest/diagnostics.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace isomason {
namespace {

Location At(const std::string& file, int order, int64_t line, int64_t column,
            const std::string& text = "", size_t caret = 0) {
  return {.file = file,
          .file_order = order,
          .line = line,
          .column = column,
          .text = text,
          .caret = caret};
}

TEST(DiagnosticsTest, ShowsPlaceFieldLineCaretAndRemedy) {
  Diagnostics diagnostics;
  diagnostics.Add(At("rescue.textproto", 0, 41, 12, "    image: \"EFI/efiboot.img\"", 11),
                  "boot.entry[1].image", "\"EFI/efiboot.img\" is not in the tree",
                  "did you mean \"EFI/BOOT/efiboot.img\" (rescue.textproto:17)?");
  EXPECT_EQ(diagnostics.Format(),
            "rescue.textproto:41:12: boot.entry[1].image: \"EFI/efiboot.img\" is not in the tree\n"
            "    image: \"EFI/efiboot.img\"\n"
            "           ^\n"
            "  did you mean \"EFI/BOOT/efiboot.img\" (rescue.textproto:17)?\n");
}

TEST(DiagnosticsTest, ShowsAsMuchOfThePlaceAsIsKnown) {
  EXPECT_EQ(FormatDiagnostic({{.file = "a.pb"}, "volume.id", "is missing", ""}),
            "a.pb: volume.id: is missing\n");
  EXPECT_EQ(FormatDiagnostic({At("a", 0, 7, 0), "", "is odd", ""}), "a:7: is odd\n");
  EXPECT_EQ(FormatDiagnostic({{}, "", "is odd", "mend it"}), "is odd\n  mend it\n");
}

TEST(DiagnosticsTest, KeepsTheCaretUnderItsCharacter) {
  const struct {
    const char* what;
    std::string text;
    size_t caret;
    const char* shown;
  } kCases[] = {
      {"leading tabs go", "\t\tid: 5", 6, "    id: 5\n        ^\n"},
      {"inner tabs stay in both lines", "\tid:\t5", 5, "    id:\t5\n       \t^\n"},
      {"letters of two bytes take one column", "\"\u00fc\u00fc\": x", 8,
       "    \"\u00fc\u00fc\": x\n          ^\n"},
      {"wide letters take two", "\u6f22\u5b57 x", 7, "    \u6f22\u5b57 x\n         ^\n"},
      {"control characters do not reach the terminal", "a\x1b[31m \xff x", 8,
       "    a?[31m ? x\n            ^\n"},
      {"the end of the line is a place", "abc", 3, "    abc\n       ^\n"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(FormatDiagnostic({At("f", 0, 1, 1, c.text, c.caret), "", "m", ""}),
              std::string("f:1:1: m\n") + c.shown)
        << c.what;
  }
}

TEST(DiagnosticsTest, SortsByFileThenLineThenColumn) {
  Diagnostics diagnostics;
  diagnostics.Add(At("b", 1, 1, 1), "", "sixth");
  diagnostics.Add(At("z", 0, 9, 2), "", "fourth");
  diagnostics.Add(At("z", 0, 10, 1), "", "fifth");
  diagnostics.Add(At("z", 0, 9, 1), "", "second");
  diagnostics.Add(At("z", 0, 9, 1), "", "third");
  diagnostics.Add({.file = "--set x"}, "", "first");
  std::vector<std::string> order;
  for (const Diagnostic& d : diagnostics.Sorted()) order.push_back(d.message);
  EXPECT_EQ(order,
            (std::vector<std::string>{"first", "second", "third", "fourth", "fifth", "sixth"}));
}

TEST(DiagnosticsTest, SaysTheSameOnlyOnce) {
  Diagnostics diagnostics;
  diagnostics.Add(At("a", 0, 1, 1), "f", "m");
  diagnostics.Add(At("a", 0, 1, 1), "f", "other");
  diagnostics.Add(At("a", 0, 1, 1), "f", "m");
  diagnostics.Add(At("a", 0, 2, 1), "f", "m");
  EXPECT_EQ(diagnostics.Format(), "a:1:1: f: m\na:1:1: f: other\na:2:1: f: m\n");
}

TEST(DiagnosticsTest, CountsWhatItDoesNotShow) {
  Diagnostics diagnostics;
  for (int i = 1; i <= 5; ++i) diagnostics.Add(At("a", 0, i, 1), "", "m");
  EXPECT_EQ(diagnostics.Format(2), "a:1:1: m\na:2:1: m\nand 3 more\n");
  EXPECT_EQ(diagnostics.size(), 5u);
}

TEST(DiagnosticsTest, QuotesWhatATerminalShouldNotGet) {
  EXPECT_EQ(Quote("plain \u00fc"), "\"plain \u00fc\"");
  EXPECT_EQ(Quote(absl::string_view("a\0b", 3)), "\"a\\x00b\"");
  EXPECT_EQ(Quote("a\nb\tc\x1b"), "\"a\\nb\\tc\\x1b\"");
  EXPECT_EQ(Quote("\xff"), "\"\\xff\"");
  EXPECT_EQ(Quote("say \"hi\" \\"), "\"say \\\"hi\\\" \\\\\"");
  EXPECT_EQ(Quote(std::string(300, 'x')), "\"" + std::string(120, 'x') + "...\"");
}

TEST(DiagnosticsTest, ShowsNoControlCharacterOfAMessage) {
  EXPECT_EQ(FormatDiagnostic({At("a", 0, 1, 1), "f\n", "caf\u00e9\x1b[1m \xff", "rename\u009b it"}),
            "a:1:1: f?: caf\u00e9?[1m ?\n  rename? it\n");
}

TEST(ClosestTest, FindsSlipsOfThePen) {
  const std::vector<std::string> names = {"id", "publisher", "preparer", "set_id", "system_id"};
  EXPECT_EQ(Closest("publsher", names), "publisher");
  EXPECT_EQ(Closest("Publisher", names), "publisher");
  EXPECT_EQ(Closest("prepaerr", names), "preparer");
  EXPECT_EQ(Closest("systemid", names), "system_id");
  EXPECT_EQ(Closest("ID", names), "id");
  EXPECT_EQ(Closest("label", names), "");
  EXPECT_EQ(Closest("x", names), "");
  EXPECT_EQ(Closest("", names), "");
  EXPECT_EQ(Closest("id", {}), "");
}

TEST(ClosestPathTest, PrefersTheSameNameInAnotherFolder) {
  const std::vector<std::string> paths = {"/boot/grub.cfg", "/EFI/BOOT/efiboot.img",
                                          "/EFI/boot.img", "/live/vmlinuz"};
  EXPECT_EQ(ClosestPath("/EFI/efiboot.img", paths), "/EFI/BOOT/efiboot.img");
  EXPECT_EQ(ClosestPath("/vmlinuz", paths), "/live/vmlinuz");
  EXPECT_EQ(ClosestPath("/live/vmlinux", paths), "/live/vmlinuz");
  EXPECT_EQ(ClosestPath("/boot/Grub.cfg", paths), "/boot/grub.cfg");
  EXPECT_EQ(ClosestPath("/something/else", paths), "");
}

TEST(ClosestTest, MakesAQuestionOfASuggestion) {
  EXPECT_EQ(DidYouMean("x"), "did you mean \"x\"?");
  EXPECT_EQ(DidYouMean(""), "");
}

}  // namespace
}  // namespace isomason
