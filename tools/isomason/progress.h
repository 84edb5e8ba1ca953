// -----------------------------------------------------------------------------
// File: tools/isomason/progress.h
// -----------------------------------------------------------------------------
//
// Says how far a build is: one line that is rewritten on a terminal; elsewhere a
// plain line every ten seconds. Goes to standard error.
//
//   Progress progress("rescue.iso", size, /*quiet=*/false);
//   options.progress = [&](uint64_t done) { progress.Update(done); };
//   ...
//   progress.Finish();
//
#ifndef ISOMASON_TOOLS_ISOMASON_PROGRESS_H_
#define ISOMASON_TOOLS_ISOMASON_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace isomason {

class Progress {
 public:
  Progress(std::string name, uint64_t total, bool quiet);

  // Shows that `done` bytes are written, at most ten times a second.
  void Update(uint64_t done);
  // Takes the line away.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;
  std::string Line(uint64_t done, double seconds) const;

  const std::string name_;
  const uint64_t total_;
  const bool quiet_;
  const bool terminal_;
  const Clock::time_point start_;
  Clock::time_point next_;
  bool shown_ = false;
};

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ISOMASON_PROGRESS_H_
