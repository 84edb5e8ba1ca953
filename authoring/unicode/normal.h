// -----------------------------------------------------------------------------
// File: authoring/unicode/normal.h
// -----------------------------------------------------------------------------
//
// What Unicode knows about names that look alike: normal forms (UAX 15) and case. Both
// come from ICU, whose tables are in the part of it that is linked; no locale takes part.
//
//   Normalize("e\u0301", NormalForm::kNfc);   // "\u00E9"
//   FoldCase("ÀB\u03A3");                      // "àb\u03C3"
//
// Normal forms never change for characters that a version of Unicode has; for others
// they are as the linked ICU has them (UnicodeVersion()).
//
#ifndef ISOMASON_AUTHORING_UNICODE_NORMAL_H_
#define ISOMASON_AUTHORING_UNICODE_NORMAL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace isomason {

enum class NormalForm { kNfc, kNfd };

// Text in a normal form; what is not UTF-8 comes back as it is.
std::string Normalize(absl::string_view text, NormalForm form);

// Text with capital letters as small ones, each for itself (simple case folding, as file
// systems do it: one unit stays one unit, so that "ß" is not "ss"). Bytes that are not
// UTF-8 stay what they are.
std::string FoldCase(absl::string_view text);

// "15.0": the version of Unicode that both are of.
std::string UnicodeVersion();

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_UNICODE_NORMAL_H_
