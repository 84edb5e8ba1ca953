// -----------------------------------------------------------------------------
// File: tools/oracle/cdio.h
// -----------------------------------------------------------------------------
//
// What GNU libcdio (iso-info, iso-read) makes of an image. Of ISO 9660 it shows Joliet where
// there is one, else Rock Ridge, else plain names: its switches for that do nothing.
//
//   absl::StatusOr<Listing> got = CdioListing(image, CdioTree::kUdf, testing::TempDir());
#ifndef ISOMASON_TOOLS_ORACLE_CDIO_H_
#define ISOMASON_TOOLS_ORACLE_CDIO_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

enum class CdioTree { kIso, kUdf };

// Names, types, sizes and digests; of ISO 9660 also times, and of Rock Ridge also
// modes, owners, link counts and targets. A UDF symlink is shown as a file. Files are copied
// one by one into a folder inside `scratch_dir` that is gone afterwards. iso-read looks names
// from Joliet up in Rock Ridge (or the plain tree), so that their contents, and those of plain
// images, are read at the block that iso-info tells. No digest is told of a file inside its UDF
// file entry, which iso-read does not know, nor of some UDF paths. DataLoss when another file
// cannot be read or is not as long as listed.
absl::StatusOr<Listing> CdioListing(const std::string& image, CdioTree tree,
                                    const std::string& scratch_dir);

// The parsers, apart from the program: `iso-info -l` and `iso-info -U`.
absl::StatusOr<Listing> ParseCdioIso(absl::string_view text,
                                     std::map<std::string, uint64_t>* blocks = nullptr);
absl::StatusOr<Listing> ParseCdioUdf(absl::string_view text);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_CDIO_H_
