#include "authoring/tree/follow.h"

#include <algorithm>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace isomason {
namespace {

constexpr int kMostLinks = 40;

// Follows `path` from the directory `at`, and symlinks on the way.
NodeId Walk(const Tree& tree, NodeId at, absl::string_view path, int* links_left) {
  if (absl::StartsWith(path, "/")) at = tree.root();
  for (absl::string_view component : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    if (!tree.is_directory(at)) return kNoNode;
    if (component == ".") continue;
    if (component == "..") {
      if (at == tree.root()) return kNoNode;
      at = tree.parent(at);
      continue;
    }
    const NodeId child = tree.Child(at, component);
    if (child == kNoNode) return kNoNode;
    const Inode& inode = tree.inode(child);
    if (inode.type == NodeType::kSymlink) {
      if (--*links_left < 0) return kNoNode;
      at = Walk(tree, at, tree.target(inode), links_left);
      if (at == kNoNode) return kNoNode;
    } else {
      at = child;
    }
  }
  return at;
}

// Visits every directory as it would be shown, once, and sorts the links to
// directories into those that can be followed and those that would close a circle.
class CircleFinder {
 public:
  CircleFinder(const Tree& tree, FollowedLinks& links) : tree_(tree), links_(links) {
    targets_.insert(links.to_directories.begin(), links.to_directories.end());
  }

  void Run() {
    if (targets_.empty()) return;
    visited_.resize(tree_.node_count());
    links_.to_directories.clear();
    Enter(tree_.root());
    while (!stack_.empty()) {
      Step& top = stack_.back();
      if (top.next == top.end) {
        stack_.pop_back();
        continue;
      }
      const NodeId child = top.next++;
      if (tree_.is_directory(child)) {
        Enter(child);
        continue;
      }
      const auto it = targets_.find(child);
      if (it == targets_.end()) continue;
      if (HoldsSomethingEntered(it->second)) {
        links_.circular.push_back(*it);
      } else {
        links_.to_directories.push_back(*it);
        Enter(it->second);
      }
    }
    std::sort(links_.to_directories.begin(), links_.to_directories.end());
    std::sort(links_.circular.begin(), links_.circular.end());
  }

 private:
  struct Step {
    NodeId directory;
    NodeId next, end;  // children
  };

  void Enter(NodeId directory) {
    if (visited_[directory]) return;
    visited_[directory] = true;
    const NodeRange children = tree_.children(directory);
    const NodeId first = *children.begin();
    stack_.push_back({directory, first, first + children.size()});
  }

  // Whether the directory is, or is above, one that is being visited. To show it
  // inside of that one would never end.
  bool HoldsSomethingEntered(NodeId directory) const {
    return std::any_of(stack_.begin(), stack_.end(), [&](const Step& step) {
      NodeId n = step.directory;
      while (n > directory) n = tree_.parent(n);  // a parent has a lower number
      return n == directory;
    });
  }

  const Tree& tree_;
  FollowedLinks& links_;
  absl::flat_hash_map<NodeId, NodeId> targets_;
  std::vector<bool> visited_;
  std::vector<Step> stack_;
};

}  // namespace

NodeId ResolveLink(const Tree& tree, NodeId link) {
  int links_left = kMostLinks;
  const absl::string_view target = tree.target(tree.inode(link));
  return target.empty() ? kNoNode : Walk(tree, tree.parent(link), target, &links_left);
}

FollowedLinks FollowLinks(const Tree& tree) {
  FollowedLinks links;
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    if (tree.inode(n).type != NodeType::kSymlink) continue;
    const NodeId target = ResolveLink(tree, n);
    if (target == kNoNode) {
      links.dangling.push_back(n);
    } else if (tree.is_directory(target)) {
      links.to_directories.emplace_back(n, target);
    } else {
      links.to_files.emplace_back(n, target);
    }
  }
  CircleFinder(tree, links).Run();
  return links;
}

}  // namespace isomason
