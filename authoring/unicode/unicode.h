// -----------------------------------------------------------------------------
// File: authoring/unicode/unicode.h
// -----------------------------------------------------------------------------
//
// Text as manifests and namespaces need it: UTF-8, one code point after the other, and what is
// not UTF-8 told apart from it (RFC 3629: shortest form, no surrogates, at most
// U+10FFFF).
//
//   for (size_t i = 0; i < text.size();) {
//     const char32_t c = NextCodePoint(text, &i);
//     if (c >= kNotUtf8) ...   // the byte c - kNotUtf8 belongs to no character
//   }
//
#ifndef ISOMASON_AUTHORING_UNICODE_UNICODE_H_
#define ISOMASON_AUTHORING_UNICODE_UNICODE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace isomason {

// A byte b that is part of no valid sequence comes out as kNotUtf8 + b.
inline constexpr char32_t kNotUtf8 = 0x110000;

// The character at byte `*i`, which is less than the size; moves `*i` behind it.
char32_t NextCodePoint(absl::string_view text, size_t* i);

// The position of the first byte that is not UTF-8, or npos.
size_t FindNotUtf8(absl::string_view text);

// How many code points; a byte that is not UTF-8 counts as one.
size_t CountCodePoints(absl::string_view text);

// How many bytes of UTF-8, and how many units of UTF-16, a character needs.
constexpr size_t Utf8Size(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }
constexpr size_t Utf16Units(char32_t c) { return c < 0x10000 ? 1 : 2; }

// Appends a character in UTF-8, or in big-endian UTF-16.
void AppendUtf8(char32_t c, std::string& out);
void AppendUtf16(char32_t c, std::string& out);

// Text in big-endian UTF-16 as UTF-8; a surrogate without its partner becomes U+FFFD.
std::string Utf16ToUtf8(absl::string_view units);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_UNICODE_UNICODE_H_
