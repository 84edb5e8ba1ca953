// -----------------------------------------------------------------------------
// File: authoring/manifest/check_bridge.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about `udf.bridge`: what needs descriptors or trees of
// ISO 9660 in an image that does not have them.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_BRIDGE_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_BRIDGE_H_

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

void CheckBridge(const manifest::Manifest& manifest, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_BRIDGE_H_
