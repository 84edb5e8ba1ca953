#include "authoring/tree/named_streams.h"

namespace isomason {

NamedStreams NamedStreamsOf(const manifest::Manifest& manifest, const Tree& tree) {
  NamedStreams all;
  for (const manifest::Entry& entry : manifest.entry()) {
    if (entry.udf_stream().empty() && all.empty()) continue;
    const NodeId node = tree.Find(entry.path());
    if (node == kNoNode) continue;
    if (!entry.udf_stream().empty()) {
      std::vector<NamedStream>& streams = all[node];
      streams.clear();
      for (const manifest::UdfStream& stream : entry.udf_stream()) {
        streams.push_back({stream.name(), stream.has_text() ? stream.text() : stream.bytes()});
      }
    } else if (!entry.has_directory() && !entry.has_tree()) {
      all.erase(node);
    }
  }
  return all;
}

}  // namespace isomason
