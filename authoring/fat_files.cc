#include "authoring/fat_files.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/options.h"
#include "authoring/path_rules.h"
#include "authoring/tree/follow.h"

namespace isomason {
namespace {

// Chooses the names of one partition.
class Selector {
 public:
  Selector(const manifest::Boot& boot, int partition, Resolved& resolved, Remarks* remarks,
           Problems* problems)
      : fat_(boot.partition(partition).fat()),
        field_(absl::StrCat("boot.partition[", partition, "].fat")),
        partition_(absl::StrCat("partition ", NumberOf(boot, partition))),
        tree_(resolved.tree),
        names_(resolved.partitions[static_cast<size_t>(partition)].names),
        remarks_(*remarks),
        problems_(*problems) {
    for (const PartitionSource& other : resolved.partitions) {
      if (other.is_fat && other.node != kNoNode) volumes_.insert(other.node);
    }
  }

  void Run() {
    const size_t before = problems_.size();
    if (fat_.files_size() == 0) {
      manifest::FatFiles all;
      all.set_path(std::string(kEfiDirectory));
      Select(all, field_);
    }
    for (int k = 0; k < fat_.files_size(); ++k) {
      Select(fat_.files(k), absl::StrCat(field_, ".files[", k, "]"));
    }
    if (!has_files_ && problems_.size() == before) {
      Refuse(field_, "no file would stand in it",
             "name files of the image as `files`, or leave the partition out");
    }
  }

 private:
  void Select(const manifest::FatFiles& said, const std::string& field) {
    const NodeId top = tree_.Find(said.path());
    const std::string to = said.to().empty() ? said.path() : said.to();
    if (top == kNoNode) {
      Refuse(fat_.files_size() == 0 ? field : field + ".path",
             absl::StrCat(Quote(said.path()), " is not in the image"),
             "add entries for it, or say with `files` what stands in the partition");
      return;
    }
    match_ = PathRules();
    exclude_ = PathRules();
    for (const std::string& pattern : said.match()) match_.Add(pattern);
    for (const std::string& pattern : said.exclude()) exclude_.Add(pattern);
    waiting_.clear();
    Visit(top, to == "/" ? "" : to, false);
    RefuseIdle(match_, said.match(), field + ".match");
    RefuseIdle(exclude_, said.exclude(), field + ".exclude");
  }

  void RefuseIdle(const PathRules& rules,
                  const google::protobuf::RepeatedPtrField<std::string>& patterns,
                  const std::string& field) {
    for (const std::string& idle : rules.Idle()) {
      const auto at = std::find(patterns.begin(), patterns.end(), idle) - patterns.begin();
      Refuse(absl::StrCat(field, "[", at, "]"),
             absl::StrCat(Quote(idle), " matches nothing that might stand in the partition"),
             "correct the pattern, or remove it");
    }
  }

  // `out`: a directory above is left out, and only what `exclude` matches is of interest.
  void Visit(NodeId n, const std::string& path, bool out) {
    const std::string in_image = tree_.Path(n).substr(1);
    out = (!exclude_.empty() && !exclude_.Match(in_image).empty()) || out;
    const Inode& inode = tree_.inode(n);
    if (inode.type == NodeType::kDirectory) {
      VisitDirectory(n, path, out);
      return;
    }
    if (out || (!match_.empty() && match_.Match(in_image).empty())) return;
    switch (inode.type) {
      case NodeType::kFile:
        AddFile(n, path);
        return;
      case NodeType::kSymlink:
        VisitSymlink(n, path);
        return;
      default:
        if (fat_.special() == manifest::OMIT) {
          Note(Remark::Kind::kOmitted, n, DescribeType(inode.type));
        } else {
          Refuse(n, absl::StrCat("is ", DescribeType(inode.type), ", which FAT cannot hold"),
                 absl::StrCat("leave it out of ", partition_, " with `fat.files.exclude`, or set ",
                              "`fat.special: OMIT`"));
        }
    }
  }

  // With `match`, a directory is there when something in it is.
  void VisitDirectory(NodeId n, const std::string& path, bool out) {
    if (!path.empty() && !out) {
      waiting_.push_back({n, path});
      if (match_.empty()) AddDirectories();
    }
    const size_t above = waiting_.size();
    for (const NodeId child : tree_.children(n)) {
      Visit(child, absl::StrCat(path, "/", tree_.name(child)), out);
    }
    if (!waiting_.empty() && waiting_.size() == above && waiting_.back().node == n) {
      waiting_.pop_back();
    }
  }

  void AddDirectories() {
    for (FatName& name : waiting_) Add(std::move(name));
    waiting_.clear();
  }

