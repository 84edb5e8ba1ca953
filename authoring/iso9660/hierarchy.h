// -----------------------------------------------------------------------------
// File: authoring/iso9660/hierarchy.h
// -----------------------------------------------------------------------------
//
// A directory hierarchy (ECMA-119 6.8) as one projection of the tree: which nodes
// it shows, how it spells them, and in which order. Directories are numbered as a
// path table wants them (6.9.1: by level, then by parent, then by identifier), so
// the subdirectories of a directory have consecutive numbers, in the order of their
// records. Entries are sorted by 9.3.
//
//   Hierarchy hierarchy(tree, namer);
//   hierarchy.Omit(some_device);
//   const std::vector<NameProblem> problems = hierarchy.Build(/*refuse=*/false);
//   for (NodeId entry : hierarchy.entries(hierarchy.directories()[0])) ...
//
// A node may stand there as another: Joliet shows what a symlink points to. When
// that is a directory, all that it holds shows once more in the symlink's place.
//
// Memory: 5 bytes a node and 28 a directory; spellings are made when they are asked
// for.
//
#ifndef ISOMASON_AUTHORING_ISO9660_HIERARCHY_H_
#define ISOMASON_AUTHORING_ISO9660_HIERARCHY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "authoring/iso9660/namer.h"
#include "authoring/tree/node.h"

namespace isomason {

// What keeps a hierarchy from holding a node.
struct NameProblem {
  enum class Kind {
    kMisfit,              // the name has no plain spelling, and no other is wanted
    kTooManyAlike,        // of the names in a directory that have the same plain spelling
    kTooManyDirectories,  // this is the first that has no number
  };
  Kind kind;
  NodeId node;
  std::string message;  // the end of a sentence that begins with the node's path
};

class Hierarchy {
 public:
  struct Directory {
    NodeId node;           // whose children it shows
    NodeId name;           // which node names it: `node`, or a symlink that stands for it
    uint32_t parent;       // the number of its parent; the root's is itself, 0
    uint32_t first_child;  // the number of its first subdirectory
    uint32_t child_count;  // subdirectories
    uint32_t first_entry;
    uint32_t entry_count;
  };

  // A path table counts directories in 16 bits (ECMA-119 9.4.4).
  static constexpr uint32_t kMostDirectories = 65535;

  // Both arguments outlive the hierarchy. At first every node is shown.
  Hierarchy(const Tree& tree, const Namer& namer);

  // Before Build(): takes a node, and all below it, out.
  void Omit(NodeId node) { attempts_[node] = kOmitted; }
  // Before Build(): shows the file or directory `target` in the place of `link`. No
  // directory may come to hold itself.
  void Follow(NodeId link, NodeId target) { followed_[link] = target; }

  // Spells, sorts and numbers, anew when something was omitted since. Returns what is wrong: with
  // `refuse`, that is every name that has no plain spelling. The hierarchy is of no use unless
  // nothing is.
  std::vector<NameProblem> Build(bool refuse);

  const std::vector<Directory>& directories() const { return directories_; }
  absl::Span<const NodeId> entries(const Directory& d) const {
    return absl::MakeConstSpan(entries_).subspan(d.first_entry, d.entry_count);
  }

  // Whether the node itself was not omitted.
  bool Shows(NodeId node) const { return attempts_[node] != kOmitted; }
  // What a node stands there as: itself unless it is followed.
  NodeId Target(NodeId node) const {
    if (followed_.empty()) return node;
    const auto it = followed_.find(node);
    return it == followed_.end() ? node : it->second;
  }
  bool ShowsDirectory(NodeId node) const { return tree_.is_directory(Target(node)); }

  // Whether the node is not spelled as the tree names it.
  bool IsChanged(NodeId node) const;
  // The spelling in UTF-8, without a version number; empty for the root and for
  // what is not shown.
  std::string Shown(NodeId node) const;
  // Appends the spelling without a version number; the node is shown and not the root.
  void AppendSpelling(NodeId node, std::string& out) const {
    namer_.Append(tree_.name(node), ShowsDirectory(node), attempts_[node], out);
  }
  // Appends the spelling as it is recorded; the node is shown and not the root.
  void AppendRecorded(NodeId node, std::string& out) const {
    namer_.AppendRecorded(tree_.name(node), ShowsDirectory(node), attempts_[node], out);
  }

  // The numbers of all directories, parents before children: ascending, or each before all
  // that is below it, and that before the next one beside it.
  std::vector<uint32_t> Ordered(bool depth_first) const;

  // The place of a directory in the hierarchy, in the tree's names: "/boot/grub".
  std::string Path(uint32_t directory) const;
  // How many levels deep it lies; the root is 1 (ECMA-119 6.8.2.1).
  uint32_t Depth(uint32_t directory) const;

 private:
  static constexpr uint8_t kOmitted = 255;
  static_assert(Namer::kAttempts <= kOmitted);

  // The spellings of one directory's children, and their order.
  class Siblings;

  void SpellChildren(NodeId directory, bool refuse, Siblings& siblings,
                     std::vector<NameProblem>& problems);

  const Tree& tree_;
  const Namer& namer_;
  std::vector<uint8_t> attempts_;  // per node: for Namer, or kOmitted
  absl::flat_hash_map<NodeId, NodeId> followed_;
  std::vector<NodeId> entries_;  // by directory
  std::vector<Directory> directories_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_HIERARCHY_H_
