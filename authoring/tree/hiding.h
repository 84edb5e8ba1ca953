// -----------------------------------------------------------------------------
// File: authoring/tree/hiding.h
// -----------------------------------------------------------------------------
//
// Which nodes single namespaces do not show, and which they show but mark as hidden. A
// directory that is hidden takes all below it along; a mark is of a node alone. The
// tree, and what stands on the disc, are the same with and without it.
//
//   Hiding hiding;
//   hiding.Hide(tree, node, Namespace::kJoliet);
//   hiding.Hides(child_of_node, Namespace::kJoliet);   // true
//
// Memory: a byte a node when anything is hidden, else nothing.
//
#ifndef ISOMASON_AUTHORING_TREE_HIDING_H_
#define ISOMASON_AUTHORING_TREE_HIDING_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "authoring/tree/node.h"

namespace isomason {

enum class Namespace : uint8_t { kIso9660, kJoliet, kUdf };
inline constexpr Namespace kNamespaces[] = {Namespace::kIso9660, Namespace::kJoliet,
                                            Namespace::kUdf};

class Hiding {
 public:
  // Hides a node, but not the root, and all below it.
  void Hide(const Tree& tree, NodeId node, Namespace where);
  // Marks a node, but not the root.
  void Mark(const Tree& tree, NodeId node, Namespace where);

  bool empty() const { return bits_.empty(); }
  bool Hides(NodeId node, Namespace where) const {
    return !bits_.empty() && (bits_[node] & HideBit(where)) != 0;
  }
  bool Marks(NodeId node, Namespace where) const {
    return !bits_.empty() && (bits_[node] & MarkBit(where)) != 0;
  }
  // What there is about a node, as a number that says all of it; 0 for nothing.
  uint8_t bits(NodeId node) const { return bits_.empty() ? 0 : bits_[node]; }

  // How many of an inode's names a namespace shows.
  uint32_t Names(const Tree& tree, InodeId inode, Namespace where) const;

 private:
  static constexpr uint8_t HideBit(Namespace where) {
    return static_cast<uint8_t>(1 << static_cast<int>(where));
  }
  static constexpr uint8_t MarkBit(Namespace where) {
    return static_cast<uint8_t>(16 << static_cast<int>(where));
  }

  std::vector<uint8_t> bits_;  // by node
  // How many names of an inode with several are hidden.
  absl::flat_hash_map<std::pair<InodeId, Namespace>, uint32_t> hidden_names_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_HIDING_H_
