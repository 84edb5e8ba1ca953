#include "authoring/manifest/check_system_area.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/block_files.h"
#include "authoring/manifest/check_fat.h"
#include "authoring/manifest/diagnostics.h"
#include "boot/apm.h"
#include "boot/gpt.h"
#include "boot/guid.h"
#include "boot/mbr.h"
#include "boot/mips.h"
#include "boot/palo.h"
#include "boot/partition_type.h"
#include "boot/sun_label.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr absl::string_view kGuidRemedy =
    "write 36 characters as C12A7328-F81F-11D2-BA4B-00A0C93EC93B, or leave it out";

class SystemAreaChecker {
 public:
  SystemAreaChecker(const manifest::Boot& boot, const CheckReport& report)
      : boot_(boot), area_(boot.system_area()), report_(report) {}

  void Check() {
    CheckCode();
    CheckTables();
    CheckBlocks();
    for (int i = 0; i < boot_.partition_size(); ++i) CheckPartition(i);
    CheckCount();
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) const {
    report_.Add(field, message, remedy);
  }

  void CheckCode() const {
    if (HasNul(area_.source())) {
      Add("boot.system_area.source", absl::StrCat(Quote(area_.source()), " has a NUL in it"),
          "no file has such a name");
    }
    if (area_.source().empty() && area_.code() != manifest::CODE_BY_CONTENT) {
      Add("boot.system_area.code", "there is no code", "name its file as `source`");
    }
  }

  void CheckTables() const {
    const manifest::Mbr& mbr = area_.mbr();
    if (mbr.has_disk_signature() && mbr.disk_signature() == 0) {
      Add("boot.system_area.mbr.disk_signature", "0 stands for a disk that has none",
          "leave it out for one that is derived from the image id");
    }
    if (mbr.has_iso_type()) {
      if (area_.has_gpt()) {
        Add("boot.system_area.mbr.iso_type", "beside a `gpt`, only that lists ISO 9660",
            "leave it out, or write `boot.system_area.gpt.iso_type`");
      } else if (mbr.iso_type() > 0xFF || mbr.iso_type() == kProtectiveType) {
        Add("boot.system_area.mbr.iso_type",
            absl::StrFormat("0x%X is no type of a partition", mbr.iso_type()),
            "leave it out for 0x17");
      }
    }
    if (mbr.iso_type() == kMbrChrpType && boot_.partition_size() > 0) {
      Add("boot.system_area.mbr.iso_type",
          "PowerPC machines of the CHRP kind want a partition 1 of type 0x96 that is the whole "
          "image, "
          "and there are others",
          "leave out the others, or leave it out for 0x17");
    }
    if (mbr.hybrid() && !area_.has_gpt()) {
      Add("boot.system_area.mbr.hybrid", "is about entries beside a protective one",
          "leave it out, or add `gpt {}`");
    } else if (mbr.hybrid() && boot_.partition_size() == 0) {
      Add("boot.system_area.mbr.hybrid", "there is no partition to list",
          "leave it out, or add a `boot.partition`");
    }
    if (const uint32_t offset = area_.partition_offset(); offset != 0 && offset != 16) {
      Add("boot.system_area.partition_offset", absl::StrCat(offset, " is neither 0 nor 16"),
          "write 16 for a partition that can be mounted by itself");
    }
    CheckGuid("boot.system_area.gpt.disk_guid", area_.gpt().disk_guid());
    CheckGuid("boot.system_area.gpt.iso_type", area_.gpt().iso_type());
    const uint32_t block_size = area_.apm().block_size();
    if (block_size != 0 && block_size != 512 && block_size != 2048) {
      Add("boot.system_area.apm.block_size", absl::StrCat(block_size, " is neither 512 nor 2048"),
          "leave it out for 2048");
    } else if (block_size == 512 && area_.has_gpt()) {
      Add("boot.system_area.apm.block_size",
          "with blocks of 512 bytes, the map lies where the GPT's header does (UEFI 5.3.2)",
          "leave it out for 2048, or leave out `gpt`");
    }
  }

