// Every preset in every mode that it promises: discs with Debian's boot loaders and kernel, in
// machines with SeaBIOS and OVMF, from a CD, from a disk on AHCI and on USB, and from one that is
// larger than the image, as sticks are. A disc counts as booted when its own init has mounted it
// and says the digest of a file that it read there. docs/presets.md has the table of this test.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

// The machines of the table, by the headings of their columns.
struct Machine {
  const char* name;
  Firmware firmware;
  Medium medium;
  const char* bus;
  bool larger;  // the disk has 64 MiB more than the image
};
constexpr Machine kMachines[] = {
    {"BIOS, CD", Firmware::kBios, Medium::kCd, "virtio", false},
    {"BIOS, AHCI", Firmware::kBios, Medium::kDisk, "ahci", false},
    {"BIOS, USB", Firmware::kBios, Medium::kDisk, "usb", false},
    {"BIOS, larger", Firmware::kBios, Medium::kDisk, "virtio", true},
    {"UEFI, CD", Firmware::kUefi, Medium::kCd, "virtio", false},
    {"UEFI, AHCI", Firmware::kUefi, Medium::kDisk, "ahci", false},
    {"UEFI, USB", Firmware::kUefi, Medium::kDisk, "usb", false},
    {"UEFI, larger", Firmware::kUefi, Medium::kDisk, "virtio", true},
};
constexpr size_t kMachineCount = std::size(kMachines);

// A disc: a preset, and what it needs.
struct Disc {
  const char* name;     // of the row
  const char* loaders;  // what starts it, for the table
  const char* manifest;
  const char* machines;  // by kMachines: b boots, s a stand-in says its line, - is not promised
};

// GRUB's configuration for all discs that have GRUB, and its kernel.
constexpr char kLive[] =
    "image_version: 1\n"
    "volume { id: 'PRESETS' }\n"
    "entry { path: '/live/vmlinuz' file { source: 'rescue/vmlinuz' } }\n"
    "entry { path: '/live/initrd.img' file { source: 'rescue/initrd.img' } }\n"
    "entry { path: '/live/rescue.disc' text: 'what GRUB under UEFI looks for' }\n"
    "entry {\n"
    "  path: '/boot/grub/grub.cfg'\n"
    "  text: 'serial --unit=0 --speed=115200\\nterminal_output serial\\n'\n"
    "    'linux /live/vmlinuz console=ttyS0,115200 quiet rescue.label=PRESETS rescue.test\\n'\n"
    "    'initrd /live/initrd.img\\nboot\\n'\n"
    "}\n";
constexpr char kGrubForUefi[] =
    "entry { path: '/EFI/BOOT/BOOTX64.EFI' file { source: 'rescue/BOOTX64.EFI' } }\n";
constexpr char kGrubAsWindowsHasIt[] =
    "entry { path: '/efi/boot/bootx64.efi' file { source: 'rescue/BOOTX64.EFI' } }\n";
constexpr char kGrubForBios[] =
    "entry { path: '/boot/grub/eltorito.img' file { source: 'rescue/eltorito.img' } }\n";
constexpr char kIsolinux[] =
    "entry { path: '/isolinux/isolinux.bin' file { source: 'root/ISOLINUX/isolinux.bin' } }\n"
    "entry {\n"
    "  path: '/isolinux/ldlinux.c32'\n"
    "  file { source: 'root/syslinux/modules/bios/ldlinux.c32' }\n"
    "}\n"
    "entry {\n"
    "  path: '/isolinux/isolinux.cfg'\n"
    "  text: 'SERIAL 0 115200\\nDEFAULT live\\nLABEL live\\nKERNEL /live/vmlinuz\\n'\n"
    "    'INITRD /live/initrd.img\\n'\n"
    "    'APPEND console=ttyS0,115200 quiet rescue.label=PRESETS rescue.test\\n'\n"
    "}\n";

