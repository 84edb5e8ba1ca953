#include "tools/oracle/cdio.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scan.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

absl::Status Odd(absl::string_view what, absl::string_view line) {
  return absl::DataLossError(absl::StrCat("libcdio: ", what, " in: ", EscapeName(line)));
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

//   -rw-r--r--   2 0 0 [LSN     36]         6 Nov 22 2026 12:57:14  f
//   d [LSN     26]      2048 Nov 22 2026 12:57:14  .
// The name, and target, are left in `path`; `block` is where it lies.
std::optional<Listed> ParseIsoLine(absl::string_view text, uint64_t* block = nullptr) {
  Scanner scan(text);
  Listed entry;
  scan.Literal("  ");
  const std::optional<Listed::Type> type = TypeOfLsLetter(scan.Take(1)[0]);
  if (!type.has_value()) return std::nullopt;
  entry.type = *type;
  if (!scan.Sees(" ")) {
    entry.mode = ModeOf(scan.Take(9, "-rwxsStT"));
    const uint64_t links = scan.Number();
    if (entry.type == Listed::Type::kFile) entry.links = static_cast<uint32_t>(links);
    entry.owner = static_cast<uint32_t>(scan.Number());
    entry.group = static_cast<uint32_t>(scan.Number());
  }
  scan.Literal(" [LSN ");
  const uint64_t lsn = scan.Number();
  if (block != nullptr) *block = lsn;
  scan.Literal("]");
  const uint64_t size = scan.Number();
  if (entry.type == Listed::Type::kFile) entry.size = size;
  scan.Literal(" ");
  const std::string when = scan.Take(strlen("Nov 22 2026 12:57:14"));
  scan.Literal("  ");
  entry.path = scan.Rest();
  std::tm tm = {};
  const char* end = strptime(when.c_str(), "%b %d %Y %H:%M:%S", &tm);
  if (!scan.ok() || end == nullptr || *end != '\0') return std::nullopt;
  entry.time = timegm(&tm);
  return entry;
}

//      5000 /sub/deep/r
//        80 /sub/deep/.
std::optional<Listed> ParseUdfLine(absl::string_view text) {
  Scanner scan(text);
  Listed entry;
  const uint64_t size = scan.Number();
  scan.Literal(" ");
  if (!scan.Sees("/")) return std::nullopt;
  entry.path = scan.Rest();
  if (absl::EndsWith(entry.path, "/.")) {
    entry.type = Listed::Type::kDirectory;
    entry.path.resize(entry.path.size() - 2);
    if (entry.path.empty()) entry.path = "/";
  } else {
    entry.size = size;
  }
  return entry;
}

// Whether iso-read has said that the file is of a kind it cannot read, whatever the image.
bool CannotRead(const ProcessResult& read, const std::string& path, bool udf) {
  if (!udf) return false;
  const std::string words = absl::StrCat(read.out, read.err);
  // Backslashes part names there as slashes do, and a path of more than 2 KiB is cut.
  if (absl::StrContains(words, "Sorry, couldn't find") &&
      (absl::StrContains(path, '\\') || path.size() >= 2048)) {
    return true;
  }
  // Contents inside a file entry.
  return absl::StrContains(words, "Don't know how to data in ICB");
}

// The SHA-256 of `size` bytes of the image.
absl::StatusOr<std::string> Sha256At(const std::string& image, uint64_t offset, uint64_t size) {
  std::ifstream in(image, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  Digest digest;
  std::vector<char> buffer(1 << 18);
  while (in && digest.size() < size) {
    in.read(buffer.data(),
            static_cast<std::streamsize>(std::min<uint64_t>(buffer.size(), size - digest.size())));
    digest.Update(absl::string_view(buffer.data(), static_cast<size_t>(in.gcount())));
  }
  if (digest.size() != size) {
    return absl::DataLossError(absl::StrCat("libcdio: a file at byte ", offset, " of ", size,
                                            " bytes reaches beyond the end of the image"));
  }
  return digest.Finish();
}

}  // namespace

absl::StatusOr<Listing> ParseCdioIso(absl::string_view text,
                                     std::map<std::string, uint64_t>* blocks) {
  std::vector<std::string> lines;
  for (absl::string_view line : LinesAfter(text, "ISO-9660 Information\n")) {
    const bool heading = absl::StartsWith(line, "/") && absl::EndsWith(line, ":");
    if (heading || ParseIsoLine(line).has_value()) {
      lines.emplace_back(line);
    } else if (!lines.empty()) {
      absl::StrAppend(&lines.back(), "\n", line);  // of a name that holds a newline
    } else if (!line.empty()) {
      return Odd("no listing", line);
    }
  }
  Listing out;
  std::string dir;
  for (const std::string& whole : lines) {
    absl::string_view line = whole;
    while (absl::ConsumeSuffix(&line, "\n")) {
    }
    if (absl::StartsWith(line, "/")) {
      dir = std::string(line.substr(0, line.size() - 1));
      continue;
    }
    uint64_t block = 0;
    std::optional<Listed> entry = ParseIsoLine(line, &block);
    if (!entry.has_value()) return Odd("no entry", whole);
    std::string name = entry->path;
    if (entry->type == Listed::Type::kSymlink) {
      const size_t arrow = name.find(" -> ");
      if (arrow == std::string::npos) return Odd("no target", whole);
      entry->target = name.substr(arrow + 4);
      name.resize(arrow);
    }
    if (name == ".." || (name == "." && dir != "/")) continue;
    entry->path = name == "." ? "/" : absl::StrCat(dir, name);
    if (blocks != nullptr) (*blocks)[entry->path] = block;
    if (absl::Status s = out.Add(*std::move(entry)); !s.ok()) return Odd(s.message(), dir);
  }
  return out;
}

absl::StatusOr<Listing> ParseCdioUdf(absl::string_view text) {
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (ParseUdfLine(line).has_value()) {
      lines.emplace_back(line);
    } else if (!lines.empty()) {
      absl::StrAppend(&lines.back(), "\n", line);
    }
  }
  Listing out;
  for (const std::string& whole : lines) {
    absl::string_view line = whole;
    while (absl::ConsumeSuffix(&line, "\n")) {
    }
    std::optional<Listed> entry = ParseUdfLine(line);
    if (!entry.has_value()) return Odd("no entry", whole);
    if (absl::Status s = out.Add(*std::move(entry)); !s.ok()) return Odd(s.message(), whole);
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
  std::map<std::string, uint64_t> blocks;
  absl::StatusOr<Listing> listing =
      udf ? ParseCdioUdf(info->out) : ParseCdioIso(info->out, &blocks);
  if (!listing.ok()) return listing.status();
  if (listing->empty()) return absl::DataLossError("libcdio: lists nothing");

  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(scratch_dir);
  if (!scratch.ok()) return scratch.status();
  const std::string copy = absl::StrCat(scratch->path(), "/file");
  for (auto& [path, entry] : *listing) {
    if (entry.type != Listed::Type::kFile) continue;
    if (!udf && !entry.mode.has_value()) {
      // What iso-info lists from Joliet, iso-read looks for in Rock Ridge or the plain tree.
      absl::StatusOr<std::string> sha256 = Sha256At(image, blocks[path] * 2048, *entry.size);
      if (!sha256.ok()) return sha256.status();
      entry.sha256 = *std::move(sha256);
      continue;
    }
    std::vector<std::string> argv = {"iso-read", "--no-header", "-i", image,
                                     "-e",       path,          "-o", copy};
    if (udf) argv.push_back("-U");
    absl::StatusOr<ProcessResult> read = RunProcess(std::move(argv));
    if (!read.ok()) return read.status();
    if (CannotRead(*read, path, udf)) continue;
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
