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
  std::string needs{};  // the message or text of another without which this one is an error
};
using RandomManifest = std::vector<RandomSetting>;

// The options of a seed. What a namespace cannot hold is allowed to be changed, left out
// or followed, so that every tree can be made with them.
RandomManifest MakeRandomManifest(uint64_t seed);

// The manifest in text form, without settings that lack what they need. Its source is the
// directory "tree" unless a setting names an archive.
std::string ManifestText(const RandomManifest& settings);

// The archive that a manifest takes its tree from: its name and how tar makes it of "tree".
// Empty when it is the directory.
struct RandomArchive {
  std::string name;
  std::string options;  // "--format=pax --zstd"
};
RandomArchive ArchiveOf(const manifest::Manifest& manifest);

// The last component of what a `hide` setting matches, with `*`; empty for other settings.
std::string HiddenName(const RandomSetting& setting);

// What an image has to show, by true paths: an independent reading of what a manifest
// from above says about the tree `host` on the host.
Listing ExpectedOf(const manifest::Manifest& manifest, const Listing& host);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BEHAVIOR_RANDOM_MANIFEST_H_
