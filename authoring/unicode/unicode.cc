#include "authoring/unicode/unicode.h"

#include <cstdint>

namespace isomason {

char32_t NextCodePoint(absl::string_view text, size_t* i) {
  const auto byte = [&text](size_t at) { return static_cast<uint8_t>(text[at]); };
  const size_t start = (*i)++;
  const uint8_t lead = byte(start);
  if (lead < 0x80) return lead;

  size_t more;
  char32_t c, least;
  if (lead >= 0xC2 && lead <= 0xDF) {
    more = 1, c = lead & 0x1F, least = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    more = 2, c = lead & 0x0F, least = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    more = 3, c = lead & 0x07, least = 0x10000;
  } else {
    return kNotUtf8 + lead;
  }
  if (start + more >= text.size()) return kNotUtf8 + lead;
  for (size_t k = 1; k <= more; ++k) {
    if ((byte(start + k) & 0xC0) != 0x80) return kNotUtf8 + lead;
    c = (c << 6) | (byte(start + k) & 0x3F);
  }
  if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return kNotUtf8 + lead;
  *i = start + 1 + more;
  return c;
}

size_t FindNotUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if (static_cast<uint8_t>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const size_t start = i;
    if (NextCodePoint(text, &i) >= kNotUtf8) return start;
  }
  return absl::string_view::npos;
}

size_t CountCodePoints(absl::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++count) NextCodePoint(text, &i);
  return count;
}

void AppendUtf8(char32_t c, std::string& out) {
  const size_t size = Utf8Size(c);
  if (size == 1) {
    out.push_back(static_cast<char>(c));
    return;
  }
  constexpr uint8_t kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  out.push_back(static_cast<char>(kLead[size] | c >> (6 * (size - 1))));
  for (size_t i = size - 1; i-- > 0;) {
    out.push_back(static_cast<char>(0x80 | (c >> (6 * i) & 0x3F)));
  }
}

void AppendUtf16(char32_t c, std::string& out) {
  if (c >= 0x10000) {
    AppendUtf16(0xD800 + ((c - 0x10000) >> 10), out);
    c = 0xDC00 + ((c - 0x10000) & 0x3FF);
  }
  out.push_back(static_cast<char>(c >> 8));
  out.push_back(static_cast<char>(c & 0xFF));
}

std::string Utf16ToUtf8(absl::string_view units) {
  const auto unit = [&](size_t i) {
    return static_cast<char32_t>(static_cast<uint8_t>(units[i]) << 8 |
                                 static_cast<uint8_t>(units[i + 1]));
  };
  std::string out;
  for (size_t i = 0; i + 1 < units.size(); i += 2) {
    char32_t c = unit(i);
    if (c >= 0xD800 && c <= 0xDFFF) {
      const char32_t low = i + 3 < units.size() ? unit(i + 2) : 0;
      if (c < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      } else {
        c = 0xFFFD;
      }
    }
    AppendUtf8(c, out);
  }
  return out;
}

}  // namespace isomason
