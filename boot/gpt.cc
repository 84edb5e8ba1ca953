#include "boot/gpt.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "layout/record/record.h"
#include "layout/status.h"
#include "layout/units.h"

namespace isomason {
namespace {

uint32_t Crc32(ConstByteSpan bytes) {
  return static_cast<uint32_t>(crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

constexpr size_t kHeaderSize = 92;
uint32_t HeaderCrc(ConstByteSpan record) { return Crc32(record.first(kHeaderSize)); }

struct HeaderRecord {
  uint64_t here = 0, other = 0, first_usable = 0, last_usable = 0;
  Guid disk{};
  uint64_t array = 0;
  uint32_t entries = kGptEntries;
  uint32_t entry_size = 128;
  uint32_t array_crc = 0;
};
constexpr auto kHeader = MakeTable<HeaderRecord, 512>(
    "GPT header", "UEFI 5.3.2, table 5.5", Counts::kFromZero, Fixed("signature", 0, 7, "EFI PART"),
    Fixed("revision", 8, 11, absl::string_view("\0\0\1\0", 4)),
    Fixed("header size", 12, 15, "\x5C"), Sum<Little<uint32_t>>("header CRC32", 16, 19, &HeaderCrc),
    Zeros("reserved", 20, 23), Field<Little<uint64_t>>("my LBA", 24, 31, &HeaderRecord::here),
    Field<Little<uint64_t>>("alternate LBA", 32, 39, &HeaderRecord::other),
    Field<Little<uint64_t>>("first usable LBA", 40, 47, &HeaderRecord::first_usable),
    Field<Little<uint64_t>>("last usable LBA", 48, 55, &HeaderRecord::last_usable),
    Field<Raw<16>>("disk GUID", 56, 71, &HeaderRecord::disk),
    Field<Little<uint64_t>>("partition entry LBA", 72, 79, &HeaderRecord::array),
    Field<Little<uint32_t>>("number of partition entries", 80, 83, &HeaderRecord::entries),
    Field<Little<uint32_t>>("size of partition entry", 84, 87, &HeaderRecord::entry_size),
    Field<Little<uint32_t>>("partition entry array CRC32", 88, 91, &HeaderRecord::array_crc),
    Zeros("reserved", 92, 511));
static_assert(kHeader.Tiles());

struct EntryRecord {
  Guid type{}, guid{};
  uint64_t first = 0, last = 0, attributes = 0;
  std::array<uint8_t, 72> name{};
};
constexpr auto kEntry = MakeTable<EntryRecord, 128>(
    "GPT partition entry", "UEFI 5.3.3, table 5.6", Counts::kFromZero,
    Field<Raw<16>>("partition type GUID", 0, 15, &EntryRecord::type),
    Field<Raw<16>>("unique partition GUID", 16, 31, &EntryRecord::guid),
    Field<Little<uint64_t>>("starting LBA", 32, 39, &EntryRecord::first),
    Field<Little<uint64_t>>("ending LBA", 40, 47, &EntryRecord::last),
    Field<Little<uint64_t>>("attributes", 48, 55, &EntryRecord::attributes),
    Field<Raw<72>>("partition name", 56, 127, &EntryRecord::name));
static_assert(kEntry.Tiles());

}  // namespace

std::string RenderGptArray(const std::vector<GptPartition>& partitions) {
  std::string array(kGptArraySize, '\0');
  for (const GptPartition& partition : partitions) {
    EntryRecord record;
    record.type = partition.type;
    record.guid = partition.guid;
    record.first = partition.first;
    record.last = partition.last;
    record.attributes = partition.attributes;
    for (size_t i = 0; i < std::min(partition.name.size(), kGptNameLength); ++i) {
      record.name[2 * i] = static_cast<uint8_t>(partition.name[i]);
    }
    std::string entry;
    Append(kEntry, record, entry);
    array.replace((partition.number - 1) * entry.size(), entry.size(), entry);
  }
  return array;
}

void AppendGptHeader(const GptHeader& header, absl::string_view array, std::string& out) {
  HeaderRecord record;
  record.here = header.here;
  record.other = header.other;
  record.first_usable = header.first_usable;
  record.last_usable = header.last_usable;
  record.disk = header.disk;
  record.array = header.array;
  record.array_crc =
      Crc32(ConstByteSpan(reinterpret_cast<const uint8_t*>(array.data()), array.size()));
  Append(kHeader, record, out);
}

absl::StatusOr<GptTable> ReadGpt(uint64_t here, uint64_t sectors, ReadDisk read) {
  std::vector<uint8_t> sector(kSectorSize);
  RETURN_IF_ERROR(read(here * kSectorSize, absl::MakeSpan(sector)));
  ASSIGN_OR_RETURN(const HeaderRecord record, Decode(kHeader, sector));
  if (record.here != here) {
    return absl::DataLossError(
        absl::StrCat("the header in sector ", here, " says that it is in ", record.here));
  }
  constexpr uint32_t kEntrySize = 128;
  constexpr uint32_t kMostEntries = 16384;
  const uint64_t array_size = uint64_t{record.entries} * kEntrySize;
  if (record.entry_size != kEntrySize || record.entries > kMostEntries || record.array > sectors ||
      array_size > (sectors - record.array) * kSectorSize) {
    return absl::DataLossError("the partition entries do not lie on the disk");
  }
  if (record.first_usable > record.last_usable || record.last_usable >= sectors) {
    return absl::DataLossError("the usable sectors do not lie on the disk");
  }
  std::vector<uint8_t> array(array_size);
  RETURN_IF_ERROR(read(record.array * kSectorSize, absl::MakeSpan(array)));
  if (Crc32(array) != record.array_crc) {
    return absl::DataLossError("the checksum of the partition entries is wrong");
  }
  GptTable table;
  table.header = {record.here,        record.other, record.first_usable,
                  record.last_usable, record.disk,  record.array};
  for (uint32_t i = 0; i < record.entries; ++i) {
    ASSIGN_OR_RETURN(
        const EntryRecord entry,
        Decode(kEntry, ConstByteSpan(array).subspan(uint64_t{i} * kEntrySize, kEntrySize)));
    if (entry.type == Guid{}) continue;
    GptPartition& partition = table.partitions.emplace_back();
    partition = {i + 1, entry.type, entry.guid, entry.first, entry.last, entry.attributes, ""};
    for (size_t c = 0; c + 1 < entry.name.size() && entry.name[c] != 0; c += 2) {
      partition.name += entry.name[c + 1] == 0 ? static_cast<char>(entry.name[c]) : '?';
    }
  }
  return table;
}

}  // namespace isomason
