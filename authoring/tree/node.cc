#include "authoring/tree/node.h"

#include <algorithm>

#include "absl/strings/str_split.h"

namespace isomason {

std::string Tree::Path(NodeId n) const {
  if (n == root()) return "/";
  std::vector<absl::string_view> names;
  for (; n != root(); n = parent(n)) names.push_back(name(n));
  std::string path;
  for (auto it = names.rbegin(); it != names.rend(); ++it) {
    path += '/';
    path.append(it->data(), it->size());
  }
  return path;
}

NodeId Tree::Find(absl::string_view path) const {
  NodeId at = root();
  for (absl::string_view component : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    const Node& directory = nodes_[at];
    NodeId low = directory.first_child;
    NodeId high = low + directory.child_count;
    while (low < high) {
      const NodeId middle = low + (high - low) / 2;
      if (name(middle) < component) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == directory.first_child + directory.child_count || name(low) != component) {
      return kNoNode;
    }
    at = low;
  }
  return at;
}

uint32_t Tree::Depth(NodeId n) const {
  uint32_t depth = 1;
  for (; n != root(); n = parent(n)) ++depth;
  return depth;
}

std::string NormalTarget(absl::string_view target) {
  std::string normal;
  if (!target.empty() && target[0] == '/') normal = "/";
  bool first = true;
  for (absl::string_view component : absl::StrSplit(target, '/', absl::SkipEmpty())) {
    if (!first) normal.push_back('/');
    first = false;
    normal.append(component.data(), component.size());
  }
  return normal;
}

}  // namespace isomason
