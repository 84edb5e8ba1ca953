#include "authoring/iso9660/path_length.h"

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace isomason {
namespace {

// A spelling has at most as many units as the name has bytes, and these that a
// variation adds.
constexpr size_t kVariation = 13;

}  // namespace

LongPaths FindLongPaths(const Tree& tree, const Hierarchy& hierarchy, size_t most) {
  LongPaths paths;
  const std::vector<Hierarchy::Directory>& directories = hierarchy.directories();
  std::vector<size_t> units(directories.size(), 0);
  std::vector<NodeId> links(directories.size(), kNoNode);
  std::string spelling;
  for (uint32_t i = 0; i < directories.size(); ++i) {
    const size_t before = i == 0 ? 0 : units[i] + 1;  // with the slash
    uint32_t next_child = directories[i].first_child;
    for (const NodeId entry : hierarchy.entries(directories[i])) {
      const bool directory = hierarchy.ShowsDirectory(entry);
      size_t length = before + tree.name(entry).size() + kVariation;
      if (directory || length > most) {
        spelling.clear();
        hierarchy.AppendSpelling(entry, spelling);
        length = before + spelling.size() / 2;
      }
      if (directory) {
        links[next_child] = hierarchy.Target(entry) == entry ? links[i] : entry;
        units[next_child++] = length;
      }
      if (length <= most) continue;
      const LongPath path{entry, links[i], length};
      if (i == 0 || units[i] <= most) paths.outermost.push_back(path);
      ++paths.count;
      if (length > paths.longest.units) paths.longest = path;
    }
  }
  return paths;
}

}  // namespace isomason
