// -----------------------------------------------------------------------------
// File: authoring/udf/file_records.h
// -----------------------------------------------------------------------------
//
// The structures of a UDF file set, in the order of ECMA-167 part 4: the file set
// descriptor, the names in a directory, and the file entry that a name leads to.
// Byte positions count from 0, as the standard prints them.
//
//   const size_t at = OpenDescriptor(kFileIdentifier, identifier, out);
//   out += name;                                   // compressed Unicode
//   out.resize(at + FileIdentifierSize(name.size()));
//   SealDescriptor(TagId::kFileIdentifier, kRevision102, location, at, out);
//
#ifndef ISOMASON_AUTHORING_UDF_FILE_RECORDS_H_
#define ISOMASON_AUTHORING_UDF_FILE_RECORDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "authoring/udf/cs0.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/types.h"
#include "layout/record/encoding.h"
#include "layout/record/record.h"
#include "layout/units.h"

namespace isomason::udf {

// --- File set -------------------------------------------------------------------

struct FileSet {
  UdfTime time;
  uint16_t interchange = 3, interchange_limit = 3;
  uint32_t charset_list = 1, charset_list_limit = 1;
  uint32_t number = 0, descriptor_number = 0;
  CharSpec volume_charset;
  std::string logical_volume_id;
  CharSpec charset;
  std::string id;
  std::string copyright_file, abstract_file;
  LongAd root;
  EntityId domain;
  LongAd next;
  LongAd streams;  // the stream directory of the volume, from ECMA-167 3rd edition on
};
inline constexpr auto kFileSet = MakeTable<FileSet, 512>(
    "file set descriptor", "ECMA-167 4/14.1", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kFileSet),
    Field<Nested<kTimestamp>>("recording date and time", 16, 27, &FileSet::time),
    Field<Little<uint16_t>>("interchange level", 28, 29, &FileSet::interchange),
    Field<Little<uint16_t>>("maximum interchange level", 30, 31, &FileSet::interchange_limit),
    Field<Little<uint32_t>>("character set list", 32, 35, &FileSet::charset_list),
    Field<Little<uint32_t>>("maximum character set list", 36, 39, &FileSet::charset_list_limit),
    Field<Little<uint32_t>>("file set number", 40, 43, &FileSet::number),
    Field<Little<uint32_t>>("file set descriptor number", 44, 47, &FileSet::descriptor_number),
    Field<Nested<kCharSpec>>("logical volume identifier character set", 48, 111,
                             &FileSet::volume_charset),
    Field<DString<128>>("logical volume identifier", 112, 239, &FileSet::logical_volume_id),
    Field<Nested<kCharSpec>>("file set character set", 240, 303, &FileSet::charset),
    Field<DString<32>>("file set identifier", 304, 335, &FileSet::id),
    Field<DString<32>>("copyright file identifier", 336, 367, &FileSet::copyright_file),
    Field<DString<32>>("abstract file identifier", 368, 399, &FileSet::abstract_file),
    Field<Nested<kLongAd>>("root directory ICB", 400, 415, &FileSet::root),
    Field<Nested<kEntityId>>("domain identifier", 416, 447, &FileSet::domain),
    Field<Nested<kLongAd>>("next extent", 448, 463, &FileSet::next),
    Field<Nested<kLongAd>>("system stream directory ICB", 464, 479, &FileSet::streams),
    Zeros("reserved", 480, 511));
static_assert(kFileSet.Tiles());

// --- Names ----------------------------------------------------------------------

// What FileIdentifier::characteristics is made of (ECMA-167 4/14.4.3).
inline constexpr uint8_t kNamesHidden = 1 << 0;
inline constexpr uint8_t kNamesDirectory = 1 << 1;
inline constexpr uint8_t kNamesParent = 1 << 3;

// The fixed part. The identifier follows, name_length bytes, and zeros up to a
// multiple of four.
struct FileIdentifier {
  uint16_t version = 1;
  uint8_t characteristics = 0;
  uint8_t name_length = 0;  // compression id included; 0 for the parent
  LongAd icb;
  uint16_t implementation_use_length = 0;
};
inline constexpr auto kFileIdentifier = MakeTable<FileIdentifier, 38>(
    "file identifier descriptor", "ECMA-167 4/14.4", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kFileIdentifier),
    Field<Little<uint16_t>>("file version number", 16, 17, &FileIdentifier::version),
    Field<Little<uint8_t>>("file characteristics", 18, 18, &FileIdentifier::characteristics),
    Field<Little<uint8_t>>("length of file identifier", 19, 19, &FileIdentifier::name_length),
    Field<Nested<kLongAd>>("ICB", 20, 35, &FileIdentifier::icb),
    Field<Little<uint16_t>>("length of implementation use", 36, 37,
                            &FileIdentifier::implementation_use_length));
