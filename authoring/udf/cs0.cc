#include "authoring/udf/cs0.h"

#include <utility>

#include "layout/status.h"

namespace isomason::udf {
namespace {

constexpr char kOneByte = 8;
constexpr char kTwoBytes = 16;

// Takes one character off the front of `text`, or returns -1 when the bytes there
// are not the shortest UTF-8 form of a Unicode scalar value.
int32_t TakeCharacter(absl::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return -1;
  int32_t c = lead & (0x7F >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return -1;
    c = c << 6 | (byte(i) & 0x3F);
  }
  constexpr int32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[size] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return -1;
  text.remove_prefix(size);
  return c;
}

bool IsAscii(absl::string_view text) {
  // No early exit: names are short, and this way the loop is a few vector steps.
  uint8_t any = 0;
  for (char c : text) any |= static_cast<uint8_t>(c);
  return any < 0x80;
}

void AppendUnit(uint32_t unit, std::string& out) {
  out += static_cast<char>(unit >> 8);
  out += static_cast<char>(unit);
}

}  // namespace

absl::Status AppendCs0(absl::string_view utf8, std::string& out) {
  if (utf8.empty()) return absl::OkStatus();
  if (IsAscii(utf8)) {
    out += kOneByte;
    out.append(utf8.data(), utf8.size());
    return absl::OkStatus();
  }

  int32_t greatest = 0;
  for (absl::string_view rest = utf8; !rest.empty();) {
    const int32_t c = TakeCharacter(rest);
    if (c < 0) {
      const size_t at = utf8.size() - rest.size();
      return absl::InvalidArgumentError(
          absl::StrCat("is not UTF-8 at byte ", at, " (0x",
                       absl::Hex(static_cast<uint8_t>(utf8[at]), absl::kZeroPad2),
                       "); UDF holds Unicode only (OSTA UDF 2.1.1)"));
    }
    greatest = std::max(greatest, c);
  }
  const bool one_byte = greatest < 256;
  out += one_byte ? kOneByte : kTwoBytes;
  for (absl::string_view rest = utf8; !rest.empty();) {
    const auto c = static_cast<uint32_t>(TakeCharacter(rest));
    if (one_byte) {
      out += static_cast<char>(c);
    } else if (c < 0x10000) {
      AppendUnit(c, out);
    } else {
      AppendUnit(0xD800 + ((c - 0x10000) >> 10), out);
      AppendUnit(0xDC00 + ((c - 0x10000) & 0x3FF), out);
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
