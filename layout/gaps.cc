#include "layout/gaps.h"

#include <algorithm>

#include "layout/units.h"

namespace isomason {
namespace {

constexpr uint64_t kEndless = uint64_t{1} << 62;  // far behind any image; may be rounded up

}  // namespace

Gaps::Gaps(uint64_t start, const std::vector<Run>& taken) {
  for (const Run& run : taken) {
    if (run.first == run.second) continue;
    if (run.first > start) gaps_.emplace_back(start, run.first);
    start = std::max(start, run.second);
  }
  gaps_.emplace_back(start, kEndless);
  while (leaves_ < gaps_.size()) leaves_ *= 2;
}

uint64_t Gaps::Room(const Run& gap, uint64_t alignment) const {
  const uint64_t begin = RoundUp(gap.first, alignment);
  return begin < gap.second ? gap.second - begin : 0;
}

Gaps::Rooms& Gaps::RoomsFor(uint64_t alignment) {
  const auto [it, inserted] = rooms_.try_emplace(alignment);
  Rooms& rooms = it->second;
  if (!inserted) return rooms;
  rooms.assign(2 * leaves_, 0);
  for (size_t i = 0; i < gaps_.size(); ++i) rooms[leaves_ + i] = Room(gaps_[i], alignment);
  for (size_t i = leaves_ - 1; i > 0; --i) rooms[i] = std::max(rooms[2 * i], rooms[2 * i + 1]);
  return rooms;
}

uint64_t Gaps::Take(uint64_t size, uint64_t alignment) {
  const Rooms& rooms = RoomsFor(alignment);
  size_t node = 1;
  while (node < leaves_) node = rooms[2 * node] >= size ? 2 * node : 2 * node + 1;
  Run& gap = gaps_[node - leaves_];
  const uint64_t at = RoundUp(gap.first, alignment);
  gap.first = at + size;
  for (auto& [other, tree] : rooms_) {
    tree[node] = Room(gap, other);
    for (size_t i = node / 2; i > 0; i /= 2) tree[i] = std::max(tree[2 * i], tree[2 * i + 1]);
  }
  return at;
}

}  // namespace isomason
