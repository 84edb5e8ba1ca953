// -----------------------------------------------------------------------------
// File: boot/fat/records.h
// -----------------------------------------------------------------------------
//
// The records of FAT, byte by byte. "fatgen103" is Microsoft's "FAT32 File System
// Specification", version 1.03 of 2000, which UEFI 13.3 stands on; it counts from 0.
//
#ifndef ISOMASON_BOOT_FAT_RECORDS_H_
#define ISOMASON_BOOT_FAT_RECORDS_H_

#include <array>
#include <cstdint>

#include "layout/record/record.h"

namespace isomason {

inline constexpr uint8_t kFatMedia = 0xF8;  // fixed, not removable

// What a PC does that starts the volume as if it were bootable: asks its firmware for the
// next device (INT 18h), and halts when that comes back.
inline constexpr absl::string_view kNoBootCode = "\xCD\x18\xF4\xEB\xFD";

struct FatBootSector {
  uint16_t sector_bytes = 512;
  uint8_t cluster_sectors = 0;
  uint16_t reserved_sectors = 0;
  uint8_t fats = 2;
  uint16_t root_entries = 0;      // 0 in FAT32
  uint16_t total_sectors_16 = 0;  // 0 when they are in total_sectors_32
  uint16_t fat_sectors_16 = 0;    // 0 in FAT32
  uint16_t track_sectors = 0;
  uint16_t heads = 0;
  uint32_t hidden_sectors = 0;
  uint32_t total_sectors_32 = 0;
  uint32_t fat_sectors_32 = 0;  // this and the three below: FAT32 only
  uint32_t root_cluster = 0;
  uint16_t info_sector = 0;
  uint16_t backup_sector = 0;
  uint32_t serial = 0;
  std::array<uint8_t, 11> label{};
  std::array<uint8_t, 8> type_name{};
};

// Where FAT32 has FSInfo and the copy of the boot sector (fatgen103, BPB_FSInfo, BPB_BkBootSec).
inline constexpr uint16_t kFatInfoSectorAt = 1, kFatBackupSector = 6;

// The hidden sectors' place in both boot sectors.
inline constexpr uint64_t kHiddenSectorsAt = 28;

// Both are tables of 512 bytes, of which bytes 0 to 35 have the same fields.
inline constexpr auto kFat16BootSector = MakeTable<FatBootSector, 512>(
    "FAT12 or FAT16 boot sector", "fatgen103, Boot Sector and BPB", Counts::kFromZero,
    Fixed("jump to the boot code", 0, 2, "\xEB\x3C\x90"), Fixed("OEM name", 3, 10, "MSWIN4.1"),
    Field<Little<uint16_t>>("bytes per sector", 11, 12, &FatBootSector::sector_bytes),
    Field<Little<uint8_t>>("sectors per cluster", 13, 13, &FatBootSector::cluster_sectors),
    Field<Little<uint16_t>>("reserved sectors", 14, 15, &FatBootSector::reserved_sectors),
    Field<Little<uint8_t>>("number of FATs", 16, 16, &FatBootSector::fats),
    Field<Little<uint16_t>>("root entries", 17, 18, &FatBootSector::root_entries),
    Field<Little<uint16_t>>("total sectors, 16 bits", 19, 20, &FatBootSector::total_sectors_16),
    Fixed("media", 21, 21, "\xF8"),
    Field<Little<uint16_t>>("sectors per FAT", 22, 23, &FatBootSector::fat_sectors_16),
    Field<Little<uint16_t>>("sectors per track", 24, 25, &FatBootSector::track_sectors),
    Field<Little<uint16_t>>("heads", 26, 27, &FatBootSector::heads),
    Field<Little<uint32_t>>("hidden sectors", 28, 31, &FatBootSector::hidden_sectors),
    Field<Little<uint32_t>>("total sectors, 32 bits", 32, 35, &FatBootSector::total_sectors_32),
    Fixed("drive number", 36, 36, "\x80"), Zeros("reserved", 37, 37),
    Fixed("extended boot signature", 38, 38, "\x29"),
    Field<Little<uint32_t>>("serial number", 39, 42, &FatBootSector::serial),
    Field<Raw<11>>("label", 43, 53, &FatBootSector::label),
    Field<Raw<8>>("type name", 54, 61, &FatBootSector::type_name),
    Fixed("boot code", 62, 509, kNoBootCode), Fixed("signature", 510, 511, "\x55\xAA"));
static_assert(kFat16BootSector.Tiles());

inline constexpr auto kFat32BootSector = MakeTable<FatBootSector, 512>(
    "FAT32 boot sector", "fatgen103, Boot Sector and BPB", Counts::kFromZero,
    Fixed("jump to the boot code", 0, 2, "\xEB\x58\x90"), Fixed("OEM name", 3, 10, "MSWIN4.1"),
    Field<Little<uint16_t>>("bytes per sector", 11, 12, &FatBootSector::sector_bytes),
    Field<Little<uint8_t>>("sectors per cluster", 13, 13, &FatBootSector::cluster_sectors),
    Field<Little<uint16_t>>("reserved sectors", 14, 15, &FatBootSector::reserved_sectors),
    Field<Little<uint8_t>>("number of FATs", 16, 16, &FatBootSector::fats),
    Zeros("root entries", 17, 18), Zeros("total sectors, 16 bits", 19, 20),
    Fixed("media", 21, 21, "\xF8"), Zeros("sectors per FAT, 16 bits", 22, 23),
    Field<Little<uint16_t>>("sectors per track", 24, 25, &FatBootSector::track_sectors),
    Field<Little<uint16_t>>("heads", 26, 27, &FatBootSector::heads),
    Field<Little<uint32_t>>("hidden sectors", 28, 31, &FatBootSector::hidden_sectors),
    Field<Little<uint32_t>>("total sectors, 32 bits", 32, 35, &FatBootSector::total_sectors_32),
    Field<Little<uint32_t>>("sectors per FAT, 32 bits", 36, 39, &FatBootSector::fat_sectors_32),
    Zeros("flags: all FATs are alike", 40, 41), Zeros("version", 42, 43),
    Field<Little<uint32_t>>("root directory's cluster", 44, 47, &FatBootSector::root_cluster),
    Field<Little<uint16_t>>("FSInfo sector", 48, 49, &FatBootSector::info_sector),
    Field<Little<uint16_t>>("backup boot sector", 50, 51, &FatBootSector::backup_sector),
    Zeros("reserved", 52, 63), Fixed("drive number", 64, 64, "\x80"), Zeros("reserved", 65, 65),
    Fixed("extended boot signature", 66, 66, "\x29"),
    Field<Little<uint32_t>>("serial number", 67, 70, &FatBootSector::serial),
    Field<Raw<11>>("label", 71, 81, &FatBootSector::label),
    Field<Raw<8>>("type name", 82, 89, &FatBootSector::type_name),
    Fixed("boot code", 90, 509, kNoBootCode), Fixed("signature", 510, 511, "\x55\xAA"));
static_assert(kFat32BootSector.Tiles());

struct FatInfoSector {
  uint32_t free_clusters = 0;
  uint32_t next_free = 0xFFFFFFFF;  // a hint where to look for one; all ones: none is known
};
inline constexpr auto kFatInfoSector = MakeTable<FatInfoSector, 512>(
    "FSInfo sector", "fatgen103, FAT32 FSInfo", Counts::kFromZero,
    Fixed("lead signature", 0, 3, "RRaA"), Zeros("reserved", 4, 483),
    Fixed("structure signature", 484, 487, "rrAa"),
    Field<Little<uint32_t>>("free clusters", 488, 491, &FatInfoSector::free_clusters),
    Field<Little<uint32_t>>("next free cluster", 492, 495, &FatInfoSector::next_free),
    Zeros("reserved", 496, 509), Fixed("trail signature", 510, 511, "\x55\xAA"));
static_assert(kFatInfoSector.Tiles());

inline constexpr uint64_t kFatRecordSize = 32;

// Bits of an entry's attributes (fatgen103, DIR_Attr).
inline constexpr uint8_t kFatReadOnly = 0x01, kFatHidden = 0x02, kFatSystem = 0x04,
                         kFatVolumeId = 0x08, kFatDirectory = 0x10, kFatArchive = 0x20;

struct FatDirectoryRecord {
  std::array<uint8_t, 11> name{};
  uint8_t attributes = 0;
  uint16_t creation_time = 0, creation_date = 0, access_date = 0;
  uint16_t cluster_high = 0;  // 0 in FAT12 and FAT16
  uint16_t write_time = 0, write_date = 0;
  uint16_t cluster_low = 0;
  uint32_t size = 0;  // 0 of directories
};
inline constexpr auto kFatDirectoryRecord = MakeTable<FatDirectoryRecord, 32>(
    "directory entry", "fatgen103, FAT 32 Byte Directory Entry Structure", Counts::kFromZero,
    Field<Raw<11>>("short name", 0, 10, &FatDirectoryRecord::name),
    Field<Little<uint8_t>>("attributes", 11, 11, &FatDirectoryRecord::attributes),
    Zeros("reserved for Windows NT", 12, 12), Zeros("creation time, hundredths", 13, 13),
    Field<Little<uint16_t>>("creation time", 14, 15, &FatDirectoryRecord::creation_time),
    Field<Little<uint16_t>>("creation date", 16, 17, &FatDirectoryRecord::creation_date),
    Field<Little<uint16_t>>("last access date", 18, 19, &FatDirectoryRecord::access_date),
    Field<Little<uint16_t>>("first cluster, high", 20, 21, &FatDirectoryRecord::cluster_high),
    Field<Little<uint16_t>>("write time", 22, 23, &FatDirectoryRecord::write_time),
    Field<Little<uint16_t>>("write date", 24, 25, &FatDirectoryRecord::write_date),
    Field<Little<uint16_t>>("first cluster, low", 26, 27, &FatDirectoryRecord::cluster_low),
    Field<Little<uint32_t>>("size", 28, 31, &FatDirectoryRecord::size));
static_assert(kFatDirectoryRecord.Tiles());

// A part of a long name, 13 units of UTF-16; the last part comes first.
struct FatLongNameRecord {
  uint8_t order = 0;  // from 1 on; 0x40 more in the last part
  std::array<uint8_t, 10> units_1{};
  uint8_t checksum = 0;  // of the short name
  std::array<uint8_t, 12> units_2{};
  std::array<uint8_t, 4> units_3{};
};
inline constexpr size_t kFatUnitsInRecord = 13;
inline constexpr auto kFatLongNameRecord = MakeTable<FatLongNameRecord, 32>(
    "long name entry", "fatgen103, FAT Long Directory Entry Structure", Counts::kFromZero,
    Field<Little<uint8_t>>("order", 0, 0, &FatLongNameRecord::order),
    Field<Raw<10>>("characters 1 to 5", 1, 10, &FatLongNameRecord::units_1),
    Fixed("attributes", 11, 11, "\x0F"), Zeros("type", 12, 12),
    Field<Little<uint8_t>>("checksum", 13, 13, &FatLongNameRecord::checksum),
    Field<Raw<12>>("characters 6 to 11", 14, 25, &FatLongNameRecord::units_2),
    Zeros("first cluster", 26, 27),
    Field<Raw<4>>("characters 12 and 13", 28, 31, &FatLongNameRecord::units_3));
static_assert(kFatLongNameRecord.Tiles());

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_RECORDS_H_
