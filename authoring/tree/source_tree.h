// -----------------------------------------------------------------------------
// File: authoring/tree/source_tree.h
// -----------------------------------------------------------------------------
//
// Walks a directory of the host in byte order of names and hands over what the
// globs of a manifest's `tree` let through. No file is opened.
//
//   SourceTree tree(spec, "rootfs");
//   RETURN_IF_ERROR(tree.Walk([&](const SourceEntry& e) { ... return absl::OkStatus(); }));
//
#ifndef ISOMASON_AUTHORING_TREE_SOURCE_TREE_H_
#define ISOMASON_AUTHORING_TREE_SOURCE_TREE_H_

#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/glob.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/directory_scan.h"

namespace isomason {

// A device's major and minor number. (The macros of that name stay out of headers and
// of files that read manifests, which have fields of that name.)
std::pair<uint32_t, uint32_t> DeviceNumberOf(const struct stat& status);

struct SourceEntry {
  absl::string_view path;       // relative to the tree, "" for its root
  absl::string_view name;       // the last component
  absl::string_view directory;  // of the host, that holds it
  struct stat status;           // of what it points to, when symlinks are followed
  std::string target;           // of a symlink that is kept
};

class SourceTree {
 public:
  // `spec` has passed CheckManifest(); `root` is the directory of the host. `jobs`: how many
  // threads look at directories, that of the walk included.
  SourceTree(const manifest::SourceTree& spec, std::string root, int jobs = 1);

  // Calls `visit` for the root, then for everything below it, directories before
  // what they hold. With `include` globs a directory that no glob names is visited
  // when something in it is. NotFound, PermissionDenied and InvalidArgument (a
  // symlink that is refused, broken or leads into its own directory) name the path.
  absl::Status Walk(absl::FunctionRef<absl::Status(const SourceEntry&)> visit);

 private:
  struct Pending {  // a directory that is visited when something in it is
    std::string path;
    std::string host_directory;
    struct stat status;
  };
  bool Excluded(absl::string_view path) const;
  bool Included(absl::string_view path) const;
  absl::Status WalkDirectory(DirectoryScan& scan, const DirectoryScan::DirectoryPtr& directory,
                             bool all, absl::FunctionRef<absl::Status(const SourceEntry&)> visit);
  absl::Status VisitPending(absl::FunctionRef<absl::Status(const SourceEntry&)> visit);

  std::string root_;
  int jobs_;
  std::vector<Glob> include_, exclude_;
  bool follow_;
  bool refuse_symlinks_;
  std::vector<Pending> pending_;
  std::vector<std::pair<dev_t, ino_t>> open_directories_;  // from the root to here
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_SOURCE_TREE_H_
