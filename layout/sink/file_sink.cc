#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "layout/parallel.h"
#include "layout/sink/chunks.h"
#include "layout/sink/copy.h"
#include "layout/sink/sink.h"
#include "layout/status.h"

namespace isomason {
namespace {

// A file beside the target that has no name, or a temporary one where the file
// system knows no nameless files, until Publish() gives it the target's. Leaves
// nothing behind when it is destroyed unpublished.
class UnpublishedFile {
 public:
  // `target` is what to become; `name` is what errors call it.
  static absl::StatusOr<UnpublishedFile> Create(std::string target, const std::string& name) {
    UnpublishedFile file(std::move(target), name);
    const size_t slash = file.target_.rfind('/');
    file.directory_ = slash == std::string::npos ? "." : file.target_.substr(0, slash + 1);
    // It is given its name through /proc, which not every chroot has.
    if (access("/proc/self/fd", X_OK) == 0) {
      file.fd_ = open(file.directory_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
      if (file.fd_ >= 0) return file;
      // EISDIR is how kernels without O_TMPFILE understand it.
      if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return file.Failed("create");
    }
    RETURN_IF_ERROR(file.WithFreeName([&](const std::string& temporary) {
      file.fd_ = open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
      return file.fd_ >= 0;
    }));
    return file;
  }

  UnpublishedFile(UnpublishedFile&& o) noexcept
      : target_(std::move(o.target_)),
        name_(std::move(o.name_)),
        directory_(std::move(o.directory_)),
        temporary_(std::exchange(o.temporary_, "")),
        fd_(std::exchange(o.fd_, -1)) {}
  UnpublishedFile& operator=(UnpublishedFile&&) = delete;
  ~UnpublishedFile() {
    if (fd_ >= 0) close(fd_);
    if (!temporary_.empty()) unlink(temporary_.c_str());
  }

  int fd() const { return fd_; }

  absl::Status Publish() {
    if (fsync(fd_) != 0) return Failed("write");
    if (temporary_.empty()) {
      const std::string open_file = absl::StrCat("/proc/self/fd/", fd_);
      RETURN_IF_ERROR(WithFreeName([&](const std::string& temporary) {
        return linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, temporary.c_str(),
                      AT_SYMLINK_FOLLOW) == 0;
      }));
    }
    if (rename(temporary_.c_str(), target_.c_str()) != 0) return Failed("replace");
    temporary_.clear();
    const int directory = open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
      fsync(directory);  // best effort: the rename itself has happened
      close(directory);
    }
    return absl::OkStatus();
  }

  absl::Status Failed(absl::string_view doing) const {
    return SystemError(errno, absl::StrCat("cannot ", doing, " ", name_));
  }

 private:
  UnpublishedFile(std::string target, std::string name)
      : target_(std::move(target)), name_(std::move(name)) {}

  // Tries names beside the target until `make` takes one.
  template <typename Make>
  absl::Status WithFreeName(const Make& make) {
    const size_t slash = target_.rfind('/');
    const std::string base = slash == std::string::npos ? target_ : target_.substr(slash + 1);
    const std::string prefix = slash == std::string::npos ? "" : target_.substr(0, slash + 1);
    for (int i = 0; i < 10000; ++i) {
      temporary_ =
          absl::StrCat(prefix, ".", base.substr(0, 200), ".", getpid(), "-", i, ".partial");
      if (make(temporary_)) return absl::OkStatus();
      if (errno != EEXIST) break;
    }
    temporary_.clear();
    return Failed("create");
  }

  std::string target_;
  std::string name_;
  std::string directory_;
  std::string temporary_;
  int fd_ = -1;
};

absl::Status WriteToDevice(const Image& image, const std::string& path,
                           const SinkOptions& options) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    // A signal, while a FIFO waited for its reader.
    if (errno == EINTR) RETURN_IF_ERROR(Chunks(image, options).CheckStop());
    return SystemError(errno, absl::StrCat("cannot open ", path));
  }
  absl::Status status = WriteToStream(image, fd, path, options);
  if (close(fd) != 0) status.Update(SystemError(errno, absl::StrCat("cannot write ", path)));
  return status;
}

}  // namespace

bool IsStream(const std::string& path) {
  struct stat there;
  return stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode) &&
         !S_ISBLK(there.st_mode);
}

absl::Status WriteToFile(const Image& image, const std::string& path, const SinkOptions& options) {
  struct stat there;
  if (stat(path.c_str(), &there) == 0) {
    if (S_ISDIR(there.st_mode)) {
      return absl::InvalidArgumentError(absl::StrCat(path, " is a directory"));
    }
    if (S_ISBLK(there.st_mode)) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, " is a block device; write to a file and copy that to the device"));
    }
    // By the name it was given: /dev/stdout points to a pipe that has no path.
    if (IsStream(path)) return WriteToDevice(image, path, options);
  } else if (errno != ENOENT) {
    return SystemError(errno, absl::StrCat("cannot look at ", path));
  }
  std::string target = path;
  if (lstat(path.c_str(), &there) == 0 && S_ISLNK(there.st_mode)) {
    char resolved[PATH_MAX];
    if (realpath(path.c_str(), resolved) == nullptr) {
      return SystemError(errno, absl::StrCat("cannot follow the symlink ", path));
    }
    target = resolved;
  }

  ASSIGN_OR_RETURN(UnpublishedFile file, UnpublishedFile::Create(target, path));
  Chunks chunks(image, options);
  if (ftruncate(file.fd(), static_cast<off_t>(chunks.size())) != 0) return file.Failed("write");
  const int jobs = options.jobs < 1 ? 1 : options.jobs;
  RETURN_IF_ERROR(ParallelFor(jobs, jobs, [&](size_t) {
    std::string buffer;
    while (const auto chunk = chunks.Next()) {
      absl::Status status = chunks.CheckStop();
      if (status.ok()) status = CopyChunk(image, *chunk, file.fd(), path, chunks, buffer);
      if (status.ok()) {
        chunks.Done(*chunk);
      } else {
        chunks.Failed(*chunk, std::move(status));
      }
    }
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(chunks.status());
  RETURN_IF_ERROR(chunks.CheckStop());
  return file.Publish();
}

}  // namespace isomason
