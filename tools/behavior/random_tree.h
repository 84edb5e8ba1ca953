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
#include <string>
#include <vector>

namespace isomason {

struct RandomEntry {
  enum class Kind { kFile, kDirectory, kSymlink, kHardLink, kFifo, kSocket, kCharacter, kBlock };

  Kind kind = Kind::kFile;
  std::string path;    // "a/b": relative; its directory comes before it
  uint64_t size = 0;   // of a file
  uint64_t seed = 0;   // of a file's bytes: files with one seed and size are equal
  std::string target;  // of a symlink; the path that a hard link is another name of
  uint32_t mode = 0644;
  uint32_t owner = 0, group = 0;
  uint32_t major = 0, minor = 0;  // of a device
  int64_t time = 0;
};
using RandomTree = std::vector<RandomEntry>;

// The tree of a seed. Names are short and long (up to 253 bytes), plain and odd, with
// blanks and dots at both ends, in several scripts, and equal to each other once they
// are cut, mangled or folded; every type of entry has hard links; sizes lie around block
// borders; some trees are deep, some have a directory of hundreds of entries.
RandomTree MakeRandomTree(uint64_t seed);

// Puts the tree below the host folder `dir`, which is there. An entry whose directory or
// hard link target is missing is left out. Returns how many the host did not let us make:
// devices need a privilege. Owners that need one stay as they are.
int WriteTree(const RandomTree& tree, const std::string& dir);

// One line an entry, for a person.
std::string Describe(const RandomTree& tree);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BEHAVIOR_RANDOM_TREE_H_
