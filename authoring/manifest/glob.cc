#include "authoring/manifest/glob.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "authoring/unicode/unicode.h"

namespace isomason {

absl::StatusOr<Glob> Glob::Compile(absl::string_view pattern) {
  const auto bad = [](absl::string_view what) { return absl::InvalidArgumentError(what); };
  if (pattern.empty()) return bad("the pattern is empty");
  if (pattern.front() == '/') return bad("the pattern begins with `/`, but paths here do not");
  if (pattern.back() == '/') return bad("the pattern ends with `/`, but no path does");

  Glob glob;
  glob.pattern_ = std::string(pattern);
  Component component;
  // Whether the component so far is `**` and what else.
  bool doubled = false;
  const auto finish = [&]() -> absl::Status {
    if (component.tokens.empty() && !doubled) return bad("the pattern has an empty component");
    if (doubled && !component.tokens.empty()) {
      return bad("`**` is not a whole component of the pattern; within a name `*` is enough");
    }
    const auto is_dot = [](const Token& t) {
      return t.kind == Token::Kind::kLiteral && t.literal == U'.';
    };
    if (!doubled && component.tokens.size() <= 2 &&
        std::all_of(component.tokens.begin(), component.tokens.end(), is_dot)) {
      return bad("the pattern has a component `.` or `..`, but no path does");
    }
    component.any_number = doubled;
    // `**/**` is `**`.
    if (!doubled || glob.components_.empty() || !glob.components_.back().any_number) {
      glob.components_.push_back(std::move(component));
    }
    component = Component();
    doubled = false;
    return absl::OkStatus();
  };

  for (size_t i = 0; i < pattern.size();) {
    const char32_t c = NextCodePoint(pattern, &i);
    if (c == '/') {
      if (absl::Status s = finish(); !s.ok()) return s;
    } else if (c == '*') {
      if (i < pattern.size() && pattern[i] == '*') {
        while (i < pattern.size() && pattern[i] == '*') ++i;
        doubled = true;
      } else {
        component.tokens.push_back({.kind = Token::Kind::kStar});
      }
    } else if (c == '?') {
      component.tokens.push_back({.kind = Token::Kind::kAny});
    } else if (c == '[') {
      Token token{.kind = Token::Kind::kClass};
      if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) {
        token.negated = true;
        ++i;
      }
      // Reads one character of the class; a `]` that comes first stands for itself.
      bool first = true, closed = false;
      const auto next = [&](char32_t* out) -> bool {
        if (i >= pattern.size()) return false;
        *out = NextCodePoint(pattern, &i);
        if (*out != '\\') return true;
        if (i >= pattern.size()) return false;
        *out = NextCodePoint(pattern, &i);
        return true;
      };
      while (i < pattern.size()) {
        if (pattern[i] == ']' && !first) {
          ++i;
          closed = true;
          break;
        }
        first = false;
        Range range;
        if (!next(&range.first)) break;
        range.last = range.first;
        if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
          ++i;
          if (!next(&range.last)) break;
        }
        if (range.first == '/' || range.last == '/') {
          return bad("a class `[...]` never matches `/`; it stands inside one component");
        }
        if (range.first > range.last) return bad("a range in `[...]` runs backwards");
        token.ranges.push_back(range);
      }
      if (!closed) return bad("a class `[...]` is not closed; write `\\[` for the character");
      component.tokens.push_back(std::move(token));
    } else if (c == '\\') {
      if (i >= pattern.size()) return bad("the pattern ends with a backslash");
      if (pattern[i] == '/') return bad("a backslash stands before `/`");
      component.tokens.push_back(
          {.kind = Token::Kind::kLiteral, .literal = NextCodePoint(pattern, &i)});
    } else {
      component.tokens.push_back({.kind = Token::Kind::kLiteral, .literal = c});
    }
  }
  if (absl::Status s = finish(); !s.ok()) return s;
  return glob;
}

std::string Glob::Literal(absl::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') pattern.push_back('\\');
    pattern.push_back(c);
  }
  return pattern;
}

bool Glob::MatchesOne(const Token& token, char32_t c) {
  switch (token.kind) {
    case Token::Kind::kLiteral:
      return token.literal == c;
    case Token::Kind::kAny:
      return true;
    case Token::Kind::kClass:
      return token.negated != std::any_of(token.ranges.begin(), token.ranges.end(),
                                          [c](Range r) { return r.first <= c && c <= r.last; });
    case Token::Kind::kStar:
      break;
  }
  return false;
}

// Where a `*` could have taken more, only the last one needs to be tried again: what
// an earlier one gave up, the later one can take. So there is no exponential search.
bool Glob::MatchesComponent(const Component& component, absl::string_view name) {
  const std::vector<Token>& tokens = component.tokens;
  constexpr size_t kNone = static_cast<size_t>(-1);
  size_t t = 0, i = 0;
  size_t star = kNone, star_end = 0;  // the last `*`, and where what it took ends
  while (i < name.size()) {
    if (t < tokens.size() && tokens[t].kind == Token::Kind::kStar) {
      star = t++;
      star_end = i;
      continue;
    }
    size_t next = i;
    const char32_t c = NextCodePoint(name, &next);
    if (t < tokens.size() && MatchesOne(tokens[t], c)) {
      ++t;
      i = next;
    } else if (star != kNone) {
      NextCodePoint(name, &star_end);
      i = star_end;
      t = star + 1;
    } else {
      return false;
    }
  }
  while (t < tokens.size() && tokens[t].kind == Token::Kind::kStar) ++t;
  return t == tokens.size();
}

// The same one level up, with components for characters and `**` for `*`.
bool Glob::Matches(absl::string_view path) const {
  constexpr size_t kNone = static_cast<size_t>(-1);
  const std::vector<absl::string_view> names = absl::StrSplit(path, '/');
  size_t c = 0, n = 0;
  size_t star = kNone, star_end = 0;
  while (n < names.size()) {
    if (c < components_.size() && components_[c].any_number) {
      star = c++;
      star_end = n;
    } else if (c < components_.size() && MatchesComponent(components_[c], names[n])) {
      ++c;
      ++n;
    } else if (star != kNone) {
      n = ++star_end;
      c = star + 1;
    } else {
      return false;
    }
  }
  while (c < components_.size() && components_[c].any_number) ++c;
  return c == components_.size();
}

}  // namespace isomason
