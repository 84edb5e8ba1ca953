#include "authoring/udf/file_entry.h"

#include <limits>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "authoring/udf/file_records.h"
#include "authoring/udf/symlink.h"
#include "authoring/udf/types.h"
#include "layout/status.h"

namespace isomason::udf {
namespace {

bool IsDevice(const Inode& inode) {
  return inode.type == NodeType::kBlockDevice || inode.type == NodeType::kCharacterDevice;
}

// An extended entry has a field for it, and may not have the attribute (OSTA UDF 2.00
// 3.3.4.3.1).
bool HasFileTimes(const EntryFacts& facts) { return facts.created && !facts.extended; }

// The bytes of extended attributes, with their header.
uint32_t AttributesSize(const EntryFacts& facts) {
  uint32_t size = 0;
  if (HasFileTimes(facts)) size += kFileTimes.kBytes;
  if (IsDevice(facts.inode)) size += kDeviceSpecification.kBytes;
  return size == 0 ? 0 : kAttributeHeader.kBytes + size;
}

// PATH_MAX of POSIX systems, without the zero byte at its end.
constexpr size_t kLongestTarget = 4095;

// The bytes that an entry has for allocation descriptors.
size_t RoomOf(const EntryFacts& facts) {
  return kBlockSize - (facts.extended ? kExtendedFileEntry.kBytes : kFileEntry.kBytes) -
         AttributesSize(facts);
}

FileType TypeOf(NodeType type) {
  switch (type) {
    case NodeType::kDirectory:
      return FileType::kDirectory;
    case NodeType::kFile:
      return FileType::kFile;
    case NodeType::kSymlink:
      return FileType::kSymlink;
    case NodeType::kBlockDevice:
      return FileType::kBlockDevice;
    case NodeType::kCharacterDevice:
      return FileType::kCharacterDevice;
    case NodeType::kFifo:
      return FileType::kFifo;
    case NodeType::kSocket:
      return FileType::kSocket;
  }
  return FileType::kFile;
}

// ECMA-167 4/14.9.5: five bits each for others, group and owner, the low three of
// them those of POSIX. The other two, to change attributes and to delete, mean
// nothing on a volume that cannot be written.
uint32_t PermissionsOf(uint16_t mode) {
  return (mode & 7u) | (mode >> 3 & 7u) << 5 | (mode >> 6 & 7u) << 10;
}

// Whether the data is not in the partition of the entry: the bytes of a file are not where
// a metadata partition is, nor are those of a stream (OSTA UDF 2.50 2.2.13).
bool InOtherPartition(const EntryFacts& facts) {
  return facts.revision.metadata_partition && facts.inode.type == NodeType::kFile &&
         facts.role != EntryFacts::Role::kStreamDirectory;
}

uint16_t FlagsOf(const EntryFacts& facts) {
  const Inode& inode = facts.inode;
  uint16_t flags = 0;
  if (facts.role == EntryFacts::Role::kStream) flags |= kStream;
  if (inode.mode & 04000) flags |= kSetUid;
  if (inode.mode & 02000) flags |= kSetGid;
  if (inode.mode & 01000) flags |= kSticky;
  if (facts.embeds) return flags | kEmbedded;
  if (InOtherPartition(facts)) flags |= kLong;
  // The bytes of a file lie in one run that ISO 9660 points to as well: whoever moved
  // them would break the other view.
  if (inode.type == NodeType::kFile && facts.role != EntryFacts::Role::kStreamDirectory &&
      facts.runs.empty()) {
    flags |= kNotRelocatable | kContiguous;
  }
  return flags;
}

Allocation AllocationOf(const EntryFacts& facts) {
  return facts.runs.empty() ? Allocation(facts.size, RoomOf(facts), InOtherPartition(facts))
                            : Allocation(facts.runs, RoomOf(facts), InOtherPartition(facts));
}

// What stands behind the fixed part, besides allocation descriptors.
struct Parts {
  ExtendedFileEntry entry;
  std::string target;  // path components
};

// `remedy` is set where something is wrong.
absl::StatusOr<Parts> MakeParts(const EntryFacts& facts, absl::string_view* remedy) {
  const Inode& inode = facts.inode;
  Parts parts;
  ExtendedFileEntry& entry = parts.entry;
  const size_t room = RoomOf(facts);
  entry.icb.type = static_cast<uint8_t>(facts.role == EntryFacts::Role::kStreamDirectory
                                            ? FileType::kStreamDirectory
                                            : TypeOf(inode.type));
  entry.icb.flags = FlagsOf(facts);
  entry.owner = inode.owner;
  entry.group = inode.group;
  entry.permissions = PermissionsOf(inode.mode);
  if (facts.links > std::numeric_limits<uint16_t>::max()) {
    const bool directory = inode.type == NodeType::kDirectory;
    *remedy = directory ? "divide the directory, or leave out `udf`"
                        : "leave out some of the names, set `hard_links: SPLIT_HARD_LINKS` for the "
                          "source tree, or leave out `udf`";
    return absl::OutOfRangeError(
        absl::StrCat("has ", facts.links - directory,
                     directory ? " subdirectories; UDF counts to 65534 (ECMA-167 4/14.9.6)"
                               : " names; a UDF file entry counts to 65535 (ECMA-167 4/14.9.6)"));
  }
  entry.links = static_cast<uint16_t>(facts.links);
  auto time = ToUdfTime(inode.time);
  if (!time.ok()) {
    *remedy = "set `time` in `attributes` in place of `keep: TIME`, or touch the source";
    return absl::Status(time.status().code(),
                        absl::StrCat("has a time that UDF cannot hold: ", time.status().message()));
  }
  entry.accessed = entry.modified = entry.changed = entry.created = *time;
  if (facts.created) {
    ASSIGN_OR_RETURN(entry.created, ToUdfTime(*facts.created));
  }
  static const EntityId& implementation = *new EntityId(ImplementationId());
  entry.implementation = implementation;
  entry.unique_id = facts.unique_id;
  if (facts.streams != PartitionBlock(0)) entry.streams = OneBlock(facts.revision, facts.streams);

  entry.attributes_length = AttributesSize(facts);
  if (inode.type == NodeType::kSymlink) {
    *remedy = "shorten or correct the target, or set `udf.symlinks: OMIT`";
    if (facts.target.size() > kLongestTarget) {
      return absl::OutOfRangeError(absl::StrCat("is a symlink with a target of ",
                                                facts.target.size(),
                                                " bytes; systems follow up to ", kLongestTarget));
    }
    ASSIGN_OR_RETURN(parts.target, EncodeTarget(facts.target));
    entry.size = parts.target.size();
    if (parts.target.size() <= room) {
      entry.icb.flags |= kEmbedded;
      entry.allocation_length = static_cast<uint32_t>(entry.size);
    } else {
      entry.allocation_length = kShortAd.kBytes;
      entry.blocks = BlocksFor(ByteCount(entry.size)).value();
    }
    entry.object_size = entry.size + facts.stream_bytes;
    return parts;
  }
  entry.size = facts.size;
  entry.object_size = entry.size + facts.stream_bytes;
  if (facts.embeds) {
    // No block is recorded for it (OSTA UDF 2.3.6.5).
    entry.allocation_length = static_cast<uint32_t>(facts.size);
    return parts;
  }
  const Allocation& allocation = AllocationOf(facts);
  entry.blocks = allocation.recorded_blocks();
  entry.allocation_length = allocation.entry_bytes();
  return parts;
}

// A header of its own, and behind it what there is (OSTA UDF 3.3.4.1), all of the standard's.
void AppendAttributes(const EntryFacts& facts, const UdfTime& created, PartitionBlock location,
                      std::string& out) {
  const uint32_t size = AttributesSize(facts);
  if (size == 0) return;
  const uint32_t absent = facts.revision.absent_attributes_are_ones ? 0xFFFFFFFF : size;
  AppendDescriptor(kAttributeHeader, AttributeHeader{absent, absent}, facts.revision, location,
                   out);
  if (HasFileTimes(facts)) {
    FileTimes times;
    times.created = created;
    Append(kFileTimes, times, out);
  }
  if (!IsDevice(facts.inode)) return;
  DeviceSpecification device;
  device.major = facts.inode.device_major;
  device.minor = facts.inode.device_minor;
  device.implementation = ImplementationId();
  Append(kDeviceSpecification, device, out);
}

}  // namespace

size_t RoomForData(const EntryFacts& facts) { return RoomOf(facts); }

uint64_t BlocksBeside(const EntryFacts& facts) {
  if (facts.inode.type != NodeType::kSymlink) return AllocationOf(facts).blocks();
  const absl::StatusOr<std::string> target = EncodeTarget(facts.target);
  if (!target.ok() || target->size() <= RoomOf(facts)) return 0;
  return BlocksFor(ByteCount(target->size())).value();
}

void AppendBlocksBeside(const EntryFacts& facts, std::string& out) {
  if (facts.inode.type == NodeType::kSymlink) {
    const size_t at = out.size();
    out += EncodeTarget(facts.target).value_or("");
    out.resize(at + RoundUp(out.size() - at, kBlockSize));
    return;
  }
  AllocationOf(facts).AppendBlocks(facts.revision, facts.data, facts.more, out);
}

absl::Status CheckFileEntry(const EntryFacts& facts, absl::string_view* remedy) {
  absl::string_view unused;
  return MakeParts(facts, remedy == nullptr ? &unused : remedy).status();
}

absl::Status AppendFileEntry(const EntryFacts& facts, PartitionBlock location, std::string& out) {
  absl::string_view remedy;
  ASSIGN_OR_RETURN(const Parts parts, MakeParts(facts, &remedy));
  const bool extended = facts.extended;
  const size_t at =
      extended ? OpenDescriptor(kExtendedFileEntry, parts.entry, out)
               : OpenDescriptor<decltype(kFileEntry), FileEntry>(kFileEntry, parts.entry, out);
  AppendAttributes(facts, parts.entry.created, location, out);
  if (!parts.target.empty() && (parts.entry.icb.flags & kEmbedded) != kEmbedded) {
    const auto size = static_cast<uint32_t>(parts.target.size());
    Append(kShortAd, ShortAd{size, static_cast<uint32_t>(facts.more.value())}, out);
  } else {
    out += parts.target;
  }
  if (facts.embeds) {
    if (facts.bytes.size() != facts.size) {
      return absl::InternalError(absl::StrCat("has ", facts.size, " bytes, and ",
                                              facts.bytes.size(), " came for its entry"));
    }
    out.append(facts.bytes.data(), facts.bytes.size());
  } else if (facts.inode.type != NodeType::kSymlink) {
    AllocationOf(facts).AppendToEntry(facts.data, facts.more, out);
  }
  SealDescriptor(extended ? TagIdOf(kExtendedFileEntry) : TagIdOf(kFileEntry), facts.revision,
                 location, at, out);
  out.resize(at + kBlockSize);
  return absl::OkStatus();
}

}  // namespace isomason::udf
