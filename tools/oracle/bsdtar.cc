#include "tools/oracle/bsdtar.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/device.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

constexpr struct {
  const char* word;
  Listed::Type type;
} kTypes[] = {
    {"file", Listed::Type::kFile},      {"dir", Listed::Type::kDirectory},
    {"link", Listed::Type::kSymlink},   {"block", Listed::Type::kBlock},
    {"char", Listed::Type::kCharacter}, {"fifo", Listed::Type::kFifo},
    {"socket", Listed::Type::kSocket},
};

// What mtree shall tell of each entry. A further name of a file has no digest there, so none is
// asked for.
constexpr char kKeywords[] =
    "mtree:!all,mtree:type,mtree:mode,mtree:uid,mtree:gid,mtree:nlink,mtree:time,mtree:size,"
    "mtree:link,mtree:device";

absl::Status Odd(absl::string_view what, absl::string_view line) {
  return absl::DataLossError(absl::StrCat("bsdtar: ", what, " in: ", line));
}

// mtree writes bytes as \NNN, octal.
absl::StatusOr<std::string> Unquote(absl::string_view quoted) {
  std::string out;
  for (size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '\\') {
      out += quoted[i];
    } else if (i + 3 < quoted.size() && absl::ascii_isdigit(quoted[i + 1])) {
      out += static_cast<char>((quoted[i + 1] - '0') * 64 + (quoted[i + 2] - '0') * 8 +
                               (quoted[i + 3] - '0'));
      i += 3;
    } else {
      return Odd("an unknown escape", quoted);
    }
  }
  return out;
}

bool ParseKeyword(absl::string_view key, absl::string_view value, Listed& entry, bool& typed) {
  uint32_t number = 0;
  if (key == "type") {
    for (const auto& [word, type] : kTypes) {
      if (value != word) continue;
      entry.type = type;
      typed = true;
      return true;
    }
    return false;
  }
  if (key == "mode") {
    number = 0;
    for (char c : value) {
      if (c < '0' || c > '7') return false;
      number = number * 8 + static_cast<uint32_t>(c - '0');
    }
    entry.mode = number & 07777;
    return true;
  }
  if (key == "time") {
    int64_t seconds = 0;
    if (!absl::SimpleAtoi(value.substr(0, value.find('.')), &seconds)) return false;
    entry.time = seconds;
    return true;
  }
  if (key == "size") {
    uint64_t bytes = 0;
    if (!absl::SimpleAtoi(value, &bytes)) return false;
    entry.size = bytes;
    return true;
  }
  if (key == "sha256digest" || key == "sha256") {
    entry.sha256 = std::string(value);
    return value.size() == 64;
  }
  if (key == "link") {
    absl::StatusOr<std::string> target = Unquote(value);
    if (!target.ok()) return false;
    entry.target = *std::move(target);
    return true;
  }
  if (key == "device") {
    std::vector<absl::string_view> parts = absl::StrSplit(value, ',');
    uint32_t minor_number = 0;
    if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &number) ||
        !absl::SimpleAtoi(parts[2], &minor_number)) {
      return false;
    }
    const DeviceNumber device = DeviceOfJoinedPn(number, minor_number);
    entry.major = device.major;
    entry.minor = device.minor;
    return true;
  }
  if (key == "uid" || key == "gid" || key == "nlink") {
    if (!absl::SimpleAtoi(value, &number)) return false;
    if (key == "uid") entry.owner = number;
    if (key == "gid") entry.group = number;
    if (key == "nlink") entry.links = number;
    return true;
  }
  return true;
}

// A name in a message of bsdtar's, in which control characters are C's escapes.
std::string Unprinted(absl::string_view name) {
  std::string out;
  return absl::CUnescape(name, &out) ? out : std::string(name);
}

// The lines of standard error that matter. Devices cannot be made by whoever is not root, nor
// at all when libarchive has misread their number (device.h); bsdtar says so for each, for each
// further name of it, and once more at the end.
std::string Complaints(const std::string& err, const Listing& listing) {
  std::string out;
  bool excused = false;
  for (absl::string_view line : absl::StrSplit(err, '\n', absl::SkipWhitespace())) {
    size_t colon = line.find(": Can't create '");
    if (colon == absl::string_view::npos) colon = line.find(": Hard-link target '");
    bool fine = false;
    if (colon != absl::string_view::npos) {
      const Listed* entry = listing.Find(absl::StrCat("/", Unprinted(line.substr(0, colon))));
      fine = entry != nullptr &&
             (entry->type == Listed::Type::kBlock || entry->type == Listed::Type::kCharacter);
    }
    excused |= fine;
    if (fine) continue;
    if (excused && absl::StrContains(line, "Error exit delayed from previous errors")) continue;
    absl::StrAppend(&out, out.empty() ? "" : " | ", line);
  }
  return out;
}

