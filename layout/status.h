// -----------------------------------------------------------------------------
// File: layout/status.h
// -----------------------------------------------------------------------------
//
// How errors travel. The layer that finds one says what is wrong and which clause
// says so; each layer above adds where, once; the tool adds what to do about it.
//
//   absl::Status Write(const Directory& d) {
//     ASSIGN_OR_RETURN(std::string bytes, Render(d));
//     RETURN_IF_ERROR(Annotate(Store(bytes), absl::StrCat("in directory ", d.path())));
//     return absl::OkStatus();
//   }
//
#ifndef ISOMASON_LAYOUT_STATUS_H_
#define ISOMASON_LAYOUT_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace isomason {

// Returns `status` with "`where`: " before its message; OK stays OK.
inline absl::Status Annotate(const absl::Status& status, absl::string_view where) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(where, ": ", status.message()));
}

// Returns the error for a system call that failed with `error_number`: NotFound,
// PermissionDenied, ResourceExhausted for a full disk or quota, Unavailable for the rest.
absl::Status SystemError(int error_number, absl::string_view what);

}  // namespace isomason

#define ISOMASON_CONCAT_INNER(a, b) a##b
#define ISOMASON_CONCAT(a, b) ISOMASON_CONCAT_INNER(a, b)

// Returns from the calling function when `expression` is an error status. The
// counter keeps a lambda inside the expression from hiding the outer name.
#define RETURN_IF_ERROR(expression) \
  RETURN_IF_ERROR_INNER(ISOMASON_CONCAT(isomason_status_, __COUNTER__), expression)
#define RETURN_IF_ERROR_INNER(holder, expression) \
  do {                                            \
    absl::Status holder = (expression);           \
    if (!holder.ok()) return holder;              \
  } while (false)

// Declares or assigns `target` from a StatusOr, or returns its error.
#define ASSIGN_OR_RETURN(target, expression) \
  ASSIGN_OR_RETURN_INNER(ISOMASON_CONCAT(isomason_statusor_, __COUNTER__), target, expression)
#define ASSIGN_OR_RETURN_INNER(holder, target, expression) \
  auto holder = (expression);                              \
  if (!holder.ok()) return std::move(holder).status();     \
  target = *std::move(holder)

#endif  // ISOMASON_LAYOUT_STATUS_H_
