// -----------------------------------------------------------------------------
// File: authoring/tree/node.h
// -----------------------------------------------------------------------------
//
// The tree of intent: what the manifest asks for, before any namespace has bent a
// name or refused a symlink. Nodes lie breadth first with siblings in byte order of
// their names, so the children of a directory are a range, a directory's number is
// greater than its parent's, and equal manifests give equal trees whatever order
// the host listed its directories in.
//
// A node is a name at a place; what it names is an inode, which several nodes share
// when they are hard links of one another.
//
//   for (NodeId child : tree.children(tree.root())) {
//     LOG << tree.Path(child) << " " << tree.inode(child).mode;
//   }
//
// Memory: 32 bytes a node, 48 an inode, and the name.
//
#ifndef ISOMASON_AUTHORING_TREE_NODE_H_
#define ISOMASON_AUTHORING_TREE_NODE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/timestamp.h"
#include "layout/content.h"

namespace isomason {

using NodeId = uint32_t;   // the root is 0
using InodeId = uint32_t;  // the root's is 0
inline constexpr NodeId kNoNode = 0xFFFFFFFF;

enum class NodeType : uint8_t {
  kDirectory,
  kFile,
  kSymlink,
  kBlockDevice,
  kCharacterDevice,
  kFifo,
  kSocket,
};

// For sentences: "a directory", "a block device".
absl::string_view DescribeType(NodeType type);

struct Inode {
  NodeType type = NodeType::kFile;
  uint16_t mode = 0;  // permission bits with setuid, setgid and sticky: 07777
  uint32_t owner = 0;
  uint32_t group = 0;
  uint32_t links = 1;              // nodes that name this inode; 1 for a directory
  Timestamp time;                  // modification
  ContentId content = kNoContent;  // a file's bytes (kNoContent: none, the file is empty)
  uint32_t target = 0;             // a symlink's, for Tree::target()
  uint32_t device_major = 0;
  uint32_t device_minor = 0;
};

// Children of one directory: consecutive numbers.
class NodeRange {
 public:
  class Iterator {
   public:
    explicit Iterator(NodeId id) : id_(id) {}
    NodeId operator*() const { return id_; }
    Iterator& operator++() {
      ++id_;
      return *this;
    }
    friend bool operator==(Iterator, Iterator) = default;

   private:
    NodeId id_;
  };
  NodeRange(NodeId first, uint32_t count) : first_(first), count_(count) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(first_ + count_); }
  uint32_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

 private:
  NodeId first_;
  uint32_t count_;
};

class Tree {
 public:
  NodeId root() const { return 0; }
  uint32_t node_count() const { return static_cast<uint32_t>(nodes_.size()); }
  uint32_t inode_count() const { return static_cast<uint32_t>(inodes_.size()); }
  uint32_t directory_count() const { return directory_count_; }

  // Raw bytes, as the manifest or the source spells it; UTF-8 by convention. The
  // root's is empty.
  absl::string_view name(NodeId n) const {
    return absl::string_view(names_).substr(nodes_[n].name_offset, nodes_[n].name_size);
  }
  NodeId parent(NodeId n) const { return nodes_[n].parent; }  // the root's is itself
  NodeRange children(NodeId n) const { return {nodes_[n].first_child, nodes_[n].child_count}; }

  InodeId inode_id(NodeId n) const { return nodes_[n].inode; }
  const Inode& inode(NodeId n) const { return inodes_[nodes_[n].inode]; }
  const Inode& inode_at(InodeId i) const { return inodes_[i]; }
  // A node that names the inode: the first in tree order.
  NodeId first_node(InodeId i) const { return first_nodes_[i]; }

  bool is_directory(NodeId n) const { return inode(n).type == NodeType::kDirectory; }
  absl::string_view target(const Inode& symlink) const { return targets_[symlink.target]; }

  // "/boot/grub.cfg"; "/" for the root.
  std::string Path(NodeId n) const;
  // The child of a directory that has the name, or kNoNode.
  NodeId Child(NodeId directory, absl::string_view name) const;
  // The node at an absolute path, or kNoNode.
  NodeId Find(absl::string_view path) const;
  // Gives an inode another content: the patched copy of a boot image.
  void SetContent(InodeId i, ContentId content) { inodes_[i].content = content; }

 private:
  friend class TreeBuilder;
  struct Node {
    uint64_t name_offset;
    NodeId parent;
    NodeId first_child;
    uint32_t child_count;
    InodeId inode;
    uint16_t name_size;
  };
  std::vector<Node> nodes_;
  std::vector<Inode> inodes_;
  std::vector<NodeId> first_nodes_;
  std::string names_;
  std::vector<std::string> targets_;
  uint32_t directory_count_ = 0;
};

// A symlink's target as namespaces that record it name by name can say it: without
// repeated and trailing slashes.
std::string NormalTarget(absl::string_view target);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_NODE_H_
