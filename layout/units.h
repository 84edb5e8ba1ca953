// -----------------------------------------------------------------------------
// File: layout/units.h
// -----------------------------------------------------------------------------
//
// The units in which an image is measured, each a type of its own, so that a
// 512-byte sector number cannot be stored where a 2048-byte block number belongs.
//
//   ByteCount      a size, or an offset from the first byte of the image
//   Block          2048 bytes, counted from the start of the image (a logical
//                  block of ECMA-119 6.2.2 and ECMA-167 3/8.1)
//   PartitionBlock 2048 bytes, counted from the start of a UDF partition
//   Sector         512 bytes, counted from the start of the image (what MBR, GPT
//                  and the load sizes of El Torito count)
//
//   Block pvd(16);
//   ByteCount at = ToBytes(pvd);          // 32768 bytes
//   Sector s = SectorAt(at);              // 64
//
#ifndef ISOMASON_LAYOUT_UNITS_H_
#define ISOMASON_LAYOUT_UNITS_H_

#include <compare>
#include <cstdint>

namespace isomason {

inline constexpr uint64_t kBlockSize = 2048;
inline constexpr uint64_t kSectorSize = 512;
// An image has at most this many blocks: their count has 32 bits (ECMA-119 8.4.8).
inline constexpr uint64_t kMostBlocks = 0xFFFFFFFF;

// A number with a unit. Arithmetic stays inside the unit; value() leaves it.
template <typename Unit>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(uint64_t value) : value_(value) {}

  constexpr uint64_t value() const { return value_; }

  constexpr Quantity& operator+=(Quantity o) {
    value_ += o.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity o) {
    value_ -= o.value_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr auto operator<=>(Quantity a, Quantity b) = default;

 private:
  uint64_t value_ = 0;
};

using ByteCount = Quantity<struct ByteUnit>;
using Block = Quantity<struct BlockUnit>;
using PartitionBlock = Quantity<struct PartitionBlockUnit>;
using Sector = Quantity<struct SectorUnit>;

// The least multiple of `step` that is not less than `n`; `step` is at least 1.
constexpr uint64_t RoundUp(uint64_t n, uint64_t step) { return (n + step - 1) / step * step; }

constexpr ByteCount ToBytes(Block b) { return ByteCount(b.value() * kBlockSize); }
constexpr ByteCount ToBytes(Sector s) { return ByteCount(s.value() * kSectorSize); }

// The block (sector) that holds the byte at `offset`.
constexpr Block BlockAt(ByteCount offset) { return Block(offset.value() / kBlockSize); }
constexpr Sector SectorAt(ByteCount offset) { return Sector(offset.value() / kSectorSize); }

// How many blocks (sectors) `size` bytes need.
constexpr Block BlocksFor(ByteCount size) {
  return Block(RoundUp(size.value(), kBlockSize) / kBlockSize);
}
constexpr Sector SectorsFor(ByteCount size) {
  return Sector(RoundUp(size.value(), kSectorSize) / kSectorSize);
}

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_UNITS_H_
