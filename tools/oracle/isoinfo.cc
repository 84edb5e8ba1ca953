#include "tools/oracle/isoinfo.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scan.h"

namespace isomason {
namespace {

absl::Status Odd(absl::string_view what, absl::string_view line) {
  return absl::DataLossError(absl::StrCat("isoinfo: ", what, " in: ", EscapeName(line)));
}

// Owners are printed in octal.
uint32_t Octal(const std::string& digits) {
  uint32_t out = 0;
  for (char c : digits) {
    if (c != ' ') out = out * 8 + static_cast<uint32_t>(c - '0');
  }
  return out;
}

struct Line {
  char type = '-';
  std::string mode, owner, group, name;
  uint64_t links = 0, size = 0;
};

// -rw-r--r--   1   14   42               0 Nov 22 2026 [     33 00]  zero2 (and a space)
std::optional<Line> Parse(absl::string_view text) {
  Scanner scan(text);
  Line out;
  out.type = scan.Take(1, "-dlbcfps")[0];
  out.mode = scan.Take(9, "-rwx");
  out.links = scan.Number();
  scan.Literal(" ");
  // The owner has five places, the last mostly a space; the group stands right behind.
  out.owner = scan.Take(5, " 01234567");
  out.group = scan.Word("01234567");
  out.size = scan.Number();
  scan.Literal(" ");
  scan.Take(4);              // the month
  scan.Number();             // the day
  scan.Word("-0123456789");  // the year
  scan.Literal(" [");
  scan.Word("-0123456789");  // the extent, below zero beyond 2^31
  scan.Literal(" ");
  scan.Take(2, "0123456789abcdef");  // the file flags
  scan.Literal("]  ");
  out.name = scan.Rest();
  if (!scan.ok()) return std::nullopt;
  return out;
}

}  // namespace

absl::StatusOr<Listing> ParseIsoinfo(absl::string_view text, View view) {
  static constexpr char kHeading[] = "Directory listing of ";
  // A name may hold a newline: what begins neither an entry nor a directory continues a name.
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StartsWith(line, kHeading) || Parse(line).has_value()) {
      lines.emplace_back(line);
    } else if (!lines.empty()) {
      absl::StrAppend(&lines.back(), "\n", line);
    } else if (!line.empty()) {
      return Odd("no listing", line);
    }
  }
  Listing out;
  std::string dir;
  for (const std::string& whole : lines) {
    absl::string_view line = whole;
    // An empty line comes before each heading, and one at the end.
    while (absl::ConsumeSuffix(&line, "\n")) {
    }
    if (absl::ConsumePrefix(&line, kHeading)) {
      dir = std::string(line);
      if (dir.empty() || dir.front() != '/' || dir.back() != '/') return Odd("no path", whole);
      continue;
    }
    std::optional<Line> parsed = Parse(line);
    if (!parsed.has_value()) return Odd("no entry", whole);
    Listed entry;
    // isoinfo has a letter of its own for a FIFO.
    entry.type = *TypeOfLsLetter(parsed->type == 'f' ? 'p' : parsed->type);
    absl::string_view name = parsed->name;
    if (entry.type == Listed::Type::kSymlink) {
      const size_t arrow = name.find(" -> ");
      if (arrow == absl::string_view::npos) return Odd("no target", whole);
      entry.target = std::string(name.substr(arrow + 4));
      name = name.substr(0, arrow);
    } else if (!absl::ConsumeSuffix(&name, " ")) {
      return Odd("no space after the name", whole);
    }
    if (name == ".." || (name == "." && dir != "/")) continue;
    entry.path = name == "." ? "/" : absl::StrCat(dir, name);
    if (entry.type == Listed::Type::kFile) entry.size = parsed->size;
    if (view == View::kRockRidge) {
      uint32_t mode = 0;
      for (char c : parsed->mode) mode = mode * 2 + (c == '-' ? 0 : 1);
      entry.mode = mode;
      if (entry.type == Listed::Type::kFile) entry.links = static_cast<uint32_t>(parsed->links);
      entry.owner = Octal(parsed->owner);
      entry.group = Octal(parsed->group);
    }
    // Joliet names that its 8-bit character set does not hold may all be the same.
    const bool lossy = view == View::kJoliet && absl::StrContains(entry.path, '_');
    if (absl::Status s = out.Add(std::move(entry)); !s.ok() && !lossy) {
      return Odd(s.message(), dir);
    }
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
    case View::kFat:
      return absl::InvalidArgumentError("isoinfo reads ISO 9660");
  }
  absl::StatusOr<ProcessResult> result = RunProcess(std::move(argv));
  if (!result.ok()) return result.status();
  if (!result->Succeeded() || !result->err.empty()) return absl::DataLossError(result->Summary());
  absl::StatusOr<Listing> listing = ParseIsoinfo(result->out, view);
  if (listing.ok() && listing->empty()) return absl::DataLossError("isoinfo: lists nothing");
  return listing;
}

}  // namespace isomason
