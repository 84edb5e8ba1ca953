// -----------------------------------------------------------------------------
// File: authoring/udf/directory.h
// -----------------------------------------------------------------------------
//
// A directory's data: a file identifier descriptor for the parent and one for each
// name (ECMA-167 4/8.6), one behind the other, across block boundaries.
//
//   DirectoryWriter names(PartitionBlock(12), out);
//   names.AddParent(PartitionBlock(2));
//   RETURN_IF_ERROR(names.Add("boot", true, PartitionBlock(3)));
//   uint64_t size = names.size();
//
#ifndef ISOMASON_AUTHORING_UDF_DIRECTORY_H_
#define ISOMASON_AUTHORING_UDF_DIRECTORY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "layout/units.h"

namespace isomason::udf {

class DirectoryWriter {
 public:
  // Appends to `out` what will lie from the block `start` on.
  DirectoryWriter(PartitionBlock start, std::string& out)
      : start_(start), begin_(out.size()), out_(out) {}

  // First of all: the directory above, or for the root the root itself.
  void AddParent(PartitionBlock entry);

  // A name, UTF-8, and the block of the file entry that it leads to; `hidden` sets the
  // existence bit (ECMA-167 4/14.4.3). InvalidArgument when it is not UTF-8, OutOfRange when it is
  // too long; either says what "has a name that ...".
  absl::Status Add(absl::string_view name, bool is_directory, PartitionBlock entry,
                   bool hidden = false);

  // Bytes so far.
  uint64_t size() const { return out_.size() - begin_; }

 private:
  void Append(uint8_t characteristics, PartitionBlock entry);

  const PartitionBlock start_;
  const size_t begin_;
  std::string& out_;
  std::string identifier_;  // the name at hand, compressed
};

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_DIRECTORY_H_
