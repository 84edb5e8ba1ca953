#include "layout/gaps.h"

#include <algorithm>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(GapsTest, TakesTheFirstPlaceThatFits) {
  Gaps gaps(4096, {{8192, 10240}, {12288, 14336}});
  EXPECT_EQ(gaps.Take(6000, 2048), 14336u) << "neither gap before holds it";
  EXPECT_EQ(gaps.Take(2048, 2048), 4096u);
  EXPECT_EQ(gaps.Take(2049, 2048), 20480u) << "behind the first, on a block";
  EXPECT_EQ(gaps.Take(2048, 2048), 6144u) << "exactly";
  EXPECT_EQ(gaps.Take(1, 2048), 10240u);
  EXPECT_EQ(gaps.Take(1, 1), 10241u);
  EXPECT_EQ(gaps.Take(1, 4096), 24576u) << "12288 and 20480 are taken";
}

TEST(GapsTest, RunsMayTouchAndOverlapAndLieBeforeTheStart) {
  Gaps gaps(100, {{0, 50}, {90, 110}, {110, 120}, {115, 118}, {130, 130}, {140, 200}});
  EXPECT_EQ(gaps.Take(15, 1), 120u) << "a run without bytes divides nothing";
  EXPECT_EQ(gaps.Take(6, 1), 200u);
  EXPECT_EQ(gaps.Take(5, 1), 135u);
}

TEST(GapsTest, WithoutRunsAllFlows) {
  Gaps gaps(0, {});
  EXPECT_EQ(gaps.Take(10, 2048), 0u);
  EXPECT_EQ(gaps.Take(uint64_t{1} << 43, 2048), 2048u);
  EXPECT_EQ(gaps.Take(10, 1 << 20), 1048576u + (uint64_t{1} << 43));
}

// Looks at every free unit from the start, with another idea of what is free.
class Plain {
 public:
  Plain(uint64_t start, const std::vector<Gaps::Run>& taken) : used_(start, true) {
    for (const auto& [first, last] : taken) {
      Grow(last);
      for (uint64_t i = first; i < last; ++i) used_[i] = true;
    }
  }
  uint64_t Take(uint64_t size, uint64_t alignment) {
    for (uint64_t at = 0;; at += alignment) {
      Grow(at + size);
      const auto begin = used_.begin() + static_cast<std::ptrdiff_t>(at);
      if (std::count(begin, begin + static_cast<std::ptrdiff_t>(size), true) > 0) continue;
      std::fill(begin, begin + static_cast<std::ptrdiff_t>(size), true);
      for (uint64_t i = at; i > 0 && !used_[i - 1]; --i) used_[i - 1] = true;
      return at;
    }
  }

 private:
  void Grow(uint64_t size) {
    if (used_.size() < size) used_.resize(size, false);
  }

  std::vector<bool> used_;
};

TEST(GapsTest, IsWhatALookAtEveryByteFinds) {
  std::mt19937 random(20261125);
  const auto below = [&](uint64_t n) { return random() % n; };
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    std::vector<Gaps::Run> taken;
    for (uint64_t i = below(20); i > 0; --i) {
      const uint64_t at = below(600);
      taken.emplace_back(at, at + below(40));
    }
    std::sort(taken.begin(), taken.end());
    const uint64_t start = below(50);
    Gaps gaps(start, taken);
    Plain plain(start, taken);
    for (int i = 0; i < 40; ++i) {
      const uint64_t size = below(3) == 0 ? below(80) + 1 : below(8) + 1;
      const uint64_t alignment = uint64_t{1} << below(5);
      ASSERT_EQ(gaps.Take(size, alignment), plain.Take(size, alignment))
          << size << " " << alignment;
    }
  }
}

}  // namespace
}  // namespace isomason
