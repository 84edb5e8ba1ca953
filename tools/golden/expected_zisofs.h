// -----------------------------------------------------------------------------
// File: tools/golden/expected_zisofs.h
// -----------------------------------------------------------------------------
//
// What readers see of compressed files that do not decompress: an own, small writer of
// zisofs, so that a mistake of the engine's cannot hide in it.
//
#ifndef ISOMASON_TOOLS_GOLDEN_EXPECTED_ZISOFS_H_
#define ISOMASON_TOOLS_GOLDEN_EXPECTED_ZISOFS_H_

#include <string>

#include "authoring/manifest/manifest.pb.h"

namespace isomason {

// The bytes that are stored for the file at `path` in place of `bytes`; empty when it is
// not compressed. What stays as it is whatever its path is known only for boot images.
std::string ExpectedZisofs(const manifest::Manifest& manifest, const std::string& path,
                           const std::string& bytes);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_GOLDEN_EXPECTED_ZISOFS_H_
