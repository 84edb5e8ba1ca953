#include "authoring/tree/named_streams.h"

#include <utility>

namespace isomason {

NamedStreams NamedStreamsOf(const manifest::Manifest& manifest, const Tree& tree,
                            std::map<uint32_t, std::vector<NamedStream>> by_entry) {
  NamedStreams all;
  if (by_entry.empty()) return all;
  for (int i = 0; i < manifest.entry_size(); ++i) {
    const manifest::Entry& entry = manifest.entry(i);
    const auto made = by_entry.find(static_cast<uint32_t>(i));
    if (made == by_entry.end() && all.empty()) continue;
    const NodeId node = tree.Find(entry.path());
    if (node == kNoNode) continue;
    if (made != by_entry.end()) {
      all[node] = std::move(made->second);
    } else if (!entry.has_directory() && !entry.has_tree()) {
      all.erase(node);
    }
  }
  return all;
}

}  // namespace isomason
