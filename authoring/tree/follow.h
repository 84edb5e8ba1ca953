// -----------------------------------------------------------------------------
// File: authoring/tree/follow.h
// -----------------------------------------------------------------------------
//
// Where symlinks lead inside the tree, for namespaces that show a file or directory
// in the place of a symlink. The tree's root is what an absolute target starts
// from, as it is for a program whose root directory the image is.
//
//   NodeId target = ResolveLink(tree, link);              // kNoNode: nowhere here
//   FollowedLinks links = FollowLinks(tree);
//
#ifndef ISOMASON_AUTHORING_TREE_FOLLOW_H_
#define ISOMASON_AUTHORING_TREE_FOLLOW_H_

#include <utility>
#include <vector>

#include "authoring/tree/node.h"

namespace isomason {

// Returns what a symlink leads to, itself no symlink; kNoNode when that is not in
// the tree, when the way goes above the root, and past 40 symlinks (Linux's limit).
NodeId ResolveLink(const Tree& tree, NodeId link);

struct FollowedLinks {
  std::vector<std::pair<NodeId, NodeId>> to_files;        // link, target: not a directory
  std::vector<std::pair<NodeId, NodeId>> to_directories;  // can all be shown at once
  std::vector<NodeId> dangling;                           // lead nowhere in the tree
  // These would make a directory hold itself: `second` holds `first`, or holds
  // another symlink that does.
  std::vector<std::pair<NodeId, NodeId>> circular;
};

// Resolves all symlinks of the tree. Which links are circular depends on the order
// of the tree alone.
FollowedLinks FollowLinks(const Tree& tree);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_FOLLOW_H_
