#include "authoring/tree/directory_scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {

class DirectoryScan::Directory {
 public:
  enum class State { kWaiting, kBeingListed, kReady, kTaken };

  Directory(DirectoryPtr parent, std::string name, std::string path, std::string host)
      : parent_(std::move(parent)), name_(std::move(name)), listing_(std::make_unique<Listing>()) {
    listing_->path = std::move(path);
    listing_->host = std::move(host);
  }
  ~Directory() { Close(); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  // Opens it. The parent is open as long as something in it may have to be opened.
  absl::Status Open() {
    const int at = parent_ == nullptr ? AT_FDCWD : dirfd(parent_->open_);
    const int fd = openat(at, name_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) open_ = fdopendir(fd);
    if (open_ == nullptr) {
      const int error = errno;
      if (fd >= 0) close(fd);
      too_many_ = error == EMFILE || error == ENFILE;
      return SystemError(error, absl::StrCat("cannot open the directory ", listing_->host));
    }
    parent_ = nullptr;
    return absl::OkStatus();
  }

  void Close() {
    if (open_ != nullptr) closedir(open_);
    open_ = nullptr;
  }

  // Reads the names and sorts them.
  absl::Status ReadNames(const Options& options) {
    Listing& listing = *listing_;
    if (fstat(dirfd(open_), &listing.status) != 0) {
      return SystemError(errno, absl::StrCat("cannot look at ", listing.host));
    }
    while (true) {
      errno = 0;
      const dirent* const entry = readdir(open_);
      if (entry == nullptr) break;
      const absl::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (options.excluded != nullptr && options.excluded(PathOf(listing, name))) continue;
      listing.names.emplace_back();
      listing.names.back().name = std::string(name);
    }
    if (errno != 0) {
      return SystemError(errno, absl::StrCat("cannot read the directory ", listing.host));
    }
    std::sort(listing.names.begin(), listing.names.end(),
              [](const Name& a, const Name& b) { return a.name < b.name; });
    return absl::OkStatus();
  }

  static std::string PathOf(const Listing& in, absl::string_view name) {
    return in.path.empty() ? std::string(name) : absl::StrCat(in.path, "/", name);
  }

  DirectoryPtr parent_;
  std::string name_;  // from the parent
  DIR* open_ = nullptr;
  bool too_many_ = false;  // it could not be opened because too many files are open
  absl::Status error_;
  std::unique_ptr<Listing> listing_;
  // By the scan's mutex:
  State state_ = State::kWaiting;
  Queue::iterator place_;
};

namespace {

// Of the files that may be open, most are left to the walk and to others.
size_t MostOpen(size_t most) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return most;
  return std::min<size_t>(most, limit.rlim_cur / 8);
}

}  // namespace

DirectoryScan::DirectoryScan(Options options)
    : options_(std::move(options)), most_ready_(MostOpen(kMostReady)) {}

DirectoryScan::~DirectoryScan() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  // What is in a directory holds it, and it holds what is in it, until it is taken.
  for (const DirectoryPtr& directory : queue_) directory->listing_ = nullptr;
}

DirectoryScan::DirectoryPtr DirectoryScan::Root(const std::string& host) {
  auto root = std::make_shared<Directory>(nullptr, host, "", host);
  std::lock_guard<std::mutex> lock(mutex_);
  root->place_ = queue_.insert(queue_.end(), root);
  return root;
}

void DirectoryScan::Look(const Listing& in, Name& name) const {
  name.seen = true;
  const int fd = dirfd(in.self->open_);
  const auto host = [&] {
    return absl::StrCat(in.host, in.host.back() == '/' ? "" : "/", name.name);
  };
  if (fstatat(fd, name.name.c_str(), &name.status, AT_SYMLINK_NOFOLLOW) != 0) {
    name.error = SystemError(errno, absl::StrCat("cannot look at ", host()));
    return;
  }
  if (S_ISLNK(name.status.st_mode)) {
    name.link = true;
    if (options_.follow) {
      if (fstatat(fd, name.name.c_str(), &name.status, 0) != 0) {
        name.error = SystemError(errno, absl::StrCat("cannot follow the symlink ", host()));
        return;
      }
    } else {
      name.target.resize(PATH_MAX);
      const ssize_t n = readlinkat(fd, name.name.c_str(), name.target.data(), name.target.size());
      name.target.resize(n < 0 ? 0 : static_cast<size_t>(n));
      if (n < 0) {
        name.error = SystemError(errno, absl::StrCat("cannot read the symlink ", host()));
        return;
      }
      name.target.shrink_to_fit();
    }
  }
  if (S_ISDIR(name.status.st_mode)) {
    name.below =
        std::make_shared<Directory>(in.self, name.name, Directory::PathOf(in, name.name), host());
  }
}

