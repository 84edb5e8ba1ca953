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
// A directory that is too deep for the standard may be relocated (RRIP 4.1.5): it
// then lies in a directory of the root that is there for this, and in its own place
// stands a file, the placeholder. What such a hierarchy lists are therefore entries.
// An entry is a node, under its node's number; the relocation directory, when the tree
// has none of its name; or a directory that has moved there. The last two have numbers
// behind those of the nodes.
//
// Memory: 5 bytes a node and 28 a directory; spellings are made when they are asked
// for.
//
#ifndef ISOMASON_AUTHORING_ISO9660_HIERARCHY_H_
#define ISOMASON_AUTHORING_ISO9660_HIERARCHY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
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
    kTooLongPath,         // though its directory has been relocated
    kNoRelocationPlace,   // the relocation directory's name is that of something else
  };
  Kind kind;
  NodeId node;
  std::string message;  // the end of a sentence that begins with the node's path
};

using EntryId = uint32_t;

class Hierarchy {
 public:
  struct Directory {
    NodeId node;              // whose children it shows; kNoNode for a relocation directory
    EntryId name;             // which entry names it: `node`, or a symlink that stands for it
    uint32_t parent;          // the number of its parent; the root's is itself, 0
    uint32_t first_child;     // the number of the first that lies in it
    uint32_t subdirectories;  // that belong to it, those that lie elsewhere among them
    uint32_t first_entry;
    uint32_t entry_count;
  };

  // What the standard allows (ECMA-119 6.8.2.1): levels, the root being the first, and
  // bytes of a file's path with a slash before each name.
  static constexpr uint32_t kMostLevels = 8;
  static constexpr size_t kLongestPath = 255;

  // A path table counts directories in 16 bits (ECMA-119 9.4.4).
  static constexpr uint32_t kMostDirectories = 65535;

  // Both arguments outlive the hierarchy. At first every node is shown.
  Hierarchy(const Tree& tree, const Namer& namer);

  // Before Build(): takes a node, and all below it, out.
  void Omit(NodeId node) { attempts_[node] = kOmitted; }
  // Before Build(): shows the file or directory `target` in the place of `link`. No
  // directory may come to hold itself.
  void Follow(NodeId link, NodeId target) { followed_[link] = target; }
  // Before Build(): relocates directories deeper than kMostLevels, and those of files with
  // paths of more than kLongestPath bytes, into the directory `name` of the root.
  void Relocate(std::string name) { relocation_name_ = std::move(name); }

  // Spells, sorts and numbers, anew when something was omitted since. Returns what is wrong: with
  // `refuse`, that is every name that has no plain spelling. The hierarchy is of no use unless
  // nothing is.
  std::vector<NameProblem> Build(bool refuse);

