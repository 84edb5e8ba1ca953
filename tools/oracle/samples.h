// -----------------------------------------------------------------------------
// File: tools/oracle/samples.h
// -----------------------------------------------------------------------------
//
// Which bytes of a file that is too big to be read in whole stand for it. The host
// and the guest (tools/oracle/guest_agent.cc, which has no library) agree on them
// here, and on nothing else.
//
//   for (const auto& [begin, end] : SampledRanges(5ull << 30)) ... bytes [begin, end)
#ifndef ISOMASON_TOOLS_ORACLE_SAMPLES_H_
#define ISOMASON_TOOLS_ORACLE_SAMPLES_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace isomason {

// Ranges of a file of `size` bytes, in order and apart from each other: the first and the
// last MiB, and 4 KiB on either side of every place where one extent of a big file ends and
// the next begins. UDF's extents have at most 2^30 - 2048 bytes (ECMA-167 4/14.14.1.1: 30
// bits), ISO 9660's at most 2^32 - 2048 where another follows (ECMA-119 9.1.4: 32 bits).
inline std::vector<std::pair<uint64_t, uint64_t>> SampledRanges(uint64_t size) {
  constexpr uint64_t kEnds = 1 << 20, kAround = 4096;
  std::vector<std::pair<uint64_t, uint64_t>> ranges = {{0, std::min(size, kEnds)},
                                                       {size - std::min(size, kEnds), size}};
  for (const uint64_t limit : {(uint64_t{1} << 30) - 2048, (uint64_t{1} << 32) - 2048}) {
    for (uint64_t at = limit; at < size; at += limit) {
      ranges.emplace_back(at - kAround, std::min(size, at + kAround));
    }
  }
  std::sort(ranges.begin(), ranges.end());
  std::vector<std::pair<uint64_t, uint64_t>> merged;
  for (const auto& range : ranges) {
    if (merged.empty() || range.first > merged.back().second) {
      merged.push_back(range);
    } else {
      merged.back().second = std::max(merged.back().second, range.second);
    }
  }
  return merged;
}

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_SAMPLES_H_
