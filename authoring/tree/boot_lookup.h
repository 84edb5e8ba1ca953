// -----------------------------------------------------------------------------
// File: authoring/tree/boot_lookup.h
// -----------------------------------------------------------------------------
//
// Finds what the manifest's `boot` names in a tree that has been resolved.
//
#ifndef ISOMASON_AUTHORING_TREE_BOOT_LOOKUP_H_
#define ISOMASON_AUTHORING_TREE_BOOT_LOOKUP_H_

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/tree/resolve.h"

namespace isomason {

// Fills in the boot catalog, the boot images, and what boot blocks name. `is_lost` says whether a
// path is missing for a reason that has been told; then nothing is said of it.
void FindBootImages(const LoadedManifest& loaded,
                    absl::FunctionRef<bool(absl::string_view)> is_lost, Resolved* resolved,
                    Diagnostics* diagnostics);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_BOOT_LOOKUP_H_
