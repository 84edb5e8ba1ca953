#include "authoring/tree/source_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {
namespace {

using Visit = absl::FunctionRef<absl::Status(const SourceEntry&)>;

std::vector<Glob> CompileAll(const google::protobuf::RepeatedPtrField<std::string>& patterns) {
  std::vector<Glob> globs;
  for (const std::string& pattern : patterns) {
    absl::StatusOr<Glob> glob = Glob::Compile(pattern);
    if (glob.ok()) globs.push_back(*std::move(glob));
  }
  return globs;
}

// The last name of a path on the host.
absl::string_view BaseName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

absl::StatusOr<std::vector<std::string>> SortedNames(DIR* directory, const std::string& host) {
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    const dirent* entry = readdir(directory);
    if (entry == nullptr) break;
    const absl::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return SystemError(errno, absl::StrCat("cannot read the directory ", host));
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<std::string> ReadTarget(int fd, const std::string& name, const std::string& host) {
  std::string target(PATH_MAX, '\0');
  const ssize_t n = readlinkat(fd, name.c_str(), target.data(), target.size());
  if (n < 0) return SystemError(errno, absl::StrCat("cannot read the symlink ", host));
  target.resize(static_cast<size_t>(n));
  return target;
}

}  // namespace

std::pair<uint32_t, uint32_t> DeviceNumberOf(const struct stat& status) {
  return {major(status.st_rdev), minor(status.st_rdev)};
}

SourceTree::SourceTree(const manifest::SourceTree& spec, std::string root)
    : root_(std::move(root)),
      include_(CompileAll(spec.include())),
      exclude_(CompileAll(spec.exclude())),
      follow_(spec.symlinks() == manifest::FOLLOW_SYMLINKS),
      refuse_symlinks_(spec.symlinks() == manifest::REFUSE_SYMLINKS) {}

bool SourceTree::Excluded(absl::string_view path) const {
  return std::any_of(exclude_.begin(), exclude_.end(),
                     [&](const Glob& glob) { return glob.Matches(path); });
}

bool SourceTree::Included(absl::string_view path) const {
  return include_.empty() || std::any_of(include_.begin(), include_.end(),
                                         [&](const Glob& glob) { return glob.Matches(path); });
}

absl::Status SourceTree::VisitPending(Visit visit) {
  for (const Pending& p : pending_) {
    RETURN_IF_ERROR(visit({p.path, BaseName(p.path), p.host_directory, p.status, ""}));
  }
  pending_.clear();
  return absl::OkStatus();
}

absl::Status SourceTree::Walk(Visit visit) {
  struct stat status;
  if (stat(root_.c_str(), &status) != 0) {
    return SystemError(errno, absl::StrCat("cannot look at ", root_));
  }
  if (!S_ISDIR(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(root_, " is not a directory"));
  }
  RETURN_IF_ERROR(visit({"", "", root_, status, ""}));
  return WalkDirectory(AT_FDCWD, root_, root_, "", include_.empty(), visit);
}

absl::Status SourceTree::WalkDirectory(int parent_fd, const std::string& name,
                                       const std::string& host, const std::string& path, bool all,
                                       Visit visit) {
  const int fd = openat(parent_fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemError(errno, absl::StrCat("cannot open the directory ", host));
  DIR* const directory = fdopendir(fd);
  if (directory == nullptr) {
    const int error = errno;
    close(fd);
    return SystemError(error, absl::StrCat("cannot open the directory ", host));
  }
  absl::Cleanup close_directory = [directory] { closedir(directory); };
  struct stat self;
  if (fstat(fd, &self) != 0) return SystemError(errno, absl::StrCat("cannot look at ", host));
  const std::pair<dev_t, ino_t> identity(self.st_dev, self.st_ino);
  if (std::count(open_directories_.begin(), open_directories_.end(), identity) > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(host, " leads back into a directory that holds it"));
  }
  open_directories_.push_back(identity);
  absl::Cleanup leave = [this] { open_directories_.pop_back(); };

  ASSIGN_OR_RETURN(const std::vector<std::string> names, SortedNames(directory, host));
  for (const std::string& child : names) {
    const std::string child_path = path.empty() ? child : absl::StrCat(path, "/", child);
    if (Excluded(child_path)) continue;
    const bool wanted = all || Included(child_path);
    const std::string child_host = absl::StrCat(host, host.back() == '/' ? "" : "/", child);
    SourceEntry entry{child_path, child, host, {}, ""};
    if (fstatat(fd, child.c_str(), &entry.status, AT_SYMLINK_NOFOLLOW) != 0) {
      return SystemError(errno, absl::StrCat("cannot look at ", child_host));
    }
    if (S_ISLNK(entry.status.st_mode)) {
      if (wanted && refuse_symlinks_) {
        return absl::InvalidArgumentError(absl::StrCat(child_host, " is a symlink"));
      }
      if (follow_) {
        if (fstatat(fd, child.c_str(), &entry.status, 0) != 0) {
          if (!wanted) continue;  // whatever it should have led to
          return SystemError(errno, absl::StrCat("cannot follow the symlink ", child_host));
        }
      } else {
        ASSIGN_OR_RETURN(entry.target, ReadTarget(fd, child, child_host));
      }
    }
    if (S_ISDIR(entry.status.st_mode)) {
      if (wanted) {
        RETURN_IF_ERROR(VisitPending(visit));
        RETURN_IF_ERROR(visit(entry));
      } else {
        pending_.push_back({child_path, host, entry.status});
      }
      RETURN_IF_ERROR(WalkDirectory(fd, child, child_host, child_path, wanted, visit));
      if (!pending_.empty() && pending_.back().path == child_path) pending_.pop_back();
    } else if (wanted) {
      RETURN_IF_ERROR(VisitPending(visit));
      RETURN_IF_ERROR(visit(entry));
    }
  }
  return absl::OkStatus();
}

}  // namespace isomason
