#include "authoring/tree/node.h"

#include "absl/strings/str_split.h"

namespace isomason {

absl::string_view DescribeType(NodeType type) {
  switch (type) {
    case NodeType::kDirectory:
      return "a directory";
    case NodeType::kFile:
      return "a file";
    case NodeType::kSymlink:
      return "a symlink";
    case NodeType::kBlockDevice:
      return "a block device";
    case NodeType::kCharacterDevice:
      return "a character device";
    case NodeType::kFifo:
      return "a FIFO";
    case NodeType::kSocket:
      return "a socket";
  }
  return "an entry";
}

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

NodeId Tree::Child(NodeId directory, absl::string_view name) const {
  NodeId low = nodes_[directory].first_child;
  const NodeId end = low + nodes_[directory].child_count;
  NodeId high = end;
  while (low < high) {
    const NodeId middle = low + (high - low) / 2;
    if (this->name(middle) < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < end && this->name(low) == name ? low : kNoNode;
}

NodeId Tree::Find(absl::string_view path) const {
  NodeId at = root();
  for (absl::string_view component : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    at = Child(at, component);
    if (at == kNoNode) break;
  }
  return at;
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
