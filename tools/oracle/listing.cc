#include "tools/oracle/listing.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tools/oracle/digest.h"

namespace isomason {
namespace {

constexpr struct {
  Listed::Type type;
  char letter;
  const char* name;
} kTypes[] = {
    {Listed::Type::kFile, 'f', "file"},
    {Listed::Type::kDirectory, 'd', "directory"},
    {Listed::Type::kSymlink, 'l', "symlink"},
    {Listed::Type::kBlock, 'b', "block device"},
    {Listed::Type::kCharacter, 'c', "character device"},
    {Listed::Type::kFifo, 'p', "fifo"},
    {Listed::Type::kSocket, 's', "socket"},
};

absl::Status HostError(int error, absl::string_view what, const std::string& path) {
  std::string message = absl::StrCat("cannot ", what, " ", path, ": ", strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  return absl::InternalError(message);
}

absl::StatusOr<std::string> ReadLink(const std::string& path) {
  std::string target(PATH_MAX, '\0');
  ssize_t size = readlink(path.c_str(), target.data(), target.size());
  if (size < 0) return HostError(errno, "read the symlink", path);
  target.resize(static_cast<size_t>(size));
  return target;
}

// Fills `inodes` with the host's own (device, inode) of each path.
using HostInodes = std::map<std::string, std::pair<uint64_t, uint64_t>>;

absl::Status Walk(const std::string& host, const std::string& path, Listing& out,
                  HostInodes& inodes) {
  struct stat st;
  if (lstat(host.c_str(), &st) != 0) return HostError(errno, "look at", host);
  Listed entry;
  entry.path = path;
  entry.mode = st.st_mode & 07777;
  entry.owner = st.st_uid;
  entry.group = st.st_gid;
  entry.links = static_cast<uint32_t>(st.st_nlink);
  entry.time = st.st_mtim.tv_sec;
  inodes[path] = {st.st_dev, st.st_ino};
  switch (st.st_mode & S_IFMT) {
    case S_IFREG: {
      entry.type = Listed::Type::kFile;
      entry.size = static_cast<uint64_t>(st.st_size);
      absl::StatusOr<std::string> sha256 = Sha256OfFile(host);
      if (!sha256.ok()) return sha256.status();
      entry.sha256 = *std::move(sha256);
      break;
    }
    case S_IFDIR:
      entry.type = Listed::Type::kDirectory;
      entry.links = std::nullopt;
      break;
    case S_IFLNK: {
      entry.type = Listed::Type::kSymlink;
      entry.mode = std::nullopt;
      absl::StatusOr<std::string> target = ReadLink(host);
      if (!target.ok()) return target.status();
      entry.target = *std::move(target);
      break;
    }
    case S_IFBLK:
    case S_IFCHR:
      entry.type = S_ISBLK(st.st_mode) ? Listed::Type::kBlock : Listed::Type::kCharacter;
      entry.major = major(st.st_rdev);
      entry.minor = minor(st.st_rdev);
      break;
    case S_IFIFO:
      entry.type = Listed::Type::kFifo;
      break;
    default:
      entry.type = Listed::Type::kSocket;
      break;
  }
  const bool descend = entry.type == Listed::Type::kDirectory;
  if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return s;
  if (!descend) return absl::OkStatus();

  std::vector<std::string> names;
  DIR* dir = opendir(host.c_str());
  if (dir == nullptr) return HostError(errno, "list", host);
  errno = 0;
  while (const dirent* d = readdir(dir)) {
    if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0) names.push_back(d->d_name);
    errno = 0;
  }
  const int error = errno;
  closedir(dir);
  if (error != 0) return HostError(error, "list", host);
  for (const std::string& name : names) {
    absl::Status s = Walk(absl::StrCat(host, "/", name),
                          absl::StrCat(path == "/" ? "" : path, "/", name), out, inodes);
    if (!s.ok()) return s;
  }
  return absl::OkStatus();
}

template <typename T>
std::string Known(const std::optional<T>& value) {
  return value.has_value() ? absl::StrCat(*value) : "-";
}

template <typename T>
bool ParseNumber(absl::string_view text, std::optional<T>& out) {
  if (text == "-") return true;
  T value;
  if (!absl::SimpleAtoi(text, &value)) return false;
  out = value;
  return true;
}

bool ParseMode(absl::string_view text, std::optional<uint32_t>& out) {
  if (text == "-") return true;
  uint32_t value = 0;
  if (text.empty() || text.size() > 5) return false;
  for (char c : text) {
    if (c < '0' || c > '7') return false;
    value = value * 8 + static_cast<uint32_t>(c - '0');
  }
  out = value;
  return value <= 07777;
}

bool ParseDevice(absl::string_view text, Listed& entry) {
  if (text == "-") return true;
  std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  return parts.size() == 2 && ParseNumber(parts[0], entry.major) &&
         ParseNumber(parts[1], entry.minor);
}

// The smallest path that shares the inode of each path, among the paths of `listing` that
// are in `both` (names that one side lacks are reported as such, not as a broken link).
std::map<std::string, std::string> LinkLeaders(const Listing& listing,
                                               const std::set<std::string>& both) {
  std::map<uint64_t, std::string> leader;
  std::map<std::string, std::string> out;
  for (const auto& [path, entry] : listing) {
    if (entry.inode == 0 || both.count(path) == 0) continue;
    out[path] = leader.emplace(entry.inode, path).first->second;
  }
  return out;
}

std::string Octal(uint32_t mode) { return absl::StrFormat("%04o", mode); }

}  // namespace

const char* ViewName(View view) {
  switch (view) {
    case View::kRockRidge:
      return "Rock Ridge";
    case View::kJoliet:
      return "Joliet";
    case View::kIso9660:
      return "plain ISO 9660";
    case View::kUdf:
      return "UDF";
    case View::kFat:
      return "FAT";
  }
  return "no known view";
}

char TypeLetter(Listed::Type type) {
  for (const auto& t : kTypes) {
    if (t.type == type) return t.letter;
  }
  return '?';
}

std::optional<Listed::Type> TypeOfLsLetter(char letter) {
  if (letter == '-') return Listed::Type::kFile;
  for (const auto& t : kTypes) {
    if (t.letter == letter && t.type != Listed::Type::kFile) return t.type;
  }
  return std::nullopt;
}

const char* TypeName(Listed::Type type) {
  for (const auto& t : kTypes) {
    if (t.type == type) return t.name;
  }
  return "thing of no known type";
}

absl::Status Listing::Add(Listed entry) {
  std::string path = entry.path;
  if (!entries_.emplace(path, std::move(entry)).second) {
    return absl::AlreadyExistsError(absl::StrCat(EscapeName(path), " is listed twice"));
  }
  return absl::OkStatus();
}

const Listed* Listing::Find(const std::string& path) const {
  auto it = entries_.find(path);
  return it == entries_.end() ? nullptr : &it->second;
}

Listed* Listing::Find(const std::string& path) {
  auto it = entries_.find(path);
  return it == entries_.end() ? nullptr : &it->second;
}

bool Listing::Remove(const std::string& path) { return entries_.erase(path) > 0; }

absl::StatusOr<Listing> WalkDirectory(const std::string& dir) {
  Listing listing;
  HostInodes host;
  if (absl::Status s = Walk(dir, "/", listing, host); !s.ok()) return s;
  std::map<std::pair<uint64_t, uint64_t>, uint64_t> numbers;
  for (auto& [path, entry] : listing) {
    entry.inode = numbers.emplace(host[path], numbers.size() + 1).first->second;
  }
  return listing;
}

std::string EscapeName(absl::string_view raw) {
  std::string out;
  for (unsigned char c : raw) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20 || c >= 0x7f) {
      absl::StrAppendFormat(&out, "\\x%02x", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

absl::StatusOr<std::string> UnescapeName(absl::string_view escaped) {
  std::string out;
  for (size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\\') {
      out += escaped[i];
      continue;
    }
    const char next = ++i < escaped.size() ? escaped[i] : '\0';
    if (next == '\\') {
      out += '\\';
    } else if (next == 't') {
      out += '\t';
    } else if (next == 'n') {
      out += '\n';
    } else if (next == 'x' && i + 2 < escaped.size() && isxdigit(escaped[i + 1]) &&
               isxdigit(escaped[i + 2])) {
      out += absl::HexStringToBytes(escaped.substr(i + 1, 2));
      i += 2;
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", escaped, "\" has an escape that is none of \\\\ \\t \\n \\xNN"));
    }
  }
  return out;
}

