// -----------------------------------------------------------------------------
// File: boot/fat/geometry.h
// -----------------------------------------------------------------------------
//
// How a FAT volume is divided: reserved sectors, two FATs, the root directory of FAT12
// and FAT16, then clusters. Readers tell the type of a volume by the count of its
// clusters alone (fatgen103, FAT Type Determination). Some count it wrong by a few, so
// counts within 16 of a border are avoided, as Microsoft advises.
//
// The data area starts at a multiple of 2048 bytes or more and clusters are multiples of
// 2048 bytes, so that a file of the volume starts in a block of the disc: it can be a file
// of ISO 9660 and UDF at the same time. The reserved sectors fill up what is missing.
//
//   2048-byte clusters     FAT12 up to 8 MiB, FAT16 from 8 to 128 MiB, FAT32 above
//
#ifndef ISOMASON_BOOT_FAT_GEOMETRY_H_
#define ISOMASON_BOOT_FAT_GEOMETRY_H_

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace isomason {

inline constexpr uint64_t kFatSectorSize = 512;

inline constexpr uint32_t kFatLeastCluster = 2048, kFatMostCluster = 32768;  // bytes
inline constexpr uint32_t kFatMostAlignment = 1 << 20;
inline constexpr uint64_t kFatMostSectors = 0xFFFFFFFF;

enum class FatType : uint8_t { kFat12 = 12, kFat16 = 16, kFat32 = 32 };

// What the caller asks for. Sizes are bytes.
struct FatShape {
  std::optional<FatType> type{};  // unset: what the count of clusters makes it
  uint64_t size = 0;              // of the volume, a multiple of 2048; 0: the least that holds all
  uint64_t slack = 0;             // what stays free at least
  uint32_t cluster_size = 0;      // a power of 2 from 2048 to 32768; 0: the least that is possible,
                                  // and of FAT32 such that a FAT has no more than 4 MiB
  uint32_t alignment = 2048;      // of the data area and of files: a power of 2 from 2048 to 1 MiB
};

struct FatGeometry {
  FatType type = FatType::kFat12;
  uint32_t cluster_size = 0;      // in bytes
  uint32_t reserved_sectors = 0;  // the boot sector is the first of them
  uint32_t fat_sectors = 0;       // of each of the two FATs
  uint32_t root_entries = 0;      // of FAT12 and FAT16
  uint32_t clusters = 0;          // numbered from 2 on
  uint64_t sectors = 0;           // of the whole volume

  uint64_t fat_offset() const { return reserved_sectors * kFatSectorSize; }
  uint64_t root_offset() const { return fat_offset() + 2 * fat_sectors * kFatSectorSize; }
  uint64_t data_offset() const { return root_offset() + root_entries * uint64_t{32}; }
  uint64_t cluster_offset(uint32_t cluster) const {
    return data_offset() + (cluster - uint64_t{2}) * cluster_size;
  }
};

// The least and the largest count of clusters that is used of a type.
uint32_t FatLeastClusters(FatType type);
uint32_t FatMostClusters(FatType type);

// How many clusters all takes, which depends on their size and on whether the root directory
// lies among them (in FAT32).
using FatDemand = absl::FunctionRef<uint64_t(uint32_t cluster_size, bool root_in_clusters)>;

// Divides a volume. `root_records` are in the root directory. InvalidArgument when `shape` is
// out of its limits; OutOfRange when it is too small, with the bytes that are missing, or
// when its type or cluster size cannot be.
absl::StatusOr<FatGeometry> DivideFat(const FatShape& shape, uint64_t root_records,
                                      FatDemand demand);

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_GEOMETRY_H_