const std::vector<Disc>& Discs() {
  static const auto* const kDiscs = new std::vector<Disc>{
      {"HYBRID_GPT", "GRUB",
       "boot {\n"
       "  preset: HYBRID_GPT\n"
       "  entry { image: '/boot/grub/eltorito.img' }\n"
       "  system_area { source: 'rescue/boot_hybrid.img' }\n"
       "}\n",
       "bbbbbbbb"},
      {"HYBRID_MBR", "isolinux; GRUB under UEFI",
       "boot {\n"
       "  preset: HYBRID_MBR\n"
       "  entry { image: '/isolinux/isolinux.bin' }\n"
       "  system_area { source: 'root/ISOLINUX/isohdpfx.bin' }\n"
       "}\n",
       "bbbbbbbb"},
      {"UEFI_ONLY", "GRUB", "boot { preset: UEFI_ONLY }\n", "----bbbb"},
      {"BIOS_CD", "isolinux",
       "boot { preset: BIOS_CD entry { image: '/isolinux/isolinux.bin' } }\n", "b-------"},
      {"GRUB_CHAMELEON", "GRUB",
       "boot {\n"
       "  preset: GRUB_CHAMELEON\n"
       "  entry { image: '/boot/grub/eltorito.img' }\n"
       "  system_area { source: 'rescue/boot_hybrid.img' }\n"
       "}\n",
       "bbbbbbbb"},
      {"WINDOWS_SETUP", "stand-ins: a program of 4096 bytes, GRUB in efisys.bin",
       "entry { path: '/boot/etfsboot.com' file { source: 'etfsboot.com' } }\n"
       "entry { path: '/efi/microsoft/boot/efisys.bin' file { source: 'efisys.bin' } }\n"
       "boot { preset: WINDOWS_SETUP }\n",
       "s---b---"},
  };
  return *kDiscs;
}

// A BIOS program of 4096 bytes, whose words stand in the half that etfsboot.com needs loaded.
std::string TalkingEtfsboot(absl::string_view words) {
  const char kProgram[] =
      "\xFA\xFC\x31\xC0\x8E\xD8"  // cli; cld; ds = 0
      "\xBE\x00\x88"              // si = 0x7C00 + 3072, where the words are
      "\xBA\xF8\x03"              // dx = the first serial port
      "\xAC\x84\xC0\x74\x03"      // next: lodsb; test al, al; jz end
      "\xEE\xEB\xF8"              // out dx, al; jmp next
      "\xF4\xEB\xFD";             // end: hlt; jmp end
  std::string program(kProgram, sizeof kProgram - 1);
  program.resize(3072, '\0');
  absl::StrAppend(&program, words);
  program.resize(4096, '\0');
  return program;
}
constexpr char kWords[] = "etfsboot's second half was loaded\r\n";

class Shop {
 public:
  Shop() {
    const auto payload = PayloadFolder();
    EXPECT_TRUE(payload.ok()) << payload.status();
    if (!payload.ok()) return;
    Command make;
    make.argv = {std::filesystem::absolute(Runfile("testdata/rescue/make")), shop_.Path("rescue")};
    make.environment["ISOMASON_PAYLOAD"] = *payload;
    const auto made = RunProcess(make);
    EXPECT_TRUE(made.ok() && made->Succeeded()) << made.status();
    std::filesystem::create_symlink(absl::StrCat(*payload, "/root/usr/lib"), shop_.Path("root"));
    shop_.Write("etfsboot.com", TalkingEtfsboot(kWords));
    const std::string efisys = shop_.Path("efisys.bin");
    for (const std::vector<std::string>& step :
         {std::vector<std::string>{"mkfs.fat", "-C", efisys, "2880"},
          {"mmd", "-i", efisys, "::/EFI", "::/EFI/BOOT"},
          {"mcopy", "-i", efisys, shop_.Path("rescue/BOOTX64.EFI"), "::/EFI/BOOT/BOOTX64.EFI"}}) {
      const auto done = RunProcess(step);
      EXPECT_TRUE(done.ok() && done->Succeeded()) << done.status();
    }
    const auto digest = Sha256OfFile(shop_.Path("rescue/vmlinuz"));
    EXPECT_TRUE(digest.ok()) << digest.status();
    if (digest.ok()) digest_ = *digest;
  }

  // The file of a disc, built when it is first asked for.
  std::string Image(const std::string& name, const std::string& manifest) {
    const std::string image = shop_.Path(name + ".iso");
    if (std::filesystem::exists(image)) return image;
    shop_.Write(name + ".textproto", manifest);
    const ProcessResult built =
        shop_.Isomason({"build", "--quiet", name + ".textproto", "-o", name + ".iso"});
    EXPECT_TRUE(built.Succeeded()) << built.Summary();
    return image;
  }

