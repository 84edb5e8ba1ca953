// -----------------------------------------------------------------------------
// File: authoring/udf/volume_records.h
// -----------------------------------------------------------------------------
//
// The structures of a UDF volume, in the order of ECMA-167 parts 2 and 3: how a
// volume says that it holds UDF, and the descriptors that say where. Default values
// are those of a read-only volume of OSTA UDF. Byte positions count from 0, as
// the standard prints them.
//
//   AppendDescriptor(kPartition, PartitionDescriptor{.start = 257, .length = 1000},
//                    kRevision102, Block(34), out);
//
#ifndef ISOMASON_AUTHORING_UDF_VOLUME_RECORDS_H_
#define ISOMASON_AUTHORING_UDF_VOLUME_RECORDS_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/udf/cs0.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/types.h"
#include "layout/record/encoding.h"
#include "layout/record/record.h"

namespace isomason::udf {

// --- Volume recognition ---------------------------------------------------------

// One of the sequence BEA01, NSR02 or NSR03, TEA01 that stands behind ISO 9660's descriptors.
struct RecognitionDescriptor {
  std::array<uint8_t, 5> identifier{};
};
inline constexpr auto kRecognition = MakeTable<RecognitionDescriptor, 2048>(
    "volume structure descriptor", "ECMA-167 2/9.1", Counts::kFromZero,
    Zeros("structure type", 0, 0),
    Field<Raw<5>>("standard identifier", 1, 5, &RecognitionDescriptor::identifier),
    Fixed("structure version", 6, 6, "\x01"), Zeros("structure data", 7, 2047));
static_assert(kRecognition.Tiles());

// ECMA-167 2/9.2, 2/9.3.
inline constexpr absl::string_view kBeginExtendedArea = "BEA01";
inline constexpr absl::string_view kTerminateExtendedArea = "TEA01";

// --- Volume descriptor sequence -------------------------------------------------

struct PrimaryVolume {
  uint32_t sequence = 0;
  uint32_t number = 0;
  std::string volume_id;
  uint16_t volume_number = 1, volume_limit = 1;
  uint16_t interchange = 2, interchange_limit = 2;  // a set of one volume
  uint32_t charset_list = 1, charset_list_limit = 1;
  std::string volume_set_id;
  CharSpec descriptor_charset, explanatory_charset;
  ExtentAd abstract, copyright;
  EntityId application;
  UdfTime time;
  EntityId implementation;
  std::array<uint8_t, 64> implementation_use{};
  uint32_t predecessor = 0;
  uint16_t flags = 0;
};
inline constexpr auto kPrimaryVolume = MakeTable<PrimaryVolume, 512>(
    "primary volume descriptor", "ECMA-167 3/10.1", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kPrimaryVolume),
    Field<Little<uint32_t>>("volume descriptor sequence number", 16, 19, &PrimaryVolume::sequence),
    Field<Little<uint32_t>>("primary volume descriptor number", 20, 23, &PrimaryVolume::number),
    Field<DString<32>>("volume identifier", 24, 55, &PrimaryVolume::volume_id),
    Field<Little<uint16_t>>("volume sequence number", 56, 57, &PrimaryVolume::volume_number),
    Field<Little<uint16_t>>("maximum volume sequence number", 58, 59, &PrimaryVolume::volume_limit),
    Field<Little<uint16_t>>("interchange level", 60, 61, &PrimaryVolume::interchange),
    Field<Little<uint16_t>>("maximum interchange level", 62, 63, &PrimaryVolume::interchange_limit),
    Field<Little<uint32_t>>("character set list", 64, 67, &PrimaryVolume::charset_list),
    Field<Little<uint32_t>>("maximum character set list", 68, 71,
                            &PrimaryVolume::charset_list_limit),
    Field<DString<128>>("volume set identifier", 72, 199, &PrimaryVolume::volume_set_id),
    Field<Nested<kCharSpec>>("descriptor character set", 200, 263,
                             &PrimaryVolume::descriptor_charset),
    Field<Nested<kCharSpec>>("explanatory character set", 264, 327,
                             &PrimaryVolume::explanatory_charset),
    Field<Nested<kExtentAd>>("volume abstract", 328, 335, &PrimaryVolume::abstract),
    Field<Nested<kExtentAd>>("volume copyright notice", 336, 343, &PrimaryVolume::copyright),
    Field<Nested<kEntityId>>("application identifier", 344, 375, &PrimaryVolume::application),
    Field<Nested<kTimestamp>>("recording date and time", 376, 387, &PrimaryVolume::time),
    Field<Nested<kEntityId>>("implementation identifier", 388, 419, &PrimaryVolume::implementation),
    Field<Raw<64>>("implementation use", 420, 483, &PrimaryVolume::implementation_use),
    Field<Little<uint32_t>>("predecessor volume descriptor sequence location", 484, 487,
                            &PrimaryVolume::predecessor),
    Field<Little<uint16_t>>("flags", 488, 489, &PrimaryVolume::flags), Zeros("reserved", 490, 511));
