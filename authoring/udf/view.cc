#include "authoring/udf/view.h"

#include "absl/strings/str_cat.h"
#include "authoring/udf/volume_records.h"
#include "layout/status.h"

namespace isomason::udf {
namespace {

// Where the fixed structures lie (OSTA UDF 2.2.3 leaves only the anchors' places no
// choice). EDK2 wants the last block 256 or more behind the main sequence, which the
// least size of an image sees to.
constexpr Block kIntegritySequence{64};
constexpr Block kAnchorBlock{256};
constexpr Block kLeastPartitionStart{257};
// How far from the end an anchor lies that is not in the last block.
constexpr Block kAnchorBeforeEnd{257};
}  // namespace

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
  main_ = fixed(kMain, ToBytes(kSequenceBlocks), options_.main_sequence);
  integrity_ = fixed(kIntegrity, ToBytes(kPairBlocks), kIntegritySequence);
  first_anchor_ = fixed(kFirstAnchor, kAnchorSize, kAnchorBlock);
  // 7-Zip takes for the end of the volume whatever is behind the last extent it knows
  // of, and the reserve sequence is one: a backup GPT lies before it.
  reserve_ = from_end(kReserve, ToBytes(kSequenceBlocks), kSequenceBlocks + Block(1));
  if (options_.anchor_at_end) last_anchor_ = from_end(kLastAnchor, kAnchorSize, Block(1));
  if (options_.anchor_before_end) {
    anchor_before_last_ = from_end(kAnchorBeforeLast, kAnchorSize, kAnchorBeforeEnd);
  }
}

Block View::MetadataBlocks() const {
  Block blocks = FileSetBlocks(*facts_.revision) + Block(projection_.entry_count());
  for (uint32_t d = 0; d < projection_.directory_count(); ++d) {
    blocks += BlocksFor(ByteCount(projection_.directory(d).size));
  }
  for (const LongFile& file : long_files_) blocks += Block(file.blocks);
  for (const EntryStreams& streams : streams_) blocks += BlocksFor(ByteCount(streams.size));
  return blocks;
}

PieceId View::AddStructures(Pieces& pieces, uint32_t mirrored) {
  const bool adjoins = HasMetadata();  // is one extent
  const auto add = [&](uint32_t index, Block blocks) {
    const PieceId piece = pieces.Add(*this, mirrored | index, ToBytes(blocks));
    if (adjoins && index != kFileSet) pieces.Adjoin(piece);
    return piece;
  };
  const PieceId first = add(kFileSet, FileSetBlocks(*facts_.revision));
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
  pieces.Align(first, ToBytes(kMetadataUnit));
  const uint64_t used = MetadataBlocks().value();
  const uint64_t rest = RoundUp(used, kMetadataUnit.value()) - used;
  if (rest > 0) add(kMetadataRest, Block(rest));
  return first;
}

absl::Status View::AddFileStructures(Pieces& pieces) {
  if (HasMetadata()) {
    // At the start of a unit, so that whole units of the partition are those of the disc.
    metadata_file_ = pieces.Add(*this, kMetadataFile, ToBytes(Block(1)));
    pieces.Align(metadata_file_, ToBytes(kMetadataUnit));
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
    const NodeId node = NodeOf(long_files_[index - FirstLongFile()].entry);
    return absl::StrCat(tree_.inode(node).type == NodeType::kSymlink ? "target of " : "extents of ",
                        tree_.Path(node));
  }
  const uint32_t group = index - FirstGroup();
  return absl::StrCat("file entries ", group * kGroup, "-", GroupEnd(group) - 1);
}

absl::Status View::Render(uint32_t index, const Addresses& at, std::string& out) const {
  // Addresses in a metadata partition count from its start, so a copy is the same bytes.
  index &= ~kMirrored;
  switch (index) {
    case kBegin:
      AppendRecognition(kBeginExtendedArea, out);
      break;
    case kNsr:
      AppendRecognition(facts_.revision->recognition, out);
      break;
    case kEnd:
      AppendRecognition(kTerminateExtendedArea, out);
      break;
    case kMain:
      AppendDescriptorSequence(facts_, Places(at), at.block(main_), out);
      break;
    case kReserve:
      AppendDescriptorSequence(facts_, Places(at), at.block(reserve_), out);
      break;
    case kIntegrity:
      AppendIntegritySequence(facts_, Places(at), out);
      break;
    case kFirstAnchor:
      AppendAnchor(facts_, Places(at), at.block(first_anchor_), out);
      break;
    case kLastAnchor:
      AppendAnchor(facts_, Places(at), at.block(last_anchor_), out);
      break;
    case kAnchorBeforeLast:
      AppendAnchor(facts_, Places(at), at.block(anchor_before_last_), out);
      break;
    case kMetadataFile:
      AppendMetadataFile(facts_, Places(at), /*is_mirror=*/false, out);
      break;
    case kMetadataMirror:
      AppendMetadataFile(facts_, Places(at), /*is_mirror=*/true, out);
      break;
    case kMetadataRest: {
      const uint64_t used = MetadataBlocks().value();
      const uint64_t rest = RoundUp(used, kMetadataUnit.value()) - used;
      out.append(ToBytes(Block(rest)).value(), '\0');
      break;
    }
    case kFileSet:
      AppendFileSet(facts_, Places(at), out);
      break;
    default: {
      if (index >= FirstStreams()) {
        const EntryStreams& streams = streams_[index - FirstStreams()];
        ASSIGN_OR_RETURN(const EntryFacts facts, Facts(streams.entry, at));
        ASSIGN_OR_RETURN(const std::vector<Stream> places, Streams(*streams.streams, at));
        return AppendStreams(facts, EntryBlock(streams.entry, at), places, out);
      }
      if (index >= FirstLongFile()) {
        ASSIGN_OR_RETURN(const EntryFacts facts,
                         Facts(long_files_[index - FirstLongFile()].entry, at));
        AppendBlocksBeside(facts, out);
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

}  // namespace isomason::udf
