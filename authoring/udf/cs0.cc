#include "authoring/udf/cs0.h"

#include <algorithm>
#include <utility>

#include "authoring/unicode/unicode.h"
#include "layout/status.h"

namespace isomason::udf {
namespace {

constexpr char kOneByte = 8;
constexpr char kTwoBytes = 16;

bool IsAscii(absl::string_view text) {
  // No early exit: names are short, and this way the loop is a few vector steps.
  uint8_t any = 0;
  for (char c : text) any |= static_cast<uint8_t>(c);
  return any < 0x80;
}

}  // namespace

absl::Status AppendCs0(absl::string_view utf8, std::string& out) {
  if (utf8.empty()) return absl::OkStatus();
  if (IsAscii(utf8)) {
    out += kOneByte;
    out.append(utf8.data(), utf8.size());
    return absl::OkStatus();
  }

  char32_t greatest = 0;
  for (size_t at = 0; at < utf8.size();) {
    const size_t start = at;
    const char32_t c = NextCodePoint(utf8, &at);
    if (c >= kNotUtf8) {
      return absl::InvalidArgumentError(
          absl::StrCat("is not UTF-8 at byte ", start, " (0x",
                       absl::Hex(static_cast<uint8_t>(utf8[start]), absl::kZeroPad2),
                       "); UDF holds Unicode only (OSTA UDF 2.1.1)"));
    }
    greatest = std::max(greatest, c);
  }
  const bool one_byte = greatest < 256;
  out += one_byte ? kOneByte : kTwoBytes;
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = NextCodePoint(utf8, &at);
    if (one_byte) {
      out += static_cast<char>(c);
    } else {
      AppendUtf16(c, out);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> EncodeCs0(absl::string_view utf8) {
  std::string out;
  RETURN_IF_ERROR(AppendCs0(utf8, out));
  return out;
}

std::string CutCs0(std::string cs0, size_t limit) {
  if (cs0.size() <= limit) return cs0;
  if (limit <= 1) return "";  // no room behind the compression id
  if (cs0[0] == kTwoBytes) {
    if (limit % 2 == 0) --limit;  // the id and whole units
    const uint8_t next = static_cast<uint8_t>(cs0[limit]);
    if (next >= 0xDC && next < 0xE0) limit -= 2;  // the second half of a pair
  }
  if (limit <= 1) return "";
  cs0.resize(limit);
  return cs0;
}

}  // namespace isomason::udf
