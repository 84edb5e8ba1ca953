// -----------------------------------------------------------------------------
// File: tools/bench/run.h
// -----------------------------------------------------------------------------
//
// Runs a program to be measured. Absolute times mean little on a shared machine: run
// the programs to compare in turns, in one run, and look at ratios.
//
#ifndef ISOMASON_TOOLS_BENCH_RUN_H_
#define ISOMASON_TOOLS_BENCH_RUN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace isomason {

struct Measured {
  double seconds = 0;          // of the wall
  double cpu_seconds = 0;      // of all its threads, in the program and in the kernel
  uint64_t peak_bytes = 0;     // of resident memory
  uint64_t written_bytes = 0;  // to files, into the page cache
};

struct RunOptions {
  double limit_seconds = 3600;       // after which the program is killed
  std::string output = "/dev/null";  // its standard output
};

// Runs `argv` with no input and waits. FailedPrecondition when it cannot be started or does
// not exit with 0, DeadlineExceeded when it had to be killed; both after `seconds` of it, if
// that is not null.
absl::StatusOr<Measured> Run(const std::vector<std::string>& argv, const RunOptions& options = {},
                             double* seconds = nullptr);

// The middle one of an odd number of values, the lower middle one of an even number.
double Median(std::vector<double> values);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BENCH_RUN_H_