void ShowStored(Listed& entry) {
  if (!entry.stored_size.has_value()) return;
  entry.size = *std::exchange(entry.stored_size, std::nullopt);
  entry.sha256 = std::exchange(entry.stored_sha256, "");
}

void ShowStored(Listing& listing) {
  for (auto& [path, entry] : listing) ShowStored(entry);
}

// "1793536496.123456789", or without a point where nothing is known behind it.
std::string TimeOf(const Listed& entry) {
  if (!entry.time.has_value() || !entry.nanoseconds.has_value()) return Known(entry.time);
  return absl::StrFormat("%d.%09d", *entry.time, *entry.nanoseconds);
}

bool ParseTime(absl::string_view column, Listed& entry) {
  const std::vector<absl::string_view> parts = absl::StrSplit(column, '.');
  if (parts.size() > 2 || !ParseNumber(parts[0], entry.time)) return false;
  return parts.size() == 1 || (parts[1].size() == 9 && ParseNumber(parts[1], entry.nanoseconds));
}

std::string ToText(const Listing& listing) {
  std::string out;
  for (const auto& [path, e] : listing) {
    std::string target = e.target == "-" ? "\\x2d" : EscapeName(e.target);
    absl::StrAppend(&out, EscapeName(path), "\t", std::string(1, TypeLetter(e.type)), "\t",
                    e.mode.has_value() ? Octal(*e.mode) : "-", "\t", Known(e.owner), "\t");
    absl::StrAppend(&out, Known(e.group), "\t", Known(e.links), "\t", TimeOf(e), "\t",
                    Known(e.size), "\t");
    absl::StrAppend(
        &out, e.sha256.empty() ? "-" : e.sha256, "\t", target.empty() ? "-" : target, "\t",
        e.major.has_value() && e.minor.has_value() ? absl::StrCat(*e.major, ",", *e.minor) : "-",
        "\t", e.inode == 0 ? "-" : absl::StrCat(e.inode), "\n");
  }
  return out;
}

