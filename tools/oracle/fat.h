// -----------------------------------------------------------------------------
// File: tools/oracle/fat.h
// -----------------------------------------------------------------------------
//
// What dosfstools and mtools make of a FAT volume. 7-Zip, GRUB, blkid and Linux read one
// through the files that are named after them.
//
//   EXPECT_EQ(FsckFat(image), absl::OkStatus());
//   absl::StatusOr<Listing> got = MtoolsListing(image, TempDir());
#ifndef ISOMASON_TOOLS_ORACLE_FAT_H_
#define ISOMASON_TOOLS_ORACLE_FAT_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

// `fsck.fat -n -v`: OK when it finds nothing to mend and nothing to say, else DataLoss with
// its words.
absl::Status FsckFat(const std::string& image);

// `mcopy -s -m` of all into a folder inside `scratch_dir` that is gone afterwards: names, types,
// times of files and contents. DataLoss when mtools complain.
absl::StatusOr<Listing> MtoolsListing(const std::string& image, const std::string& scratch_dir);

// `want` as mtools 4.0 show it: they read UTF-16 one unit at a time, so that each half of a
// character outside of the basic plane is a "_" to them.
Listing AsMtoolsShow(const Listing& want);

// `want` as GRUB 2.06 shows it: a name without a long one in small letters
// (grub-core/fs/fat.c). It opens files by names in either.
Listing AsGrubShows(const Listing& want);

// `mdir`: the 8.3 names of one directory ("::/EFI") by the names that are shown, "GRUB.CFG" by
// "grub.cfg". A name without a long one is its own.
absl::StatusOr<std::map<std::string, std::string>> MtoolsShortNames(const std::string& image,
                                                                    const std::string& directory);

// The parser of that, apart from the program.
absl::StatusOr<std::map<std::string, std::string>> ParseMdir(absl::string_view text);

// `mattrib`: the letters of the attributes of one entry, a part of "ASHR".
absl::StatusOr<std::string> MtoolsAttributes(const std::string& image, const std::string& path);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_FAT_H_
