#include "tools/oracle/blkid.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/oracle/process.h"

namespace isomason {

absl::StatusOr<std::map<std::string, std::string>> BlkidTags(const std::string& image,
                                                             uint64_t offset) {
  absl::StatusOr<ProcessResult> result =
      RunProcess({"blkid", "-p", "-o", "export", "-O", absl::StrCat(offset), image});
  if (!result.ok()) return result.status();
  if (!result->Succeeded()) return absl::DataLossError(result->Summary());
  std::map<std::string, std::string> tags;
  for (absl::string_view line : absl::StrSplit(result->out, '\n', absl::SkipEmpty())) {
    std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits('=', 1));
    // -o export puts a backslash before what a shell would take for its own.
    std::string value;
    for (size_t i = 0; i < parts.second.size(); ++i) {
      if (parts.second[i] == '\\' && i + 1 < parts.second.size()) ++i;
      value += parts.second[i];
    }
    if (parts.first != "DEVNAME") tags[parts.first] = value;
  }
  return tags;
}

}  // namespace isomason
