// -----------------------------------------------------------------------------
// File: authoring/manifest/check_iso9660.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about the primary hierarchy: the profile, CD-ROM
// XA, and what may be said in application use and system use.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_ISO9660_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_ISO9660_H_

#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"

namespace isomason {

void CheckPrimaryHierarchy(const LoadedManifest& loaded, Diagnostics* diagnostics);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_ISO9660_H_
