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

#include <string>

#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"

namespace isomason {

// Adds every problem to `diagnostics`; true when there is none.
bool CheckManifest(const LoadedManifest& loaded, Diagnostics* diagnostics);

// What is wrong with `path` as a path in the image, or empty: absolute, without
// empty, `.` and `..` components, in UTF-8 without NUL, at most 4096 bytes of
// components of at most 255. `remedy` may be null.
std::string ImagePathProblem(absl::string_view path, std::string* remedy);

// What is wrong with `pattern` as a glob over paths in the image, or empty. `remedy` is
// not null.
std::string GlobProblem(absl::string_view pattern, std::string* remedy);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_H_
