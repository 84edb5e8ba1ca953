#include "authoring/udf/symlink.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/udf/cs0.h"
#include "authoring/udf/file_records.h"

namespace isomason::udf {
namespace {

uint8_t StepOf(absl::string_view name) {
  if (name == "..") return kStepParent;
  if (name == ".") return kStepHere;
  return kStepName;
}

}  // namespace

absl::StatusOr<std::string> EncodeTarget(absl::string_view target) {
  if (target.empty()) return absl::InvalidArgumentError("is a symlink without a target");
  std::string out;
  if (absl::StartsWith(target, "/")) Append(kPathComponent, PathComponent{.type = kStepRoot}, out);
  for (absl::string_view name : absl::StrSplit(target, '/', absl::SkipEmpty())) {
    PathComponent component{.type = StepOf(name)};
    std::string identifier;
    if (component.type == kStepName) {
      if (const absl::Status text = AppendCs0(name, identifier); !text.ok()) {
        return absl::Status(
            text.code(),
            absl::StrCat("is a symlink with a name in its target that ", text.message()));
      }
    }
    if (identifier.size() > kNameLimit) {
      return absl::OutOfRangeError(
          absl::StrCat("is a symlink with a name of ", identifier.size(),
                       " bytes of compressed Unicode in its target; a UDF path component holds ",
                       kNameLimit, " (ECMA-167 4/14.16.1.2)"));
    }
    component.name_length = static_cast<uint8_t>(identifier.size());
    Append(kPathComponent, component, out);
    out += identifier;
  }
  return out;
}

}  // namespace isomason::udf
