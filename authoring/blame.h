// -----------------------------------------------------------------------------
// File: authoring/blame.h
// -----------------------------------------------------------------------------
//
// Says which field of the manifest a problem of a namespace is about, so that it
// reads like any other problem of the manifest:
//
//   rescue.textproto:9:32: entry[2].tree.source: "/etc/what?" has a name that ...
//
//   Blame(problems, loaded, resolved, &diagnostics);
//
#ifndef ISOMASON_AUTHORING_BLAME_H_
#define ISOMASON_AUTHORING_BLAME_H_

#include <string>

#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/problem.h"
#include "authoring/tree/resolve.h"

namespace isomason {

// The field that put a node where it is: "entry[3].path" for what an entry says
// itself, with the directories above it; "entry[3].tree.source" for what stands below
// a source tree; "boot.catalog" for the catalog; "" for a root that no entry names.
std::string FieldToBlame(const manifest::Manifest& manifest, const Resolved& resolved, NodeId node);

// Of problems of one kind with one field, which a source tree may have by the
// thousand, this many are told one by one.
inline constexpr size_t kMostAlike = 10;

// Adds `problems` to `diagnostics`, the entries of one field in the order of the tree,
// those of one kind together.
void Blame(const Problems& problems, const LoadedManifest& loaded, const Resolved& resolved,
           Diagnostics* diagnostics);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_BLAME_H_
