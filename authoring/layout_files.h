// -----------------------------------------------------------------------------
// File: authoring/layout_files.h
// -----------------------------------------------------------------------------
//
// Reads the lists that `layout` names: weights as for mkisofs's -sort, orders as for
// oscdimg's -yo, locks. Lists become rules like those that the manifest itself has, so
// that an image depends on what a list says and not on where it stands.
//
//   if (!ReadLayoutFiles(loaded, source_root, &contents, &manifest, &lock, &diagnostics)) ...
//
#ifndef ISOMASON_AUTHORING_LAYOUT_FILES_H_
#define ISOMASON_AUTHORING_LAYOUT_FILES_H_

#include <cstdint>
#include <string>

#include "authoring/lock.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/manifest/manifest.pb.h"
#include "layout/content.h"

namespace isomason {

// No list is larger than this, in bytes.
inline constexpr uint64_t kLargestLayoutFile = uint64_t{256} << 20;

// Puts the rules of the files that `manifest->layout()` names before its own, and takes
// the names of the files out; in place of that of the lock stands the digest of what it
// says, when that is anything. Relative names start at `source_root`; the files become
// contents that nothing places, for those who ask what was read. False when `diagnostics`
// got something.
bool ReadLayoutFiles(const LoadedManifest& loaded, const std::string& source_root,
                     ContentTable* contents, manifest::Manifest* manifest, Lock* lock,
                     Diagnostics* diagnostics);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_LAYOUT_FILES_H_
