#include "authoring/iso9660/hierarchy.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace isomason {

// Scratch space that is used again for each directory.
class Hierarchy::Siblings {
 public:
  explicit Siblings(const Hierarchy& hierarchy) : h_(hierarchy) {}

  enum class By { kFold, kOrder };

  // Spells entries and sorts them. By 9.3 a name is
  // compared as if padded with spaces, then the extension, then the version. That
  // is the order of most spellings as bytes, for a dot sorts after a space and
  // before every d-character; in Joliet, a name sorts before those it begins. A namer
  // with other characters has keys for that, and for which names are alike.
  void Spell(absl::Span<const EntryId> entries, By by) {
    spellings_.clear();
    keys_.clear();
    for (const EntryId entry : entries) {
      const size_t start = spellings_.size();
      h_.AppendSpelling(entry, spellings_);
      if (h_.namer_.HasKeys()) {
        key_.assign(spellings_, start);
        by == By::kFold ? h_.namer_.Fold(key_) : h_.namer_.MakeSortable(key_);
        spellings_.replace(start, std::string::npos, key_);
      }
      keys_.push_back(
          {Prefix(start), start, entry, static_cast<uint32_t>(spellings_.size() - start)});
    }
    const auto less = [this](const Key& a, const Key& b) { return Compare(a, b) < 0; };
    if (!std::is_sorted(keys_.begin(), keys_.end(), less)) {
      std::sort(keys_.begin(), keys_.end(), less);
    }
  }

  size_t size() const { return keys_.size(); }
  EntryId entry(size_t i) const { return keys_[i].entry; }
  absl::string_view spelling(size_t i) const {
    return absl::string_view(spellings_).substr(keys_[i].offset, keys_[i].size);
  }
  bool SameAsNext(size_t i) const {
    return i + 1 < keys_.size() && Compare(keys_[i], keys_[i + 1]) == 0;
  }

 private:
  struct Key {
    uint64_t prefix;  // the first eight bytes, as a number that sorts like them
    uint64_t offset;  // into spellings_
    EntryId entry;
    uint32_t size;
  };

  uint64_t Prefix(size_t start) const {
    char bytes[8] = {};
    memcpy(bytes, spellings_.data() + start, std::min<size_t>(8, spellings_.size() - start));
    uint64_t prefix = 0;
    for (const char c : bytes) prefix = prefix << 8 | static_cast<uint8_t>(c);
    return prefix;
  }
  int Compare(const Key& a, const Key& b) const {
    if (a.prefix != b.prefix) return a.prefix < b.prefix ? -1 : 1;
    const absl::string_view all(spellings_);
    return all.substr(a.offset, a.size).compare(all.substr(b.offset, b.size));
  }

  const Hierarchy& h_;
  std::string spellings_;
  std::string key_;  // scratch
  std::vector<Key> keys_;
};

Hierarchy::Hierarchy(const Tree& tree, const Namer& namer)
    : tree_(tree), namer_(namer), attempts_(tree.node_count(), 0) {}

