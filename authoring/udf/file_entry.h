// -----------------------------------------------------------------------------
// File: authoring/udf/file_entry.h
// -----------------------------------------------------------------------------
//
// A file entry: what UDF knows of a file, a directory, a symlink or a device, and
// where its bytes are (ECMA-167 4/14.9, or 4/14.17 of the 3rd edition). One block each.
//
//   EntryFacts facts{.inode = inode, .links = 1, .size = 5000, .data = PartitionBlock(40)};
//   RETURN_IF_ERROR(AppendFileEntry(facts, PartitionBlock(7), out));
//
#ifndef ISOMASON_AUTHORING_UDF_FILE_ENTRY_H_
#define ISOMASON_AUTHORING_UDF_FILE_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "authoring/timestamp.h"
#include "authoring/tree/node.h"
#include "authoring/udf/allocation.h"
#include "authoring/udf/revision.h"
#include "layout/units.h"

namespace isomason::udf {

struct EntryFacts {
  const Revision& revision = kRevision102;
  const Inode& inode;
  // An extended file entry, if the revision has those; whatever has streams needs one.
  bool extended = false;
  uint64_t links = 1;  // file identifier descriptors that lead to the entry
  uint64_t unique_id = 0;
  uint64_t size = 0;      // of a file or of a directory's data, in bytes
  PartitionBlock data{};  // where that starts; what is recorded of it is contiguous
  // When not all of a file is recorded: all of it; outlives this.
  absl::Span<const DataRun> runs{};
  bool embeds = false;         // a file, whose data is in the entry (ECMA-167 4/14.6.8)
  absl::string_view bytes{};   // that data; whoever measures need not have it
  PartitionBlock more{};       // where what lies beside the entry does, if it needs that
  absl::string_view target{};  // of a symlink, UTF-8
  // When it was made, if anybody says so: in an entry that is not extended, this is an
  // extended attribute.
  std::optional<Timestamp> created{};
  PartitionBlock streams{};   // where the stream directory's entry lies
  uint64_t stream_bytes = 0;  // of all named streams
  // What the entry is for: a name of the tree, or the streams of such an entry.
  enum class Role { kNamed, kStreamDirectory, kStream } role = Role::kNamed;
};

// How many blocks an entry needs beside itself, and those blocks, to lie at facts.more:
// allocation extent descriptors of a file, or the target of a symlink that the entry has no
// room for. That has passed CheckFileEntry().
uint64_t BlocksBeside(const EntryFacts& facts);
void AppendBlocksBeside(const EntryFacts& facts, std::string& out);

// How many bytes of data a file's entry has room for, beside its extended attributes.
size_t RoomForData(const EntryFacts& facts);

// Says whether AppendFileEntry() would succeed, wherever things lie. When not,
// `remedy`, if there is one, gets what to do about it.
absl::Status CheckFileEntry(const EntryFacts& facts, absl::string_view* remedy = nullptr);

// Appends the block of the entry that will lie at `location`. InvalidArgument for a
// symlink's target that UDF cannot spell; OutOfRange for one that no system follows, or more
// links or time than an entry counts, with the clause. The message is the end of a sentence about
// the entry.
absl::Status AppendFileEntry(const EntryFacts& facts, PartitionBlock location, std::string& out);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_FILE_ENTRY_H_
