#include "boot/system_area.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "boot/apm.h"
#include "boot/gpt.h"
#include "boot/sun_label.h"
#include "layout/record/encoding.h"

namespace isomason {
namespace {

constexpr uint64_t kCodeAddress = 432;
constexpr uint64_t kMostCodeSize = kMbrSignature;
constexpr uint64_t kFirstSector = kSystemAreaSize / kSectorSize;  // behind the area

uint64_t SectorOf(ByteCount offset) { return SectorAt(offset).value(); }

// A partition in sectors.
struct Range {
  uint64_t first, sectors;
  uint64_t end() const { return first + sectors; }
};

// Up to the end of its last block, which nothing else shares.
Range RangeOf(const DiskPartition& partition, const Addresses& at) {
  return {SectorOf(at[partition.content]),
          RoundUp(partition.size.value(), kBlockSize) / kSectorSize};
}

uint64_t BackupArraySector(const SystemArea& area, const Addresses& at) {
  return SectorOf(at.image_size() - area.gpt->backup_distance);
}

// Where the first of the other partitions begins, or the image ends.
uint64_t IsoEnd(const SystemArea& area, const Addresses& at) {
  uint64_t end = SectorOf(at.image_size());
  for (const DiskPartition& p : area.partitions) end = std::min(end, RangeOf(p, at).first);
  return end;
}

void AppendText(absl::string_view text, absl::Span<uint8_t> out) {
  std::copy(text.begin(), text.end(), out.begin());
}

// --- MBR ----------------------------------------------------------------------------

std::vector<MbrEntry> MbrEntriesOf(const SystemArea& area, const Addresses& at) {
  const MbrOptions& mbr = *area.mbr;
  const uint64_t sectors = SectorOf(at.image_size());
  std::vector<MbrEntry> entries(kMbrEntries);
  if (!area.gpt) {
    const uint64_t first = mbr.iso_start.value();
    const uint64_t end = mbr.iso_type == 0 ? sectors : IsoEnd(area, at);
    entries[0] = {mbr.active, mbr.iso_type, first, end - first};
    for (const DiskPartition& p : area.partitions) {
      const Range range = RangeOf(p, at);
      entries[p.number - 1] = {false, p.mbr_type, range.first, range.sectors};
    }
    return entries;
  }
  entries[0] = {false, kProtectiveType, 1, sectors - 1};
  if (!mbr.hybrid) {
    // UEFI 5.2.3 wants the protective entry itself not to be active.
    if (mbr.active) entries[1] = {true, 0, 0, 1};
    return entries;
  }
  entries[0].sectors = IsoEnd(area, at) - 1;
  for (size_t i = 0; i < std::min<size_t>(area.partitions.size(), kMbrEntries - 1); ++i) {
    const DiskPartition& p = area.partitions[i];
    const Range range = RangeOf(p, at);
    entries[i + 1] = {mbr.active && i == 0, p.mbr_type, range.first, range.sectors};
  }
  return entries;
}

// The end of the first sector: from what the code wants to be told, or from the disk's
// signature.
class MbrPatch : public Patch {
 public:
  explicit MbrPatch(std::shared_ptr<const SystemArea> area) : area_(std::move(area)) {}
  uint64_t offset() const override {
    return area_->code == BootCode::kRaw ? kMbrSignature : kCodeAddress;
  }
  uint64_t size() const override { return kSectorSize - offset(); }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    if (area_->code != BootCode::kRaw) {
      const uint64_t skipped = area_->code == BootCode::kGrub ? kBlockSize / kSectorSize : 0;
      Little<uint64_t>::Put(SectorOf(at[area_->loader]) + skipped, out.first(8));
      out = out.subspan(8);
    }
    std::string table;
    for (const MbrEntry& entry : MbrEntriesOf(*area_, at)) {
      AppendMbrEntry(entry, area_->mbr->geometry, table);
    }
    Little<uint32_t>::Put(area_->mbr->signature, out.first(4));
    Little<uint16_t>::Put(0, out.subspan(4, 2));
    AppendText(table, out.subspan(kMbrTable - kMbrSignature));
    Little<uint16_t>::Put(0xAA55, out.last(2));
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const SystemArea> area_;
};

// --- GPT ----------------------------------------------------------------------------

// Behind the Apple partition map, when there is one.
uint64_t GptArraySector(const SystemArea& area) {
  return area.apm ? kFirstSector - kGptArraySize / kSectorSize : 2;
}

// Lists what lies between the others, under numbers that they leave free.
void FillGaps(const std::vector<Guid>& guids, uint64_t end, std::vector<GptPartition>& all) {
  std::vector<std::pair<uint64_t, uint64_t>> taken;
  for (const GptPartition& p : all) taken.emplace_back(p.first, p.last + 1);
  taken.emplace_back(end, end);
  std::sort(taken.begin(), taken.end());
  uint64_t cursor = kFirstSector;
  uint32_t number = 1;
  size_t gap = 0;
  for (const auto& [first, past] : taken) {
    if (first > cursor && gap < guids.size()) {
      while (std::any_of(all.begin(), all.end(),
                         [number](const GptPartition& p) { return p.number == number; })) {
        ++number;
      }
      if (number > kGptEntries) return;
      all.push_back({number, kBasicDataType, guids[gap], cursor, first - 1,
                     kGptRequired | kGptReadOnly, absl::StrCat("Gap", gap)});
      ++gap;
    }
    cursor = std::max(cursor, past);
  }
}

std::string GptArray(const SystemArea& area, const Addresses& at) {
  const GptOptions& gpt = *area.gpt;
  const uint64_t end = BackupArraySector(area, at);
  std::vector<GptPartition> all;
  all.push_back({1, gpt.iso_type, gpt.iso_guid, kFirstSector, std::min(IsoEnd(area, at), end) - 1,
                 kGptRequired | kGptReadOnly, "ISO9660"});
  for (const DiskPartition& p : area.partitions) {
    const Range range = RangeOf(p, at);
    all.push_back({p.number, p.type, p.guid, range.first, range.end() - 1, 0, p.name});
  }
  FillGaps(gpt.gaps, end, all);
  return RenderGptArray(all);
}

// `backup`: of the header that is in the last sector.
std::string GptHeaderOf(const SystemArea& area, const Addresses& at, bool backup) {
  const uint64_t last = SectorOf(at.image_size()) - 1;
  const uint64_t backup_array = BackupArraySector(area, at);
  GptHeader header;
  header.here = backup ? last : 1;
  header.other = backup ? 1 : last;
  header.first_usable = kFirstSector;
  header.last_usable = backup_array - 1;
  header.disk = area.gpt->disk;
  header.array = backup ? backup_array : GptArraySector(area);
  std::string out;
  AppendGptHeader(header, GptArray(area, at), out);
  return out;
}

class GptHeaderPatch : public Patch {
 public:
  explicit GptHeaderPatch(std::shared_ptr<const SystemArea> area) : area_(std::move(area)) {}
  uint64_t offset() const override { return kSectorSize; }
  uint64_t size() const override { return kSectorSize; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    AppendText(GptHeaderOf(*area_, at, /*backup=*/false), out);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const SystemArea> area_;
};

class GptArrayPatch : public Patch {
 public:
  explicit GptArrayPatch(std::shared_ptr<const SystemArea> area) : area_(std::move(area)) {}
  uint64_t offset() const override { return GptArraySector(*area_) * kSectorSize; }
  uint64_t size() const override { return kGptArraySize; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    AppendText(GptArray(*area_, at), out);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const SystemArea> area_;
};

// --- APM ----------------------------------------------------------------------------

class ApmDescriptorPatch : public Patch {
 public:
  explicit ApmDescriptorPatch(std::shared_ptr<const SystemArea> area) : area_(std::move(area)) {}
  uint64_t offset() const override { return 0; }
  uint64_t size() const override { return kApmDescriptorSize; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    const uint32_t block_size = area_->apm->block_size;
    AppendText(RenderApmDescriptor(block_size, at.image_size().value() / block_size,
                                   area_->source != kNoContent),
               out);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const SystemArea> area_;
};

// One entry: the map's own, that of ISO 9660, then a partition's.
class ApmEntryPatch : public Patch {
 public:
  ApmEntryPatch(std::shared_ptr<const SystemArea> area, uint32_t index)
      : area_(std::move(area)), index_(index) {}
  uint64_t offset() const override { return uint64_t{index_ + 1} * area_->apm->block_size; }
  uint64_t size() const override { return kSectorSize; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    const auto count = static_cast<uint32_t>(area_->partitions.size() + 2);
    const uint64_t sectors = area_->apm->block_size / kSectorSize;
    ApmPartition entry;
    if (index_ == 0) {
      entry = {"Apple", "Apple_partition_map", 1, count};
    } else if (index_ == 1) {
      entry = InBlocks("ISO9660", "ISO9660_data", {kFirstSector, IsoEnd(*area_, at) - kFirstSector},
                       sectors);
    } else {
      const DiskPartition& p = area_->partitions[index_ - 2];
      entry = InBlocks(p.name, p.apm_type, RangeOf(p, at), sectors);
    }
    AppendText(RenderApmEntry(entry, count), out);
    return absl::OkStatus();
  }

