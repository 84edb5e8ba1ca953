// -----------------------------------------------------------------------------
// File: authoring/presets.h
// -----------------------------------------------------------------------------
//
// The layouts that distributions ship, by name: a preset fills in what the manifest leaves
// unset of `boot`, and of `iso9660` and `udf` where it has none of them. What it fills in could
// be written out; the image is the same one. docs/presets.md says who ships which, and why.
//
//   manifest::Manifest m = ...;                    // boot { preset: UEFI_ONLY }
//   for (const std::string& line : ApplyPreset(&m)) ...   // "boot.system_area { gpt {} }"
//
#ifndef ISOMASON_AUTHORING_PRESETS_H_
#define ISOMASON_AUTHORING_PRESETS_H_

#include <string>
#include <vector>

#include "authoring/manifest/manifest.pb.h"

namespace isomason {

// What a preset cannot fill in because only the user knows it.
struct MissingPart {
  std::string field;    // to blame: "boot.preset", or a part of the manifest that contradicts it
  std::string message;  // the end of a sentence that begins with the field
  std::string remedy;
};

// What the preset of a manifest lacks; nothing when there is none.
std::vector<MissingPart> MissingParts(const manifest::Manifest& manifest);

// Fills in what the preset says, and takes the preset's name out. Returns what was filled in, as
// it would be written. Does nothing without a preset.
std::vector<std::string> ApplyPreset(manifest::Manifest* manifest);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_PRESETS_H_
