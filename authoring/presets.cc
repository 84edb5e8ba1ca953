#include "authoring/presets.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/text_format.h"

namespace isomason {
namespace {

using manifest::BootEntry;
using manifest::Manifest;
using manifest::Partition;

// The tables of a preset, as an image that is a disk has them.
enum class Tables { kNone, kMbr, kGpt, kAll };

struct PresetPlan {
  manifest::Preset preset;
  absl::string_view catalog{};  // empty: it stays hidden
  bool bios = false;            // boots from a BIOS, whose image the manifest names
  bool uefi = false;            // boots from UEFI, with a partition of /EFI unless there is one
  bool code = false;            // boots from a disk under a BIOS, with code that the manifest names
  Tables tables = Tables::kNone;
  bool rock_ridge = true;  // where the manifest has no `iso9660`
  bool joliet = false;
  bool stub = false;  // UDF beside a stub of ISO 9660, where it has no `udf`
};

// xorriso's name of the catalog, and that of isolinux's manual.
constexpr absl::string_view kCatalog = "/boot.catalog";
constexpr absl::string_view kBootCat = "/boot/boot.cat";

constexpr PresetPlan kPlans[] = {
    {.preset = manifest::HYBRID_GPT,
     .catalog = kCatalog,
     .bios = true,
     .uefi = true,
     .code = true,
     .tables = Tables::kGpt},
    {.preset = manifest::HYBRID_MBR,
     .catalog = kBootCat,
     .bios = true,
     .uefi = true,
     .code = true,
     .tables = Tables::kMbr},
    {.preset = manifest::UEFI_ONLY, .catalog = kCatalog, .uefi = true, .tables = Tables::kGpt},
    {.preset = manifest::BIOS_CD, .catalog = kBootCat, .bios = true},
    {.preset = manifest::GRUB_CHAMELEON,
     .catalog = kCatalog,
     .bios = true,
     .uefi = true,
     .code = true,
     .tables = Tables::kAll},
    {.preset = manifest::WINDOWS_SETUP, .rock_ridge = false, .stub = true},
    {.preset = manifest::SEED, .joliet = true},
};

constexpr absl::string_view kEspFile = "/boot/efi.img";
constexpr absl::string_view kEspLabel = "ESP";
constexpr absl::string_view kEtfsboot = "/boot/etfsboot.com";
constexpr absl::string_view kEfisys = "/efi/microsoft/boot/efisys.bin";

const PresetPlan* PlanOf(const Manifest& manifest) {
  const auto* const found =
      std::find_if(std::begin(kPlans), std::end(kPlans),
                   [&](const PresetPlan& plan) { return plan.preset == manifest.boot().preset(); });
  return found == std::end(kPlans) ? nullptr : found;
}

bool IsBios(const BootEntry& entry) {
  return entry.platform() == manifest::PLATFORM_DEFAULT || entry.platform() == manifest::BIOS;
}
bool IsUefi(const BootEntry& entry) { return entry.platform() == manifest::UEFI; }

template <typename Predicate>
bool HasEntry(const Manifest& manifest, Predicate is) {
  const auto& entries = manifest.boot().entry();
  return std::any_of(entries.begin(), entries.end(), is);
}

// isolinux.bin, isolinux-debug.bin: everybody calls it so.
bool IsIsolinux(const Manifest& manifest, const BootEntry& entry) {
  if (manifest.boot().system_area().code() == manifest::ISOLINUX_CODE) return true;
  if (manifest.boot().system_area().code() == manifest::GRUB_CODE) return false;
  const absl::string_view path = entry.image();
  const absl::string_view name = path.substr(path.rfind('/') + 1);
  return absl::StartsWith(absl::AsciiStrToLower(name), "isolinux");
}

bool IsEsp(const Partition& partition) {
  return absl::EqualsIgnoreCase(partition.type(), "ESP") ||
         (partition.has_fat() && partition.type().empty());
}

uint32_t NumberOfPartition(const manifest::Boot& boot, int i) {
  const uint32_t said = boot.partition(i).number();
  return said == 0 ? static_cast<uint32_t>(i + 2) : said;
}

// The first EFI system partition of the manifest, or -1.
int FindEsp(const manifest::Boot& boot) {
  for (int i = 0; i < boot.partition_size(); ++i) {
    if (IsEsp(boot.partition(i))) return i;
  }
  return -1;
}

class Filler {
 public:
  Filler(Manifest* manifest, const PresetPlan& plan)
      : manifest_(*manifest), boot_(*manifest->mutable_boot()), plan_(plan) {}

