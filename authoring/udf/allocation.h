// -----------------------------------------------------------------------------
// File: authoring/udf/allocation.h
// -----------------------------------------------------------------------------
//
// The allocation descriptors that say where a file lies: one for each extent of at most
// kExtentLimit bytes; short ones, or long ones when entries lie in a metadata
// partition and the file does not (OSTA UDF 2.50 2.3.10). Those for which an entry has no room
// stand in allocation extent descriptors behind one another, a block each (ECMA-167 4/12.1,
// 4/14.5): the last descriptor of the entry, and of each block but the last, leads to
// the next. What is recorded of a file is contiguous; runs of zeros need not be recorded nor
// have room (ECMA-167 4/14.14.1.1).
//
//   const Allocation allocation(size, room);
//   entry.allocation_length = allocation.entry_bytes();
//   allocation.AppendToEntry(data, more, out);              // in the entry
//   allocation.AppendBlocks(revision, data, more, out);     // at `more`
//
#ifndef ISOMASON_AUTHORING_UDF_ALLOCATION_H_
#define ISOMASON_AUTHORING_UDF_ALLOCATION_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "authoring/udf/revision.h"
#include "layout/units.h"

namespace isomason::udf {

// A part of a file: whole blocks, unless it is the last. What is not recorded is zeros.
struct DataRun {
  uint64_t size;
  bool recorded;
};

class Allocation {
 public:
  // For `size` bytes, and an entry that has `room` for descriptors. `from_metadata`: the
  // entry lies in a metadata partition, and the bytes do not.
  Allocation(uint64_t size, size_t room, bool from_metadata = false);
  // For runs one behind another, of at least a byte each; they outlive this.
  Allocation(absl::Span<const DataRun> runs, size_t room, bool from_metadata = false);
  Allocation(const Allocation&) = delete;
  Allocation& operator=(const Allocation&) = delete;

  // The bytes of the descriptors in the entry.
  uint32_t entry_bytes() const;
  // How many allocation extent descriptors there are.
  uint64_t blocks() const;
  // How many blocks of data are recorded.
  uint64_t recorded_blocks() const;

  // The descriptors in the entry of a file that starts at `data`, `more` being where
  // the first allocation extent descriptor lies.
  void AppendToEntry(PartitionBlock data, PartitionBlock more, std::string& out) const;
  // The allocation extent descriptors, the first of which lies at `more`.
  void AppendBlocks(const Revision& revision, PartitionBlock data, PartitionBlock more,
                    std::string& out) const;

 private:
  // How far the descriptors have come.
  struct Cursor {
    size_t run = 0;
    uint64_t done = 0;   // bytes of the run
    uint64_t block = 0;  // recorded blocks before
  };

  size_t width() const;                 // of a descriptor
  uint64_t InEntry(size_t room) const;  // of the extents
  // How many descriptors fit into a block, the one that leads to the next not counted.
  uint64_t InLastBlock() const;
  uint64_t InBlock() const { return InLastBlock() - 1; }
  void AppendOne(uint32_t length, uint64_t block, uint16_t partition, std::string& out) const;
  void AppendLink(PartitionBlock next, std::string& out) const;
  // Appends the descriptors of the next `count` extents.
  void Append(uint64_t count, PartitionBlock data, Cursor& cursor, std::string& out) const;

  const bool from_metadata_;
  const DataRun whole_{0, true};  // when it is one run
  const absl::Span<const DataRun> runs_;
  const uint64_t extents_;
  const uint64_t in_entry_;  // of the extents
};

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_ALLOCATION_H_
