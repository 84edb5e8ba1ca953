#include "authoring/udf/udf.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/udf/directory.h"
#include "authoring/udf/file_entry.h"
#include "authoring/udf/projection.h"
#include "authoring/udf/streams.h"
#include "authoring/udf/types.h"
#include "authoring/udf/volume_records.h"
#include "authoring/udf/volume_structure.h"
#include "layout/status.h"
#include "layout/units.h"

namespace isomason {
namespace {

using udf::EntryNumber;
using udf::Projection;

// Where the fixed structures lie (OSTA UDF 2.2.3 leaves only the anchors' places no
// choice). EDK2 wants the last block 256 or more behind the main sequence, which the
// least size of an image sees to.
constexpr Block kMainSequence{32};
constexpr Block kIntegritySequence{64};
constexpr Block kAnchorBlock{256};
constexpr Block kLeastPartitionStart{257};
// How far from the end an anchor lies that is not in the last block.
constexpr Block kAnchorBeforeEnd{257};

// File entries are pieces of this many: half a MiB.
constexpr uint32_t kGroup = 256;

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
constexpr uint32_t kMirrored = 0x80000000;

void Refuse(NodeId node, absl::string_view message, absl::string_view remedy, Problems* problems) {
  problems->push_back({.node = node,
                       .where = "udf",
                       .message = std::string(message),
                       .remedy = std::string(remedy)});
}

class View final : public Udf {
 public:
  View(const Tree& tree, const ContentTable& contents, const UdfOptions& options,
       udf::VolumeFacts facts, Projection projection)
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

  absl::string_view owner_name() const override { return "udf"; }
  std::string Describe(uint32_t index) const override;
  absl::Status Render(uint32_t index, const Addresses& at, std::string& out) const override;

 private:
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
  udf::EntryReference ReferenceOf(NodeId node, const Addresses& at) const {
    const EntryNumber entry = projection_.entry(projection_.inode_of(tree_, node));
    return {EntryBlock(entry, at), projection_.IsFurtherName(tree_, node)
                                       ? UniqueId(projection_.entry_count()) + node
                                       : UniqueId(entry)};
  }

  // Adds the file structures, or the copy of them in the mirror, and returns the first.
  PieceId AddStructures(Pieces& pieces, uint32_t mirrored);
  Block MetadataBlocks() const;

  udf::VolumePlaces Places(const Addresses& at) const;
  uint64_t SizeOf(const Inode& inode) const {
    return inode.content == kNoContent ? 0 : contents_.size(inode.content);
  }
  // The node by which errors name an entry.
  NodeId NodeOf(EntryNumber entry) const { return tree_.first_node(projection_.inode(entry)); }
  absl::StatusOr<udf::EntryFacts> Facts(EntryNumber entry, const Addresses& at) const;

  // Appends a directory's names: as many bytes as its data has. A name that UDF cannot
  // hold goes to `problems` and is left out; without `problems` it is an error.
  absl::Status AppendNames(uint32_t ordinal, const Addresses& at, Problems* problems,
                           std::string& out) const;
  absl::Status AppendEntries(uint32_t group, const Addresses& at, std::string& out) const;

  const Tree& tree_;
  const ContentTable& contents_;
  const UdfOptions options_;
  udf::VolumeFacts facts_;
  Projection projection_;
  // Files with allocation extent descriptors, by entry, and how many blocks those take.
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
  std::vector<EntryStreams> streams_;  // by entry; none beside a metadata partition

