// -----------------------------------------------------------------------------
// File: authoring/iso9660/path_length.h
// -----------------------------------------------------------------------------
//
// How long paths are in Joliet: the units of UTF-16 of all names on the way, without
// versions, and one for each slash between them. Its specification allows 240 bytes;
// libarchive reads 1024 and gives up the image at the first that is longer.
//
//   const LongPaths paths = FindLongPaths(tree, hierarchy, kSpecifiedPath);
//
#ifndef ISOMASON_AUTHORING_ISO9660_PATH_LENGTH_H_
#define ISOMASON_AUTHORING_ISO9660_PATH_LENGTH_H_

#include <cstddef>
#include <vector>

#include "authoring/iso9660/hierarchy.h"
#include "authoring/tree/node.h"

namespace isomason {

inline constexpr size_t kSpecifiedPath = 120;  // units; the Joliet specification
inline constexpr size_t kReadablePath = 512;   // units; libarchive

struct LongPath {
  NodeId entry;
  // When the way there leads through a directory that stands in the place of a symlink,
  // that symlink (the last of them), else kNoNode.
  NodeId link;
  size_t units;
};

struct LongPaths {
  // In the order of directories. Of a directory, and all in it, the directory alone.
  std::vector<LongPath> outermost;
  size_t count = 0;  // all of them
  LongPath longest{kNoNode, kNoNode, 0};
};

// The paths of more than `most` units in a hierarchy of UTF-16 names that was built.
LongPaths FindLongPaths(const Tree& tree, const Hierarchy& hierarchy, size_t most);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_PATH_LENGTH_H_
