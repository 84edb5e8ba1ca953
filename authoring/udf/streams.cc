#include "authoring/udf/streams.h"

#include "absl/strings/str_cat.h"
#include "authoring/udf/directory.h"
#include "layout/status.h"

namespace isomason::udf {
namespace {

// Of a directory that holds the streams, whose entries lie one behind another. The parent is
// the entry that has them (ECMA-167 3rd edition 4/8.6), and a stream has one name (OSTA UDF
// 2.00 3.3.5.1).
absl::Status AppendNames(const EntryFacts& owner, PartitionBlock entry,
                         const std::vector<Stream>& streams, PartitionBlock here,
                         std::string& out) {
  DirectoryWriter names(owner.revision, here, out);
  // Neither streams nor their directory have ids of their own (OSTA UDF 2.00 3.2.1.1).
  names.AddParent({entry, owner.unique_id});
  PartitionBlock next = owner.streams + PartitionBlock(1);
  for (const Stream& stream : streams) {
    const absl::Status added =
        names.Add(stream.name, /*is_directory=*/false, {next, owner.unique_id});
    if (!added.ok()) {
      return absl::Status(added.code(), absl::StrCat("has a stream \"", stream.name, "\", which ",
                                                     added.message()));
    }
    next += PartitionBlock(1);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AppendStreams(const EntryFacts& owner, PartitionBlock entry,
                           const std::vector<Stream>& streams, std::string& out) {
  Inode inode = owner.inode;
  inode.type = NodeType::kFile;
  inode.mode &= 0777;
  EntryFacts facts{.revision = owner.revision, .inode = inode, .extended = true};
  facts.unique_id = owner.unique_id;
  facts.created = owner.created;

  const PartitionBlock names_start = owner.streams + PartitionBlock(1 + streams.size());
  std::string names;
  RETURN_IF_ERROR(AppendNames(owner, entry, streams, names_start, names));

  // No name leads to the directory: the entry does.
  facts.role = EntryFacts::Role::kStreamDirectory;
  facts.links = 0;
  facts.size = names.size();
  facts.data = names_start;
  RETURN_IF_ERROR(AppendFileEntry(facts, owner.streams, out));

  facts.role = EntryFacts::Role::kStream;
  facts.links = 1;
  facts.more = names_start + PartitionBlock(BlocksFor(ByteCount(names.size())).value());
  std::string extents;
  PartitionBlock here = owner.streams;
  for (const Stream& stream : streams) {
    here += PartitionBlock(1);
    facts.size = stream.size;
    facts.data = stream.data;
    RETURN_IF_ERROR(AppendFileEntry(facts, here, out));
    AppendBlocksBeside(facts, extents);
    facts.more += PartitionBlock(BlocksBeside(facts));
  }

  names.resize(RoundUp(names.size(), kBlockSize));
  out += names;
  out += extents;
  return absl::OkStatus();
}

}  // namespace isomason::udf
