#include "authoring/partitions.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/manifest/block_files.h"
#include "authoring/options.h"
#include "boot/alpha.h"
#include "boot/guid.h"
#include "boot/mips.h"
#include "boot/palo.h"
#include "boot/partition_type.h"
#include "boot/sun_label.h"
#include "layout/status.h"
#include "layout/units.h"

namespace isomason {
namespace {

class Planner {
 public:
  Planner(const manifest::Manifest& manifest, const ContentTable& contents,
          const Resolved& resolved, const ImageId& image_id, Problems* problems)
      : manifest_(manifest),
        boot_(manifest.boot()),
        said_(boot_.system_area()),
        contents_(contents),
        resolved_(resolved),
        image_id_(image_id),
        problems_(*problems) {}

  std::shared_ptr<const SystemArea> Run() {
    area_.source = resolved_.system_area;
    area_.code = resolved_.code;
    AddPartitions();
    if (HasMbr(boot_, resolved_.code)) AddMbr();
    if (said_.has_gpt()) AddGpt();
    if (said_.has_apm()) AddApm();
    if (area_.code != BootCode::kRaw) FindLoader();
    AddBlock();
    CheckOffset();
    if (area_.source == kNoContent && !area_.mbr && !area_.apm && area_.block == nullptr) {
      return nullptr;
    }
    CheckRoom();
    return std::make_shared<const SystemArea>(std::move(area_));
  }

 private:
  Guid DeriveGuid(absl::string_view purpose) const {
    return GuidFromDigest(image_id_.Derive(purpose));
  }
  Guid GuidOr(const std::string& text, absl::string_view purpose) const {
    return ParseGuid(text).value_or(DeriveGuid(purpose));
  }

  void AddPartitions() {
    for (int i = 0; i < boot_.partition_size(); ++i) {
      const manifest::Partition& said = boot_.partition(i);
      const PartitionType type = PartitionTypeOf(said);
      DiskPartition partition;
      partition.content = PartitionContent(resolved_, i);
      partition.size = PartitionSize(resolved_, contents_, i);
      partition.number = NumberOf(boot_, i);
      partition.mbr_type = type.mbr;
      partition.type = type.guid;
      partition.guid = GuidOr(said.guid(), absl::StrCat("gpt partition ", partition.number));
      partition.name =
          said.name().empty() ? absl::StrCat("Appended", partition.number) : said.name();
      partition.apm_type = !said.apm_type().empty() ? said.apm_type()
                           : type.guid == kEspType  ? "Apple_HFS"
                                                    : "ISO9660_data";
      Twice(partition, i);
      area_.partitions.push_back(std::move(partition));
    }
  }

  // Tables may not have two partitions in one place.
  void Twice(const DiskPartition& partition, int i) {
    for (const DiskPartition& other : area_.partitions) {
      if (other.content != partition.content) continue;
      Refuse(absl::StrCat("boot.partition[", i, "]"),
             absl::StrCat("has the contents of partition ", other.number,
                          ", and partitions may not overlap (UEFI 5.3.3)"),
             "leave out one of the two, or name the file as `source`, which is stored apart");
    }
  }

  void AddMbr() {
    MbrOptions& mbr = area_.mbr.emplace();
    const manifest::Mbr& said = said_.mbr();
    mbr.signature = said.has_disk_signature() ? said.disk_signature() : DerivedSignature();
    mbr.active = said.has_active() ? said.active() : !said_.source().empty();
    mbr.iso_type = static_cast<uint8_t>(said.has_iso_type() ? said.iso_type() : kIsoMbrType);
    mbr.iso_start = SectorAt(ToBytes(PartitionOffsetOf(manifest_)));
    mbr.geometry = GeometryOf(manifest_).value_or(Geometry());
    mbr.hybrid = said.hybrid();
  }

  uint32_t DerivedSignature() const {
    const auto digest = image_id_.Derive("mbr disk signature");
    uint32_t signature = 0;
    for (size_t i = 0; i < digest.size() && signature == 0; i += 4) {
      for (size_t k = 0; k < 4; ++k) signature = signature << 8 | digest[i + k];
    }
    return signature;
  }

