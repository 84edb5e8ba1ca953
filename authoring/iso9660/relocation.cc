// What Hierarchy does to relocate deep directories (RRIP 4.1.5, ECMA-119 6.8.2.1).

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/iso9660/hierarchy.h"

namespace isomason {
namespace {

// Of the root, and of what lies in the relocation directory.
constexpr uint8_t kRootLevel = 1;
constexpr uint8_t kMovedLevel = 3;

}  // namespace

NodeId Hierarchy::NodeOf(EntryId entry) const {
  if (entry < tree_.node_count()) return entry;
  return entry == RelocationEntry() ? kNoNode : moved_[entry - RelocationEntry() - 1].node;
}

absl::string_view Hierarchy::Name(EntryId entry) const {
  return entry == RelocationEntry() ? absl::string_view(relocation_name_)
                                    : tree_.name(NodeOf(entry));
}

// Many a deep directory is called "src" or "lib": the variations of such a name come
// from its whole path.
absl::string_view Hierarchy::NameToSpell(EntryId entry, int attempt, std::string& scratch) const {
  if (entry < tree_.node_count()) return tree_.name(entry);
  if (entry == RelocationEntry() || attempt == 0) return Name(entry);
  scratch = absl::StrCat(Name(entry), tree_.Path(tree_.parent(NodeOf(entry))));
  return scratch;
}

void Hierarchy::ListEntries(NodeId directory, std::vector<EntryId>& out) const {
  const bool relocates = !moved_.empty();
  if (directory != kNoNode) {
    for (const NodeId child : tree_.children(directory)) {
      if (Shows(child)) out.push_back(child);
    }
  }
  if (!relocates) return;
  if (directory == tree_.root() && relocation_node_ == kNoNode) out.push_back(RelocationEntry());
  if (directory == relocation_node_) {
    for (uint32_t i = 0; i < moved_.size(); ++i) out.push_back(RelocationEntry() + 1 + i);
  }
}

void Hierarchy::ChooseRelocated(const absl::flat_hash_set<NodeId>& long_paths) {
  moved_.clear();
  moved_numbers_.clear();
  const NodeId there = tree_.Child(tree_.root(), relocation_name_);
  relocation_node_ = there != kNoNode && Shows(there) ? there : kNoNode;
  attempts_.resize(tree_.node_count());

  // A directory's number is greater than its parent's. 0 stands for what does not show.
  std::vector<uint8_t> levels(tree_.node_count(), 0);
  levels[tree_.root()] = kRootLevel;
  for (NodeId n = 1; n < tree_.node_count(); ++n) {
    const uint8_t above = levels[tree_.parent(n)];
    if (above == 0 || !Shows(n) || !tree_.is_directory(n)) continue;
    levels[n] = above + 1;
    if (above < kMostLevels && !long_paths.contains(n)) continue;
    levels[n] = kMovedLevel;
    moved_numbers_[n] = static_cast<uint32_t>(moved_.size());
    moved_.push_back({n, 0, 0});
  }
  attempts_.resize(tree_.node_count() + (moved_.empty() ? 0 : 1 + moved_.size()), 0);
}

std::vector<Hierarchy::LongPath> Hierarchy::LongPaths() const {
  std::vector<LongPath> found;
  std::vector<size_t> sizes(directories_.size(), 0);  // of paths, a slash before each name
  std::string recorded;
  for (uint32_t i = 0; i < directories_.size(); ++i) {
    const Directory& d = directories_[i];
    if (i != 0) {
      recorded.clear();
      AppendRecorded(d.name, recorded);
      sizes[i] = sizes[d.parent] + 1 + recorded.size();
    }
    LongPath longest{i, kNoNode, kLongestPath};
    for (const EntryId entry : entries(d)) {
      if (ShowsDirectory(entry)) continue;
      recorded.clear();
      AppendRecorded(entry, recorded);
      const size_t size = sizes[i] + 1 + recorded.size();
      if (size > longest.size) longest = {i, entry, size};
    }
    if (longest.entry != kNoNode) found.push_back(longest);
  }
  return found;
}

bool Hierarchy::AddLongPaths(absl::flat_hash_set<NodeId>& long_paths,
                             std::vector<NameProblem>& problems) const {
  if (!moved_.empty() && relocation_node_ != kNoNode && !tree_.is_directory(relocation_node_)) {
    problems.push_back({NameProblem::Kind::kNoRelocationPlace, relocation_node_,
                        "is no directory, so that deep directories cannot be relocated into it"});
    return false;
  }
  std::vector<bool> moves(directories_.size(), false);
  for (const LongPath& path : LongPaths()) {
    const Directory& d = directories_[path.directory];
    // When a directory around this one moves, this path is another one in the next round.
    bool moving = false;
    for (uint32_t i = path.directory; i != 0 && !moving; i = directories_[i].parent) {
      moving = moves[i];
    }
    if (moving) continue;
    // What lies in the root or in the relocation directory has no better place.
    if (path.directory != 0 && d.parent != 0 && d.parent != relocation_directory_) {
      moves[path.directory] = true;
      long_paths.insert(d.node);
      continue;
    }
    problems.push_back({NameProblem::Kind::kTooLongPath, NodeOf(path.entry),
                        absl::StrCat("has a path of ", path.size,
                                     " bytes, and its directory has no better place; a path has "
                                     "at most ",
                                     kLongestPath, " (ECMA-119 6.8.2.1)")});
  }
  return problems.empty() && std::find(moves.begin(), moves.end(), true) != moves.end();
}

}  // namespace isomason
