#include "authoring/manifest/utf8.h"

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

size_t CountUtf16Units(absl::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size();) {
    const char32_t c = NextCodePoint(text, &i);
    count += c >= 0x10000 && c < kNotUtf8 ? 2 : 1;
  }
  return count;
}

}  // namespace isomason
