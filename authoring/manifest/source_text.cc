#include "authoring/manifest/source_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

bool IsStrayControl(char c) { return (static_cast<uint8_t>(c) < 0x20 && !IsSpace(c)) || c == 0x7F; }

// As much of a line as a message shows.
constexpr size_t kShownLine = 160;
constexpr size_t kShownBeforeCaret = 60;

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

}  // namespace

SourceText::SourceText(std::string name, int order, std::string bytes)
    : name_(std::move(name)), order_(order), text_(std::move(bytes)) {
  if (absl::StartsWith(text_, "\xEF\xBB\xBF")) text_.erase(0, 3);
  if (absl::StartsWith(text_, "\xFF\xFE") || absl::StartsWith(text_, "\xFE\xFF")) {
    encoding_ = Encoding::kUtf16;
  } else if (FindStrayByte() != absl::string_view::npos) {
    encoding_ = Encoding::kMaybeBinary;
  } else {
    // No text manifest begins with a brace: the outermost message has no name.
    const auto first = std::find_if_not(text_.begin(), text_.end(), IsSpace);
    encoding_ = first != text_.end() && *first == '{' ? Encoding::kJson : Encoding::kText;
  }
}

size_t SourceText::FindStrayByte() const {
  const auto control = std::find_if(text_.begin(), text_.end(), IsStrayControl);
  const size_t at =
      control == text_.end() ? std::string::npos : static_cast<size_t>(control - text_.begin());
  return std::min(at, FindNotUtf8(text_));
}

bool SourceText::LooksLikeText() const {
  size_t stray = 0;
  for (size_t i = 0; i < text_.size();) {
    const size_t from = i;
    if (NextCodePoint(text_, &i) >= kNotUtf8 || IsStrayControl(text_[from])) ++stray;
  }
  const auto first = std::find_if_not(text_.begin(), text_.end(), IsSpace);
  const bool begins_well = first != text_.end() &&
                           (*first == '{' || *first == '#' || *first == '_' ||
                            (*first >= 'a' && *first <= 'z') || (*first >= 'A' && *first <= 'Z'));
  return begins_well && stray * 20 <= text_.size();
}

Location SourceText::File() const { return {.file = name_, .file_order = order_}; }

bool SourceText::SameLine(size_t a, size_t b) const {
  return absl::string_view(text_).substr(a, b - a).find('\n') == absl::string_view::npos;
}

Location SourceText::At(size_t offset) const {
  offset = std::min(offset, text_.size());
  if (line_starts_.empty()) {
    line_starts_.push_back(0);
    for (size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\n') line_starts_.push_back(i + 1);
    }
  }
  const size_t line = static_cast<size_t>(
      std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - line_starts_.begin());
  const size_t start = line_starts_[line - 1];

  // Columns count characters. On the line of the last place, go on from there.
  size_t from = start, column = 1;
  if (line == last_line_ && offset >= last_offset_) {
    from = last_offset_;
    column = last_column_;
  }
  column += CountCodePoints(absl::string_view(text_).substr(from, offset - from));
  last_line_ = line;
  last_offset_ = offset;
  last_column_ = column;

  Location location = File();
  location.line = static_cast<int64_t>(line);
  location.column = static_cast<int64_t>(column);

  size_t end = line < line_starts_.size() ? line_starts_[line] - 1 : text_.size();
  if (end > start && end > offset && text_[end - 1] == '\r') --end;
  size_t first = start, last = end;
  if (end - start > kShownLine) {
    if (offset - start > kShownBeforeCaret) first = offset - kShownBeforeCaret;
    last = std::min(end, first + kShownLine);
    while (first > start && IsContinuation(text_[first])) --first;
    while (last < end && IsContinuation(text_[last])) ++last;
  }
  const absl::string_view before = first > start ? "..." : "";
  location.text = absl::StrCat(before, absl::string_view(text_).substr(first, last - first),
                               last < end ? "..." : "");
  location.caret = before.size() + (offset - first);
  return location;
}

}  // namespace isomason
