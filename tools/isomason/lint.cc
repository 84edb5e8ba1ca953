#include "tools/isomason/lint.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "authoring/map.h"

namespace isomason {
namespace {

constexpr char kAll[] = "all";

bool Has(const std::vector<std::string>& names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A sentence of the rules' table as the end of a diagnostic.
std::string AsRemedy(absl::string_view sentence) {
  std::string remedy(sentence.substr(0, sentence.size() - 1));
  remedy[0] = absl::ascii_tolower(static_cast<unsigned char>(remedy[0]));
  return remedy;
}

// What is wrong with the options themselves, or empty.
std::string OptionProblem(const LintOptions& options) {
  const auto unknown = [](absl::string_view option, const std::string& name) -> std::string {
    const UnknownRule problem = CheckRuleName(name);
    if (problem.message.empty()) return "";
    return absl::StrCat(option, " ", name, ": ", problem.message, "\n  ", problem.remedy);
  };
  for (const std::string& name : options.allow) {
    if (std::string problem = unknown("--allow", name); !problem.empty()) return problem;
    if (Has(options.deny, name)) {
      return absl::StrCat("--allow ", name, ": is denied, too\n  leave out one of the two");
    }
  }
  for (const std::string& name : options.deny) {
    if (name == kAll) continue;
    if (std::string problem = unknown("--deny", name); !problem.empty()) return problem;
  }
  return "";
}

}  // namespace

void LintOptions::AddTo(CLI::App& verb) {
  verb.add_option("--deny", deny,
                  "Make an error of what a rule of docs/firmware-lint.md finds; or all")
      ->type_name("RULE")
      ->take_all()
      ->allow_extra_args(false);
  verb.add_option("--allow", allow, "Do not print what a rule finds, nor refuse it")
      ->type_name("RULE")
      ->take_all()
      ->allow_extra_args(false);
}

ExitCode ApplyLint(const LintOptions& options, const std::string& manifest, Authored* authored) {
  if (const std::string problem = OptionProblem(options); !problem.empty()) {
    std::fprintf(stderr, "isomason: %s\n", problem.c_str());
    return kManifestOrUsage;
  }
  authored->findings = authored->disc->findings();
  std::vector<Finding>& findings = authored->findings;
  // What the command line denies by name is denied whatever the manifest has decided.
  std::vector<std::string> allowed;
  for (const std::string& name : authored->loaded.manifest.boot().allow()) {
    allowed.push_back(name);
  }
  std::vector<Finding> denied;
  for (const Finding& finding : findings) {
    if (Has(options.deny, finding.rule->id)) denied.push_back(finding);
  }
  Allow(allowed, "boot.allow", &findings);
  findings.erase(
      std::remove_if(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return Has(options.allow, finding.rule->id); }),
      findings.end());
  if (Has(options.deny, kAll)) {
    for (const Finding& finding : findings) {
      if (!Has(options.deny, finding.rule->id)) denied.push_back(finding);
    }
  } else if (Has(options.deny, "unused-allow")) {
    for (const Finding& finding : findings) {
      if (finding.rule->id == "unused-allow") denied.push_back(finding);
    }
  }
  if (denied.empty()) return kDone;
  Diagnostics diagnostics;
  for (const Finding& finding : denied) {
    const std::string& field = finding.field;
    diagnostics.Add(authored->loaded.Locate(field), field,
                    absl::StrCat(finding.message, " [", finding.rule->id, "]"),
                    absl::StrCat(AsRemedy(finding.rule->change), ", or accept it with `--allow ",
                                 finding.rule->id, "`"));
  }
  return PrintDiagnostics(diagnostics, manifest);
}

std::string FormatFinding(const Finding& finding) {
  return absl::StrCat(NameOf(finding.rule->severity), ": ",
                      finding.field.empty() ? "" : absl::StrCat(finding.field, ": "),
                      Printable(finding.message), " [", finding.rule->id, "]");
}

}  // namespace isomason
