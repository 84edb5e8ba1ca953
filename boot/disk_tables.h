// -----------------------------------------------------------------------------
// File: boot/disk_tables.h
// -----------------------------------------------------------------------------
//
// What firmware finds when it takes an image for a hard disk: boot code and the tables of
// partitions, read from its bytes.
//
//   ASSIGN_OR_RETURN(DiskTables tables, ReadDiskTables(size, read));
//   if (tables.gpt && tables.gpt->primary) ...
//
#ifndef ISOMASON_BOOT_DISK_TABLES_H_
#define ISOMASON_BOOT_DISK_TABLES_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "boot/gpt.h"
#include "boot/mbr.h"

namespace isomason {

// The first sector, when it ends with 55 AA and every boot indicator is 00 or 80: where one is
// not, Linux sees no table.
struct DiskMbr {
  bool has_code = false;
  std::array<MbrEntry, kMbrEntries> entries{};  // those without sectors are none
  // Whether an entry says that there is a GPT as readers want it: type EE from sector 1 on.
  bool protective = false;
};

// There is one when either header begins like one.
struct DiskGpt {
  std::optional<GptTable> primary;  // where it is valid
  std::optional<GptTable> backup;   // the one that the last sector has
  std::string problem;              // the first thing that is wrong
};

struct DiskTables {
  std::optional<DiskMbr> mbr;
  std::optional<DiskGpt> gpt;
  uint32_t apm_block_size = 0;  // 0: there is no Apple partition map
};

// Reads the tables of an image of `size` bytes, at least 64 KiB. Fails only where `read` does.
absl::StatusOr<DiskTables> ReadDiskTables(uint64_t size, ReadDisk read);

}  // namespace isomason

#endif  // ISOMASON_BOOT_DISK_TABLES_H_
