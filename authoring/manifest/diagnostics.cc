#include "authoring/manifest/diagnostics.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

// Letters and marks that take no column or two on a terminal. The wide blocks of
// Unicode's East Asian Width, coarsely: a caret that is off by one is no disaster.
int DisplayWidth(char32_t c) {
  if ((c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || c == 0xFE0F) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1F64F) ||
                    (c >= 0x1F900 && c <= 0x1F9FF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c >= kNotUtf8; }

// What a terminal should not get comes out as `?`: a message may hold a name of the
// host as it is.
std::string Plain(absl::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size();) {
    const size_t from = i;
    const char32_t c = NextCodePoint(text, &i);
    absl::StrAppend(&plain, IsControl(c) ? "?" : text.substr(from, i - from));
  }
  return plain;
}

// The line, and below it the caret. Tabs stay in both lines, so that the caret
// stands right whatever their width is.
std::string FormatExcerpt(const Location& location) {
  const absl::string_view text = location.text;
  const size_t caret = std::min(location.caret, text.size());
  size_t start = 0;
  while (start < caret && (text[start] == ' ' || text[start] == '\t')) ++start;

  std::string line = "    ", below = "    ";
  for (size_t i = start; i < text.size();) {
    const bool before_caret = i < caret;
    const size_t from = i;
    const char32_t c = NextCodePoint(text, &i);
    if (c == '\t') {
      line += '\t';
      if (before_caret) below += '\t';
    } else if (IsControl(c)) {
      line += '?';
      if (before_caret) below += ' ';
    } else {
      absl::StrAppend(&line, text.substr(from, i - from));
      if (before_caret) below.append(DisplayWidth(c), ' ');
    }
  }
  return absl::StrCat(line, "\n", below, "^\n");
}

