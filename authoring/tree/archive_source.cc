#include "authoring/tree/archive_source.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/glob.h"
#include "layout/status.h"

namespace isomason {
namespace {

constexpr absl::string_view kExclude = "leave it out with `exclude`, or make the archive anew";

// A member's path without needless parts; false when it leads out of the tree.
bool CleanPath(absl::string_view raw, std::string* clean, std::string* problem) {
  clean->clear();
  if (absl::StartsWith(raw, "/")) {
    *problem = "is absolute";
    return false;
  }
  for (const absl::string_view name : absl::StrSplit(raw, '/')) {
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      *problem = "has a component \"..\"";
      return false;
    }
    absl::StrAppend(clean, clean->empty() ? "" : "/", name);
  }
  if (!clean->empty() || absl::StartsWith(raw, ".")) return true;
  *problem = "is empty";
  return false;
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// The globs of one list; a directory that one matches stands for all that it holds.
class Globs {
 public:
  explicit Globs(const google::protobuf::RepeatedPtrField<std::string>& patterns) {
    for (const std::string& pattern : patterns) {
      absl::StatusOr<Glob> glob = Glob::Compile(pattern);
      if (glob.ok()) globs_.push_back(*std::move(glob));
    }
  }
  bool empty() const { return globs_.empty(); }
  bool Match(std::string path) const {
    for (; !globs_.empty(); path = ParentOf(path)) {
      for (const Glob& glob : globs_) {
        if (glob.Matches(path)) return true;
      }
      if (path.empty()) break;
    }
    return false;
  }

 private:
  std::vector<Glob> globs_;
};

// Takes the first components away; false when nothing is left.
bool Strip(uint32_t components, std::string* path) {
  for (; components > 0; --components) {
    const size_t slash = path->find('/');
    if (slash == std::string::npos) return false;
    path->erase(0, slash + 1);
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ArchiveSource>> ArchiveSource::Open(SourceFile file, Spool* spool) {
  const uint64_t size = file.size;
  ASSIGN_OR_RETURN(OpenedFile opened, OpenedFile::Open(std::move(file)));
  std::unique_ptr<ArchiveSource> source(new ArchiveSource(std::move(opened)));
  ASSIGN_OR_RETURN(source->archive_, Archive::Open(source->file_, size, spool));
  source->FindPaths();
  return source;
}

void ArchiveSource::FindPaths() {
  const std::vector<ArchiveMember>& members = archive_->members();
  for (size_t m = 0; m < members.size(); ++m) {
    const ArchiveMember& member = members[m];
    std::string path;
    std::string problem;
    if (!CleanPath(member.path, &path, &problem)) {
      bad_.push_back({member.path, problem, std::string(kExclude)});
      continue;
    }
    if (!member.hard_link) {
      paths_[path] = {m, m};
      continue;
    }
    std::string target;
    const auto there =
        CleanPath(member.target, &target, &problem) ? paths_.find(target) : paths_.end();
    if (there == paths_.end() || S_ISDIR(members[there->second.inode].mode)) {
      bad_.push_back({member.path,
                      absl::StrCat("is a hard link to ", Quote(member.target),
                                   ", which is no file in the archive before it"),
                      std::string(kExclude)});
      continue;
    }
    const ArchiveInode inode = there->second.inode;
    if (member.size > 0) data_[inode] = m;
    paths_[path] = {inode, m};
  }
}

ArchiveTree ArchiveSource::Select(const manifest::Archive& spec) const {
  const Globs include(spec.include());
  const Globs exclude(spec.exclude());
  const auto passes = [&](const std::string& path) {
    return (include.empty() || path.empty() || include.Match(path)) && !exclude.Match(path);
  };
  ArchiveTree tree;
  for (const Bad& bad : bad_) {
    if (!passes(std::string(absl::StripPrefix(bad.path, "/")))) continue;
    tree.problems.emplace_back(
        absl::StrCat("has the member ", Quote(bad.path), ", which ", bad.problem), bad.remedy);
  }

  // Without their first components several members may have one path: the last one counts.
  std::map<std::string, Place> last;
  for (const auto& [path, place] : paths_) {
    std::string stripped = path;
    if (!passes(path) || !Strip(spec.strip_components(), &stripped)) continue;
    Place& now = last.try_emplace(stripped, place).first->second;
    if (now.member < place.member) now = place;
  }
  for (const auto& [path, place] : last) {
    // Directories come first, so what holds this is known.
    const std::string parent = ParentOf(path);
    if (!path.empty() && !parent.empty()) {
      std::string above;
      bool refused = false;
      for (const absl::string_view name : absl::StrSplit(parent, '/')) {
        absl::StrAppend(&above, above.empty() ? "" : "/", name);
        ArchiveInode inode = kNoArchiveInode;
        if (spec.strip_components() == 0) {  // a directory that no glob names keeps its attributes
          const auto named = paths_.find(above);
          if (named != paths_.end()) inode = named->second.inode;
        }
        const auto [it, inserted] = tree.entries.try_emplace(above, inode);
        if (it->second == kNoArchiveInode || S_ISDIR(member(it->second).mode)) continue;
        tree.problems.emplace_back(
            absl::StrCat("has the member ", Quote(path), " below ", Quote(above),
                         ", which is no directory in it"),
            "leave one of the two out with `exclude`, or make the archive anew");
        if (inserted) tree.entries.erase(it);
        refused = true;
        break;
      }
      if (refused) continue;
    }
    tree.entries[path] = place.inode;
  }
  return tree;
}

ArchiveInode ArchiveSource::Find(absl::string_view path) const {
  std::string clean;
  std::string problem;
  if (!CleanPath(path, &clean, &problem)) return kNoArchiveInode;
  const auto it = paths_.find(clean);
  return it == paths_.end() ? kNoArchiveInode : it->second.inode;
}

std::vector<std::string> ArchiveSource::Paths() const {
  std::vector<std::string> paths;
  paths.reserve(paths_.size());
  for (const auto& [path, place] : paths_) paths.push_back(path);
  return paths;
}

size_t ArchiveSource::DataOf(ArchiveInode i) const {
  const auto it = data_.find(i);
  return it == data_.end() ? i : it->second;
}

absl::StatusOr<std::vector<ArchiveRun>> ArchiveSource::Runs(ArchiveInode i) {
  ASSIGN_OR_RETURN(std::vector<ArchiveRun> runs, archive_->Runs(DataOf(i)));
  RETURN_IF_ERROR(file_.CheckUnchanged());
  return runs;
}

}  // namespace isomason
