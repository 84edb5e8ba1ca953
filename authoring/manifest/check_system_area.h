// -----------------------------------------------------------------------------
// File: authoring/manifest/check_system_area.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about `boot.system_area` and `boot.partition`.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_SYSTEM_AREA_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_SYSTEM_AREA_H_

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

void CheckSystemArea(const manifest::Boot& boot, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_SYSTEM_AREA_H_
