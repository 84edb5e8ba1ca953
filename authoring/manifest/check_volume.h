// -----------------------------------------------------------------------------
// File: authoring/manifest/check_volume.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about `volume`: the label, the other identifiers
// and the dates.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_VOLUME_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_VOLUME_H_

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

void CheckVolume(const manifest::Manifest& manifest, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_VOLUME_H_
