#include "authoring/udf/volume_structure.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "authoring/udf/cs0.h"
#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/volume_records.h"
#include "layout/status.h"

namespace isomason::udf {
namespace {

uint32_t Number(Block b) { return static_cast<uint32_t>(b.value()); }

ExtentAd ExtentOf(Block start, Block blocks) {
  return {static_cast<uint32_t>(ToBytes(blocks).value()), Number(start)};
}

// Appends descriptors that each begin a block of their own.
template <typename Location>
class BlockRun {
 public:
  BlockRun(const Revision& revision, Location first, std::string& out)
      : revision_(revision), first_(first), begin_(out.size()), out_(out) {}

  // Where the next descriptor lies.
  Location next() const { return Location(first_.value() + blocks()); }

  template <typename T, typename R>
  void Add(const T& table, const R& record) {
    AppendDescriptor(table, record, revision_, next(), out_);
    Fill();
  }
  // The same with a variable part that is there already.
  template <typename T, typename R>
  void Add(const T& table, const R& record, const std::string& variable_part) {
    const Location here = next();
    const size_t at = OpenDescriptor(table, record, out_);
    out_ += variable_part;
    SealDescriptor(TagIdOf(table), revision_, here, at, out_);
    Fill();
  }
  // Zeros up to `total` blocks.
  void FillTo(Block total) { out_.resize(begin_ + ToBytes(total).value()); }

 private:
  uint64_t blocks() const { return (out_.size() - begin_) / kBlockSize; }
  void Fill() { out_.resize(begin_ + RoundUp(out_.size() - begin_, kBlockSize)); }

  const Revision& revision_;
  const Location first_;
  const size_t begin_;
  std::string& out_;
};

}  // namespace

absl::StatusOr<VolumeFacts> MakeVolumeFacts(const Volume& volume, const Revision& revision,
                                            Remarks* remarks) {
  VolumeFacts facts;
  facts.revision = &revision;
  auto label = EncodeCs0(volume.id);
  if (!label.ok()) return Annotate(label.status(), "the volume identifier");
  facts.label = *std::move(label);
  if (facts.label.size() > DString<128>::kLimit) {
    return absl::OutOfRangeError(absl::StrCat("the volume identifier needs ", facts.label.size(),
                                              " bytes of compressed Unicode, a "
                                              "logical volume identifier holds ",
                                              DString<128>::kLimit, " (ECMA-167 3/10.6.4)"));
  }

  // OSTA UDF 2.2.2.5: sixteen characters that no other volume set has. libblkid and
  // GRUB show them as the volume's UUID.
  const auto derived = volume.image_id.Derive("udf volume set");
  const std::string unique =
      absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(derived.data()), 8));
  auto set_id = EncodeCs0(absl::StrCat(unique, volume.set_id.empty() ? volume.id : volume.set_id));
  if (!set_id.ok()) return Annotate(set_id.status(), "the volume set identifier");
  facts.volume_set_id = CutCs0(*set_id, DString<128>::kLimit);
  if (facts.volume_set_id != *set_id && remarks != nullptr) {
    remarks->push_back(
        {Remark::Kind::kChangedName, "udf", "",
         absl::StrCat("the volume set identifier is cut to its first ",
                      facts.volume_set_id.size() - 1, " bytes (ECMA-167 3/10.1.11)")});
  }

  // This field is short, and what readers show is the logical volume's identifier,
  // which holds the label whole.
  facts.volume_id = CutCs0(facts.label, DString<32>::kLimit);
  if (facts.volume_id.empty()) facts.volume_id = *EncodeCs0(unique);

  auto time = ToUdfTime(volume.creation);
  if (!time.ok()) return Annotate(time.status(), "the volume's creation time");
  facts.time = *time;
  return facts;
}

void AppendRecognition(absl::string_view identifier, std::string& out) {
  RecognitionDescriptor descriptor;
  std::copy(identifier.begin(), identifier.end(), descriptor.identifier.begin());
  Append(kRecognition, descriptor, out);
}

void AppendAnchor(const VolumeFacts& facts, const VolumePlaces& places, Block here,
                  std::string& out) {
  const AnchorPointer anchor{ExtentOf(places.main, kSequenceBlocks),
                             ExtentOf(places.reserve, kSequenceBlocks)};
  AppendDescriptor(kAnchor, anchor, *facts.revision, here, out);
}

