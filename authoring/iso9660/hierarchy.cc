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

  // Spells the shown children of `directory` and sorts them. By 9.3 a name is
  // compared as if padded with spaces, then the extension, then the version. That
  // is the order of most spellings as bytes, for a dot sorts after a space and
  // before every d-character; in Joliet, a name sorts before those it begins. A namer
  // with other characters has keys for that, and for which names are alike.
  void Spell(NodeId directory, By by) {
    spellings_.clear();
    keys_.clear();
    for (const NodeId child : h_.tree_.children(directory)) {
      if (!h_.Shows(child)) continue;
      const size_t start = spellings_.size();
      h_.namer_.Append(h_.tree_.name(child), h_.ShowsDirectory(child), h_.attempts_[child],
                       spellings_);
      if (h_.namer_.HasKeys()) {
        key_.assign(spellings_, start);
        by == By::kFold ? h_.namer_.Fold(key_) : h_.namer_.MakeSortable(key_);
        spellings_.replace(start, std::string::npos, key_);
      }
      keys_.push_back(
          {Prefix(start), start, child, static_cast<uint32_t>(spellings_.size() - start)});
    }
    const auto less = [this](const Key& a, const Key& b) { return Compare(a, b) < 0; };
    if (!std::is_sorted(keys_.begin(), keys_.end(), less)) {
      std::sort(keys_.begin(), keys_.end(), less);
    }
  }

  size_t size() const { return keys_.size(); }
  NodeId node(size_t i) const { return keys_[i].node; }
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
    NodeId node;
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

// Gives each shown child a spelling of its own.
void Hierarchy::SpellChildren(NodeId directory, bool refuse, Siblings& siblings,
                              std::vector<NameProblem>& problems) {
  for (const NodeId child : tree_.children(directory)) {
    if (!Shows(child)) continue;
    const std::string refusal = namer_.Refusal(tree_.name(child), ShowsDirectory(child), refuse);
    if (refusal.empty()) continue;
    problems.push_back(
        {NameProblem::Kind::kMisfit, child,
         absl::StrCat("has a name that ", refusal, "; ", Shown(child), " would do")});
  }
  siblings.Spell(directory, Siblings::By::kFold);

  // Of siblings that are spelled alike, one keeps the plain spelling: that whose
  // name it is, else the first by name.
  std::vector<NodeId> losers;
  for (size_t i = 0; i < siblings.size(); ++i) {
    if (!siblings.SameAsNext(i)) continue;
    size_t end = i + 1;
    while (siblings.SameAsNext(end - 1)) ++end;
    const auto is_exact = [&](NodeId node) {
      return namer_.Misfit(tree_.name(node), ShowsDirectory(node)).empty();
    };
    NodeId keeper = siblings.node(i);
    bool exact = is_exact(keeper);
    for (size_t k = i + 1; k < end; ++k) {
      const NodeId node = siblings.node(k);
      const bool better = is_exact(node);
      if (better == exact ? node < keeper : better) keeper = node;
      exact = exact || better;
    }
    for (size_t k = i; k < end; ++k) {
      const NodeId node = siblings.node(k);
      if (node == keeper) continue;
      losers.push_back(node);
      if (!refuse || !is_exact(node)) continue;
      problems.push_back({NameProblem::Kind::kMisfit, node,
                          absl::StrCat("has a name that readers do not tell from ",
                                       tree_.name(keeper), " beside it")});
    }
    i = end - 1;
  }
  if (losers.empty()) {
    if (namer_.HasKeys()) siblings.Spell(directory, Siblings::By::kOrder);
    return;
  }

  // The others try one variation after another, in the order of their names. Hashes
  // stand for the spellings: should two be equal by chance, a name that would have
  // been free counts as taken, on every machine alike.
  absl::flat_hash_set<uint64_t> taken;
  for (size_t i = 0; i < siblings.size(); ++i) taken.insert(StableHash(siblings.spelling(i), 0));
  std::sort(losers.begin(), losers.end());
  std::string spelling;
  for (const NodeId node : losers) {
    int attempt = 0;
    do {
      if (++attempt == Namer::kAttempts) {
        problems.push_back({NameProblem::Kind::kTooManyAlike, node,
                            absl::StrCat("is one of too many names here that are spelled alike as ",
                                         Shown(node), " for this namespace to tell them apart")});
        return;
      }
      spelling.clear();
      namer_.Append(tree_.name(node), ShowsDirectory(node), attempt, spelling);
      namer_.Fold(spelling);
    } while (!taken.insert(StableHash(spelling, 0)).second);
    attempts_[node] = static_cast<uint8_t>(attempt);
  }
  siblings.Spell(directory, Siblings::By::kOrder);
}

std::vector<NameProblem> Hierarchy::Build(bool refuse) {
  std::vector<NameProblem> problems;
  Siblings siblings(*this);
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
      SpellChildren(d.node, refuse, siblings, problems);
      d.first_entry = static_cast<uint32_t>(entries_.size());
      d.entry_count = static_cast<uint32_t>(siblings.size());
      for (size_t k = 0; k < siblings.size(); ++k) entries_.push_back(siblings.node(k));
    } else {
      d.first_entry = directories_[it->second].first_entry;
      d.entry_count = directories_[it->second].entry_count;
    }
    d.first_child = static_cast<uint32_t>(directories_.size());
    for (const NodeId entry : entries(d)) {
      const NodeId target = Target(entry);
      if (!tree_.is_directory(target)) continue;
      if (directories_.size() == kMostDirectories) {
        problems.push_back({NameProblem::Kind::kTooManyDirectories, entry,
                            absl::StrCat("is a directory more than the ", kMostDirectories,
                                         " that a path table numbers (ECMA-119 9.4.4)")});
        return problems;
      }
      directories_.push_back({target, entry, i, 0, 0, 0, 0});
    }
    d.child_count = static_cast<uint32_t>(directories_.size()) - d.first_child;
    directories_[i] = d;
  }
  return problems;
}

bool Hierarchy::IsChanged(NodeId node) const {
  return attempts_[node] != 0 || !namer_.Misfit(tree_.name(node), ShowsDirectory(node)).empty();
}

std::string Hierarchy::Shown(NodeId node) const {
  if (node == tree_.root() || !Shows(node)) return "";
  std::string spelling;
  namer_.Append(tree_.name(node), ShowsDirectory(node), attempts_[node], spelling);
  return namer_.Show(spelling);
}

std::vector<uint32_t> Hierarchy::Ordered(bool depth_first) const {
  std::vector<uint32_t> order(directories_.size());
  if (!depth_first) {
    std::iota(order.begin(), order.end(), 0);
    return order;
  }
  std::vector<uint32_t> next = {0};
  for (uint32_t& number : order) {
    number = next.back();
    next.pop_back();
    const Directory& d = directories_[number];
    for (uint32_t i = d.child_count; i > 0; --i) next.push_back(d.first_child + i - 1);
  }
  return order;
}

std::string Hierarchy::Path(uint32_t directory) const {
  if (directory == 0) return "/";
  std::string path;
  for (; directory != 0; directory = directories_[directory].parent) {
    path = absl::StrCat("/", tree_.name(directories_[directory].name), path);
  }
  return path;
}

uint32_t Hierarchy::Depth(uint32_t directory) const {
  uint32_t depth = 1;
  for (; directory != 0; directory = directories_[directory].parent) ++depth;
  return depth;
}

}  // namespace isomason
