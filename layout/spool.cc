#include "layout/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {
namespace {

// A new file that has no name any more, or -1 and errno.
int OpenUnnamed(const std::string& directory) {
  const int fd = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return fd;
  std::string name = absl::StrCat(directory, "/isomason-XXXXXX");
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace

Spool::~Spool() {
  if (fd_ >= 0) close(fd_);
}

absl::Status Spool::Open() {
  if (fd_ >= 0) return absl::OkStatus();
  std::vector<std::string> directories = {"/var/tmp", "/tmp"};
  const char* const preferred = std::getenv("TMPDIR");
  if (preferred != nullptr && *preferred == '/') directories.insert(directories.begin(), preferred);
  int error = 0;
  for (const std::string& directory : directories) {
    fd_ = OpenUnnamed(directory);
    if (fd_ >= 0) {
      directory_ = directory;
      return absl::OkStatus();
    }
    error = errno;
  }
  return SystemError(error, absl::StrCat("cannot make a temporary file in ", directories.back()));
}

absl::Status Spool::Append(absl::Span<const uint8_t> bytes) {
  RETURN_IF_ERROR(Open());
  while (!bytes.empty()) {
    const ssize_t n = pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      return SystemError(n == 0 ? ENOSPC : errno,
                         absl::StrCat("cannot write a temporary file in ", directory_,
                                      " (TMPDIR names another directory)"));
    }
    size_ += static_cast<uint64_t>(n);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

}  // namespace isomason
