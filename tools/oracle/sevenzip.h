// -----------------------------------------------------------------------------
// File: tools/oracle/sevenzip.h
// -----------------------------------------------------------------------------
//
// What 7-Zip makes of an image. Of an ISO 9660 image it shows Joliet where there is one,
// else Rock Ridge, else plain names: nobody can choose. Its warnings ("Headers Error",
// "There are data after the end of archive") are failures here.
//
//   EXPECT_EQ(SevenZipTest(image, SevenZipFormat::kUdf), absl::OkStatus());
//   absl::StatusOr<Listing> got = SevenZipListing(image, SevenZipFormat::kUdf, TempDir());
#ifndef ISOMASON_TOOLS_ORACLE_SEVENZIP_H_
#define ISOMASON_TOOLS_ORACLE_SEVENZIP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

enum class SevenZipFormat { kIso, kUdf, kFat };

// `7z t`: every file can be read and nothing is warned about, else DataLoss with its words.
absl::Status SevenZipTest(const std::string& image, SevenZipFormat format);

// `7z x` into a folder inside `scratch_dir` that is gone afterwards: names, types, times and
// contents. No modes, owners or links, and no time for the root. The folder "[BOOT]" that
// 7-Zip makes up for boot images is left out. DataLoss as above.
absl::StatusOr<Listing> SevenZipListing(const std::string& image, SevenZipFormat format,
                                        const std::string& scratch_dir);

// `7z l`: names, types and sizes, for images too big to extract. Names hold no newlines.
absl::StatusOr<Listing> SevenZipTree(const std::string& image, SevenZipFormat format);

// The parser of that, apart from the program: `7z l -slt`.
absl::StatusOr<Listing> ParseSevenZipTree(absl::string_view text);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_SEVENZIP_H_