// What lists the tree of a view.
absl::StatusOr<Command> ListCommand(const std::string& image, View view, BsdtarSource source) {
  Command list;
  std::string& reader = list.environment["TAR_READER_OPTIONS"];
  switch (view) {
    case View::kRockRidge:
      reader = "iso9660:!joliet";
      break;
    case View::kJoliet:
      reader = "iso9660:!rockridge";
      break;
    case View::kIso9660:
      reader = "iso9660:!rockridge,iso9660:!joliet";
      break;
    case View::kUdf:
    case View::kFat:
      return absl::InvalidArgumentError("libarchive reads ISO 9660");
  }
  const std::string from = source == BsdtarSource::kPipe ? "-" : image;
  list.argv = {
      "bsdtar", "-cf", "-", "--format=mtree", "--options", kKeywords, absl::StrCat("@", from)};
  if (source == BsdtarSource::kPipe) list.input_file = image;
  return list;
}

}  // namespace

absl::StatusOr<Listing> ParseMtree(absl::string_view text) {
  Listing out;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    if (line[0] == '#') continue;
    std::vector<absl::string_view> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    Listed entry;
    absl::StatusOr<std::string> path = Unquote(words[0]);
    if (!path.ok()) return path.status();
    if (*path == ".") {
      entry.path = "/";
    } else if (absl::StartsWith(*path, "./")) {
      entry.path = path->substr(1);
    } else {
      return Odd("a path that does not start with ./", line);
    }
    bool typed = false;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::pair<absl::string_view, absl::string_view> parts =
          absl::StrSplit(words[i], absl::MaxSplits('=', 1));
      if (!ParseKeyword(parts.first, parts.second, entry, typed)) {
        return Odd(absl::StrCat("an odd ", parts.first), line);
      }
    }
    if (!typed) return Odd("no type", line);
    if (entry.type != Listed::Type::kFile) {
      entry.size = std::nullopt;
      entry.sha256.clear();
    }
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) {
      return absl::DataLossError(absl::StrCat("bsdtar: ", s.message()));
    }
  }
  return out;
}

absl::StatusOr<Listing> BsdtarTree(const std::string& image, View view, BsdtarSource source) {
  absl::StatusOr<Command> list = ListCommand(image, view, source);
  if (!list.ok()) return list.status();
  absl::StatusOr<ProcessResult> listed = RunProcess(*list);
  if (!listed.ok()) return listed.status();
  if (!listed->Succeeded() || !listed->err.empty()) return absl::DataLossError(listed->Summary());
  absl::StatusOr<Listing> listing = ParseMtree(listed->out);
  if (!listing.ok()) return listing.status();
  for (auto& [path, entry] : *listing) {
    entry.links = std::nullopt;
    if (view != View::kRockRidge) entry.mode = entry.owner = entry.group = std::nullopt;
  }
  return listing;
}

absl::StatusOr<Listing> BsdtarListing(const std::string& image, View view, BsdtarSource source,
                                      const std::string& scratch_dir) {
  absl::StatusOr<Command> list = ListCommand(image, view, source);
  if (!list.ok()) return list.status();
  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(scratch_dir);
  if (!scratch.ok()) return scratch.status();
  const std::string dir = absl::StrCat(scratch->path(), "/tree");
  if (mkdir(dir.c_str(), 0755) != 0) {
    return absl::InternalError(absl::StrCat("cannot make ", dir, ": ", strerror(errno)));
  }

  absl::StatusOr<ProcessResult> listed = RunProcess(*list);
  if (!listed.ok()) return listed.status();
  if (!listed->Succeeded() || !listed->err.empty()) return absl::DataLossError(listed->Summary());
  absl::StatusOr<Listing> listing = ParseMtree(listed->out);
  if (!listing.ok()) return listing.status();

  Command extract = *list;
  extract.argv = {"bsdtar",          "-xpf", source == BsdtarSource::kPipe ? "-" : image,
                  "--no-same-owner", "-C",   dir};
  absl::StatusOr<ProcessResult> extracted = RunProcess(extract);
  if (!extracted.ok()) return extracted.status();
  if (std::string words = Complaints(extracted->err, *listing); !words.empty()) {
    return absl::DataLossError(absl::StrCat("bsdtar: ", words));
  }
  if (!extracted->Succeeded() && extracted->err.empty()) {
    return absl::DataLossError(extracted->Summary());
  }
  MakeReadable(dir);
  absl::StatusOr<Listing> walked = WalkDirectory(dir);
  if (!walked.ok()) return walked.status();

  for (auto& [path, entry] : *listing) {
    if (view != View::kRockRidge) {
      entry.mode = entry.owner = entry.group = entry.links = std::nullopt;
    } else if (entry.type != Listed::Type::kFile) {
      entry.links = std::nullopt;
    } else if (!entry.links.has_value()) {
      entry.links = 1;  // mtree leaves it out when it is 1
    }
    if (entry.type != Listed::Type::kFile) continue;
    const Listed* file = walked->Find(path);
    if (file == nullptr || file->type != Listed::Type::kFile) {
      return absl::DataLossError(
          absl::StrCat("bsdtar lists ", EscapeName(path), " but does not extract it"));
    }
    // A further name of a file has no size of its own in the listing.
    entry.size = file->size;
    entry.sha256 = file->sha256;
    if (view == View::kRockRidge) entry.inode = file->inode;
  }
  return listing;
}

}  // namespace isomason
