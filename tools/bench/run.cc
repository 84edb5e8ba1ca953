#include "tools/bench/run.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

extern char** environ;

namespace isomason {

absl::StatusOr<Measured> Run(const std::vector<std::string>& argv, const RunOptions& options,
                             double* seconds) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: posix_spawn's type
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, options.output.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return absl::FailedPreconditionError(absl::StrCat("cannot run ", argv[0]));
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false, killed = false;
  std::thread killer([&] {
    std::unique_lock<std::mutex> lock(mutex);
    const std::chrono::duration<double> limit(options.limit_seconds);
    killed = !changed.wait_for(lock, limit, [&] { return done; });
    if (killed) kill(child, SIGKILL);
  });
  // Left for wait4() below until the killer is gone, so that it kills nobody else.
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  {
    std::lock_guard<std::mutex> lock(mutex);
    done = true;
  }
  changed.notify_all();
  killer.join();
  int status = 0;
  struct rusage usage = {};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  if (seconds != nullptr) *seconds = wall.count();
  if (killed) {
    return absl::DeadlineExceededError(absl::StrCat("stopped: ", absl::StrJoin(argv, " ")));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("failed: ", absl::StrJoin(argv, " ")));
  }
  const auto to_seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return Measured{.seconds = wall.count(),
                  .cpu_seconds = to_seconds(usage.ru_utime) + to_seconds(usage.ru_stime),
                  .peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024,
                  .written_bytes = static_cast<uint64_t>(usage.ru_oublock) * 512};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

}  // namespace isomason
