#include "tools/oracle/cdio.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <regex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

absl::Status Odd(absl::string_view what, absl::string_view line) {
  return absl::DataLossError(absl::StrCat("libcdio: ", what, " in: ", EscapeName(line)));
}

std::optional<Listed::Type> TypeOf(char c) {
  switch (c) {
    case '-':
      return Listed::Type::kFile;
    case 'd':
      return Listed::Type::kDirectory;
    case 'l':
      return Listed::Type::kSymlink;
    case 'b':
      return Listed::Type::kBlock;
    case 'c':
      return Listed::Type::kCharacter;
    case 'p':
      return Listed::Type::kFifo;
    case 's':
      return Listed::Type::kSocket;
  }
  return std::nullopt;
}

uint32_t ModeOf(const std::string& letters) {
  uint32_t mode = 0;
  for (size_t i = 0; i < 9; ++i) {
    const char c = letters[i];
    const uint32_t special = i == 2 ? 04000 : i == 5 ? 02000 : 01000;
    if (c != '-' && c != 'S' && c != 'T') mode |= 0400u >> i;
    if (c == 's' || c == 'S' || c == 't' || c == 'T') mode |= special;
  }
  return mode;
}

// Lines after the heading of the named part. iso-info always prints more than was asked for.
std::vector<absl::string_view> LinesAfter(absl::string_view text, absl::string_view heading) {
  const size_t at = text.find(heading);
  if (at == absl::string_view::npos) return {};
  text.remove_prefix(at + heading.size());
  absl::ConsumePrefix(&text, "\n");
  return absl::StrSplit(text, '\n');
}

}  // namespace

absl::StatusOr<Listing> ParseCdioIso(absl::string_view text) {
  //   -rw-r--r--   2 0 0 [LSN     36]         6 Nov 22 2026 12:57:14  f
  //   d [LSN     26]      2048 Nov 22 2026 12:57:14  .
  static const std::regex kEntry(
      "  ([-dlbcps])(?:([-rwxsStT]{9}) +(\\d+) (\\d+) (\\d+))? \\[LSN +\\d+\\] +(\\d+) "
      "([A-Z][a-z]{2} \\d\\d -?\\d+ \\d\\d:\\d\\d:\\d\\d)  ([^]*)");
  std::vector<std::string> lines;
  for (absl::string_view line : LinesAfter(text, "ISO-9660 Information\n")) {
    const std::string one(line);
    if ((absl::StartsWith(one, "/") && absl::EndsWith(one, ":")) || std::regex_match(one, kEntry)) {
      lines.push_back(one);
    } else if (!lines.empty()) {
      absl::StrAppend(&lines.back(), "\n", one);  // of a name that holds a newline
    } else if (!one.empty()) {
      return Odd("no listing", one);
    }
  }
  Listing out;
  std::string dir;
  for (const std::string& line : lines) {
    absl::string_view whole = line;
    while (absl::ConsumeSuffix(&whole, "\n")) {
    }
    const std::string one(whole);
    if (absl::StartsWith(one, "/")) {
      dir = one.substr(0, one.size() - 1);
      continue;
    }
    std::smatch m;
    if (!std::regex_match(one, m, kEntry)) return Odd("no entry", one);
    Listed entry;
    entry.type = *TypeOf(m.str(1)[0]);
    uint64_t size = 0;
    if (!absl::SimpleAtoi(m.str(6), &size)) return Odd("no size", one);
    if (entry.type == Listed::Type::kFile) entry.size = size;
    if (m[2].matched) {
      uint32_t links = 0, owner = 0, group = 0;
      if (!absl::SimpleAtoi(m.str(3), &links) || !absl::SimpleAtoi(m.str(4), &owner) ||
          !absl::SimpleAtoi(m.str(5), &group)) {
        return Odd("no link count, owner and group", one);
      }
      entry.mode = ModeOf(m.str(2));
      if (entry.type == Listed::Type::kFile) entry.links = links;
      entry.owner = owner;
      entry.group = group;
    }
    std::tm tm = {};
    if (strptime(m.str(7).c_str(), "%b %d %Y %H:%M:%S", &tm) == nullptr) return Odd("no time", one);
    entry.time = timegm(&tm);
    std::string name = m.str(8);
    if (entry.type == Listed::Type::kSymlink) {
      const size_t arrow = name.find(" -> ");
      if (arrow == std::string::npos) return Odd("no target", one);
      entry.target = name.substr(arrow + 4);
      name.resize(arrow);
    }
    if (name == ".." || (name == "." && dir != "/")) continue;
    entry.path = name == "." ? "/" : absl::StrCat(dir, name);
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return Odd(s.message(), dir);
  }
  return out;
}

