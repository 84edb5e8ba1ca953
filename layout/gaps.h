// -----------------------------------------------------------------------------
// File: layout/gaps.h
// -----------------------------------------------------------------------------
//
// What is free between runs of bytes that are taken, and the first place in it where
// something fits. Behind the last run there is no end.
//
//   Gaps gaps(4096, {{8192, 10240}, {12288, 14336}});
//   gaps.Take(6000, 2048);   // 14336: neither gap before holds it
//   gaps.Take(2048, 2048);   // 4096
//   gaps.Take(10, 4096);     // 20480: the gaps have no multiple of 4096 that is free
//
// Takes logarithmic time in the number of gaps, for each alignment that is asked for.
//
#ifndef ISOMASON_LAYOUT_GAPS_H_
#define ISOMASON_LAYOUT_GAPS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace isomason {

class Gaps {
 public:
  // Offsets of the first byte, and of the one behind the last.
  using Run = std::pair<uint64_t, uint64_t>;

  // All from `start` on that no run takes. Runs are in ascending order of their starts;
  // they may touch and overlap.
  Gaps(uint64_t start, const std::vector<Run>& taken);

  // The lowest free multiple of `alignment` that has `size` free bytes behind it. These
  // are taken then, and what lies before them in the same gap counts as taken, too: what
  // comes later into a gap lies behind what came earlier.
  uint64_t Take(uint64_t size, uint64_t alignment);

 private:
  // How many bytes each gap has behind its first multiple of an alignment, as a tree in
  // which a node is the larger of the two below it. Node 1 is the root.
  using Rooms = std::vector<uint64_t>;

  uint64_t Room(const Run& gap, uint64_t alignment) const;
  Rooms& RoomsFor(uint64_t alignment);

  std::vector<Run> gaps_;  // ascending; the last is endless
  size_t leaves_ = 1;      // of a tree: a power of two
  std::map<uint64_t, Rooms> rooms_;
};

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_GAPS_H_