static_assert(kFileIdentifier.Tiles());

// The most bytes that a name takes, its compression id included (4/14.4.4).
inline constexpr size_t kNameLimit = 255;

// The bytes of a whole file identifier descriptor for a name of `name_size` bytes.
constexpr size_t FileIdentifierSize(size_t name_size) {
  return RoundUp(kFileIdentifier.kBytes + name_size, 4);
}

// --- File entries ---------------------------------------------------------------

enum class FileType : uint8_t {  // ECMA-167 4/14.6.6
  kDirectory = 4,
  kFile = 5,
  kBlockDevice = 6,
  kCharacterDevice = 7,
  kFifo = 9,
  kSocket = 10,
  kSymlink = 12,
  kStreamDirectory = 13,  // 3rd edition
  kMetadata = 250,        // OSTA UDF 2.50 2.2.13.1: nothing that has a name
  kMetadataMirror = 251,
};

// Bits of IcbTag::flags (ECMA-167 4/14.6.8). The low three say what the allocation
// descriptors are: 0 for short ones.
inline constexpr uint16_t kLong = 1;
inline constexpr uint16_t kEmbedded = 3;  // they are the file's data
inline constexpr uint16_t kNotRelocatable = 1 << 4;
inline constexpr uint16_t kSetUid = 1 << 6;
inline constexpr uint16_t kSetGid = 1 << 7;
inline constexpr uint16_t kSticky = 1 << 8;
inline constexpr uint16_t kContiguous = 1 << 9;
inline constexpr uint16_t kStream = 1 << 13;  // 3rd edition

struct IcbTag {
  uint32_t prior_entries = 0;
  uint16_t strategy = 4;  // one entry and nothing behind it (OSTA UDF 2.3.5.1)
  uint16_t strategy_parameter = 0;
  uint16_t entry_limit = 1;
  uint8_t type = 0;  // a FileType
  LbAddr parent;
  uint16_t flags = 0;
};
inline constexpr auto kIcbTag = MakeTable<IcbTag, 20>(
    "ICB tag", "ECMA-167 4/14.6", Counts::kFromZero,
    Field<Little<uint32_t>>("prior recorded number of direct entries", 0, 3,
                            &IcbTag::prior_entries),
    Field<Little<uint16_t>>("strategy type", 4, 5, &IcbTag::strategy),
    Field<Little<uint16_t>>("strategy parameter", 6, 7, &IcbTag::strategy_parameter),
    Field<Little<uint16_t>>("maximum number of entries", 8, 9, &IcbTag::entry_limit),
    Zeros("reserved", 10, 10), Field<Little<uint8_t>>("file type", 11, 11, &IcbTag::type),
    Field<Nested<kLbAddr>>("parent ICB location", 12, 17, &IcbTag::parent),
    Field<Little<uint16_t>>("flags", 18, 19, &IcbTag::flags));
static_assert(kIcbTag.Tiles());

// The fixed part. Extended attributes and allocation descriptors follow, and all is
// within one block.
struct FileEntry {
  IcbTag icb;
  uint32_t owner = 0, group = 0;
  uint32_t permissions = 0;
  uint16_t links = 1;  // file identifier descriptors that lead here
  uint8_t record_format = 0, record_attributes = 0;
  uint32_t record_length = 0;
  uint64_t size = 0;    // bytes of the file
  uint64_t blocks = 0;  // blocks of its extents
  UdfTime accessed, modified, changed;
  uint32_t checkpoint = 1;
  LongAd attribute_icb;
  EntityId implementation;
  uint64_t unique_id = 0;
  uint32_t attributes_length = 0;  // bytes of extended attributes
  uint32_t allocation_length = 0;  // bytes of allocation descriptors
};
inline constexpr auto kFileEntry = MakeTable<FileEntry, 176>(
    "file entry", "ECMA-167 4/14.9", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kFileEntry),
    Field<Nested<kIcbTag>>("ICB tag", 16, 35, &FileEntry::icb),
    Field<Little<uint32_t>>("uid", 36, 39, &FileEntry::owner),
    Field<Little<uint32_t>>("gid", 40, 43, &FileEntry::group),
    Field<Little<uint32_t>>("permissions", 44, 47, &FileEntry::permissions),
    Field<Little<uint16_t>>("file link count", 48, 49, &FileEntry::links),
    Field<Little<uint8_t>>("record format", 50, 50, &FileEntry::record_format),
    Field<Little<uint8_t>>("record display attributes", 51, 51, &FileEntry::record_attributes),
    Field<Little<uint32_t>>("record length", 52, 55, &FileEntry::record_length),
    Field<Little<uint64_t>>("information length", 56, 63, &FileEntry::size),
    Field<Little<uint64_t>>("logical blocks recorded", 64, 71, &FileEntry::blocks),
    Field<Nested<kTimestamp>>("access date and time", 72, 83, &FileEntry::accessed),
    Field<Nested<kTimestamp>>("modification date and time", 84, 95, &FileEntry::modified),
    Field<Nested<kTimestamp>>("attribute date and time", 96, 107, &FileEntry::changed),
    Field<Little<uint32_t>>("checkpoint", 108, 111, &FileEntry::checkpoint),
    Field<Nested<kLongAd>>("extended attribute ICB", 112, 127, &FileEntry::attribute_icb),
    Field<Nested<kEntityId>>("implementation identifier", 128, 159, &FileEntry::implementation),
    Field<Little<uint64_t>>("unique id", 160, 167, &FileEntry::unique_id),
    Field<Little<uint32_t>>("length of extended attributes", 168, 171,
                            &FileEntry::attributes_length),
    Field<Little<uint32_t>>("length of allocation descriptors", 172, 175,
                            &FileEntry::allocation_length));