  std::vector<std::string> Run() {
    boot_.clear_preset();
    if (!manifest_.has_iso9660()) FillIso9660();
    if (plan_.stub && !manifest_.has_udf()) FillUdf();
    if (plan_.preset == manifest::WINDOWS_SETUP) FillWindows();
    if (plan_.bios) FillBiosEntries();
    if (plan_.uefi) FillUefi();
    if (plan_.tables != Tables::kNone) FillTables();
    if (boot_.catalog().empty() && !plan_.catalog.empty()) {
      boot_.set_catalog(Path(plan_.catalog));
      Say("boot", absl::StrCat("catalog: \"", boot_.catalog(), "\""));
    }
    if (boot_.ByteSizeLong() == 0) manifest_.clear_boot();
    return std::move(said_);
  }

 private:
  void Say(absl::string_view message, absl::string_view fields) {
    said_.push_back(absl::StrCat(message, " { ", fields, " }"));
  }
  static std::string Text(const google::protobuf::Message& message) {
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    std::string text;
    printer.PrintToString(message, &text);
    return std::string(absl::StripAsciiWhitespace(text));
  }
  // In capitals where names have to be.
  std::string Path(absl::string_view path) const {
    const manifest::Iso9660& iso = manifest_.iso9660();
    const bool any = iso.names() == manifest::MANGLE_NAMES ||
                     (iso.has_rock_ridge() && iso.names() == manifest::NAME_POLICY_DEFAULT &&
                      iso.profile() != manifest::STRICT);
    return any ? std::string(path) : absl::AsciiStrToUpper(path);
  }
  static std::string Entry(int i) { return absl::StrCat("boot.entry[", i, "]"); }

  void FillIso9660() {
    if (!plan_.rock_ridge) return;
    manifest_.mutable_iso9660()->mutable_rock_ridge();
    if (plan_.joliet) manifest_.mutable_iso9660()->mutable_joliet();
    said_.push_back(plan_.joliet ? "iso9660 { rock_ridge {} joliet {} }"
                                 : "iso9660 { rock_ridge {} }");
  }

  void FillUdf() {
    manifest_.mutable_udf()->set_revision(manifest::UDF_1_02);
    manifest_.mutable_udf()->set_bridge(manifest::STUB_BRIDGE);
    said_.push_back("udf { revision: UDF_1_02 bridge: STUB_BRIDGE }");
  }

  // Microsoft's own discs have their images at these places.
  void FillWindows() {
    if (boot_.entry_size() > 0) return;
    BootEntry& bios = *boot_.add_entry();
    bios.set_platform(manifest::BIOS);
    bios.set_image(std::string(kEtfsboot));
    bios.set_load_sectors(8);
    Say(Entry(0), Text(bios));
    BootEntry& uefi = *boot_.add_entry();
    uefi.set_platform(manifest::UEFI);
    uefi.set_image(std::string(kEfisys));
    Say(Entry(1), Text(uefi));
  }

  void FillBiosEntries() {
    for (int i = 0; i < boot_.entry_size(); ++i) {
      BootEntry& entry = *boot_.mutable_entry(i);
      if (!IsBios(entry) || entry.emulation() > manifest::NO_EMULATION) continue;
      if (!entry.has_boot_info_table()) {
        entry.set_boot_info_table(true);
        Say(Entry(i), "boot_info_table: true");
      }
      // What GRUB's code in the first sector starts; it would be a hole in isolinux.bin.
      if (plan_.code && !entry.has_grub2_boot_info() && !IsIsolinux(manifest_, entry)) {
        entry.set_grub2_boot_info(true);
        Say(Entry(i), "grub2_boot_info: true");
      }
    }
  }

