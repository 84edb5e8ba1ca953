// -----------------------------------------------------------------------------
// File: tools/golden/expected.h
// -----------------------------------------------------------------------------
//
// What readers have to show of an image, straight from its manifest: an own, small
// reading of the manifest, so that a mistake of the engine's cannot hide in it. Knows
// inline entries, zeros, parts and ranges of source files, directories, symlinks and hard
// links, and attributes that the manifest or an entry gives; no source trees, rules and
// overlays.
//
#ifndef ISOMASON_TOOLS_GOLDEN_EXPECTED_H_
#define ISOMASON_TOOLS_GOLDEN_EXPECTED_H_

#include <string>

#include "absl/status/statusor.h"
#include "authoring/manifest/manifest.pb.h"
#include "tools/oracle/listing.h"

namespace isomason {

// A text in a normal form of Unicode; what is not UTF-8 comes back as it is.
std::string InNormalForm(const std::string& text, bool composed);

// With small letters alone, by Unicode's simple case folding.
std::string CaseFolded(const std::string& text);

// InvalidArgument when the manifest holds what is not known here. Sources lie below
// `directory`.
absl::StatusOr<Listing> ExpectedListing(const manifest::Manifest& manifest,
                                        const std::string& directory);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_GOLDEN_EXPECTED_H_
