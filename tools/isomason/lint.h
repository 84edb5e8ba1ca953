// -----------------------------------------------------------------------------
// File: tools/isomason/lint.h
// -----------------------------------------------------------------------------
//
// What the command line does with the findings of authoring/firmware: --allow and --deny, and how
// they are shown.
//
#ifndef ISOMASON_TOOLS_ISOMASON_LINT_H_
#define ISOMASON_TOOLS_ISOMASON_LINT_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "authoring/firmware/lint.h"
#include "tools/isomason/verb.h"

namespace isomason {

struct LintOptions {
  std::vector<std::string> allow;
  std::vector<std::string> deny;  // "all" for every rule

  void AddTo(CLI::App& verb);
};

// Sets `authored->findings` to what is not allowed. Where one of it is denied, prints that as
// problems of the manifest and returns kManifestOrUsage; so it does when an option names no rule.
ExitCode ApplyLint(const LintOptions& options, const std::string& manifest, Authored* authored);

// "warning: boot.entry[1]: no file of the tree has it [esp-not-a-file]".
std::string FormatFinding(const Finding& finding);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ISOMASON_LINT_H_