  void FillUefi() {
    int uefi = -1;
    for (int i = 0; i < boot_.entry_size() && uefi < 0; ++i) {
      if (IsUefi(boot_.entry(i))) uefi = i;
    }
    int esp = FindEsp(boot_);
    if (esp < 0 && (uefi < 0 || boot_.entry(uefi).partition() == 0)) {
      esp = boot_.partition_size();
      Partition& partition = *boot_.add_partition();
      if (uefi >= 0) {
        partition.set_image(boot_.entry(uefi).image());
        partition.set_type("ESP");
      } else {
        partition.set_image(Path(kEspFile));
        partition.mutable_fat()->set_label(std::string(kEspLabel));
      }
      Say(absl::StrCat("boot.partition[", esp, "]"), Text(partition));
    }
    if (uefi < 0) {
      uefi = boot_.entry_size();
      BootEntry& entry = *boot_.add_entry();
      entry.set_platform(manifest::UEFI);
      entry.set_partition(NumberOfPartition(boot_, esp));
      Say(Entry(uefi), Text(entry));
    }
  }

  void FillTables() {
    manifest::SystemArea& area = *boot_.mutable_system_area();
    if (plan_.tables == Tables::kMbr) {
      manifest::Mbr& mbr = *area.mutable_mbr();
      // A partition with an alignment of its own is not for cylinders.
      const bool aligned =
          std::any_of(boot_.partition().begin(), boot_.partition().end(),
                      [](const Partition& partition) { return partition.alignment() != 0; });
      if (!mbr.has_geometry() && !aligned) {
        mbr.set_geometry(manifest::HEADS_64_SECTORS_32);
        Say("boot.system_area.mbr", "geometry: HEADS_64_SECTORS_32");
      }
      return;
    }
    if (!area.has_gpt()) {
      area.mutable_gpt();
      Say("boot.system_area", "gpt {}");
    }
    if (plan_.tables != Tables::kAll) return;
    if (!area.gpt().has_fill_gaps()) {
      area.mutable_gpt()->set_fill_gaps(true);
      Say("boot.system_area.gpt", "fill_gaps: true");
    }
    if (!area.has_apm()) {
      area.mutable_apm();
      Say("boot.system_area", "apm {}");
    }
  }

  Manifest& manifest_;
  manifest::Boot& boot_;
  const PresetPlan& plan_;
  std::vector<std::string> said_;
};

}  // namespace

std::vector<MissingPart> MissingParts(const Manifest& manifest) {
  std::vector<MissingPart> missing;
  const PresetPlan* const plan = PlanOf(manifest);
  if (plan == nullptr) return missing;
  const manifest::Boot& boot = manifest.boot();
  const std::string name = manifest::Preset_Name(plan->preset);
  if (plan->preset == manifest::SEED) {
    const auto refuse = [&](absl::string_view field) {
      missing.push_back({std::string(field), "a SEED does not boot",
                         "leave it out, or choose another `boot.preset`"});
    };
    if (boot.entry_size() > 0) refuse("boot.entry[0]");
    if (boot.has_system_area()) refuse("boot.system_area");
    if (boot.partition_size() > 0) refuse("boot.partition[0]");
    return missing;
  }
  if (plan->bios && !HasEntry(manifest, IsBios)) {
    missing.push_back({"boot.preset",
                       absl::StrCat(name, " boots from a BIOS, and no entry is for one"),
                       plan->preset == manifest::GRUB_CHAMELEON
                           ? "add entry { image: \"/boot/grub/eltorito.img\" }"
                           : "add entry { image: \"/...\" } with the path of isolinux.bin or of "
                             "GRUB's eltorito.img in the image"});
  }
  if (plan->code && boot.system_area().source().empty()) {
    missing.push_back({"boot.preset",
                       absl::StrCat(name,
                                    " boots from a disk under a BIOS, and there is no code "
                                    "for its first sector"),
                       plan->preset == manifest::GRUB_CHAMELEON
                           ? "add system_area { source: \"boot_hybrid.img\" }: GRUB's, a file "
                             "beside the manifest"
                           : "add system_area { source: \"...\" }: isolinux's isohdpfx.bin or "
                             "GRUB's boot_hybrid.img, a file beside the manifest"});
  }
  return missing;
}

std::vector<std::string> ApplyPreset(Manifest* manifest) {
  const PresetPlan* const plan = PlanOf(*manifest);
  if (plan == nullptr) {
    if (manifest->has_boot()) manifest->mutable_boot()->clear_preset();
    return {};
  }
  return Filler(manifest, *plan).Run();
}

}  // namespace isomason
