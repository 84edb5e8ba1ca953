#include "authoring/unicode/normal.h"

// Only what needs no data file of ICU's may be used here: normal forms C and D, and
// simple folding. Anything of locales would link 30 MB of data.
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace

std::string Normalize(absl::string_view text, NormalForm form) {
  if (IsAscii(text) || FindNotUtf8(text) != absl::string_view::npos) return std::string(text);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const normalizer = form == NormalForm::kNfc
                                                 ? icu::Normalizer2::getNFCInstance(error)
                                                 : icu::Normalizer2::getNFDInstance(error);
  if (U_FAILURE(error)) return std::string(text);  // only when there is no memory
  const icu::UnicodeString units = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out;
  normalizer->normalize(units, error).toUTF8String(out);
  return U_FAILURE(error) ? std::string(text) : out;
}

std::string FoldCase(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte < 0x80) {
      out.push_back(byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : text[i]);
      ++i;
      continue;
    }
    const size_t from = i;
    const char32_t c = NextCodePoint(text, &i);
    if (c >= kNotUtf8) {
      out.append(text.data() + from, i - from);
    } else {
      AppendUtf8(static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT)),
                 out);
    }
  }
  return out;
}

std::string UnicodeVersion() { return U_UNICODE_VERSION; }

}  // namespace isomason
