#include "boot/mbr.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "layout/record/record.h"
#include "layout/status.h"

namespace isomason {
namespace {

// A head, a sector with the two highest bits of the cylinder, and the cylinder's others.
using ChsAddress = std::array<uint8_t, 3>;

struct EntryRecord {
  uint8_t status = 0;
  ChsAddress start{};
  uint8_t type = 0;
  ChsAddress end{};
  uint32_t first = 0;
  uint32_t sectors = 0;
};
constexpr auto kEntry = MakeTable<EntryRecord, 16>(
    "MBR partition record", "UEFI 5.2.1, table 5.2", Counts::kFromZero,
    Field<Little<uint8_t>>("boot indicator", 0, 0, &EntryRecord::status),
    Field<Raw<3>>("starting CHS", 1, 3, &EntryRecord::start),
    Field<Little<uint8_t>>("OS type", 4, 4, &EntryRecord::type),
    Field<Raw<3>>("ending CHS", 5, 7, &EntryRecord::end),
    Field<Little<uint32_t>>("starting LBA", 8, 11, &EntryRecord::first),
    Field<Little<uint32_t>>("size in LBA", 12, 15, &EntryRecord::sectors));
static_assert(kEntry.Tiles());

constexpr uint64_t kMost = 0xFFFFFFFF;

// Sectors that no such address reaches have the highest one of all.
ChsAddress ChsOf(uint64_t sector, const Geometry& geometry) {
  const uint64_t track = sector / geometry.sectors;
  const uint64_t cylinder = track / geometry.heads;
  if (cylinder > 1023) return {0xFE, 0xFF, 0xFF};
  const uint64_t in_track = sector % geometry.sectors + 1;
  return {static_cast<uint8_t>(track % geometry.heads),
          static_cast<uint8_t>(in_track | (cylinder >> 8) << 6), static_cast<uint8_t>(cylinder)};
}

}  // namespace

ByteCount Geometry::Cylinders() const {
  return ByteCount(std::lcm(uint64_t{heads} * sectors * kSectorSize, kBlockSize));
}

void AppendMbrEntry(const MbrEntry& entry, const Geometry& geometry, std::string& out) {
  EntryRecord record;
  if (entry.sectors > 0) {
    record.status = entry.active ? 0x80 : 0;
    record.type = entry.type;
    record.first = static_cast<uint32_t>(entry.first);
    record.sectors = static_cast<uint32_t>(std::min(entry.sectors, kMost));
    record.start = ChsOf(entry.first, geometry);
    record.end = ChsOf(entry.first + entry.sectors - 1, geometry);
    if (entry.type == kProtectiveType) {
      record.start = {0x00, 0x02, 0x00};  // UEFI 5.2.3, table 5.4
      record.end = {0xFF, 0xFF, 0xFF};
    }
  }
  Append(kEntry, record, out);
}

absl::StatusOr<MbrEntry> ReadMbrEntry(absl::Span<const uint8_t> record) {
  ASSIGN_OR_RETURN(const EntryRecord read, Decode(kEntry, record));
  if (read.status != 0 && read.status != 0x80) {
    return absl::DataLossError(
        absl::StrCat("a boot indicator is ", int{read.status}, ", and not 0 or 128"));
  }
  return MbrEntry{read.status == 0x80, read.type, read.first, read.sectors};
}

}  // namespace isomason
