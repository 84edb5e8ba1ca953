#include "tools/behavior/random_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {
namespace {

using Kind = RandomEntry::Kind;

// What Rock Ridge names may have.
constexpr size_t kLongestName = 253;
// Longer targets keep xorriso from loading an image.
constexpr size_t kLongestTarget = 1000;

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  RandomTree Make() {
    crowded_ = Below(20) == 0;
    deep_ = Below(10) == 0;
    linked_ = Below(10) == 0;
    const uint64_t count = crowded_ ? 150 + Below(250) : 1 + Below(45);
    for (uint64_t i = 0; i < count; ++i) AddEntry();
    return std::move(tree_);
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }

  template <size_t n>
  std::string OneOf(const char* const (&choices)[n]) {
    return choices[Below(n)];
  }

  // Characters of one to four bytes; of some scripts that change under folding, normal
  // forms or conversion.
  std::string Character() {
    static const char* const kCharacters[] = {
        "a",
        "Z",
        "0",
        "_",
        "-",
        "+",
        "=",
        "~",
        ",",
        " ",
        ".",
        "(",
        "'",
        "\"",
        "$",
        "%",
        "&",
        "|",
        "\xC3\xA4",          // a with diaeresis
        "\xC3\x9F",          // sharp s
        "\xC4\xB0",          // capital i with dot
        "\xC2\xA0",          // no-break space
        "\xCC\x81",          // combining acute
        "\xD0\x96",          // Cyrillic zhe
        "\xD7\x90",          // Hebrew alef, right to left
        "\xE2\x82\xAC",      // euro
        "\xE6\x97\xA5",      // a han character
        "\xEF\xBB\xBF",      // byte order mark
        "\xEF\xBC\x8F",      // fullwidth slash
        "\xEF\xBF\xBD",      // replacement character
        "\xF0\x9F\x92\xBF",  // optical disc
        "\xF0\x9F\x98\x80",  // a smile
    };
    return OneOf(kCharacters);
  }

  std::string OfCharacters(size_t bytes) {
    std::string name;
    while (name.size() < bytes) name += Character();
    return name;
  }

  std::string Name() {
    static const char* const kPlain[] = {"a",        "README", "file.txt",  "Makefile",
                                         "x.tar.gz", "data-1", "UPPER.TXT", "under_score",
                                         ".hidden",  "no ext"};
    static const char* const kOdd[] = {"two..dots",
                                       "trailing.",
                                       "dots...",
                                       " lead",
                                       "trail ",
                                       ". .",
                                       ".x.",
                                       "...",
                                       " ",
                                       "semi;colon",
                                       "v;1",
                                       "v;2",
                                       "star*",
                                       "q?",
                                       "back\\slash",
                                       "col:on",
                                       "plus+minus-",
                                       "#hash",
                                       "~",
                                       "a\tb",
                                       "new\nline",
                                       "\x01\x7f",
                                       "%41",
                                       "'quote'",
                                       "\"dq\"",
                                       "<>|",
                                       "-",
                                       "--help",
                                       "CON",
                                       "nul.txt",
                                       "rr_moved",
                                       "\xC3\xA4\xC3\xB6\xC3\xBC",
                                       "\xE6\x97\xA5\xE6\x9C\xAC",
                                       "\xF0\x9F\x92\xBF",
                                       "e\xCC\x81",
                                       "\xC3\xA9"};
    // Equal when they are cut to 8.3, mangled or folded.
    static const char* const kAlike[] = {"longname1.text",
                                         "longname2.text",
                                         "LONGNAME.TEX",
                                         "longname.tex",
                                         "long name.tex",
                                         "long_name.tex",
                                         "long+name.tex",
                                         "LONGN000.TEX",
                                         "a.b.c",
                                         "a_b.c",
                                         "A_B.C",
                                         "A.B",
                                         "a,b"};
    switch (Below(14)) {
      case 0:
      case 1:
        return OneOf(kOdd);
      case 2:  // long, alike up to the end
        return absl::StrCat(std::string(Below(230), 'n'), Below(4), ".dat");
      case 3:
        return absl::StrCat("measurement of the northern station ", Below(30), ".csv");
      case 4:
        return absl::StrCat(OneOf(kOdd), Below(5));
      case 5:
        return absl::StrCat(Below(2) == 0 ? "Case" : "cASE", Below(3));
      case 6:
      case 7:
        return OneOf(kAlike);
      case 8:
        return OfCharacters(1 + Below(12));
      case 9:
        return OfCharacters(1 + Below(kLongestName));
      case 10:
        return std::string(1 + Below(kLongestName), "xX._"[Below(4)]);
      default:
        return absl::StrCat(OneOf(kPlain), Below(4) == 0 ? "" : "-", Below(9));
    }
  }

