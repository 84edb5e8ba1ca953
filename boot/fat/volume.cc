#include "boot/fat/volume.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boot/fat/records.h"
#include "layout/status.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr uint32_t kFirstCluster = 2;

uint64_t ClustersFor(uint64_t bytes, uint32_t cluster_size) {
  return RoundUp(bytes, cluster_size) / cluster_size;
}

uint64_t DirectoryClusters(const FatTree& tree, uint32_t directory, uint32_t cluster_size) {
  return std::max<uint64_t>(1, ClustersFor(tree.records(directory) * kFatRecordSize, cluster_size));
}

// Clusters, counted from 0, where a file may start that comes behind `next` others.
uint64_t AlignCluster(uint64_t next, uint32_t cluster_size, uint32_t alignment) {
  return alignment <= cluster_size ? next : RoundUp(next, alignment / cluster_size);
}

// The value in a FAT that ends a chain. That of entry 1 is the same, and says by its upper
// bits that the volume is clean and had no errors (fatgen103, FAT Data Structure).
uint32_t EndOfChain(FatType type) {
  return type == FatType::kFat12 ? 0xFFF : type == FatType::kFat16 ? 0xFFFF : 0x0FFFFFFF;
}

void CopyOverlap(absl::string_view bytes, uint64_t at, uint64_t offset, absl::Span<uint8_t> out) {
  const uint64_t from = std::max(at, offset);
  const uint64_t to = std::min(at + bytes.size(), offset + out.size());
  if (from >= to) return;
  std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(from - at), to - from,
              out.begin() + static_cast<ptrdiff_t>(from - offset));
}

bool Overlaps(uint64_t at, uint64_t size, uint64_t offset, absl::Span<uint8_t> out) {
  return at < offset + out.size() && offset < at + size;
}

}  // namespace

absl::StatusOr<FatVolume> FatVolume::Plan(const FatOptions& options,
                                          absl::Span<const FatEntry> entries) {
  ASSIGN_OR_RETURN(FatTree tree, FatTree::Make(entries, options.label, options.time));
  const uint32_t alignment = options.shape.alignment;
  const auto demand = [&](uint32_t cluster_size, bool root_in_clusters) {
    uint64_t next = 0;
    for (const uint32_t directory : tree.directories()) {
      if (directory == 0 && !root_in_clusters) continue;
      next += DirectoryClusters(tree, directory, cluster_size);
    }
    for (const FatEntry& entry : entries) {
      if (entry.directory || entry.size == 0) continue;
      next = AlignCluster(next, cluster_size, alignment) + ClustersFor(entry.size, cluster_size);
    }
    return next;
  };
  auto geometry = DivideFat(options.shape, tree.records(0), demand);
  if (!geometry.ok()) return geometry.status();
  FatVolume volume(options, std::move(tree));
  volume.geometry_ = *geometry;
  volume.Place(entries);
  return volume;
}

FatVolume FatVolume::WithSerial(uint32_t serial) const {
  FatVolume other = *this;
  other.options_.serial = serial;
  return other;
}

void FatVolume::AddRun(uint32_t node, uint64_t count, uint32_t* next) {
  if (count == 0) return;
  clusters_[node] = *next;
  runs_.push_back({*next, static_cast<uint32_t>(count)});
  *next += static_cast<uint32_t>(count);
}

void FatVolume::Place(absl::Span<const FatEntry> entries) {
  const uint32_t cluster_size = geometry_.cluster_size;
  std::vector<uint32_t> node_of(entries.size(), 0);
  size_t nodes = 1;
  for (const uint32_t directory : tree_.directories()) {
    for (const uint32_t child : tree_.node(directory).children) {
      ++nodes;
      const uint32_t entry = tree_.node(child).entry;
      if (entry != FatTree::kImplied) node_of[entry] = child;
    }
  }
  clusters_.assign(nodes, 0);

  uint32_t next = kFirstCluster;
  for (const uint32_t directory : tree_.directories()) {
    if (directory == 0 && type() != FatType::kFat32) continue;
    AddRun(directory, DirectoryClusters(tree_, directory, cluster_size), &next);
  }
  metadata_size_ = geometry_.cluster_offset(next);
  for (uint32_t i = 0; i < entries.size(); ++i) {
    if (entries[i].directory || entries[i].size == 0) continue;
    next = kFirstCluster + static_cast<uint32_t>(AlignCluster(next - kFirstCluster, cluster_size,
                                                              options_.shape.alignment));
    files_.push_back({i, geometry_.cluster_offset(next), entries[i].size});
    AddRun(node_of[i], ClustersFor(entries[i].size, cluster_size), &next);
  }
  tail_ = geometry_.cluster_offset(next);

  uint32_t used = 0;
  first_free_ = kFirstCluster;
  for (const Run& run : runs_) {
    used += run.count;
    if (run.first == first_free_) first_free_ += run.count;
  }
  free_clusters_ = geometry_.clusters - used;
}

