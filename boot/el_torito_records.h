// -----------------------------------------------------------------------------
// File: boot/el_torito_records.h
// -----------------------------------------------------------------------------
//
// The records of El Torito 1.0, section 2, byte by byte.
//
#ifndef ISOMASON_BOOT_EL_TORITO_RECORDS_H_
#define ISOMASON_BOOT_EL_TORITO_RECORDS_H_

#include <array>
#include <cstdint>

#include "layout/record/record.h"

namespace isomason {

struct BootRecordDescriptor {
  uint32_t catalog = 0;  // block
};
inline constexpr auto kBootRecord = MakeTable<BootRecordDescriptor, 2048>(
    "boot record volume descriptor", "El Torito 2.0", Counts::kFromZero,
    Zeros("boot record indicator", 0, 0), Fixed("ISO 9660 identifier", 1, 5, "CD001"),
    Fixed("version", 6, 6, "\x01"),
    Fixed("boot system identifier", 7, 38, "EL TORITO SPECIFICATION"), Zeros("unused", 39, 70),
    Field<Little<uint32_t>>("boot catalog", 71, 74, &BootRecordDescriptor::catalog),
    Zeros("unused", 75, 2047));
static_assert(kBootRecord.Tiles());

// The word that makes the sum of all little-endian words of the entry zero.
inline uint16_t ValidationChecksum(ConstByteSpan record) {
  uint16_t sum = 0;
  for (size_t i = 0; i + 1 < record.size(); i += 2) {
    sum = static_cast<uint16_t>(sum + record[i] + (record[i + 1] << 8));
  }
  return static_cast<uint16_t>(-sum);
}

struct ValidationEntry {
  uint8_t platform = 0;
  std::array<uint8_t, 24> id{};
};
inline constexpr auto kValidationEntry = MakeTable<ValidationEntry, 32>(
    "validation entry", "El Torito 2.1", Counts::kFromZero, Fixed("header id", 0, 0, "\x01"),
    Field<Little<uint8_t>>("platform id", 1, 1, &ValidationEntry::platform),
    Zeros("reserved", 2, 3), Field<Raw<24>>("id string", 4, 27, &ValidationEntry::id),
    Sum<Little<uint16_t>>("checksum", 28, 29, &ValidationChecksum),
    Fixed("key", 30, 31, "\x55\xAA"));
static_assert(kValidationEntry.Tiles());

// How many bytes of selection criteria, their type included, a section entry holds, and how
// many an extension.
inline constexpr size_t kEntryCriteria = 20;
inline constexpr size_t kExtensionCriteria = 30;

// The initial entry (2.2) and a section entry (2.4).
struct BootEntryRecord {
  uint8_t indicator = 0x88;  // bootable
  uint8_t media = 0;         // no emulation
  uint16_t load_segment = 0;
  uint8_t system_type = 0;
  uint16_t sectors = 0;                            // of 512 bytes
  uint32_t image = 0;                              // block
  std::array<uint8_t, kEntryCriteria> criteria{};  // the type and 19 bytes; zeros in the first
};
inline constexpr auto kBootEntry = MakeTable<BootEntryRecord, 32>(
    "boot entry", "El Torito 2.2", Counts::kFromZero,
    Field<Little<uint8_t>>("boot indicator", 0, 0, &BootEntryRecord::indicator),
    Field<Little<uint8_t>>("boot media type", 1, 1, &BootEntryRecord::media),
    Field<Little<uint16_t>>("load segment", 2, 3, &BootEntryRecord::load_segment),
    Field<Little<uint8_t>>("system type", 4, 4, &BootEntryRecord::system_type),
    Zeros("unused", 5, 5), Field<Little<uint16_t>>("sector count", 6, 7, &BootEntryRecord::sectors),
    Field<Little<uint32_t>>("load RBA", 8, 11, &BootEntryRecord::image),
    Field<Raw<kEntryCriteria>>("selection criteria", 12, 31, &BootEntryRecord::criteria));
static_assert(kBootEntry.Tiles());

struct SectionHeader {
  uint8_t indicator = 0x91;  // 0x90: more headers follow
  uint8_t platform = 0;
  uint16_t entries = 0;
  std::array<uint8_t, 28> id{};
};
inline constexpr auto kSectionHeader = MakeTable<SectionHeader, 32>(
    "section header entry", "El Torito 2.3", Counts::kFromZero,
    Field<Little<uint8_t>>("header indicator", 0, 0, &SectionHeader::indicator),
    Field<Little<uint8_t>>("platform id", 1, 1, &SectionHeader::platform),
    Field<Little<uint16_t>>("number of section entries", 2, 3, &SectionHeader::entries),
    Field<Raw<28>>("id string", 4, 31, &SectionHeader::id));
static_assert(kSectionHeader.Tiles());

// What does not fit into a section entry.
struct BootExtensionRecord {
  uint8_t flags = 0;  // bit 5: another one follows
  std::array<uint8_t, kExtensionCriteria> criteria{};
};
inline constexpr auto kBootExtension = MakeTable<BootExtensionRecord, 32>(
    "section entry extension", "El Torito 2.5", Counts::kFromZero,
    Fixed("extension indicator", 0, 0, "\x44"),
    Field<Little<uint8_t>>("flags", 1, 1, &BootExtensionRecord::flags),
    Field<Raw<kExtensionCriteria>>("selection criteria", 2, 31, &BootExtensionRecord::criteria));
static_assert(kBootExtension.Tiles());

}  // namespace isomason

#endif  // ISOMASON_BOOT_EL_TORITO_RECORDS_H_
