#include "authoring/tree/add_tree.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "authoring/tree/source_tree.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

using Draft = TreeDraft::Draft;

class SourceTreeAdder {
 public:
  SourceTreeAdder(uint32_t i, const manifest::Entry& entry, FileContents& files,
                  ContentTable& contents, TreeDraft& draft)
      : i_(i),
        entry_(entry),
        files_(files),
        contents_(contents),
        draft_(draft),
        field_(EntryField(i, "tree.source")),
        prefix_(entry.path() == "/" ? "" : entry.path()) {}

  void Add(int jobs) {
    SourceTree source(entry_.tree(), files_.SourcePath(entry_.tree().source()), jobs);
    const absl::Status status = source.Walk([this](const SourceEntry& found) {
      if (found.path.empty()) {
        AddRoot(found);
      } else {
        AddFound(found);
      }
      return absl::OkStatus();
    });
    if (status.ok()) return;
    draft_.Lose(entry_.path());
    if (found_root_ && (absl::IsNotFound(status) || absl::IsInvalidArgument(status))) {
      draft_.Problem(field_, status.message(),
                     "leave it out with `exclude`, or say with `symlinks` what symlinks become");
    } else if (absl::IsInvalidArgument(status)) {
      draft_.Problem(field_, status.message(), "use `file { source: ... }` for a file");
    } else {
      files_.SourceProblem(field_, status);
    }
  }

 private:
  void AddRoot(const SourceEntry& found) {
    found_root_ = true;
    Inode inode;
    inode.type = NodeType::kDirectory;
    draft_.policy().Apply(absl::StripPrefix(prefix_, "/"), entry_.attributes(), &found.status,
                          inode);
    const auto root = draft_.PutAt(prefix_, inode, i_, EntryField(i_, "path"));
    if (root) directories_ = {*root};
  }

  void AddFound(const SourceEntry& found) {
    // Nothing to put it in: the reason has been said.
    const size_t depth = static_cast<size_t>(std::count(found.path.begin(), found.path.end(), '/'));
    if (directories_.size() <= depth) return;
    directories_.resize(depth + 1);

    std::string path = absl::StrCat(prefix_, "/", found.path);
    if (FindNotUtf8(found.name) != absl::string_view::npos) {
      draft_.Problem(
          field_,
          absl::StrCat("the name of ", Quote(absl::StrCat(found.directory, "/", found.name)),
                       " is not UTF-8"),
          "rename the file, or leave it out with `exclude`");
      return;
    }
    if (!draft_.NormalizeFound(field_, normal_, path)) return;
    const std::string name = path.substr(path.rfind('/') + 1);
    const Draft parent = directories_.back();
    const bool linked = found.status.st_nlink > 1 && !S_ISDIR(found.status.st_mode) &&
                        entry_.tree().hard_links() != manifest::SPLIT_HARD_LINKS;
    if (linked) {
      const auto first = linked_.find({found.status.st_dev, found.status.st_ino});
      if (first != linked_.end()) {
        draft_.PutLink(parent, name, path, first->second, i_, field_);
        return;
      }
    }
    const auto node = draft_.Put(parent, name, path, FoundInode(found, path), i_, field_);
    if (!node) {
      draft_.Lose(path);
      return;
    }
    if (linked) linked_[{found.status.st_dev, found.status.st_ino}] = *node;
    if (S_ISDIR(found.status.st_mode)) directories_.push_back(*node);
  }

  Inode FoundInode(const SourceEntry& found, absl::string_view path) {
    Inode inode;
    inode.type = NodeTypeOf(found.status.st_mode);
    if (inode.type == NodeType::kFile && found.status.st_size > 0) {
      inode.content = contents_.AddFile(contents_.AddDirectory(std::string(found.directory)),
                                        found.name, found.status);
    } else if (inode.type == NodeType::kSymlink) {
      inode.target = draft_.AddFoundTarget(path, found.target);
    } else if (inode.type == NodeType::kBlockDevice || inode.type == NodeType::kCharacterDevice) {
      std::tie(inode.device_major, inode.device_minor) = DeviceNumberOf(found.status);
    }
    draft_.policy().Apply(absl::StripPrefix(path, "/"), entry_.attributes(), &found.status, inode);
    return inode;
  }

  const uint32_t i_;
  const manifest::Entry& entry_;
  FileContents& files_;
  ContentTable& contents_;
  TreeDraft& draft_;
  const std::string field_;
  const std::string prefix_;                         // the entry's path, "" for the root
  bool found_root_ = false;                          // the source is a directory
  std::vector<Draft> directories_;                   // from the tree's root to the last one found
  std::map<std::pair<dev_t, ino_t>, Draft> linked_;  // files with several names
  absl::flat_hash_set<std::string> normal_;          // paths, when there is a normal form
};

}  // namespace

void AddSourceTree(uint32_t i, const manifest::Entry& entry, int jobs, FileContents* files,
                   ContentTable* contents, TreeDraft* draft) {
  SourceTreeAdder(i, entry, *files, *contents, *draft).Add(jobs);
}

}  // namespace isomason
