// -----------------------------------------------------------------------------
// File: tools/oracle/isoinfo.h
// -----------------------------------------------------------------------------
//
// What cdrkit's isoinfo makes of an image: an old, simple reader of directories that many
// scripts use. It tells names, types, sizes and, of Rock Ridge, attributes.
//
//   absl::StatusOr<Listing> got = IsoinfoListing(image, View::kRockRidge);
#ifndef ISOMASON_TOOLS_ORACLE_ISOINFO_H_
#define ISOMASON_TOOLS_ORACLE_ISOINFO_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

// The tree of `view` (not kUdf: InvalidArgument) as `isoinfo -l` lists it. Times are not
// told (it prints days), nor the set-id and sticky bits of modes: what is missing of 07777
// is left out of Listed::mode, which isoinfo therefore gives as 0777 at most. Joliet names
// are in ISO 8859-1, as isoinfo knows no UTF-8; plain names keep ";1". Digests are not told.
// DataLoss when it complains or prints what it should not.
absl::StatusOr<Listing> IsoinfoListing(const std::string& image, View view);

// The parser, apart from the program. `rock_ridge`: whether attributes mean anything.
absl::StatusOr<Listing> ParseIsoinfo(absl::string_view text, View view);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_ISOINFO_H_
