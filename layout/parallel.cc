#include "layout/parallel.h"

#include <algorithm>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace isomason {

absl::Status ParallelFor(size_t count, int jobs, const std::function<absl::Status(size_t)>& work) {
  std::mutex mutex;
  size_t next = 0;
  size_t failed = count;  // the lowest number that failed
  absl::Status status;
  auto run = [&] {
    while (true) {
      size_t i;
      {
        std::lock_guard<std::mutex> lock(mutex);
        if (next >= std::min(count, failed)) return;
        i = next++;
      }
      absl::Status s = work(i);
      if (s.ok()) continue;
      std::lock_guard<std::mutex> lock(mutex);
      if (i < failed) {
        failed = i;
        status = std::move(s);
      }
    }
  };
  std::vector<std::thread> threads;
  const size_t wanted = std::min(count, static_cast<size_t>(std::max(jobs, 1)));
  try {
    for (size_t i = 1; i < wanted; ++i) threads.emplace_back(run);
  } catch (const std::system_error&) {
    // The host has no more threads: those that there are do the work.
  }
  run();
  for (std::thread& t : threads) t.join();
  return status;
}

}  // namespace isomason
