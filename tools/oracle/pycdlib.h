// -----------------------------------------------------------------------------
// File: tools/oracle/pycdlib.h
// -----------------------------------------------------------------------------
//
// What pycdlib makes of an image: a strict parser of its own for ISO 9660, Rock Ridge,
// Joliet and UDF. A small Python script beside this file does the asking.
//
//   absl::StatusOr<Listing> got = PycdlibListing(image, View::kUdf);
#ifndef ISOMASON_TOOLS_ORACLE_PYCDLIB_H_
#define ISOMASON_TOOLS_ORACLE_PYCDLIB_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/oracle/listing.h"

namespace isomason {

// The tree of `view`: names, types, times, sizes, digests; of Rock Ridge and UDF also modes,
// owners and link counts, of Rock Ridge also targets and devices. Plain names keep ";1", and
// the root has no attributes but a time, which is that of the volume descriptor's record.
// DataLoss, with pycdlib's words, when it refuses the image; NotFound when pycdlib or the
// script is not there.
absl::StatusOr<Listing> PycdlibListing(const std::string& image, View view);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_PYCDLIB_H_
