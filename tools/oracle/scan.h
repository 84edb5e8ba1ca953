// -----------------------------------------------------------------------------
// File: tools/oracle/scan.h
// -----------------------------------------------------------------------------
//
// Takes a line of a program's listing apart from its front. After the first thing that is not
// as asked for, everything fails, so that one look at ok() at the end is enough.
//
//   Scanner scan("        3 /a b");
//   const uint64_t size = scan.Number();        // blanks before it are skipped
//   scan.Literal(" ");
//   const std::string path = scan.Rest();
//   if (!scan.ok()) return Odd("no entry", line);
#ifndef ISOMASON_TOOLS_ORACLE_SCAN_H_
#define ISOMASON_TOOLS_ORACLE_SCAN_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace isomason {

class Scanner {
 public:
  explicit Scanner(absl::string_view line) : rest_(line) {}

  bool ok() const { return ok_; }

  // Whether `text` comes next; takes nothing.
  bool Sees(absl::string_view text) const { return ok_ && rest_.substr(0, text.size()) == text; }

  // Takes `text`.
  void Literal(absl::string_view text) { ok_ = ok_ && absl::ConsumePrefix(&rest_, text); }

  // Takes `count` bytes, each of which is in `allowed`.
  std::string Take(size_t count, absl::string_view allowed) {
    const absl::string_view taken = rest_.substr(0, count);
    ok_ =
        ok_ && taken.size() == count && taken.find_first_not_of(allowed) == absl::string_view::npos;
    if (!ok_) return std::string(count, ' ');
    rest_.remove_prefix(count);
    return std::string(taken);
  }

  // Takes `count` bytes of any kind.
  std::string Take(size_t count) {
    ok_ = ok_ && rest_.size() >= count;
    if (!ok_) return std::string(count, ' ');
    std::string taken(rest_.substr(0, count));
    rest_.remove_prefix(count);
    return taken;
  }

  // Takes blanks, and then every following byte that is in `allowed`: at least one.
  std::string Word(absl::string_view allowed) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const size_t count = std::min(rest_.find_first_not_of(allowed), rest_.size());
    ok_ = ok_ && count > 0;
    return Take(count);
  }

  // Takes blanks and a decimal number.
  uint64_t Number() {
    uint64_t value = 0;
    const std::string digits = Word("0123456789");
    ok_ = ok_ && absl::SimpleAtoi(digits, &value);
    return value;
  }

  // Takes all that is left.
  std::string Rest() {
    std::string rest(rest_);
    rest_ = absl::string_view();
    return rest;
  }

 private:
  absl::string_view rest_;
  bool ok_ = true;
};

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_SCAN_H_
