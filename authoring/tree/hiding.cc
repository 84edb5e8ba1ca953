#include "authoring/tree/hiding.h"

namespace isomason {

void Hiding::Hide(const Tree& tree, NodeId node, Namespace where) {
  if (node == tree.root() || Hides(node, where)) return;
  bits_.resize(tree.node_count());
  bits_[node] |= HideBit(where);
  if (tree.inode(node).links > 1) ++hidden_names_[{tree.inode_id(node), where}];
  if (!tree.is_directory(node)) return;
  // Nodes lie breadth first: those below a directory have higher numbers, level by level.
  std::vector<NodeId> todo = {node};
  while (!todo.empty()) {
    const NodeId directory = todo.back();
    todo.pop_back();
    for (const NodeId child : tree.children(directory)) {
      if ((bits_[child] & HideBit(where)) == 0) {
        bits_[child] |= HideBit(where);
        if (tree.inode(child).links > 1) ++hidden_names_[{tree.inode_id(child), where}];
      }
      if (tree.is_directory(child)) todo.push_back(child);
    }
  }
}

void Hiding::Mark(const Tree& tree, NodeId node, Namespace where) {
  if (node == tree.root()) return;
  bits_.resize(tree.node_count());
  bits_[node] |= MarkBit(where);
}

uint32_t Hiding::Names(const Tree& tree, InodeId inode, Namespace where) const {
  const uint32_t names = tree.inode_at(inode).links;
  if (bits_.empty()) return names;
  if (names == 1) return Hides(tree.first_node(inode), where) ? 0 : 1;
  const auto it = hidden_names_.find({inode, where});
  return it == hidden_names_.end() ? names : names - it->second;
}

}  // namespace isomason
