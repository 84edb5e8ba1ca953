// -----------------------------------------------------------------------------
// File: authoring/manifest/glob.h
// -----------------------------------------------------------------------------
//
// Patterns over relative paths:
//
//   *       any characters of one component, also none
//   ?       one character (a UTF-8 code point) of a component
//   **      as a whole component: any number of components, also none
//   [a-z]   one character of the class; [!a-z] one that is not in it
//   \x      x itself
//
// Only `/` matches `/`; a leading dot is like any other character. As `**` may stand
// for nothing, `boot/**` matches `boot` as well as all that is in it.
//
//   ASSIGN_OR_RETURN(Glob glob, Glob::Compile("**/*.bak"));
//   glob.Matches("etc/passwd.bak");   // true; so is "passwd.bak"
//
#ifndef ISOMASON_AUTHORING_MANIFEST_GLOB_H_
#define ISOMASON_AUTHORING_MANIFEST_GLOB_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

class Glob {
 public:
  // InvalidArgument says what is wrong with the pattern: empty, with a leading,
  // trailing or doubled `/`, a component `.` or `..`, `**` beside other
  // characters of a component, a class that is not closed, a range backwards, a
  // backslash at the end.
  static absl::StatusOr<Glob> Compile(absl::string_view pattern);

  // Whether the pattern stands for the whole of `path`, which is relative, without
  // empty components. Bytes that are not UTF-8 count as characters of their own.
  // Takes at most the product of both lengths in steps.
  bool Matches(absl::string_view path) const;

  // A pattern that stands for `path` alone.
  static std::string Literal(absl::string_view path);

  const std::string& pattern() const { return pattern_; }

 private:
  struct Range {
    char32_t first, last;
  };
  struct Token {
    enum class Kind : uint8_t { kLiteral, kAny, kClass, kStar } kind;
    bool negated = false;         // of a class
    char32_t literal = 0;         // of a literal
    std::vector<Range> ranges{};  // of a class
  };
  struct Component {
    bool any_number = false;  // `**`
    std::vector<Token> tokens;
  };

  static bool MatchesOne(const Token& token, char32_t c);
  static bool MatchesComponent(const Component& component, absl::string_view name);

  std::string pattern_;
  std::vector<Component> components_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_GLOB_H_
