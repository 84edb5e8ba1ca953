// -----------------------------------------------------------------------------
// File: authoring/tree/builder.h
// -----------------------------------------------------------------------------
//
// Makes a Tree from entries that come in any order: directories appear as they are
// needed, and Build() sorts and numbers what there is.
//
//   TreeBuilder b;
//   TreeBuilder::Draft boot = b.Add(TreeBuilder::kRoot, "boot", directory, 0);
//   b.Add(boot, "grub.cfg", file, 0);
//   Tree tree = std::move(b).Build();
//
#ifndef ISOMASON_AUTHORING_TREE_BUILDER_H_
#define ISOMASON_AUTHORING_TREE_BUILDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "authoring/tree/node.h"

namespace isomason {

class TreeBuilder {
 public:
  // A node while the tree is being made; numbers are in order of adding.
  using Draft = uint32_t;
  static constexpr Draft kNone = 0xFFFFFFFF;
  static constexpr Draft kRoot = 0;

  // The root exists from the start, a directory.
  TreeBuilder();

  // The child of `directory` called `name`, or kNone.
  Draft Find(Draft directory, absl::string_view name) const;

  // Adds a node with an inode of its own. `name` is not there yet. `origin` is the
  // caller's own number for who asked for it.
  Draft Add(Draft directory, absl::string_view name, const Inode& inode, uint32_t origin);

  // Adds another name for the inode of `other`.
  Draft AddLink(Draft directory, absl::string_view name, Draft other, uint32_t origin);

  // Takes a node, and all below it, out of the tree.
  void Remove(Draft draft);

  Inode& inode(Draft d) { return inodes_[drafts_[d].inode]; }
  const Inode& inode(Draft d) const { return inodes_[drafts_[d].inode]; }
  InodeId inode_id(Draft d) const { return drafts_[d].inode; }
  uint32_t origin(Draft d) const { return drafts_[d].origin; }
  void set_origin(Draft d, uint32_t origin) { drafts_[d].origin = origin; }
  std::string Path(Draft d) const;

  // Keeps a symlink's target; the result goes to Inode::target.
  uint32_t AddTarget(std::string target);

  // Sorts, numbers and counts links. `origins`, when there is one, gets the origin of
  // each node, by its number.
  Tree Build(std::vector<uint32_t>* origins = nullptr) &&;

 private:
  struct DraftNode {
    uint64_t name_offset;
    Draft parent;
    InodeId inode;
    uint32_t origin;
    uint16_t name_size;
    bool removed;
  };
  absl::string_view name(Draft d) const {
    return absl::string_view(names_).substr(drafts_[d].name_offset, drafts_[d].name_size);
  }
  Draft Append(Draft directory, absl::string_view name, InodeId inode, uint32_t origin);

  std::vector<DraftNode> drafts_;
  std::vector<Inode> inodes_;
  std::string names_;
  std::vector<std::string> targets_;
  // Hash of (directory, name) to the newest draft with it, and per draft the next
  // with an equal hash: a map that stores no name twice.
  absl::flat_hash_map<uint64_t, Draft> index_;
  std::vector<Draft> next_same_hash_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_BUILDER_H_
