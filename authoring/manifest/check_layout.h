// -----------------------------------------------------------------------------
// File: authoring/manifest/check_layout.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about `layout`: sizes, alignments, and the globs
// that say in which order contents lie.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_LAYOUT_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_LAYOUT_H_

#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"

namespace isomason {

void CheckLayout(const LoadedManifest& loaded, Diagnostics* diagnostics);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_LAYOUT_H_