void DirectoryScan::List(Directory& directory) const {
  directory.error_ = directory.Open();
  if (!directory.error_.ok()) return;
  directory.error_ = directory.ReadNames(options_);
  if (!directory.error_.ok() || directory.listing_->names.size() > kMostNames) return;
  bool below = false;
  for (Name& name : directory.listing_->names) {
    Look(*directory.listing_, name);
    below |= name.below != nullptr;
  }
  if (!below) directory.Close();
}

void DirectoryScan::QueueBelow(const Directory& directory, Queue::iterator before) {
  for (const Name& name : directory.listing_->names) {
    if (name.below != nullptr) name.below->place_ = queue_.insert(before, name.below);
  }
}

absl::StatusOr<std::unique_ptr<DirectoryScan::Listing>> DirectoryScan::Take(
    const DirectoryPtr& directory) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (directory->state_ == Directory::State::kBeingListed) {
    awaited_ = directory.get();
    listed_.wait(lock, [&] { return directory->state_ != Directory::State::kBeingListed; });
    awaited_ = nullptr;
  }
  const auto behind = queue_.erase(directory->place_);
  if (directory->state_ == Directory::State::kReady) {
    --ready_;
    ready_names_ -= directory->listing_->names.size();
    WakeIdle();
  }
  const bool ready = directory->state_ == Directory::State::kReady;
  directory->state_ = Directory::State::kTaken;
  if (!ready) {
    // Nothing is erased meanwhile but by this thread, and so `behind` stays where it is.
    directory->listing_->self = directory;
    lock.unlock();
    List(*directory);
    lock.lock();
    QueueBelow(*directory, behind);
    WakeIdle();
  }
  RETURN_IF_ERROR(directory->error_);
  if (threads_.empty() && options_.jobs > 1 && !queue_.empty()) {
    try {
      for (int i = 1; i < std::min(options_.jobs, kMostThreads); ++i)
        threads_.emplace_back([this] { Work(); });
    } catch (const std::system_error&) {
      // The host has no more threads: the walk lists what they would have.
    }
  }
  return std::move(directory->listing_);
}

absl::Status DirectoryScan::LookAt(const Listing& in, Name& name) {
  if (!name.seen) {
    Look(in, name);
    if (name.below != nullptr) {
      std::lock_guard<std::mutex> lock(mutex_);
      name.below->place_ = queue_.insert(queue_.begin(), name.below);
    }
  }
  return name.error;
}

void DirectoryScan::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    Queue::iterator next;
    ++idle_;
    work_.wait(lock, [&] {
      if (closed_) return true;
      if (ready_ >= most_ready_ || ready_names_ >= kMostReadyNames) return false;
      next = std::find_if(queue_.begin(), queue_.end(), [](const DirectoryPtr& d) {
        return d->state_ == Directory::State::kWaiting;
      });
      return next != queue_.end();
    });
    --idle_;
    if (closed_) return;
    const DirectoryPtr directory = *next;
    directory->state_ = Directory::State::kBeingListed;
    directory->listing_->self = directory;
    lock.unlock();
    List(*directory);
    lock.lock();
    if (directory->too_many_) {
      // The walk has fewer of them open when it comes here.
      directory->too_many_ = false;
      directory->state_ = Directory::State::kWaiting;
      if (awaited_ == directory.get()) listed_.notify_all();
      return;
    }
    directory->state_ = Directory::State::kReady;
    ++ready_;
    ready_names_ += directory->listing_->names.size();
    QueueBelow(*directory, std::next(directory->place_));
    if (awaited_ == directory.get()) listed_.notify_all();
    WakeIdle();
  }
}

void DirectoryScan::WakeIdle() {
  // Waking costs more than listing a small directory: only where there is enough to do.
  if (idle_ > 0 && ready_ <= most_ready_ / 2) work_.notify_one();
}

}  // namespace isomason
