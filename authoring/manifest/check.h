// -----------------------------------------------------------------------------
// File: authoring/manifest/check.h
// -----------------------------------------------------------------------------
//
// What a manifest says, tested as far as it can be without looking at any source
// file: paths, identifiers, dates, numbers in range, options that contradict each
// other. Everything wrong is reported at once, each with its place and a remedy.
// What stands twice at one path, and what is missing among the sources, is found
// when the tree is resolved.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_H_

#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"

namespace isomason {

// Adds every problem to `diagnostics`; true when there is none.
bool CheckManifest(const LoadedManifest& loaded, Diagnostics* diagnostics);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_H_
