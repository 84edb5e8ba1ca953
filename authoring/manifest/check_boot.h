// -----------------------------------------------------------------------------
// File: authoring/manifest/check_boot.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about `boot`: the catalog and its entries.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_BOOT_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_BOOT_H_

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

// For a manifest that has `boot`.
void CheckBoot(const manifest::Manifest& manifest, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_BOOT_H_
