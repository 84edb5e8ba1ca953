// -----------------------------------------------------------------------------
// File: boot/system_area.h
// -----------------------------------------------------------------------------
//
// What makes a hard disk of an image: boot code in the first sector, and up to three tables
// of partitions around it, all in the 32 KiB before the volume descriptors; the backup of a
// GPT stands in the last sectors. Or a boot block of machines that are no PCs. The tables get their
// numbers from addresses, so a partition may be any content, or the first of several that are
// attached to it.
//
//   SystemArea area;
//   area.gpt.emplace();
//   area.partitions.push_back({.content = esp, .size = size, .number = 2, .type = kEspType});
//   auto shared = std::make_shared<const SystemArea>(std::move(area));
//   ContentId content = AddSystemArea(contents, shared);        // goes to byte 0
//   BackupGpt backup(shared);
//   backup.Add(pieces);
//
#ifndef ISOMASON_BOOT_SYSTEM_AREA_H_
#define ISOMASON_BOOT_SYSTEM_AREA_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "boot/boot_block.h"
#include "boot/guid.h"
#include "boot/mbr.h"
#include "layout/content.h"
#include "layout/piece.h"
#include "layout/units.h"

namespace isomason {

inline constexpr uint64_t kSystemAreaSize = 32768;  // ECMA-119 6.2.1

// What boot code wants to be told at byte 432, as 64 bits.
enum class BootCode {
  kRaw,       // nothing
  kIsolinux,  // the sector at which isolinux.bin begins
  kGrub,      // the sector behind the first block of GRUB's image
};

// Whose code it is, by its first bytes.
BootCode RecognizeCode(absl::Span<const uint8_t> code);

// Whether the header of an Apple partition map may replace the first bytes of the code.
bool LeavesRoomForApm(absl::Span<const uint8_t> code);

struct DiskPartition {
  ContentId content = kNoContent;
  ByteCount size;       // from the content's start
  uint32_t number = 2;  // from 2 on: 1 is the partition of ISO 9660
  uint8_t mbr_type = 0;
  Guid type{};
  Guid guid{};
  std::string name;
  std::string apm_type;
};

struct MbrOptions {
  uint32_t signature = 0;
  bool active = false;
  uint8_t iso_type = 0;  // 0: the partition ends with the image
  Sector iso_start;      // other tables have it begin behind the system area
  Geometry geometry;
  bool hybrid = false;
};

struct GptOptions {
  Guid disk{};
  Guid iso_type{};
  Guid iso_guid{};
  std::vector<Guid> gaps;     // the GUIDs of gaps that are listed; none: they are not
  ByteCount backup_distance;  // from the backup array to the end of the image
};

struct ApmOptions {
  uint32_t block_size = 2048;
};

struct SystemArea {
  ContentId source = kNoContent;
  BootCode code = BootCode::kRaw;
  ContentId loader = kNoContent;  // the image that the code loads
  std::optional<MbrOptions> mbr;  // there is one beside every GPT
  std::optional<GptOptions> gpt;
  std::optional<ApmOptions> apm;
  std::vector<DiskPartition> partitions;
  std::shared_ptr<const BootBlock> block;  // in place of the tables
  BootFile sun_grub_core;                  // what is written behind a Sun label; or kNoContent
};

// How far before the end the array lies when nothing stands between it and its header.
inline constexpr ByteCount kGptBackupDistance{33 * kSectorSize};

// Adds the area's content, which lies at byte 0.
ContentId AddSystemArea(ContentTable& contents, std::shared_ptr<const SystemArea> area);

// OutOfRange when a partition lies where a table cannot say it; the message is a sentence.
absl::Status CheckSystemArea(const SystemArea& area, const Addresses& at);

// Where the partition of ISO 9660 ends; 0 while the size of the image is not known.
ByteCount IsoPartitionEnd(const SystemArea& area, const Addresses& at);

// The array and the header at the end of the image.
class BackupGpt : public PieceOwner {
 public:
  explicit BackupGpt(std::shared_ptr<const SystemArea> area) : area_(std::move(area)) {}
  void Add(Pieces& pieces) const;

  absl::string_view owner_name() const override { return "boot"; }
  std::string Describe(uint32_t index) const override;
  absl::Status Render(uint32_t index, const Addresses& at, std::string& out) const override;

 private:
  enum Index : uint32_t { kArray, kHeader };
  std::shared_ptr<const SystemArea> area_;
};

}  // namespace isomason

#endif  // ISOMASON_BOOT_SYSTEM_AREA_H_
