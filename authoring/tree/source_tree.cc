#include "authoring/tree/source_tree.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
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

}  // namespace

std::pair<uint32_t, uint32_t> DeviceNumberOf(const struct stat& status) {
  return {major(status.st_rdev), minor(status.st_rdev)};
}

SourceTree::SourceTree(const manifest::SourceTree& spec, std::string root, int jobs)
    : root_(std::move(root)),
      jobs_(jobs),
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
  DirectoryScan scan({.jobs = jobs_, .follow = follow_, .excluded = [this](absl::string_view path) {
                        return Excluded(path);
                      }});
  return WalkDirectory(scan, scan.Root(root_), include_.empty(), visit);
}

absl::Status SourceTree::WalkDirectory(DirectoryScan& scan,
                                       const DirectoryScan::DirectoryPtr& directory, bool all,
                                       Visit visit) {
  ASSIGN_OR_RETURN(const auto listing, scan.Take(directory));
  const std::pair<dev_t, ino_t> identity(listing->status.st_dev, listing->status.st_ino);
  if (std::count(open_directories_.begin(), open_directories_.end(), identity) > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(listing->host, " leads back into a directory that holds it"));
  }
  open_directories_.push_back(identity);
  absl::Cleanup leave = [this] { open_directories_.pop_back(); };

  for (DirectoryScan::Name& child : listing->names) {
    const std::string path =
        listing->path.empty() ? child.name : absl::StrCat(listing->path, "/", child.name);
    const bool wanted = all || Included(path);
    const absl::Status seen = scan.LookAt(*listing, child);
    // Whatever a broken link that is not wanted should have led to.
    if (!seen.ok() && child.link && follow_ && !wanted) continue;
    RETURN_IF_ERROR(seen);
    if (child.link && wanted && refuse_symlinks_) {
      return absl::InvalidArgumentError(absl::StrCat(
          listing->host, listing->host.back() == '/' ? "" : "/", child.name, " is a symlink"));
    }
    const SourceEntry entry{path, child.name, listing->host, child.status, std::move(child.target)};
    if (child.below != nullptr) {
      if (wanted) {
        RETURN_IF_ERROR(VisitPending(visit));
        RETURN_IF_ERROR(visit(entry));
      } else {
        pending_.push_back({path, listing->host, child.status});
      }
      RETURN_IF_ERROR(WalkDirectory(scan, std::exchange(child.below, nullptr), wanted, visit));
      if (!pending_.empty() && pending_.back().path == path) pending_.pop_back();
    } else if (wanted) {
      RETURN_IF_ERROR(VisitPending(visit));
      RETURN_IF_ERROR(visit(entry));
    }
  }
  return absl::OkStatus();
}

}  // namespace isomason