  uint64_t Size() {
    static const uint64_t kSizes[] = {0,    0,    1,    10,   511,  2046,  2047,
                                      2048, 2049, 2050, 4096, 5000, 65536, 100001};
    return kSizes[Below(std::size(kSizes))];
  }

  std::string Target() {
    static const char* const kTargets[] = {"a",
                                           "../a",
                                           "/absolute/path",
                                           ".",
                                           "..",
                                           "../..",
                                           "./x/../y",
                                           "nowhere",
                                           "/",
                                           "//",
                                           "/.",
                                           "dir/with/some/depth",
                                           "trailing/",
                                           "two//slashes",
                                           "///three",
                                           "a/./b",
                                           "...",
                                           "..a",
                                           "-",
                                           " ",
                                           "\xC3\xA4/\xE6\x97\xA5",
                                           "\xFF\xFE",
                                           "a\nb",
                                           "\\"};
    std::string target;
    switch (Below(8)) {
      case 0:  // one long component
        return absl::StrCat(std::string(1 + Below(500), 't'), "/", "end");
      case 1:  // many short ones
        for (uint64_t i = 0, n = 1 + Below(250); i < n; ++i) {
          target += OneOf({"a/", "b/", "../", "./", "cc/", "d/"});
        }
        return target + "x";
      case 2:
        return OfCharacters(1 + Below(kLongestTarget - 8));
      case 3:
      case 4:  // something that is there
        if (!tree_.empty()) {
          const std::string& path = tree_[Below(tree_.size())].path;
          if (path.size() < 900) return absl::StrCat("/", path);
        }
        return "x";
      default:
        return OneOf(kTargets);
    }
  }

  void AddEntry() {
    // In deep trees mostly below the newest directory, in crowded ones mostly in one.
    const std::string parent = deep_ && Below(4) != 0 ? directories_.back()
                               : crowded_ && Below(8) != 0
                                   ? directories_[std::min<size_t>(1, directories_.size() - 1)]
                                   : directories_[Below(directories_.size())];
    RandomEntry entry;
    std::string name = Name();
    while (name.size() > kLongestName) name.resize(CutBefore(name));
    if (name == "." || name == "..") name += "x";
    entry.path = absl::StrCat(parent, parent.empty() ? "" : "/", name);
    if (entry.path.size() > (deep_ ? 2500u : 900u) || !paths_.insert(entry.path).second) return;
    entry.time = Time();
    entry.mode = static_cast<uint32_t>(0400 | Below(0400));
    if (Below(20) == 0) entry.mode |= OneBit();
    if (Below(4) == 0) entry.owner = static_cast<uint32_t>(Below(100000));
    if (Below(4) == 0) entry.group = static_cast<uint32_t>(Below(100000));
    switch (Below(10)) {
      case 0:
      case 1:
        entry.kind = Kind::kDirectory;
        entry.mode |= 0700;
        directories_.push_back(entry.path);
        break;
      case 2:
        entry.kind = Kind::kSymlink;
        entry.target = Target();
        named_.push_back(entry.path);
        break;
      case 3:
        if (named_.empty()) return;
        entry.kind = Kind::kHardLink;
        entry.target = named_[Below(named_.size())];
        break;
      case 4:
        if (linked_ && !named_.empty()) {  // many names for one file
          entry.kind = Kind::kHardLink;
          entry.target = named_[0];
          break;
        }
        entry.kind = OneSpecial();
        if (entry.kind == Kind::kCharacter || entry.kind == Kind::kBlock) {
          entry.major = 1 + static_cast<uint32_t>(Below(Below(2) == 0 ? 20 : 4095));
          entry.minor = static_cast<uint32_t>(Below(Below(2) == 0 ? 256 : 1 << 20));
        }
        named_.push_back(entry.path);
        break;
      default:
        entry.kind = Kind::kFile;
        entry.size = Size();
        entry.seed = Below(5);
        named_.push_back(entry.path);
    }
    tree_.push_back(entry);
  }

  template <typename T>
  T OneOf(std::initializer_list<T> choices) {
    return *(choices.begin() + Below(choices.size()));
  }

