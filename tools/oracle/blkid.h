// -----------------------------------------------------------------------------
// File: tools/oracle/blkid.h
// -----------------------------------------------------------------------------
//
// What libblkid, and with it udev and mount, takes an image for.
//
//   absl::StatusOr<std::map<std::string, std::string>> tags = BlkidTags(image);
//   EXPECT_EQ((*tags)["TYPE"], "udf");
#ifndef ISOMASON_TOOLS_ORACLE_BLKID_H_
#define ISOMASON_TOOLS_ORACLE_BLKID_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace isomason {

// The tags of `blkid -p -o export`, without DEVNAME: "TYPE", "LABEL", "UUID", "PTTYPE", ...
// `offset` is where in the image to look, in bytes (of a partition, say). DataLoss when
// libblkid sees nothing it knows or more than one thing.
absl::StatusOr<std::map<std::string, std::string>> BlkidTags(const std::string& image,
                                                             uint64_t offset = 0);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_BLKID_H_
