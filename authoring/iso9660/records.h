// -----------------------------------------------------------------------------
// File: authoring/iso9660/records.h
// -----------------------------------------------------------------------------
//
// The records of ISO 9660 (ECMA-119), of the System Use Sharing Protocol (SUSP 1.12)
// and of Rock Ridge (RRIP 1.10 and 1.12), each declared once. Byte positions are the
// standards' own, counted from 1. Whatever follows a record (an identifier, a name,
// more system use entries) is the caller's.
//
//   DirectoryRecord r;
//   r.length = 34;
//   r.identifier_length = 1;
//   Append(kDirectoryRecord, r, out);
//   out.push_back('\0');
//
#ifndef ISOMASON_AUTHORING_ISO9660_RECORDS_H_
#define ISOMASON_AUTHORING_ISO9660_RECORDS_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/dates.h"
#include "layout/record/encoding.h"
#include "layout/record/record.h"

namespace isomason {

// --- Directory record, ECMA-119 9.1 ------------------------------------------

// File flags, ECMA-119 9.1.6.
inline constexpr uint8_t kHiddenFlag = 0x01;
inline constexpr uint8_t kDirectoryFlag = 0x02;
inline constexpr uint8_t kMultiExtentFlag = 0x80;

// A record is of even length, at most 254, inside one block (6.8.1.1, 9.1.1).
inline constexpr size_t kLongestDirectoryRecord = 254;

struct DirectoryRecord {
  uint8_t length = 0;  // of the record with identifier, padding and system use
  uint32_t extent = 0;
  uint32_t data_length = 0;
  RecordingDate date{};
  uint8_t flags = 0;
  uint16_t sequence_number = 1;
  uint8_t identifier_length = 0;
};

inline constexpr auto kDirectoryRecord = MakeTable<DirectoryRecord, 33>(
    "directory record", "ECMA-119 9.1", Counts::kFromOne,
    Field<Little<uint8_t>>("length of directory record", 1, 1, &DirectoryRecord::length),
    Zeros("extended attribute record length", 2, 2),
    Field<Both<uint32_t>>("location of extent", 3, 10, &DirectoryRecord::extent),
    Field<Both<uint32_t>>("data length", 11, 18, &DirectoryRecord::data_length),
    Field<Raw<7>>("recording date and time", 19, 25, &DirectoryRecord::date),
    Field<Little<uint8_t>>("file flags", 26, 26, &DirectoryRecord::flags),
    Zeros("file unit size", 27, 27), Zeros("interleave gap size", 28, 28),
    Field<Both<uint16_t>>("volume sequence number", 29, 32, &DirectoryRecord::sequence_number),
    Field<Little<uint8_t>>("length of file identifier", 33, 33,
                           &DirectoryRecord::identifier_length));
static_assert(kDirectoryRecord.Tiles());

// --- Path table record, ECMA-119 9.4 -----------------------------------------

struct PathTableRecord {
  uint8_t identifier_length = 0;
  uint32_t extent = 0;
  uint16_t parent = 1;
};

// `Order` is Little for a table of type L (6.9.2), Big for one of type M.
template <template <typename> class Order>
inline constexpr auto kPathTableRecord = MakeTable<PathTableRecord, 8>(
    "path table record", "ECMA-119 9.4", Counts::kFromOne,
    Field<Little<uint8_t>>("length of directory identifier", 1, 1,
                           &PathTableRecord::identifier_length),
    Zeros("extended attribute record length", 2, 2),
    Field<Order<uint32_t>>("location of extent", 3, 6, &PathTableRecord::extent),
    Field<Order<uint16_t>>("parent directory number", 7, 8, &PathTableRecord::parent));
static_assert(kPathTableRecord<Little>.Tiles() && kPathTableRecord<Big>.Tiles());

// --- Volume descriptors, ECMA-119 8 ------------------------------------------

// A root directory record, whose identifier is one zero byte (8.4.18).
inline constexpr size_t kRootRecordSize = 34;

// The primary (8.4) and the supplementary (8.5) volume descriptor.
struct VolumeDescriptor {
  uint8_t flags = 0;                           // supplementary only
  std::array<uint8_t, 32> escape_sequences{};  // supplementary only
  std::array<uint8_t, 32> system_id{};
  std::array<uint8_t, 32> volume_id{};
  uint32_t space_size = 0;  // blocks
  uint16_t set_size = 1;
  uint16_t sequence_number = 1;
  uint16_t block_size = 2048;
  uint32_t path_table_size = 0;  // bytes
  uint32_t l_path_table = 0;
  uint32_t m_path_table = 0;
  uint32_t l_path_table_copy = 0;  // 0: there is none
  uint32_t m_path_table_copy = 0;
  std::array<uint8_t, kRootRecordSize> root{};
  std::array<uint8_t, 128> set_id{};
  std::array<uint8_t, 128> publisher{};
  std::array<uint8_t, 128> preparer{};
  std::array<uint8_t, 128> application{};
  std::array<uint8_t, 37> copyright_file{};
  std::array<uint8_t, 37> abstract_file{};
  std::array<uint8_t, 37> bibliographic_file{};
  VolumeDate creation{};
  VolumeDate modification{};
  VolumeDate expiration{};
  VolumeDate effective{};
  std::array<uint8_t, 512> application_use{};
};

namespace records_internal {

// What both descriptors have in common, split at byte 89 and 120.
constexpr auto BeforeEscapes() {
  using V = VolumeDescriptor;
  return std::make_tuple(Field<Raw<32>>("system identifier", 9, 40, &V::system_id),
                         Field<Raw<32>>("volume identifier", 41, 72, &V::volume_id),
                         Zeros("unused", 73, 80),
                         Field<Both<uint32_t>>("volume space size", 81, 88, &V::space_size));
}

constexpr auto AfterEscapes(absl::string_view structure_version) {
  using V = VolumeDescriptor;
  return std::make_tuple(
      Field<Both<uint16_t>>("volume set size", 121, 124, &V::set_size),
      Field<Both<uint16_t>>("volume sequence number", 125, 128, &V::sequence_number),
      Field<Both<uint16_t>>("logical block size", 129, 132, &V::block_size),
      Field<Both<uint32_t>>("path table size", 133, 140, &V::path_table_size),
      Field<Little<uint32_t>>("location of type L path table", 141, 144, &V::l_path_table),
      Field<Little<uint32_t>>("location of optional type L path table", 145, 148,
                              &V::l_path_table_copy),
      Field<Big<uint32_t>>("location of type M path table", 149, 152, &V::m_path_table),
      Field<Big<uint32_t>>("location of optional type M path table", 153, 156,
                           &V::m_path_table_copy),
      Field<Raw<kRootRecordSize>>("directory record for root directory", 157, 190, &V::root),
      Field<Raw<128>>("volume set identifier", 191, 318, &V::set_id),
      Field<Raw<128>>("publisher identifier", 319, 446, &V::publisher),
      Field<Raw<128>>("data preparer identifier", 447, 574, &V::preparer),
      Field<Raw<128>>("application identifier", 575, 702, &V::application),
      Field<Raw<37>>("copyright file identifier", 703, 739, &V::copyright_file),
      Field<Raw<37>>("abstract file identifier", 740, 776, &V::abstract_file),
      Field<Raw<37>>("bibliographic file identifier", 777, 813, &V::bibliographic_file),
      Field<Raw<17>>("volume creation date and time", 814, 830, &V::creation),
      Field<Raw<17>>("volume modification date and time", 831, 847, &V::modification),
      Field<Raw<17>>("volume expiration date and time", 848, 864, &V::expiration),
      Field<Raw<17>>("volume effective date and time", 865, 881, &V::effective),
      Fixed("file structure version", 882, 882, structure_version), Zeros("reserved", 883, 883),
      Field<Raw<512>>("application use", 884, 1395, &V::application_use),
      Zeros("reserved", 1396, 2048));
}

template <typename... Parts>
constexpr auto DescriptorTable(absl::string_view name, absl::string_view clause, Parts... parts) {
  return std::apply(
      [&](auto... entries) {
        return MakeTable<VolumeDescriptor, 2048>(name, clause, Counts::kFromOne, entries...);
      },
      std::tuple_cat(parts...));
}

}  // namespace records_internal

inline constexpr auto kPrimaryDescriptor = records_internal::DescriptorTable(
    "primary volume descriptor", "ECMA-119 8.4",
    std::make_tuple(Fixed("volume descriptor type", 1, 1, "\1"),
                    Fixed("standard identifier", 2, 6, "CD001"),
                    Fixed("volume descriptor version", 7, 7, "\1"), Zeros("unused", 8, 8)),
    records_internal::BeforeEscapes(), std::make_tuple(Zeros("unused", 89, 120)),
    records_internal::AfterEscapes("\1"));
static_assert(kPrimaryDescriptor.Tiles());

inline constexpr auto kSupplementaryDescriptor = records_internal::DescriptorTable(
    "supplementary volume descriptor", "ECMA-119 8.5",
    std::make_tuple(Fixed("volume descriptor type", 1, 1, "\2"),
                    Fixed("standard identifier", 2, 6, "CD001"),
                    Fixed("volume descriptor version", 7, 7, "\1"),
                    Field<Little<uint8_t>>("volume flags", 8, 8, &VolumeDescriptor::flags)),
    records_internal::BeforeEscapes(),
    std::make_tuple(
        Field<Raw<32>>("escape sequences", 89, 120, &VolumeDescriptor::escape_sequences)),
    records_internal::AfterEscapes("\1"));
static_assert(kSupplementaryDescriptor.Tiles());

// Joliet levels 1 to 3: UCS-2 as of ISO/IEC 10646, the third the one that all write.
inline constexpr std::array<absl::string_view, 3> kJolietEscapes = {"%/@", "%/C", "%/E"};

// The one of the hierarchy of ISO 9660:1999. Its escape sequences are zeros: which
// characters the names are made of is between writer and reader.
inline constexpr auto kEnhancedDescriptor = records_internal::DescriptorTable(
    "enhanced volume descriptor", "ISO 9660:1999 8.5",
    std::make_tuple(Fixed("volume descriptor type", 1, 1, "\2"),
                    Fixed("standard identifier", 2, 6, "CD001"),
                    Fixed("volume descriptor version", 7, 7, "\2"),
                    Field<Little<uint8_t>>("volume flags", 8, 8, &VolumeDescriptor::flags)),
    records_internal::BeforeEscapes(),
    std::make_tuple(
        Field<Raw<32>>("escape sequences", 89, 120, &VolumeDescriptor::escape_sequences)),
    records_internal::AfterEscapes("\2"));
static_assert(kEnhancedDescriptor.Tiles());

struct Terminator {};

inline constexpr auto kTerminator = MakeTable<Terminator, 2048>(
    "volume descriptor set terminator", "ECMA-119 8.3", Counts::kFromOne,
    Fixed("volume descriptor type", 1, 1, "\xFF"), Fixed("standard identifier", 2, 6, "CD001"),
    Fixed("volume descriptor version", 7, 7, "\1"), Zeros("reserved", 8, 2048));
static_assert(kTerminator.Tiles());

// --- CD-ROM XA attributes, System Description CD-ROM XA II.2.7 ------------------

// In the attributes; below them are read and execute permission for owner, group and
// others, each in the bits 0 and 2 of four.
inline constexpr uint16_t kXaForm1 = 0x0800;
inline constexpr uint16_t kXaDirectory = 0x8000;

struct XaAttributes {
  uint16_t group = 0;
  uint16_t owner = 0;
  uint16_t attributes = 0;
};
inline constexpr auto kXaAttributes = MakeTable<XaAttributes, 14>(
    "XA attributes", "CD-ROM XA II.2.7", Counts::kFromOne,
    Field<Big<uint16_t>>("owner id, group", 1, 2, &XaAttributes::group),
    Field<Big<uint16_t>>("owner id, user", 3, 4, &XaAttributes::owner),
    Field<Big<uint16_t>>("attributes", 5, 6, &XaAttributes::attributes),
    Fixed("signature", 7, 8, "XA"), Zeros("file number", 9, 9), Zeros("reserved", 10, 14));
static_assert(kXaAttributes.Tiles());

// Says in the application use of the primary descriptor, from this byte of it on, that
// records have XA attributes.
inline constexpr absl::string_view kXaMark = "CD-XA001";
inline constexpr size_t kXaMarkOffset = 141;

// --- System use entries, SUSP 1.12 5 and RRIP 1.12 4.1 -----------------------

// SP: in the root's own record, and first there.
struct SharingEntry {
  uint8_t skip = 0;
};
inline constexpr auto kSharingEntry =
    MakeTable<SharingEntry, 7>("SP system use entry", "SUSP 5.3", Counts::kFromOne,
                               Fixed("signature", 1, 2, "SP"), Fixed("length", 3, 3, "\7"),
                               Fixed("version", 4, 4, "\1"), Fixed("check bytes", 5, 6, "\xBE\xEF"),
                               Field<Little<uint8_t>>("bytes skipped", 7, 7, &SharingEntry::skip));
static_assert(kSharingEntry.Tiles());

// CE: where the rest of a record's system use lies.
struct ContinuationEntry {
  uint32_t block = 0;
  uint32_t offset = 0;
  uint32_t length = 0;
};
inline constexpr auto kContinuationEntry = MakeTable<ContinuationEntry, 28>(
    "CE system use entry", "SUSP 5.1", Counts::kFromOne, Fixed("signature", 1, 2, "CE"),
    Fixed("length", 3, 3, "\x1C"), Fixed("version", 4, 4, "\1"),
    Field<Both<uint32_t>>("block", 5, 12, &ContinuationEntry::block),
    Field<Both<uint32_t>>("offset", 13, 20, &ContinuationEntry::offset),
    Field<Both<uint32_t>>("length", 21, 28, &ContinuationEntry::length));
static_assert(kContinuationEntry.Tiles());

// ER: identifier, descriptor and source of an extension follow.
struct ExtensionEntry {
  uint8_t length = 0;
  uint8_t identifier_length = 0;
  uint8_t descriptor_length = 0;
  uint8_t source_length = 0;
};
inline constexpr auto kExtensionEntry = MakeTable<ExtensionEntry, 8>(
    "ER system use entry", "SUSP 5.5", Counts::kFromOne, Fixed("signature", 1, 2, "ER"),
    Field<Little<uint8_t>>("length", 3, 3, &ExtensionEntry::length), Fixed("version", 4, 4, "\1"),
    Field<Little<uint8_t>>("identifier length", 5, 5, &ExtensionEntry::identifier_length),
    Field<Little<uint8_t>>("descriptor length", 6, 6, &ExtensionEntry::descriptor_length),
    Field<Little<uint8_t>>("source length", 7, 7, &ExtensionEntry::source_length),
    Fixed("extension version", 8, 8, "\1"));
static_assert(kExtensionEntry.Tiles());

// PX with the serial number, 44 bytes, as version 1.12 has it, and without, 36 bytes,
// as version 1.10 does.
struct PosixEntry {
  uint32_t mode = 0;
  uint32_t links = 1;
  uint32_t owner = 0;
  uint32_t group = 0;
  uint32_t serial = 0;
};
inline constexpr auto kPosixEntry = MakeTable<PosixEntry, 44>(
    "PX system use entry", "RRIP 4.1.1", Counts::kFromOne, Fixed("signature", 1, 2, "PX"),
    Fixed("length", 3, 3, "\x2C"), Fixed("version", 4, 4, "\1"),
    Field<Both<uint32_t>>("file mode", 5, 12, &PosixEntry::mode),
    Field<Both<uint32_t>>("links", 13, 20, &PosixEntry::links),
    Field<Both<uint32_t>>("user id", 21, 28, &PosixEntry::owner),
    Field<Both<uint32_t>>("group id", 29, 36, &PosixEntry::group),
    Field<Both<uint32_t>>("file serial number", 37, 44, &PosixEntry::serial));
inline constexpr auto kShortPosixEntry = MakeTable<PosixEntry, 36>(
    "PX system use entry without serial number", "RRIP 1.10 4.1.1", Counts::kFromOne,
    Fixed("signature", 1, 2, "PX"), Fixed("length", 3, 3, "\x24"), Fixed("version", 4, 4, "\1"),
    Field<Both<uint32_t>>("file mode", 5, 12, &PosixEntry::mode),
    Field<Both<uint32_t>>("links", 13, 20, &PosixEntry::links),
    Field<Both<uint32_t>>("user id", 21, 28, &PosixEntry::owner),
    Field<Both<uint32_t>>("group id", 29, 36, &PosixEntry::group));
static_assert(kPosixEntry.Tiles() && kShortPosixEntry.Tiles());

// PN: a device's number; readers take the halves for major and minor.
struct DeviceEntry {
  uint32_t high = 0;
  uint32_t low = 0;
};
inline constexpr auto kDeviceEntry = MakeTable<DeviceEntry, 20>(
    "PN system use entry", "RRIP 4.1.2", Counts::kFromOne, Fixed("signature", 1, 2, "PN"),
    Fixed("length", 3, 3, "\x14"), Fixed("version", 4, 4, "\1"),
    Field<Both<uint32_t>>("device number high", 5, 12, &DeviceEntry::high),
    Field<Both<uint32_t>>("device number low", 13, 20, &DeviceEntry::low));
static_assert(kDeviceEntry.Tiles());

// ZF: a file that is compressed (authoring/zisofs), and the size that it has when it is not.
struct ZisofsEntry {
  uint8_t block_shift = 0;  // a block has 2 to the power of this bytes
  uint32_t size = 0;
};
inline constexpr auto kZisofsEntry = MakeTable<ZisofsEntry, 16>(
    "ZF system use entry", "zisofs_format.txt, ZF System Use Entry", Counts::kFromOne,
    Fixed("signature", 1, 2, "ZF"), Fixed("length", 3, 3, "\x10"), Fixed("version", 4, 4, "\1"),
    Fixed("algorithm", 5, 6, "pz"), Fixed("header size in words", 7, 7, "\4"),
    Field<Little<uint8_t>>("log2 of block size", 8, 8, &ZisofsEntry::block_shift),
    Field<Both<uint32_t>>("uncompressed size", 9, 16, &ZisofsEntry::size));

// The same of version 2 of the format.
struct Zisofs2Entry {
  uint8_t block_shift = 0;
  uint64_t size = 0;
};
inline constexpr auto kZisofs2Entry = MakeTable<Zisofs2Entry, 16>(
    "ZF system use entry, version 2", "zisofs2_format.txt, ZF System Use Entry", Counts::kFromOne,
    Fixed("signature", 1, 2, "ZF"), Fixed("length", 3, 3, "\x10"), Fixed("version", 4, 4, "\2"),
    Fixed("algorithm", 5, 6, "PZ"), Fixed("header size in words", 7, 7, "\6"),
    Field<Little<uint8_t>>("log2 of block size", 8, 8, &Zisofs2Entry::block_shift),
    Field<Little<uint64_t>>("uncompressed size", 9, 16, &Zisofs2Entry::size));
static_assert(kZisofsEntry.Tiles() && kZisofs2Entry.Tiles());

// CL in the placeholder of a relocated directory says where that lies; PL in the `..` of
// a relocated directory, where the directory lies that it belongs to.
struct LinkEntry {
  uint32_t block = 0;
};
namespace records_internal {
constexpr auto LinkTable(absl::string_view name, absl::string_view clause,
                         absl::string_view signature) {
  return MakeTable<LinkEntry, 12>(
      name, clause, Counts::kFromOne, Fixed("signature", 1, 2, signature),
      Fixed("length", 3, 3, "\x0C"), Fixed("version", 4, 4, "\1"),
      Field<Both<uint32_t>>("location of directory", 5, 12, &LinkEntry::block));
}
}  // namespace records_internal
inline constexpr auto kChildLinkEntry =
    records_internal::LinkTable("CL system use entry", "RRIP 4.1.5.1", "CL");
inline constexpr auto kParentLinkEntry =
    records_internal::LinkTable("PL system use entry", "RRIP 4.1.5.2", "PL");
static_assert(kChildLinkEntry.Tiles() && kParentLinkEntry.Tiles());

// RE in the record of a relocated directory in the directory that holds it.
struct RelocatedEntry {};
inline constexpr auto kRelocatedEntry = MakeTable<RelocatedEntry, 4>(
    "RE system use entry", "RRIP 4.1.5.3", Counts::kFromOne, Fixed("signature", 1, 2, "RE"),
    Fixed("length", 3, 3, "\4"), Fixed("version", 4, 4, "\1"));
static_assert(kRelocatedEntry.Tiles());

// SL, NM and TF: a header of five bytes; components, name bytes or dates follow.
struct FlaggedEntry {
  uint8_t length = 0;  // with what follows
  uint8_t flags = 0;
};
namespace records_internal {
constexpr auto FlaggedTable(absl::string_view name, absl::string_view clause,
                            absl::string_view signature) {
  return MakeTable<FlaggedEntry, 5>(
      name, clause, Counts::kFromOne, Fixed("signature", 1, 2, signature),
      Field<Little<uint8_t>>("length", 3, 3, &FlaggedEntry::length), Fixed("version", 4, 4, "\1"),
      Field<Little<uint8_t>>("flags", 5, 5, &FlaggedEntry::flags));
}
}  // namespace records_internal
inline constexpr auto kSymlinkEntry =
    records_internal::FlaggedTable("SL system use entry", "RRIP 4.1.3", "SL");
inline constexpr auto kNameEntry =
    records_internal::FlaggedTable("NM system use entry", "RRIP 4.1.4", "NM");
inline constexpr auto kTimeEntry =
    records_internal::FlaggedTable("TF system use entry", "RRIP 4.1.6", "TF");
static_assert(kSymlinkEntry.Tiles() && kNameEntry.Tiles() && kTimeEntry.Tiles());

// In the flags of SL and NM, and of a component: the next one goes on.
inline constexpr uint8_t kContinues = 0x01;
// In the flags of TF.
inline constexpr uint8_t kCreationTime = 0x01;
inline constexpr uint8_t kModifyTime = 0x02;
inline constexpr uint8_t kAccessTime = 0x04;
inline constexpr uint8_t kAttributesTime = 0x08;

// A component of a symlink's target; its text follows.
struct SymlinkComponent {
  uint8_t flags = 0;
  uint8_t length = 0;
};
inline constexpr uint8_t kCurrentComponent = 0x02;  // .
inline constexpr uint8_t kParentComponent = 0x04;   // ..
inline constexpr uint8_t kRootComponent = 0x08;     // a leading /
inline constexpr auto kSymlinkComponent = MakeTable<SymlinkComponent, 2>(
    "component record", "RRIP 4.1.3.1", Counts::kFromOne,
    Field<Little<uint8_t>>("component flags", 1, 1, &SymlinkComponent::flags),
    Field<Little<uint8_t>>("component length", 2, 2, &SymlinkComponent::length));
static_assert(kSymlinkComponent.Tiles());

// What ER says for Rock Ridge (RRIP 4.3), each in one text: identifier, descriptor and
// source. NetBSD ignores Rock Ridge under other identifiers than these and IEEE_1282.
struct ExtensionTexts {
  absl::string_view identifier;
  absl::string_view descriptor;
  absl::string_view source;
};
inline constexpr ExtensionTexts kRockRidge112 = {
    "IEEE_P1282", "THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS.",
    "PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE P1282 "
    "SPECIFICATION."};
inline constexpr ExtensionTexts kRockRidge110 = {
    "RRIP_1991A",
    "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
    "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY "
    "VOLUME DESCRIPTOR FOR CONTACT INFORMATION."};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_RECORDS_H_
