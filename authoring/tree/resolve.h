// -----------------------------------------------------------------------------
// File: authoring/tree/resolve.h
// -----------------------------------------------------------------------------
//
// From a manifest to the tree of intent: entries, source trees, overlays, hard
// links, attributes. Looks at every source, opens none. What is wrong is collected
// with its place in the manifest.
//
//   Resolved resolved;
//   if (!Resolve(loaded, source_root, volume_time, &contents, &resolved, &diagnostics)) ...
//   resolved.tree.Find("/boot/grub/grub.cfg");
//
#ifndef ISOMASON_AUTHORING_TREE_RESOLVE_H_
#define ISOMASON_AUTHORING_TREE_RESOLVE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/remark.h"
#include "authoring/timestamp.h"
#include "authoring/tree/creation_times.h"
#include "authoring/tree/file_contents.h"
#include "authoring/tree/hiding.h"
#include "authoring/tree/named_streams.h"
#include "authoring/tree/node.h"
#include "authoring/tree/system_use.h"
#include "authoring/zisofs/compressed.h"
#include "boot/fat/fat_content.h"
#include "boot/fat/volume.h"
#include "boot/mips.h"
#include "boot/system_area.h"
#include "layout/content.h"

namespace isomason {

// Origins of nodes that no entry of the manifest brought: the boot catalog, a root that
// is only there because others stand in it, and the text in a stub of ISO 9660.
inline constexpr uint32_t kBootOrigin = 0xFFFFFFFF;
inline constexpr uint32_t kNoOrigin = 0xFFFFFFFE;
inline constexpr uint32_t kStubOrigin = 0xFFFFFFFD;  // the text of `udf.stub`
// And files that are FAT partitions: this and the partition's place in the manifest. Origins from
// here on are no entries.
inline constexpr uint32_t kPartitionOrigin = 0xFFFFF000;

// "boot.partition[0].image", of such an origin.
std::string PartitionImageField(uint32_t origin);

// What decides about a content that isomason makes from the tree, other files' bytes
// apart: for the image id.
struct Made {
  InodeId inode;
  std::string from;
};

// A run of bytes of a file that may be written to in the finished image.
struct ReservedArea {
  std::string name;
  NodeId node;
  uint64_t offset;   // in the file
  uint64_t size;     // in bytes
  char fill;         // fills what is left of it
  std::string text;  // stands in it at first, as far as that is known
  bool whole;        // it is the whole file
};

// A name in a FAT partition.
struct FatName {
  NodeId node;       // the file or directory of the tree that stands there
  std::string path;  // "/EFI/BOOT/BOOTX64.EFI"
};

// What a partition is made of.
struct PartitionSource {
  ContentId content = kNoContent;  // its bytes, or the first of them; kNoContent: those of `node`
  NodeId node = kNoNode;           // the file of the tree that is the partition, too
  // Of a FAT partition:
  bool is_fat = false;
  std::vector<FatName> names;                        // by authoring/fat_files.h
  std::shared_ptr<const FatVolume> volume;           // by authoring/fat_partitions.h, as are
  FatContents fat;                                   // its contents, and
  std::vector<std::pair<ContentId, NodeId>> copies;  // those of them that are copies of files
};

struct Resolved {
  Tree tree;
  std::vector<uint32_t> origins;  // by node: the number of the entry that it came from
  std::vector<Pin> pins;
  std::vector<ReservedArea> reserved;  // by authoring/reserve.h
  CompressedContents compressed;       // by authoring/compress.h
  std::vector<Made> made;              // by those who make the contents
  Remarks remarks;                     // names that came in another normal form
  Hiding hiding;                       // what single namespaces do not show
  NodeId boot_catalog = kNoNode;       // when the manifest shows it as a file
  std::vector<NodeId> boot_images;     // one for each boot entry; kNoNode: it is a partition
  ContentId system_area = kNoContent;  // its source, at most 32768 bytes
  // What that is, by authoring/partitions.h.
  BootCode code = BootCode::kRaw;
  bool code_leaves_room_for_apm = false;
  std::vector<PartitionSource> partitions;  // one for each of the manifest
  std::vector<NodeId> block_files;          // one for each of BlockFilesOf()
  // What the one says that a DECstation loads.
  absl::StatusOr<MipselProgram> mipsel_program = MipselProgram();
  // What went wrong with a source and is no matter of the manifest; the tree lacks it.
  absl::Status failure;
  SystemUses system_uses;
  NamedStreams named_streams;
  CreationTimes created;
};

// Resolves a manifest that has passed CheckManifest(). Source paths are relative to
// `source_root`; up to `jobs` threads look at them. False when `diagnostics` got something, or
// `failure` is one.
bool Resolve(const LoadedManifest& loaded, const std::string& source_root, Timestamp volume_time,
             ContentTable* contents, Resolved* resolved, Diagnostics* diagnostics, int jobs = 1);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_RESOLVE_H_
