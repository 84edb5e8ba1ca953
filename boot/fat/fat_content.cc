#include "boot/fat/fat_content.h"

#include <cstddef>
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

// Where the blocks begin that have no bytes of a file behind them.
uint64_t RestOf(const FatVolume& volume) {
  if (volume.files().empty()) return volume.metadata_size();
  const FatVolume::File& last = volume.files().back();
  return RoundUp(last.offset + last.size, kBlockSize);
}

}  // namespace

FatContents AddFatContents(ContentTable& contents, std::shared_ptr<const FatVolume> volume,
                           const FatPlacing& placing) {
  const FatVolume& fat = *volume;
  FatContents made;
  if (const uint64_t rest = RestOf(fat); rest != fat.size()) {
    made.rest = contents.AddZeros(fat.size() - rest);
  }
  made.metadata =
      contents.AddGenerated(fat.metadata_size(), std::make_unique<Metadata>(std::move(volume)));
  if (!placing.hidden_sectors) return made;
  const auto self = static_cast<ContentId>(contents.count());
  std::vector<std::unique_ptr<Patch>> patches;
  patches.push_back(std::make_unique<HiddenSectors>(self, 0));
  if (fat.type() == FatType::kFat32) {
    patches.push_back(std::make_unique<HiddenSectors>(self, kFatBackupSector));
  }
  made.metadata = contents.AddPatched(made.metadata, std::move(patches));
  return made;
}

FatPieces AddFatPieces(const FatVolume& volume, const FatContents& fat, Pieces& pieces) {
  FatPieces added;
  added.leader = pieces.AddContent(fat.metadata, ByteCount(volume.metadata_size()));
  pieces.Align(added.leader, ByteCount(volume.alignment()));
  const auto attach = [&](ContentId content, uint64_t size, uint64_t offset) {
    const PieceId piece = pieces.AddContent(content, ByteCount(size));
    pieces.Attach(piece, added.leader, ByteCount(offset));
    return piece;
  };
  for (size_t i = 0; i < fat.files.size(); ++i) {
    const FatVolume::File& file = volume.files()[i];
    added.files.push_back(attach(fat.files[i], file.size, file.offset));
  }
  if (fat.rest != kNoContent) {
    const uint64_t rest = RestOf(volume);
    attach(fat.rest, volume.size() - rest, rest);
  }
  return added;
}

}  // namespace isomason
