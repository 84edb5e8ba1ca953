#include "tools/oracle/sevenzip.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

// 7z says what is wrong in many places, and not always with an exit status. A listing does not
// say that all is well.
absl::Status Judge(const ProcessResult& result, bool says_ok = true) {
  std::vector<std::string> complaints;
  bool ok = !says_ok;
  for (absl::string_view line : absl::StrSplit(absl::StrCat(result.out, "\n", result.err), '\n')) {
    if (line == "Everything is Ok") ok = true;
    // The comment of a volume is copied to the output: only whole phrases count.
    for (const char* sign :
         {"WARNING", "Warnings:", "ERROR", "Errors:", "Headers Error", "There are data after",
          "Unexpected end", "Can not open", "Cannot open", "is not archive", "Dangerous link"}) {
      if (!absl::StrContains(line, sign)) continue;
      complaints.emplace_back(line);
      break;
    }
  }
  if (ok && complaints.empty() && result.Succeeded()) return absl::OkStatus();
  if (complaints.empty()) return absl::DataLossError(result.Summary());
  return absl::DataLossError(absl::StrCat("7z: ", absl::StrJoin(complaints, " | ")));
}

std::string TypeSwitch(SevenZipFormat format) {
  switch (format) {
    case SevenZipFormat::kIso:
      return "-tiso";
    case SevenZipFormat::kUdf:
      return "-tudf";
    case SevenZipFormat::kFat:
      return "-tfat";
  }
  return "";
}

}  // namespace

absl::Status SevenZipTest(const std::string& image, SevenZipFormat format) {
  absl::StatusOr<ProcessResult> result =
      RunProcess({"7z", "t", "-y", "-bd", TypeSwitch(format), "--", image});
  if (!result.ok()) return result.status();
  return Judge(*result);
}

absl::StatusOr<Listing> SevenZipListing(const std::string& image, SevenZipFormat format,
                                        const std::string& scratch_dir) {
  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(scratch_dir);
  if (!scratch.ok()) return scratch.status();
  const std::string dir = absl::StrCat(scratch->path(), "/tree");
  // 7-Zip makes the folder only when it has something to put there.
  if (mkdir(dir.c_str(), 0700) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot make ", dir));
  }
  // -snld20 lets symlinks point out of the tree, as those of a root file system do.
  absl::StatusOr<ProcessResult> result =
      RunProcess({"7z", "x", "-y", "-bd", "-snld20", TypeSwitch(format), absl::StrCat("-o", dir),
                  "--", image});
  if (!result.ok()) return result.status();
  if (absl::Status s = Judge(*result); !s.ok()) return s;
  MakeReadable(dir);
  absl::StatusOr<Listing> walked = WalkDirectory(dir);
  if (!walked.ok()) return walked.status();
  Listing out;
  for (const auto& [path, file] : *walked) {
    if (path == "/[BOOT]" || absl::StartsWith(path, "/[BOOT]/")) continue;
    Listed entry = file;
    entry.mode = entry.owner = entry.group = entry.links = std::nullopt;
    entry.inode = 0;
    if (path == "/") entry.time = std::nullopt;
    // An absolute target is put below the folder that is extracted to.
    if (absl::StartsWith(entry.target, absl::StrCat(dir, "/"))) entry.target.erase(0, dir.size());
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return s;
  }
  return out;
}

absl::StatusOr<Listing> ParseSevenZipTree(absl::string_view text) {
  constexpr absl::string_view kHeading = "\n----------\n";
  Listing out;
  Listed root;
  root.path = "/";
  root.type = Listed::Type::kDirectory;
  if (absl::Status s = out.Add(root); !s.ok()) return s;
  const size_t at = text.find(kHeading);
  // An empty archive ends with what describes the archive itself.
  if (at == absl::string_view::npos) return out;
  for (absl::string_view block :
       absl::StrSplit(text.substr(at + kHeading.size()), "\n\n", absl::SkipWhitespace())) {
    Listed entry;
    for (absl::string_view line : absl::StrSplit(block, '\n', absl::SkipEmpty())) {
      const std::pair<absl::string_view, absl::string_view> parts =
          absl::StrSplit(line, absl::MaxSplits(" = ", 1));
      if (parts.first == "Path") entry.path = absl::StrCat("/", parts.second);
      if (parts.first == "Folder" && parts.second == "+") entry.type = Listed::Type::kDirectory;
      uint64_t size = 0;
      if (parts.first == "Size" && absl::SimpleAtoi(parts.second, &size)) entry.size = size;
    }
    if (entry.path.empty()) return absl::DataLossError(absl::StrCat("7z: no path in: ", block));
    if (entry.type == Listed::Type::kDirectory) entry.size = std::nullopt;
    if (entry.path == "/[BOOT]" || absl::StartsWith(entry.path, "/[BOOT]/")) continue;
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return s;
  }
  return out;
}

absl::StatusOr<Listing> SevenZipTree(const std::string& image, SevenZipFormat format) {
  absl::StatusOr<ProcessResult> result =
      RunProcess({"7z", "l", "-slt", TypeSwitch(format), "--", image});
  if (!result.ok()) return result.status();
  if (absl::Status s = Judge(*result, false); !s.ok()) return s;
  return ParseSevenZipTree(result->out);
}

}  // namespace isomason
