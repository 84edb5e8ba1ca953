#include "tools/oracle/fat.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

// mtools look at a configuration of the user's and of the system's, and refuse volumes whose
// geometry is not the one of a floppy disk they know, unless told not to.
absl::StatusOr<ProcessResult> Mtools(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  command.environment["MTOOLSRC"] = "/dev/null";
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  if (!result.ok()) return result.status();
  if (!result->Succeeded() || !result->err.empty()) return absl::DataLossError(result->Summary());
  return result;
}

// `want` with each name of each path changed.
Listing Renamed(const Listing& want, std::string (*rename)(absl::string_view name)) {
  Listing out;
  for (const auto& [path, entry] : want) {
    std::vector<std::string> names = absl::StrSplit(path, '/');
    for (std::string& name : names) name = rename(name);
    Listed changed = entry;
    changed.path = absl::StrJoin(names, "/");
    out.Add(std::move(changed)).IgnoreError();  // two that are one: the reader shows one as well
  }
  return out;
}

bool IsInCapitals(absl::string_view name) {
  const std::vector<absl::string_view> halves = absl::StrSplit(name, '.');
  if (halves[0].empty() || halves[0].size() > 8 || halves.size() > 2) return false;
  if (halves.size() == 2 && halves[1].size() > 3) return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(c) || !absl::ascii_isprint(c) || absl::StrContains(" +,;=[]", c);
  });
}

// mdir's columns: 8.3 name, size or <DIR>, date, time, long name.
constexpr size_t kExtension = 9, kSize = 13, kLongName = 42;

}  // namespace

absl::Status FsckFat(const std::string& image) {
  absl::StatusOr<ProcessResult> result = RunProcess({"fsck.fat", "-n", "-v", image});
  if (!result.ok()) return result.status();
  if (!result->Succeeded() || !result->err.empty() ||
      absl::StrContains(result->out, "Leaving filesystem unchanged")) {
    return absl::DataLossError(absl::StrCat("fsck.fat: exit status ", result->exit_status, ": ",
                                            result->out, result->err));
  }
  return absl::OkStatus();
}

absl::StatusOr<Listing> MtoolsListing(const std::string& image, const std::string& scratch_dir) {
  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(scratch_dir);
  if (!scratch.ok()) return scratch.status();
  const std::string dir = absl::StrCat(scratch->path(), "/tree");
  if (mkdir(dir.c_str(), 0700) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot make ", dir));
  }
  absl::StatusOr<ProcessResult> result =
      Mtools({"mcopy", "-i", image, "-s", "-m", "-n", "::/", dir});
  if (!result.ok()) return result.status();
  MakeReadable(dir);
  absl::StatusOr<Listing> walked = WalkDirectory(dir);
  if (!walked.ok()) return walked.status();
  Listing out;
  for (const auto& [path, file] : *walked) {
    Listed entry = file;
    entry.mode = entry.owner = entry.group = entry.links = std::nullopt;
    entry.inode = 0;
    // A directory's time is when mcopy put the last file into it.
    if (entry.type == Listed::Type::kDirectory) entry.time = std::nullopt;
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return s;
  }
  return out;
}

Listing AsMtoolsShow(const Listing& want) {
  return Renamed(want, [](absl::string_view name) {
    std::string shown;
    for (size_t i = 0; i < name.size(); ++i) {
      if (static_cast<unsigned char>(name[i]) < 0xF0) {
        shown += name[i];
      } else {  // the first of four bytes
        shown += "__";
        i += 3;
      }
    }
    return shown;
  });
}

Listing AsGrubShows(const Listing& want) {
  return Renamed(want, [](absl::string_view name) {
    return IsInCapitals(name) ? absl::AsciiStrToLower(name) : std::string(name);
  });
}

absl::StatusOr<std::map<std::string, std::string>> ParseMdir(absl::string_view text) {
  std::map<std::string, std::string> names;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    // Everything else is indented or a sentence.
    if (line.size() < kLongName - 1 || line[0] == ' ' || line[kSize - 1] != ' ' ||
        absl::StartsWith(line, "Directory for ")) {
      continue;
    }
    std::string name(absl::StripTrailingAsciiWhitespace(line.substr(0, kExtension - 1)));
    const absl::string_view extension =
        absl::StripTrailingAsciiWhitespace(line.substr(kExtension, kSize - 1 - kExtension));
    if (!extension.empty()) absl::StrAppend(&name, ".", extension);
    if (name == "." || name == "..") continue;
    std::string shown = name;
    if (line.size() > kLongName) shown = std::string(line.substr(kLongName));
    if (!names.emplace(shown, name).second) {
      return absl::DataLossError(absl::StrCat("mdir shows twice: ", shown));
    }
  }
  return names;
}

absl::StatusOr<std::map<std::string, std::string>> MtoolsShortNames(const std::string& image,
                                                                    const std::string& directory) {
  absl::StatusOr<ProcessResult> result = Mtools({"mdir", "-a", "-i", image, directory});
  if (!result.ok()) return result.status();
  return ParseMdir(result->out);
}

absl::StatusOr<std::string> MtoolsAttributes(const std::string& image, const std::string& path) {
  absl::StatusOr<ProcessResult> result = Mtools({"mattrib", "-i", image, path});
  if (!result.ok()) return result.status();
  std::string letters = result->out.substr(0, result->out.find("::"));
  absl::RemoveExtraAsciiWhitespace(&letters);
  letters.erase(std::remove(letters.begin(), letters.end(), ' '), letters.end());
  return letters;
}

}  // namespace isomason