// Gives each of the entries of one directory a spelling of its own.
void Hierarchy::SpellEntries(absl::Span<const EntryId> listed, bool refuse, Siblings& siblings,
                             std::vector<NameProblem>& problems) {
  for (const EntryId entry : listed) {
    if (entry >= tree_.node_count()) continue;  // named where it belongs, or not by the tree
    const std::string refusal = namer_.Refusal(tree_.name(entry), ShowsDirectory(entry), refuse);
    if (refusal.empty()) continue;
    problems.push_back(
        {NameProblem::Kind::kMisfit, entry,
         absl::StrCat("has a name that ", refusal, "; ", Shown(entry), " would do")});
  }
  siblings.Spell(listed, Siblings::By::kFold);

  // Of siblings that are spelled alike, one keeps the plain spelling: that whose
  // name it is, else the first by name.
  std::vector<EntryId> losers;
  for (size_t i = 0; i < siblings.size(); ++i) {
    if (!siblings.SameAsNext(i)) continue;
    size_t end = i + 1;
    while (siblings.SameAsNext(end - 1)) ++end;
    EntryId keeper = siblings.entry(i);
    bool exact = Fits(keeper);
    for (size_t k = i + 1; k < end; ++k) {
      const EntryId entry = siblings.entry(k);
      const bool better = Fits(entry);
      if (better == exact ? entry < keeper : better) keeper = entry;
      exact = exact || better;
    }
    for (size_t k = i; k < end; ++k) {
      const EntryId entry = siblings.entry(k);
      if (entry == keeper) continue;
      losers.push_back(entry);
      if (!refuse || entry >= tree_.node_count() || !Fits(entry)) continue;
      problems.push_back(
          {NameProblem::Kind::kMisfit, entry,
           absl::StrCat("has a name that readers do not tell from ", Name(keeper), " beside it")});
    }
    i = end - 1;
  }
  if (losers.empty()) {
    if (namer_.HasKeys()) siblings.Spell(listed, Siblings::By::kOrder);
    return;
  }

  // The others try one variation after another, in the order of their names. Hashes
  // stand for the spellings: should two be equal by chance, a name that would have
  // been free counts as taken, on every machine alike.
  absl::flat_hash_set<uint64_t> taken;
  for (size_t i = 0; i < siblings.size(); ++i) taken.insert(StableHash(siblings.spelling(i), 0));
  std::sort(losers.begin(), losers.end());
  std::string spelling;
  for (const EntryId entry : losers) {
    int attempt = 0;
    do {
      if (++attempt == Namer::kAttempts) {
        problems.push_back({NameProblem::Kind::kTooManyAlike,
                            entry == RelocationEntry() ? tree_.root() : NodeOf(entry),
                            absl::StrCat("is one of too many names here that are spelled alike as ",
                                         Shown(entry), " for this namespace to tell them apart")});
        return;
      }
      spelling.clear();
      Spell(entry, attempt, spelling);
      namer_.Fold(spelling);
    } while (!taken.insert(StableHash(spelling, 0)).second);
    attempts_[entry] = static_cast<uint8_t>(attempt);
  }
  siblings.Spell(listed, Siblings::By::kOrder);
}

std::vector<NameProblem> Hierarchy::Build(bool refuse) {
  std::vector<NameProblem> problems;
  if (relocation_name_.empty()) {
    BuildOnce(refuse, problems);
    return problems;
  }
  // Which paths are too long hangs on spellings, and these on what is relocated: so again
  // until no path is. Each round relocates more, so it ends.
  absl::flat_hash_set<NodeId> long_paths;
  do {
    problems.clear();
    ChooseRelocated(long_paths);
    BuildOnce(refuse, problems);
  } while (problems.empty() && AddLongPaths(long_paths, problems));
  return problems;
}

