#include "tools/oracle/samples.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr uint64_t kMiB = 1 << 20, kGiB = 1 << 30;

TEST(SampledRangesTest, AreTheWholeOfASmallFile) {
  EXPECT_THAT(SampledRanges(5), ElementsAre(Pair(0, 5)));
  EXPECT_THAT(SampledRanges(2 * kMiB), ElementsAre(Pair(0, 2 * kMiB)));
}

TEST(SampledRangesTest, AreTheEndsOfABigFile) {
  EXPECT_THAT(SampledRanges(10 * kMiB), ElementsAre(Pair(0, kMiB), Pair(9 * kMiB, 10 * kMiB)));
}

TEST(SampledRangesTest, MergeABorderInsideTheLastMiB) {
  EXPECT_THAT(SampledRanges(kGiB), ElementsAre(Pair(0, kMiB), Pair(kGiB - kMiB, kGiB)));
}

TEST(SampledRangesTest, AreAroundEveryBorderOfExtents) {
  EXPECT_THAT(SampledRanges(5 * kGiB + 17),
              ElementsAre(Pair(0, kMiB), Pair(kGiB - 2048 - 4096, kGiB - 2048 + 4096),
                          Pair(2 * kGiB - 4096 - 4096, 2 * kGiB - 4096 + 4096),
                          Pair(3 * kGiB - 6144 - 4096, 3 * kGiB - 6144 + 4096),
                          // Four of UDF's extents end 6 KiB before one of ISO 9660's.
                          Pair(4 * kGiB - 8192 - 4096, 4 * kGiB - 2048 + 4096),
                          Pair(5 * kGiB + 17 - kMiB, 5 * kGiB + 17)));
}

}  // namespace
}  // namespace isomason
