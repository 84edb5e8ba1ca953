// -----------------------------------------------------------------------------
// File: authoring/manifest/check_paths.h
// -----------------------------------------------------------------------------
//
// What is a path in the image, and what is a glob over such paths.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_PATHS_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_PATHS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace isomason {

inline constexpr size_t kLongestName = 255;   // bytes; POSIX and Rock Ridge readers hold that
inline constexpr size_t kLongestPath = 4096;  // bytes

// What is wrong with `path` as a path in the image, or empty: absolute, without
// empty, `.` and `..` components, in UTF-8 without NUL, at most 4096 bytes of
// components of at most 255. `remedy` may be null.
std::string ImagePathProblem(absl::string_view path, std::string* remedy);

// What is wrong with `pattern` as a glob over paths in the image, or empty. `remedy` is
// not null.
std::string GlobProblem(absl::string_view pattern, std::string* remedy);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_PATHS_H_
