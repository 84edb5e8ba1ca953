#include "tools/oracle/udfclient.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

// A tree deeper than this is a loop.
constexpr int kMaxDepth = 300;

// A session takes this many commands: each copied file is there until it has been read.
constexpr size_t kBatch = 500;

absl::Status Odd(absl::string_view what, absl::string_view where) {
  return absl::DataLossError(absl::StrCat("udfclient: ", what, ": ", EscapeName(where)));
}

// What udfdump says when something is wrong. It has no exit status for that.
const char* const kComplaints[] = {
    "error",     "Error",       "ERROR",        "WARNING",      "Warning",    "bad ",     "BAD ",
    "Can't",     "can't",       "failed",       "UNKNOWN",      "not found",  "mismatch", "broken",
    "truncated", "compromised", "inaccessible", "Unrecognized", "Unsupported"};

// Whether a program of the toolkit ended well and complains of nothing on standard error. That it
// cannot write to a metadata partition is no complaint.
bool IsContent(const ProcessResult& result) {
  constexpr absl::string_view kNoWriting =
      "*** marked read-only due to read-only support for Metadata partition ***";
  if (!result.Succeeded()) return false;
  for (absl::string_view line : absl::StrSplit(result.err, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!line.empty() && line != kNoWriting) return false;
  }
  return true;
}

// The words behind the last run of blanks of the line that begins with `key`, tabs aside.
std::optional<std::string> Word(const std::vector<absl::string_view>& lines,
                                absl::string_view key) {
  for (absl::string_view line : lines) {
    absl::string_view rest = absl::StripLeadingAsciiWhitespace(line);
    if (!absl::ConsumePrefix(&rest, key)) continue;
    return std::string(absl::StripAsciiWhitespace(rest));
  }
  return std::nullopt;
}

// One session: `commands` one after the other. Returns what was said to each.
absl::StatusOr<std::vector<std::string>> Session(const std::string& image,
                                                 const std::vector<std::string>& commands,
                                                 const std::string& directory) {
  Command command;
  command.argv = {"udfclient", "-b", "2048", image};
  command.directory = directory;
  command.input = absl::StrCat(absl::StrJoin(commands, "\n"), "\nquit\n");
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  if (!result.ok()) return result.status();
  if (!IsContent(*result)) return absl::DataLossError(result->Summary());
  // Its prompt comes before each answer, and once more before the end. A name that has the
  // prompt in it is at the end of a line, never at the beginning of one.
  std::vector<std::string> answers;
  size_t begin = std::string::npos;
  const std::string kPrompt = "\nUDF> ";
  // "get" says nothing that ends its line when it says nothing at all, so that prompts may
  // follow each other on one line.
  std::string text = result->out;
  for (size_t at = text.find(kPrompt); at != std::string::npos;) {
    if (begin != std::string::npos) answers.push_back(text.substr(begin, at - begin));
    begin = at + kPrompt.size();
    if (absl::StartsWith(absl::string_view(text).substr(begin), "UDF> ")) {
      at = begin - 1;
      text[at] = '\n';
      continue;
    }
    at = text.find(kPrompt, begin);
  }
  if (answers.size() != commands.size()) {
    return Odd(absl::StrCat(answers.size(), " answers to ", commands.size(), " commands"), image);
  }
  return answers;
}

// "-r--r--r--    100   1000          16  COPYING": group, owner, size. Nothing when the line
// is no entry.
std::optional<Listed> ParseEntry(absl::string_view line) {
  if (line.size() < 10 || (line[0] != 'd' && line[0] != '-')) return std::nullopt;
  Listed entry;
  uint32_t mode = 0;
  for (int i = 1; i < 10; ++i) {
    if (line[i] != '-' && line[i] != "rwx"[(i - 1) % 3]) return std::nullopt;
    mode = mode << 1 | (line[i] == '-' ? 0 : 1);
  }
  entry.mode = mode;
  absl::string_view rest = line.substr(10);
  int64_t numbers[3];
  for (int64_t& number : numbers) {
    rest = absl::StripLeadingAsciiWhitespace(rest);
    const size_t end = rest.find(' ');
    if (end == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(0, end), &number)) {
      return std::nullopt;
    }
    rest = rest.substr(end);
  }
  if (!absl::ConsumePrefix(&rest, "  ")) return std::nullopt;
  entry.group = static_cast<uint32_t>(numbers[0]);
  entry.owner = static_cast<uint32_t>(numbers[1]);
  // It takes the bit that is set in directories for what makes one, and block devices and
  // sockets have it, too. Only a directory holds the name of its parent.
  const bool directory = line[0] == 'd' && numbers[2] > 0;
  entry.type = directory ? Listed::Type::kDirectory : Listed::Type::kFile;
  if (!directory) entry.size = static_cast<uint64_t>(numbers[2]);
  entry.path = std::string(rest);
  return entry;
}

