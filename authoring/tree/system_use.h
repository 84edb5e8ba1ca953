// -----------------------------------------------------------------------------
// File: authoring/tree/system_use.h
// -----------------------------------------------------------------------------
//
// What entries of the manifest say for the system use field of their directory records
// (ECMA-119 9.1.13). Few do, so this lies beside the tree.
//
#ifndef ISOMASON_AUTHORING_TREE_SYSTEM_USE_H_
#define ISOMASON_AUTHORING_TREE_SYSTEM_USE_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/node.h"

namespace isomason {

struct SystemUse {
  std::string bytes;
  std::string field;  // "entry[4].system_use"
};
using SystemUses = absl::flat_hash_map<NodeId, SystemUse>;

// By the nodes that entries name. Where one replaces another, that one counts; a directory
// keeps what the last entry said that said something.
SystemUses SystemUsesOf(const manifest::Manifest& manifest, const Tree& tree);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_SYSTEM_USE_H_
