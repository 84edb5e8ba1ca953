// -----------------------------------------------------------------------------
// File: tools/oracle/grub.h
// -----------------------------------------------------------------------------
//
// What GRUB's own drivers make of an image, through grub-fstest. It tries UDF before
// ISO 9660 and Rock Ridge before Joliet, so a bridge is seen through its UDF tree.
//
//   absl::StatusOr<GrubView> got = GrubViewOf(image);
//   EXPECT_EQ(got->file_system, "udf");
//   EXPECT_THAT(Differences(want, got->listing, options), IsEmpty());
#ifndef ISOMASON_TOOLS_ORACLE_GRUB_H_
#define ISOMASON_TOOLS_ORACLE_GRUB_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

struct GrubView {
  std::string file_system;  // "udf" or "iso9660"
  std::string label;
  std::string uuid;  // as `search --fs-uuid` takes it
  Listing listing;
};

// Names, times (up to January 2038), sizes and contents of the whole tree. GRUB follows symlinks
// and does not tell them from what they lead to; a broken one it does not list at all. What
// `symlinks` has as a symlink is therefore listed as one, without a target, and not entered (which
// could go on for ever). DataLoss when GRUB reports an error.
absl::StatusOr<GrubView> GrubViewOf(const std::string& image, const Listing& symlinks = {});

// One directory of `ls -l` as GRUB prints it, apart from the program; `dir` is its path.
// The entries' paths are whole. DataLoss when a line is not of that form.
absl::StatusOr<Listing> ParseGrubLs(absl::string_view text, const std::string& dir);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_GRUB_H_
