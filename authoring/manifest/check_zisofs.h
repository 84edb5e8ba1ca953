// -----------------------------------------------------------------------------
// File: authoring/manifest/check_zisofs.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about files that are stored compressed.
//
//   CheckZisofs(manifest.iso9660().rock_ridge().zisofs(), report);
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_ZISOFS_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_ZISOFS_H_

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

// Good when nothing is set.
void CheckZisofs(const manifest::Zisofs& zisofs, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_ZISOFS_H_
