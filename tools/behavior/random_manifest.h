// -----------------------------------------------------------------------------
// File: tools/behavior/random_manifest.h
// -----------------------------------------------------------------------------
//
// Random options for property tests: a manifest over the source tree "tree", as a list
// of settings of which each can be left out, so that a failure shrinks to the settings
// that it takes.
//
#ifndef ISOMASON_TOOLS_BEHAVIOR_RANDOM_MANIFEST_H_
#define ISOMASON_TOOLS_BEHAVIOR_RANDOM_MANIFEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "authoring/manifest/manifest.pb.h"
#include "tools/oracle/listing.h"

namespace isomason {

struct RandomSetting {
  std::string message;  // "iso9660.joliet"; the message is there when a setting of it is
  std::string text;     // "name_limit: 64"; may be empty
};
using RandomManifest = std::vector<RandomSetting>;

// The options of a seed. What a namespace cannot hold is allowed to be changed, left out
// or followed, so that every tree can be made with them.
RandomManifest MakeRandomManifest(uint64_t seed);

// The manifest in text form.
std::string ManifestText(const RandomManifest& settings);

// What an image has to show, by true paths: an independent reading of what a manifest
// from above says about the tree `host` on the host.
Listing ExpectedOf(const manifest::Manifest& manifest, const Listing& host);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BEHAVIOR_RANDOM_MANIFEST_H_
