// -----------------------------------------------------------------------------
// File: tools/behavior/shrink.h
// -----------------------------------------------------------------------------
//
// Makes a failing list smaller by leaving parts of it out (Zeller and Hildebrandt's
// delta debugging, without the complements: they never helped here).
//
#ifndef ISOMASON_TOOLS_BEHAVIOR_SHRINK_H_
#define ISOMASON_TOOLS_BEHAVIOR_SHRINK_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace isomason {

struct ShrinkOptions {
  // How many lists `fails` is asked about at once: more than one where asking has a price
  // of its own, such as the start of a guest.
  size_t together = 1;
  // After this it returns what it has.
  std::chrono::seconds patience{60};
};

// The smallest list that is found by leaving out parts of `items`, for which `fails` still
// holds; it holds for `items`. `fails` says for each of several lists whether it fails.
template <typename T>
std::vector<T> Shrink(
    std::vector<T> items,
    const std::function<std::vector<bool>(const std::vector<std::vector<T>>&)>& fails,
    const ShrinkOptions& options = {}) {
  const auto end_of_patience = std::chrono::steady_clock::now() + options.patience;
  for (size_t step = std::max<size_t>(items.size() / 2, 1); step > 0; step /= 2) {
    for (size_t at = 0; at < items.size();) {
      if (std::chrono::steady_clock::now() > end_of_patience) return items;
      std::vector<std::vector<T>> candidates;
      for (size_t from = at; from < items.size() && candidates.size() < options.together;
           from += step) {
        std::vector<T> smaller(items.begin(), items.begin() + static_cast<ptrdiff_t>(from));
        const size_t end = std::min(from + step, items.size());
        smaller.insert(smaller.end(), items.begin() + static_cast<ptrdiff_t>(end), items.end());
        candidates.push_back(std::move(smaller));
      }
      const std::vector<bool> failed = fails(candidates);
      const auto first = std::find(failed.begin(), failed.end(), true);
      at += step * static_cast<size_t>(first - failed.begin());
      if (first != failed.end()) {
        items = std::move(candidates[static_cast<size_t>(first - failed.begin())]);
      }
    }
  }
  return items;
}

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BEHAVIOR_SHRINK_H_