static_assert(kPrimaryVolume.Tiles());

struct AnchorPointer {
  ExtentAd main, reserve;
};
inline constexpr auto kAnchor = MakeTable<AnchorPointer, 512>(
    "anchor volume descriptor pointer", "ECMA-167 3/10.2", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kAnchor),
    Field<Nested<kExtentAd>>("main volume descriptor sequence extent", 16, 23,
                             &AnchorPointer::main),
    Field<Nested<kExtentAd>>("reserve volume descriptor sequence extent", 24, 31,
                             &AnchorPointer::reserve),
    Zeros("reserved", 32, 511));
static_assert(kAnchor.Tiles());

// The implementation use volume descriptor as OSTA UDF 2.2.7 fills it in.
struct VolumeInformation {
  uint32_t sequence = 0;
  EntityId kind;
  CharSpec charset;
  std::string logical_volume_id;
  std::string information_1, information_2, information_3;
  EntityId implementation;
  std::array<uint8_t, 128> implementation_use{};
};
inline constexpr auto kVolumeInformation = MakeTable<VolumeInformation, 512>(
    "implementation use volume descriptor", "ECMA-167 3/10.4, OSTA UDF 2.2.7", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kImplementationUseVolume),
    Field<Little<uint32_t>>("volume descriptor sequence number", 16, 19,
                            &VolumeInformation::sequence),
    Field<Nested<kEntityId>>("implementation identifier", 20, 51, &VolumeInformation::kind),
    Field<Nested<kCharSpec>>("LVI character set", 52, 115, &VolumeInformation::charset),
    Field<DString<128>>("logical volume identifier", 116, 243,
                        &VolumeInformation::logical_volume_id),
    Field<DString<36>>("LV info 1", 244, 279, &VolumeInformation::information_1),
    Field<DString<36>>("LV info 2", 280, 315, &VolumeInformation::information_2),
    Field<DString<36>>("LV info 3", 316, 351, &VolumeInformation::information_3),
    Field<Nested<kEntityId>>("implementation", 352, 383, &VolumeInformation::implementation),
    Field<Raw<128>>("implementation use", 384, 511, &VolumeInformation::implementation_use));
static_assert(kVolumeInformation.Tiles());

struct PartitionDescriptor {
  uint32_t sequence = 0;
  uint16_t flags = 1;  // volume space has been allocated
  uint16_t number = 0;
  EntityId contents;
  std::array<uint8_t, 128> contents_use{};  // no space bitmap or table: nothing is free
  uint32_t access = 1;                      // read only
  uint32_t start = 0, length = 0;           // blocks
  EntityId implementation;
  std::array<uint8_t, 128> implementation_use{};
};
inline constexpr auto kPartition = MakeTable<PartitionDescriptor, 512>(
    "partition descriptor", "ECMA-167 3/10.5", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kPartition),
    Field<Little<uint32_t>>("volume descriptor sequence number", 16, 19,
                            &PartitionDescriptor::sequence),
    Field<Little<uint16_t>>("partition flags", 20, 21, &PartitionDescriptor::flags),
    Field<Little<uint16_t>>("partition number", 22, 23, &PartitionDescriptor::number),
    Field<Nested<kEntityId>>("partition contents", 24, 55, &PartitionDescriptor::contents),
    Field<Raw<128>>("partition contents use", 56, 183, &PartitionDescriptor::contents_use),
    Field<Little<uint32_t>>("access type", 184, 187, &PartitionDescriptor::access),
    Field<Little<uint32_t>>("partition starting location", 188, 191, &PartitionDescriptor::start),
    Field<Little<uint32_t>>("partition length", 192, 195, &PartitionDescriptor::length),
    Field<Nested<kEntityId>>("implementation identifier", 196, 227,
                             &PartitionDescriptor::implementation),
    Field<Raw<128>>("implementation use", 228, 355, &PartitionDescriptor::implementation_use),
    Zeros("reserved", 356, 511));
static_assert(kPartition.Tiles());