  void AddGpt() {
    GptOptions& gpt = area_.gpt.emplace();
    const manifest::Gpt& said = said_.gpt();
    gpt.disk = GuidOr(said.disk_guid(), "gpt disk");
    gpt.iso_type = ParseGuid(said.iso_type()).value_or(kBasicDataType);
    gpt.iso_guid = DeriveGuid("gpt partition 1");
    for (size_t i = 0; said.fill_gaps() && i <= area_.partitions.size() + 1; ++i) {
      gpt.gaps.push_back(DeriveGuid(absl::StrCat("gpt gap ", i)));
    }
    gpt.backup_distance = GptBackupDistance(manifest_);
  }

  void AddApm() {
    ApmOptions& apm = area_.apm.emplace();
    if (said_.apm().block_size() != 0) apm.block_size = said_.apm().block_size();
    if (area_.source != kNoContent && !resolved_.code_leaves_room_for_apm) {
      Refuse("boot.system_area.apm",
             "its header takes the first 8 bytes, which this boot code needs",
             "leave out `apm`, or use code that begins with room for it, as isohdpfx.bin and "
             "GRUB's boot_hybrid.img do");
    }
  }

  // A block of machines that are no PCs.
  void AddBlock() {
    if (BlocksOf(said_).empty()) return;
    std::vector<BootFile> files;
    for (const NodeId node : resolved_.block_files) {
      const ContentId content = resolved_.tree.inode(node).content;
      files.push_back({content, ByteCount(contents_.size(content))});
    }
    if (said_.has_mips()) {
      std::vector<MipsVolumeHeader::File> named;
      for (size_t i = 0; i < files.size(); ++i) {
        named.push_back({MipsNameOf(said_.mips().boot(static_cast<int>(i))), files[i]});
      }
      area_.block = std::make_shared<MipsVolumeHeader>(std::move(named));
    } else if (said_.has_mipsel()) {
      const absl::StatusOr<MipselProgram>& program = resolved_.mipsel_program;
      if (!program.ok()) {
        Refuse("boot.system_area.mipsel.image",
               absl::StrCat(Quote(said_.mipsel().image()), " ", program.status().message()),
               "name a boot loader for DECstations, such as delo");
        return;
      }
      area_.block = std::make_shared<MipselBootBlock>(files[0], *program);
    } else if (said_.has_hppa()) {
      area_.block = std::make_shared<PaloBootBlock>(
          PaloFiles{files[0], files[1], files[2], files[3]}, said_.hppa().command_line(),
          said_.hppa().version() == 4 ? 4 : 5);
    } else if (said_.has_alpha()) {
      area_.block = std::make_shared<AlphaBootBlock>(files[0]);
    } else {
      AddSunLabel();
      if (!files.empty()) area_.sun_grub_core = files[0];
    }
  }

  void AddSunLabel() {
    SunLabel::Options label;
    label.text = said_.sun().label().empty() ? std::string(kSunLabelText) : said_.sun().label();
    label.repeat = said_.sun().repeat_last();
    for (const DiskPartition& p : area_.partitions) {
      label.partitions.push_back({p.number, {p.content, p.size}});
    }
    area_.block = std::make_shared<SunLabel>(std::move(label));
  }

  // The image that the code loads: what a BIOS would take from a CD.
  void FindLoader() {
    for (int i = 0; i < boot_.entry_size(); ++i) {
      const manifest::BootEntry& entry = boot_.entry(i);
      if (PlatformOf(entry) != BootPlatform::kBios || entry.partition() != 0) continue;
      if (entry.emulation() > manifest::NO_EMULATION) continue;
      area_.loader = resolved_.tree.inode(resolved_.boot_images[static_cast<size_t>(i)]).content;
      return;
    }
    const bool grub = area_.code == BootCode::kGrub;
    Refuse("boot.system_area.source",
           absl::StrCat(grub ? "GRUB's boot_hybrid.img" : "isolinux's boot code",
                        " loads the image of a BIOS entry, and there is none"),
           absl::StrCat("add entry { platform: BIOS image: \"/...\" } for ",
                        grub ? "its eltorito.img" : "isolinux.bin", ", or write `code: RAW_CODE`"));
  }

  // A partition that can be mounted by itself is in a table, and holds ISO 9660.
  void CheckOffset() {
    if (PartitionOffsetOf(manifest_) == Block()) return;
    if (!area_.mbr && !area_.apm) {
      Refuse("boot.system_area.partition_offset", "there is no table that lists the partition",
             "add `mbr {}` or `gpt {}` to `boot.system_area`");
    }
    if (!HasIso9660(manifest_)) {
      Refuse("boot.system_area.partition_offset",
             "there is no ISO 9660, which is what the partition would hold",
             "leave it out, or leave out `udf.bridge`");
    }
  }

