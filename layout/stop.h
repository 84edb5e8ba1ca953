// -----------------------------------------------------------------------------
// File: layout/stop.h
// -----------------------------------------------------------------------------
//
// How somebody outside, a signal handler say, asks work that takes long to give up.
// The work looks now and then and returns Cancelled.
//
//   std::atomic<bool> stop_requested{false};
//   RETURN_IF_ERROR(image.Prepare(jobs, &stop_requested));
//
#ifndef ISOMASON_LAYOUT_STOP_H_
#define ISOMASON_LAYOUT_STOP_H_

#include <atomic>

#include "absl/status/status.h"

namespace isomason {

class Stop {
 public:
  // Nobody asks.
  Stop() = default;
  // Somebody asks by setting `flag`, which outlives this and its copies.
  Stop(const std::atomic<bool>* flag) : flag_(flag) {}  // NOLINT(google-explicit-constructor)

  // Cancelled when somebody has asked.
  absl::Status Check() const {
    if (flag_ == nullptr || !flag_->load(std::memory_order_relaxed)) return absl::OkStatus();
    return absl::CancelledError("interrupted");
  }

 private:
  const std::atomic<bool>* flag_ = nullptr;
};

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_STOP_H_
