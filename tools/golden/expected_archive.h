// -----------------------------------------------------------------------------
// File: tools/golden/expected_archive.h
// -----------------------------------------------------------------------------
//
// What a tar archive holds, as GNU tar tells it: an opinion that is not isomason's about
// what entries with archives bring.
//
//   ASSIGN_OR_RETURN(const Listing members, TarListing("rootfs.tar"));
//
#ifndef ISOMASON_TOOLS_GOLDEN_EXPECTED_ARCHIVE_H_
#define ISOMASON_TOOLS_GOLDEN_EXPECTED_ARCHIVE_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/oracle/listing.h"

namespace isomason {

// The members by their paths from "/" on, hard links counted, with digests. For archives
// whose members stand in them once each, without blanks in their names.
absl::StatusOr<Listing> TarListing(const std::string& archive);

// The bytes of one member, whose path is as in the archive.
absl::StatusOr<std::string> TarMember(const std::string& archive, const std::string& path);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_GOLDEN_EXPECTED_ARCHIVE_H_