  const std::string& digest() const { return digest_; }

 private:
  Workshop shop_;
  std::string digest_;
};

// Made once for all tests of a process.
Shop& TheShop() {
  static auto* const kShop = new Shop();
  return *kShop;
}

std::string ManifestOf(const Disc& disc) {
  if (absl::StrContains(disc.manifest, "WINDOWS_SETUP")) {
    return absl::StrCat(kLive, kGrubAsWindowsHasIt, disc.manifest);
  }
  const bool isolinux = absl::StrContains(disc.loaders, "isolinux");
  return absl::StrCat(kLive, kGrubForUefi, isolinux ? kIsolinux : kGrubForBios, disc.manifest);
}

// Boots an image and expects `words`, or the kernel's digest as init says it when they are empty.
void Boot(const std::string& image, const Machine& machine, const std::string& words) {
  std::string disk = image;
  if (machine.larger) {
    disk = absl::StrCat(image, ".larger");
    std::filesystem::copy_file(image, disk, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(disk, std::filesystem::file_size(disk) + (64 << 20));
  }
  BootOptions options;
  options.firmware = machine.firmware;
  options.medium = machine.medium;
  options.bus = machine.bus;
  options.again_on_virtio = words.empty() && options.bus != "virtio";
  options.expect = words.empty() ? absl::StrCat("isomason rescue: sha256 ", TheShop().digest(),
                                                " /live/vmlinuz (")
                                 : words;
  options.timeout_seconds = 150;
  const auto said = BootImage(disk, options);
  EXPECT_TRUE(said.ok()) << said.status();
}

class PresetBootTest : public testing::TestWithParam<std::pair<size_t, size_t>> {};

TEST_P(PresetBootTest, StartsAndMountsItself) {
  const Disc& disc = Discs()[GetParam().first];
  const Machine& machine = kMachines[GetParam().second];
  const bool stand_in = disc.machines[GetParam().second] == 's';
  const std::string image = TheShop().Image(disc.name, ManifestOf(disc));
  Boot(image, machine, stand_in ? std::string(absl::StripAsciiWhitespace(kWords)) : "");
}

std::vector<std::pair<size_t, size_t>> Promised() {
  std::vector<std::pair<size_t, size_t>> all;
  for (size_t d = 0; d < Discs().size(); ++d) {
    for (size_t m = 0; m < kMachineCount; ++m) {
      if (Discs()[d].machines[m] != '-') all.emplace_back(d, m);
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Preset, PresetBootTest, testing::ValuesIn(Promised()),
                         [](const auto& preset) {
                           std::string name = absl::StrCat(Discs()[preset.param.first].name, "_",
                                                           kMachines[preset.param.second].name);
                           name.erase(std::remove_if(name.begin(), name.end(),
                                                     [](char c) { return c == ',' || c == ' '; }),
                                      name.end());
                           return name;
                         });

// The table as the page has it.
std::string Table() {
  std::string table = "| preset | starts |";
  std::string rule = "|---|---|";
  for (const Machine& machine : kMachines) {
    absl::StrAppend(&table, " ", machine.name, " |");
    rule += "---|";
  }
  absl::StrAppend(&table, "\n", rule, "\n");
  for (const Disc& disc : Discs()) {
    absl::StrAppend(&table, "| ", disc.name, " | ", disc.loaders, " |");
    for (size_t m = 0; m < kMachineCount; ++m) {
      const char how = disc.machines[m];
      absl::StrAppend(&table, how == 'b' ? " **boots** |" : how == 's' ? " starts |" : " - |");
    }
    table += "\n";
  }
  return table;
}

TEST(PresetTableTest, ThePageHasTheTableOfWhatIsTested) {
  std::ifstream in(Runfile("docs/presets.md"), std::ios::binary);
  std::ostringstream page;
  page << in.rdbuf();
  EXPECT_THAT(page.str(), HasSubstr(Table())) << "docs/presets.md should have\n" << Table();
}

}  // namespace
}  // namespace isomason
