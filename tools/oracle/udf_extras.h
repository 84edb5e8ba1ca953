// -----------------------------------------------------------------------------
// File: tools/oracle/udf_extras.h
// -----------------------------------------------------------------------------
//
// What UDF holds and hardly any foreign reader shows: named streams, and times of
// creation. Reads an image by the byte positions of the standards (ECMA-167 3rd edition,
// OSTA UDF 2.50), on its own: nothing of it is what writes images.
//
//   ASSIGN_OR_RETURN(UdfExtras extras, ReadUdfExtras("x.iso"));
//   extras["/file"].streams["note"].sha256;
//
#ifndef ISOMASON_TOOLS_ORACLE_UDF_EXTRAS_H_
#define ISOMASON_TOOLS_ORACLE_UDF_EXTRAS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace isomason {

struct UdfStreamData {
  uint64_t size = 0;   // in bytes
  std::string sha256;  // lower-case hexadecimal
  friend bool operator==(const UdfStreamData&, const UdfStreamData&) = default;
};

struct UdfExtra {
  // "2001-01-01T01:02:03.004005", as the entry says; empty where that is nothing else than
  // the time of modification, or there is none.
  std::string created;
  std::map<std::string, UdfStreamData> streams;  // by name, UTF-8
  friend bool operator==(const UdfExtra&, const UdfExtra&) = default;
};

// By path, "/" for the root: every name that a directory has.
using UdfExtras = std::map<std::string, UdfExtra>;

// DataLoss, naming the block, for whatever does not stand as the standards want it.
absl::StatusOr<UdfExtras> ReadUdfExtras(const std::string& image);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_UDF_EXTRAS_H_
