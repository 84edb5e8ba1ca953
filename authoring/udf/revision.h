// -----------------------------------------------------------------------------
// File: authoring/udf/revision.h
// -----------------------------------------------------------------------------
//
// What the revisions of OSTA UDF want differently. Each is a constant, and nobody
// else compares revision numbers:
//
//   if (revision.names_have_ids) ...
//
// Revisions before 2.00 are a domain of ECMA-167 2nd edition (NSR02), those from 2.00
// on of the 3rd (NSR03).
//
#ifndef ISOMASON_AUTHORING_UDF_REVISION_H_
#define ISOMASON_AUTHORING_UDF_REVISION_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace isomason::udf {

struct Revision {
  // As identifier suffixes hold it (OSTA UDF 2.1.4.3), and what a reader has to know
  // at least, and a writer at least and at most (OSTA UDF 2.2.6.4).
  uint16_t number;
  uint16_t least_read, least_write, greatest_write;

  // The edition of ECMA-167: in every descriptor's tag (3/7.2.2), in the recognition
  // sequence (2/9.1, 3/9.1), and in the partition's contents (3/10.5.3).
  uint16_t tag_version;
  absl::string_view recognition;         // 5 characters
  absl::string_view partition_contents;  // 6 characters

  // File entries may be extended ones, tag 266 (ECMA-167 3rd edition 4/14.17): they
  // hold the time of creation and lead to named streams.
  bool extended_entries;

  // The ICB in a file identifier descriptor holds the lower 32 bits of a unique id
  // (OSTA UDF 2.00 2.3.4.3): that of the entry for its first name, and one of its own
  // for each further name (3.2.1.1).
  bool names_have_ids;

  // Where an extended attribute header says that there are no attributes of some
  // kind: 0xFFFFFFFF (OSTA UDF 2.50 3.3.4.1), or else the length of the whole. Readers
  // take both for either.
  bool absent_attributes_are_ones;

  // The integrity descriptor counts a file for each of its names (OSTA UDF 2.50
  // 2.2.6.4), or once.
  bool counts_names;

  // The file set, directories and entries lie in a partition of their own, which is a
  // file of the other one (OSTA UDF 2.50 2.2.10, 2.2.13). Addresses of them have this
  // partition reference; that of the files' bytes is 0.
  bool metadata_partition;
  constexpr uint16_t metadata_reference() const { return metadata_partition ? 1 : 0; }
};

inline constexpr Revision kRevision102{.number = 0x0102,
                                       .least_read = 0x0102,
                                       .least_write = 0x0102,
                                       .greatest_write = 0x0102,
                                       .tag_version = 2,
                                       .recognition = "NSR02",
                                       .partition_contents = "+NSR02",
                                       .extended_entries = false,
                                       .names_have_ids = false,
                                       .absent_attributes_are_ones = false,
                                       .counts_names = false,
                                       .metadata_partition = false};

// What 1.50 adds is for media that are written packet by packet.
inline constexpr Revision kRevision150{.number = 0x0150,
                                       .least_read = 0x0150,
                                       .least_write = 0x0150,
                                       .greatest_write = 0x0150,
                                       .tag_version = 2,
                                       .recognition = "NSR02",
                                       .partition_contents = "+NSR02",
                                       .extended_entries = false,
                                       .names_have_ids = false,
                                       .absent_attributes_are_ones = false,
                                       .counts_names = false,
                                       .metadata_partition = false};

inline constexpr Revision kRevision200{.number = 0x0200,
                                       .least_read = 0x0200,
                                       .least_write = 0x0200,
                                       .greatest_write = 0x0200,
                                       .tag_version = 3,
                                       .recognition = "NSR03",
                                       .partition_contents = "+NSR03",
                                       .extended_entries = true,
                                       .names_have_ids = true,
                                       .absent_attributes_are_ones = true,
                                       .counts_names = false,
                                       .metadata_partition = false};

inline constexpr Revision kRevision201{.number = 0x0201,
                                       .least_read = 0x0201,
                                       .least_write = 0x0201,
                                       .greatest_write = 0x0201,
                                       .tag_version = 3,
                                       .recognition = "NSR03",
                                       .partition_contents = "+NSR03",
                                       .extended_entries = true,
                                       .names_have_ids = true,
                                       .absent_attributes_are_ones = true,
                                       .counts_names = false,
                                       .metadata_partition = false};

inline constexpr Revision kRevision250{.number = 0x0250,
                                       .least_read = 0x0250,
                                       .least_write = 0x0250,
                                       .greatest_write = 0x0250,
                                       .tag_version = 3,
                                       .recognition = "NSR03",
                                       .partition_contents = "+NSR03",
                                       .extended_entries = true,
                                       .names_have_ids = true,
                                       .absent_attributes_are_ones = true,
                                       .counts_names = true,
                                       .metadata_partition = true};

// What 2.60 adds is for media that pretend to be rewritable, so that readers of 2.50
// read this one, too; Linux would refuse more.
inline constexpr Revision kRevision260{.number = 0x0260,
                                       .least_read = 0x0250,
                                       .least_write = 0x0260,
                                       .greatest_write = 0x0260,
                                       .tag_version = 3,
                                       .recognition = "NSR03",
                                       .partition_contents = "+NSR03",
                                       .extended_entries = true,
                                       .names_have_ids = true,
                                       .absent_attributes_are_ones = true,
                                       .counts_names = true,
                                       .metadata_partition = true};

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_REVISION_H_
