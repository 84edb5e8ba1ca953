// -----------------------------------------------------------------------------
// File: authoring/firmware/facts.h
// -----------------------------------------------------------------------------
//
// What firmware, boot loaders and the programs that copy a disc to a stick see of an image:
// plain facts, from a plan or from an image, for the rules of lint.h.
//
//   BootFacts facts;
//   facts.size = 1 << 20;
//   facts.entries.push_back({.platform = BootPlatform::kUefi, .offset = 65536, .size = 4096});
//   for (const Finding& finding : LintBoot(facts)) ...
//
#ifndef ISOMASON_AUTHORING_FIRMWARE_FACTS_H_
#define ISOMASON_AUTHORING_FIRMWARE_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "boot/disk_tables.h"
#include "boot/el_torito.h"
#include "boot/system_area.h"

namespace isomason {

// What a boot image is, by its first bytes.
enum class BootProgram {
  kUnknown,
  kIsolinux,  // isolinux.bin
  kGrub,      // GRUB's image for CDs: cdboot.img and the core behind it
  kFat,       // a file system, as UEFI wants it
};

struct BootFacts {
  // An entry of the boot catalog.
  struct Entry {
    std::string field{};  // of the manifest, to blame: "boot.entry[1]"
    BootPlatform platform = BootPlatform::kBios;
    BootMedia media = BootMedia::kNoEmulation;
    uint16_t load_sectors = 0;  // of 512 bytes
    uint16_t load_segment = 0;
    uint64_t offset = 0;  // of the image, in bytes from the start of the disc
    uint64_t size = 0;
    std::string path{};   // of the file that it is; empty when no namespace has one
    std::string label{};  // of the FAT volume that it is
    BootProgram program = BootProgram::kUnknown;
    bool bootable = true;
    bool long_criteria = false;  // selection criteria that continue in further records
    bool boot_info_table = false;
    bool grub2_boot_info = false;
  };

  uint64_t size = 0;           // of the image, in bytes
  uint64_t volume_size = 0;    // what the primary volume descriptor says, in bytes
  uint64_t second_volume = 0;  // where a second set of descriptors takes the disk to begin; 0: none

  std::vector<Entry> entries;
  uint32_t catalog_records = 0;
  bool catalog_is_a_file = false;

  DiskTables tables;
  BootCode code = BootCode::kRaw;    // whose code the master boot record has, if any
  std::optional<size_t> code_loads;  // the entry whose image it loads

  // Labels; nothing where there is no such view. Joliet's is what its descriptor has room for.
  std::optional<std::string> iso9660_label, joliet_label, udf_label;
  bool stub = false;          // ISO 9660 is a stub beside UDF
  uint16_t udf_revision = 0;  // 0x0102; 0: there is no UDF
  bool udf_symlinks = false;  // UDF shows symlinks,
  bool udf_special = false;   // or devices, fifos, sockets
  bool udf_anchor_at_end = true;

  std::vector<std::string> loaders;  // for UEFI: /EFI/BOOT/BOOT*.EFI in any case of letters
  bool windows_setup = false;  // there are /bootmgr or /setup.exe, and /sources/*.wim or *.esd
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_FIRMWARE_FACTS_H_
