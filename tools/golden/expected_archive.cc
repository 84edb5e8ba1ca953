#include "tools/golden/expected_archive.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "layout/status.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

absl::StatusOr<std::string> Tar(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"tar", "--quoting-style=literal"});
  ASSIGN_OR_RETURN(const ProcessResult result, RunProcess(std::move(arguments)));
  if (!result.Succeeded()) return absl::InternalError(result.Summary());
  return result.out;
}

// "rwxr-xr-x", without set-id bits.
uint32_t ModeOf(absl::string_view letters) {
  uint32_t mode = 0;
  for (const char c : letters) mode = mode << 1 | (c == '-' ? 0 : 1);
  return mode;
}

std::string PathOf(absl::string_view member) {
  absl::ConsumePrefix(&member, ".");
  absl::ConsumePrefix(&member, "/");
  absl::ConsumeSuffix(&member, "/");
  return absl::StrCat("/", member);
}

}  // namespace

absl::StatusOr<Listing> TarListing(const std::string& archive) {
  // -rw-r--r-- 1000/100 5 2026-11-01 00:00:00 ./text
  ASSIGN_OR_RETURN(const std::string lines,
                   Tar({"--numeric-owner", "--utc", "--full-time", "-tvf", archive}));
  std::map<std::string, Listed> members;
  uint64_t inodes = 0;
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() < 6) return absl::InternalError(absl::StrCat("tar says ", line));
    Listed member;
    member.path = PathOf(words[5]);
    if (line[0] == 'h') {
      const Listed& target = members.at(PathOf(words.back()));
      member = target;
      member.path = PathOf(words[5]);
      members[member.path] = member;
      uint32_t links = 0;
      for (const auto& [path, other] : members) links += other.inode == member.inode ? 1 : 0;
      for (auto& [path, other] : members) {
        if (other.inode == member.inode) other.links = links;
      }
      continue;
    }
    const std::optional<Listed::Type> type = TypeOfLsLetter(line[0]);
    if (!type) return absl::InternalError(absl::StrCat("tar says ", line));
    member.type = *type;
    member.inode = ++inodes;
    if (*type != Listed::Type::kDirectory) member.links = 1;
    if (*type != Listed::Type::kSymlink) member.mode = ModeOf(words[0].substr(1));
    const std::vector<std::string> owner = absl::StrSplit(words[1], '/');
    uint32_t number = 0;
    if (absl::SimpleAtoi(owner[0], &number)) member.owner = number;
    if (absl::SimpleAtoi(owner[1], &number)) member.group = number;
    absl::Time time;
    absl::ParseTime("%Y-%m-%d %H:%M:%S", absl::StrCat(words[3], " ", words[4]), &time, nullptr);
    member.time = absl::ToUnixSeconds(time);
    if (*type == Listed::Type::kSymlink) member.target = words.back();
    if (*type == Listed::Type::kFile) {
      ASSIGN_OR_RETURN(const std::string bytes, TarMember(archive, words[5]));
      member.size = bytes.size();
      member.sha256 = Sha256(bytes);
    }
    members[member.path] = std::move(member);
  }
  Listing listing;
  for (auto& [path, member] : members) RETURN_IF_ERROR(listing.Add(std::move(member)));
  return listing;
}

absl::StatusOr<std::string> TarMember(const std::string& archive, const std::string& path) {
  return Tar({"-xOf", archive, path});
}

}  // namespace isomason