  PieceId main_{}, integrity_{}, reserve_{}, file_set_{};
  PieceId first_anchor_{}, last_anchor_ = kNoPiece, anchor_before_last_ = kNoPiece;
  PieceId metadata_file_{}, metadata_mirror_{}, mirror_extent_{};
  PieceId first_directory_{}, first_group_{}, first_long_file_{}, first_streams_{};
};

// --- Pieces -----------------------------------------------------------------------

void View::AddVolumeStructures(Pieces& pieces) {
  const auto fixed = [&](uint32_t index, ByteCount size, Block where) {
    const PieceId piece = pieces.Add(*this, index, size);
    pieces.Fix(piece, ToBytes(where));
    return piece;
  };
  const auto from_end = [&](uint32_t index, ByteCount size, Block distance) {
    const PieceId piece = pieces.Add(*this, index, size);
    pieces.FixFromEnd(piece, ToBytes(distance));
    return piece;
  };
  main_ = fixed(kMain, ToBytes(udf::kSequenceBlocks), kMainSequence);
  integrity_ = fixed(kIntegrity, ToBytes(udf::kPairBlocks), kIntegritySequence);
  first_anchor_ = fixed(kFirstAnchor, udf::kAnchorSize, kAnchorBlock);
  // 7-Zip takes for the end of the volume whatever is behind the last extent it knows
  // of, and the reserve sequence is one: a backup GPT lies before it.
  reserve_ = from_end(kReserve, ToBytes(udf::kSequenceBlocks), udf::kSequenceBlocks + Block(1));
  if (options_.anchor_at_end) last_anchor_ = from_end(kLastAnchor, udf::kAnchorSize, Block(1));
  if (options_.anchor_before_end) {
    anchor_before_last_ = from_end(kAnchorBeforeLast, udf::kAnchorSize, kAnchorBeforeEnd);
  }
}

Block View::MetadataBlocks() const {
  Block blocks = udf::FileSetBlocks(*facts_.revision) + Block(projection_.entry_count());
  for (uint32_t d = 0; d < projection_.directory_count(); ++d) {
    blocks += BlocksFor(ByteCount(projection_.directory(d).size));
  }
  for (const LongFile& file : long_files_) blocks += Block(file.blocks);
  return blocks;
}

PieceId View::AddStructures(Pieces& pieces, uint32_t mirrored) {
  const bool adjoins = HasMetadata();  // is one extent
  const auto add = [&](uint32_t index, Block blocks) {
    const PieceId piece = pieces.Add(*this, mirrored | index, ToBytes(blocks));
    if (adjoins && index != kFileSet) pieces.Adjoin(piece);
    return piece;
  };
  const PieceId first = add(kFileSet, udf::FileSetBlocks(*facts_.revision));
  for (uint32_t d = 0; d < projection_.directory_count(); ++d) {
    add(kFirstDirectory + d, BlocksFor(ByteCount(projection_.directory(d).size)));
  }
  for (uint32_t g = 0; g < GroupCount(); ++g) {
    // A file entry is one block (OSTA UDF 2.3.6).
    add(FirstGroup() + g, Block(GroupEnd(g) - g * kGroup));
  }
  for (uint32_t i = 0; i < long_files_.size(); ++i) {
    add(FirstLongFile() + i, Block(long_files_[i].blocks));
  }
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    add(FirstStreams() + i, BlocksFor(ByteCount(streams_[i].size)));
  }
  if (!HasMetadata()) return first;
  pieces.Align(first, ToBytes(udf::kMetadataUnit));
  const uint64_t used = MetadataBlocks().value();
  const uint64_t rest = RoundUp(used, udf::kMetadataUnit.value()) - used;
  if (rest > 0) add(kMetadataRest, Block(rest));
  return first;
}

absl::Status View::AddFileStructures(Pieces& pieces) {
  if (HasMetadata()) {
    // At the start of a unit, so that whole units of the partition are those of the disc.
    metadata_file_ = pieces.Add(*this, kMetadataFile, ToBytes(Block(1)));
    pieces.Align(metadata_file_, ToBytes(udf::kMetadataUnit));
    pieces.NotBefore(metadata_file_, ToBytes(kLeastPartitionStart));
  }
  file_set_ = AddStructures(pieces, 0);
  if (!HasMetadata()) pieces.NotBefore(file_set_, ToBytes(kLeastPartitionStart));
  first_directory_ = Nth(file_set_, 1);
  first_group_ = Nth(first_directory_, projection_.directory_count());
  first_long_file_ = Nth(first_group_, GroupCount());
  first_streams_ = Nth(first_long_file_, static_cast<uint32_t>(long_files_.size()));
  return absl::OkStatus();
}

void View::AddMirror(Pieces& pieces) {
  if (!HasMetadata()) return;
  mirror_extent_ = options_.duplicate_metadata ? AddStructures(pieces, kMirrored) : file_set_;
  // The two entries lie far apart.
  metadata_mirror_ = pieces.Add(*this, kMetadataMirror, ToBytes(Block(1)));
}

std::string View::Describe(uint32_t index) const {
  if ((index & kMirrored) != 0) return absl::StrCat("copy of ", Describe(index & ~kMirrored));
  switch (index) {
    case kBegin:
      return "recognition sequence BEA01";
    case kNsr:
      return absl::StrCat("recognition sequence ", facts_.revision->recognition);
    case kEnd:
      return "recognition sequence TEA01";
    case kMain:
      return "main volume descriptor sequence";
    case kIntegrity:
      return "logical volume integrity sequence";
    case kFirstAnchor:
    case kLastAnchor:
    case kAnchorBeforeLast:
      return "anchor volume descriptor pointer";
    case kReserve:
      return "reserve volume descriptor sequence";
    case kFileSet:
      return "file set descriptor";
    case kMetadataFile:
      return "metadata file entry";
    case kMetadataMirror:
      return "metadata mirror file entry";
    case kMetadataRest:
      return "rest of the metadata partition";
    default:
      break;
  }
  if (index < FirstGroup()) {
    return absl::StrCat("directory ",
                        tree_.Path(projection_.directory(index - kFirstDirectory).node));
  }
  if (index >= FirstStreams()) {
    return absl::StrCat("streams of ", tree_.Path(NodeOf(streams_[index - FirstStreams()].entry)));
  }
  if (index >= FirstLongFile()) {
    return absl::StrCat("extents of ",
                        tree_.Path(NodeOf(long_files_[index - FirstLongFile()].entry)));
  }
  const uint32_t group = index - FirstGroup();
  return absl::StrCat("file entries ", group * kGroup, "-", GroupEnd(group) - 1);
}

absl::Status View::Render(uint32_t index, const Addresses& at, std::string& out) const {
  // Addresses in a metadata partition count from its start, so a copy is the same bytes.
  index &= ~kMirrored;
  switch (index) {
    case kBegin:
      udf::AppendRecognition(udf::kBeginExtendedArea, out);
      break;
    case kNsr:
      udf::AppendRecognition(facts_.revision->recognition, out);
      break;
    case kEnd:
      udf::AppendRecognition(udf::kTerminateExtendedArea, out);
      break;
    case kMain:
      udf::AppendDescriptorSequence(facts_, Places(at), at.block(main_), out);
      break;
    case kReserve:
      udf::AppendDescriptorSequence(facts_, Places(at), at.block(reserve_), out);
      break;
    case kIntegrity:
      udf::AppendIntegritySequence(facts_, Places(at), out);
      break;
    case kFirstAnchor:
      udf::AppendAnchor(facts_, Places(at), at.block(first_anchor_), out);
      break;
    case kLastAnchor:
      udf::AppendAnchor(facts_, Places(at), at.block(last_anchor_), out);
      break;
    case kAnchorBeforeLast:
      udf::AppendAnchor(facts_, Places(at), at.block(anchor_before_last_), out);
      break;
    case kMetadataFile:
      udf::AppendMetadataFile(facts_, Places(at), /*is_mirror=*/false, out);
      break;
    case kMetadataMirror:
      udf::AppendMetadataFile(facts_, Places(at), /*is_mirror=*/true, out);
      break;
    case kMetadataRest: {
      const uint64_t used = MetadataBlocks().value();
      const uint64_t rest = RoundUp(used, udf::kMetadataUnit.value()) - used;
      out.append(ToBytes(Block(rest)).value(), '\0');
      break;
    }
    case kFileSet:
      udf::AppendFileSet(facts_, Places(at), out);
      break;
    default: {
      if (index >= FirstStreams()) {
        const EntryStreams& streams = streams_[index - FirstStreams()];
        ASSIGN_OR_RETURN(const udf::EntryFacts facts, Facts(streams.entry, at));
        return udf::AppendStreams(facts, EntryBlock(streams.entry, at), *streams.streams, out);
      }
      if (index >= FirstLongFile()) {
        ASSIGN_OR_RETURN(const udf::EntryFacts facts,
                         Facts(long_files_[index - FirstLongFile()].entry, at));
        udf::AppendAllocationBlocks(facts, out);
        break;
      }
      if (index >= FirstGroup()) return AppendEntries(index - FirstGroup(), at, out);
      const size_t begin = out.size();
      RETURN_IF_ERROR(AppendNames(index - kFirstDirectory, at, nullptr, out));
      out.resize(begin + RoundUp(out.size() - begin, kBlockSize));
    }
  }
  return absl::OkStatus();
}

// --- What they hold ---------------------------------------------------------------

udf::VolumePlaces View::Places(const Addresses& at) const {
  udf::VolumePlaces places;
  places.main = at.block(main_);
  places.reserve = at.block(reserve_);
  places.integrity = at.block(integrity_);
  places.partition = PartitionStart(at);
  // Whatever lies between is in the partition, so it covers every file's bytes.
  Block end = places.reserve;
  if (anchor_before_last_ != kNoPiece) end = std::min(end, at.block(anchor_before_last_));
  places.partition_length = end - places.partition;
  places.root = EntryBlock(EntryNumber{0}, at);
  if (HasMetadata()) {
    places.metadata.file = Relative(at.block(metadata_file_), at);
    places.metadata.mirror = Relative(at.block(metadata_mirror_), at);
    places.metadata.extent = Relative(at.block(file_set_), at);
    places.metadata.mirror_extent = Relative(at.block(mirror_extent_), at);
    places.metadata.length = Block(RoundUp(MetadataBlocks().value(), udf::kMetadataUnit.value()));
  }
  return places;
}

absl::StatusOr<udf::EntryFacts> View::Facts(EntryNumber entry, const Addresses& at) const {
  const Inode& inode = tree_.inode_at(projection_.inode(entry));
  udf::EntryFacts facts{.revision = *facts_.revision,
                        .inode = inode,
                        .links = projection_.links(tree_, projection_.inode(entry)),
                        .unique_id = UniqueId(entry)};
  Block data = PartitionStart(at);
  switch (inode.type) {
    case NodeType::kDirectory: {
      const uint32_t ordinal = projection_.DirectoryOrdinal(NodeOf(entry));
      facts.links = uint64_t{1} + projection_.directory(ordinal).subdirectories;
      facts.size = projection_.directory(ordinal).size;
      data = at.block(Nth(first_directory_, ordinal));
      break;
    }
    case NodeType::kFile:
      facts.size = SizeOf(inode);
      if (facts.size != 0) data = at.block(inode.content);
      break;
    case NodeType::kSymlink:
      facts.target = tree_.target(inode);
      break;
    default:
      break;
  }
  if (data < PartitionStart(at)) {
    return absl::InternalError(absl::StrCat("lies in block ", data.value(),
                                            ", before the UDF partition, which starts at ",
                                            PartitionStart(at).value()));
  }
  facts.data = inode.type == NodeType::kDirectory
                   ? DirectoryBlock(projection_.DirectoryOrdinal(NodeOf(entry)), at)
                   : Relative(data, at);
  const auto streams =
      std::lower_bound(streams_.begin(), streams_.end(), entry,
                       [](const EntryStreams& s, EntryNumber e) { return s.entry < e; });
  if (streams != streams_.end() && streams->entry == entry) {
    const auto i = static_cast<uint32_t>(streams - streams_.begin());
    facts.extended = true;
    facts.streams = StructureBlock(Nth(first_streams_, i), at);
    facts.stream_bytes = udf::StreamBytes(*streams->streams);
  }
  const auto it =
      std::lower_bound(long_files_.begin(), long_files_.end(), entry,
                       [](const LongFile& file, EntryNumber e) { return file.entry < e; });
  if (it != long_files_.end() && it->entry == entry) {
    const auto i = static_cast<uint32_t>(it - long_files_.begin());
    facts.more = StructureBlock(Nth(first_long_file_, i), at);
  }
  return facts;
}

absl::Status View::AppendNames(uint32_t ordinal, const Addresses& at, Problems* problems,
                               std::string& out) const {
  const NodeId node = projection_.directory(ordinal).node;
  udf::DirectoryWriter names(*facts_.revision, DirectoryBlock(ordinal, at), out);
  names.AddParent(ReferenceOf(tree_.parent(node), at));
  for (NodeId child : tree_.children(node)) {
    if (!projection_.shows(tree_, child)) continue;
    const absl::Status added = names.Add(tree_.name(child), tree_.is_directory(child),
                                         ReferenceOf(child, at), projection_.marks(child));
    if (added.ok()) continue;
    if (problems == nullptr) return Annotate(added, tree_.Path(child));
    Refuse(child, added.message(), "rename it, or leave out `udf`", problems);
  }
  return absl::OkStatus();
}

absl::Status View::AppendEntries(uint32_t group, const Addresses& at, std::string& out) const {
  out.reserve(out.size() + kGroup * kBlockSize);
  for (EntryNumber entry = group * kGroup; entry < GroupEnd(group); ++entry) {
    const auto facts = Facts(entry, at);
    const absl::Status added =
        facts.ok() ? udf::AppendFileEntry(*facts, EntryBlock(entry, at), out) : facts.status();
    if (!added.ok()) return Annotate(added, tree_.Path(NodeOf(entry)));
  }
  return absl::OkStatus();
}

void View::TakeStreams(const NamedStreams& streams, Remarks* remarks) {
  const std::map<NodeId, const std::vector<NamedStream>*> in_order = [&streams] {
    std::map<NodeId, const std::vector<NamedStream>*> sorted;
    for (const auto& [node, named] : streams) sorted[node] = &named;
    return sorted;
  }();
  for (const auto& [node, named] : in_order) {
    if (projection_.shows(tree_, node) && projection_.has(tree_.inode_id(node))) {
      streams_.push_back({projection_.entry(tree_.inode_id(node)), named, 0});
    } else if (remarks != nullptr) {
      remarks->push_back({Remark::Kind::kOmitted, "udf", tree_.Path(node),
                          "its named streams, since UDF does not show it"});
    }
  }
  std::sort(streams_.begin(), streams_.end(),
            [](const EntryStreams& a, const EntryStreams& b) { return a.entry < b.entry; });
  if (streams_.empty() || remarks == nullptr) return;
  remarks->push_back({Remark::Kind::kReader, "udf", tree_.Path(NodeOf(streams_.front().entry)),
                      "has named streams, and so an extended file entry, as all that have "
                      "streams; libcdio and pycdlib do not read those"});
}

absl::Status View::Measure(Remarks* remarks, Problems* problems) {
  std::string names;
  for (uint32_t d = 0; d < projection_.directory_count(); ++d) {
    Projection::Directory& directory = projection_.directory(d);
    names.clear();
    RETURN_IF_ERROR(AppendNames(d, Addresses::Unknown(), problems, names));
    if (names.size() > udf::kExtentLimit) {
      // Readers look at a directory's first extent only.
      Refuse(directory.node,
             absl::StrCat("needs ", names.size(), " bytes for its names; a UDF extent holds ",
                          udf::kExtentLimit, " (ECMA-167 4/14.14.1.1)"),
             "divide the directory, or leave out `udf`", problems);
      continue;
    }
    directory.size = static_cast<uint32_t>(names.size());
  }
  for (EntryStreams& streams : streams_) {
    ASSIGN_OR_RETURN(const udf::EntryFacts facts, Facts(streams.entry, Addresses::Unknown()));
    std::string bytes;
    const absl::Status good = udf::AppendStreams(facts, PartitionBlock(0), *streams.streams, bytes);
    streams.size = bytes.size();
    if (!good.ok()) {
      Refuse(NodeOf(streams.entry), good.message(), "rename the stream, or leave it out", problems);
    }
  }
  std::vector<LongFile> long_files;
  for (EntryNumber entry = 0; entry < projection_.entry_count(); ++entry) {
    const auto facts = Facts(entry, Addresses::Unknown());
    if (!facts.ok()) return Annotate(facts.status(), tree_.Path(NodeOf(entry)));
    absl::string_view remedy;
    const absl::Status good = udf::CheckFileEntry(*facts, &remedy);
    if (!good.ok()) Refuse(NodeOf(entry), good.message(), remedy, problems);
    const uint64_t blocks = udf::AllocationBlocks(*facts);
    if (blocks == 0) continue;
    long_files.push_back({entry, static_cast<uint32_t>(blocks)});
    if (remarks == nullptr) continue;
    remarks->push_back({Remark::Kind::kReader, "udf", tree_.Path(NodeOf(entry)),
                        "has more extents than its entry holds; 7-Zip lists such a file and does "
                        "not extract it from UDF"});
  }
  long_files_ = std::move(long_files);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Udf>> Udf::Project(const Tree& tree, const ContentTable& contents,
                                                  const Volume& volume, const UdfOptions& options,
                                                  Remarks* remarks, Problems* problems) {
  ASSIGN_OR_RETURN(udf::VolumeFacts facts,
                   udf::MakeVolumeFacts(volume, *options.revision, remarks));
  Projection projection = Projection::Make(tree, options, remarks, problems);
  auto view =
      std::make_unique<View>(tree, contents, options, std::move(facts), std::move(projection));
  if (options.streams != nullptr) view->TakeStreams(*options.streams, remarks);
  RETURN_IF_ERROR(view->Measure(remarks, problems));
  if (!options.anchor_at_end && remarks != nullptr) {
    remarks->push_back({Remark::Kind::kReader, "udf", "",
                        "7-Zip reports an error in the headers of an image without an anchor in "
                        "its last block"});
  }
  if (options.revision->metadata_partition && remarks != nullptr) {
    remarks->push_back({Remark::Kind::kReader, "udf", "",
                        absl::StrCat("GRUB 2.06, libcdio and UEFI firmware know no metadata "
                                     "partition",
                                     options.bridge ? " and take the ISO 9660 view instead"
                                                    : ", and there is no other view")});
  }
  return std::unique_ptr<Udf>(std::move(view));
}

}  // namespace isomason
