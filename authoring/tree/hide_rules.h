// -----------------------------------------------------------------------------
// File: authoring/tree/hide_rules.h
// -----------------------------------------------------------------------------
//
// From the manifest's `hide` rules to what they hide of a tree.
//
//   const std::vector<int> idle = ApplyHideRules(manifest, tree, &hiding);
//
#ifndef ISOMASON_AUTHORING_TREE_HIDE_RULES_H_
#define ISOMASON_AUTHORING_TREE_HIDE_RULES_H_

#include <vector>

#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/hiding.h"
#include "authoring/tree/node.h"

namespace isomason {

// The namespaces that an image of this manifest has.
std::vector<Namespace> NamespacesOf(const manifest::Manifest& manifest);

// Applies the rules of a manifest that has passed CheckManifest(), and returns the
// numbers of those that match nothing.
std::vector<int> ApplyHideRules(const manifest::Manifest& manifest, const Tree& tree,
                                Hiding* hiding);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_HIDE_RULES_H_