// The fixed part; partition maps, map_table_length bytes of them, follow.
struct LogicalVolume {
  uint32_t sequence = 0;
  CharSpec charset;
  std::string id;
  uint32_t block_size = 2048;
  EntityId domain;
  LongAd file_set;  // OSTA UDF 2.2.4.4: where the file set descriptors lie
  uint32_t map_table_length = 0, maps = 0;
  EntityId implementation;
  std::array<uint8_t, 128> implementation_use{};
  ExtentAd integrity;
};
inline constexpr auto kLogicalVolume = MakeTable<LogicalVolume, 440>(
    "logical volume descriptor", "ECMA-167 3/10.6", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kLogicalVolume),
    Field<Little<uint32_t>>("volume descriptor sequence number", 16, 19, &LogicalVolume::sequence),
    Field<Nested<kCharSpec>>("descriptor character set", 20, 83, &LogicalVolume::charset),
    Field<DString<128>>("logical volume identifier", 84, 211, &LogicalVolume::id),
    Field<Little<uint32_t>>("logical block size", 212, 215, &LogicalVolume::block_size),
    Field<Nested<kEntityId>>("domain identifier", 216, 247, &LogicalVolume::domain),
    Field<Nested<kLongAd>>("logical volume contents use", 248, 263, &LogicalVolume::file_set),
    Field<Little<uint32_t>>("map table length", 264, 267, &LogicalVolume::map_table_length),
    Field<Little<uint32_t>>("number of partition maps", 268, 271, &LogicalVolume::maps),
    Field<Nested<kEntityId>>("implementation identifier", 272, 303, &LogicalVolume::implementation),
    Field<Raw<128>>("implementation use", 304, 431, &LogicalVolume::implementation_use),
    Field<Nested<kExtentAd>>("integrity sequence extent", 432, 439, &LogicalVolume::integrity));
static_assert(kLogicalVolume.Tiles());

struct PartitionMap {
  uint16_t volume_number = 1;
  uint16_t partition_number = 0;
};
inline constexpr auto kPartitionMap = MakeTable<PartitionMap, 6>(
    "type 1 partition map", "ECMA-167 3/10.7.2", Counts::kFromZero,
    Fixed("partition map type", 0, 0, "\x01"), Fixed("partition map length", 1, 1, "\x06"),
    Field<Little<uint16_t>>("volume sequence number", 2, 3, &PartitionMap::volume_number),
    Field<Little<uint16_t>>("partition number", 4, 5, &PartitionMap::partition_number));
static_assert(kPartitionMap.Tiles());

// A partition that is a file of the partition of type 1: the metadata file, whose entry
// lies in the block `file` of that, and its mirror.
struct MetadataMap {
  EntityId kind;
  uint16_t volume_number = 1;
  uint16_t partition_number = 0;
  uint32_t file = 0, mirror = 0;
  uint32_t bitmap = 0xFFFFFFFF;   // none: nothing of a read-only volume is free
  uint32_t allocation_unit = 32;  // blocks: the files' extents are multiples of it
  uint16_t alignment_unit = 32;   // blocks: they start at multiples of it
  uint8_t flags = 0;
};
inline constexpr uint8_t kDuplicateMetadata = 1 << 0;  // the mirror has extents of its own
inline constexpr auto kMetadataMap = MakeTable<MetadataMap, 64>(
    "metadata partition map", "OSTA UDF 2.50 2.2.10", Counts::kFromZero,
    Fixed("partition map type", 0, 0, "\x02"), Fixed("partition map length", 1, 1, "\x40"),
    Zeros("reserved", 2, 3),
    Field<Nested<kEntityId>>("partition type identifier", 4, 35, &MetadataMap::kind),
    Field<Little<uint16_t>>("volume sequence number", 36, 37, &MetadataMap::volume_number),
    Field<Little<uint16_t>>("partition number", 38, 39, &MetadataMap::partition_number),
    Field<Little<uint32_t>>("metadata file location", 40, 43, &MetadataMap::file),
    Field<Little<uint32_t>>("metadata mirror file location", 44, 47, &MetadataMap::mirror),
    Field<Little<uint32_t>>("metadata bitmap file location", 48, 51, &MetadataMap::bitmap),
    Field<Little<uint32_t>>("allocation unit size", 52, 55, &MetadataMap::allocation_unit),
    Field<Little<uint16_t>>("alignment unit size", 56, 57, &MetadataMap::alignment_unit),
    Field<Little<uint8_t>>("flags", 58, 58, &MetadataMap::flags), Zeros("reserved", 59, 63));
static_assert(kMetadataMap.Tiles());