  void CheckRoom() {
    if (area_.source == kNoContent || contents_.size(area_.source) <= kSectorSize) return;
    if (area_.gpt || area_.apm) {
      Refuse("boot.system_area.source",
             absl::StrCat("has ", contents_.size(area_.source), " bytes, and the ",
                          area_.gpt ? "GPT" : "partition map", " leaves it the first 512"),
             "use boot code of one sector, or leave the table out");
    }
  }

  void Refuse(std::string field, std::string message, std::string remedy) {
    problems_.push_back({.field = std::move(field),
                         .where = "boot",
                         .message = std::move(message),
                         .remedy = std::move(remedy)});
  }

  const manifest::Manifest& manifest_;
  const manifest::Boot& boot_;
  const manifest::SystemArea& said_;
  const ContentTable& contents_;
  const Resolved& resolved_;
  const ImageId& image_id_;
  Problems& problems_;
  SystemArea area_;
};

}  // namespace

absl::Status LookAtBootCode(const manifest::Manifest& manifest, const ContentTable& contents,
                            Resolved& resolved) {
  if (manifest.boot().system_area().has_mipsel()) {
    const ContentId content = resolved.tree.inode(resolved.block_files[0]).content;
    std::vector<uint8_t> program(std::min<uint64_t>(contents.size(content), kMipselHeaders));
    RETURN_IF_ERROR(contents.ReadUnpatched(content, 0, absl::MakeSpan(program)));
    resolved.mipsel_program = ReadMipselProgram(program, contents.size(content));
  }
  if (resolved.system_area == kNoContent) return absl::OkStatus();
  // One byte more than a sector tells a whole area from boot code.
  std::vector<uint8_t> head(
      std::min<uint64_t>(contents.size(resolved.system_area), kSectorSize + 1));
  RETURN_IF_ERROR(contents.ReadUnpatched(resolved.system_area, 0, absl::MakeSpan(head)));
  resolved.code_leaves_room_for_apm = LeavesRoomForApm(head);
  if (!BlocksOf(manifest.boot().system_area()).empty()) return absl::OkStatus();
  switch (manifest.boot().system_area().code()) {
    case manifest::RAW_CODE:
      resolved.code = BootCode::kRaw;
      break;
    case manifest::ISOLINUX_CODE:
      resolved.code = BootCode::kIsolinux;
      break;
    case manifest::GRUB_CODE:
      resolved.code = BootCode::kGrub;
      break;
    default:
      resolved.code = RecognizeCode(head);
  }
  return absl::OkStatus();
}

ContentId PartitionContent(const Resolved& resolved, int i) {
  const PartitionSource& source = resolved.partitions[static_cast<size_t>(i)];
  if (source.is_fat || source.node == kNoNode) return source.content;
  return resolved.tree.inode(source.node).content;
}

ByteCount PartitionSize(const Resolved& resolved, const ContentTable& contents, int i) {
  const PartitionSource& source = resolved.partitions[static_cast<size_t>(i)];
  if (source.is_fat) return ByteCount(source.volume == nullptr ? 0 : source.volume->size());
  const ContentId content = PartitionContent(resolved, i);
  return ByteCount(content == kNoContent ? 0 : contents.size(content));
}

int FatPartitionAt(const Resolved& resolved, NodeId node) {
  for (size_t i = 0; node != kNoNode && i < resolved.partitions.size(); ++i) {
    const PartitionSource& source = resolved.partitions[i];
    if (source.is_fat && source.node == node) return static_cast<int>(i);
  }
  return -1;
}

int FindPartition(const manifest::Boot& boot, uint32_t number) {
  for (int i = 0; i < boot.partition_size(); ++i) {
    if (NumberOf(boot, i) == number) return i;
  }
  return -1;
}

std::shared_ptr<const SystemArea> PlanSystemArea(const manifest::Manifest& manifest,
                                                 const ContentTable& contents,
                                                 const Resolved& resolved, const ImageId& image_id,
                                                 Problems* problems) {
  return Planner(manifest, contents, resolved, image_id, problems).Run();
}

}  // namespace isomason