  // A boot block has the place of all tables, and of any other.
  void CheckBlocks() const {
    const std::vector<std::string> blocks = BlocksOf(area_);
    if (blocks.empty()) return;
    const std::string field = absl::StrCat("boot.system_area.", blocks.back());
    const bool table = area_.has_mbr() || area_.has_gpt() || area_.has_apm();
    if (table || blocks.size() > 1) {
      Add(field,
          absl::StrCat("begins where ",
                       table ? "a partition table does" : "`" + blocks[0] + "` does"),
          "leave out one of the two");
    }
    if (area_.code() > manifest::RAW_CODE) {
      Add("boot.system_area.code", "is about a master boot record, and there is none",
          "leave it out");
    }
    for (const BlockFile& file : BlockFilesOf(area_)) {
      if (file.path.empty()) {
        report_.Missing(field, file.field, "is missing", "name a file of the image");
      } else {
        report_.CheckImagePath(file.field, file.path);
      }
    }
    CheckMips();
    CheckText("boot.system_area.sun.label", area_.sun().label(), SunLabel::kTextLength);
    const manifest::PaloBootBlock& hppa = area_.hppa();
    if (hppa.version() != 0 && hppa.version() != 4 && hppa.version() != 5) {
      Add("boot.system_area.hppa.version", absl::StrCat(hppa.version(), " is neither 4 nor 5"),
          "leave it out for 5");
    }
    CheckText("boot.system_area.hppa.command_line", hppa.command_line(),
              hppa.version() == 4 ? PaloBootBlock::kMostText4 : PaloBootBlock::kMostText5);
  }

  void CheckMips() const {
    if (!area_.has_mips()) return;
    constexpr int kMostFiles = MipsVolumeHeader::kMostFiles;
    if (area_.mips().boot_size() == 0) {
      report_.Missing("boot.system_area.mips", "boot.system_area.mips.boot", "is missing",
                      "name a file of the image: boot { image: \"/boot/loader\" }");
    } else if (area_.mips().boot_size() > kMostFiles) {
      Add(absl::StrCat("boot.system_area.mips.boot[", kMostFiles, "]"),
          absl::StrCat("a volume header has room for ", kMostFiles, " files"), "leave out some");
    }
    std::map<std::string, int> names;
    for (int i = 0; i < area_.mips().boot_size(); ++i) {
      const std::string field = absl::StrCat("boot.system_area.mips.boot[", i, "]");
      CheckText(field + ".name", area_.mips().boot(i).name(), MipsVolumeHeader::kNameLength);
      const auto [it, is_new] = names.try_emplace(MipsNameOf(area_.mips().boot(i)), i);
      if (!is_new) {
        Add(field, absl::StrCat("is called ", Quote(it->first), ", as boot[", it->second, "] is"),
            "give it a `name` of its own");
      }
    }
  }

  void CheckGuid(absl::string_view field, const std::string& text) const {
    if (text.empty()) return;
    const auto guid = ParseGuid(text);
    if (!guid || *guid == Guid{}) Add(field, absl::StrCat(Quote(text), " is no GUID"), kGuidRemedy);
  }

  void CheckPartition(int i) {
    const manifest::Partition& partition = boot_.partition(i);
    const std::string prefix = absl::StrCat("boot.partition[", i, "]");
    if (partition.has_fat()) {
      CheckFat(partition.fat(), prefix + ".fat", report_);
      if (!partition.source().empty()) {
        Add(prefix + ".source", "a `fat` is made from the image's own files",
            "leave out one of the two");
      }
      if (partition.image() == "/") {
        Add(prefix + ".image", "the root is a directory, which the partition is not",
            "give it a name: \"/efi.img\"");
      }
    } else if (partition.source().empty() == partition.image().empty()) {
      report_.Missing(prefix, prefix, "has one of `source`, `image` and `fat`",
                      "name a file of the host as `source` or one of the image as `image`, or "
                      "write `fat {}` for one that is made of /EFI");
    }
    if (!partition.image().empty()) {
      report_.CheckImagePath(prefix + ".image", partition.image());
    }
    if (HasNul(partition.source())) {
      Add(prefix + ".source", absl::StrCat(Quote(partition.source()), " has a NUL in it"),
          "no file has such a name");
    }
    CheckSha256(prefix, partition);
    if (partition.type().empty()) {
      // A Sun label has no types.
      if (!partition.has_fat() && !area_.has_sun()) {
        report_.Missing(prefix, prefix + ".type", "is missing",
                        "say what is in the partition: type: \"ESP\"");
      }
    } else if (!ParsePartitionType(partition.type())) {
      Add(prefix + ".type", absl::StrCat(Quote(partition.type()), " is no type of a partition"),
          "write ESP, a byte such as 0x83, or a GUID");
    }
    CheckNumber(i, prefix, partition);
    CheckText(prefix + ".name", partition.name(),
              area_.has_apm() ? kApmNameLength : kGptNameLength);
    CheckText(prefix + ".apm_type", partition.apm_type(), kApmNameLength);
    CheckGuid(prefix + ".guid", partition.guid());
    if (const auto guid = ParseGuid(partition.guid())) {
      const auto [it, is_new] = guids_.try_emplace(*guid, i);
      if (!is_new) {
        Add(prefix + ".guid",
            absl::StrCat("is that of boot.partition[", it->second, "] (UEFI 5.3.3)"),
            "leave it out for one of its own");
      }
    }
    const uint32_t alignment = partition.alignment();
    constexpr uint32_t kMostAlignment = 1 << 30;
    if (alignment != 0 && (alignment < kBlockSize || alignment > kMostAlignment ||
                           (alignment & (alignment - 1)) != 0)) {
      Add(prefix + ".alignment",
          absl::StrCat(alignment, " is no power of two from 2048 to ", kMostAlignment),
          "leave it out for 1 MiB");
    } else if (alignment != 0 &&
               (area_.mbr().geometry() != manifest::NO_GEOMETRY || area_.has_sun())) {
      Add(prefix + ".alignment",
          absl::StrCat("with a ", area_.has_sun() ? "disk label" : "`geometry`",
                       ", partitions begin with cylinders"),
          area_.has_sun() ? "leave it out" : "leave out one of the two");
    }
  }

