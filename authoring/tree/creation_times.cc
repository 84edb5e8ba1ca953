#include "authoring/tree/creation_times.h"

#include <algorithm>

namespace isomason {

CreationTimes CreationTimes::Of(const manifest::Manifest& manifest, const Tree& tree,
                                const std::vector<uint32_t>& origins) {
  CreationTimes all;
  const auto says = [](const manifest::Entry& entry) { return !entry.created().empty(); };
  if (std::none_of(manifest.entry().begin(), manifest.entry().end(), says)) return all;
  // By entry: the node at its path, and when it was made.
  struct Said {
    NodeId node = kNoNode;
    Timestamp time;
    bool all_below = false;
  };
  std::vector<Said> said(static_cast<size_t>(manifest.entry_size()));
  for (size_t i = 0; i < said.size(); ++i) {
    const manifest::Entry& entry = manifest.entry(static_cast<int>(i));
    const auto time = ParseTimestamp(entry.created());
    if (!says(entry) || !time.ok()) continue;
    said[i] = {tree.Find(entry.path()), *time, entry.has_tree() || entry.has_archive()};
  }
  // An entry also brings the directories above it that were not there.
  const auto is_below = [&tree](NodeId node, NodeId top) {
    while (node > top) node = tree.parent(node);
    return node == top;
  };
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    if (origins[n] >= said.size()) continue;
    const Said& s = said[origins[n]];
    if (s.node == kNoNode || (n != s.node && !(s.all_below && is_below(n, s.node)))) continue;
    all.Set(tree.inode_id(n), s.time);
  }
  return all;
}

}  // namespace isomason