static_assert(kFileEntry.Tiles());

// What the 3rd edition has in place of a file entry; the same follows. Where nobody says
// when a file was made, that is when it changed last, as readers take it for entries without
// such a time (OSTA UDF 3.3.4.3.1).
struct ExtendedFileEntry : FileEntry {
  uint64_t object_size = 0;  // bytes of the file and of its streams
  UdfTime created;
  LongAd streams;  // where the stream directory's entry lies
};
inline constexpr auto kExtendedFileEntry = MakeTable<ExtendedFileEntry, 216>(
    "extended file entry", "ECMA-167 3rd edition 4/14.17", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kExtendedFileEntry),
    Field<Nested<kIcbTag>>("ICB tag", 16, 35, &FileEntry::icb),
    Field<Little<uint32_t>>("uid", 36, 39, &FileEntry::owner),
    Field<Little<uint32_t>>("gid", 40, 43, &FileEntry::group),
    Field<Little<uint32_t>>("permissions", 44, 47, &FileEntry::permissions),
    Field<Little<uint16_t>>("file link count", 48, 49, &FileEntry::links),
    Field<Little<uint8_t>>("record format", 50, 50, &FileEntry::record_format),
    Field<Little<uint8_t>>("record display attributes", 51, 51, &FileEntry::record_attributes),
    Field<Little<uint32_t>>("record length", 52, 55, &FileEntry::record_length),
    Field<Little<uint64_t>>("information length", 56, 63, &FileEntry::size),
    Field<Little<uint64_t>>("object size", 64, 71, &ExtendedFileEntry::object_size),
    Field<Little<uint64_t>>("logical blocks recorded", 72, 79, &FileEntry::blocks),
    Field<Nested<kTimestamp>>("access date and time", 80, 91, &FileEntry::accessed),
    Field<Nested<kTimestamp>>("modification date and time", 92, 103, &FileEntry::modified),
    Field<Nested<kTimestamp>>("creation date and time", 104, 115, &ExtendedFileEntry::created),
    Field<Nested<kTimestamp>>("attribute date and time", 116, 127, &FileEntry::changed),
    Field<Little<uint32_t>>("checkpoint", 128, 131, &FileEntry::checkpoint),
    Zeros("reserved", 132, 135),
    Field<Nested<kLongAd>>("extended attribute ICB", 136, 151, &FileEntry::attribute_icb),
    Field<Nested<kLongAd>>("stream directory ICB", 152, 167, &ExtendedFileEntry::streams),
    Field<Nested<kEntityId>>("implementation identifier", 168, 199, &FileEntry::implementation),
    Field<Little<uint64_t>>("unique id", 200, 207, &FileEntry::unique_id),
    Field<Little<uint32_t>>("length of extended attributes", 208, 211,
                            &FileEntry::attributes_length),
    Field<Little<uint32_t>>("length of allocation descriptors", 212, 215,
                            &FileEntry::allocation_length));
static_assert(kExtendedFileEntry.Tiles());

