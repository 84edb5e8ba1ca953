#include "authoring/manifest/glob.h"

#include <string>

#include "gtest/gtest.h"

namespace isomason {
namespace {

bool Matches(absl::string_view pattern, absl::string_view path) {
  const absl::StatusOr<Glob> glob = Glob::Compile(pattern);
  EXPECT_TRUE(glob.ok()) << pattern << ": " << glob.status();
  return glob.ok() && glob->Matches(path);
}

TEST(GlobTest, MatchesWholePaths) {
  const struct {
    const char* pattern;
    const char* path;
    bool matches;
  } kCases[] = {
      // Literals.
      {"etc/passwd", "etc/passwd", true},
      {"etc/passwd", "etc/passwd2", false},
      {"etc/passwd", "etc", false},
      {"etc", "etc/passwd", false},
      {"etc", "ETC", false},
      // `*` and `?` stay inside a component.
      {"*", "a", true},
      {"*", ".hidden", true},
      {"*", "a/b", false},
      {"*.bak", "x.bak", true},
      {"*.bak", ".bak", true},
      {"*.bak", "x.bak.gz", false},
      {"*/*", "a/b", true},
      {"*/*", "a", false},
      {"a*b*c", "aXbYbc", true},
      {"a*b*c", "aXbYb", false},
      {"?", "a", true},
      {"?", "ab", false},
      {"a?c", "a/c", false},
      {"lib*.so.?", "libc.so.6", true},
      // `?` is a character, not a byte.
      {"?", "\u00e9", true},
      {"??", "\u00e9", false},
      {"caf?", "caf\u00e9", true},
      {"?", "\U0001F600", true},
      {"?", "\xFF", true},
      {"\xFF", "\xFF", true},
      {"\xFF", "\xFE", false},
      // `**` is any number of components, also none.
      {"**", "a", true},
      {"**", "a/b/c", true},
      {"**/*.bak", "x.bak", true},
      {"**/*.bak", "a/b/x.bak", true},
      {"**/*.bak", "a/x.bak/y", false},
      {"a/**", "a/b/c", true},
      {"a/**", "a", true},
      {"a/**", "ab", false},
      {"a/**/b", "a/b", true},
      {"a/**/b", "a/x/y/b", true},
      {"a/**/b", "a/x/y/bb", false},
      {"**/b/**/d", "a/b/c/b/d", true},
      {"**/b/**/d", "a/c/d", false},
      {"**/**/x", "x", true},
      {"**/a", "b/a/c", false},
      // Classes.
      {"[a-c]", "b", true},
      {"[a-c]", "d", false},
      {"[!a-c]", "d", true},
      {"[!a-c]", "b", false},
      {"[^a-c]", "b", false},
      {"[abc]x", "cx", true},
      {"[]]", "]", true},
      {"[!]]", "]", false},
      {"[a-]", "-", true},
      {"[-a]", "-", true},
      {"[\\]]", "]", true},
      {"[*]", "*", true},
      {"[*]", "a", false},
      {"[\u00e0-\u00ff]", "\u00e9", true},
      {"[\u00e0-\u00ff]", "e", false},
      {"[!a]", "a/b", false},
      // Backslashes.
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"\\[a]", "[a]", true},
      {"\\\\", "\\", true},
      {"a\\b", "ab", true},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Matches(c.pattern, c.path), c.matches) << c.pattern << " and " << c.path;
  }
}

TEST(GlobTest, SaysWhatIsWrongWithAPattern) {
  const struct {
    const char* pattern;
    const char* message;
  } kCases[] = {
      {"", "the pattern is empty"},
      {"/etc", "the pattern begins with `/`, but paths here do not"},
      {"etc/", "the pattern ends with `/`, but no path does"},
      {"a//b", "the pattern has an empty component"},
      {"a/../b", "the pattern has a component `.` or `..`, but no path does"},
      {"./a", "the pattern has a component `.` or `..`, but no path does"},
      {"a**", "`**` is not a whole component of the pattern; within a name `*` is enough"},
      {"**.bak", "`**` is not a whole component of the pattern; within a name `*` is enough"},
      {"[a", "a class `[...]` is not closed; write `\\[` for the character"},
      {"[", "a class `[...]` is not closed; write `\\[` for the character"},
      {"[]", "a class `[...]` is not closed; write `\\[` for the character"},
      {"[!", "a class `[...]` is not closed; write `\\[` for the character"},
      {"[a\\", "a class `[...]` is not closed; write `\\[` for the character"},
      {"[z-a]", "a range in `[...]` runs backwards"},
      {"[a/b]", "a class `[...]` never matches `/`; it stands inside one component"},
      {"a\\", "the pattern ends with a backslash"},
      {"a\\/b", "a backslash stands before `/`"},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<Glob> glob = Glob::Compile(c.pattern);
    ASSERT_FALSE(glob.ok()) << c.pattern;
    EXPECT_EQ(glob.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(glob.status().message(), c.message) << c.pattern;
  }
}

// Each of these takes centuries where a matcher tries every way to share the path among the stars.
TEST(GlobTest, TakesNoExponentialTime) {
  std::string stars, components, deep;
  for (int i = 0; i < 60; ++i) {
    stars += "*a";
    components += "**/a/";
    deep += "a/";
  }
  EXPECT_FALSE(Matches(stars + "b", std::string(250, 'a')));
  EXPECT_TRUE(Matches(stars, std::string(250, 'a')));
  EXPECT_FALSE(Matches(components + "b", deep + deep + "a"));
  EXPECT_TRUE(Matches(components + "a", deep + deep + "a"));
}

}  // namespace
}  // namespace isomason
