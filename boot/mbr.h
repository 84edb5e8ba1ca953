// -----------------------------------------------------------------------------
// File: boot/mbr.h
// -----------------------------------------------------------------------------
//
// The entries of a master boot record (UEFI 5.2), and the addresses in cylinders, heads and
// sectors that old BIOSes read in them.
//
//   std::string table;
//   AppendMbrEntry({.type = kProtectiveType, .first = 1, .sectors = n}, Geometry(), table);
//
#ifndef ISOMASON_BOOT_MBR_H_
#define ISOMASON_BOOT_MBR_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "layout/units.h"

namespace isomason {

inline constexpr uint64_t kMbrTable = 446;      // byte of the first entry
inline constexpr uint64_t kMbrSignature = 440;  // byte of the disk's signature
inline constexpr int kMbrEntries = 4;

inline constexpr uint8_t kProtectiveType = 0xEE;  // UEFI 5.2.3
inline constexpr uint8_t kMbrEspType = 0xEF;      // UEFI 5.2.2
inline constexpr uint8_t kMbrChrpType = 0x96;     // ISO 9660, for PowerPC machines of that kind
inline constexpr uint8_t kMbrPrepType = 0x41;     // a program for PowerPC machines of that kind

struct Geometry {
  uint32_t heads = 255;
  uint32_t sectors = 63;  // of a track

  // The smallest number of whole cylinders that is whole blocks, too.
  ByteCount Cylinders() const;
};
inline constexpr Geometry kGeometry64x32{64, 32};
inline constexpr Geometry kGeometry255x63{255, 63};

struct MbrEntry {
  bool active = false;
  uint8_t type = 0;
  // Of 512 bytes. What does not fit into 32 bits is the caller's to refuse, but for a
  // protective entry, which then says all ones.
  uint64_t first = 0;
  uint64_t sectors = 0;
};

// Appends the 16 bytes of an entry; one without sectors is zeros.
void AppendMbrEntry(const MbrEntry& entry, const Geometry& geometry, std::string& out);

// Reads the 16 bytes of an entry. DataLoss when its boot indicator is neither 00 nor 80.
absl::StatusOr<MbrEntry> ReadMbrEntry(absl::Span<const uint8_t> record);

}  // namespace isomason

#endif  // ISOMASON_BOOT_MBR_H_
