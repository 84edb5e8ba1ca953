// -----------------------------------------------------------------------------
// File: boot/fat/directory.h
// -----------------------------------------------------------------------------
//
// The tree of a FAT volume and the bytes of its directories. Entries come as paths; the
// directories above them are made where they are not listed. Inside a directory, names
// are in order, whatever the order of the list: an image does not tell in which order
// somebody wrote his list down, but for where files lie.
//
//   ASSIGN_OR_RETURN(FatTree tree, FatTree::Make(entries, "ESP", time));
//   uint64_t bytes = tree.records(0) * kFatRecordSize;     // of the root directory
//
#ifndef ISOMASON_BOOT_FAT_DIRECTORY_H_
#define ISOMASON_BOOT_FAT_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "boot/fat/names.h"
#include "boot/fat/records.h"
#include "boot/fat/time.h"

namespace isomason {

// A directory or a file that the caller wants.
struct FatEntry {
  std::string path{};  // "EFI/BOOT/BOOTX64.EFI"; a slash may stand before it
  bool directory = false;
  uint64_t size = 0;                 // in bytes, of a file
  int64_t time = 0;                  // modification, seconds since 1970 UTC
  uint8_t attributes = kFatArchive;  // of a directory, kFatArchive does not count
};

// Directories hold at most so many records (fatgen103, Directory Structure: 2 MiB).
inline constexpr uint64_t kFatMostRecords = 65536;
// A file has at most so many bytes (DIR_FileSize is 32 bits).
inline constexpr uint64_t kFatMostFileSize = 0xFFFFFFFF;

class FatTree {
 public:
  static constexpr uint32_t kImplied = 0xFFFFFFFF;

  struct Node {
    std::u16string name;
    FatShortName short_name{};
    bool long_name = false;  // is written, too
    bool directory = false;
    uint8_t attributes = 0;
    FatTime time;
    uint32_t size = 0;
    uint32_t parent = 0;             // index of a node; the root's is itself
    uint32_t entry = kImplied;       // index of the entry that it came from
    std::vector<uint32_t> children;  // of a directory, in the order in which it lists them
  };

  // `label` and `time` are the volume's; directories that are not listed have that time.
  // InvalidArgument or OutOfRange with the path of an entry that FAT cannot hold, or of two
  // that are one to it; AlreadyExists when a path comes twice.
  static absl::StatusOr<FatTree> Make(absl::Span<const FatEntry> entries, absl::string_view label,
                                      int64_t time);

  // The root is node 0.
  const Node& node(uint32_t i) const { return nodes_[i]; }
  // All directories, each before those below it: the order in which they are stored.
  const std::vector<uint32_t>& directories() const { return directories_; }
  // How many records a directory has: names, ".", "..", and the label in the root.
  uint64_t records(uint32_t directory) const;
  // The label as the boot sector wants it.
  const FatShortName& label() const { return label_; }

  // Appends the records of a directory. `cluster_of` says where a node begins, 0 of the root
  // and of empty files.
  void Render(uint32_t directory, absl::FunctionRef<uint32_t(uint32_t)> cluster_of,
              std::string& out) const;

 private:
  // Sorts each directory, and gives out short names.
  absl::Status Finish();

  std::vector<Node> nodes_;
  std::vector<uint32_t> directories_;
  FatShortName label_{};
  bool has_label_ = false;
};

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_DIRECTORY_H_
