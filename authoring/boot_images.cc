#include "authoring/boot_images.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/options.h"
#include "authoring/partitions.h"
#include "boot/boot_info_table.h"
#include "boot/el_torito.h"
#include "layout/status.h"

namespace isomason {
namespace {

class Planner {
 public:
  Planner(const manifest::Boot& boot, ContentTable& contents, Resolved& resolved,
          Problems* problems, BootPlan* plan)
      : boot_(boot),
        contents_(contents),
        resolved_(resolved),
        tree_(resolved.tree),
        problems_(*problems),
        plan_(*plan) {}

  absl::Status Run() {
    RETURN_IF_ERROR(PatchImages());
    BootCatalog catalog;
    for (int i = 0; i < boot_.entry_size(); ++i) {
      BootEntry entry;
      RETURN_IF_ERROR(MakeEntry(i, &entry));
      catalog.entries.push_back(std::move(entry));
      if (const absl::Status fits = CheckCatalog(catalog); !fits.ok()) {
        Refuse(absl::StrCat("boot.entry[", i, "]"), fits.message(),
               "leave out entries; those of one platform and id that follow each other need "
               "less room");
        return absl::OkStatus();
      }
    }
    plan_.entries = catalog.entries;
    plan_.catalog = AddCatalog(contents_, std::move(catalog));
    const NodeId shown = resolved_.boot_catalog;
    if (shown != kNoNode) tree_.SetContent(tree_.inode_id(shown), plan_.catalog);
    return absl::OkStatus();
  }

 private:
  NodeId Image(int entry) const { return resolved_.boot_images[static_cast<size_t>(entry)]; }

  // An image that several entries name is one file, with all that they want in it.
  absl::Status PatchImages() {
    std::map<InodeId, BootImagePatches> wanted;
    for (int i = 0; i < boot_.entry_size(); ++i) {
      const manifest::BootEntry& said = boot_.entry(i);
      if (said.partition() != 0) continue;
      BootImagePatches& patches = wanted[tree_.inode_id(Image(i))];
      patches.boot_info_table |=
          said.boot_info_table() && CanPatch(i, "boot_info_table", {.boot_info_table = true});
      patches.grub2_boot_info |=
          said.grub2_boot_info() && CanPatch(i, "grub2_boot_info", {.grub2_boot_info = true});
    }
    for (const auto& [inode, patches] : wanted) {
      if (!patches.boot_info_table && !patches.grub2_boot_info) continue;
      ASSIGN_OR_RETURN(PatchedBootImage patched,
                       PatchBootImage(contents_, tree_.inode_at(inode).content, patches));
      tree_.SetContent(inode, patched.content);
      if (patched.preparation) plan_.preparations.push_back(std::move(patched.preparation));
    }
    return absl::OkStatus();
  }

  // Whether the image of a boot entry has room for what the entry's field `name` wants.
  bool CanPatch(int i, absl::string_view name, const BootImagePatches& wanted) {
    const NodeId node = Image(i);
    if (FatPartitionAt(resolved_, node) >= 0) {
      Refuse(absl::StrCat("boot.entry[", i, "].", name), "nothing is written into a partition",
             absl::StrCat("leave out `", name, "`"));
      return false;
    }
    const absl::Status room =
        CheckBootImage(ByteCount(contents_.size(tree_.inode(node).content)), wanted);
    if (room.ok()) return true;
    Refuse(
        absl::StrCat("boot.entry[", i, "].", name),
        absl::StrCat(Quote(tree_.Path(node)), " ", room.message()),
        absl::StrCat("name the boot loader that wants it as `image`, or leave out `", name, "`"));
    return false;
  }

  // What entry `i` is about, for sentences.
  std::string NameOfImage(int i) const {
    const uint32_t partition = boot_.entry(i).partition();
    return partition == 0 ? Quote(tree_.Path(Image(i))) : absl::StrCat("partition ", partition);
  }

  ByteCount SizeOfImage(int i) const {
    const uint32_t partition = boot_.entry(i).partition();
    if (partition != 0) {
      return PartitionSize(resolved_, contents_, FindPartition(boot_, partition));
    }
    return ByteCount(contents_.size(tree_.inode(Image(i)).content));
  }

  absl::Status MakeEntry(int i, BootEntry* made) {
    const manifest::BootEntry& said = boot_.entry(i);
    BootEntry& entry = *made;
    entry.platform = PlatformOf(said);
    entry.image = said.partition() == 0
                      ? tree_.inode(Image(i)).content
                      : PartitionContent(resolved_, FindPartition(boot_, said.partition()));
    const ByteCount size = SizeOfImage(i);
    const bool emulated = said.emulation() > manifest::NO_EMULATION;
    entry.load_sectors = said.has_load_sectors()
                             ? static_cast<uint16_t>(said.load_sectors())
                             : DefaultLoadSectors(entry.platform, emulated, size);
    entry.load_segment = static_cast<uint16_t>(said.load_segment());
    entry.id = said.id();
    entry.bootable = !said.not_bootable();
    entry.criteria = said.selection_criteria();
    entry.new_section = said.new_section();
    return emulated ? Emulate(i, size, &entry) : absl::OkStatus();
  }

  // The image has to be such a disk as the BIOS is to pretend.
  absl::Status Emulate(int i, ByteCount size, BootEntry* entry) {
    const std::string field = absl::StrCat("boot.entry[", i, "].emulation");
    if (boot_.entry(i).emulation() == manifest::FLOPPY) {
      entry->media = FloppyOf(size);
      if (entry->media == BootMedia::kNoEmulation) {
        Refuse(
            field,
            absl::StrCat(NameOfImage(i), " has ", size.value(),
                         " bytes, and a floppy disk 1228800, 1474560 or 2949120 (El Torito 2.2)"),
            "name the image of a whole floppy disk, or leave out `emulation`");
      }
      return absl::OkStatus();
    }
    std::vector<uint8_t> sector(std::min(size.value(), kSectorSize));
    RETURN_IF_ERROR(contents_.ReadUnpatched(entry->image, 0, absl::MakeSpan(sector)));
    const absl::StatusOr<uint8_t> type = HardDiskType(sector);
    entry->media = BootMedia::kHardDisk;
    if (type.ok()) {
      entry->system_type = *type;
    } else {
      Refuse(field, absl::StrCat(NameOfImage(i), " ", type.status().message(), " (El Torito 2.2)"),
             "name the image of a whole hard disk, or leave out `emulation`");
    }
    return absl::OkStatus();
  }

  void Refuse(std::string field, absl::string_view message, absl::string_view remedy) {
    problems_.push_back({.field = std::move(field),
                         .where = "boot",
                         .message = std::string(message),
                         .remedy = std::string(remedy)});
  }

  const manifest::Boot& boot_;
  ContentTable& contents_;
  Resolved& resolved_;
  Tree& tree_;
  Problems& problems_;
  BootPlan& plan_;
};

}  // namespace

absl::Status PlanBoot(const manifest::Manifest& manifest, ContentTable& contents,
                      Resolved& resolved, Problems* problems, BootPlan* plan) {
  if (manifest.boot().entry_size() == 0) return absl::OkStatus();
  return Planner(manifest.boot(), contents, resolved, problems, plan).Run();
}

}  // namespace isomason
