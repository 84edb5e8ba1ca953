// -----------------------------------------------------------------------------
// File: authoring/manifest/check_fat.h
// -----------------------------------------------------------------------------
//
// What can be wrong with the `fat` of a partition, as far as that can be told without the tree.
//
//   CheckFat(partition.fat(), "boot.partition[0].fat", report);
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_FAT_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_FAT_H_

#include <string>

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

void CheckFat(const manifest::Fat& fat, const std::string& field, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_FAT_H_
