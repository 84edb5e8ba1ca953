// -----------------------------------------------------------------------------
// File: tools/behavior/random_tree.h
// -----------------------------------------------------------------------------
//
// Random trees for property tests: a list of entries from a seed, which can be made
// smaller by leaving entries out, and put onto the host.
//
#ifndef ISOMASON_TOOLS_BEHAVIOR_RANDOM_TREE_H_
#define ISOMASON_TOOLS_BEHAVIOR_RANDOM_TREE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace isomason {

struct RandomEntry {
  enum class Kind { kFile, kDirectory, kSymlink, kHardLink } kind;
  std::string path;    // "a/b": relative; its directory comes before it
  uint64_t size = 0;   // of a file
  uint64_t seed = 0;   // of a file's bytes: files with one seed and size are equal
  std::string target;  // of a symlink or hard link
  uint32_t mode = 0644;
  int64_t time = 0;
};
using RandomTree = std::vector<RandomEntry>;

// The tree of a seed: names short and long, plain and odd, that collide where they are
// shortened; depth; sizes around block borders; links; equal files.
RandomTree MakeRandomTree(uint64_t seed);

// Puts the tree below the host folder `dir`, which is there. An entry whose directory or
// hard link target is missing is left out.
void WriteTree(const RandomTree& tree, const std::string& dir);

// The smallest tree that can be found, by leaving entries out, for which `fails` still
// holds; it holds for `tree`.
RandomTree Shrink(RandomTree tree, const std::function<bool(const RandomTree&)>& fails);

// One line an entry, for a person.
std::string Describe(const RandomTree& tree);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BEHAVIOR_RANDOM_TREE_H_
