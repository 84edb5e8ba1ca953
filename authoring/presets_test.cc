#include "authoring/presets.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/author.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/options.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

manifest::Manifest Parse(const std::string& text) {
  manifest::Manifest m;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      absl::StrCat("image_version: 1 volume { id: 'PRESET' } ", text), &m))
      << text;
  return m;
}

constexpr char kFiles[] = R"(
  entry { path: "/boot/loader.bin" file { source: "loader" } }
  entry { path: "/EFI/BOOT/BOOTX64.EFI" text: "for UEFI" }
)";

// A preset, with what it needs, and the same written out.
struct Case {
  const char* preset;
  const char* written;
};
constexpr Case kCases[] = {
    {R"(boot { preset: HYBRID_GPT entry { image: "/boot/loader.bin" } system_area { source: "mbr" } })",
     R"(iso9660 { rock_ridge {} }
        boot {
          catalog: "/boot.catalog"
          entry { image: "/boot/loader.bin" boot_info_table: true grub2_boot_info: true }
          entry { platform: UEFI partition: 2 }
          system_area { source: "mbr" gpt {} }
          partition { image: "/boot/efi.img" fat { label: "ESP" } }
        })"},
    {R"(boot { preset: HYBRID_MBR entry { image: "/boot/loader.bin" grub2_boot_info: false }
             system_area { source: "mbr" } })",
     R"(iso9660 { rock_ridge {} }
        boot {
          catalog: "/boot/boot.cat"
          entry { image: "/boot/loader.bin" boot_info_table: true }
          entry { platform: UEFI partition: 2 }
          system_area { source: "mbr" mbr { geometry: HEADS_64_SECTORS_32 } }
          partition { image: "/boot/efi.img" fat { label: "ESP" } }
        })"},
    {R"(boot { preset: UEFI_ONLY })",
     R"(iso9660 { rock_ridge {} }
        boot {
          catalog: "/boot.catalog"
          entry { platform: UEFI partition: 2 }
          system_area { gpt {} }
          partition { image: "/boot/efi.img" fat { label: "ESP" } }
        })"},
    {R"(boot { preset: BIOS_CD entry { image: "/boot/loader.bin" } })",
     R"(iso9660 { rock_ridge {} }
        boot { catalog: "/boot/boot.cat" entry { image: "/boot/loader.bin" boot_info_table: true } })"},
    {R"(boot { preset: GRUB_CHAMELEON entry { image: "/boot/loader.bin" }
             system_area { source: "mbr" } })",
     R"(iso9660 { rock_ridge {} }
        boot {
          catalog: "/boot.catalog"
          entry { image: "/boot/loader.bin" boot_info_table: true grub2_boot_info: true }
          entry { platform: UEFI partition: 2 }
          system_area { source: "mbr" gpt { fill_gaps: true } apm {} }
          partition { image: "/boot/efi.img" fat { label: "ESP" } }
        })"},
    {R"(entry { path: "/boot/etfsboot.com" file { source: "loader" } }
        entry { path: "/efi/microsoft/boot/efisys.bin" file { source: "loader" } }
        boot { preset: WINDOWS_SETUP })",
     R"(udf { revision: UDF_1_02 bridge: STUB_BRIDGE }
        entry { path: "/boot/etfsboot.com" file { source: "loader" } }
        entry { path: "/efi/microsoft/boot/efisys.bin" file { source: "loader" } }
        boot {
          entry { image: "/boot/etfsboot.com" load_sectors: 8 }
          entry { platform: UEFI image: "/efi/microsoft/boot/efisys.bin" }
        })"},
    {"boot { preset: SEED }", "iso9660 { rock_ridge {} joliet {} }"},
    // What is set stays.
    {R"(iso9660 { level: 1 names: MANGLE_NAMES }
        boot {
          preset: UEFI_ONLY
          catalog: "/catalog"
          entry { platform: UEFI image: "/boot/loader.bin" }
          system_area { gpt { fill_gaps: true } }
        })",
     R"(iso9660 { level: 1 names: MANGLE_NAMES }
        boot {
          catalog: "/catalog"
          entry { platform: UEFI image: "/boot/loader.bin" }
          system_area { gpt { fill_gaps: true } }
          partition { image: "/boot/loader.bin" type: "ESP" }
        })"},
    {R"(boot {
          preset: UEFI_ONLY
          partition { source: "mbr" type: "0x83" number: 5 }
          partition { fat { free: 4096 } number: 7 }
        })",
     R"(iso9660 { rock_ridge {} }
        boot {
          catalog: "/boot.catalog"
          entry { platform: UEFI partition: 7 }
          system_area { gpt {} }
          partition { source: "mbr" type: "0x83" number: 5 }
          partition { fat { free: 4096 } number: 7 }
        })"},
};

class PresetsTest : public testing::Test {
 protected:
  PresetsTest() {
    std::string code(512, '\x90');
    directory_.Write("mbr", code);
    directory_.Write("loader", TestBytes(4096, 1));
  }

