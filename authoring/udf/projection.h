// -----------------------------------------------------------------------------
// File: authoring/udf/projection.h
// -----------------------------------------------------------------------------
//
// Which of the tree's inodes have a file entry in UDF, and how the entries are
// numbered: in the order of the tree, so that a directory's children, which are
// looked at together, lie together. Hard links share an entry, and so does a symlink
// that is followed with the file that it leads to. Names stay as they are.
//
//   Projection p = Projection::Make(tree, options, &remarks, &problems);
//   p.entry(tree.inode_id(node));      // 17
//
// Memory: 12 bytes a directory, and 8 an inode when some are left out.
//
#ifndef ISOMASON_AUTHORING_UDF_PROJECTION_H_
#define ISOMASON_AUTHORING_UDF_PROJECTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/node.h"
#include "authoring/udf/udf.h"

namespace isomason::udf {

// A file entry's number, counted from 0, the root's.
using EntryNumber = uint32_t;
inline constexpr EntryNumber kNoEntry = 0xFFFFFFFF;

class Projection {
 public:
  struct Directory {
    NodeId node;
    uint32_t subdirectories = 0;
    uint32_t size = 0;  // bytes of its data; whoever renders that fills it in
  };

  // What `options` refuse goes to `problems`, and is left out. `tree` outlives the result.
  static Projection Make(const Tree& tree, const UdfOptions& options, Remarks* remarks,
                         Problems* problems);

  // The entry of an inode, or kNoEntry when it is left out.
  EntryNumber entry(InodeId inode) const { return entries_.empty() ? inode : entries_[inode]; }
  bool has(InodeId inode) const { return entry(inode) != kNoEntry; }
  // The inode that a name leads to: its own, unless it is a symlink that is followed.
  InodeId inode_of(const Tree& tree, NodeId node) const {
    const auto it = followed_.find(node);
    return it == followed_.end() ? tree.inode_id(node) : it->second;
  }
  // Whether the name is there: its inode may have others.
  bool shows(const Tree& tree, NodeId node) const {
    return has(inode_of(tree, node)) &&
           (hiding_ == nullptr || !hiding_->Hides(node, Namespace::kUdf));
  }
  bool marks(NodeId node) const {
    return hiding_ != nullptr && hiding_->Marks(node, Namespace::kUdf);
  }
  // How many names of an inode are there.
  uint32_t links(const Tree& tree, InodeId inode) const {
    const auto it = followers_.find(inode);
    return OwnNames(tree, inode) + (it == followers_.end() ? 0 : it->second);
  }
  // Whether the name, which is there, is not the first in tree order of those of its
  // inode that are.
  bool IsFurtherName(const Tree& tree, NodeId node) const {
    const InodeId inode = inode_of(tree, node);
    const auto it = first_names_.find(inode);
    return node != (it == first_names_.end() ? tree.first_node(inode) : it->second);
  }
  bool has_further_names() const { return file_name_count_ != file_count(); }
  // The inode of an entry.
  InodeId inode(EntryNumber entry) const { return inodes_.empty() ? entry : inodes_[entry]; }

  uint32_t entry_count() const { return entry_count_; }
  uint32_t file_count() const { return entry_count_ - directory_count(); }
  // Names that are there of what is no directory.
  uint32_t file_name_count() const { return file_name_count_; }
  uint32_t directory_count() const { return static_cast<uint32_t>(directories_.size()); }

  // In tree order: the root is 0, and a directory comes behind its parent.
  const Directory& directory(uint32_t ordinal) const { return directories_[ordinal]; }
  Directory& directory(uint32_t ordinal) { return directories_[ordinal]; }
  // The ordinal of the directory that `node` is.
  uint32_t DirectoryOrdinal(NodeId node) const;

 private:
  // How many names an inode has, without symlinks that are followed.
  uint32_t OwnNames(const Tree& tree, InodeId inode) const {
    return hiding_ == nullptr ? tree.inode_at(inode).links
                              : hiding_->Names(tree, inode, Namespace::kUdf);
  }
  bool Hides(NodeId node) const {
    return hiding_ != nullptr && hiding_->Hides(node, Namespace::kUdf);
  }
  // Finds out which symlinks are names of something that is there; `reasons` gets what
  // keeps others out.
  void Follow(const Tree& tree, absl::flat_hash_map<NodeId, std::string>& reasons);

  // Both are empty when no inode is left out: its number is its entry's.
  std::vector<EntryNumber> entries_;  // by inode
  std::vector<InodeId> inodes_;       // by entry
  std::vector<Directory> directories_;
  // Of inodes whose first name in the tree is hidden.
  absl::flat_hash_map<InodeId, NodeId> first_names_;
  absl::flat_hash_map<NodeId, InodeId> followed_;     // symlinks
  absl::flat_hash_map<InodeId, uint32_t> followers_;  // how many of them an inode has
  uint32_t entry_count_ = 0, file_name_count_ = 0;
  const Hiding* hiding_ = nullptr;
};

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_PROJECTION_H_