FatBootSector FatVolume::BootSector() const {
  FatBootSector boot;
  boot.cluster_sectors = static_cast<uint8_t>(geometry_.cluster_size / kFatSectorSize);
  boot.reserved_sectors = static_cast<uint16_t>(geometry_.reserved_sectors);
  boot.root_entries = static_cast<uint16_t>(geometry_.root_entries);
  boot.track_sectors = options_.track_sectors;
  boot.heads = options_.heads;
  boot.hidden_sectors = options_.hidden_sectors;
  boot.serial = options_.serial;
  boot.label = tree_.label();
  const std::string name = absl::StrCat("FAT", static_cast<int>(type()), "   ");
  std::copy(name.begin(), name.end(), boot.type_name.begin());
  if (type() == FatType::kFat32) {
    boot.total_sectors_32 = static_cast<uint32_t>(geometry_.sectors);
    boot.fat_sectors_32 = geometry_.fat_sectors;
    boot.root_cluster = clusters_[0];
    boot.info_sector = kFatInfoSectorAt;
    boot.backup_sector = kFatBackupSector;
    return boot;
  }
  boot.fat_sectors_16 = static_cast<uint16_t>(geometry_.fat_sectors);
  if (geometry_.sectors < 0x10000) {
    boot.total_sectors_16 = static_cast<uint16_t>(geometry_.sectors);
  } else {
    boot.total_sectors_32 = static_cast<uint32_t>(geometry_.sectors);
  }
  return boot;
}

std::string FatVolume::ReservedSectors() const {
  std::string out;
  if (type() != FatType::kFat32) {
    Append(kFat16BootSector, BootSector(), out);
  } else {
    Append(kFat32BootSector, BootSector(), out);
    FatInfoSector info;
    info.free_clusters = free_clusters_;
    if (free_clusters_ != 0) info.next_free = first_free_;
    Append(kFatInfoSector, info, out);
    const std::string both = out;
    out.resize(kFatBackupSector * kFatSectorSize, '\0');
    out += both;
  }
  return out;
}

void FatVolume::ReadFat(uint64_t offset, absl::Span<uint8_t> out) const {
  std::fill(out.begin(), out.end(), 0);
  const FatType type = this->type();
  const uint32_t end_of_chain = EndOfChain(type);
  const auto bits = static_cast<uint64_t>(type);
  // Entries that have a bit in the range. One of FAT12 is 12 bits, and two share a byte.
  const uint64_t first = offset * 8 / bits;
  const uint64_t last = ((offset + out.size()) * 8 - 1) / bits;
  const auto put = [&](uint64_t entry, uint32_t value) {
    uint64_t bit = entry * bits;
    // Half-bytes, the low one first.
    for (uint64_t i = 0; i < bits; i += 4, bit += 4, value >>= 4) {
      const uint64_t byte = bit / 8;
      if (byte < offset || byte >= offset + out.size()) continue;
      out[byte - offset] |= static_cast<uint8_t>((value & 0xF) << (bit % 8));
    }
  };
  if (first == 0) put(0, (end_of_chain & ~uint32_t{0xFF}) | kFatMedia);
  if (first <= 1 && last >= 1) put(1, end_of_chain);
  // The first run that does not end before the range.
  auto run = std::partition_point(runs_.begin(), runs_.end(), [&](const Run& r) {
    return r.first + uint64_t{r.count} <= first;
  });
  for (; run != runs_.end() && run->first <= last; ++run) {
    const uint64_t end = run->first + uint64_t{run->count};
    for (uint64_t c = std::max<uint64_t>(first, run->first); c < end && c <= last; ++c) {
      put(c, c + 1 == end ? end_of_chain : static_cast<uint32_t>(c + 1));
    }
  }
}

std::string FatVolume::DirectoryBytes(uint32_t directory) const {
  std::string out;
  tree_.Render(
      directory, [&](uint32_t node) { return clusters_[node]; }, out);
  return out;
}

absl::Status FatVolume::Read(uint64_t offset, absl::Span<uint8_t> out) const {
  if (offset > metadata_size_ || out.size() > metadata_size_ - offset) {
    return absl::InternalError(absl::StrCat("bytes ", offset, " to ", offset + out.size(),
                                            " of the metadata of a FAT volume that has ",
                                            metadata_size_));
  }
  std::fill(out.begin(), out.end(), 0);
  if (Overlaps(0, geometry_.fat_offset(), offset, out)) {
    CopyOverlap(ReservedSectors(), 0, offset, out);
  }
  const uint64_t fat_size = geometry_.fat_sectors * kFatSectorSize;
  for (uint64_t fat = geometry_.fat_offset(); fat < geometry_.root_offset(); fat += fat_size) {
    if (!Overlaps(fat, fat_size, offset, out)) continue;
    const uint64_t from = std::max(fat, offset);
    const uint64_t to = std::min(fat + fat_size, offset + out.size());
    ReadFat(from - fat, out.subspan(from - offset, to - from));
  }
  // Directories lie one behind the other, in order.
  const std::vector<uint32_t>& directories = tree_.directories();
  const auto start = [&](uint32_t directory) {
    return clusters_[directory] == 0 ? geometry_.root_offset()
                                     : geometry_.cluster_offset(clusters_[directory]);
  };
  auto it = std::partition_point(directories.begin(), directories.end(),
                                 [&](uint32_t d) { return start(d) <= offset; });
  if (it != directories.begin()) --it;
  for (; it != directories.end() && start(*it) < offset + out.size(); ++it) {
    CopyOverlap(DirectoryBytes(*it), start(*it), offset, out);
  }
  return absl::OkStatus();
}

}  // namespace isomason