void AppendDescriptorSequence(const VolumeFacts& facts, const VolumePlaces& places, Block here,
                              std::string& out) {
  const Revision& revision = *facts.revision;
  BlockRun<Block> run(revision, here, out);
  uint32_t sequence = 0;

  PrimaryVolume primary;
  primary.sequence = sequence++;
  primary.volume_id = facts.volume_id;
  primary.volume_set_id = facts.volume_set_id;
  primary.time = facts.time;
  primary.implementation = ImplementationId();
  run.Add(kPrimaryVolume, primary);

  VolumeInformation information;
  information.sequence = sequence++;
  information.kind = VolumeInformationId(revision);
  information.logical_volume_id = facts.label;
  information.implementation = ImplementationId();
  run.Add(kVolumeInformation, information);

  PartitionDescriptor partition;
  partition.sequence = sequence++;
  partition.contents = PartitionContentsId(revision);
  partition.start = Number(places.partition);
  partition.length = Number(places.partition_length);
  partition.implementation = ImplementationId();
  run.Add(kPartition, partition);

  std::string map;
  Append(kPartitionMap, PartitionMap{}, map);
  if (revision.metadata_partition) {
    const MetadataPlaces& metadata = places.metadata;
    MetadataMap second;
    second.kind = MetadataPartitionId(revision);
    second.file = static_cast<uint32_t>(metadata.file.value());
    second.mirror = static_cast<uint32_t>(metadata.mirror.value());
    second.allocation_unit = Number(kMetadataUnit);
    second.alignment_unit = static_cast<uint16_t>(kMetadataUnit.value());
    if (metadata.extent != metadata.mirror_extent) second.flags = kDuplicateMetadata;
    Append(kMetadataMap, second, map);
  }
  LogicalVolume logical;
  logical.sequence = sequence++;
  logical.id = facts.label;
  logical.domain = DomainId(revision);
  logical.file_set = OneBlock(revision, PartitionBlock(0));
  logical.file_set.length = static_cast<uint32_t>(ToBytes(FileSetBlocks(revision)).value());
  logical.map_table_length = static_cast<uint32_t>(map.size());
  logical.maps = revision.metadata_partition ? 2 : 1;
  logical.implementation = ImplementationId();
  logical.integrity = ExtentOf(places.integrity, kPairBlocks);
  run.Add(kLogicalVolume, logical, map);

  run.Add(kUnallocatedSpace, UnallocatedSpace{.sequence = sequence++});
  run.Add(kTerminating, TerminatingDescriptor{});
  run.FillTo(kSequenceBlocks);
}

void AppendIntegritySequence(const VolumeFacts& facts, const VolumePlaces& places,
                             std::string& out) {
  std::string variable;
  const uint32_t size = Number(places.partition_length);
  if (facts.revision->metadata_partition) {
    const uint32_t metadata_size = Number(places.metadata.length);
    Append(kPartitionSpaces, PartitionSpaces{.size = size, .metadata_size = metadata_size},
           variable);
  } else {
    Append(kPartitionSpace, PartitionSpace{.size = size}, variable);
  }
  IntegrityUse use;
  use.implementation = ImplementationId();
  use.files = facts.files;
  use.directories = facts.directories;
  use.least_read = facts.revision->least_read;
  use.least_write = facts.revision->least_write;
  use.greatest_write = facts.revision->greatest_write;
  Append(kIntegrityUse, use, variable);

  Integrity integrity;
  integrity.time = facts.time;
  integrity.next_unique_id = facts.next_unique_id;
  integrity.partitions = facts.revision->metadata_partition ? 2 : 1;
  integrity.implementation_use_length = kIntegrityUse.kBytes;
  BlockRun<Block> run(*facts.revision, places.integrity, out);
  run.Add(kIntegrity, integrity, variable);
  run.Add(kTerminating, TerminatingDescriptor{});
}

Block FileSetBlocks(const Revision& revision) {
  return revision.metadata_partition ? Block(1) : kPairBlocks;
}

void AppendFileSet(const VolumeFacts& facts, const VolumePlaces& places, std::string& out) {
  FileSet set;
  set.time = facts.time;
  set.logical_volume_id = facts.label;
  set.id = facts.volume_id;
  set.root = OneBlock(*facts.revision, places.root);
  set.domain = DomainId(*facts.revision);
  BlockRun<PartitionBlock> run(*facts.revision, PartitionBlock(0), out);
  run.Add(kFileSet, set);
  if (!facts.revision->metadata_partition) run.Add(kTerminating, TerminatingDescriptor{});
}

void AppendMetadataFile(const VolumeFacts& facts, const VolumePlaces& places, bool is_mirror,
                        std::string& out) {
  const MetadataPlaces& metadata = places.metadata;
  // libudfread looks for extended entries here, which authoring systems of Blu-ray discs
  // write.
  ExtendedFileEntry entry;
  entry.icb.type =
      static_cast<uint8_t>(is_mirror ? FileType::kMetadataMirror : FileType::kMetadata);
  entry.owner = entry.group = 0xFFFFFFFF;  // nobody's, as the permissions are
  entry.links = 0;                         // no name leads here
  entry.size = entry.object_size = ToBytes(metadata.length).value();
  entry.blocks = metadata.length.value();
  entry.accessed = entry.modified = entry.changed = entry.created = facts.time;
  entry.implementation = ImplementationId();
  // An extent is whole units, so it does not reach kExtentLimit.
  constexpr uint64_t kMost =
      (kExtentLimit / kBlockSize / kMetadataUnit.value()) * kMetadataUnit.value();
  std::string extents;
  uint64_t block = (is_mirror ? metadata.mirror_extent : metadata.extent).value();
  for (uint64_t left = metadata.length.value(); left > 0;) {
    const uint64_t blocks = std::min(left, kMost);
    Append(kShortAd,
           ShortAd{static_cast<uint32_t>(blocks * kBlockSize), static_cast<uint32_t>(block)},
           extents);
    block += blocks;
    left -= blocks;
  }
  entry.allocation_length = static_cast<uint32_t>(extents.size());
  BlockRun<PartitionBlock> run(*facts.revision, is_mirror ? metadata.mirror : metadata.file, out);
  run.Add(kExtendedFileEntry, entry, extents);
}

}  // namespace isomason::udf
