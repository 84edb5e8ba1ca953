// -----------------------------------------------------------------------------
// File: authoring/udf/crc.h
// -----------------------------------------------------------------------------
//
// The CRC of UDF descriptors (ECMA-167 3/7.2.6): polynomial x^16 + x^12 + x^5 + 1,
// high bit first, from 0, nothing inverted.
//
//   Crc16({0x70, 0x6A, 0x77});      // 0x3299, the standard's own example
//
#ifndef ISOMASON_AUTHORING_UDF_CRC_H_
#define ISOMASON_AUTHORING_UDF_CRC_H_

#include <cstdint>

#include "layout/record/encoding.h"

namespace isomason::udf {

// Returns the CRC of `bytes`; 0 for none.
uint16_t Crc16(ConstByteSpan bytes);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_CRC_H_
