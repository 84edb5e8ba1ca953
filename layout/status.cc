#include "layout/status.h"

#include <cerrno>
#include <system_error>

namespace isomason {

absl::Status SystemError(int error_number, absl::string_view what) {
  // std::generic_category() names errors in English whatever the locale.
  const std::string message =
      absl::StrCat(what, ": ", std::generic_category().message(error_number));
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::ResourceExhaustedError(message);
    default:
      return absl::UnavailableError(message);
  }
}

}  // namespace isomason