  const std::vector<Directory>& directories() const { return directories_; }
  absl::Span<const EntryId> entries(const Directory& d) const {
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
  // Whether the entry stands there as a directory.
  bool ShowsDirectory(EntryId entry) const {
    if (entry >= tree_.node_count()) return true;
    return tree_.is_directory(Target(entry)) && !IsRelocated(entry);
  }

  // Whether the node is a directory of which there is only a placeholder in its place.
  bool IsRelocated(NodeId node) const { return !moved_.empty() && moved_numbers_.contains(node); }
  // Whether the entry is such a directory where it lies.
  bool IsMoved(EntryId entry) const { return entry > RelocationEntry(); }
  // The node that an entry stands for; kNoNode for the relocation directory.
  NodeId NodeOf(EntryId entry) const;
  // The number of the directory that a placeholder stands for.
  uint32_t PlaceOf(NodeId relocated) const {
    return moved_[moved_numbers_.find(relocated)->second].place;
  }
  // The number of the directory that a relocated one belongs to.
  uint32_t ParentOf(NodeId relocated) const {
    return moved_[moved_numbers_.find(relocated)->second].parent;
  }
  // How many directories are relocated, and the first of them.
  size_t relocated_count() const { return moved_.size(); }
  NodeId first_relocated() const { return moved_[0].node; }
  // The number of the directory that they lie in, 0 when there is none; whether the
  // tree does not have it.
  uint32_t relocation_directory() const { return relocation_directory_; }
  bool made_relocation_directory() const { return !moved_.empty() && relocation_node_ == kNoNode; }

  // The true name of an entry, as the tree has it.
  absl::string_view Name(EntryId entry) const;
  // Whether the node is not spelled as the tree names it.
  bool IsChanged(NodeId node) const;
  // The spelling in UTF-8, without a version number; empty for the root and for
  // what is not shown.
  std::string Shown(EntryId entry) const;
  // Appends the spelling without a version number; the entry is shown and not the root.
  void AppendSpelling(EntryId entry, std::string& out) const {
    Spell(entry, attempts_[entry], out);
  }
  // Appends the spelling as it is recorded; the entry is shown and not the root.
  void AppendRecorded(EntryId entry, std::string& out) const;

  // The numbers of all directories, parents before children: ascending, or each before all
  // that is below it, and that before the next one beside it. What lies in a relocation
  // directory comes behind the root.
  std::vector<uint32_t> Ordered(bool depth_first) const;

  // For each directory that holds files with paths of more than kLongestPath bytes, that
  // with the longest.
  struct LongPath {
    uint32_t directory;
    EntryId entry;
    size_t size;
  };
  std::vector<LongPath> LongPaths() const;

  // The place of a directory in the hierarchy, in the tree's names: "/boot/grub". That of
  // a relocated one is where it belongs.
  std::string Path(uint32_t directory) const;
  // How many levels deep it lies; the root is 1 (ECMA-119 6.8.2.1).
  uint32_t Depth(uint32_t directory) const;

 private:
  static constexpr uint8_t kOmitted = 255;
  static_assert(Namer::kAttempts <= kOmitted);

  // The spellings of one directory's children, and their order.
  class Siblings;

  // A directory that has moved.
  struct Moved {
    NodeId node;
    uint32_t place;   // the number of its directory
    uint32_t parent;  // of the one that it belongs to
  };

  EntryId RelocationEntry() const { return tree_.node_count(); }
  // What the spelling of an entry is made from; `scratch` may hold it.
  absl::string_view NameToSpell(EntryId entry, int attempt, std::string& scratch) const;
  void Spell(EntryId entry, int attempt, std::string& out) const {
    std::string scratch;
    namer_.Append(NameToSpell(entry, attempt, scratch), ShowsDirectory(entry), attempt, out);
  }
  bool Fits(EntryId entry) const {
    return namer_.Misfit(Name(entry), ShowsDirectory(entry)).empty();
  }

  // The entries that lie in a directory, in no order that matters.
  void ListEntries(NodeId directory, std::vector<EntryId>& out) const;
  void SpellEntries(absl::Span<const EntryId> listed, bool refuse, Siblings& siblings,
                    std::vector<NameProblem>& problems);
  void BuildOnce(bool refuse, std::vector<NameProblem>& problems);
  // Chooses the directories to relocate; `long_paths` are those whose files say so.
  void ChooseRelocated(const absl::flat_hash_set<NodeId>& long_paths);
  // Adds directories of files with too long paths, and returns whether there are any.
  bool AddLongPaths(absl::flat_hash_set<NodeId>& long_paths,
                    std::vector<NameProblem>& problems) const;

  const Tree& tree_;
  const Namer& namer_;
  std::vector<uint8_t> attempts_;  // per entry: for Namer, or kOmitted
  absl::flat_hash_map<NodeId, NodeId> followed_;
  std::vector<EntryId> entries_;  // by directory
  std::vector<Directory> directories_;

  std::string relocation_name_;       // empty: nothing is relocated
  NodeId relocation_node_ = kNoNode;  // the tree's directory of that name
  uint32_t relocation_directory_ = 0;
  std::vector<Moved> moved_;
  absl::flat_hash_map<NodeId, uint32_t> moved_numbers_;  // into moved_
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_HIERARCHY_H_