  Kind OneSpecial() { return OneOf({Kind::kFifo, Kind::kSocket, Kind::kCharacter, Kind::kBlock}); }
  uint32_t OneBit() { return OneOf({04000u, 02000u, 01000u}); }

  int64_t Time() {
    if (Below(40) == 0) return -2000000000 + static_cast<int64_t>(Below(2000000000));
    if (Below(40) == 0) return 2145916800 + static_cast<int64_t>(Below(3000000000));
    return 946684800 + static_cast<int64_t>(Below(1000000000));
  }

  // Where the last character of UTF-8 begins.
  static size_t CutBefore(absl::string_view name) {
    size_t at = name.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(name[at]) & 0xc0) == 0x80) --at;
    return at;
  }

  std::mt19937_64 random_;
  bool crowded_ = false, deep_ = false, linked_ = false;
  RandomTree tree_;
  std::set<std::string> paths_;
  std::vector<std::string> directories_ = {""};
  std::vector<std::string> named_;  // what hard links can be made of
};

// Of five seeds, one gives bytes with long runs of zeros and one few different bytes, which
// can be compressed; the others cannot.
std::string Bytes(uint64_t seed, uint64_t size) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<char>(random());
    if (seed == 3) {
      bytes[i] = (i / 4096) % 3 == 0 ? byte : '\0';
    } else {
      bytes[i] = seed == 4 ? static_cast<char>('a' + (byte & 1)) : byte;
    }
  }
  return bytes;
}

void SetTime(const std::string& path, int64_t seconds) {
  const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
  utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

// Whether the host made the node. A parent that is missing counts as made: the entry is left out.
bool Make(const RandomEntry& e, const std::string& dir, const std::string& path) {
  const char* name = path.c_str();
  const dev_t device = makedev(e.major, e.minor);
  switch (e.kind) {
    case Kind::kFile:
      std::ofstream(path, std::ios::binary) << Bytes(e.seed, e.size);
      return true;
    case Kind::kDirectory:
      return mkdir(name, 0700) == 0 || errno != EPERM;
    case Kind::kSymlink:
      return symlink(e.target.c_str(), name) == 0 || errno != EPERM;
    case Kind::kHardLink:
      return link(absl::StrCat(dir, "/", e.target).c_str(), name) == 0 || errno != EPERM;
    case Kind::kFifo:
      return mknod(name, S_IFIFO | 0600, 0) == 0 || errno != EPERM;
    case Kind::kSocket:
      return mknod(name, S_IFSOCK | 0600, 0) == 0 || errno != EPERM;
    case Kind::kCharacter:
      return mknod(name, S_IFCHR | 0600, device) == 0 || errno != EPERM;
    case Kind::kBlock:
      return mknod(name, S_IFBLK | 0600, device) == 0 || errno != EPERM;
  }
  return false;
}

}  // namespace

RandomTree MakeRandomTree(uint64_t seed) { return Maker(seed).Make(); }

int WriteTree(const RandomTree& tree, const std::string& dir) {
  int refused = 0;
  for (const RandomEntry& e : tree) {
    const std::string path = absl::StrCat(dir, "/", e.path);
    if (!Make(e, dir, path)) ++refused;
    if (e.kind == Kind::kHardLink) continue;
    // Before the mode: it takes set-id bits away.
    if (lchown(path.c_str(), e.owner, e.group) != 0) continue;
  }
  // Last, because adding to a directory changes its time.
  for (auto e = tree.rbegin(); e != tree.rend(); ++e) {
    if (e->kind == Kind::kHardLink) continue;
    const std::string path = absl::StrCat(dir, "/", e->path);
    if (e->kind != Kind::kSymlink) chmod(path.c_str(), e->mode);
    SetTime(path, e->time);
  }
  return refused;
}

std::string Describe(const RandomTree& tree) {
  static const char* const kKinds[] = {"file", "directory", "symlink",   "hard link",
                                       "FIFO", "socket",    "character", "block device"};
  std::string text;
  for (const RandomEntry& e : tree) {
    absl::StrAppend(&text, kKinds[static_cast<int>(e.kind)], " ", EscapeName(e.path));
    if (e.kind == Kind::kFile) absl::StrAppend(&text, " of ", e.size, " bytes");
    if (!e.target.empty()) absl::StrAppend(&text, " -> ", EscapeName(e.target));
    if (e.major != 0) absl::StrAppend(&text, " ", e.major, ":", e.minor);
    absl::StrAppendFormat(&text, ", mode %o, time %d\n", e.mode, e.time);
  }
  return text;
}

}  // namespace isomason