 private:
  static ApmPartition InBlocks(absl::string_view name, absl::string_view type, Range range,
                               uint64_t sectors) {
    return {std::string(name), std::string(type), static_cast<uint32_t>(range.first / sectors),
            static_cast<uint32_t>(range.sectors / sectors)};
  }

  std::shared_ptr<const SystemArea> area_;
  uint32_t index_;
};

// --- Others -------------------------------------------------------------------------

class BlockPatch : public Patch {
 public:
  explicit BlockPatch(std::shared_ptr<const BootBlock> block) : block_(std::move(block)) {}
  uint64_t offset() const override { return 0; }
  uint64_t size() const override { return block_->size(); }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    std::string bytes;
    block_->Render(at, bytes);
    AppendText(bytes, out);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const BootBlock> block_;
};

class SunGrubPatch : public Patch {
 public:
  explicit SunGrubPatch(const BootFile& core) : core_(core) {}
  uint64_t offset() const override { return kSunGrubCore; }
  uint64_t size() const override { return 12; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    Big<uint64_t>::Put(at[core_.content].value(), out.first(8));
    Big<uint32_t>::Put(static_cast<uint32_t>(core_.size.value()), out.last(4));
    return absl::OkStatus();
  }

 private:
  BootFile core_;
};

// The bytes below the tables.
ContentId BaseOf(ContentTable& contents, const SystemArea& area) {
  if (area.source == kNoContent) return contents.AddZeros(kSystemAreaSize);
  uint64_t size = contents.size(area.source);
  const bool code = area.code != BootCode::kRaw || size <= kSectorSize;
  if (code && area.block == nullptr) size = std::min(size, kMostCodeSize);
  const ContentId zeros = contents.AddZeros(kSystemAreaSize);
  std::vector<ContentTable::Part> parts = {{area.source, 0, size}};
  if (size < kSystemAreaSize) parts.push_back({zeros, 0, kSystemAreaSize - size});
  return contents.AddParts(parts);
}

}  // namespace

BootCode RecognizeCode(absl::Span<const uint8_t> code) {
  const absl::string_view text(reinterpret_cast<const char*>(code.data()), code.size());
  if (code.size() <= kSectorSize && absl::StrContains(text, "isolinux.bin missing or corrupt")) {
    return BootCode::kIsolinux;
  }
  // boot.img of a hard disk has its number elsewhere, and zero here.
  constexpr char kFirstNumber[] = "\1\0\0\0\0\0\0";
  if (code.size() == kSectorSize && absl::StrContains(text, absl::string_view("GRUB \0Geom", 10)) &&
      text.substr(kCodeAddress, 8) == absl::string_view(kFirstNumber, sizeof kFirstNumber)) {
    return BootCode::kGrub;
  }
  return BootCode::kRaw;
}

bool LeavesRoomForApm(absl::Span<const uint8_t> code) {
  constexpr uint8_t kNop = 0x90;
  return code.size() >= kApmCodeRoom &&
         std::all_of(code.begin() + kApmDescriptorSize, code.begin() + kApmCodeRoom,
                     [](uint8_t byte) { return byte == kNop; });
}

ContentId AddSystemArea(ContentTable& contents, std::shared_ptr<const SystemArea> area) {
  if (!area->mbr && !area->apm && area->block == nullptr) return area->source;
  std::vector<std::unique_ptr<Patch>> patches;
  if (area->block != nullptr) patches.push_back(std::make_unique<BlockPatch>(area->block));
  if (area->sun_grub_core.content != kNoContent) {
    patches.push_back(std::make_unique<SunGrubPatch>(area->sun_grub_core));
  }
  if (area->apm) patches.push_back(std::make_unique<ApmDescriptorPatch>(area));
  if (area->mbr) patches.push_back(std::make_unique<MbrPatch>(area));
  if (area->gpt) {
    patches.push_back(std::make_unique<GptHeaderPatch>(area));
    patches.push_back(std::make_unique<GptArrayPatch>(area));
  }
  for (uint32_t i = 0; area->apm && i < area->partitions.size() + 2; ++i) {
    patches.push_back(std::make_unique<ApmEntryPatch>(area, i));
  }
  return contents.AddPatched(BaseOf(contents, *area), std::move(patches));
}

ByteCount IsoPartitionEnd(const SystemArea& area, const Addresses& at) {
  if (at.image_size() == ByteCount() || (!area.gpt && area.mbr && area.mbr->iso_type == 0)) {
    return at.image_size();
  }
  uint64_t end = IsoEnd(area, at);
  if (area.gpt) end = std::min(end, BackupArraySector(area, at));
  return ToBytes(Sector(end));
}

absl::Status CheckSystemArea(const SystemArea& area, const Addresses& at) {
  constexpr uint64_t kMost = 0xFFFFFFFF;  // sectors that 32 bits count
  const auto refuse = [](absl::string_view what) {
    return absl::OutOfRangeError(absl::StrCat(
        what, " ends behind 2 TiB, more than a master boot record can say (UEFI 5.2.1)"));
  };
  if (area.block != nullptr) return area.block->Check(at);
  if (!area.mbr) return absl::OkStatus();
  if (!area.gpt &&
      (area.mbr->iso_type == 0 ? SectorOf(at.image_size()) : IsoEnd(area, at)) > kMost) {
    return refuse("the partition of ISO 9660");
  }
  if (area.gpt && !area.mbr->hybrid) return absl::OkStatus();
  for (const DiskPartition& p : area.partitions) {
    if (RangeOf(p, at).end() > kMost) return refuse(absl::StrCat("partition ", p.number));
  }
  return absl::OkStatus();
}

void BackupGpt::Add(Pieces& pieces) const {
  pieces.FixFromEnd(pieces.Add(*this, kArray, ByteCount(kGptArraySize)),
                    area_->gpt->backup_distance);
  pieces.FixFromEnd(pieces.Add(*this, kHeader, ByteCount(kSectorSize)), ByteCount(kSectorSize));
}

std::string BackupGpt::Describe(uint32_t index) const {
  return index == kArray ? "backup GPT, partitions" : "backup GPT, header";
}

absl::Status BackupGpt::Render(uint32_t index, const Addresses& at, std::string& out) const {
  out += index == kArray ? GptArray(*area_, at) : GptHeaderOf(*area_, at, /*backup=*/true);
  return absl::OkStatus();
}

}  // namespace isomason
