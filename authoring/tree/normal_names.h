// -----------------------------------------------------------------------------
// File: authoring/tree/normal_names.h
// -----------------------------------------------------------------------------
//
// The normal form of Unicode that a manifest wants of names: of the paths, globs and
// targets that it writes itself, and of what source trees bring.
//
//   if (const auto form = NormalFormOf(manifest)) NormalizePaths(*form, &manifest, &remarks);
//
#ifndef ISOMASON_AUTHORING_TREE_NORMAL_NAMES_H_
#define ISOMASON_AUTHORING_TREE_NORMAL_NAMES_H_

#include <optional>

#include "authoring/manifest/manifest.pb.h"
#include "authoring/remark.h"
#include "authoring/unicode/normal.h"

namespace isomason {

// Nothing when names are to stay what they are.
std::optional<NormalForm> NormalFormOf(const manifest::Manifest& manifest);

// Brings every path of the image, every glob over such paths and every target of a
// symlink into the form. Paths of the host stay. Remarks on entries that change.
void NormalizePaths(NormalForm form, manifest::Manifest* manifest, Remarks* remarks);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_NORMAL_NAMES_H_
