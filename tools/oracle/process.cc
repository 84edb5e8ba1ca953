#include "tools/oracle/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace isomason {
namespace {

using Clock = std::chrono::steady_clock;

constexpr struct {
  const char* program;
  const char* package;
} kPackages[] = {
    {"7z", "p7zip-full"},
    {"blkid", "util-linux"},
    {"bsdtar", "libarchive-tools"},
    {"genisoimage", "genisoimage"},
    {"grub-fstest", "grub-common"},
    {"iso-info", "libcdio-utils"},
    {"iso-read", "libcdio-utils"},
    {"isoinfo", "genisoimage"},
    {"/usr/bin/python3", "python3"},
    {"udfclient", "udfclient"},
    {"udfdump", "udfclient"},
    {"udfinfo", "udftools"},
    {"xorriso", "xorriso"},
    {"fsck.fat", "dosfstools"},
    {"mcopy", "mtools"},
    {"mdir", "mtools"},
    {"mattrib", "mtools"},
    {"sfdisk", "fdisk"},
    {"sgdisk", "gdisk"},
};

// A descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      Close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Fd() { Close(); }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status HostError(absl::string_view what) {
  return absl::InternalError(absl::StrCat(what, ": ", strerror(errno)));
}

struct Pipe {
  Fd read, write;
};

absl::StatusOr<Pipe> MakePipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return HostError("cannot make a pipe");
  Pipe out;
  out.read = Fd(fds[0]);
  out.write = Fd(fds[1]);
  return out;
}

std::string SearchPath() {
  const char* path = getenv("PATH");
  return absl::StrCat(path == nullptr ? "" : path,
                      ":/usr/local/bin:/usr/bin:/bin:", "/usr/local/sbin:/usr/sbin:/sbin");
}

