// -----------------------------------------------------------------------------
// File: boot/fat/volume.h
// -----------------------------------------------------------------------------
//
// A FAT12, FAT16 or FAT32 volume: what UEFI takes for an EFI system partition (UEFI 13.3).
// It is a function of its options and entries, with no clock and no chance in it.
//
//   0                boot sector, on FAT32 FSInfo and backups; padding
//                    FAT, FAT; the root directory of FAT12 and FAT16
//                    the clusters of all directories
//   metadata_size()  the files in the order of the list, each in one run of clusters at a
//                    multiple of the alignment; free clusters between them only when the
//                    alignment is more than a cluster
//   tail()           free clusters, zeros
//   size()
//
// The metadata is made here, whatever range of it is asked for. The files' bytes are the
// caller's, who puts them at their distances behind the start: the same bytes can be files
// of other file systems on the disc.
//
//   ASSIGN_OR_RETURN(FatVolume fat, FatVolume::Plan({.label = "ESP", .serial = 0x12345678,
//       .time = t}, {{.path = "EFI/BOOT/BOOTX64.EFI", .size = n, .time = t}}));
//   fat.files()[0].offset      // 4096 or so, from the start of the volume
//
#ifndef ISOMASON_BOOT_FAT_VOLUME_H_
#define ISOMASON_BOOT_FAT_VOLUME_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "boot/fat/directory.h"
#include "boot/fat/geometry.h"

namespace isomason {

struct FatOptions {
  std::string label{};  // as ToFatLabel() takes it; empty: none
  uint32_t serial = 0;  // shown as XXXX-XXXX, what Linux calls the UUID
  int64_t time = 0;     // of the label and of directories without an entry; since 1970, UTC
  FatShape shape{};
  // Sectors of 512 bytes on the disc before the volume (fatgen103, BPB_HiddSec). Where that is
  // known only later, AddFatContents() of fat_content.h can write it.
  uint32_t hidden_sectors = 0;
  // What a BIOS says of a disc, of no use beyond CHS addressing.
  uint16_t track_sectors = 63, heads = 255;
};

class FatVolume {
 public:
  // A file that has bytes, and where they go.
  struct File {
    uint32_t entry;   // index into the entries
    uint64_t offset;  // from the start of the volume
    uint64_t size;
  };

  // Errors as those of FatTree::Make(), ToFatLabel() and DivideFat().
  static absl::StatusOr<FatVolume> Plan(const FatOptions& options,
                                        absl::Span<const FatEntry> entries);

  // The same volume with another serial number.
  FatVolume WithSerial(uint32_t serial) const;

  const FatGeometry& geometry() const { return geometry_; }
  FatType type() const { return geometry_.type; }
  uint64_t size() const { return geometry_.sectors * kFatSectorSize; }
  // What files start at a multiple of; the volume itself has to, too.
  uint32_t alignment() const { return options_.shape.alignment; }
  // What Read() makes: everything before the first file could start.
  uint64_t metadata_size() const { return metadata_size_; }
  // In order of offset, which is the order of the list.
  const std::vector<File>& files() const { return files_; }
  // Where the cluster after the last file starts, or the metadata ends.
  uint64_t tail() const { return tail_; }
  uint32_t free_clusters() const { return free_clusters_; }
  const FatTree& tree() const { return tree_; }

  // Fills `out` with metadata from `offset`; the range lies inside metadata_size(). Thread-safe.
  absl::Status Read(uint64_t offset, absl::Span<uint8_t> out) const;

 private:
  // Clusters that follow each other, and form one chain.
  struct Run {
    uint32_t first, count;
  };

  FatVolume(const FatOptions& options, FatTree tree) : options_(options), tree_(std::move(tree)) {}

  void Place(absl::Span<const FatEntry> entries);
  // Adds `count` clusters from `next` on as the chain of a node; nothing when it has none.
  void AddRun(uint32_t node, uint64_t count, uint32_t* next);
  FatBootSector BootSector() const;
  std::string ReservedSectors() const;
  // Fills `out` with the bytes of a FAT from `offset`.
  void ReadFat(uint64_t offset, absl::Span<uint8_t> out) const;
  std::string DirectoryBytes(uint32_t directory) const;

  FatOptions options_;
  FatTree tree_;
  FatGeometry geometry_;
  std::vector<uint32_t> clusters_;  // the first one of each node, 0 of none
  std::vector<Run> runs_;           // in order
  std::vector<File> files_;
  uint64_t metadata_size_ = 0, tail_ = 0;
  uint32_t free_clusters_ = 0, first_free_ = 0;
};

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_VOLUME_H_
