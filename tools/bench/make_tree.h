// -----------------------------------------------------------------------------
// File: tools/bench/make_tree.h
// -----------------------------------------------------------------------------
//
// Trees of files to measure with, the same ones everywhere: names, sizes and bytes
// come from a seed.
//
#ifndef ISOMASON_TOOLS_BENCH_MAKE_TREE_H_
#define ISOMASON_TOOLS_BENCH_MAKE_TREE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace isomason {

struct TreeShape {
  uint32_t files = 70000;
  // Files in one directory, on average; directories nest up to `depth` levels.
  uint32_t files_per_directory = 15;
  uint32_t depth = 9;
  // Sizes are spread like those of source files: many small ones, few large ones.
  uint32_t typical_size = 6000;  // bytes; 0 makes every file empty
};

// Makes the tree below the host folder `dir`, which exists and is empty.
absl::Status MakeTree(const TreeShape& shape, const std::string& dir);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BENCH_MAKE_TREE_H_
