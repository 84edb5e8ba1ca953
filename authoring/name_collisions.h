// -----------------------------------------------------------------------------
// File: authoring/name_collisions.h
// -----------------------------------------------------------------------------
//
// Names in one directory that are two on the disc and one to a reader: because it does
// not tell small and capital letters apart, or one letter from the same letter in other
// characters.
//
//   CheckCollisions(tree, "joliet", name_of, policy, &remarks, &problems);
//
#ifndef ISOMASON_AUTHORING_NAME_COLLISIONS_H_
#define ISOMASON_AUTHORING_NAME_COLLISIONS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/node.h"

namespace isomason {

struct CollisionOptions {
  // Whether names that differ in case, or in normalization, alone are refused. Else there
  // is a remark.
  bool refuse_case = false;
  bool refuse_normalization = false;
};

// Compares what `name_of` calls the children of each directory in the namespace `where`
// (empty: not there). Of names that collide, all but the first in tree order are blamed.
void CheckCollisions(const Tree& tree, absl::string_view where,
                     absl::FunctionRef<std::string(NodeId)> name_of,
                     const CollisionOptions& options, Remarks* remarks, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_NAME_COLLISIONS_H_
