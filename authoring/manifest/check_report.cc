#include "authoring/manifest/check_report.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/manifest/check_paths.h"
#include "authoring/timestamp.h"
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

bool CheckReport::CheckImagePath(absl::string_view field, absl::string_view path) const {
  std::string remedy;
  const std::string problem = ImagePathProblem(path, &remedy);
  if (problem.empty()) return true;
  Add(field, problem, remedy);
  return false;
}

void CheckReport::CheckTime(absl::string_view field, absl::string_view text, int64_t first,
                            int64_t last) const {
  if (text.empty()) return;
  const absl::StatusOr<Timestamp> time = ParseTimestamp(text);
  if (!time.ok()) {
    Add(field, absl::StrCat(Quote(text), " is not a time"),
        "write it as 2026-11-01T00:00:00Z or @1793491200");
    return;
  }
  const int64_t year = ToCalendar(*time).year;
  if (year >= first && year <= last) return;
  Add(field,
      first == 1 ? absl::StrCat(Quote(text), " is in the year ", year,
                                "; a volume's dates hold 1 to 9999 (ECMA-119 8.4.26.1)")
                 : absl::StrCat(Quote(text), " is in the year ", year,
                                "; directories hold 1900 to 2155 (ECMA-119 9.1.5)"),
      "give a time in that range");
}

void CheckReport::CheckPolicy(absl::string_view field, manifest::EntryPolicy policy,
                              std::initializer_list<manifest::EntryPolicy> possible) const {
  if (policy == manifest::ENTRY_POLICY_DEFAULT || !manifest::EntryPolicy_IsValid(policy)) return;
  std::string names;
  for (manifest::EntryPolicy p : possible) {
    if (p == policy) return;
    absl::StrAppend(&names, names.empty() ? "" : ", ", manifest::EntryPolicy_Name(p));
  }
  Add(field, absl::StrCat(manifest::EntryPolicy_Name(policy), " is not possible here"),
      absl::StrCat("write one of ", names));
}

void CheckReport::TooLarge(absl::string_view field, uint64_t bytes) const {
  Add(field,
      absl::StrCat(bytes, " bytes are more than an image can have, ", kLargestImage,
                   " (ECMA-119 7.3)"),
      "the number is in bytes");
}

}  // namespace isomason
