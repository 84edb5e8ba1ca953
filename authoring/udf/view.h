// -----------------------------------------------------------------------------
// File: authoring/udf/view.h
// -----------------------------------------------------------------------------
//
// What Udf::Project() returns: the pieces that a UDF view consists of, and what stands in
// them. view.cc has the pieces, entries.cc what directories and file entries say.
//
#ifndef ISOMASON_AUTHORING_UDF_VIEW_H_
#define ISOMASON_AUTHORING_UDF_VIEW_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/named_streams.h"
#include "authoring/tree/node.h"
#include "authoring/udf/directory.h"
#include "authoring/udf/file_entry.h"
#include "authoring/udf/projection.h"
#include "authoring/udf/streams.h"
#include "authoring/udf/udf.h"
#include "authoring/udf/volume_structure.h"
#include "layout/content.h"
#include "layout/piece.h"
#include "layout/units.h"

namespace isomason::udf {

class View final : public Udf {
 public:
  View(const Tree& tree, const ContentTable& contents, const UdfOptions& options, VolumeFacts facts,
       Projection projection)
      : tree_(tree),
        contents_(contents),
        options_(options),
        facts_(std::move(facts)),
        projection_(std::move(projection)) {
    const bool names = facts_.revision->counts_names;
    facts_.files = names ? projection_.file_name_count() : projection_.file_count();
    facts_.directories = projection_.directory_count();
    facts_.next_unique_id =
        UniqueId(projection_.entry_count()) +
        (facts_.revision->names_have_ids && projection_.has_further_names() ? tree_.node_count()
                                                                            : 0);
  }

  // Takes the streams of entries that are there; a remark names others.
  void TakeStreams(const NamedStreams& streams, Remarks* remarks);

  // Finds, before any byte is placed, whatever an entry or a name cannot hold, and
  // measures the directories by rendering them. Other errors are our own.
  absl::Status Measure(Remarks* remarks, Problems* problems);

  std::array<PieceId, 3> AddRecognition(Pieces& pieces) override {
    return {pieces.Add(*this, kBegin, ByteCount(kBlockSize)),
            pieces.Add(*this, kNsr, ByteCount(kBlockSize)),
            pieces.Add(*this, kEnd, ByteCount(kBlockSize))};
  }
  void AddVolumeStructures(Pieces& pieces) override;
  absl::Status AddFileStructures(Pieces& pieces) override;
  void AddMirror(Pieces& pieces) override;
  // The partition starts with the file set descriptor, or with the metadata file's entry.
  Block PartitionStart(const Addresses& at) const override {
    return at.block(HasMetadata() ? metadata_file_ : file_set_);
  }

  std::string NameOf(NodeId node) const override {
    return projection_.shows(tree_, node) ? std::string(tree_.name(node)) : "";
  }

  bool Shows(InodeId inode) const override { return projection_.has(inode); }
  bool Embeds(InodeId inode) const override;
  bool IsSparse(InodeId inode) const override {
    return Shows(inode) && SparseOf(tree_.inode_at(inode).content) != nullptr && !Embeds(inode);
  }

  absl::string_view owner_name() const override { return "udf"; }
  std::string Describe(uint32_t index) const override;
  absl::Status Render(uint32_t index, const Addresses& at, std::string& out) const override;

 private:
  // File entries are pieces of this many: half a MiB.
  static constexpr uint32_t kGroup = 256;

  // What an index means to this owner. Directories come behind these, then groups, then
  // the allocation extent descriptors of files that are too long for their entries, then
  // named streams.
  enum Index : uint32_t {
    kBegin,
    kNsr,
    kEnd,
    kMain,
    kIntegrity,
    kFirstAnchor,
    kReserve,
    kLastAnchor,
    kAnchorBeforeLast,
    kMetadataFile,
    kMetadataMirror,
    kMetadataRest,  // zeros up to a whole unit
    kFileSet,
    kFirstDirectory,
  };

  // Or'ed to the index of what the mirror of a metadata partition has a copy of.
  static constexpr uint32_t kMirrored = 0x80000000;

  // OSTA UDF 3.2.1.1: the root's is 0, 1 to 15 are taken.
  static uint64_t UniqueId(EntryNumber entry) { return entry == 0 ? 0 : uint64_t{entry} + 15; }

  uint32_t FirstGroup() const { return kFirstDirectory + projection_.directory_count(); }
  uint32_t GroupCount() const { return (projection_.entry_count() + kGroup - 1) / kGroup; }
  uint32_t GroupEnd(uint32_t group) const {
    return std::min((group + 1) * kGroup, projection_.entry_count());
  }

  uint32_t FirstLongFile() const { return FirstGroup() + GroupCount(); }
  uint32_t FirstStreams() const {
    return FirstLongFile() + static_cast<uint32_t>(long_files_.size());
  }