absl::StatusOr<Listing> ParseCdioUdf(absl::string_view text) {
  //      5000 /sub/deep/r
  //        80 /sub/deep/.
  static const std::regex kEntry(" *(\\d+) (/[^]*)");
  std::vector<std::string> lines;
  bool began = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::string one(line);
    if (std::regex_match(one, kEntry)) {
      began = true;
      lines.push_back(one);
    } else if (began) {
      absl::StrAppend(&lines.back(), "\n", one);
    }
  }
  Listing out;
  for (const std::string& line : lines) {
    absl::string_view whole = line;
    while (absl::ConsumeSuffix(&whole, "\n")) {
    }
    const std::string one(whole);
    std::smatch m;
    if (!std::regex_match(one, m, kEntry)) return Odd("no entry", one);
    Listed entry;
    std::string path = m.str(2);
    if (absl::EndsWith(path, "/.")) {
      entry.type = Listed::Type::kDirectory;
      path.resize(path.size() - 2);
      if (path.empty()) path = "/";
    } else {
      uint64_t size = 0;
      if (!absl::SimpleAtoi(m.str(1), &size)) return Odd("no size", one);
      entry.size = size;
    }
    entry.path = path;
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return Odd(s.message(), one);
  }
  return out;
}

absl::StatusOr<Listing> CdioListing(const std::string& image, CdioTree tree,
                                    const std::string& scratch_dir) {
  const bool udf = tree == CdioTree::kUdf;
  absl::StatusOr<ProcessResult> info =
      // With -i it would list twice, once in the form of `find`.
      RunProcess({"iso-info", "--no-header", udf ? "-U" : "-l", image});
  if (!info.ok()) return info.status();
  if (!info->Succeeded() || !info->err.empty()) return absl::DataLossError(info->Summary());
  absl::StatusOr<Listing> listing = udf ? ParseCdioUdf(info->out) : ParseCdioIso(info->out);
  if (!listing.ok()) return listing.status();
  if (listing->empty()) return absl::DataLossError("libcdio: lists nothing");

  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(scratch_dir);
  if (!scratch.ok()) return scratch.status();
  const std::string copy = absl::StrCat(scratch->path(), "/file");
  for (auto& [path, entry] : *listing) {
    if (entry.type != Listed::Type::kFile) continue;
    std::vector<std::string> argv = {"iso-read", "--no-header", "-i", image,
                                     "-e",       path,          "-o", copy};
    if (udf) argv.push_back("-U");
    absl::StatusOr<ProcessResult> read = RunProcess(std::move(argv));
    if (!read.ok()) return read.status();
    if (!read->Succeeded()) return Odd(read->Summary(), path);
    absl::StatusOr<std::string> bytes = ReadHostFile(copy);
    if (!bytes.ok()) return bytes.status();
    if (bytes->size() != entry.size) {
      return Odd(absl::StrCat(bytes->size(), " bytes, listed with ", *entry.size), path);
    }
    entry.sha256 = Sha256(*bytes);
    unlink(copy.c_str());
  }
  return listing;
}

}  // namespace isomason
