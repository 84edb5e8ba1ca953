// -----------------------------------------------------------------------------
// File: authoring/firmware/lint.h
// -----------------------------------------------------------------------------
//
// Holds the facts about an image against the rules: what firmware and other programs are known
// to take badly, whether the image is planned or there. Nothing here decides about bytes.
//
//   std::vector<Finding> findings = LintBoot(facts);
//   Allow({"boot-catalog-hidden"}, &findings);
//
#ifndef ISOMASON_AUTHORING_FIRMWARE_LINT_H_
#define ISOMASON_AUTHORING_FIRMWARE_LINT_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "authoring/firmware/facts.h"
#include "authoring/firmware/rules.h"

namespace isomason {

struct Finding {
  const FirmwareRule* rule;
  std::string field;    // of the manifest: "boot.entry[1]"
  std::string message;  // what is so here: a sentence without capital and full stop
};

// What the rules say about an image, in the order of the rules' table.
std::vector<Finding> LintBoot(const BootFacts& facts);

// Drops what the rules in `allowed` found, and adds a finding of `unused-allow` for each of
// them that found nothing. `field` names the list in the manifest: "boot.allow".
void Allow(absl::Span<const std::string> allowed, const std::string& field,
           std::vector<Finding>* findings);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_FIRMWARE_LINT_H_
