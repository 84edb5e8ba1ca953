// -----------------------------------------------------------------------------
// File: authoring/udf/udf.h
// -----------------------------------------------------------------------------
//
// The UDF view of a tree (ECMA-167, OSTA UDF 1.02 to 2.60), as a bridge beside
// ISO 9660 (ECMA TR/71): descriptors, directories and file entries of its own, the
// same file contents. UDF carries modes, owners, times, hard links, symlinks and
// devices as faithfully as Rock Ridge, because Linux desktops mount a bridge as UDF.
//
//   ASSIGN_OR_RETURN(auto udf, Udf::Project(tree, contents, volume, options, &remarks, &problems));
//   if (!problems.empty()) ...
//   for (PieceId p : udf->AddRecognition(pieces)) ...       // the caller fixes them
//   udf->AddVolumeStructures(pieces);                       // fixes its own
//   RETURN_IF_ERROR(udf->AddFileStructures(pieces));        // they flow; the partition starts here
//   ... file contents flow behind ...
//
#ifndef ISOMASON_AUTHORING_UDF_UDF_H_
#define ISOMASON_AUTHORING_UDF_UDF_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/creation_times.h"
#include "authoring/tree/hiding.h"
#include "authoring/tree/named_streams.h"
#include "authoring/tree/node.h"
#include "authoring/udf/allocation.h"
#include "authoring/udf/revision.h"
#include "authoring/volume.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

// Inodes whose data has to be in a run of blocks, and the reason: "is a boot image".
using FilesApart = std::map<InodeId, absl::string_view>;

// Files of which UDF records no more than it has to: the parts of each, and the content in
// which what is recorded lies one behind another, kNoContent when that is nothing.
struct SparseContent {
  std::vector<udf::DataRun> runs;
  ContentId recorded = kNoContent;
};
using SparseContents = absl::flat_hash_map<ContentId, SparseContent>;

struct UdfOptions {
  const udf::Revision* revision = &udf::kRevision102;

  // What to do with an entry that is neither file nor directory. 7-Zip refuses a
  // UDF volume that holds one and falls back to ISO 9660; a remark says so. A symlink
  // that is followed is one more name of the file that it leads to.
  enum class Special { kEmit, kOmit, kRefuse, kFollow };
  Special symlinks = Special::kEmit;
  Special devices = Special::kEmit;  // block and character devices, FIFOs, sockets
  bool bridge = true;                // there is an ISO 9660 view, too
  // Where anchors lie besides block 256: in the last block, and 256 blocks before it.
  bool anchor_at_end = true;
  bool anchor_before_end = false;
  Block main_sequence{32};  // where the main volume descriptor sequence lies
  // Whether the mirror of a metadata partition has bytes of its own.
  bool duplicate_metadata = true;
  const Hiding* hiding = nullptr;  // outlives the result; null: nothing is hidden
  // Files with less than so many bytes have them in their file entries, when those have
  // room for them (ECMA-167 4/14.6.8), but for the inodes of `apart`, which outlives the
  // result; null: there are none.
  uint64_t embed_below = 0;
  const FilesApart* apart = nullptr;
  // By what such files hold; outlives the result, and what is recorded is what has blocks.
  const SparseContents* sparse = nullptr;
  // By nodes; outlives the result. Only for revisions that have extended entries.
  const NamedStreams* streams = nullptr;
  const CreationTimes* created = nullptr;  // outlives the result
};

class Udf : public PieceOwner {
 public:
  // Projects the tree. The arguments outlive the result; omitted entries go to
  // `remarks`, which may be null. What UDF cannot hold, or the options refuse, goes to
  // `problems`, all of it; the result is of no use then. OutOfRange or InvalidArgument
  // for what the volume says about itself.
  static absl::StatusOr<std::unique_ptr<Udf>> Project(const Tree& tree,
                                                      const ContentTable& contents,
                                                      const Volume& volume,
                                                      const UdfOptions& options, Remarks* remarks,
                                                      Problems* problems);

  // The volume recognition sequence: BEA01, NSR02 or NSR03, TEA01 (ECMA-167 2/9.1), one
  // block each. The caller fixes them right behind ISO 9660's terminator.
  virtual std::array<PieceId, 3> AddRecognition(Pieces& pieces) = 0;

  // Main volume descriptor sequence where the options say, integrity sequence at 64, anchors
  // at 256 and where the options say (in the first 512 bytes of a block), reserve
  // sequence before the last block.
  virtual void AddVolumeStructures(Pieces& pieces) = 0;

  // The start of the partition, at block 257 or later: the file set descriptor,
  // directories and file entries; all that must lie before the file contents. In a
  // revision with a metadata partition it starts at a multiple of 32 blocks, and all but
  // the first block is that.
  virtual absl::Status AddFileStructures(Pieces& pieces) = 0;

  // What lies behind the file contents: the mirror of a metadata partition.
  virtual void AddMirror(Pieces& pieces) = 0;

  // What a file entry has room for, in bytes.
  static constexpr uint32_t kMostEmbedded = 1872;

  // The least size of an image that every reader opens.
  static constexpr ByteCount kMinimumImage{1 << 20};

  // The reserve sequence and the second anchor, which count from the end. The last block holds
  // the anchor in its first 512 bytes, and nothing behind it.
  static constexpr ByteCount kTail = ToBytes(Block(17));

  // Where the partition starts, before which no content may lie.
  virtual Block PartitionStart(const Addresses& at) const = 0;

  // The name under which a node stands in UDF; empty when it is not there.
  virtual std::string NameOf(NodeId node) const = 0;

  // Whether an inode is there, and whether its data is in its file entry.
  virtual bool Shows(InodeId inode) const = 0;
  virtual bool Embeds(InodeId inode) const = 0;
  // Whether not all of its data is recorded.
  virtual bool IsSparse(InodeId inode) const = 0;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_UDF_UDF_H_