  // The id of an image and its bytes, or what is wrong.
  std::string Make(const std::string& text) {
    const LoadedManifest loaded = LoadedManifest::FromMessage(Parse(text), "m.textproto", ".");
    Diagnostics diagnostics;
    const auto disc = Author(loaded, directory_.path(), &diagnostics);
    if (!disc.ok()) return diagnostics.Format();
    EXPECT_TRUE((*disc)->image().Prepare(2).ok());
    std::string bytes((*disc)->image().size(), '?');
    EXPECT_TRUE((*disc)
                    ->image()
                    .Read(0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()))
                    .ok());
    return absl::StrCat((*disc)->volume().image_id.Hex(), bytes);
  }

  std::vector<std::string> Missing(const std::string& text) {
    std::vector<std::string> lines;
    for (const MissingPart& part : MissingParts(Parse(text))) {
      lines.push_back(absl::StrCat(part.field, ": ", part.message));
    }
    return lines;
  }

  TestDirectory directory_;
};

TEST_F(PresetsTest, MakeTheImageOfWhatTheyFillIn) {
  for (const Case& c : kCases) {
    const std::string with = Make(absl::StrCat(kFiles, c.preset));
    ASSERT_GT(with.size(), 65536u) << c.preset << "\n" << with;
    EXPECT_TRUE(with == Make(absl::StrCat(kFiles, c.written))) << c.preset;
  }
}

TEST_F(PresetsTest, AreGoneFromTheCanonicalForm) {
  for (const Case& c : kCases) {
    manifest::Manifest with = WithDefaults(Parse(c.preset));
    EXPECT_EQ(with.boot().preset(), manifest::NO_PRESET);
    EXPECT_EQ(with.ShortDebugString(), WithDefaults(Parse(c.written)).ShortDebugString());
  }
}

TEST_F(PresetsTest, SayWhatTheyFillIn) {
  manifest::Manifest m = Parse(kCases[0].preset);
  EXPECT_THAT(ApplyPreset(&m),
              ElementsAre("iso9660 { rock_ridge {} }", "boot.entry[0] { boot_info_table: true }",
                          "boot.entry[0] { grub2_boot_info: true }",
                          "boot.partition[0] { image: \"/boot/efi.img\" fat { label: \"ESP\" } }",
                          "boot.entry[1] { platform: UEFI partition: 2 }",
                          "boot.system_area { gpt {} }", "boot { catalog: \"/boot.catalog\" }"));
  EXPECT_THAT(ApplyPreset(&m), IsEmpty());
}

// Its number is where isolinux has instructions.
TEST_F(PresetsTest, WriteGrubsPlaceIntoNoIsolinux) {
  manifest::Manifest m = Parse(
      "boot { preset: HYBRID_GPT entry { image: '/ISOLINUX/ISOLINUX.BIN' } "
      "entry { image: '/grub.img' } entry { image: '/floppy' emulation: FLOPPY } }");
  ApplyPreset(&m);
  EXPECT_TRUE(m.boot().entry(0).boot_info_table());
  EXPECT_FALSE(m.boot().entry(0).grub2_boot_info());
  EXPECT_TRUE(m.boot().entry(1).grub2_boot_info());
  EXPECT_FALSE(m.boot().entry(2).boot_info_table());
  m = Parse(
      "boot { preset: HYBRID_GPT entry { image: '/grub.img' } "
      "system_area { source: 'x' code: ISOLINUX_CODE } }");
  ApplyPreset(&m);
  EXPECT_FALSE(m.boot().entry(0).grub2_boot_info());
}

TEST_F(PresetsTest, CallFilesAsTheNamesOfTheDiscAllow) {
  manifest::Manifest m = Parse("iso9660 {} boot { preset: UEFI_ONLY }");
  ApplyPreset(&m);
  EXPECT_EQ(m.boot().catalog(), "/BOOT.CATALOG");
  EXPECT_EQ(m.boot().partition(0).image(), "/BOOT/EFI.IMG");
}

TEST_F(PresetsTest, SayWhatOnlyTheUserKnows) {
  EXPECT_THAT(Missing("boot { preset: HYBRID_GPT }"),
              ElementsAre("boot.preset: HYBRID_GPT boots from a BIOS, and no entry is for one",
                          "boot.preset: HYBRID_GPT boots from a disk under a BIOS, and there is no "
                          "code for its first sector"));
  EXPECT_THAT(
      Missing("boot { preset: GRUB_CHAMELEON entry { platform: UEFI image: '/x' } "
              "system_area { source: 'x' } }"),
      ElementsAre("boot.preset: GRUB_CHAMELEON boots from a BIOS, and no entry is for one"));
  EXPECT_THAT(Missing("boot { preset: BIOS_CD }"),
              ElementsAre("boot.preset: BIOS_CD boots from a BIOS, and no entry is for one"));
  EXPECT_THAT(Missing("boot { preset: UEFI_ONLY }"), IsEmpty());
  EXPECT_THAT(Missing("boot { preset: WINDOWS_SETUP }"), IsEmpty());
  EXPECT_THAT(
      Missing("boot { preset: SEED entry { image: '/x' } system_area { gpt {} } }"),
      ElementsAre("boot.entry[0]: a SEED does not boot", "boot.system_area: a SEED does not boot"));
  EXPECT_THAT(Missing("boot { entry { image: '/x' } }"), IsEmpty());
}

TEST_F(PresetsTest, AreErrorsWithTheirPlaceWhereSomethingIsMissing) {
  EXPECT_THAT(Make("boot { preset: HYBRID_MBR }"),
              HasSubstr("boot.preset: HYBRID_MBR boots from a BIOS, and no entry is for one\n"
                        "  add entry { image: \"/...\" }"));
  // There is no /EFI of which the partition could be made.
  EXPECT_THAT(Make("boot { preset: UEFI_ONLY }"), HasSubstr("/EFI"));
}

}  // namespace
}  // namespace isomason
