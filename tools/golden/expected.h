// -----------------------------------------------------------------------------
// File: tools/golden/expected.h
// -----------------------------------------------------------------------------
//
// What readers have to show of an image, straight from its manifest: an own, small
// reading of the manifest, so that a mistake of the engine's cannot hide in it. Knows
// inline entries, directories, symlinks and hard links, and attributes that the
// manifest or an entry gives; no sources, rules and overlays.
//
#ifndef ISOMASON_TOOLS_GOLDEN_EXPECTED_H_
#define ISOMASON_TOOLS_GOLDEN_EXPECTED_H_

#include "absl/status/statusor.h"
#include "authoring/manifest/manifest.pb.h"
#include "tools/oracle/listing.h"

namespace isomason {

// InvalidArgument when the manifest holds what is not known here.
absl::StatusOr<Listing> ExpectedListing(const manifest::Manifest& manifest);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_GOLDEN_EXPECTED_H_