// Unallocated extents would follow; a read-only volume has none.
struct UnallocatedSpace {
  uint32_t sequence = 0;
  uint32_t extents = 0;
};
inline constexpr auto kUnallocatedSpace = MakeTable<UnallocatedSpace, 24>(
    "unallocated space descriptor", "ECMA-167 3/10.8", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kUnallocatedSpace),
    Field<Little<uint32_t>>("volume descriptor sequence number", 16, 19,
                            &UnallocatedSpace::sequence),
    Field<Little<uint32_t>>("number of allocation descriptors", 20, 23,
                            &UnallocatedSpace::extents));
static_assert(kUnallocatedSpace.Tiles());

struct TerminatingDescriptor {};
inline constexpr auto kTerminating = MakeTable<TerminatingDescriptor, 512>(
    "terminating descriptor", "ECMA-167 3/10.9", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kTerminating), Zeros("reserved", 16, 511));
static_assert(kTerminating.Tiles());

// --- Logical volume integrity ---------------------------------------------------

// The fixed part. A partition's free space and size follow for each partition, and
// then implementation use.
struct Integrity {
  UdfTime time;
  uint32_t type = 1;  // close: the volume is whole
  ExtentAd next;
  uint64_t next_unique_id = 16;
  uint32_t partitions = 1;
  uint32_t implementation_use_length = 0;
};
inline constexpr auto kIntegrity = MakeTable<Integrity, 80>(
    "logical volume integrity descriptor", "ECMA-167 3/10.10", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kLogicalVolumeIntegrity),
    Field<Nested<kTimestamp>>("recording date and time", 16, 27, &Integrity::time),
    Field<Little<uint32_t>>("integrity type", 28, 31, &Integrity::type),
    Field<Nested<kExtentAd>>("next integrity extent", 32, 39, &Integrity::next),
    Field<Little<uint64_t>>("next unique id", 40, 47, &Integrity::next_unique_id),
    Zeros("reserved", 48, 71),
    Field<Little<uint32_t>>("number of partitions", 72, 75, &Integrity::partitions),
    Field<Little<uint32_t>>("length of implementation use", 76, 79,
                            &Integrity::implementation_use_length));
static_assert(kIntegrity.Tiles());

// The free space table and the size table of a volume of one partition, in blocks.
struct PartitionSpace {
  uint32_t free = 0;
  uint32_t size = 0;
};
inline constexpr auto kPartitionSpace = MakeTable<PartitionSpace, 8>(
    "free space table and size table", "ECMA-167 3/10.10.6", Counts::kFromZero,
    Field<Little<uint32_t>>("free space", 0, 3, &PartitionSpace::free),
    Field<Little<uint32_t>>("size", 4, 7, &PartitionSpace::size));
static_assert(kPartitionSpace.Tiles());

// The same of a volume of two partitions.
struct PartitionSpaces {
  uint32_t free = 0, metadata_free = 0;
  uint32_t size = 0, metadata_size = 0;
};
inline constexpr auto kPartitionSpaces = MakeTable<PartitionSpaces, 16>(
    "free space table and size table", "ECMA-167 3/10.10.6", Counts::kFromZero,
    Field<Little<uint32_t>>("free space", 0, 3, &PartitionSpaces::free),
    Field<Little<uint32_t>>("free space of the metadata partition", 4, 7,
                            &PartitionSpaces::metadata_free),
    Field<Little<uint32_t>>("size", 8, 11, &PartitionSpaces::size),
    Field<Little<uint32_t>>("size of the metadata partition", 12, 15,
                            &PartitionSpaces::metadata_size));
static_assert(kPartitionSpaces.Tiles());

struct IntegrityUse {
  EntityId implementation;
  uint32_t files = 0;        // file entries that are not directories, or their names
  uint32_t directories = 0;  // the root too
  uint16_t least_read = 0, least_write = 0, greatest_write = 0;
};
inline constexpr auto kIntegrityUse = MakeTable<IntegrityUse, 46>(
    "implementation use of the integrity descriptor", "OSTA UDF 2.2.6.4", Counts::kFromZero,
    Field<Nested<kEntityId>>("implementation identifier", 0, 31, &IntegrityUse::implementation),
    Field<Little<uint32_t>>("number of files", 32, 35, &IntegrityUse::files),
    Field<Little<uint32_t>>("number of directories", 36, 39, &IntegrityUse::directories),
    Field<Little<uint16_t>>("minimum UDF read revision", 40, 41, &IntegrityUse::least_read),
    Field<Little<uint16_t>>("minimum UDF write revision", 42, 43, &IntegrityUse::least_write),
    Field<Little<uint16_t>>("maximum UDF write revision", 44, 45, &IntegrityUse::greatest_write));
static_assert(kIntegrityUse.Tiles());

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_VOLUME_RECORDS_H_
