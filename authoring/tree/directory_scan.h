// -----------------------------------------------------------------------------
// File: authoring/tree/directory_scan.h
// -----------------------------------------------------------------------------
//
// Lists directories of the host for one who walks through them depth first, names in byte
// order. While the walk looks at what it got, other threads list the directories that it will
// come to next; what it gets does not depend on them.
//
//   DirectoryScan scan({.jobs = 2});
//   std::unique_ptr<DirectoryScan::Listing> root = scan.Take(scan.Root("rootfs"));
//   for (DirectoryScan::Name& name : root->names) {
//     RETURN_IF_ERROR(scan.LookAt(*root, name));
//     if (S_ISDIR(name.status.st_mode)) ... scan.Take(name.below) ...
//   }
//
// Directories of many names are looked at by the walk alone, so that no more than some
// thousand of what stat() says is held.
//
#ifndef ISOMASON_AUTHORING_TREE_DIRECTORY_SCAN_H_
#define ISOMASON_AUTHORING_TREE_DIRECTORY_SCAN_H_

#include <sys/stat.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

class DirectoryScan {
 public:
  struct Options {
    // Threads, the one that walks included.
    int jobs = 1;
    // Whether symlinks are followed: they are then what they lead to.
    bool follow = false;
    // Says of a path below the root whether it is passed over. Thread-safe; null: none is.
    std::function<bool(absl::string_view path)> excluded = nullptr;
  };

  // A directory that is to be listed, is being listed, or has been.
  class Directory;
  using DirectoryPtr = std::shared_ptr<Directory>;

  struct Name {
    std::string name;
    // From here on, what LookAt() fills in.
    bool seen = false;
    absl::Status error;
    struct stat status;  // of what it leads to, when links are followed
    bool link = false;   // it is a symlink, followed or not
    std::string target;  // of one that is not followed
    DirectoryPtr below;  // of a directory
  };

  struct Listing {
    std::string path;  // below the root, "" for itself
    std::string host;  // for messages, and for those who open files
    struct stat status;
    std::vector<Name> names;  // that are not excluded
    DirectoryPtr self;
  };

  explicit DirectoryScan(Options options);
  ~DirectoryScan();
  DirectoryScan(const DirectoryScan&) = delete;
  DirectoryScan& operator=(const DirectoryScan&) = delete;

  // The directory at a path of the host. Once.
  DirectoryPtr Root(const std::string& host);

  // What is in a directory: once each, in the order of the walk. NotFound, PermissionDenied
  // and the like name it.
  absl::StatusOr<std::unique_ptr<Listing>> Take(const DirectoryPtr& directory);

  // Makes sure that what is said of a name is there, and returns its error.
  absl::Status LookAt(const Listing& in, Name& name);

 private:
  // Directories from which a walk of this order would take the next one.
  using Queue = std::list<DirectoryPtr>;

  static constexpr int kMostThreads = 8;  // more would wait for one another
  // Of larger directories nothing is looked at ahead.
  static constexpr size_t kMostNames = 4096;
  // How much is ready before it is taken.
  static constexpr size_t kMostReady = 128;  // directories, each of which may be open
  static constexpr size_t kMostReadyNames = 20000;

  void Work();
  // Wakes a thread that waits for work, when there is some.
  void WakeIdle();
  // Lists one, without holding the mutex.
  void List(Directory& directory) const;
  void Look(const Listing& in, Name& name) const;
  // Queues what is in a directory that has been listed, before all that comes behind it.
  void QueueBelow(const Directory& directory, Queue::iterator before);

  const Options options_;
  const size_t most_ready_;
  std::mutex mutex_;
  std::condition_variable listed_, work_;
  const Directory* awaited_ = nullptr;  // by the walk, until it has been listed
  int idle_ = 0;                        // threads that wait for work
  Queue queue_;  // of those that have not been taken, in the order of the walk
  size_t ready_ = 0, ready_names_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_DIRECTORY_SCAN_H_
