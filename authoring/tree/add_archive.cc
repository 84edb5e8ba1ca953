#include "authoring/tree/add_archive.h"

#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "authoring/manifest/check_paths.h"
#include "authoring/tree/archive_source.h"

namespace isomason {
namespace {

using Draft = TreeDraft::Draft;

class ArchiveAdder {
 public:
  ArchiveAdder(uint32_t i, const manifest::Entry& entry, FileContents& files, TreeDraft& draft)
      : i_(i),
        entry_(entry),
        files_(files),
        draft_(draft),
        message_(EntryField(i, "archive")),
        field_(EntryField(i, "archive.source")) {}

  void Add() {
    source_ = files_.OpenArchive(message_, entry_.archive().source());
    if (source_ == nullptr) {
      draft_.Lose(entry_.path());
      return;
    }
    const std::string prefix = entry_.path() == "/" ? "" : entry_.path();
    const ArchiveTree found = source_->Select(entry_.archive());
    ReportBadMembers(found);
    AddRoot(found, prefix);
    absl::flat_hash_set<std::string> normal;
    for (const auto& [path, inode] : found.entries) {
      if (path.empty()) continue;
      std::string full = absl::StrCat(prefix, "/", path);
      if (!draft_.NormalizeFound(field_, normal, full)) continue;
      if (const std::string problem = ImagePathProblem(full, nullptr); !problem.empty()) {
        draft_.Problem(field_,
                       absl::StrCat(HostPath(), " has the member ", Quote(path), ": ", problem),
                       "leave it out with `exclude`, or make the archive anew");
        draft_.Lose(full);
        continue;
      }
      AddMember(inode, full);
    }
  }

 private:
  std::string HostPath() const { return Quote(files_.SourcePath(entry_.archive().source())); }

  void ReportBadMembers(const ArchiveTree& found) {
    constexpr size_t kMostAlike = 10;
    const size_t count = found.problems.size();
    for (size_t p = 0; p < count && p < kMostAlike; ++p) {
      const auto& [problem, remedy] = found.problems[p];
      const size_t more = p + 1 == kMostAlike ? count - kMostAlike : 0;
      draft_.Problem(field_,
                     absl::StrCat(HostPath(), " ", problem,
                                  more > 0 ? absl::StrCat("; and ", more, " more") : ""),
                     remedy);
    }
    if (count > 0) draft_.Lose(entry_.path());
  }

  // The directory that the members stand in, with the attributes that the archive has for
  // it.
  void AddRoot(const ArchiveTree& found, const std::string& prefix) {
    const auto root = found.entries.find("");
    Inode inode;
    if (!MakeInode(root == found.entries.end() ? kNoArchiveInode : root->second, prefix, &inode)) {
      draft_.Lose(entry_.path());
      return;
    }
    draft_.PutAt(prefix, inode, i_, EntryField(i_, "path"));
  }

  // What stands at a path of the image: a member, or a directory that the archive does not
  // name. False when there are diagnostics instead, or a failure.
  bool MakeInode(ArchiveInode number, const std::string& path, Inode* inode) {
    inode->type = NodeType::kDirectory;
    std::optional<struct stat> status;
    if (number != kNoArchiveInode) {
      const ArchiveMember& member = source_->member(number);
      status = member.Stat();
      inode->type = NodeTypeOf(member.mode);
      inode->device_major = member.device_major;
      inode->device_minor = member.device_minor;
      if (inode->type == NodeType::kSymlink) {
        inode->target = draft_.AddFoundTarget(path, member.target);
      }
      if (inode->type == NodeType::kFile &&
          !files_.MakeMember(message_, entry_.archive().source(), number, &inode->content)) {
        return false;
      }
    }
    draft_.policy().Apply(absl::StripPrefix(path, "/"), entry_.attributes(),
                          status ? &*status : nullptr, *inode);
    return true;
  }

  void AddMember(ArchiveInode number, const std::string& path) {
    Inode inode;
    const auto parent =
        MakeInode(number, path, &inode) ? draft_.MakeParents(path, i_, field_) : std::nullopt;
    if (!parent) {
      draft_.Lose(path);
      return;
    }
    const auto& [directory, name] = *parent;
    if (inode.type != NodeType::kDirectory) {
      const auto first = nodes_.find(number);
      if (first != nodes_.end()) {
        draft_.PutLink(directory, name, path, first->second, i_, field_);
        return;
      }
    }
    const auto node = draft_.Put(directory, name, path, inode, i_, field_);
    if (!node) {
      draft_.Lose(path);
    } else if (number != kNoArchiveInode) {
      nodes_[number] = *node;
    }
  }

  const uint32_t i_;
  const manifest::Entry& entry_;
  FileContents& files_;
  TreeDraft& draft_;
  const std::string message_, field_;  // "entry[4].archive", "entry[4].archive.source"
  ArchiveSource* source_ = nullptr;
  absl::flat_hash_map<ArchiveInode, Draft> nodes_;  // those put there, the root apart
};

}  // namespace

void AddArchive(uint32_t i, const manifest::Entry& entry, FileContents* files, TreeDraft* draft) {
  ArchiveAdder(i, entry, *files, *draft).Add();
}

}  // namespace isomason
