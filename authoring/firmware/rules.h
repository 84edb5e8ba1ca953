// -----------------------------------------------------------------------------
// File: authoring/firmware/rules.h
// -----------------------------------------------------------------------------
//
// The rules about what firmware, boot loaders and the programs that copy discs to sticks take
// badly. Each has evidence: a standard's clause, a program's source, a report with a number, or
// something that was seen. docs/firmware-lint.md is made from this table.
//
//   const FirmwareRule* rule = FindFirmwareRule("esp-not-a-file");
//
#ifndef ISOMASON_AUTHORING_FIRMWARE_RULES_H_
#define ISOMASON_AUTHORING_FIRMWARE_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isomason {

enum class Severity {
  kWarning,  // something in use does not boot the disc, or does not read it
  kNote,     // worth knowing: a choice that some machine or program minds
};

struct FirmwareRule {
  absl::string_view id;  // stable: manifests and command lines name it
  Severity severity;
  absl::string_view what;    // one sentence
  absl::string_view breaks;  // who minds, and how
  absl::string_view change;  // what to do about it
  absl::string_view source;  // the evidence
};

// All of them, in the order of the documentation.
absl::Span<const FirmwareRule> FirmwareRules();

// Null when no rule has the id.
const FirmwareRule* FindFirmwareRule(absl::string_view id);

// What is wrong with a rule that somebody names: `there is no rule "x"`, and what to do about
// it. Empty when there is one.
struct UnknownRule {
  std::string message, remedy;
};
UnknownRule CheckRuleName(absl::string_view id);

// "warning" or "note".
absl::string_view NameOf(Severity severity);

// docs/firmware-lint.md.
std::string FirmwareRulesPage();

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_FIRMWARE_RULES_H_
