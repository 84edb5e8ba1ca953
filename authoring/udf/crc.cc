#include "authoring/udf/crc.h"

#include <array>
#include <cstddef>

namespace isomason::udf {
namespace {

constexpr size_t kStride = 8;
using Tables = std::array<std::array<uint16_t, 256>, kStride>;

// tables[z][b] is the CRC of byte b with z zero bytes behind it. The CRC is linear,
// so the CRC of eight bytes is the sum of eight look-ups that do not wait for one
// another: an image has a CRC in every file entry and every name.
constexpr Tables MakeTables() {
  Tables tables{};
  for (unsigned b = 0; b < 256; ++b) {
    unsigned crc = b << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) ? (crc << 1) ^ 0x1021 : crc << 1;
    tables[0][b] = static_cast<uint16_t>(crc);
  }
  for (size_t z = 1; z < kStride; ++z) {
    for (unsigned b = 0; b < 256; ++b) {
      const uint16_t shorter = tables[z - 1][b];
      tables[z][b] = static_cast<uint16_t>(shorter << 8) ^ tables[0][shorter >> 8];
    }
  }
  return tables;
}
constexpr Tables kTables = MakeTables();

}  // namespace

uint16_t Crc16(ConstByteSpan bytes) {
  const uint8_t* p = bytes.data();
  size_t left = bytes.size();
  unsigned crc = 0;
  for (; left >= kStride; p += kStride, left -= kStride) {
    crc = kTables[7][p[0] ^ (crc >> 8)] ^ kTables[6][p[1] ^ (crc & 0xFF)] ^ kTables[5][p[2]] ^
          kTables[4][p[3]] ^ kTables[3][p[4]] ^ kTables[2][p[5]] ^ kTables[1][p[6]] ^
          kTables[0][p[7]];
  }
  for (; left != 0; ++p, --left) {
    crc = ((crc << 8) & 0xFFFF) ^ kTables[0][*p ^ (crc >> 8)];
  }
  return static_cast<uint16_t>(crc);
}

}  // namespace isomason::udf
