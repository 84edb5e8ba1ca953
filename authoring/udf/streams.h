// -----------------------------------------------------------------------------
// File: authoring/udf/streams.h
// -----------------------------------------------------------------------------
//
// The named streams of one entry (ECMA-167 3rd edition 4/9.2, OSTA UDF 2.00 3.3.5): a
// stream directory and its streams, each with an extended file entry. It lies in one run of
// blocks, in this order: the directory's entry, the entries of the streams, the directory's
// data, and allocation extent descriptors of streams that are too long for their entries.
// The streams' data is contents like that of files, elsewhere. Who owns them, and when, is
// as the entry says.
//
//   facts.streams = PartitionBlock(50);               // of the entry that has them
//   RETURN_IF_ERROR(AppendStreams(facts, PartitionBlock(9), streams, out));
//
#ifndef ISOMASON_AUTHORING_UDF_STREAMS_H_
#define ISOMASON_AUTHORING_UDF_STREAMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/udf/file_entry.h"
#include "layout/units.h"

namespace isomason::udf {

struct Stream {
  absl::string_view name;  // UTF-8
  uint64_t size = 0;       // in bytes
  PartitionBlock data{};   // where they start; they are contiguous
};

// Appends the run of blocks that will lie at owner.streams, for the entry at `entry`.
// InvalidArgument or OutOfRange for a name that UDF cannot hold: "has a stream "x", which
// has a name that ...".
absl::Status AppendStreams(const EntryFacts& owner, PartitionBlock entry,
                           const std::vector<Stream>& streams, std::string& out);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_STREAMS_H_
