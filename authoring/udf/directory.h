// -----------------------------------------------------------------------------
// File: authoring/udf/directory.h
// -----------------------------------------------------------------------------
//
// A directory's data: a file identifier descriptor for the parent and one for each
// name (ECMA-167 4/8.6), one behind the other, across block boundaries.
//
//   DirectoryWriter names(kRevision102, PartitionBlock(12), out);
//   names.AddParent({PartitionBlock(2), 16});
//   RETURN_IF_ERROR(names.Add("boot", true, {PartitionBlock(3), 17}));
//   uint64_t size = names.size();
//
#ifndef ISOMASON_AUTHORING_UDF_DIRECTORY_H_
#define ISOMASON_AUTHORING_UDF_DIRECTORY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/udf/revision.h"
#include "layout/units.h"

namespace isomason::udf {

// What a name leads to: the block of a file entry, and a unique id, of which revisions
// from 2.00 on record the lower half beside the name.
struct EntryReference {
  PartitionBlock block;
  uint64_t unique_id = 0;
};

class DirectoryWriter {
 public:
  // Appends to `out` what will lie from the block `start` on.
  DirectoryWriter(const Revision& revision, PartitionBlock start, std::string& out)
      : revision_(revision), start_(start), begin_(out.size()), out_(out) {}

  // First of all: the directory above, or for the root the root itself.
  void AddParent(EntryReference entry);

  // A name, UTF-8, and what it leads to; `hidden` sets the existence bit (ECMA-167
  // 4/14.4.3). InvalidArgument when it is not UTF-8, OutOfRange when it is too long;
  // either says what "has a name that ...".
  absl::Status Add(absl::string_view name, bool is_directory, EntryReference entry,
                   bool hidden = false);

  // Bytes so far.
  uint64_t size() const { return out_.size() - begin_; }

 private:
  void Append(uint8_t characteristics, EntryReference entry);

  const Revision& revision_;
  const PartitionBlock start_;
  const size_t begin_;
  std::string& out_;
  std::string identifier_;  // the name at hand, compressed
};

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_DIRECTORY_H_
