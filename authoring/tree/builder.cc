#include "authoring/tree/builder.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"

namespace isomason {
namespace {

uint64_t Key(TreeBuilder::Draft directory, absl::string_view name) {
  return absl::HashOf(directory, name);
}

// Puts each element at its new number, in place; those without one go, and `count` are left.
std::vector<Inode> Renumber(std::vector<Inode> inodes, std::vector<InodeId>& numbers,
                            size_t count) {
  auto unused = static_cast<InodeId>(count);
  for (InodeId& number : numbers) {
    if (number == kNoNode) number = unused++;
  }
  for (InodeId i = 0; i < inodes.size(); ++i) {
    while (numbers[i] != i) {
      const InodeId to = numbers[i];
      std::swap(inodes[i], inodes[to]);
      std::swap(numbers[i], numbers[to]);
    }
  }
  inodes.resize(count);
  return inodes;
}

}  // namespace

TreeBuilder::TreeBuilder() {
  Inode root;
  root.type = NodeType::kDirectory;
  inodes_.push_back(root);
  drafts_.push_back({0, kRoot, 0, 0, 0, false});
  next_same_hash_.push_back(kNone);
}

TreeBuilder::Draft TreeBuilder::Find(Draft directory, absl::string_view wanted) const {
  const auto it = index_.find(Key(directory, wanted));
  if (it == index_.end()) return kNone;
  for (Draft d = it->second; d != kNone; d = next_same_hash_[d]) {
    if (!drafts_[d].removed && drafts_[d].parent == directory && name(d) == wanted) return d;
  }
  return kNone;
}

TreeBuilder::Draft TreeBuilder::Append(Draft directory, absl::string_view name, InodeId inode,
                                       uint32_t origin) {
  const auto d = static_cast<Draft>(drafts_.size());
  drafts_.push_back(
      {names_.size(), directory, inode, origin, static_cast<uint16_t>(name.size()), false});
  names_.append(name.data(), name.size());
  const auto [it, inserted] = index_.try_emplace(Key(directory, name), d);
  next_same_hash_.push_back(inserted ? kNone : std::exchange(it->second, d));
  return d;
}

TreeBuilder::Draft TreeBuilder::Add(Draft directory, absl::string_view name, const Inode& inode,
                                    uint32_t origin) {
  inodes_.push_back(inode);
  return Append(directory, name, static_cast<InodeId>(inodes_.size() - 1), origin);
}

TreeBuilder::Draft TreeBuilder::AddLink(Draft directory, absl::string_view name, Draft other,
                                        uint32_t origin) {
  return Append(directory, name, drafts_[other].inode, origin);
}

void TreeBuilder::Remove(Draft draft) { drafts_[draft].removed = true; }

std::string TreeBuilder::Path(Draft d) const {
  if (d == kRoot) return "/";
  std::string path;
  for (; d != kRoot; d = drafts_[d].parent) path = absl::StrCat("/", name(d), path);
  return path;
}

uint32_t TreeBuilder::AddTarget(std::string target) {
  targets_.push_back(std::move(target));
  return static_cast<uint32_t>(targets_.size() - 1);
}

Tree TreeBuilder::Build(std::vector<uint32_t>* origins) && {
  index_ = {};
  next_same_hash_ = {};

  // Drafts grouped by parent. A draft comes after its parent in order of adding,
  // so one pass also finds all that stand below a removed node.
  std::vector<uint32_t> first(drafts_.size() + 1, 0);
  for (Draft d = 1; d < drafts_.size(); ++d) {
    drafts_[d].removed |= drafts_[drafts_[d].parent].removed;
    if (!drafts_[d].removed) ++first[drafts_[d].parent + 1];
  }
  for (size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  std::vector<Draft> by_parent(first.back());
  {
    std::vector<uint32_t> next(first.begin(), first.end() - 1);
    for (Draft d = 1; d < drafts_.size(); ++d) {
      if (!drafts_[d].removed) by_parent[next[drafts_[d].parent]++] = d;
    }
  }

  // Inodes are counted as their first nodes come, and moved when all are: there is one copy
  // of them at any time.
  Tree tree;
  const size_t count = by_parent.size() + 1;
  tree.nodes_.reserve(count);
  tree.first_nodes_.reserve(std::min(count, inodes_.size()));
  std::vector<Draft> order;  // node number to draft
  order.reserve(count);
  std::vector<InodeId> renumbered(inodes_.size(), kNoNode);
  auto append = [&](Draft d, NodeId parent) {
    const DraftNode& draft = drafts_[d];
    InodeId& inode = renumbered[draft.inode];
    if (inode == kNoNode) {
      inode = static_cast<InodeId>(tree.first_nodes_.size());
      inodes_[draft.inode].links = 0;
      tree.first_nodes_.push_back(static_cast<NodeId>(tree.nodes_.size()));
      if (inodes_[draft.inode].type == NodeType::kDirectory) ++tree.directory_count_;
    }
    ++inodes_[draft.inode].links;
    tree.nodes_.push_back({draft.name_offset, parent, 0, 0, inode, draft.name_size});
    order.push_back(d);
  };
  append(kRoot, 0);
  for (NodeId n = 0; n < order.size(); ++n) {
    const Draft d = order[n];
    const auto begin = by_parent.begin() + first[d];
    const auto end = by_parent.begin() + first[d + 1];
    tree.nodes_[n].first_child = static_cast<NodeId>(tree.nodes_.size());
    tree.nodes_[n].child_count = static_cast<uint32_t>(end - begin);
    // Sources come sorted.
    const auto before = [&](Draft a, Draft b) { return name(a) < name(b); };
    if (!std::is_sorted(begin, end, before)) std::sort(begin, end, before);
    for (auto it = begin; it != end; ++it) append(*it, n);
  }
  tree.inodes_ = Renumber(std::move(inodes_), renumbered, tree.first_nodes_.size());
  if (origins != nullptr) {
    origins->clear();
    origins->reserve(order.size());
    for (const Draft d : order) origins->push_back(drafts_[d].origin);
  }
  tree.names_ = std::move(names_);
  tree.targets_ = std::move(targets_);
  return tree;
}

}  // namespace isomason
