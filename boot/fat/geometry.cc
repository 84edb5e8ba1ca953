#include "boot/fat/geometry.h"

#include <algorithm>
#include <string>

#include "absl/numeric/bits.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "layout/units.h"

namespace isomason {
namespace {

// fatgen103, FAT Type Determination: 4085 and more are FAT16, 65525 and more are FAT32. Of
// those, 16 on either side are left out.
constexpr uint32_t kBorder16 = 4085, kBorder32 = 65525, kDistance = 16;
// Numbers from 0x0FFFFFF7 on mean something else.
constexpr uint32_t kMostClusters32 = 0x0FFFFFF5 - kDistance;
// Above it, automatic clusters grow.
constexpr uint32_t kManyClusters32 = 1 << 20;
// RootEntCnt has 16 bits. Records of 2048 bytes go together, so that the data area behind it
// is a multiple of that, too.
constexpr uint64_t kRootStep = 64, kMostRootEntries = 65536 - kRootStep;
// "For maximum compatibility, FAT16 volumes should use the value 512" (fatgen103, BPB_RootEntCnt).
constexpr uint64_t kLeastRootEntries16 = 512;
// fatgen103, BPB_RsvdSecCnt: FAT32 has 32 usually; backups lie at 6 and 7.
constexpr uint64_t kReserved32 = 32;

constexpr FatType kTypes[] = {FatType::kFat12, FatType::kFat16, FatType::kFat32};

std::string Name(FatType type) { return absl::StrCat("FAT", static_cast<int>(type)); }

uint64_t FatSectors(FatType type, uint64_t clusters) {
  const uint64_t bits = (clusters + 2) * static_cast<uint64_t>(type);
  return (bits + 8 * kFatSectorSize - 1) / (8 * kFatSectorSize);
}

uint64_t RootEntries(FatType type, uint64_t records) {
  if (type == FatType::kFat32) return 0;
  const uint64_t least = type == FatType::kFat16 ? kLeastRootEntries16 : kRootStep;
  return std::max(least, RoundUp(records, kRootStep));
}

// One choice of type and cluster size.
struct Choice {
  FatType type;
  uint32_t cluster_size;
  uint32_t alignment;
  uint64_t root_entries;

  // The geometry with FATs of `fat_sectors`, without clusters.
  FatGeometry Empty(uint64_t fat_sectors) const {
    FatGeometry g;
    g.type = type;
    g.cluster_size = cluster_size;
    g.fat_sectors = static_cast<uint32_t>(fat_sectors);
    g.root_entries = static_cast<uint32_t>(root_entries);
    g.reserved_sectors = type == FatType::kFat32 ? kReserved32 : 1;
    const uint64_t data = g.data_offset();
    g.reserved_sectors += static_cast<uint32_t>((RoundUp(data, alignment) - data) / kFatSectorSize);
    return g;
  }

  // With this many clusters and not a sector more.
  FatGeometry WithClusters(uint64_t clusters) const {
    FatGeometry g = Empty(FatSectors(type, clusters));
    g.clusters = static_cast<uint32_t>(clusters);
    g.sectors = (g.data_offset() + clusters * cluster_size) / kFatSectorSize;
    return g;
  }

  // With as many clusters as fit into `size`, less than one when it is too small.
  FatGeometry WithSize(uint64_t size) const {
    // More sectors of a FAT leave no more clusters, so the least FAT that is large enough for
    // what it leaves is a little below the one for all.
    uint64_t fat = FatSectors(type, size / cluster_size);
    fat = FatSectors(type, ClustersIn(size, fat));
    while (FatSectors(type, ClustersIn(size, fat)) > fat) ++fat;
    FatGeometry g = Empty(fat);
    g.clusters = static_cast<uint32_t>(ClustersIn(size, fat));
    g.sectors = size / kFatSectorSize;
    return g;
  }

  uint64_t ClustersIn(uint64_t size, uint64_t fat_sectors) const {
    const uint64_t data = Empty(fat_sectors).data_offset();
    return size <= data ? 0 : (size - data) / cluster_size;
  }
};

absl::Status CheckShape(const FatShape& shape) {
  const auto out_of = [](absl::string_view what, uint64_t is, uint64_t least, uint64_t most) {
    return absl::InvalidArgumentError(absl::StrCat("the ", what, " of a FAT volume is ", is,
                                                   ", it is a power of 2 from ", least, " to ",
                                                   most));
  };
  if (shape.cluster_size != 0 &&
      (!absl::has_single_bit(shape.cluster_size) || shape.cluster_size < kFatLeastCluster ||
       shape.cluster_size > kFatMostCluster)) {
    return out_of("cluster size", shape.cluster_size, kFatLeastCluster, kFatMostCluster);
  }
  if (!absl::has_single_bit(shape.alignment) || shape.alignment < kBlockSize ||
      shape.alignment > kFatMostAlignment) {
    return out_of("alignment", shape.alignment, kBlockSize, kFatMostAlignment);
  }
  if (shape.size % kBlockSize != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the size of a FAT volume on a disc is a multiple of 2048 bytes, not ", shape.size));
  }
  if (shape.size / kFatSectorSize > kFatMostSectors) {
    return absl::OutOfRangeError(
        absl::StrCat("a FAT volume of ", shape.size, " bytes has more sectors than 32 bits count"));
  }
  return absl::OkStatus();
}

// Tries cluster sizes, from the least on, and for each the types.
class Divider {
 public:
  Divider(const FatShape& shape, uint64_t root_records, FatDemand demand)
      : shape_(shape), root_records_(root_records), demand_(demand) {}

