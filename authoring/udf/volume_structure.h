// -----------------------------------------------------------------------------
// File: authoring/udf/volume_structure.h
// -----------------------------------------------------------------------------
//
// The parts of a UDF volume that are not files: the recognition sequence, the
// anchors, the volume descriptor sequence (twice), the integrity sequence and the
// file set descriptor, each rendered whole from a few facts.
//
//   ASSIGN_OR_RETURN(VolumeFacts facts, MakeVolumeFacts(volume, kRevision102, &remarks));
//   AppendDescriptorSequence(facts, where, Block(32), out);
//
#ifndef ISOMASON_AUTHORING_UDF_VOLUME_STRUCTURE_H_
#define ISOMASON_AUTHORING_UDF_VOLUME_STRUCTURE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "authoring/remark.h"
#include "authoring/udf/revision.h"
#include "authoring/udf/types.h"
#include "authoring/volume.h"
#include "layout/units.h"

namespace isomason::udf {

// Both sequences of volume descriptors: at least 16 blocks (ECMA-167 3/8.4.2.1).
inline constexpr Block kSequenceBlocks{16};
// A descriptor and the terminator behind it.
inline constexpr Block kPairBlocks{2};
inline constexpr ByteCount kAnchorSize{512};

// What the structures say about the volume. Texts are compressed Unicode.
struct VolumeFacts {
  const Revision* revision = &kRevision102;
  std::string label;          // what users see; may be empty
  std::string volume_id;      // the label in 31 bytes; never empty
  std::string volume_set_id;  // 16 hexadecimal digits, unlike those of any other image, and more
  UdfTime time;
  uint32_t files = 0;        // file entries that are no directories, or names of them
  uint32_t directories = 0;  // with the root
  uint64_t next_unique_id = 16;
};

// Fills in all but the counts. OutOfRange or InvalidArgument for a volume identifier
// that UDF cannot hold; a remark for a volume set identifier that it cuts.
absl::StatusOr<VolumeFacts> MakeVolumeFacts(const Volume& volume, const Revision& revision,
                                            Remarks* remarks);

// The metadata file's extent and its mirror's, blocks of the partition.
struct MetadataPlaces {
  PartitionBlock file, mirror;  // their entries
  PartitionBlock extent, mirror_extent;
  Block length;  // of either extent: a multiple of kMetadataUnit
};
// What metadata extents are multiples of, and start at multiples of (OSTA UDF 2.50
// 2.2.10): at least 32 blocks, a cluster of a Blu-ray disc.
inline constexpr Block kMetadataUnit{32};

// Where the structures lie.
struct VolumePlaces {
  Block main, reserve;  // volume descriptor sequences
  Block integrity;
  Block partition;  // where it starts
  Block partition_length;
  PartitionBlock root;  // the root directory's file entry
  // Of a revision that has a metadata partition.
  MetadataPlaces metadata{};
};

// One block of the volume recognition sequence: kBeginExtendedArea and so on, of five
// characters.
void AppendRecognition(absl::string_view identifier, std::string& out);

// An anchor that lies at `here`: kAnchorSize bytes.
void AppendAnchor(const VolumeFacts& facts, const VolumePlaces& places, Block here,
                  std::string& out);

// A volume descriptor sequence that starts at `here`: kSequenceBlocks.
void AppendDescriptorSequence(const VolumeFacts& facts, const VolumePlaces& places, Block here,
                              std::string& out);

// The integrity descriptor and its terminator: kPairBlocks.
void AppendIntegritySequence(const VolumeFacts& facts, const VolumePlaces& places,
                             std::string& out);

// How many blocks the file set takes: a descriptor and its terminator, or in a metadata
// partition, which holds no terminator (OSTA UDF 2.50 2.2.13.1), the descriptor alone.
Block FileSetBlocks(const Revision& revision);

// The file set, at the start of its partition: FileSetBlocks().
void AppendFileSet(const VolumeFacts& facts, const VolumePlaces& places, std::string& out);

// The entry of the metadata file or of its mirror: one block.
void AppendMetadataFile(const VolumeFacts& facts, const VolumePlaces& places, bool is_mirror,
                        std::string& out);

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_VOLUME_STRUCTURE_H_
