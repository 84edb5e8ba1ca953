// -----------------------------------------------------------------------------
// File: tools/oracle/bsdtar.h
// -----------------------------------------------------------------------------
//
// What libarchive makes of an image, from a file and from a pipe (where it cannot seek and
// depends on the order of things in the image). Attributes come from its own mtree listing,
// contents and hard links from extraction, so a test sees owners without being root.
//
//   absl::StatusOr<Listing> got =
//       BsdtarListing(image, View::kRockRidge, BsdtarSource::kPipe, testing::TempDir());
//
// Any word on standard error is a DataLoss error with those words.
#ifndef ISOMASON_TOOLS_ORACLE_BSDTAR_H_
#define ISOMASON_TOOLS_ORACLE_BSDTAR_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

enum class BsdtarSource { kFile, kPipe };

// The tree of `view` (not kUdf, which libarchive does not read: InvalidArgument). Extracts
// into a folder inside `scratch_dir` that is gone afterwards. Joliet and plain views tell no
// modes, owners or links. The root's time is the one in the volume descriptor's record.
absl::StatusOr<Listing> BsdtarListing(const std::string& image, View view, BsdtarSource source,
                                      const std::string& scratch_dir);

// The parser of `--format=mtree`, apart from the program. DataLoss when a line is not what
// libarchive 3 prints.
absl::StatusOr<Listing> ParseMtree(absl::string_view text);

// The same from the listing alone, for trees that cannot be extracted: no contents, no sizes of
// further names, no hard links.
absl::StatusOr<Listing> BsdtarTree(const std::string& image, View view, BsdtarSource source);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_BSDTAR_H_
