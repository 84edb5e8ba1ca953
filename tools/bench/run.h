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
  double seconds = 0;       // of the wall
  uint64_t peak_bytes = 0;  // of resident memory
};

// Runs `argv` without output and waits. FailedPrecondition when it cannot be started or
// does not exit with 0.
absl::StatusOr<Measured> Run(const std::vector<std::string>& argv);

// The middle one of an odd number of values, the lower middle one of an even number.
double Median(std::vector<double> values);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BENCH_RUN_H_
