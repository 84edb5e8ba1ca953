#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "authoring/udf/streams.h"
#include "authoring/udf/symlink.h"
#include "authoring/udf/types.h"
#include "authoring/udf/view.h"
#include "layout/status.h"
#include "layout/stop.h"

namespace isomason::udf {
namespace {

void Refuse(NodeId node, absl::string_view message, absl::string_view remedy, Problems* problems) {
  problems->push_back({.node = node,
                       .where = "udf",
                       .message = std::string(message),
                       .remedy = std::string(remedy)});
}

}  // namespace

VolumePlaces View::Places(const Addresses& at) const {
  VolumePlaces places;
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
    places.metadata.length = Block(RoundUp(MetadataBlocks().value(), kMetadataUnit.value()));
  }
  return places;
}

absl::StatusOr<EntryFacts> View::Facts(EntryNumber entry, const Addresses& at) const {
  const Inode& inode = tree_.inode_at(projection_.inode(entry));
  EntryFacts facts{.revision = *facts_.revision,
                   .inode = inode,
                   .links = projection_.links(tree_, projection_.inode(entry)),
                   .unique_id = UniqueId(entry)};
  switch (inode.type) {
    case NodeType::kDirectory: {
      const uint32_t ordinal = projection_.DirectoryOrdinal(NodeOf(entry));
      facts.links = uint64_t{1} + projection_.directory(ordinal).subdirectories;
      facts.size = projection_.directory(ordinal).size;
      facts.data = DirectoryBlock(ordinal, at);
      break;
    }
    case NodeType::kFile:
      facts.size = SizeOf(inode.content);
      break;
    case NodeType::kSymlink:
      facts.target = tree_.target(inode);
      break;
    default:
      break;
  }
  const Timestamp* const created =
      options_.created == nullptr ? nullptr : options_.created->Find(projection_.inode(entry));
  if (created != nullptr) {
    facts.created = *created;
    facts.extended = facts_.revision->extended_entries;
  }
  const auto streams =
      std::lower_bound(streams_.begin(), streams_.end(), entry,
                       [](const EntryStreams& s, EntryNumber e) { return s.entry < e; });
  if (streams != streams_.end() && streams->entry == entry) {
    const auto i = static_cast<uint32_t>(streams - streams_.begin());
    facts.extended = true;
    facts.streams = StructureBlock(Nth(first_streams_, i), at);
    for (const NamedStream& stream : *streams->streams) {
      facts.stream_bytes += SizeOf(stream.content);
    }
  }
  const auto it =
      std::lower_bound(long_files_.begin(), long_files_.end(), entry,
                       [](const LongFile& file, EntryNumber e) { return file.entry < e; });
  if (it != long_files_.end() && it->entry == entry) {
    const auto i = static_cast<uint32_t>(it - long_files_.begin());
    facts.more = StructureBlock(Nth(first_long_file_, i), at);
  }
  if (inode.type != NodeType::kFile || facts.size == 0) return facts;
  facts.embeds = WantsEmbedded(projection_.inode(entry)) && facts.size <= RoomForData(facts);
  if (facts.embeds) return facts;
  ContentId content = inode.content;
  if (const SparseContent* sparse = SparseOf(content); sparse != nullptr) {
    facts.runs = sparse->runs;
    content = sparse->recorded;
  }
  ASSIGN_OR_RETURN(facts.data, DataBlock(content, at));
  return facts;
}

absl::StatusOr<std::vector<Stream>> View::Streams(const std::vector<NamedStream>& streams,
                                                  const Addresses& at) const {
  std::vector<Stream> places;
  for (const NamedStream& stream : streams) {
    ASSIGN_OR_RETURN(const PartitionBlock data, DataBlock(stream.content, at));
    places.push_back({stream.name, SizeOf(stream.content), data});
  }
  return places;
}

absl::StatusOr<PartitionBlock> View::DataBlock(ContentId content, const Addresses& at) const {
  if (SizeOf(content) == 0) return PartitionBlock(0);
  const Block data = at.block(content);
  if (data >= PartitionStart(at)) return Relative(data, at);
  return absl::InternalError(absl::StrCat("lies in block ", data.value(),
                                          ", before the UDF partition, which starts at ",
                                          PartitionStart(at).value()));
}

bool View::Embeds(InodeId inode) const {
  if (!projection_.has(inode) || !WantsEmbedded(inode)) return false;
  const auto facts = Facts(projection_.entry(inode), Addresses::Unknown());
  return facts.ok() && facts->embeds;
}

absl::Status View::AppendNames(uint32_t ordinal, const Addresses& at, Problems* problems,
                               std::string& out) const {
  const NodeId node = projection_.directory(ordinal).node;
  DirectoryWriter names(*facts_.revision, DirectoryBlock(ordinal, at), out);
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
    const absl::Status added = AppendEntry(entry, at, out);
    if (!added.ok()) return Annotate(added, tree_.Path(NodeOf(entry)));
  }
  return absl::OkStatus();
}

absl::Status View::AppendEntry(EntryNumber entry, const Addresses& at, std::string& out) const {
  ASSIGN_OR_RETURN(EntryFacts facts, Facts(entry, at));
  std::string bytes;
  if (facts.embeds) {
    RETURN_IF_ERROR(contents_.ReadPatched(
        facts.inode.content, at, Stop(), [&bytes](absl::Span<const uint8_t> some) {
          bytes.append(reinterpret_cast<const char*>(some.data()), some.size());
          return absl::OkStatus();
        }));
    facts.bytes = bytes;
  }
  return AppendFileEntry(facts, EntryBlock(entry, at), out);
}