std::string FindProgram(const std::string& name) {
  if (absl::StrContains(name, '/')) return access(name.c_str(), X_OK) == 0 ? name : "";
  for (absl::string_view folder : absl::StrSplit(SearchPath(), ':', absl::SkipEmpty())) {
    std::string path = absl::StrCat(folder, "/", name);
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

// Reads what there is. Returns false at the end of the pipe.
bool Drain(const Fd& fd, const std::function<void(absl::string_view)>& sink) {
  char buffer[1 << 16];
  const ssize_t n = read(fd.get(), buffer, sizeof buffer);
  if (n > 0) sink(absl::string_view(buffer, static_cast<size_t>(n)));
  return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

// Feeds standard input from bytes or from a file.
class Feeder {
 public:
  Feeder(Fd to, absl::string_view bytes, Fd from)
      : to_(std::move(to)), from_(std::move(from)), bytes_(bytes) {
    fcntl(to_.get(), F_SETFL, fcntl(to_.get(), F_GETFL) | O_NONBLOCK);
  }
  const Fd& to() const { return to_; }

  // Writes some; closes the pipe when there is nothing left or nobody reads any more. An
  // error to read the input is in `status()`.
  void Feed() {
    if (bytes_.empty() && from_.open()) {
      buffer_.resize(1 << 16);
      const ssize_t n = read(from_.get(), buffer_.data(), buffer_.size());
      if (n < 0) status_ = HostError("cannot read the input of the program");
      if (n <= 0) return to_.Close();
      bytes_ = absl::string_view(buffer_.data(), static_cast<size_t>(n));
    }
    if (bytes_.empty()) return to_.Close();
    const ssize_t n = write(to_.get(), bytes_.data(), bytes_.size());
    if (n > 0) bytes_.remove_prefix(static_cast<size_t>(n));
    if (n < 0 && errno != EAGAIN && errno != EINTR) to_.Close();
  }
  const absl::Status& status() const { return status_; }

 private:
  Fd to_, from_;
  absl::string_view bytes_;
  std::string buffer_;
  absl::Status status_;
};

// Writing to a child that has gone must be an error of write(), not the end of this process.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec now = {0, 0};
    while (sigtimedwait(&pipe_, nullptr, &now) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_, before_;
};

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (std::string& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

// Starts `program` in a process group of its own, so that its children can be killed with it.
absl::StatusOr<pid_t> Spawn(const std::string& program, const Command& command, int in, int out,
                            int err) {
  std::map<std::string, std::string> variables = {
      {"PATH", SearchPath()}, {"LC_ALL", "C.UTF-8"},   {"TZ", "UTC"},
      {"HOME", "/"},          {"PYTHONHASHSEED", "0"},
  };
  if (const char* tmp = getenv("TMPDIR")) variables["TMPDIR"] = tmp;
  for (const auto& [key, value] : command.environment) variables[key] = value;
  std::vector<std::string> environment;
  environment.reserve(variables.size());
  for (const auto& [key, value] : variables) environment.push_back(absl::StrCat(key, "=", value));
  std::vector<std::string> arguments = command.argv;

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  if (!command.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, fallback;
  sigemptyset(&none);
  sigemptyset(&fallback);
  sigaddset(&fallback, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &fallback);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &actions, &attributes,
                                Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    return absl::InternalError(absl::StrCat("cannot start ", program, ": ", strerror(error)));
  }
  return pid;
}

int MillisecondsLeft(Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 1000 * 1000));
}

}  // namespace

std::string ProcessResult::Summary() const {
  std::string how = signal != 0 ? absl::StrCat("ended by signal ", signal)
                                : absl::StrCat("exit status ", exit_status);
  absl::string_view said = absl::StripAsciiWhitespace(err);
  if (said.empty()) said = absl::StripAsciiWhitespace(out);
  std::vector<absl::string_view> lines = absl::StrSplit(said, '\n', absl::SkipWhitespace());
  if (lines.size() > 8) lines.erase(lines.begin(), lines.end() - 8);
  return absl::StrCat(program, ": ", how, lines.empty() ? "" : ": ", absl::StrJoin(lines, " | "));
}

absl::StatusOr<ProcessResult> RunProcess(const Command& command) {
  if (command.argv.empty()) return absl::InternalError("no program to run");
  const std::string& name = command.argv[0];
  const std::string program = FindProgram(name);
  if (program.empty()) {
    const std::string package = DebianPackageOf(name);
    return absl::NotFoundError(absl::StrCat(
        name, " is not installed",
        package.empty() ? ""
                        : absl::StrCat(": apt-get install --no-install-recommends ", package)));
  }

  Fd input_file;
  if (!command.input_file.empty()) {
    input_file = Fd(open(command.input_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!input_file.open()) {
      return absl::NotFoundError(
          absl::StrCat("cannot open ", command.input_file, ": ", strerror(errno)));
    }
  }
  Fd child_in, feed;
  if (command.input.empty() && !input_file.open()) {
    child_in = Fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!child_in.open()) return HostError("cannot open /dev/null");
  } else {
    absl::StatusOr<Pipe> pipe = MakePipe();
    if (!pipe.ok()) return pipe.status();
    child_in = std::move(pipe->read);
    feed = std::move(pipe->write);
  }
  absl::StatusOr<Pipe> out = MakePipe();
  if (!out.ok()) return out.status();
  absl::StatusOr<Pipe> err = MakePipe();
  if (!err.ok()) return err.status();

  NoSigpipe no_sigpipe;
  absl::StatusOr<pid_t> pid =
      Spawn(program, command, child_in.get(), out->write.get(), err->write.get());
  if (!pid.ok()) return pid.status();
  child_in.Close();
  out->write.Close();
  err->write.Close();

  ProcessResult result;
  result.program = name;
  std::function<void(absl::string_view)> on_output = command.on_output;
  if (!on_output) {
    on_output = [&](absl::string_view bytes) { result.out.append(bytes.data(), bytes.size()); };
  }
  auto on_error = [&](absl::string_view bytes) { result.err.append(bytes.data(), bytes.size()); };

  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(command.timeout_seconds);
  bool late = false;
  {
    Feeder feeder(std::move(feed), command.input, std::move(input_file));
    while (out->read.open() || err->read.open()) {
      // A descriptor below 0 is one that poll() ignores.
      pollfd fds[3] = {{out->read.get(), POLLIN, 0},
                       {err->read.get(), POLLIN, 0},
                       {feeder.to().get(), POLLOUT, 0}};
      if (poll(fds, 3, MillisecondsLeft(deadline)) == 0 || Clock::now() >= deadline) {
        late = true;
        break;
      }
      if (fds[0].revents != 0 && !Drain(out->read, on_output)) out->read.Close();
      if (fds[1].revents != 0 && !Drain(err->read, on_error)) err->read.Close();
      if (fds[2].revents != 0) feeder.Feed();
    }
    if (!feeder.status().ok()) result.err += absl::StrCat("\n", feeder.status().message());
  }

  // A program may close its outputs before it ends.
  int status = 0;
  while (!late) {
    const pid_t ended = waitpid(*pid, &status, WNOHANG);
    if (ended == *pid) break;
    if (ended < 0 && errno != EINTR) return HostError("cannot wait for the program");
    if (Clock::now() >= deadline) late = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (late) {
    kill(-*pid, SIGKILL);
    while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
    }
    return absl::DeadlineExceededError(absl::StrCat(name, " was killed after ",
                                                    command.timeout_seconds,
                                                    " s: ", absl::StrJoin(command.argv, " ")));
  }
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

absl::StatusOr<ProcessResult> RunProcess(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  return RunProcess(command);
}

std::string DebianPackageOf(const std::string& program) {
  for (const auto& [known, package] : kPackages) {
    if (program == known) return package;
  }
  return "";
}

}  // namespace isomason
