#include "tools/oracle/grub.h"

#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

// A tree deeper than this is a loop.
constexpr int kMaxDepth = 300;

absl::Status Odd(absl::string_view what, absl::string_view line) {
  return absl::DataLossError(absl::StrCat("grub-fstest: ", what, " in: ", EscapeName(line)));
}

absl::StatusOr<ProcessResult> Grub(const std::string& image, std::vector<std::string> words,
                                   std::function<void(absl::string_view)> on_output = nullptr) {
  Command command;
  command.argv = {"grub-fstest", image, "--"};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.on_output = std::move(on_output);
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  if (!result.ok()) return result.status();
  if (!result->Succeeded() || !result->err.empty()) return absl::DataLossError(result->Summary());
  return result;
}

// "20261122124647" in UTC. False when it is not that.
bool ParseTime(absl::string_view digits, int64_t& out) {
  const int widths[6] = {4, 2, 2, 2, 2, 2};
  int parts[6];
  for (int i = 0; i < 6; ++i) {
    if (!absl::SimpleAtoi(digits.substr(0, static_cast<size_t>(widths[i])), &parts[i])) {
      return false;
    }
    digits.remove_prefix(static_cast<size_t>(widths[i]));
  }
  std::tm tm = {};
  tm.tm_year = parts[0] - 1900;
  tm.tm_mon = parts[1] - 1;
  tm.tm_mday = parts[2];
  tm.tm_hour = parts[3];
  tm.tm_min = parts[4];
  tm.tm_sec = parts[5];
  out = timegm(&tm);
  return true;
}

// "DIR          20261122124714 dir/" and "5000         20261122124714 r", or without a time when
// that is after January 2038.
constexpr size_t kTimeColumn = 12;

struct LsLine {
  bool directory = false;
  uint64_t size = 0;
  std::optional<int64_t> time;
  std::string name;
};

// Nothing when `line` does not begin an entry: a name may hold a newline.
std::optional<LsLine> ParseLine(absl::string_view line) {
  LsLine out;
  if (line.size() <= kTimeColumn) return std::nullopt;
  const absl::string_view size = absl::StripTrailingAsciiWhitespace(line.substr(0, kTimeColumn));
  out.directory = size == "DIR";
  if (!out.directory && !absl::SimpleAtoi(size, &out.size)) return std::nullopt;
  line.remove_prefix(kTimeColumn);
  int64_t time = 0;
  if (line.size() > 16 && line[0] == ' ' && line[15] == ' ' &&
      ParseTime(line.substr(1, 14), time)) {
    out.time = time;
    line.remove_prefix(16);
  }
  out.name = std::string(line);
  return out;
}

absl::Status Walk(const std::string& image, const std::string& dir, int depth,
                  const Listing& symlinks, Listing& out) {
  if (depth > kMaxDepth) return Odd("no end of directories", dir);
  absl::StatusOr<ProcessResult> ls =
      Grub(image, {"ls", "-l", "-a", absl::StrCat("(loop0)", dir == "/" ? "" : dir, "/")});
  if (!ls.ok()) return ls.status();
  absl::StatusOr<Listing> entries = ParseGrubLs(ls->out, dir);
  if (!entries.ok()) return entries.status();
  for (auto& [path, entry] : *entries) {
    const Listed* link = symlinks.Find(path);
    if (link != nullptr && link->type == Listed::Type::kSymlink) {
      Listed bare;
      bare.path = path;
      bare.type = Listed::Type::kSymlink;
      entry = bare;
    }
    const Listed::Type type = entry.type;
    if (type == Listed::Type::kFile) {
      Digest digest;
      absl::StatusOr<ProcessResult> cat =
          Grub(image, {"cat", absl::StrCat("(loop0)", path)},
               [&](absl::string_view bytes) { digest.Update(bytes); });
      if (!cat.ok()) return cat.status();
      if (digest.size() != entry.size) {
        return Odd(absl::StrCat(digest.size(), " bytes, listed with ", *entry.size), path);
      }
      entry.sha256 = digest.Finish();
    }
    const std::string below = path;
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return Odd(s.message(), dir);
    if (type != Listed::Type::kDirectory) continue;
    if (absl::Status s = Walk(image, below, depth + 1, symlinks, out); !s.ok()) return s;
  }
  return absl::OkStatus();
}

// The text between `before` and `after`, or "".
std::string Between(absl::string_view text, absl::string_view before, absl::string_view after) {
  const size_t start = text.find(before);
  if (start == absl::string_view::npos) return "";
  text.remove_prefix(start + before.size());
  return std::string(text.substr(0, text.find(after)));
}

}  // namespace

absl::StatusOr<Listing> ParseGrubLs(absl::string_view text, const std::string& dir) {
  std::vector<LsLine> lines;
  // An empty line follows the last entry.
  absl::ConsumeSuffix(&text, "\n");
  absl::ConsumeSuffix(&text, "\n");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (std::optional<LsLine> parsed = ParseLine(line)) {
      lines.push_back(*std::move(parsed));
    } else if (!lines.empty()) {
      absl::StrAppend(&lines.back().name, "\n", line);
    } else if (!line.empty()) {
      return Odd("no size and time", line);
    }
  }
  Listing out;
  for (LsLine& line : lines) {
    Listed entry;
    entry.time = line.time;
    if (line.name == "./" || line.name == "../") continue;
    if (line.directory) {
      entry.type = Listed::Type::kDirectory;
      if (line.name.back() != '/') return Odd("no / after a directory", line.name);
      line.name.pop_back();
    } else {
      entry.size = line.size;
    }
    entry.path = absl::StrCat(dir == "/" ? "" : dir, "/", line.name);
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return Odd(s.message(), dir);
  }
  return out;
}

absl::StatusOr<GrubView> GrubViewOf(const std::string& image, const Listing& symlinks) {
  absl::StatusOr<ProcessResult> device = Grub(image, {"ls", "-l", "(loop0)"});
  if (!device.ok()) return device.status();
  GrubView view;
  view.file_system = Between(device->out, "Filesystem type ", " ");
  if (view.file_system.empty()) return Odd("no file system", device->out);
  view.label = Between(device->out, "Label `", "'");
  view.uuid = Between(device->out, "UUID ", " - ");
  if (const size_t comma = view.uuid.find(','); comma != std::string::npos) {
    view.uuid.resize(comma);
  }
  Listed root;
  root.path = "/";
  root.type = Listed::Type::kDirectory;
  if (absl::Status s = view.listing.Add(root); !s.ok()) return s;
  if (absl::Status s = Walk(image, "/", 0, symlinks, view.listing); !s.ok()) return s;
  return view;
}

}  // namespace isomason
