#include "tools/oracle/grub.h"

#include <cstdint>
#include <ctime>
#include <functional>
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
constexpr int kMaxDepth = 200;

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

// "DIR          20261122124714 dir/" and "5000         20261122124714 r": whether `line`
// begins so. A name may hold a newline, so what does not begin so continues a name.
constexpr size_t kNameColumn = 13 + 14 + 1;

bool BeginsAnEntry(absl::string_view line) {
  if (line.size() <= kNameColumn || line[kNameColumn - 1] != ' ' || line[12] != ' ') return false;
  int64_t time = 0;
  if (!ParseTime(line.substr(13, 14), time)) return false;
  absl::string_view size = absl::StripTrailingAsciiWhitespace(line.substr(0, 12));
  uint64_t bytes = 0;
  return size == "DIR" || absl::SimpleAtoi(size, &bytes);
}

absl::Status Walk(const std::string& image, const std::string& dir, int depth,
                  const Listing& symlinks, Listing& out) {
  if (depth > kMaxDepth) return Odd("no end of directories", dir);
  absl::StatusOr<ProcessResult> ls =
      Grub(image, {"ls", "-l", absl::StrCat("(loop0)", dir == "/" ? "" : dir, "/")});
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
  std::vector<std::string> lines;
  // An empty line follows the last entry.
  absl::ConsumeSuffix(&text, "\n");
  absl::ConsumeSuffix(&text, "\n");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (BeginsAnEntry(line)) {
      lines.emplace_back(line);
    } else if (!lines.empty()) {
      absl::StrAppend(&lines.back(), "\n", line);
    } else if (!line.empty()) {
      return Odd("no size and time", line);
    }
  }
  Listing out;
  for (const std::string& line : lines) {
    Listed entry;
    int64_t time = 0;
    ParseTime(absl::string_view(line).substr(13, 14), time);
    entry.time = time;
    std::string name = line.substr(kNameColumn);
    if (absl::StartsWith(line, "DIR ")) {
      entry.type = Listed::Type::kDirectory;
      if (name.back() != '/') return Odd("no / after a directory", line);
      name.pop_back();
    } else {
      uint64_t size = 0;
      if (!absl::SimpleAtoi(absl::StripTrailingAsciiWhitespace(line.substr(0, 12)), &size)) {
        return Odd("no size", line);
      }
      entry.size = size;
    }
    entry.path = absl::StrCat(dir == "/" ? "" : dir, "/", name);
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
