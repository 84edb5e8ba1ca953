// -----------------------------------------------------------------------------
// File: authoring/content_paths.h
// -----------------------------------------------------------------------------
//
// By which path contents are known: to maps, to locks, and to who reads an error.
//
//   paths.PathOf(tree, content);      // "/boot/kernel", or "/boot/kernel:note"
//
#ifndef ISOMASON_AUTHORING_CONTENT_PATHS_H_
#define ISOMASON_AUTHORING_CONTENT_PATHS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/tree/node.h"
#include "layout/content.h"

namespace isomason {

// The path of a named stream, as NTFS and Windows write it: unlike that of any file, but for
// one with a colon in its name.
inline std::string StreamPath(absl::string_view owner, absl::string_view stream) {
  return absl::StrCat(owner, ":", stream);
}

struct ContentPaths {
  // By content: the first node in the order of the tree that has it, or kNoNode. What only
  // named streams have is that of the first such stream, whose name is in `streams`.
  std::vector<NodeId> nodes;
  absl::flat_hash_map<ContentId, std::string> streams;

  bool has(ContentId content) const {
    const auto i = static_cast<size_t>(content);
    return i < nodes.size() && nodes[i] != kNoNode;
  }
  // The path of a content that has one.
  std::string PathOf(const Tree& tree, ContentId content) const {
    const std::string path = tree.Path(nodes[static_cast<size_t>(content)]);
    const auto stream = streams.find(content);
    return stream == streams.end() ? path : StreamPath(path, stream->second);
  }
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_CONTENT_PATHS_H_
