// -----------------------------------------------------------------------------
// File: authoring/udf/symlink.h
// -----------------------------------------------------------------------------
//
// Where a symlink points, as UDF stores it: one path component a step (ECMA-167
// 4/14.16), the root for a leading slash. Slashes that follow one another, or end
// the target, are no steps.
//
//   EncodeTarget("../lib")      // 03 00 00 00   05 04 00 00 08 6C 69 62
//
#ifndef ISOMASON_AUTHORING_UDF_SYMLINK_H_
#define ISOMASON_AUTHORING_UDF_SYMLINK_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason::udf {

// Returns the path components of `target`, UTF-8. InvalidArgument when it is empty or
// not UTF-8, OutOfRange when a name in it is too long for a component: "is a symlink ...".
absl::StatusOr<std::string> EncodeTarget(absl::string_view target);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_SYMLINK_H_