// Adds what the directory `path` holds, and to `below` the directories among it.
absl::Status AddEntries(const std::string& path, const std::string& answer, Listing& out,
                        std::vector<std::string>& below) {
  std::vector<absl::string_view> lines = absl::StrSplit(answer, '\n', absl::SkipEmpty());
  if (lines.empty() || !absl::StartsWith(lines[0], "Directory listing of ")) {
    return Odd("no listing", path);
  }
  for (size_t i = 1; i < lines.size(); ++i) {
    std::optional<Listed> entry = ParseEntry(lines[i]);
    if (!entry.has_value()) return Odd("no entry", lines[i]);
    const std::string name = entry->path;
    if (name == "." || name == "..") continue;
    entry->path = absl::StrCat(path == "/" ? "" : path, "/", name);
    if (entry->type == Listed::Type::kDirectory) below.push_back(entry->path);
    if (absl::Status s = out.Add(*std::move(entry)); !s.ok()) return Odd(s.message(), path);
  }
  return absl::OkStatus();
}

// Completes `entry` from the copy that was made of it, and removes that.
absl::Status AddContents(const std::string& copy, Listed& entry) {
  struct stat seen;
  if (lstat(copy.c_str(), &seen) != 0) return Odd("no copy", entry.path);
  entry.time = seen.st_mtim.tv_sec;
  chmod(copy.c_str(), 0600);
  absl::StatusOr<std::string> bytes = ReadHostFile(copy);
  if (!bytes.ok()) return bytes.status();
  unlink(copy.c_str());
  if (bytes->size() != entry.size) {
    return Odd(absl::StrCat(bytes->size(), " bytes, listed with ", *entry.size), entry.path);
  }
  entry.sha256 = Sha256(*bytes);
  return absl::OkStatus();
}

// --- Names ------------------------------------------------------------------------

// UTF-16 of UTF-8; nothing when that is not well formed.
std::optional<std::vector<uint16_t>> Units(absl::string_view text) {
  std::vector<uint16_t> out;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80                   ? 1
                          : lead >= 0xc2 && lead < 0xe0 ? 2
                          : lead >= 0xe0 && lead < 0xf0 ? 3
                          : lead >= 0xf0 && lead < 0xf5 ? 4
                                                        : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    uint32_t character = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return std::nullopt;
      character = character << 6 | (next & 0x3f);
    }
    if (character >= 0x10000) {
      out.push_back(static_cast<uint16_t>(0xd800 + ((character - 0x10000) >> 10)));
      out.push_back(static_cast<uint16_t>(0xdc00 + ((character - 0x10000) & 0x3ff)));
    } else {
      out.push_back(static_cast<uint16_t>(character));
    }
    i += length;
  }
  return out;
}

// CRC-16 with the polynomial 0x1021 over units of two bytes, the greater one first.
uint16_t Checksum(const std::vector<uint16_t>& units) {
  uint32_t crc = 0;
  for (const uint16_t unit : units) {
    crc ^= unit;
    for (int bit = 0; bit < 16; ++bit) crc = (crc << 1) ^ ((crc & 0x8000) != 0 ? 0x11021 : 0);
  }
  return static_cast<uint16_t>(crc);
}

// The units from `begin` on, at most `limit` characters of them: each run of what is not
// printable becomes one "_". `changed` is set when there is such a run.
std::string Printable(const std::vector<uint16_t>& units, size_t begin, size_t limit,
                      bool* changed) {
  const auto good = [](uint16_t unit) { return unit >= 0x20 && unit < 0x7f && unit != '/'; };
  std::string out;
  for (size_t i = begin; i < units.size() && out.size() < limit; ++i) {
    if (good(units[i])) {
      out += static_cast<char>(units[i]);
      continue;
    }
    out += '_';
    *changed = true;
    while (i + 1 < units.size() && !good(units[i + 1])) ++i;
  }
  return out;
}

std::string ShownName(absl::string_view name) {
  constexpr size_t kLongestName = 255, kLongestExtension = 5;
  const std::optional<std::vector<uint16_t>> units = Units(name);
  if (!units.has_value()) return std::string(name);
  bool changed = false;
  const std::string plain = Printable(*units, 0, kLongestName, &changed);
  if (!changed) return plain;
  // The last dot counts when at most five units follow it, and at least one.
  const auto last = std::find(units->rbegin(), units->rend(), '.');
  const size_t after = static_cast<size_t>(last - units->rbegin());
  const std::string mark = absl::StrFormat("#%04X", Checksum(*units));
  if (last == units->rend() || after == 0 || after > kLongestExtension) {
    return plain.substr(0, kLongestName - mark.size()) + mark;
  }
  const std::string extension =
      Printable(*units, units->size() - after, kLongestExtension, &changed);
  const std::string stem = plain.substr(0, plain.rfind('.'));
  return absl::StrCat(stem.substr(0, kLongestName - mark.size() - extension.size() - 1), mark, ".",
                      extension);
}

}  // namespace

std::string UdfclientName(absl::string_view path) {
  std::vector<std::string> names;
  for (absl::string_view name : absl::StrSplit(path, '/')) names.push_back(ShownName(name));
  return absl::StrJoin(names, "/");
}

