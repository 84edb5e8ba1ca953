#include "authoring/firmware/rules.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/manifest/diagnostics.h"

namespace isomason {
namespace {

// Appends text in lines of at most 110 characters; all but the first begin with `indent`.
void AppendWrapped(absl::string_view text, absl::string_view indent, std::string& out) {
  constexpr size_t kWidth = 110;
  size_t column = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (column > 0 && column + 1 + word.size() > kWidth) {
      absl::StrAppend(&out, "\n", indent);
      column = indent.size();
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    absl::StrAppend(&out, word);
    column += word.size();
  }
  out += '\n';
}

constexpr Severity kWarning = Severity::kWarning;
constexpr Severity kNote = Severity::kNote;

// Reports are named as owner/repository#number, files of other programs by their path.
constexpr FirmwareRule kRules[] = {
    // --- the boot catalog and its entries -------------------------------------------
    {"bios-entry-not-first", kWarning,
     "The first boot entry is not for a BIOS, and a later one is.",
     "SeaBIOS, and with it QEMU, looks at the first entry and at no other.",
     "Put the BIOS entry first.",
     "SeaBIOS src/cdrom.c, cdrom_boot(): platform 0 in the validation entry, then the initial "
     "entry."},
    {"boot-catalog-long", kNote, "The boot catalog has more than 16 records.",
     "EDK2 reads one sector of it: 64 records of a CD, and the first 16 on a USB stick.",
     "Leave out entries; those of one platform and id that follow each other need less room.",
     "EDK2 MdeModulePkg/Universal/Disk/PartitionDxe/ElTorito.c: the catalog is one block of the "
     "medium."},
    {"boot-catalog-hidden", kNote, "No directory shows the boot catalog.",
     "pycdlib 1.16 fails to take El Torito out of such an image (\"Invalid child index to "
     "remove\"); scripts that rebuild a disc with `-c boot.cat` find no such file.",
     "Name it: `boot.catalog: \"/boot/boot.cat\"`.",
     "clalancette/pycdlib#175, clalancette/pycdlib#176; Fedora and Windows hide it."},
    {"entry-not-bootable", kNote, "An entry behind the first is marked as not bootable.",
     "pycdlib 1.12 takes it for the end of the catalog and opens no such image.",
     "Leave the entry out.",
     "Seen in pycdlib 1.12, also on an image of genisoimage, docs/quirks.md."},
    {"entry-criteria-long", kNote, "An entry has selection criteria of more than 20 bytes.",
     "xorriso takes their further records for the end of the catalog or for an entry.",
     "Shorten `selection_criteria`.", "libisofs read_el_torito_boot_catalog(); docs/quirks.md."},
    {"load-past-image", kWarning, "A boot entry loads more than its image has.",
     "What lies behind the image is loaded as well; SeaBIOS does not ask what it is.",
     "Leave out `load_sectors`, or write a smaller number.",
     "SeaBIOS src/cdrom.c: the sector count of the entry is read as it stands; El Torito 2.2."},
    {"bios-load-too-large", kWarning, "A BIOS entry loads beyond the first 636 KiB of memory.",
     "There the BIOS has its data and the graphics card its memory, which SeaBIOS overwrites "
     "without a check.",
     "Load 4 sectors, as isolinux and GRUB want it: they load the rest themselves.",
     "SeaBIOS src/cdrom.c: reads to the load segment whatever the entry says."},
    {"bios-load-segment", kNote, "A BIOS entry is loaded to a segment of its own.",
     "isohybrid refuses the image, and some BIOSes load to 0x7C0 whatever it says.",
     "Leave out `load_segment`.",
     "syslinux utils/isohybrid.c: \"unexpected boot catalogue parameters\" unless it is 0 or "
     "0x7C0."},
    {"bios-load-sectors", kNote, "The entry of isolinux or GRUB does not load 4 sectors.",
     "isohybrid refuses the image; some BIOSes fail on a number that is no multiple of 4.",
     "Leave out `load_sectors`.",
     "syslinux utils/isohybrid.c; syslinux.org archives 2005-July/005401; both loaders' manuals."},
    {"boot-image-past-4-gib", kNote, "A boot image ends behind the first 4 GiB.",
     "isohybrid calculates its place in 32 bits and patches or reads something else.",
     "Write `layout.boot_first: true`.",
     "syslinux utils/isohybrid.c; OSInside/kiwi#150 sorts boot files to the front for it."},
    {"uefi-image-over-32-mib", kWarning,
     "The image of a UEFI entry has 32 MiB or more, which the entry cannot say.",
     "With 0, UEFI takes all up to the end of the volume, and U-Boot nothing; some firmware reads "
     "65535 sectors at the most, and the FAT file system is cut.",
     "Make the image smaller, or let a partition table name it as well.",
     "UEFI 2.11 13.3.2.1; QubesOS/qubes-issues#794; OSInside/kiwi#2390; U-Boot disk/part_iso.c."},
    {"uefi-load-cut", kWarning, "A UEFI entry says fewer sectors than its image has.",
     "Firmware that goes by the number sees a file system that is cut; EDK2 counts in blocks of "
     "2048 bytes and sees four times as much.",
     "Leave out `load_sectors`.",
     "diskfs/go-diskfs#359; openshift/assisted-image-service#283; UEFI 2.11 13.3.2.1."},
    {"uefi-load-zero", kNote,
     "A UEFI entry loads 0 sectors, or 1, of an image whose size it could say.",
     "U-Boot takes the number for the size, in blocks of 2048 bytes, and sees nothing.",
     "Leave out `load_sectors`.", "U-Boot disk/part_iso.c: the sector count shifted right by 2."},
    {"uefi-image-past-volume", kWarning,
     "A UEFI entry reaches up to the end of the volume, and its image lies behind that.",
     "EDK2 subtracts the image's place from the volume's size, and the result wraps around.",
     "Give the entry its exact number of sectors, or the volume the whole image.",
     "Seen in OVMF 2022.11; EDK2 MdeModulePkg/Universal/Disk/PartitionDxe/ElTorito.c."},
    {"fat-in-bios-entry", kWarning,
     "The image of a BIOS entry without emulation is a FAT file system.",
     "A BIOS runs its first sector as a program; firmware that goes by platform ids, as UEFI wants "
     "it, does not take it for an EFI system partition.",
     "Write `platform: UEFI`, or an `emulation` for a disk that a BIOS starts.",
     "UEFI 2.11 13.3.2.1: platform id 0xEF; mkisofs without -eltorito-platform writes such discs."},
    {"isolinux-no-boot-info-table", kWarning, "isolinux.bin has no boot info table.",
     "isolinux stops with \"Image checksum error, sorry\".",
     "Write `boot_info_table: true` in its entry.",
     "isolinux(1): -boot-info-table; syslinux.org archives 2013-November/021111."},
    {"grub-no-boot-info-table", kWarning, "GRUB's image for CDs has no boot info table.",
     "It stops with \"no boot info\".", "Write `boot_info_table: true` in its entry.",
     "GRUB grub-core/boot/i386/pc/cdboot.S, whose message that is; grub-mkrescue gives the "
     "option."},
    {"grub-no-grub2-boot-info", kWarning,
     "GRUB's boot code for disks loads an image that is not told where it lies.",
     "As a disk, the image loads its first block and then sectors of somewhere else.",
     "Write `grub2_boot_info: true` in the entry of GRUB's image.",
     "grub-mkrescue: --grub2-boot-info beside --grub2-mbr; seen with SeaBIOS: GRUB does not "
     "start."},

    // --- what is in the tree --------------------------------------------------------
    {"uefi-no-efi-boot-in-tree", kWarning,
     "There is a UEFI entry, and the tree has no boot loader below /EFI/BOOT.",
     "Rufus in its ISO mode, and whoever copies the files to a stick, get one that UEFI does not "
     "boot; Ventoy says \"No bootfile found for UEFI\".",
     "Put the loaders of the EFI system partition into the tree as well, as "
     "/EFI/BOOT/BOOTX64.EFI and the like.",
     "pbatard/rufus#2534, pbatard/rufus#526, pbatard/rufus#1770; ventoy/Ventoy#2930."},
    {"efi-boot-without-uefi-entry", kWarning,
     "The tree has a boot loader below /EFI/BOOT, and nothing names an EFI system partition.",
     "UEFI firmware reads FAT from the boot catalog or a partition; only EDK2 also reads UDF, and "
     "only from a CD.",
     "Add a boot entry with `platform: UEFI`.",
     "netbootxyz/netboot.xyz#268, netbootxyz/netboot.xyz#341; tianocore/edk2#10952."},
    {"udf-revision-edk2", kWarning,
     "Boot loaders for UEFI are only in the tree, and UDF has a revision that EDK2 does not read.",
     "EDK2 reads UDF up to 2.01: it knows no metadata partition.",
     "Write `udf.revision: UDF_1_02`, or add a boot entry with `platform: UEFI`.",
     "tianocore/edk2#7503; seen in OVMF 2022.11, see docs/formats/udf-readers.md."},
    {"windows-setup-without-udf", kWarning, "There are files of Windows Setup, and no UDF.",
     "Windows reads ISO 9660 without files of 4 GiB and more, which install.wim often is, and "
     "Microsoft's own discs have the files in UDF alone.",
     "Add `udf {}`.", "uup-dump/converter#13; ValdikSS/windows2usb#11; Technogeezer50/esd2iso#1."},
    {"windows-etfsboot-sectors", kWarning, "etfsboot.com is not loaded with 8 sectors.",
     "It has 4096 bytes, and does not load its second half itself.", "Write `load_sectors: 8`.",
     "clalancette/pycdlib#47: Microsoft's disc has 8; so have scripts that rebuild it."},

    // --- the image as a disk --------------------------------------------------------
    {"no-partition-table", kNote, "The image has boot entries and no table of partitions.",
     "On a USB stick, no BIOS boots it, and of UEFI firmware little but EDK2.",
     "Add `boot.system_area { ... }`, or use a preset for discs that are sticks as well.",
     "schlarpc/kmsrsos#339; kldload/kldload#3; dell/dell-recovery#133."},
    {"uefi-entry-without-partition", kWarning,
     "There is a UEFI entry and a table of partitions, without an EFI system partition in it.",
     "UEFI boots the image from a CD, and most firmware not from a stick.",
     "Add a `boot.partition` with `type: \"ESP\"`.",
     "coreos/coreos-assembler#1990; UEFI 2.11 3.5.1 and 13.3."},
    {"esp-without-uefi-entry", kWarning,
     "There is an EFI system partition, and no UEFI entry in the boot catalog.",
     "UEFI boots the image from a stick and not from a CD.",
     "Add entry { platform: UEFI partition: N } with its number.",
     "UEFI 2.11 13.3.2.1; tianocore/edk2#10952."},
    {"bios-entry-without-code", kNote,
     "There is a BIOS entry and a table of partitions, without boot code in the first sector.",
     "A BIOS boots the image from a CD and not from a stick.",
     "Name boot code: `boot.system_area.source: \"isohdpfx.bin\"` for isolinux, or GRUB's "
     "boot_hybrid.img.",
     "schlarpc/kmsrsos#339: a table without code, made in silence."},
    {"code-without-bios-entry", kNote,
     "There is boot code in the first sector, and no BIOS entry in the boot catalog.",
     "A BIOS boots the image from a stick and not from a CD.",
     "Add entry { platform: BIOS image: \"/...\" }.", "El Torito 2.0; SeaBIOS src/cdrom.c."},
    {"esp-not-a-file", kNote, "The image of a UEFI entry is a partition, and no file of the tree.",
     "The virtual CD drives of some Supermicro boards do not boot it; programs that copy the tree "
     "do not have it.",
     "Make it both: a file, and `boot.partition { image: ... }` with its path. It is stored once.",
     "OSInside/kiwi#2512; openSUSE/mkmedia#78."},
    {"no-active-partition", kWarning, "There is boot code, and no partition is active.",
     "Some BIOSes do not boot a stick without one.", "Leave out `mbr.active`, or write true.",
     "chimera-linux/chimera-live#21; xorrisofs(1): --mbr-force-bootable; Arch, Gentoo and Ubuntu "
     "use it."},
    {"gpt-beside-bios-code", kNote, "There is boot code for a BIOS, and a valid GPT.",
     "Some BIOSes take a disk with a GPT for one of UEFI and do not boot it.",
     "Keep it where UEFI from a stick matters more; otherwise leave out `gpt` and list the "
     "EFI system partition in the master boot record.",
     "QubesOS/qubes-installer-qubes-os#55, QubesOS/qubes-builderv2#34; archiso's mkarchiso says "
     "it as well."},
    {"hybrid-mbr", kNote, "The master boot record lists partitions beside a GPT.",
     "UEFI has one protective entry there: some firmware takes the disk for one without GPT, and "
     "partition programs warn.",
     "Leave out `mbr.hybrid`.",
     "UEFI 2.11 5.2.3; QubesOS/qubes-builderv2#79: mirrored tables are rejected by some firmware."},
    {"partitions-overlap", kWarning, "Partitions of one table share sectors.",
     "EDK2 passes over a master boot record whose entries overlap, and over both of two entries of "
     "a GPT that do.",
     "Let no two partitions cover the same bytes.",
     "Seen in OVMF 2022.11; EDK2 MdeModulePkg/Universal/Disk/PartitionDxe, Mbr.c and Gpt.c."},
    {"partition-covers-others", kNote,
     "A partition of type 0 covers the whole disk, and so the others.",
     "Partition programs report an overlap; Linux and UEFI firmware do not mind.",
     "Leave out `mbr.iso_type`: the partition of ISO 9660 then ends where the next begins.",
     "syslinux isohybrid and xorriso make such tables; seen with sfdisk and sgdisk."},
    {"gpt-invalid", kWarning, "A GPT is not valid.",
     "Linux, UEFI firmware and ESXi pass over it; EDK2 writes a new backup where it finds none.",
     "Make both copies whole.",
     "UEFI 2.11 5.3.2; kairos-io/AuroraBoot#711, kairos-io/kairos#2547; xorrisofs(1) calls that of "
     "-isohybrid-gpt-basdat invalid."},
    {"gpt-backup-apart", kNote, "The backup's entries do not lie right before their header.",
     "xorriso reports an \"Implausible array LBA\", and reads them all the same.",
     "Leave out `udf`, whose reserve descriptors lie between.",
     "Seen in xorriso 1.5.4, docs/quirks.md."},
    {"gpt-not-protected", kWarning,
     "There is a GPT, and no protective entry that starts at sector 1.",
     "Linux does not look at the GPT, and OVMF goes back to the boot catalog.",
     "Write a protective master boot record.",
     "UEFI 2.11 5.2.3; Linux block/partitions/efi.c; seen in OVMF 2022.11."},
    {"image-not-whole-cylinders", kNote,
     "The image has isolinux's boot code, and is no multiple of 1 MiB.",
     "isohybrid pads it to whole cylinders, because BIOSes that count in them do not boot it "
     "otherwise.",
     "Write `mbr.geometry: HEADS_64_SECTORS_32`, or `layout.size_multiple: 1048576`.",
     "syslinux utils/isohybrid.c and isolinux(1); xorrisofs(1): -partition_cyl_align."},
    {"more-than-1024-cylinders", kNote, "The partition of ISO 9660 has more than 1024 cylinders.",
     "BIOSes without extended calls do not reach what lies behind; isohybrid warns of it.",
     "Write `mbr.geometry: HEADS_255_SECTORS_63`, or leave it: BIOSes of this century do.",
     "syslinux utils/isohybrid.c: \"Not all BIOSes will be able to boot this device\"."},
    {"iso-partition-not-mountable", kNote,
     "The partition that covers ISO 9660 does not begin where the file system does.",
     "Programs that mount partitions, and not disks, find no label and no file system on a stick.",
     "Set `partition_offset: 16`, or let the boot system look at whole disks, too, as udev's "
     "by-label links do.",
     "Limine-Bootloader/Limine#372, Limine-Bootloader/Limine#273; archiso uses -partition_offset "
     "16 for it."},

    // --- labels ---------------------------------------------------------------------
    {"label-longer-than-fat", kNote, "The label of a disc for UEFI has more than 11 characters.",
     "Rufus and others give a stick with FAT the first 11: what looks for the label on the "
     "kernel's "
     "command line does not find it, unless they change that as well.",
     "Shorten `volume.id`, or look for a file or a UUID.",
     "pbatard/rufus#2086, pbatard/rufus#1074; livecd-tools/livecd-tools#59."},
    {"label-needs-escapes", kNote, "The label has characters that udev escapes.",
     "In /dev/disk/by-label a space is \\x20; boot systems that do not escape it find no disc.",
     "Use letters, digits, `_`, `-` and `.`.",
     "OSInside/kiwi#493; rear/rear#1565; systemd src/shared/device-nodes.c."},
    {"labels-differ", kNote, "ISO 9660, Joliet and UDF do not have the same label.",
     "Linux's blkid shows UDF's, Windows UDF's or Joliet's, and others that of ISO 9660.",
     "Give `volume.id` at most 16 characters, and leave out `joliet.volume_id`.",
     "util-linux/util-linux#913; luthermonson/go-proxmox#258; format tests with blkid."},
    {"esp-without-label", kNote, "The EFI system partition has no label of its own.",
     "udev falls back to the label of the whole disk, and the link in /dev/disk/by-label may lead "
     "to the partition: the live system does not mount.",
     "Give the FAT file system a label that is not the disc's.",
     "coreos/coreos-assembler#2458; systemd/systemd#12409, systemd/systemd#14408."},
    {"esp-label-of-disc", kWarning, "The EFI system partition has the label of the disc.",
     "The link in /dev/disk/by-label leads to the one that udev sees last.",
     "Give it another label.", "coreos/coreos-assembler#2458; systemd/systemd#12409."},
    {"esp-label-efi", kNote, "The EFI system partition has the label EFI.",
     "Some UEFI firmware takes the label's record for the directory of that name.",
     "Give it another label: ESP, BOOT_EFI.", "ventoy/Ventoy#175."},
    {"cidata-with-udf", kWarning, "A seed for cloud-init (label cidata) has UDF.",
     "cloud-init looks for the types iso9660 and vfat, and blkid calls such an image udf: the seed "
     "is not found.",
     "Leave out `udf`.",
     "cloud-init cloudinit/sources/DataSourceNoCloud.py, _get_devices(); blkid prefers UDF."},
    {"cidata-with-joliet", kNote, "A seed (label cidata) has Joliet.",
     "Talos 1.12 does not find it. cloudbase-init for Windows wants Joliet.",
     "Leave out `joliet` for Linux guests.",
     "siderolabs/omni-infra-provider-proxmox#84; rancher/windows#155."},

    // --- readers --------------------------------------------------------------------
    {"udf-special-7zip", kNote, "UDF holds symlinks or devices.",
     "7-Zip refuses the UDF volume and shows the ISO 9660 view, or nothing where there is none.",
     "Write `udf.symlinks: OMIT` and `udf.special: OMIT`, or FOLLOW for symlinks.",
     "7-Zip CPP/7zip/Archive/Udf/UdfIn.cpp; seen in 7-Zip 26.02, docs/quirks.md."},
    {"udf-symlinks-grub", kNote, "UDF holds symlinks, and the disc boots.",
     "GRUB 2.06 takes UDF before ISO 9660 and follows no symlink there.",
     "Let what GRUB reads be no symlink.", "GRUB grub-core/fs/udf.c; docs/quirks.md."},
    {"udf-metadata-partition", kNote, "UDF has a metadata partition.",
     "GRUB 2.06, libcdio and UEFI firmware know none, and take the ISO 9660 view, or nothing "
     "where there is none.",
     "Write `udf.revision: UDF_2_01` or an earlier one.",
     "tianocore/edk2#7503; docs/formats/udf-readers.md."},
    {"udf-no-end-anchor-7zip", kNote, "UDF has no anchor in the last block.",
     "7-Zip reports an error in the headers.", "Write `udf.anchors: AT_256_AND_END` or AT_ALL.",
     "Seen in 7-Zip 26.02, docs/quirks.md."},

    // --- the rules themselves -------------------------------------------------------
    {"unused-allow", kNote, "A rule is allowed that finds nothing.",
     "Nobody: but it would stay silent when it finds something another day.",
     "Leave it out of `boot.allow`.", "This page."},
};

}  // namespace

absl::Span<const FirmwareRule> FirmwareRules() { return kRules; }

const FirmwareRule* FindFirmwareRule(absl::string_view id) {
  const auto* const found = std::find_if(std::begin(kRules), std::end(kRules),
                                         [id](const FirmwareRule& rule) { return rule.id == id; });
  return found == std::end(kRules) ? nullptr : found;
}

UnknownRule CheckRuleName(absl::string_view id) {
  if (FindFirmwareRule(id) != nullptr) return {};
  std::vector<std::string> ids;
  for (const FirmwareRule& rule : kRules) ids.emplace_back(rule.id);
  const std::string closest = Closest(id, ids);
  return {absl::StrCat("there is no rule ", Quote(id)),
          closest.empty() ? "docs/firmware-lint.md lists them" : DidYouMean(closest)};
}

absl::string_view NameOf(Severity severity) {
  return severity == Severity::kWarning ? "warning" : "note";
}

std::string FirmwareRulesPage() {
  std::string page =
      "# Firmware lint\n"
      "\n"
      "<!-- Made from authoring/firmware/rules.cc: bazel run //tools/firmware_doc:update -->\n"
      "\n"
      "What firmware, boot loaders and the programs that copy discs to sticks are known to take\n"
      "badly. `isomason plan` and `isomason build` hold every image against these rules and print\n"
      "what they find; by default nothing of it is an error. `--deny RULE` makes one of it, and\n"
      "`--deny all` of all of them; then nothing is written and the exit code is 2. `--allow "
      "RULE`\n"
      "is for what was decided; so is `boot.allow` in a manifest, which changes no byte of the\n"
      "image. A rule that `--deny` names is denied even where the manifest allows it.\n"
      "\n"
      "A *warning* is about something that does not boot the disc or does not read it, a *note*\n"
      "about a choice that some machine or program minds. Each rule has its evidence: a standard,\n"
      "another program's source, a report (`owner/repository#number` on GitHub), or what our own\n"
      "tests saw.\n";
  for (const FirmwareRule& rule : kRules) {
    absl::StrAppend(&page, "\n## ", rule.id, "\n\n");
    AppendWrapped(absl::StrCat(rule.what, " *", NameOf(rule.severity), "*"), "", page);
    page += '\n';
    AppendWrapped(absl::StrCat("- Who minds: ", rule.breaks), "  ", page);
    AppendWrapped(absl::StrCat("- Change: ", rule.change), "  ", page);
    AppendWrapped(absl::StrCat("- Evidence: ", rule.source), "  ", page);
  }
  return page;
}

}  // namespace isomason