void Hierarchy::BuildOnce(bool refuse, std::vector<NameProblem>& problems) {
  Siblings siblings(*this);
  std::vector<EntryId> listed_entries;
  relocation_directory_ = 0;
  std::replace_if(
      attempts_.begin(), attempts_.end(), [](uint8_t attempt) { return attempt != kOmitted; }, 0);
  entries_.clear();
  entries_.reserve(tree_.node_count());
  directories_.assign(1, Directory{tree_.root(), tree_.root(), 0, 1, 0, 0, 0});
  // Where a directory that shows in several places was listed first.
  absl::flat_hash_map<NodeId, uint32_t> listed;
  for (uint32_t i = 0; i < directories_.size(); ++i) {
    Directory d = directories_[i];
    const auto [it, first_time] =
        followed_.empty() ? std::make_pair(listed.end(), true) : listed.try_emplace(d.node, i);
    if (first_time) {
      listed_entries.clear();
      ListEntries(d.node, listed_entries);
      SpellEntries(listed_entries, refuse, siblings, problems);
      d.first_entry = static_cast<uint32_t>(entries_.size());
      d.entry_count = static_cast<uint32_t>(siblings.size());
      for (size_t k = 0; k < siblings.size(); ++k) entries_.push_back(siblings.entry(k));
    } else {
      d.first_entry = directories_[it->second].first_entry;
      d.entry_count = directories_[it->second].entry_count;
    }
    d.first_child = static_cast<uint32_t>(directories_.size());
    for (const EntryId entry : entries(d)) {
      if (entry < tree_.node_count() && IsRelocated(entry)) {
        moved_[moved_numbers_[entry]].parent = i;
        ++d.subdirectories;
      }
      if (!ShowsDirectory(entry)) continue;
      const NodeId node = NodeOf(entry);
      const auto number = static_cast<uint32_t>(directories_.size());
      if (number == kMostDirectories) {
        problems.push_back({NameProblem::Kind::kTooManyDirectories,
                            node == kNoNode ? tree_.root() : node,
                            absl::StrCat("is a directory more than the ", kMostDirectories,
                                         " that a path table numbers (ECMA-119 9.4.4)")});
        return;
      }
      if (IsMoved(entry)) {
        moved_[entry - RelocationEntry() - 1].place = number;
      } else {
        ++d.subdirectories;
      }
      const bool relocation = entry == RelocationEntry() || entry == relocation_node_;
      if (relocation) relocation_directory_ = number;
      directories_.push_back({node == kNoNode ? kNoNode : Target(node), entry, i, 0, 0, 0, 0});
    }
    directories_[i] = d;
  }
}

bool Hierarchy::IsChanged(NodeId node) const { return attempts_[node] != 0 || !Fits(node); }

std::string Hierarchy::Shown(EntryId entry) const {
  if (entry == tree_.root() || !Shows(entry)) return "";
  std::string spelling;
  AppendSpelling(entry, spelling);
  return namer_.Show(spelling);
}

std::vector<uint32_t> Hierarchy::Ordered(bool depth_first) const {
  const auto count = static_cast<uint32_t>(directories_.size());
  std::vector<uint32_t> order(count);
  if (!depth_first) {
    std::iota(order.begin(), order.end(), 0);
  } else {
    std::vector<uint32_t> next = {0};
    for (uint32_t& number : order) {
      number = next.back();
      next.pop_back();
      uint32_t end = directories_[number].first_child;
      while (end < count && directories_[end].parent == number) ++end;
      while (end > directories_[number].first_child) next.push_back(--end);
    }
  }
  if (moved_.empty()) return order;
  // libarchive learns where a relocated directory belongs when it comes to the one with
  // the placeholder, and by then has to have read all that lies in the relocation
  // directory: it loses what is relocated out of a relocated directory otherwise.
  std::vector<bool> relocated(count, false);
  for (uint32_t i = 1; i < count; ++i) {
    relocated[i] = i == relocation_directory_ || relocated[directories_[i].parent];
  }
  std::stable_partition(order.begin() + 1, order.end(), [&](uint32_t i) { return relocated[i]; });
  return order;
}

void Hierarchy::AppendRecorded(EntryId entry, std::string& out) const {
  const int attempt = attempts_[entry];
  std::string scratch;
  namer_.AppendRecorded(NameToSpell(entry, attempt, scratch), ShowsDirectory(entry), attempt, out);
}

std::string Hierarchy::Path(uint32_t directory) const {
  if (directory == 0) return "/";
  std::string path;
  for (; directory != 0; directory = directories_[directory].parent) {
    const EntryId name = directories_[directory].name;
    if (IsMoved(name)) return tree_.Path(NodeOf(name)) + path;
    path = absl::StrCat("/", Name(name), path);
  }
  return path;
}

uint32_t Hierarchy::Depth(uint32_t directory) const {
  uint32_t depth = 1;
  for (; directory != 0; directory = directories_[directory].parent) ++depth;
  return depth;
}

}  // namespace isomason