absl::StatusOr<Listing> FromText(absl::string_view text) {
  Listing listing;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    auto bad = [&](absl::string_view what) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", what, ": ", line));
    };
    if (columns.size() != 12) return bad(absl::StrCat(columns.size(), " columns, not 12"));
    Listed entry;
    absl::StatusOr<std::string> path = UnescapeName(columns[0]);
    if (!path.ok()) return bad(path.status().message());
    if (path->empty() || path->front() != '/') return bad("the path does not start with /");
    entry.path = *std::move(path);
    const auto* type = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const auto& t) {
      return columns[1].size() == 1 && columns[1][0] == t.letter;
    });
    if (type == std::end(kTypes)) return bad("the type is none of f d l b c p s");
    entry.type = type->type;
    if (!ParseMode(columns[2], entry.mode)) return bad("the mode is not octal");
    if (!ParseNumber(columns[3], entry.owner)) return bad("the owner is not a number");
    if (!ParseNumber(columns[4], entry.group)) return bad("the group is not a number");
    if (!ParseNumber(columns[5], entry.links)) return bad("the link count is not a number");
    if (!ParseTime(columns[6], entry)) return bad("the time is not a number");
    if (!ParseNumber(columns[7], entry.size)) return bad("the size is not a number");
    if (columns[8] != "-") {
      if (columns[8].size() != 64) return bad("the SHA-256 has not 64 digits");
      entry.sha256 = std::string(columns[8]);
    }
    if (columns[9] != "-") {
      absl::StatusOr<std::string> target = UnescapeName(columns[9]);
      if (!target.ok()) return bad(target.status().message());
      entry.target = *std::move(target);
    }
    if (!ParseDevice(columns[10], entry)) return bad("the device is not major,minor");
    std::optional<uint64_t> inode;
    if (!ParseNumber(columns[11], inode)) return bad("the inode is not a number");
    entry.inode = inode.value_or(0);
    if (absl::Status s = listing.Add(std::move(entry)); !s.ok()) return bad(s.message());
  }
  return listing;
}