// The fixed part of a block of further allocation descriptors, which follow. The link
// back may be zero (OSTA UDF 2.3.11).
struct AllocationExtent {
  uint32_t previous = 0;
  uint32_t length = 0;  // bytes of descriptors
};
inline constexpr auto kAllocationExtent = MakeTable<AllocationExtent, 24>(
    "allocation extent descriptor", "ECMA-167 4/14.5", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kAllocationExtent),
    Field<Little<uint32_t>>("previous allocation extent location", 16, 19,
                            &AllocationExtent::previous),
    Field<Little<uint32_t>>("length of allocation descriptors", 20, 23, &AllocationExtent::length));
static_assert(kAllocationExtent.Tiles());

// --- Extended attributes --------------------------------------------------------

// Offsets are from the header's start. Attributes of the standard come first; where
// there are no others, the offsets are those of Revision::absent_attributes_are_ones.
struct AttributeHeader {
  uint32_t implementation_attributes = 0;
  uint32_t application_attributes = 0;
};
inline constexpr auto kAttributeHeader = MakeTable<AttributeHeader, 24>(
    "extended attribute header descriptor", "ECMA-167 4/14.10.1", Counts::kFromZero,
    TagSlot("descriptor tag", 0, 15, TagId::kExtendedAttributeHeader),
    Field<Little<uint32_t>>("implementation attributes location", 16, 19,
                            &AttributeHeader::implementation_attributes),
    Field<Little<uint32_t>>("application attributes location", 20, 23,
                            &AttributeHeader::application_attributes));
static_assert(kAttributeHeader.Tiles());

// When a file was made. The standard has four times here, each with a bit of its own; OSTA
// knows one (OSTA UDF 3.3.4.3).
struct FileTimes {
  uint32_t length = 32;  // of this attribute
  uint32_t data_length = kTimestamp.kBytes;
  uint32_t existence = 1;  // bit 0: the time of creation
  UdfTime created;
};
inline constexpr auto kFileTimes = MakeTable<FileTimes, 32>(
    "file times", "ECMA-167 4/14.10.5", Counts::kFromZero, Fixed("attribute type", 0, 3, "\x05"),
    Fixed("attribute subtype", 4, 4, "\x01"), Zeros("reserved", 5, 7),
    Field<Little<uint32_t>>("attribute length", 8, 11, &FileTimes::length),
    Field<Little<uint32_t>>("data length", 12, 15, &FileTimes::data_length),
    Field<Little<uint32_t>>("file time existence", 16, 19, &FileTimes::existence),
    Field<Nested<kTimestamp>>("file times", 20, 31, &FileTimes::created));
static_assert(kFileTimes.Tiles());

// What device a block or character device is. The implementation use is the entity
// that the numbers mean something to (OSTA UDF 3.3.4.4).
struct DeviceSpecification {
  uint32_t length = 56;  // of this attribute
  uint32_t implementation_use_length = 32;
  uint32_t major = 0, minor = 0;
  EntityId implementation;
};
inline constexpr auto kDeviceSpecification = MakeTable<DeviceSpecification, 56>(
    "device specification", "ECMA-167 4/14.10.7", Counts::kFromZero,
    Fixed("attribute type", 0, 3, "\x0C"), Fixed("attribute subtype", 4, 4, "\x01"),
    Zeros("reserved", 5, 7),
    Field<Little<uint32_t>>("attribute length", 8, 11, &DeviceSpecification::length),
    Field<Little<uint32_t>>("implementation use length", 12, 15,
                            &DeviceSpecification::implementation_use_length),
    Field<Little<uint32_t>>("major device identification", 16, 19, &DeviceSpecification::major),
    Field<Little<uint32_t>>("minor device identification", 20, 23, &DeviceSpecification::minor),
    Field<Nested<kEntityId>>("implementation use", 24, 55, &DeviceSpecification::implementation));
static_assert(kDeviceSpecification.Tiles());

// --- Symlinks -------------------------------------------------------------------

// The fixed part of a step of a symlink's target; the name follows.
struct PathComponent {
  uint8_t type = 0;
  uint8_t name_length = 0;  // compression id included
  uint16_t version = 0;
};
inline constexpr uint8_t kStepRoot = 2;    // "/"
inline constexpr uint8_t kStepParent = 3;  // ".."
inline constexpr uint8_t kStepHere = 4;    // "."
inline constexpr uint8_t kStepName = 5;
inline constexpr auto kPathComponent = MakeTable<PathComponent, 4>(
    "path component", "ECMA-167 4/14.16.1", Counts::kFromZero,
    Field<Little<uint8_t>>("component type", 0, 0, &PathComponent::type),
    Field<Little<uint8_t>>("length of component identifier", 1, 1, &PathComponent::name_length),
    Field<Little<uint16_t>>("component file version number", 2, 3, &PathComponent::version));
static_assert(kPathComponent.Tiles());

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_FILE_RECORDS_H_