// Edits (one character put in, left out, changed, or two swapped) from `a` to `b`,
// or `limit` + 1 when there are more.
size_t EditDistance(absl::string_view a, absl::string_view b, size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return limit + 1;
  std::vector<size_t> two_back(a.size() + 1), back(a.size() + 1), now(a.size() + 1);
  for (size_t i = 0; i <= a.size(); ++i) back[i] = i;
  for (size_t j = 1; j <= b.size(); ++j) {
    now[0] = j;
    size_t least = j;
    for (size_t i = 1; i <= a.size(); ++i) {
      now[i] = std::min({back[i] + 1, now[i - 1] + 1, back[i - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[i] = std::min(now[i], two_back[i - 2] + 1);
      }
      least = std::min(least, now[i]);
    }
    if (least > limit) return limit + 1;
    std::swap(two_back, back);
    std::swap(back, now);
  }
  return std::min(back[a.size()], limit + 1);
}

// How many edits still count as a slip of the pen.
size_t EditsAllowed(absl::string_view word) { return std::max<size_t>(1, word.size() / 3); }

std::string LowerAscii(absl::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

absl::string_view Basename(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::string Location::FileAndLine() const {
  return line > 0 ? absl::StrCat(file, ":", line) : file;
}

std::string Location::ToString() const {
  return line > 0 && column > 0 ? absl::StrCat(file, ":", line, ":", column) : FileAndLine();
}

void Diagnostics::Add(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

void Diagnostics::Add(Location location, absl::string_view field, absl::string_view message,
                      absl::string_view remedy) {
  Add(Diagnostic{std::move(location), std::string(field), std::string(message),
                 std::string(remedy)});
}

std::vector<Diagnostic> Diagnostics::Sorted() const {
  const auto place = [](const Diagnostic& d) {
    return std::tie(d.location.file_order, d.location.file, d.location.line, d.location.column);
  };
  std::vector<const Diagnostic*> order;
  order.reserve(diagnostics_.size());
  for (const Diagnostic& d : diagnostics_) order.push_back(&d);
  std::stable_sort(order.begin(), order.end(), [&place](const Diagnostic* a, const Diagnostic* b) {
    return place(*a) < place(*b);
  });

  std::vector<Diagnostic> sorted;
  sorted.reserve(order.size());
  std::set<std::pair<absl::string_view, absl::string_view>> here;  // what is known at this place
  const Diagnostic* last = nullptr;
  for (const Diagnostic* d : order) {
    if (last == nullptr || place(*last) != place(*d)) here.clear();
    last = d;
    if (here.emplace(d->field, d->message).second) sorted.push_back(*d);
  }
  return sorted;
}

std::string Diagnostics::Format(size_t limit) const {
  const std::vector<Diagnostic> sorted = Sorted();
  std::string text;
  for (size_t i = 0; i < sorted.size() && i < limit; ++i) text += FormatDiagnostic(sorted[i]);
  if (sorted.size() > limit) {
    absl::StrAppend(&text, "and ", sorted.size() - limit, " more\n");
  }
  return text;
}

std::string FormatDiagnostic(const Diagnostic& diagnostic) {
  std::string text = diagnostic.location.ToString();
  if (!text.empty()) text += ": ";
  if (!diagnostic.field.empty()) absl::StrAppend(&text, Plain(diagnostic.field), ": ");
  absl::StrAppend(&text, Plain(diagnostic.message), "\n");
  if (!diagnostic.location.text.empty()) text += FormatExcerpt(diagnostic.location);
  if (!diagnostic.remedy.empty()) absl::StrAppend(&text, "  ", Plain(diagnostic.remedy), "\n");
  return text;
}

std::string Quote(absl::string_view value, size_t limit) {
  std::string text = "\"";
  size_t i = 0;
  while (i < value.size() && text.size() <= limit) {
    const size_t from = i;
    const char32_t c = NextCodePoint(value, &i);
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (c == '"' || c == '\\') {
      text += '\\';
      text += static_cast<char>(c);
    } else if (IsControl(c)) {
      for (size_t k = from; k < i; ++k) {
        char hex[8];
        snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned char>(value[k]));
        text += hex;
      }
    } else {
      absl::StrAppend(&text, value.substr(from, i - from));
    }
  }
  if (i < value.size()) text += "...";
  return text + "\"";
}

std::string Closest(absl::string_view word, absl::Span<const std::string> candidates) {
  const std::string lower = LowerAscii(word);
  size_t least = EditsAllowed(word) + 1;
  const std::string* best = nullptr;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(lower, LowerAscii(candidate), least - 1);
    if (distance >= least) continue;
    least = distance;
    best = &candidate;
    if (distance == 0) break;
  }
  // A word of which nothing is left is no misspelling.
  return best != nullptr && least < word.size() ? *best : "";
}

std::string ClosestPath(absl::string_view path, absl::Span<const std::string> candidates) {
  const std::string lower = LowerAscii(path);
  const std::string name = LowerAscii(Basename(path));
  constexpr size_t kElsewhere = 64;  // as far as a whole path may be from a file of the same name
  size_t least = EditsAllowed(path) + 1;
  size_t least_elsewhere = kElsewhere + 1;
  const std::string* best = nullptr;
  const std::string* elsewhere = nullptr;
  for (const std::string& candidate : candidates) {
    const std::string lower_candidate = LowerAscii(candidate);
    const size_t distance = EditDistance(lower, lower_candidate, least - 1);
    if (distance < least) {
      least = distance;
      best = &candidate;
    }
    if (!name.empty() && Basename(lower_candidate) == name) {
      const size_t away = EditDistance(lower, lower_candidate, least_elsewhere - 1);
      if (away < least_elsewhere) {
        least_elsewhere = away;
        elsewhere = &candidate;
      }
    }
  }
  // One slip in the name beats another folder; the same name in another folder
  // beats a path that is merely similar.
  if (best != nullptr && (least <= 2 || elsewhere == nullptr)) return *best;
  return elsewhere != nullptr ? *elsewhere : "";
}

std::string DidYouMean(absl::string_view suggestion) {
  return suggestion.empty() ? "" : absl::StrCat("did you mean ", Quote(suggestion), "?");
}

}  // namespace isomason
