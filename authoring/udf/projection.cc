#include "authoring/udf/projection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "authoring/tree/follow.h"

namespace isomason::udf {
namespace {

using Special = UdfOptions::Special;

Special PolicyOf(NodeType type, const UdfOptions& options) {
  switch (type) {
    case NodeType::kDirectory:
    case NodeType::kFile:
      return Special::kEmit;
    case NodeType::kSymlink:
      return options.symlinks;
    case NodeType::kBlockDevice:
    case NodeType::kCharacterDevice:
    case NodeType::kFifo:
    case NodeType::kSocket:
      return options.devices;
  }
  return Special::kEmit;
}

}  // namespace

Projection Projection::Make(const Tree& tree, const UdfOptions& options, Remarks* remarks,
                            Problems* problems) {
  Projection p;
  if (options.hiding != nullptr && !options.hiding->empty()) p.hiding_ = options.hiding;
  const auto hidden = [&](InodeId i) { return i != 0 && p.OwnNames(tree, i) == 0; };
  bool omits = false;
  for (InodeId i = 0; i < tree.inode_count(); ++i) {
    if (hidden(i)) {
      omits = true;
      continue;
    }
    const NodeType type = tree.inode_at(i).type;
    const Special policy = PolicyOf(type, options);
    if (policy == Special::kRefuse) {
      problems->push_back(
          {.node = tree.first_node(i),
           .where = "udf",
           .message =
               absl::StrCat("is ", DescribeType(type), ", which the manifest refuses in UDF"),
           .remedy = type == NodeType::kSymlink
                         ? "set `udf.symlinks: EMIT`, OMIT to leave symlinks out of UDF, or FOLLOW "
                           "to show "
                           "the files that they lead to"
                         : "set `udf.special: EMIT`, or OMIT to leave devices, FIFOs and sockets "
                           "out of UDF"});
    }
    omits |= policy != Special::kEmit;
    if (policy != Special::kEmit) continue;
    if (type != NodeType::kSymlink) continue;
    if (remarks == nullptr) continue;
    const absl::string_view target = tree.target(tree.inode_at(i));
    std::string normal = NormalTarget(target);
    if (normal == target) continue;
    remarks->push_back(
        {Remark::Kind::kChangedTarget, "udf", tree.Path(tree.first_node(i)), std::move(normal)});
  }
  p.entry_count_ = tree.inode_count();
  if (omits) {
    p.entries_.resize(tree.inode_count(), kNoEntry);
    for (InodeId i = 0; i < tree.inode_count(); ++i) {
      if (hidden(i) || PolicyOf(tree.inode_at(i).type, options) != Special::kEmit) continue;
      p.entries_[i] = static_cast<EntryNumber>(p.inodes_.size());
      p.inodes_.push_back(i);
    }
    p.entry_count_ = static_cast<uint32_t>(p.inodes_.size());
  }

  absl::flat_hash_map<NodeId, std::string> reasons;
  if (options.symlinks == Special::kFollow) p.Follow(tree, reasons);

  // A directory's number is greater than its parent's, and so are the numbers of
  // what is in them: one step of `above` finds each parent.
  p.directories_.reserve(tree.directory_count());
  uint32_t above = 0;
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    if (p.Hides(n)) continue;
    if (!tree.is_directory(n)) {
      const InodeId inode = p.inode_of(tree, n);
      const bool follows = inode != tree.inode_id(n);
      if (remarks != nullptr && !p.has(inode)) {
        const auto reason = reasons.find(n);
        remarks->push_back({Remark::Kind::kOmitted, "udf", tree.Path(n),
                            reason == reasons.end() ? std::string(DescribeType(tree.inode(n).type))
                                                    : reason->second});
      } else if (remarks != nullptr && follows) {
        remarks->push_back(
            {Remark::Kind::kFollowed, "udf", tree.Path(n), tree.Path(tree.first_node(inode))});
      }
      if (!p.has(inode)) continue;
      ++p.file_name_count_;
      if (!follows && p.Hides(tree.first_node(inode))) p.first_names_.try_emplace(inode, n);
      continue;
    }
    p.directories_.push_back({n});
    if (n == tree.root()) continue;
    while (p.directories_[above].node != tree.parent(n)) ++above;
    ++p.directories_[above].subdirectories;
  }

  return p;
}

void Projection::Follow(const Tree& tree, absl::flat_hash_map<NodeId, std::string>& reasons) {
  const FollowedLinks links = FollowLinks(tree);
  for (const auto& [link, target] : links.to_files) {
    if (Hides(link)) continue;
    const InodeId inode = tree.inode_id(target);
    if (Hides(target) || !has(inode)) {
      reasons[link] =
          absl::StrCat("the symlink leads to ", tree.Path(target), ", which is left out of UDF");
      continue;
    }
    followed_[link] = inode;
    ++followers_[inode];
  }
  // A directory has one name, which its parent entry leads back to.
  for (const auto* directories : {&links.to_directories, &links.circular}) {
    for (const auto& [link, target] : *directories) {
      reasons[link] = absl::StrCat("the symlink leads to the directory ", tree.Path(target),
                                   ", and UDF has one name for a directory (ECMA-167 4/8.6)");
    }
  }
  for (const NodeId link : links.dangling) {
    reasons[link] = absl::StrCat("the symlink leads to \"", tree.target(tree.inode(link)),
                                 "\", which is not in the image");
  }
}

uint32_t Projection::DirectoryOrdinal(NodeId node) const {
  return static_cast<uint32_t>(
      std::lower_bound(directories_.begin(), directories_.end(), node,
                       [](const Directory& d, NodeId n) { return d.node < n; }) -
      directories_.begin());
}

}  // namespace isomason::udf
