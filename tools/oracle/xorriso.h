// -----------------------------------------------------------------------------
// File: tools/oracle/xorriso.h
// -----------------------------------------------------------------------------
//
// What xorriso (libisofs) makes of an image: its trees, its boot catalog, its system area
// and its volume descriptor. Modes, owners and devices come from its own listing and not
// from the extracted files, so that a test sees them without being root.
//
//   absl::StatusOr<Listing> got = XorrisoListing(image, View::kRockRidge, testing::TempDir());
//   absl::StatusOr<XorrisoReport> report = XorrisoReportOf(image);
//   EXPECT_EQ(report->el_torito.entries[0].platform, "BIOS");
//
// Anything that xorriso warns about (severity WARNING and above) is a DataLoss error with
// its words. A program that is not installed is NotFound.
#ifndef ISOMASON_TOOLS_ORACLE_XORRISO_H_
#define ISOMASON_TOOLS_ORACLE_XORRISO_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

// The tree of `view` (not kUdf, which xorriso does not read: InvalidArgument). Extracts into
// a folder inside `scratch_dir` that is gone afterwards. Joliet and plain views tell no
// modes, owners or links. A symlink's time is not told: xorriso prints its day only.
// NotFound also when the image has no Joliet tree and that is asked for.
absl::StatusOr<Listing> XorrisoListing(const std::string& image, View view,
                                       const std::string& scratch_dir);

// The same from xorriso's own listing alone, for images too big to extract: no times, no
// digests, no hard links.
absl::StatusOr<Listing> XorrisoTree(const std::string& image, View view);

// One line of the boot catalog.
struct XorrisoBootEntry {
  int number = 0;        // from 1
  std::string platform;  // "BIOS", "PPC", "Mac", "UEFI" or hex
  bool bootable = false;
  std::string emulation;  // "none", "fd1.2", "fd1.4", "fd2.8", "hd"
  uint32_t load_segment = 0;
  uint32_t system_type = 0;          // partition type of an emulated hard disk
  uint32_t load_size = 0;            // blocks of 512 bytes
  uint32_t lba = 0;                  // blocks of 2048 bytes
  std::string path;                  // of the file that starts there, if any
  std::vector<std::string> options;  // "boot-info-table", "grub2-boot-info", "isohybrid-suitable"
  std::string id;                    // of the section, as hex digits; empty when all zero
  std::string selection_criterion;   // as hex digits; empty when all zero
};

struct XorrisoElTorito {
  std::optional<uint32_t> catalog_lba;     // unset: the image has no boot catalog
  std::optional<uint32_t> catalog_blocks;  // of 2048 bytes
  std::string catalog_path;
  std::vector<XorrisoBootEntry> entries;
};

struct XorrisoMbrPartition {
  int number = 0;
  uint32_t status = 0, type = 0;
  uint64_t start = 0, blocks = 0;  // of 512 bytes
  std::string path;
};

struct XorrisoGptPartition {
  int number = 0;
  std::string name;       // as xorriso shows it locally
  std::string guid;       // 32 hex digits, bytes in disk order
  std::string type_guid;  // the same
  uint64_t flags = 0;
  uint64_t start = 0, blocks = 0;  // of 512 bytes
  std::string path;
};

struct XorrisoApmPartition {
  int number = 0;
  std::string name, type;
  uint64_t start = 0, blocks = 0;  // of apm_block_size bytes
  std::string path;
};

struct XorrisoSystemArea {
  bool present = false;              // false: all zero
  std::vector<std::string> summary;  // "MBR", "GPT", "protective-msdos-label", "grub2-mbr", ...
  uint64_t image_blocks = 0;         // of 512 bytes
  uint64_t partition_offset = 0;     // of a second superblock; 0: none
  std::vector<XorrisoMbrPartition> mbr;
  std::string gpt_disk_guid;
  std::string gpt_array_state;  // "separated" or "overlapping"
  uint64_t gpt_first_usable = 0, gpt_last_usable = 0, gpt_backup_header = 0;
  std::vector<XorrisoGptPartition> gpt;
  std::vector<std::string> gpt_problems;  // wrong checksums, differences to the backup
  uint32_t apm_block_size = 0;
  std::vector<XorrisoApmPartition> apm;
};

struct XorrisoReport {
  XorrisoElTorito el_torito;
  XorrisoSystemArea system_area;
  // `-pvd_info`: "Volume Id" to "RESCUE", "Modif. Time" to "2026112212493500", ...
  std::map<std::string, std::string> volume;
  // Every line of the two boot reports as it was, for goldens.
  std::string text;
};

// What xorriso reports besides the trees.
absl::StatusOr<XorrisoReport> XorrisoReportOf(const std::string& image);

// Loads the image, has xorriso read every block of it, and reads the reports. Ok when
// nothing is warned about, all blocks are good, and a GPT is accepted without reservations.
absl::Status XorrisoChecks(const std::string& image);

// The parsers, apart from the program. DataLoss when a line is not what xorriso 1.5 prints.
absl::StatusOr<Listing> ParseXorrisoLsdl(absl::string_view text);
absl::StatusOr<XorrisoReport> ParseXorrisoReport(absl::string_view text);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_XORRISO_H_