void View::TakeStreams(const NamedStreams& streams, Remarks* remarks) {
  for (const auto& [node, named] : streams) {
    if (projection_.shows(tree_, node) && projection_.has(tree_.inode_id(node))) {
      streams_.push_back({projection_.entry(tree_.inode_id(node)), &named, 0});
    } else if (remarks != nullptr) {
      remarks->push_back({Remark::Kind::kOmitted, "udf", tree_.Path(node),
                          "its named streams, since UDF does not show it; their data stays in "
                          "the image"});
    }
  }
  std::sort(streams_.begin(), streams_.end(),
            [](const EntryStreams& a, const EntryStreams& b) { return a.entry < b.entry; });
  if (streams_.empty() || remarks == nullptr) return;
  remarks->push_back({Remark::Kind::kReader, "udf", tree_.Path(NodeOf(streams_.front().entry)),
                      "has named streams, and so an extended file entry, as all that have "
                      "streams; libcdio and pycdlib do not read those"});
}

void View::RemarkLongTarget(EntryNumber entry, absl::string_view target, Remarks* remarks) const {
  const absl::StatusOr<std::string> components = EncodeTarget(target);
  if (remarks == nullptr || !components.ok() || components->size() <= kBlockSize) return;
  remarks->push_back(
      {Remark::Kind::kReader, "udf", tree_.Path(NodeOf(entry)),
       absl::StrCat("is a symlink with a target of ", components->size(),
                    " bytes as path components; Linux follows those of up to ", kBlockSize)});
}

absl::Status View::Measure(Remarks* remarks, Problems* problems) {
  std::string names;
  for (uint32_t d = 0; d < projection_.directory_count(); ++d) {
    Projection::Directory& directory = projection_.directory(d);
    names.clear();
    RETURN_IF_ERROR(AppendNames(d, Addresses::Unknown(), problems, names));
    if (names.size() > kExtentLimit) {
      // Readers look at a directory's first extent only.
      Refuse(directory.node,
             absl::StrCat("needs ", names.size(), " bytes for its names; a UDF extent holds ",
                          kExtentLimit, " (ECMA-167 4/14.14.1.1)"),
             "divide the directory, or leave out `udf`", problems);
      continue;
    }
    directory.size = static_cast<uint32_t>(names.size());
  }
  for (EntryStreams& streams : streams_) {
    ASSIGN_OR_RETURN(const EntryFacts facts, Facts(streams.entry, Addresses::Unknown()));
    ASSIGN_OR_RETURN(const std::vector<Stream> places,
                     Streams(*streams.streams, Addresses::Unknown()));
    std::string bytes;
    const absl::Status good = AppendStreams(facts, PartitionBlock(0), places, bytes);
    streams.size = bytes.size();
    if (!good.ok()) {
      Refuse(NodeOf(streams.entry), good.message(), "rename the stream, or leave it out", problems);
    }
  }
  EntryNumber first_embedded = 0, first_sparse = 0;
  uint32_t embedded = 0, sparse = 0;
  std::vector<LongFile> long_files;
  bool made = false;  // one that says when, in an extended entry
  for (EntryNumber entry = 0; entry < projection_.entry_count(); ++entry) {
    const auto facts = Facts(entry, Addresses::Unknown());
    if (!facts.ok()) return Annotate(facts.status(), tree_.Path(NodeOf(entry)));
    absl::string_view remedy;
    const absl::Status good = CheckFileEntry(*facts, &remedy);
    if (!good.ok()) Refuse(NodeOf(entry), good.message(), remedy, problems);
    if (!made && facts->created && facts->extended && remarks != nullptr) {
      made = true;
      remarks->push_back({Remark::Kind::kReader, "udf", tree_.Path(NodeOf(entry)),
                          "has a time of creation, and so an extended file entry, as all that "
                          "have one; libcdio and pycdlib do not read those"});
    }
    if (facts->embeds && embedded++ == 0) first_embedded = entry;
    if (!facts->runs.empty() && sparse++ == 0) first_sparse = entry;
    if (facts->inode.type == NodeType::kSymlink) RemarkLongTarget(entry, facts->target, remarks);
    const uint64_t blocks = BlocksBeside(*facts);
    if (blocks == 0) continue;
    long_files.push_back({entry, static_cast<uint32_t>(blocks)});
    if (remarks == nullptr || !facts->runs.empty() || facts->inode.type != NodeType::kFile)
      continue;
    remarks->push_back({Remark::Kind::kReader, "udf", tree_.Path(NodeOf(entry)),
                        "has more extents than its entry holds; 7-Zip lists such a file and does "
                        "not extract it from UDF"});
  }
  long_files_ = std::move(long_files);
  const auto remark = [&](EntryNumber first, uint32_t count, absl::string_view what,
                          absl::string_view readers) {
    if (count == 0 || remarks == nullptr) return;
    remarks->push_back(
        {Remark::Kind::kReader, "udf", tree_.Path(NodeOf(first)),
         absl::StrCat(what, count > 1 ? absl::StrCat(", like ", count - 1, " more") : "", "; ",
                      readers)});
  };
  remark(first_embedded, embedded, "has its data in its file entry",
         "libcdio and pycdlib do not read that");
  remark(
      first_sparse, sparse, "has zeros that are not recorded",
      "7-Zip does not extract such a file from UDF, and GRUB, UEFI firmware, libcdio and pycdlib "
      "read something else in their place");
  return absl::OkStatus();
}

}  // namespace isomason::udf
