#include "authoring/iso9660/unicode.h"

#include <cstdint>

namespace isomason {

char32_t DecodeUtf8(absl::string_view text, size_t* at) {
  const auto lead = static_cast<uint8_t>(text[*at]);
  if (lead < 0x80) {
    ++*at;
    return lead;
  }
  size_t size = 0;
  char32_t c = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2;
    c = lead & 0x1F;
  } else if ((lead & 0xF0) == 0xE0) {
    size = 3;
    c = lead & 0x0F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4;
    c = lead & 0x07;
  }
  bool good = size != 0 && *at + size <= text.size();
  for (size_t i = 1; good && i < size; ++i) {
    const auto next = static_cast<uint8_t>(text[*at + i]);
    good = (next & 0xC0) == 0x80;
    c = c << 6 | (next & 0x3F);
  }
  // Overlong, a surrogate, or past the last character.
  good = good && Utf8Size(c) == size && !(c >= 0xD800 && c <= 0xDFFF) && c <= 0x10FFFF;
  *at += good ? size : 1;
  return good ? c : kNotUtf8;
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
