#include "layout/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(ParallelTest, DoesEachPieceOfWorkOnceForAnyNumberOfJobs) {
  for (const int jobs : {-1, 0, 1, 2, 3, 8, 100}) {
    for (const size_t count : {0, 1, 2, 37}) {
      std::vector<std::atomic<int>> done(count);
      EXPECT_EQ(ParallelFor(count, jobs,
                            [&](size_t i) {
                              ++done[i];
                              return absl::OkStatus();
                            }),
                absl::OkStatus());
      for (size_t i = 0; i < count; ++i) EXPECT_EQ(done[i], 1) << i << " with jobs " << jobs;
    }
  }
}

TEST(ParallelTest, RunsAsManyAtATimeAsThereAreJobsAndNoMore) {
  constexpr int kJobs = 3;
  std::mutex mutex;
  std::condition_variable changed;
  int running = 0;
  int most = 0;
  const absl::Status status = ParallelFor(12, kJobs, [&](size_t) -> absl::Status {
    std::unique_lock<std::mutex> lock(mutex);
    most = std::max(most, ++running);
    changed.notify_all();
    // Each waits until there have been three at once.
    if (!changed.wait_for(lock, std::chrono::seconds(30), [&] { return most == kJobs; })) {
      return absl::DeadlineExceededError("the others never came");
    }
    --running;
    return absl::OkStatus();
  });
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_EQ(most, kJobs);
}

TEST(ParallelTest, ReturnsTheErrorOfTheLowestNumberAndDoesAllBelowIt) {
  for (const int jobs : {1, 2, 8}) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::vector<std::atomic<bool>> done(40);
      const absl::Status status = ParallelFor(done.size(), jobs, [&](size_t i) -> absl::Status {
        done[i] = true;
        return i % 10 == 7 ? absl::DataLossError(absl::StrCat("number ", i)) : absl::OkStatus();
      });
      EXPECT_EQ(status, absl::DataLossError("number 7")) << "with jobs " << jobs;
      for (size_t i = 0; i <= 7; ++i) EXPECT_TRUE(done[i]) << i;
    }
  }
}

TEST(ParallelTest, StartsNothingOfAHigherNumberAfterAnError) {
  size_t started = 0;
  EXPECT_EQ(ParallelFor(10, 1,
                        [&](size_t i) -> absl::Status {
                          ++started;
                          return i == 2 ? absl::InternalError("third") : absl::OkStatus();
                        }),
            absl::InternalError("third"));
  EXPECT_EQ(started, 3u);
}

TEST(ParallelTest, AnErrorThatComesLateStillWinsOverThatOfAHigherNumber) {
  std::mutex mutex;
  std::condition_variable changed;
  bool second_failed = false;
  const absl::Status status = ParallelFor(2, 2, [&](size_t i) -> absl::Status {
    std::unique_lock<std::mutex> lock(mutex);
    if (i == 1) {
      second_failed = true;
      changed.notify_all();
      return absl::InternalError("second");
    }
    changed.wait_for(lock, std::chrono::seconds(30), [&] { return second_failed; });
    return absl::InternalError("first");
  });
  EXPECT_TRUE(second_failed);
  EXPECT_EQ(status, absl::InternalError("first"));
}

TEST(ParallelTest, AnErrorOfAHigherNumberThatComesLaterIsForgotten) {
  std::atomic<int> started{0};
  const absl::Status status = ParallelFor(2, 2, [&](size_t i) -> absl::Status {
    ++started;
    while (started < 2) std::this_thread::yield();
    if (i == 0) return absl::InternalError("first");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return absl::InternalError("second");
  });
  EXPECT_EQ(status, absl::InternalError("first"));
}

}  // namespace
}  // namespace isomason
