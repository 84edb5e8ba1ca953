// -----------------------------------------------------------------------------
// File: authoring/manifest/check_namespaces.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about the options of ISO 9660 with Rock Ridge, of
// Joliet and of UDF: levels, labels, and what becomes of entries that one cannot hold.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_NAMESPACES_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_NAMESPACES_H_

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

void CheckNamespaces(const manifest::Manifest& manifest, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_NAMESPACES_H_