  // Pieces of directories, groups, long files and streams have consecutive numbers.
  static PieceId Nth(PieceId first, uint32_t n) {
    return static_cast<PieceId>(static_cast<uint32_t>(first) + n);
  }

  bool HasMetadata() const { return facts_.revision->metadata_partition; }

  // Where something of the first partition lies in it.
  PartitionBlock Relative(Block b, const Addresses& at) const {
    return PartitionBlock((b - PartitionStart(at)).value());
  }
  // Where a piece of the file structures lies in the partition that those are in, which
  // starts with the file set.
  PartitionBlock StructureBlock(PieceId piece, const Addresses& at) const {
    return PartitionBlock((at.block(piece) - at.block(file_set_)).value());
  }
  PartitionBlock DirectoryBlock(uint32_t ordinal, const Addresses& at) const {
    return StructureBlock(Nth(first_directory_, ordinal), at);
  }
  PartitionBlock EntryBlock(EntryNumber entry, const Addresses& at) const {
    const PartitionBlock group = StructureBlock(Nth(first_group_, entry / kGroup), at);
    return group + PartitionBlock(entry % kGroup);
  }
  // What a name leads to.
  EntryReference ReferenceOf(NodeId node, const Addresses& at) const {
    const EntryNumber entry = projection_.entry(projection_.inode_of(tree_, node));
    return {EntryBlock(entry, at), projection_.IsFurtherName(tree_, node)
                                       ? UniqueId(projection_.entry_count()) + node
                                       : UniqueId(entry)};
  }

  // Adds the file structures, or the copy of them in the mirror, and returns the first.
  PieceId AddStructures(Pieces& pieces, uint32_t mirrored);
  Block MetadataBlocks() const;

  VolumePlaces Places(const Addresses& at) const;
  uint64_t SizeOf(ContentId content) const {
    return content == kNoContent ? 0 : contents_.size(content);
  }
  // Where a content lies in the partition that has to hold it; an empty one nowhere.
  absl::StatusOr<PartitionBlock> DataBlock(ContentId content, const Addresses& at) const;
  // The node by which errors name an entry.
  NodeId NodeOf(EntryNumber entry) const { return tree_.first_node(projection_.inode(entry)); }
  // All but the data of a file that is in its entry.
  absl::StatusOr<EntryFacts> Facts(EntryNumber entry, const Addresses& at) const;
  absl::StatusOr<std::vector<Stream>> Streams(const std::vector<NamedStream>& streams,
                                              const Addresses& at) const;
  // Whether the manifest wants a file's data in its entry, which may have no room for it.
  bool WantsEmbedded(InodeId inode) const {
    const uint64_t size = SizeOf(tree_.inode_at(inode).content);
    return size > 0 && size < options_.embed_below &&
           (options_.apart == nullptr || options_.apart->count(inode) == 0);
  }

  // Null when all of the content is recorded.
  const SparseContent* SparseOf(ContentId content) const {
    if (options_.sparse == nullptr) return nullptr;
    const auto it = options_.sparse->find(content);
    return it == options_.sparse->end() ? nullptr : &it->second;
  }

  void RemarkLongTarget(EntryNumber entry, absl::string_view target, Remarks* remarks) const;

  // Appends a directory's names: as many bytes as its data has. A name that UDF cannot
  // hold goes to `problems` and is left out; without `problems` it is an error.
  absl::Status AppendNames(uint32_t ordinal, const Addresses& at, Problems* problems,
                           std::string& out) const;
  absl::Status AppendEntries(uint32_t group, const Addresses& at, std::string& out) const;
  // Reads the file, when its data is in its entry.
  absl::Status AppendEntry(EntryNumber entry, const Addresses& at, std::string& out) const;

  const Tree& tree_;
  const ContentTable& contents_;
  const UdfOptions options_;
  VolumeFacts facts_;
  Projection projection_;
  // Files and symlinks that have blocks beside their entries, by entry, and how many.
  struct LongFile {
    EntryNumber entry;
    uint32_t blocks;
  };
  std::vector<LongFile> long_files_;
  struct EntryStreams {
    EntryNumber entry;
    const std::vector<NamedStream>* streams;
    uint64_t size;  // bytes of the piece
  };
  std::vector<EntryStreams> streams_;  // by entry

  PieceId main_{}, integrity_{}, reserve_{}, file_set_{};
  PieceId first_anchor_{}, last_anchor_ = kNoPiece, anchor_before_last_ = kNoPiece;
  PieceId metadata_file_{}, metadata_mirror_{}, mirror_extent_{};
  PieceId first_directory_{}, first_group_{}, first_long_file_{}, first_streams_{};
};

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_VIEW_H_
