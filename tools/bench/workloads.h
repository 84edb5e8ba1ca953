// -----------------------------------------------------------------------------
// File: tools/bench/workloads.h
// -----------------------------------------------------------------------------
//
// What images are made of when their making is measured: trees of the host, the same ones
// everywhere, by a seed.
//
//   for (const Workload& w : Workloads()) RETURN_IF_ERROR(w.make(1.0, folder + "/tree"));
//
#ifndef ISOMASON_TOOLS_BENCH_WORKLOADS_H_
#define ISOMASON_TOOLS_BENCH_WORKLOADS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace isomason {

struct Workload {
  std::string name;  // "W3"
  std::string what;  // "70,000 files like a kernel's sources"
  // Makes the tree in a folder that is there and empty. `scale` is how much of it: 1 for all,
  // less for a trial.
  absl::Status (*make)(double scale, const std::string& dir);
};

// In the order of their names.
const std::vector<Workload>& Workloads();

// Reads every file below, so that its pages are in memory.
absl::Status WarmUp(const std::string& dir);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BENCH_WORKLOADS_H_
