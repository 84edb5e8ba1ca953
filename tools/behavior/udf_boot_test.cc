// UEFI firmware starts a boot loader from UDF: images in which nothing else holds it, as a
// CD in a machine with OVMF. There is no boot catalog and no file system for firmware but
// UDF, so that a line from the loader proves that UDF was read, to the loader's last byte.

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/ovmf.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

constexpr char kWords[] = "a loader that was read from UDF";

class UdfBootTest : public testing::Test {
 protected:
  // Builds an image of the loader, with `rest` in its manifest, and boots it.
  void Boot(const std::string& rest, size_t size = 100000) {
    shop_.Write("loader.efi", TalkingProgram(absl::StrCat("\r\n", kWords, "\r\n"), size));
    shop_.Write("disc.textproto",
                absl::StrCat("image_version: 1\n"
                             "volume { id: \"LOADER\" }\n"
                             "entry { path: \"/EFI/BOOT/BOOTX64.EFI\" file { source: "
                             "\"loader.efi\" } }\n",
                             rest));
    const ProcessResult built =
        shop_.Isomason({"build", "--quiet", "disc.textproto", "-o", "disc.iso"});
    ASSERT_TRUE(built.Succeeded()) << built.Summary();
    BootOptions options;
    options.firmware = Firmware::kUefi;
    options.medium = Medium::kCd;
    options.expect = kWords;
    options.timeout_seconds = 120;
    const auto said = BootImage(shop_.Path("disc.iso"), options);
    EXPECT_TRUE(said.ok()) << said.status();
  }

  Workshop shop_;
};

TEST_F(UdfBootTest, OfABridgeWhoseIso9660DoesNotShowTheLoader) {
  Boot(
      "iso9660 { rock_ridge {} joliet {} }\n"
      "udf { revision: UDF_1_02 }\n"
      "hide { match: \"EFI/**\" from: ISO9660 from: JOLIET }\n");
}

// A loader of a KiB with its headers.
TEST_F(UdfBootTest, OfAFileEntryThatHoldsTheLoader) {
  Boot("udf { revision: UDF_1_02 bridge: NO_BRIDGE embed_below: 1873 }\n", 500);
}

TEST_F(UdfBootTest, OfUdfAlone) { Boot("udf { revision: UDF_1_02 bridge: NO_BRIDGE }\n"); }

}  // namespace
}  // namespace isomason
