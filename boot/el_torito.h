// -----------------------------------------------------------------------------
// File: boot/el_torito.h
// -----------------------------------------------------------------------------
//
// El Torito 1.0 (Phoenix and IBM, 1995): the boot record at block 17 points to a
// catalog of boot images, from which a BIOS takes the first entry and UEFI one of
// its platform. The catalog is a content like any other: it may stand in the tree
// as a file or be hidden.
//
//   BootCatalog catalog;
//   catalog.entries.push_back({BootPlatform::kBios, image, /*load_sectors=*/4});
//   RETURN_IF_ERROR(CheckCatalog(catalog));
//   ContentId content = AddCatalog(contents, catalog);
//   BootRecord record(content);
//   pieces.Fix(record.Add(pieces), ToBytes(kBootRecordBlock));
//
#ifndef ISOMASON_BOOT_EL_TORITO_H_
#define ISOMASON_BOOT_EL_TORITO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "layout/content.h"
#include "layout/piece.h"
#include "layout/units.h"

namespace isomason {

// Where firmware looks for the boot record: it does not search (El Torito 2.0).
inline constexpr Block kBootRecordBlock{17};

// El Torito 2.1 and UEFI 13.3.2.1.
enum class BootPlatform : uint8_t { kBios = 0x00, kPowerPc = 0x01, kMac = 0x02, kUefi = 0xEF };

// What a BIOS makes of an image: the boot media type (El Torito 2.2).
enum class BootMedia : uint8_t {
  kNoEmulation = 0,
  kFloppy1200 = 1,  // KiB
  kFloppy1440 = 2,
  kFloppy2880 = 3,
  kHardDisk = 4,
};

// A boot image. Without emulation, the firmware loads some sectors and jumps to them,
// or for UEFI mounts the FAT file system that the image is.
struct BootEntry {
  BootPlatform platform = BootPlatform::kBios;
  ContentId image = kNoContent;
  uint16_t load_sectors = 0;  // of 512 bytes; 0 for UEFI: all up to the end of the volume
  uint16_t load_segment = 0;  // 0 means 0x7C0
  std::string id;  // who made it: ASCII, at most 24 characters in the first entry, 28 in others
  BootMedia media = BootMedia::kNoEmulation;
  uint8_t system_type = 0;  // kHardDisk: the type of the image's partition
  bool bootable = true;
  // The type of the criteria, and those; empty for none. Not in the first entry.
  std::string criteria{};
  bool new_section = false;  // even where the entry before has the platform and the id
};

struct BootCatalog {
  std::vector<BootEntry> entries;  // the first is the initial entry
};

// The sectors that a firmware should load of an image of `size` bytes: 4 for a BIOS,
// what isolinux and GRUB expect, and 1 of a disk; all of it for UEFI, or 0 when that does
// not fit into 16 bits (UEFI 13.3.2.1: up to the end of the volume).
uint16_t DefaultLoadSectors(BootPlatform platform, bool emulated, ByteCount size);

// The floppy disk that an image of `size` bytes is, or kNoEmulation.
BootMedia FloppyOf(ByteCount size);

// The type of the one partition of a hard disk's image that begins with `sector`, 512 bytes.
// InvalidArgument when it is no master boot record that has one partition; the message is
// the end of a sentence that begins with the image.
absl::StatusOr<uint8_t> HardDiskType(absl::Span<const uint8_t> sector);

// The records of the catalog, of 32 bytes each.
uint32_t CatalogRecords(const BootCatalog& catalog);

// InvalidArgument when the catalog is empty, an id is too long or the first entry has
// criteria, OutOfRange when it has more entries than one block holds.
absl::Status CheckCatalog(const BootCatalog& catalog);

// Adds the catalog, one block, to the contents.
ContentId AddCatalog(ContentTable& contents, BootCatalog catalog);

// The boot record volume descriptor (ECMA-119 8.2, El Torito 2.0).
class BootRecord : public PieceOwner {
 public:
  explicit BootRecord(ContentId catalog) : catalog_(catalog) {}
  PieceId Add(Pieces& pieces) const { return pieces.Add(*this, 0, ByteCount(kBlockSize)); }

  absl::string_view owner_name() const override { return "boot"; }
  std::string Describe(uint32_t) const override { return "boot record"; }
  absl::Status Render(uint32_t index, const Addresses& at, std::string& out) const override;

 private:
  ContentId catalog_;
};

}  // namespace isomason

#endif  // ISOMASON_BOOT_EL_TORITO_H_
