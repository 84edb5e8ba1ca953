#include "boot/fat/fat_content.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "boot/fat/records.h"
#include "layout/units.h"

namespace isomason {
namespace {

class Metadata : public Generator {
 public:
  explicit Metadata(std::shared_ptr<const FatVolume> volume) : volume_(std::move(volume)) {}
  absl::Status Read(const ContentTable&, uint64_t offset, absl::Span<uint8_t> out) const override {
    return volume_->Read(offset, out);
  }

 private:
  std::shared_ptr<const FatVolume> volume_;
};

class HiddenSectors : public Patch {
 public:
  HiddenSectors(ContentId self, uint64_t boot_sector)
      : self_(self), offset_(boot_sector * kFatSectorSize + kHiddenSectorsAt) {}
  uint64_t offset() const override { return offset_; }
  uint64_t size() const override { return 4; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    Little<uint32_t>::Put(static_cast<uint32_t>(SectorAt(at[self_]).value()), out);
    return absl::OkStatus();
  }

 private:
  ContentId self_;
  uint64_t offset_;
};

}  // namespace

PlacedFat PlaceFat(ContentTable& contents, Pieces& pieces, std::shared_ptr<const FatVolume> volume,
                   const FatPlacing& placing) {
  const FatVolume& fat = *volume;
  PlacedFat placed;
  placed.metadata =
      contents.AddGenerated(fat.metadata_size(), std::make_unique<Metadata>(std::move(volume)));
  if (placing.hidden_sectors) {
    const auto self = static_cast<ContentId>(contents.count());
    std::vector<std::unique_ptr<Patch>> patches;
    patches.push_back(std::make_unique<HiddenSectors>(self, 0));
    if (fat.type() == FatType::kFat32) {
      patches.push_back(std::make_unique<HiddenSectors>(self, kFatBackupSector));
    }
    placed.metadata = contents.AddPatched(placed.metadata, std::move(patches));
  }
  placed.leader = pieces.AddContent(placed.metadata, ByteCount(fat.metadata_size()));
  pieces.Align(placed.leader, ByteCount(fat.alignment()));
  for (const FatVolume::File& file : fat.files()) {
    pieces.Attach(pieces.AddContent(file.content, ByteCount(file.size)), placed.leader,
                  ByteCount(file.offset));
  }
  if (const uint64_t free = fat.size() - fat.tail(); free != 0) {
    pieces.Attach(pieces.AddContent(contents.AddZeros(free), ByteCount(free)), placed.leader,
                  ByteCount(fat.tail()));
  }
  return placed;
}

}  // namespace isomason
