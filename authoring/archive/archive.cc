#include "authoring/archive/archive.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "layout/status.h"

namespace isomason {

struct stat ArchiveMember::Stat() const {
  struct stat status = {};
  status.st_mode = mode;
  status.st_uid = owner;
  status.st_gid = group;
  status.st_mtim.tv_sec = time;
  status.st_mtim.tv_nsec = nanos;
  return status;
}

absl::Status ArchiveBytes::Read(uint64_t at, absl::Span<uint8_t> out) const {
  if (at > size || out.size() > size - at) {
    return absl::DataLossError(
        absl::StrCat("ends at byte ", size, ", where more should be: it is cut short or damaged"));
  }
  while (!out.empty()) {
    const ssize_t n = pread(fd, out.data(), out.size(), static_cast<off_t>(offset + at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError(errno, "cannot be read");
    if (n == 0) return absl::FailedPreconditionError("became shorter while it was read");
    at += static_cast<uint64_t>(n);
    out.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Archive>> Archive::Open(const OpenedFile& file, uint64_t size,
                                                       Spool* spool) {
  ArchiveBytes bytes{file.fd(), 0, size, false};
  RETURN_IF_ERROR(Decompress(spool, &bytes));
  std::array<uint8_t, 4> magic{};
  if (bytes.size >= magic.size()) RETURN_IF_ERROR(bytes.Read(0, absl::MakeSpan(magic)));
  const absl::string_view start(reinterpret_cast<const char*>(magic.data()), magic.size());
  const bool zip = start == "PK\x03\x04" || start == "PK\x05\x06";
  ASSIGN_OR_RETURN(std::unique_ptr<Archive> archive,
                   zip ? OpenZip(bytes, spool) : OpenTarOrCpio(bytes));
  RETURN_IF_ERROR(file.CheckUnchanged());
  return archive;
}

}  // namespace isomason
