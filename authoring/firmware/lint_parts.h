// -----------------------------------------------------------------------------
// File: authoring/firmware/lint_parts.h
// -----------------------------------------------------------------------------
//
// The parts of LintBoot(), and what more than one of them asks.
//
#ifndef ISOMASON_AUTHORING_FIRMWARE_LINT_PARTS_H_
#define ISOMASON_AUTHORING_FIRMWARE_LINT_PARTS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/firmware/facts.h"

namespace isomason::firmware {

// Takes a rule's id, the field to blame, and what is so here.
using Report = std::function<void(absl::string_view id, std::string field, std::string message)>;

void LintEntries(const BootFacts& facts, const Report& report);
void LintTree(const BootFacts& facts, const Report& report);
void LintTables(const BootFacts& facts, const Report& report);
void LintLabels(const BootFacts& facts, const Report& report);
void LintReaders(const BootFacts& facts, const Report& report);

bool HasEntry(const BootFacts& facts, BootPlatform platform);
// The field of the first entry of a platform, or "boot".
std::string FieldOf(const BootFacts& facts, BootPlatform platform);

// A partition in bytes of the image.
struct Range {
  uint64_t offset, size;
  uint64_t end() const { return offset + size; }
};
// The EFI system partitions that any table lists.
std::vector<Range> EspsOf(const DiskTables& tables);
// Whether one of them begins at a byte of the image.
bool IsEsp(const DiskTables& tables, uint64_t offset);

}  // namespace isomason::firmware

#endif  // ISOMASON_AUTHORING_FIRMWARE_LINT_PARTS_H_
