// -----------------------------------------------------------------------------
// File: layout/parallel.h
// -----------------------------------------------------------------------------
//
// Runs numbered pieces of work on a few threads. What comes out never depends on
// how many: each piece of work has a place of its own for its result, and of
// several errors that of the lowest number is returned.
//
//   RETURN_IF_ERROR(ParallelFor(files.size(), jobs, [&](size_t i) { return Hash(files[i]); }));
//
#ifndef ISOMASON_LAYOUT_PARALLEL_H_
#define ISOMASON_LAYOUT_PARALLEL_H_

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace isomason {

// Calls `work(i)` for each i below `count`, on at most `jobs` threads (at least 1).
// After an error no work with a higher number starts; all of a lower one is done.
absl::Status ParallelFor(size_t count, int jobs, const std::function<absl::Status(size_t)>& work);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_PARALLEL_H_
