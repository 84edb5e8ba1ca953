#include "boot/disk_tables.h"

#include <algorithm>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "boot/apm.h"
#include "layout/record/encoding.h"
#include "layout/status.h"
#include "layout/units.h"

namespace isomason {
namespace {

absl::string_view Text(ConstByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<DiskMbr> ParseMbr(ConstByteSpan sector, bool has_apm) {
  if (*Little<uint16_t>::Get(sector.last(2)) != 0xAA55) return std::nullopt;
  DiskMbr mbr;
  ConstByteSpan code = sector.first(kMbrSignature);
  if (has_apm) code.remove_prefix(kApmDescriptorSize);
  mbr.has_code = std::any_of(code.begin(), code.end(), [](uint8_t byte) { return byte != 0; });
  for (size_t i = 0; i < kMbrEntries; ++i) {
    const auto entry = ReadMbrEntry(sector.subspan(kMbrTable + 16 * i, 16));
    if (!entry.ok()) return std::nullopt;
    mbr.entries[i] = *entry;
    mbr.protective |= entry->type == kProtectiveType && entry->first == 1;
  }
  return mbr;
}

absl::Status ReadBoth(uint64_t sectors, ReadDisk read, DiskGpt* gpt) {
  const auto take = [gpt](absl::StatusOr<GptTable> table, std::optional<GptTable>* into) {
    if (table.ok()) {
      *into = *std::move(table);
      return absl::OkStatus();
    }
    // What is not DataLoss is no matter of the table.
    if (!absl::IsDataLoss(table.status())) return table.status();
    if (gpt->problem.empty()) gpt->problem = std::string(table.status().message());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(take(ReadGpt(1, sectors, read), &gpt->primary));
  RETURN_IF_ERROR(take(ReadGpt(sectors - 1, sectors, read), &gpt->backup));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DiskTables> ReadDiskTables(uint64_t size, ReadDisk read) {
  constexpr absl::string_view kGptSignature = "EFI PART";
  std::vector<uint8_t> head(2 * kSectorSize), apm(kSectorSize), tail(kSectorSize);
  const uint64_t sectors = size / kSectorSize;
  RETURN_IF_ERROR(read(0, absl::MakeSpan(head)));
  RETURN_IF_ERROR(read((sectors - 1) * kSectorSize, absl::MakeSpan(tail)));
  DiskTables tables;
  if (Text(head).substr(0, 2) == "ER") {
    const uint32_t block_size = *Big<uint16_t>::Get(ConstByteSpan(head).subspan(2, 2));
    if (block_size == 512 || block_size == 2048) {
      RETURN_IF_ERROR(read(block_size, absl::MakeSpan(apm)));
      if (Text(apm).substr(0, 2) == "PM") tables.apm_block_size = block_size;
    }
  }
  tables.mbr = ParseMbr(ConstByteSpan(head).first(kSectorSize), tables.apm_block_size != 0);
  if (Text(head).substr(kSectorSize, 8) == kGptSignature ||
      Text(tail).substr(0, 8) == kGptSignature) {
    RETURN_IF_ERROR(ReadBoth(sectors, read, &tables.gpt.emplace()));
  }
  return tables;
}

}  // namespace isomason
