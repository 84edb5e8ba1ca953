// -----------------------------------------------------------------------------
// File: authoring/media.h
// -----------------------------------------------------------------------------
//
// What discs hold, and whether an image fits on the one that its manifest names.
//
//   CheckMedium(manifest, at.image_size(), &problems);
//   const Medium* medium = MediumOf(manifest);   // null: any size will do
//
#ifndef ISOMASON_AUTHORING_MEDIA_H_
#define ISOMASON_AUTHORING_MEDIA_H_

#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "layout/units.h"

namespace isomason {

struct Medium {
  manifest::Media media;
  Block capacity;
  const char* what;  // for sentences: "a CD of 80 minutes"
};

// What `layout.media` names, or null when it names nothing.
const Medium* MediumOf(const manifest::Manifest& manifest);

// Adds a problem when an image of this size does not fit on the medium of the manifest.
void CheckMedium(const manifest::Manifest& manifest, ByteCount size, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MEDIA_H_