  // The volume for all that is asked for, without a given size; nullopt when there is none.
  std::optional<FatGeometry> Least() const {
    std::optional<FatGeometry> found;
    ForEachChoice([&](const Choice& choice) {
      const uint64_t needed = Needed(choice);
      if (needed > Most(choice)) return false;
      const FatGeometry g =
          choice.WithClusters(std::max<uint64_t>(needed, FatLeastClusters(choice.type)));
      if (g.sectors <= kFatMostSectors) found = g;
      return found.has_value();
    });
    return found;
  }

  // The volume of the given size.
  std::optional<FatGeometry> OfSize() const {
    std::optional<FatGeometry> found;
    ForEachChoice([&](const Choice& choice) {
      const FatGeometry g = choice.WithSize(shape_.size);
      if (g.clusters < FatLeastClusters(choice.type) || g.clusters > Most(choice) ||
          g.clusters < Needed(choice)) {
        return false;
      }
      found = g;
      return true;
    });
    return found;
  }

 private:
  void ForEachChoice(absl::FunctionRef<bool(const Choice&)> is_good) const {
    const uint32_t least = shape_.cluster_size != 0 ? shape_.cluster_size : kFatLeastCluster;
    const uint32_t most = shape_.cluster_size != 0 ? shape_.cluster_size : kFatMostCluster;
    for (uint32_t cluster = least; cluster <= most; cluster *= 2) {
      for (const FatType type : kTypes) {
        if (shape_.type.value_or(type) != type) continue;
        const Choice choice{type, cluster, shape_.alignment, RootEntries(type, root_records_)};
        if (choice.root_entries <= kMostRootEntries && is_good(choice)) return;
      }
    }
  }

  uint64_t Needed(const Choice& choice) const {
    return demand_(choice.cluster_size, choice.type == FatType::kFat32) +
           RoundUp(shape_.slack, choice.cluster_size) / choice.cluster_size;
  }

  uint64_t Most(const Choice& choice) const {
    const bool may_grow = shape_.cluster_size == 0 && choice.cluster_size < kFatMostCluster;
    return choice.type == FatType::kFat32 && may_grow ? kManyClusters32
                                                      : FatMostClusters(choice.type);
  }

  const FatShape& shape_;
  uint64_t root_records_;
  FatDemand demand_;
};

// "FAT16 with clusters of 2048 bytes", or less of it.
std::string Wanted(const FatShape& shape) {
  return absl::StrCat(shape.type.has_value() ? Name(*shape.type) : "a FAT volume",
                      shape.cluster_size != 0
                          ? absl::StrCat(" with clusters of ", shape.cluster_size, " bytes")
                          : "");
}

}  // namespace

uint32_t FatLeastClusters(FatType type) {
  switch (type) {
    case FatType::kFat12:
      return 1;
    case FatType::kFat16:
      return kBorder16 + kDistance;
    case FatType::kFat32:
      return kBorder32 + kDistance;
  }
  return 0;
}

uint32_t FatMostClusters(FatType type) {
  switch (type) {
    case FatType::kFat12:
      return kBorder16 - 1 - kDistance;
    case FatType::kFat16:
      return kBorder32 - 1 - kDistance;
    case FatType::kFat32:
      return kMostClusters32;
  }
  return 0;
}

absl::StatusOr<FatGeometry> DivideFat(const FatShape& shape, uint64_t root_records,
                                      FatDemand demand) {
  if (absl::Status s = CheckShape(shape); !s.ok()) return s;
  const Divider divider(shape, root_records, demand);
  if (shape.size != 0) {
    if (const std::optional<FatGeometry> found = divider.OfSize()) return *found;
  }
  const std::optional<FatGeometry> least = divider.Least();
  if (!least.has_value()) {
    if (shape.type.has_value() && *shape.type != FatType::kFat32 &&
        root_records > kMostRootEntries) {
      return absl::OutOfRangeError(absl::StrCat("the root directory of ", Name(*shape.type),
                                                " holds ", kMostRootEntries, " records, and ",
                                                root_records, " are needed (BPB_RootEntCnt)"));
    }
    return absl::OutOfRangeError(
        absl::StrCat(Wanted(shape), " does not hold all that is to be in it",
                     shape.type.has_value() || shape.cluster_size != 0
                         ? ": leave the choice of type and cluster size open"
                         : ""));
  }
  if (shape.size == 0) return *least;
  const uint64_t needed = least->sectors * kFatSectorSize;
  if (needed > shape.size) {
    const bool padded =
        least->type != FatType::kFat12 && least->clusters == FatLeastClusters(least->type);
    return absl::OutOfRangeError(absl::StrCat(
        Wanted(shape), " needs ", needed, " bytes for all that is to be in it, ",
        needed - shape.size, " more than the ", shape.size, " that it is given",
        padded
            ? absl::StrCat(" (", Name(least->type), " has ", least->clusters, " clusters or more)")
            : ""));
  }
  return absl::OutOfRangeError(absl::StrCat(
      Wanted(shape), " of ", shape.size, " bytes has too many clusters, or a number so near to ",
      "that of another type that old drivers take it for that (fatgen103, FAT Type ",
      "Determination); ", needed, " bytes would do"));
}

}  // namespace isomason
