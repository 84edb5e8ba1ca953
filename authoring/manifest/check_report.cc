#include "authoring/manifest/check_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/manifest/check.h"
#include "authoring/unicode/unicode.h"

namespace isomason {

bool HasNul(absl::string_view text) { return text.find('\0') != absl::string_view::npos; }

std::string Utf8Problem(absl::string_view text) {
  const size_t at = FindNotUtf8(text);
  if (at == absl::string_view::npos) return "";
  return absl::StrFormat("%s is not valid UTF-8: byte 0x%02x at position %d", Quote(text),
                         static_cast<unsigned char>(text[at]), at + 1);
}

void CheckReport::CheckGlob(absl::string_view field, absl::string_view pattern) const {
  if (!Utf8Problem(pattern).empty()) return;
  std::string remedy;
  const std::string problem = GlobProblem(pattern, &remedy);
  if (!problem.empty()) Add(field, problem, remedy);
}

void CheckReport::TooLarge(absl::string_view field, uint64_t bytes) const {
  Add(field,
      absl::StrCat(bytes, " bytes are more than an image can have, ", kLargestImage,
                   " (ECMA-119 7.3)"),
      "the number is in bytes");
}

}  // namespace isomason