  void CheckSha256(const std::string& prefix, const manifest::Partition& partition) const {
    const std::string& sha256 = partition.sha256();
    if (sha256.empty()) return;
    if (sha256.size() != 64 || !std::all_of(sha256.begin(), sha256.end(), absl::ascii_isxdigit)) {
      Add(prefix + ".sha256", absl::StrCat(Quote(sha256), " is no SHA-256"),
          "write the 64 hexadecimal digits that `sha256sum` prints");
    } else if (partition.source().empty()) {
      Add(prefix + ".sha256", "is about a `source`",
          "write it where the manifest names the source of the file");
    }
  }

  void CheckNumber(int i, const std::string& prefix, const manifest::Partition& partition) {
    const uint32_t number =
        partition.number() == 0 ? static_cast<uint32_t>(i + 2) : partition.number();
    const std::string field = partition.number() == 0 ? prefix : prefix + ".number";
    const absl::string_view table = area_.has_gpt()   ? "GPT"
                                    : area_.has_sun() ? "disk label"
                                                      : "master boot record";
    const uint32_t most = area_.has_gpt()   ? kGptEntries
                          : area_.has_sun() ? SunLabel::kMostPartitions
                                            : kMbrEntries;
    if (number == 1) {
      Add(field, "1 is the partition of ISO 9660", "number partitions from 2 on");
    } else if (number > most) {
      Add(field,
          absl::StrCat("there is no partition ", number, " in a ", table, ", which ends with ",
                       most),
          area_.has_gpt() || area_.has_sun() ? "use a smaller number"
                                             : "use a smaller number, or add `gpt {}`");
    }
    const auto [it, is_new] = numbers_.try_emplace(number, i);
    if (!is_new) {
      Add(field, absl::StrCat(number, " is the number of boot.partition[", it->second, "], too"),
          "give each one of its own");
    }
  }

  void CheckText(absl::string_view field, const std::string& text, size_t most) const {
    if (text.size() > most) {
      Add(field, absl::StrCat("has ", text.size(), " characters; there is room for ", most),
          "shorten it");
    } else if (!std::all_of(text.begin(), text.end(), absl::ascii_isprint)) {
      Add(field, absl::StrCat(Quote(text), " is not printable ASCII"), "leave out the rest");
    }
  }

  bool IsBootImage(int i) const {
    const uint32_t said = boot_.partition(i).number();
    const uint32_t number = said == 0 ? static_cast<uint32_t>(i + 2) : said;
    return std::any_of(boot_.entry().begin(), boot_.entry().end(),
                       [&](const manifest::BootEntry& e) { return e.partition() == number; });
  }

  void CheckCount() const {
    if (boot_.partition_size() == 0) return;
    if (!area_.has_mbr() && !area_.has_gpt() && !area_.has_apm() && !area_.has_sun()) {
      for (int i = 0; i < boot_.partition_size(); ++i) {
        if (IsBootImage(i)) continue;
        Add(absl::StrCat("boot.partition[", i, "]"),
            "there is no table that lists it, and no boot entry that is about it",
            "add `boot.system_area { gpt {} }`, or `mbr {}`, or write its number as `partition` of "
            "a boot entry");
      }
    }
    // Between the descriptor and a GPT, or the volume descriptors, there is no more room.
    constexpr int kMostBesideApm = 5;
    if (area_.has_apm() && boot_.partition_size() > kMostBesideApm) {
      Add(absl::StrCat("boot.partition[", kMostBesideApm, "]"),
          "an Apple partition map has room for five of them", "leave out some, or `apm`");
    }
  }

  const manifest::Boot& boot_;
  const manifest::SystemArea& area_;
  const CheckReport& report_;
  std::map<uint32_t, int> numbers_;
  std::map<Guid, int> guids_;
};

}  // namespace

void CheckSystemArea(const manifest::Boot& boot, const CheckReport& report) {
  SystemAreaChecker(boot, report).Check();
}

}  // namespace isomason
