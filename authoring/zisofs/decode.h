// -----------------------------------------------------------------------------
// File: authoring/zisofs/decode.h
// -----------------------------------------------------------------------------
//
// Takes a compressed file apart, for tests. It shares no table and no line with what
// writes them.
//
#ifndef ISOMASON_AUTHORING_ZISOFS_DECODE_H_
#define ISOMASON_AUTHORING_ZISOFS_DECODE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

struct DecodedZisofs {
  int version = 0;
  uint64_t block_size = 0;
  std::vector<std::string> blocks;  // compressed; empty ones stand for zeros
  std::string bytes;                // all of the file
};

// DataLoss when it is no such file, or one that some reader would refuse: every pointer is
// looked at, and nothing may lie before the first block or behind the last.
absl::StatusOr<DecodedZisofs> DecodeZisofs(absl::string_view file);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ZISOFS_DECODE_H_