  void AddFile(NodeId n, const std::string& path) {
    if (volumes_.contains(n)) {
      Refuse(n, "is a whole FAT partition, which can be in none",
             absl::StrCat("leave it out of ", partition_, " with `fat.files.exclude`, or give it ",
                          "another path with `boot.partition.image`"));
      return;
    }
    AddDirectories();
    Add({n, path});
    has_files_ = true;
  }

  void Add(FatName name) {
    const auto [it, added] = known_.try_emplace(name.path, name.node);
    if (added) {
      names_.push_back(std::move(name));
      return;
    }
    const NodeId other = it->second;
    if (other == name.node || (tree_.is_directory(other) && tree_.is_directory(name.node))) return;
    Refuse(name.node,
           absl::StrCat("would stand in ", partition_, " as ", Quote(name.path), ", as ",
                        Quote(tree_.Path(other)), " does"),
           "give one of the two another path with `to`");
  }

  void VisitSymlink(NodeId n, const std::string& path) {
    switch (fat_.symlinks()) {
      case manifest::OMIT:
        Note(Remark::Kind::kOmitted, n, "a symlink");
        return;
      case manifest::FOLLOW:
        Follow(n, path);
        return;
      default:
        Refuse(n, "is a symlink, which FAT cannot hold",
               absl::StrCat("leave it out of ", partition_, " with `fat.files.exclude`, or set ",
                            "`fat.symlinks: OMIT` or FOLLOW"));
    }
  }

  void Follow(NodeId n, const std::string& path) {
    if (!links_) {
      links_.emplace();
      const FollowedLinks found = FollowLinks(tree_);
      for (const auto& [link, target] : found.to_files) links_->emplace(link, target);
      for (const auto& [link, target] : found.to_directories) links_->emplace(link, target);
    }
    const auto it = links_->find(n);
    if (it == links_->end()) {
      Refuse(n, "is a symlink that leads to no file or directory which could stand in its place",
             absl::StrCat("leave it out of ", partition_, " with `fat.files.exclude`, or set ",
                          "`fat.symlinks: OMIT`"));
      return;
    }
    Note(Remark::Kind::kFollowed, n, tree_.Path(it->second));
    // What the globs say about the link goes for what stands there.
    const PathRules match = std::exchange(match_, PathRules());
    Visit(it->second, path, false);
    match_ = match;
  }

  void Note(Remark::Kind kind, NodeId n, absl::string_view detail) {
    remarks_.push_back({kind, partition_, tree_.Path(n), std::string(detail)});
  }
  void Refuse(NodeId n, std::string message, std::string remedy) {
    problems_.push_back({.node = n,
                         .where = partition_,
                         .message = std::move(message),
                         .remedy = std::move(remedy)});
  }
  void Refuse(std::string field, std::string message, std::string remedy) {
    problems_.push_back({.field = std::move(field),
                         .where = partition_,
                         .message = std::move(message),
                         .remedy = std::move(remedy)});
  }

  const manifest::Fat& fat_;
  const std::string field_;
  const std::string partition_;  // "partition 2"
  const Tree& tree_;
  std::vector<FatName>& names_;
  Remarks& remarks_;
  Problems& problems_;
  absl::flat_hash_set<NodeId> volumes_;  // files that are FAT partitions
  absl::flat_hash_map<std::string, NodeId> known_;
  std::optional<absl::flat_hash_map<NodeId, NodeId>> links_;
  PathRules match_, exclude_;
  std::vector<FatName> waiting_;  // directories that are there if something in them is
  bool has_files_ = false;
};

}  // namespace

void SelectFatFiles(const manifest::Manifest& manifest, Resolved& resolved, Remarks* remarks,
                    Problems* problems) {
  for (int i = 0; i < manifest.boot().partition_size(); ++i) {
    if (!manifest.boot().partition(i).has_fat()) continue;
    Selector(manifest.boot(), i, resolved, remarks, problems).Run();
  }
}

std::vector<bool> InFatPartitions(const Resolved& resolved) {
  const Tree& tree = resolved.tree;
  std::vector<bool> named(tree.node_count());
  for (const PartitionSource& partition : resolved.partitions) {
    for (const FatName& name : partition.names) {
      for (NodeId n = name.node; !named[n]; n = tree.parent(n)) named[n] = true;
    }
  }
  // Whether there is data below that stands in none.
  std::vector<bool> other(tree.node_count());
  for (NodeId n = tree.node_count(); n-- > 0;) {
    if (tree.inode(n).content != kNoContent && !named[n]) other[n] = true;
    if (other[n]) other[tree.parent(n)] = true;
  }
  for (NodeId n = 0; n < tree.node_count(); ++n) named[n] = named[n] && !other[n];
  return named;
}

}  // namespace isomason
