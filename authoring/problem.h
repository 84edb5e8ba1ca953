// -----------------------------------------------------------------------------
// File: authoring/problem.h
// -----------------------------------------------------------------------------
//
// What a namespace or the boot catalog cannot hold: collected while the tree is
// projected, so that one run shows all of it. A namespace knows the entry, author
// knows where in the manifest that came from (blame.h).
//
//   problems->push_back({.node = link, .where = "joliet",
//                        .message = "is a symlink, which Joliet cannot hold",
//                        .remedy = "set `iso9660.joliet.symlinks: OMIT`"});
//
#ifndef ISOMASON_AUTHORING_PROBLEM_H_
#define ISOMASON_AUTHORING_PROBLEM_H_

#include <string>
#include <vector>

#include "authoring/tree/node.h"

namespace isomason {

struct Problem {
  NodeId node = kNoNode;  // the entry to blame, or kNoNode when that is
  std::string field{};    // this field of the manifest: "volume.copyright_file"
  std::string where;      // "iso9660", "joliet", "udf", "boot"
  // What is wrong. For a node, the end of a sentence that begins with its path.
  std::string message;
  // What to do about it, in words of the manifest. Equal remedies are about problems
  // of one kind.
  std::string remedy;
};

using Problems = std::vector<Problem>;

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_PROBLEM_H_
