// -----------------------------------------------------------------------------
// File: tools/oracle/udf_tools.h
// -----------------------------------------------------------------------------
//
// What two readers of UDF make of an image: udftools' udfinfo (the volume) and libudfread
// (the tree, as media players see it).
//
//   absl::StatusOr<UdfInfo> info = UdfInfoOf(image);
//   EXPECT_EQ(info->revision, "1.02");
//   absl::StatusOr<Listing> got = UdfreadListing(image);
#ifndef ISOMASON_TOOLS_ORACLE_UDF_TOOLS_H_
#define ISOMASON_TOOLS_ORACLE_UDF_TOOLS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

// One area that udfinfo found.
struct UdfArea {
  std::string type;  // "VRS", "MVDS", "RVDS", "LVID", "ANCHOR", "PSPACE", ...
  uint64_t start = 0, blocks = 0;
};

struct UdfInfo {
  std::string label, uuid;
  std::string logical_volume_id, volume_id, file_set_id, full_volume_set_id;
  std::string application_id, implementation_id;
  std::string revision, write_revision;  // "1.02"
  std::string integrity;                 // "closed" or "opened"
  std::string access_type;               // "readonly", "overwritable", ...
  uint32_t block_size = 0;               // bytes
  uint64_t blocks = 0, used_blocks = 0, free_blocks = 0, behind_blocks = 0;
  uint64_t files = 0, directories = 0;  // as the integrity descriptor says
  std::vector<UdfArea> areas;
  std::map<std::string, std::string> all;  // every key=value line but the areas
};

// What udfinfo reports. DataLoss with its words when it complains of anything.
absl::StatusOr<UdfInfo> UdfInfoOf(const std::string& image);

// The parser, apart from the program.
absl::StatusOr<UdfInfo> ParseUdfInfo(absl::string_view text);

// Names, types, sizes and digests through libudfread, which tells nothing else. It knows
// directories and files only: a symlink is a file of encoded path components to it, and
// its volume id is in `volume_id` when that is not null. DataLoss when something cannot be
// read.
absl::StatusOr<Listing> UdfreadListing(const std::string& image, std::string* volume_id = nullptr);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_UDF_TOOLS_H_
