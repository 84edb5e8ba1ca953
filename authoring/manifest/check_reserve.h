// -----------------------------------------------------------------------------
// File: authoring/manifest/check_reserve.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about reserved areas and their maps.
//
//   CheckReserve(manifest, report);
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_RESERVE_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_RESERVE_H_

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

// Checks the areas of all entries, whose names are unique, and the maps over them.
void CheckReserve(const manifest::Manifest& manifest, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_RESERVE_H_
