#include "layout/units.h"

#include <type_traits>

#include "gtest/gtest.h"

namespace isomason {
namespace {

template <typename A, typename B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <typename A, typename B>
concept Comparable = requires(A a, B b) {
  a < b;
};

TEST(UnitsTest, KeepsUnitsApartWhenItCompiles) {
  static_assert(Addable<Block, Block>);
  static_assert(!Addable<Block, Sector>);
  static_assert(!Addable<Block, uint64_t>);
  static_assert(Comparable<Sector, Sector>);
  static_assert(!Comparable<Block, PartitionBlock>);
  static_assert(!std::is_convertible_v<uint64_t, Block>);
  static_assert(!std::is_convertible_v<Block, uint64_t>);
  static_assert(!std::is_constructible_v<Block, ByteCount>);
}

TEST(UnitsTest, CalculatesInsideAUnit) {
  Block b(16);
  b += Block(4);
  EXPECT_EQ(b, Block(20));
  b -= Block(1);
  EXPECT_EQ(b.value(), 19u);
  EXPECT_EQ(Block(19) + Block(2), Block(21));
  EXPECT_EQ(Block(19) - Block(2), Block(17));
  EXPECT_LT(Block(2), Block(10));
  EXPECT_EQ(Block(), Block(0));
}

TEST(UnitsTest, RoundsUpToAStep) {
  const struct {
    uint64_t n, step, want;
  } kCases[] = {
      {0, 2048, 0},
      {1, 2048, 2048},
      {2047, 2048, 2048},
      {2048, 2048, 2048},
      {2049, 2048, 4096},
      {7, 1, 7},
      {7, 3, 9},
      {uint64_t{1} << 43, 2048, uint64_t{1} << 43},
      {(uint64_t{1} << 43) + 1, 2048, (uint64_t{1} << 43) + 2048},
  };
  for (const auto& c : kCases) EXPECT_EQ(RoundUp(c.n, c.step), c.want) << c.n << " to " << c.step;
}

TEST(UnitsTest, FindsTheBlockAndSectorOfAByte) {
  const struct {
    uint64_t offset, block, sector;
  } kCases[] = {{0, 0, 0},       {511, 0, 0},
                {512, 0, 1},     {2047, 0, 3},
                {2048, 1, 4},    {32768, 16, 64},
                {32769, 16, 64}, {uint64_t{1} << 42, uint64_t{1} << 31, uint64_t{1} << 33}};
  for (const auto& c : kCases) {
    EXPECT_EQ(BlockAt(ByteCount(c.offset)), Block(c.block)) << c.offset;
    EXPECT_EQ(SectorAt(ByteCount(c.offset)), Sector(c.sector)) << c.offset;
  }
}

TEST(UnitsTest, CountsTheBlocksAndSectorsThatASizeNeeds) {
  const struct {
    uint64_t size, blocks, sectors;
  } kCases[] = {{0, 0, 0},
                {1, 1, 1},
                {512, 1, 1},
                {513, 1, 2},
                {2048, 1, 4},
                {2049, 2, 5},
                {uint64_t{1} << 32, 1 << 21, 1 << 23}};
  for (const auto& c : kCases) {
    EXPECT_EQ(BlocksFor(ByteCount(c.size)), Block(c.blocks)) << c.size;
    EXPECT_EQ(SectorsFor(ByteCount(c.size)), Sector(c.sectors)) << c.size;
  }
}

TEST(UnitsTest, TurnsBlocksAndSectorsIntoBytes) {
  EXPECT_EQ(ToBytes(Block(16)), ByteCount(32768));
  EXPECT_EQ(ToBytes(Sector(64)), ByteCount(32768));
  // The last block that 32 bits can name lies past 4 GiB.
  EXPECT_EQ(ToBytes(Block(0xFFFFFFFF)), ByteCount(8796093020160));
}

}  // namespace
}  // namespace isomason
