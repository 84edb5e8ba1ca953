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

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/timestamp.h"
#include "authoring/tree/node.h"
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
  uint64_t size = 0;           // of a file or of a directory's data, in bytes
  PartitionBlock data{};       // where that starts; it is contiguous
  PartitionBlock more{};       // where allocation extent descriptors lie, if it needs any
  absl::string_view target{};  // of a symlink, UTF-8
  // When it was made, if anybody says so: in an entry that is not extended, this is an
  // extended attribute.
  std::optional<Timestamp> created{};
  PartitionBlock streams{};   // where the stream directory's entry lies
  uint64_t stream_bytes = 0;  // of all named streams
  // What the entry is for: a name of the tree, or the streams of such an entry.
  enum class Role { kNamed, kStreamDirectory, kStream } role = Role::kNamed;
};

// How many blocks of allocation extent descriptors the file needs beside its entry, and
// those blocks, to lie at facts.more.
uint64_t AllocationBlocks(const EntryFacts& facts);
void AppendAllocationBlocks(const EntryFacts& facts, std::string& out);

// Says whether AppendFileEntry() would succeed, wherever things lie. When not,
// `remedy`, if there is one, gets what to do about it.
absl::Status CheckFileEntry(const EntryFacts& facts, absl::string_view* remedy = nullptr);

// Appends the block of the entry that will lie at `location`. InvalidArgument for a
// symlink's target that UDF cannot spell; OutOfRange for more links or time
// than an entry counts, with the clause. The message is the end of a sentence about
// the entry.
absl::Status AppendFileEntry(const EntryFacts& facts, PartitionBlock location, std::string& out);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_FILE_ENTRY_H_
