// -----------------------------------------------------------------------------
// File: authoring/iso9660/unicode.h
// -----------------------------------------------------------------------------
//
// UTF-8, as trees spell names, and UTF-16 in big-endian order, as Joliet does.
//
//   size_t at = 0;
//   while (at < name.size()) {
//     const char32_t c = DecodeUtf8(name, &at);
//     if (c == kNotUtf8) ...
//   }
//
#ifndef ISOMASON_AUTHORING_ISO9660_UNICODE_H_
#define ISOMASON_AUTHORING_ISO9660_UNICODE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace isomason {

inline constexpr char32_t kNotUtf8 = 0xFFFFFFFF;

// Returns the character at `*at`, which is inside `text`, and moves `*at` behind
// it. For bytes that are not UTF-8 (an overlong form and a surrogate included)
// returns kNotUtf8 and moves by one byte.
char32_t DecodeUtf8(absl::string_view text, size_t* at);

// How many bytes of UTF-8, and how many units of UTF-16, a character needs.
constexpr size_t Utf8Size(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }
constexpr size_t Utf16Units(char32_t c) { return c < 0x10000 ? 1 : 2; }

void AppendUtf8(char32_t c, std::string& out);
void AppendUtf16(char32_t c, std::string& out);

// Text in UTF-16, big-endian, as UTF-8; a surrogate without its partner becomes
// U+FFFD.
std::string Utf16ToUtf8(absl::string_view units);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_UNICODE_H_
