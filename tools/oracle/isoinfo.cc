#include "tools/oracle/isoinfo.h"

#include <cstdint>
#include <optional>
#include <regex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

absl::Status Odd(absl::string_view what, absl::string_view line) {
  return absl::DataLossError(absl::StrCat("isoinfo: ", what, " in: ", EscapeName(line)));
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
    case 'f':
    case 'p':
      return Listed::Type::kFifo;
    case 's':
      return Listed::Type::kSocket;
  }
  return std::nullopt;
}

// Owners are printed in octal.
uint32_t Octal(const std::string& digits) {
  uint32_t out = 0;
  for (char c : digits) {
    if (c != ' ') out = out * 8 + static_cast<uint32_t>(c - '0');
  }
  return out;
}

}  // namespace

absl::StatusOr<Listing> ParseIsoinfo(absl::string_view text, bool rock_ridge) {
  // -rw-r--r--   1   14   42               0 Nov 22 2026 [     33 00]  zero2 (and a space)
  static const std::regex kEntry(
      // The owner has five places, the last mostly a space; the group stands right behind.
      "([-dlbcfps])([-rwx]{9}) *(\\d+) ([ 0-7]{5}) *([0-7]+) +(\\d+) "
      "[A-Z][a-z]{2} [ \\d]\\d -?\\d+ \\[ *-?\\d+ [0-9a-f]{2}\\]  ([^]*)");
  static constexpr char kHeading[] = "Directory listing of ";
  // A name may hold a newline: what begins neither an entry nor a directory continues a name.
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::string one(line);
    if (one.rfind(kHeading, 0) == 0 || std::regex_match(one, kEntry)) {
      lines.push_back(one);
    } else if (!lines.empty()) {
      absl::StrAppend(&lines.back(), "\n", one);
    } else if (!one.empty()) {
      return Odd("no listing", one);
    }
  }
  Listing out;
  std::string dir;
  for (const std::string& line : lines) {
    absl::string_view rest = line;
    if (absl::ConsumePrefix(&rest, kHeading)) {
      // An empty line comes before each heading but belongs to the last entry: see below.
      while (absl::ConsumeSuffix(&rest, "\n")) {
      }
      dir = std::string(rest);
      if (dir.empty() || dir.front() != '/' || dir.back() != '/') return Odd("no path", line);
      continue;
    }
    std::smatch m;
    if (!std::regex_match(line, m, kEntry)) return Odd("no entry", line);
    Listed entry;
    entry.type = *TypeOf(m.str(1)[0]);
    std::string whole_name = m.str(7);
    absl::string_view name = whole_name;
    if (entry.type == Listed::Type::kSymlink) {
      while (absl::ConsumeSuffix(&name, "\n")) {
      }
      const size_t arrow = name.find(" -> ");
      if (arrow == absl::string_view::npos) return Odd("no target", line);
      entry.target = std::string(name.substr(arrow + 4));
      name = name.substr(0, arrow);
    } else {
      while (absl::ConsumeSuffix(&name, "\n")) {
      }
      if (!absl::ConsumeSuffix(&name, " ")) return Odd("no space after the name", line);
    }
    if (name == "..") continue;
    if (name == ".") {
      if (dir != "/") continue;
      entry.path = "/";
    } else {
      entry.path = absl::StrCat(dir, name);
    }
    uint64_t size = 0;
    if (!absl::SimpleAtoi(m.str(6), &size)) return Odd("no size", line);
    if (entry.type == Listed::Type::kFile) entry.size = size;
    if (rock_ridge) {
      uint32_t mode = 0;
      for (char c : m.str(2)) mode = mode * 2 + (c == '-' ? 0 : 1);
      entry.mode = mode;
      uint32_t links = 0;
      if (!absl::SimpleAtoi(m.str(3), &links)) return Odd("no link count", line);
      if (entry.type == Listed::Type::kFile) entry.links = links;
      entry.owner = Octal(m.str(4));
      entry.group = Octal(m.str(5));
    }
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return Odd(s.message(), dir);
  }
  return out;
}

absl::StatusOr<Listing> IsoinfoListing(const std::string& image, View view) {
  std::vector<std::string> argv = {"isoinfo", "-l", "-i", image};
  switch (view) {
    case View::kRockRidge:
      argv.push_back("-R");
      break;
    case View::kJoliet:
      argv.insert(argv.end(), {"-J", "-j", "iso8859-1"});
      break;
    case View::kIso9660:
      break;
    case View::kUdf:
      return absl::InvalidArgumentError("isoinfo does not read UDF");
  }
  absl::StatusOr<ProcessResult> result = RunProcess(std::move(argv));
  if (!result.ok()) return result.status();
  if (!result->Succeeded() || !result->err.empty()) return absl::DataLossError(result->Summary());
  absl::StatusOr<Listing> listing = ParseIsoinfo(result->out, view == View::kRockRidge);
  if (listing.ok() && listing->empty()) return absl::DataLossError("isoinfo: lists nothing");
  return listing;
}

}  // namespace isomason
