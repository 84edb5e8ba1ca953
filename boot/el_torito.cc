#include "boot/el_torito.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boot/el_torito_records.h"
#include "layout/status.h"

namespace isomason {
namespace {

// Entries of a platform after the first share a section while they also share an id.
bool SameSection(const BootEntry& a, const BootEntry& b) {
  return !b.new_section && a.platform == b.platform && a.id == b.id;
}

template <size_t N>
std::array<uint8_t, N> PadWithZeros(absl::string_view text) {
  std::array<uint8_t, N> out{};
  std::copy_n(text.begin(), std::min(N, text.size()), out.begin());
  return out;
}

void AppendEntry(const BootEntry& entry, const Addresses& at, std::string& out) {
  BootEntryRecord record;
  constexpr uint8_t kContinued = 1 << 5;
  const absl::string_view criteria = entry.criteria;
  record.indicator = entry.bootable ? 0x88 : 0;
  record.media = static_cast<uint8_t>(entry.media);
  if (criteria.size() > kEntryCriteria) record.media |= kContinued;
  record.system_type = entry.system_type;
  record.criteria = PadWithZeros<kEntryCriteria>(criteria);
  record.load_segment = entry.load_segment;
  record.sectors = entry.load_sectors;
  record.image = static_cast<uint32_t>(at.block(entry.image).value());
  Append(kBootEntry, record, out);
  for (size_t i = kEntryCriteria; i < criteria.size(); i += kExtensionCriteria) {
    BootExtensionRecord extension;
    extension.flags = criteria.size() > i + kExtensionCriteria ? kContinued : 0;
    extension.criteria = PadWithZeros<kExtensionCriteria>(criteria.substr(i, kExtensionCriteria));
    Append(kBootExtension, extension, out);
  }
}

// The catalog's bytes, without the zeros that fill its block.
std::string RenderCatalog(const BootCatalog& catalog, const Addresses& at) {
  const std::vector<BootEntry>& entries = catalog.entries;
  std::string out;
  ValidationEntry validation;
  validation.platform = static_cast<uint8_t>(entries[0].platform);
  validation.id = PadWithZeros<24>(entries[0].id);
  Append(kValidationEntry, validation, out);
  AppendEntry(entries[0], at, out);
  for (size_t i = 1; i < entries.size();) {
    size_t end = i + 1;
    while (end < entries.size() && SameSection(entries[i], entries[end])) ++end;
    SectionHeader header;
    header.indicator = end == entries.size() ? 0x91 : 0x90;
    header.platform = static_cast<uint8_t>(entries[i].platform);
    header.entries = static_cast<uint16_t>(end - i);
    header.id = PadWithZeros<28>(entries[i].id);
    Append(kSectionHeader, header, out);
    for (; i < end; ++i) AppendEntry(entries[i], at, out);
  }
  return out;
}

// The whole of the catalog depends on addresses, so the whole of it is a patch.
class CatalogPatch : public Patch {
 public:
  explicit CatalogPatch(BootCatalog catalog) : catalog_(std::move(catalog)) {}
  uint64_t offset() const override { return 0; }
  uint64_t size() const override { return kBlockSize; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    const std::string bytes = RenderCatalog(catalog_, at);
    std::fill(std::copy(bytes.begin(), bytes.end(), out.begin()), out.end(), uint8_t{0});
    return absl::OkStatus();
  }

 private:
  BootCatalog catalog_;
};

}  // namespace

BootMedia FloppyOf(ByteCount size) {
  switch (size.value()) {
    case 1200 << 10:
      return BootMedia::kFloppy1200;
    case 1440 << 10:
      return BootMedia::kFloppy1440;
    case 2880 << 10:
      return BootMedia::kFloppy2880;
    default:
      return BootMedia::kNoEmulation;
  }
}

absl::StatusOr<uint8_t> HardDiskType(absl::Span<const uint8_t> sector) {
  if (sector.size() < kSectorSize || sector[510] != 0x55 || sector[511] != 0xAA) {
    return absl::InvalidArgumentError("does not begin with a master boot record");
  }
  uint8_t type = 0;
  int partitions = 0;
  for (size_t entry = 446; entry < 510; entry += 16) {
    if (sector[entry + 4] == 0) continue;
    type = sector[entry + 4];
    ++partitions;
  }
  if (partitions == 1) return type;
  return absl::InvalidArgumentError(
      absl::StrCat("has ", partitions,
                   " partitions in its master boot record, and a hard disk that is "
                   "booted from has one"));
}

uint32_t CatalogRecords(const BootCatalog& catalog) {
  return static_cast<uint32_t>(RenderCatalog(catalog, Addresses::Unknown()).size() / 32);
}

uint16_t DefaultLoadSectors(BootPlatform platform, bool emulated, ByteCount size) {
  if (emulated) return 1;
  if (platform == BootPlatform::kBios) return 4;
  const uint64_t sectors = SectorsFor(size).value();
  return sectors > 0xFFFF ? 0 : static_cast<uint16_t>(sectors);
}

absl::Status CheckCatalog(const BootCatalog& catalog) {
  if (catalog.entries.empty()) {
    return absl::InvalidArgumentError("a boot catalog needs an entry (El Torito 2.2)");
  }
  for (size_t i = 0; i < catalog.entries.size(); ++i) {
    const size_t most = i == 0 ? 24 : 28;
    if (catalog.entries[i].id.size() > most) {
      return absl::InvalidArgumentError(
          absl::StrCat("boot entry ", i, ": the id has ", catalog.entries[i].id.size(),
                       " bytes, the catalog holds ", most, " (El Torito 2.1, 2.3)"));
    }
  }
  if (!catalog.entries[0].criteria.empty()) {
    return absl::InvalidArgumentError("the first entry has no selection criteria (El Torito 2.2)");
  }
  // Firmware reads one block of the catalog and no more.
  const size_t size = RenderCatalog(catalog, Addresses::Unknown()).size();
  if (size > kBlockSize) {
    return absl::OutOfRangeError(
        absl::StrCat("the boot catalog needs ", size, " bytes, firmware reads ", kBlockSize));
  }
  return absl::OkStatus();
}

ContentId AddCatalog(ContentTable& contents, BootCatalog catalog) {
  std::vector<std::unique_ptr<Patch>> patches;
  patches.push_back(std::make_unique<CatalogPatch>(std::move(catalog)));
  return contents.AddPatched(contents.AddZeros(kBlockSize), std::move(patches));
}

absl::Status BootRecord::Render(uint32_t, const Addresses& at, std::string& out) const {
  Append(kBootRecord, BootRecordDescriptor{static_cast<uint32_t>(at.block(catalog_).value())}, out);
  return absl::OkStatus();
}

}  // namespace isomason
