// -----------------------------------------------------------------------------
// File: tools/golden/expected_extras.h
// -----------------------------------------------------------------------------
//
// What UDF has to hold besides what readers show, straight from a manifest: the streams and
// times of creation of entries, and of what is another name for them. Knows no trees and
// archives that have such a time.
//
#ifndef ISOMASON_TOOLS_GOLDEN_EXPECTED_EXTRAS_H_
#define ISOMASON_TOOLS_GOLDEN_EXPECTED_EXTRAS_H_

#include <string>

#include "absl/status/statusor.h"
#include "authoring/manifest/manifest.pb.h"
#include "tools/oracle/udf_extras.h"

namespace isomason {

// Sources lie below `directory`. Entries that have nothing of the kind are not in it.
absl::StatusOr<UdfExtras> ExpectedExtras(const manifest::Manifest& manifest,
                                         const std::string& directory);

// Without the paths at which there is nothing.
UdfExtras WithoutEmpty(const UdfExtras& extras);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_GOLDEN_EXPECTED_EXTRAS_H_
