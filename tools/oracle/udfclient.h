// -----------------------------------------------------------------------------
// File: tools/oracle/udfclient.h
// -----------------------------------------------------------------------------
//
// What the UDF toolkit of NetBSD's UDF author (Debian: udfclient) makes of an image:
// udfdump reads the descriptors and says what it accepts, udfclient lists and extracts.
// Its code has no ancestor in common with Linux's, libudfread's or GRUB's.
//
//   absl::StatusOr<UdfdumpInfo> info = UdfdumpOf(image);
//   EXPECT_EQ(info->least_read, "0102");
//   absl::StatusOr<Listing> got = UdfclientListing(image, testing::TempDir());
#ifndef ISOMASON_TOOLS_ORACLE_UDFCLIENT_H_
#define ISOMASON_TOOLS_ORACLE_UDFCLIENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

struct UdfdumpInfo {
  std::string volume;     // "volume set:volume:logical volume:file set", translated names
  std::string integrity;  // "closed" or "open"
  // As the integrity descriptor says.
  uint64_t files = 0, directories = 0;
  std::string least_read, least_write, greatest_write;  // revisions: "0102"
};

// The volume that udfdump would mount, all of whose directories it has read. DataLoss with
// its words when it complains of anything, or when there is no such volume or several.
absl::StatusOr<UdfdumpInfo> UdfdumpOf(const std::string& image);

// The parser, apart from the program.
absl::StatusOr<UdfdumpInfo> ParseUdfdump(absl::string_view text);

// The tree as udfclient shows it: names as UdfclientName() gives them, types, the lower nine
// bits of modes, owners, sizes, and of what is no directory the modification time and the
// digest, through a copy of each file inside the folder `scratch_dir`. DataLoss when
// something cannot be read.
absl::StatusOr<Listing> UdfclientListing(const std::string& image, const std::string& scratch_dir);

// A path with each name as udfclient shows it, which is that of OSTA UDF's own program for
// Unix (UDF 1.02 6.7): what is not printable ASCII becomes "_", and a checksum of the true
// name is put in before the extension. What is not UTF-8 comes back as it is.
std::string UdfclientName(absl::string_view path);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_UDFCLIENT_H_
