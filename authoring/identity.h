// -----------------------------------------------------------------------------
// File: authoring/identity.h
// -----------------------------------------------------------------------------
//
// Who an image is: its id, and the identifiers and dates of its volume. The id is a
// digest of everything that decides about the image except file contents that no
// digest in the manifest pins: the tree with names, sizes and attributes, inline
// contents, every option, and the image version.
//
//   Volume volume = MakeVolume(manifest, resolved, contents);
//
#ifndef ISOMASON_AUTHORING_IDENTITY_H_
#define ISOMASON_AUTHORING_IDENTITY_H_

#include "authoring/manifest/manifest.pb.h"
#include "authoring/timestamp.h"
#include "authoring/tree/resolve.h"
#include "authoring/volume.h"
#include "layout/content.h"

namespace isomason {

// Both take a manifest from WithDefaults().

// The id of the image that the manifest and its resolved tree make.
ImageId MakeImageId(const manifest::Manifest& manifest, const Resolved& resolved,
                    const ContentTable& contents);

// Everything that namespaces say about the volume, with the id in it.
Volume MakeVolume(const manifest::Manifest& manifest, const Resolved& resolved,
                  const ContentTable& contents);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_IDENTITY_H_