absl::StatusOr<UdfdumpInfo> ParseUdfdump(absl::string_view text) {
  // Names of the tree come behind this.
  const size_t tree = text.find("\nRoot dir dump\n");
  const std::vector<absl::string_view> lines =
      absl::StrSplit(text.substr(0, tree), '\n', absl::SkipEmpty());
  const absl::string_view kVolume = "Directory tree of mount point ";
  UdfdumpInfo out;
  int volumes = 0;
  for (absl::string_view line : lines) {
    if (absl::StartsWith(line, kVolume)) {
      out.volume = std::string(line.substr(kVolume.size()));
      ++volumes;
    }
    // What is quoted is a name.
    if (absl::StrContains(line, '`') || absl::StartsWith(line, kVolume) ||
        absl::StartsWith(line, "Opening device ") || absl::StartsWith(line, "UDF D")) {
      continue;
    }
    for (const char* complaint : kComplaints) {
      if (absl::StrContains(line, complaint)) {
        return absl::DataLossError(absl::StrCat("udfdump: ", absl::StripAsciiWhitespace(line)));
      }
    }
  }
  if (volumes != 1) return absl::DataLossError(absl::StrCat("udfdump: ", volumes, " volumes"));
  const auto integrity = Word(lines, "Integrity type"), files = Word(lines, "Number of files"),
             directories = Word(lines, "Number of directories"),
             least_read = Word(lines, "Minimum readversion"),
             least_write = Word(lines, "Minimum writeversion"),
             greatest_write = Word(lines, "Maximum writeversion");
  const auto revision = [](const std::optional<std::string>& word, std::string* value) {
    absl::string_view number = word.has_value() ? absl::string_view(*word) : "";
    if (!absl::ConsumePrefix(&number, "UDFv ")) return false;
    *value = absl::StrCat(number.size() == 3 ? "0" : "", number);
    return true;
  };
  if (!integrity.has_value() || !files.has_value() || !absl::SimpleAtoi(*files, &out.files) ||
      !directories.has_value() || !absl::SimpleAtoi(*directories, &out.directories) ||
      !revision(least_read, &out.least_read) || !revision(least_write, &out.least_write) ||
      !revision(greatest_write, &out.greatest_write)) {
    return absl::DataLossError("udfdump: shows no integrity descriptor of UDF");
  }
  out.integrity = *integrity;
  return out;
}

absl::StatusOr<UdfdumpInfo> UdfdumpOf(const std::string& image) {
  absl::StatusOr<ProcessResult> result =
      RunProcess({"udfdump", "-b", "2048", "-t", "-u", "5", image});
  if (!result.ok()) return result.status();
  if (!IsContent(*result)) return absl::DataLossError(result->Summary());
  return ParseUdfdump(result->out);
}

absl::StatusOr<Listing> UdfclientListing(const std::string& image, const std::string& scratch_dir) {
  absl::StatusOr<UdfdumpInfo> info = UdfdumpOf(image);
  if (!info.ok()) return info.status();
  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(scratch_dir);
  if (!scratch.ok()) return scratch.status();
  const auto quoted = [&](const std::string& path) {
    return absl::StrCat("\"/", info->volume, path == "/" ? "" : path, "\"");
  };

  Listing out;
  Listed root;
  root.path = "/";
  root.type = Listed::Type::kDirectory;
  if (absl::Status s = out.Add(root); !s.ok()) return s;
  std::vector<std::string> level = {"/"};
  for (int depth = 0; !level.empty(); ++depth) {
    if (depth > kMaxDepth) return Odd("no end of directories", level[0]);
    std::vector<std::string> commands, below;
    for (const std::string& path : level) commands.push_back(absl::StrCat("ls ", quoted(path)));
    auto answers = Session(image, commands, scratch->path());
    if (!answers.ok()) return answers.status();
    for (size_t i = 0; i < level.size(); ++i) {
      if (absl::Status s = AddEntries(level[i], (*answers)[i], out, below); !s.ok()) return s;
    }
    level = std::move(below);
  }

  std::vector<Listed*> files;
  for (auto& [path, entry] : out) {
    if (entry.type == Listed::Type::kFile) files.push_back(&entry);
  }
  for (size_t begin = 0; begin < files.size(); begin += kBatch) {
    const size_t end = std::min(files.size(), begin + kBatch);
    std::vector<std::string> commands;
    for (size_t i = begin; i < end; ++i) {
      commands.push_back(absl::StrCat("get ", quoted(files[i]->path), " ", i));
    }
    auto answers = Session(image, commands, scratch->path());
    if (!answers.ok()) return answers.status();
    for (size_t i = begin; i < end; ++i) {
      const std::string copy = absl::StrCat(scratch->path(), "/", i);
      // What it takes for a directory is one in its copy, too.
      struct stat seen;
      if (lstat(copy.c_str(), &seen) == 0 && S_ISDIR(seen.st_mode)) {
        files[i]->time = seen.st_mtim.tv_sec;
        rmdir(copy.c_str());
        continue;
      }
      if (absl::Status s = AddContents(copy, *files[i]); !s.ok()) return s;
    }
  }
  return out;
}

}  // namespace isomason
