// -----------------------------------------------------------------------------
// File: authoring/zisofs/records.h
// -----------------------------------------------------------------------------
//
// What a compressed file begins with: libisofs's doc/zisofs_format.txt for version 1,
// which mkzftree of zisofs-tools defined, and doc/zisofs2_format.txt for version 2. Block
// pointers follow, of 4 bytes in version 1 and 8 in version 2, little-endian, one more
// than there are blocks; then the blocks, each a stream of zlib, and nothing for one of
// zeros.
//
#ifndef ISOMASON_AUTHORING_ZISOFS_RECORDS_H_
#define ISOMASON_AUTHORING_ZISOFS_RECORDS_H_

#include <cstdint>

#include "layout/record/encoding.h"
#include "layout/record/record.h"

namespace isomason {

struct ZisofsHeader1 {
  uint32_t size = 0;
  uint8_t block_shift = 0;
};
inline constexpr auto kZisofsHeader1 = MakeTable<ZisofsHeader1, 16>(
    "zisofs file header", "zisofs_format.txt, File Header", Counts::kFromZero,
    Fixed("magic number", 0, 7, "\x37\xE4\x53\x96\xC9\xDB\xD6\x07"),
    Field<Little<uint32_t>>("uncompressed size", 8, 11, &ZisofsHeader1::size),
    Fixed("header size in words", 12, 12, "\4"),
    Field<Little<uint8_t>>("log2 of block size", 13, 13, &ZisofsHeader1::block_shift),
    Zeros("reserved", 14, 15));
static_assert(kZisofsHeader1.Tiles());

struct ZisofsHeader2 {
  uint64_t size = 0;
  uint8_t block_shift = 0;
};
inline constexpr auto kZisofsHeader2 = MakeTable<ZisofsHeader2, 24>(
    "zisofs2 file header", "zisofs2_format.txt, File Header", Counts::kFromZero,
    Fixed("magic number", 0, 7, "\xEF\x22\x55\xA1\xBC\x1B\x95\xA0"), Zeros("header version", 8, 8),
    Fixed("header size in words", 9, 9, "\6"), Fixed("algorithm, zlib", 10, 10, "\1"),
    Field<Little<uint8_t>>("log2 of block size", 11, 11, &ZisofsHeader2::block_shift),
    Field<Little<uint64_t>>("uncompressed size", 12, 19, &ZisofsHeader2::size),
    Zeros("padding", 20, 23));
static_assert(kZisofsHeader2.Tiles());

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ZISOFS_RECORDS_H_