std::vector<std::string> Differences(const Listing& want, const Listing& got,
                                     const CompareOptions& options) {
  std::set<std::string> all, both;
  for (const auto& [path, entry] : want) {
    all.insert(path);
    if (got.Find(path) != nullptr) both.insert(path);
  }
  for (const auto& [path, entry] : got) all.insert(path);
  const std::map<std::string, std::string> want_leader = LinkLeaders(want, both);
  const std::map<std::string, std::string> got_leader = LinkLeaders(got, both);

  std::vector<std::string> out;
  for (const std::string& path : all) {
    const std::string name = EscapeName(path);
    auto report = [&](absl::string_view what, absl::string_view is, absl::string_view wanted) {
      out.push_back(absl::StrCat(name, ": ", what, " is ", is, ", want ", wanted));
    };
    auto number = [&](bool on, absl::string_view what, const auto& w, const auto& g) {
      if (on && w.has_value() && g.has_value() && *w != *g)
        report(what, absl::StrCat(*g), absl::StrCat(*w));
    };
    const Listed* w = want.Find(path);
    const Listed* g = got.Find(path);
    if (g == nullptr) {
      out.push_back(absl::StrCat(name, ": missing, want a ", TypeName(w->type)));
      continue;
    }
    if (w == nullptr) {
      if (options.extra)
        out.push_back(absl::StrCat(name, ": is a ", TypeName(g->type), ", want none"));
      continue;
    }
    if (w->type != g->type) {
      report("type", TypeName(g->type), TypeName(w->type));
      continue;
    }
    if (options.modes && w->mode && g->mode && *w->mode != *g->mode) {
      report("mode", Octal(*g->mode), Octal(*w->mode));
    }
    number(options.owners, "owner", w->owner, g->owner);
    number(options.owners, "group", w->group, g->group);
    number(w->type == Listed::Type::kDirectory ? options.directory_links : options.links,
           "link count", w->links, g->links);
    if (options.times && w->time && g->time && std::abs(*w->time - *g->time) > options.time_slack) {
      report("time", absl::StrCat(*g->time), absl::StrCat(*w->time));
    }
    number(options.times && options.time_slack == 0, "nanosecond of the time", w->nanoseconds,
           g->nanoseconds);
    number(options.sizes, "size", w->size, g->size);
    if (options.contents && !w->sha256.empty() && !g->sha256.empty() && w->sha256 != g->sha256) {
      report("SHA-256", g->sha256, w->sha256);
    }
    if (!w->target.empty() && !g->target.empty() && w->target != g->target) {
      report("target", absl::StrCat("\"", EscapeName(g->target), "\""),
             absl::StrCat("\"", EscapeName(w->target), "\""));
    }
    number(options.devices, "major device number", w->major, g->major);
    number(options.devices, "minor device number", w->minor, g->minor);
    if (options.inodes && w->type != Listed::Type::kDirectory) {
      auto wl = want_leader.find(path);
      auto gl = got_leader.find(path);
      if (wl != want_leader.end() && gl != got_leader.end() && wl->second != gl->second) {
        auto words = [&](const std::string& leader) {
          return leader == path ? std::string("no link of an earlier path")
                                : absl::StrCat("a link of ", EscapeName(leader));
        };
        report("file", words(gl->second), words(wl->second));
      }
    }
  }
  return out;
}

}  // namespace isomason
