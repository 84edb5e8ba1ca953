#include "tools/behavior/random_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "tools/oracle/listing.h"

namespace isomason {
namespace {

using Kind = RandomEntry::Kind;

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  RandomTree Make() {
    const uint64_t count = 1 + Below(60);
    for (uint64_t i = 0; i < count; ++i) AddEntry();
    return std::move(tree_);
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }

  std::string Name() {
    static const char* const kPlain[] = {"a",        "README", "file.txt",  "Makefile",
                                         "x.tar.gz", "data-1", "UPPER.TXT", "under_score",
                                         ".hidden",  "no ext"};
    static const char* const kOdd[] = {"two..dots",
                                       "trailing.",
                                       "semi;colon",
                                       "star*",
                                       "q?",
                                       "back\\slash",
                                       "col:on",
                                       "plus+minus-",
                                       "#hash",
                                       "~",
                                       "a\tb",
                                       "\xC3\xA4\xC3\xB6\xC3\xBC",
                                       "\xE6\x97\xA5\xE6\x9C\xAC",
                                       "\xF0\x9F\x92\xBF",
                                       "e\xCC\x81",
                                       "%41",
                                       "'quote'",
                                       "\"dq\""};
    switch (Below(10)) {
      case 0:
        return kOdd[Below(std::size(kOdd))];
      case 1:  // long, alike up to the end
        return absl::StrCat(std::string(Below(230), 'n'), Below(4), ".dat");
      case 2:
        return absl::StrCat("measurement of the northern station ", Below(30), ".csv");
      case 3:
        return absl::StrCat(kOdd[Below(std::size(kOdd))], Below(5));
      case 4:
        return absl::StrCat(Below(2) == 0 ? "Case" : "cASE", Below(3));
      default:
        return absl::StrCat(kPlain[Below(std::size(kPlain))], Below(4) == 0 ? "" : "-", Below(9));
    }
  }

  uint64_t Size() {
    static const uint64_t kSizes[] = {0,    0,    1,    10,   511,   2047,
                                      2048, 2049, 4096, 5000, 65536, 100001};
    return kSizes[Below(std::size(kSizes))];
  }

  std::string Target() {
    static const char* const kTargets[] = {"a",       "../a", "/absolute/path",
                                           ".",       "..",   "./x/../y",
                                           "nowhere", "/",    "dir/with/some/depth"};
    if (Below(6) == 0) return absl::StrCat(std::string(1 + Below(240), 't'), "/", "end");
    return kTargets[Below(std::size(kTargets))];
  }

  void AddEntry() {
    const std::string parent = directories_[Below(directories_.size())];
    RandomEntry entry;
    entry.path = absl::StrCat(parent, parent.empty() ? "" : "/", Name());
    if (entry.path.size() > 900 || !paths_.insert(entry.path).second) return;
    entry.time = 946684800 + static_cast<int64_t>(Below(1000000000));
    switch (Below(8)) {
      case 0:
      case 1:
        entry.kind = Kind::kDirectory;
        entry.mode = static_cast<uint32_t>(0700 | Below(0100));
        directories_.push_back(entry.path);
        break;
      case 2:
        entry.kind = Kind::kSymlink;
        entry.target = Target();
        break;
      case 3:
        if (files_.empty()) return;
        entry.kind = Kind::kHardLink;
        entry.target = files_[Below(files_.size())];
        break;
      default:
        entry.kind = Kind::kFile;
        entry.size = Size();
        entry.seed = Below(5);
        entry.mode = static_cast<uint32_t>(0400 | Below(0400));
        if (Below(20) == 0) entry.mode |= 04000;
        files_.push_back(entry.path);
    }
    tree_.push_back(entry);
  }

  std::mt19937_64 random_;
  RandomTree tree_;
  std::set<std::string> paths_;
  std::vector<std::string> directories_ = {""};
  std::vector<std::string> files_;
};

std::string Bytes(uint64_t seed, uint64_t size) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (char& b : bytes) b = static_cast<char>(random());
  return bytes;
}

void SetTime(const std::string& path, int64_t seconds) {
  const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
  utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

}  // namespace

RandomTree MakeRandomTree(uint64_t seed) { return Maker(seed).Make(); }

void WriteTree(const RandomTree& tree, const std::string& dir) {
  for (const RandomEntry& e : tree) {
    const std::string path = absl::StrCat(dir, "/", e.path);
    switch (e.kind) {
      case Kind::kFile:
        std::ofstream(path, std::ios::binary) << Bytes(e.seed, e.size);
        chmod(path.c_str(), e.mode);
        break;
      case Kind::kDirectory:
        if (mkdir(path.c_str(), 0700) == 0) chmod(path.c_str(), e.mode);
        break;
      case Kind::kSymlink:
        if (symlink(e.target.c_str(), path.c_str()) != 0) continue;
        break;
      case Kind::kHardLink:
        if (link(absl::StrCat(dir, "/", e.target).c_str(), path.c_str()) != 0) continue;
        break;
    }
  }
  // Last, because adding to a directory changes its time.
  for (auto e = tree.rbegin(); e != tree.rend(); ++e) {
    if (e->kind != Kind::kHardLink) SetTime(absl::StrCat(dir, "/", e->path), e->time);
  }
}

RandomTree Shrink(RandomTree tree, const std::function<bool(const RandomTree&)>& fails) {
  for (size_t step = std::max<size_t>(tree.size() / 2, 1); step > 0; step /= 2) {
    for (size_t at = 0; at < tree.size();) {
      RandomTree smaller = tree;
      const size_t end = std::min(at + step, smaller.size());
      smaller.erase(smaller.begin() + static_cast<ptrdiff_t>(at),
                    smaller.begin() + static_cast<ptrdiff_t>(end));
      if (fails(smaller)) {
        tree = std::move(smaller);
      } else {
        at += step;
      }
    }
  }
  return tree;
}

std::string Describe(const RandomTree& tree) {
  static const char* const kKinds[] = {"file", "directory", "symlink", "hard link"};
  std::string text;
  for (const RandomEntry& e : tree) {
    absl::StrAppend(&text, kKinds[static_cast<int>(e.kind)], " ", EscapeName(e.path));
    if (e.kind == Kind::kFile) absl::StrAppend(&text, " of ", e.size, " bytes");
    if (!e.target.empty()) absl::StrAppend(&text, " -> ", EscapeName(e.target));
    text += "\n";
  }
  return text;
}

}  // namespace isomason
