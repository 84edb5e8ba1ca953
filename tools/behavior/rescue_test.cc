// The rescue disc, end to end: its inputs made from Debian's packages, the image from its
// manifest, and machines that boot it until the disc's own init has found and mounted the
// disc and says the digest of a file that it read from there.

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

class RescueTest : public testing::Test {
 protected:
  // Makes the disc once for all tests.
  static void SetUpTestSuite() {
    shop_ = new Workshop();
    const auto payload = PayloadFolder();
    ASSERT_TRUE(payload.ok()) << payload.status();
    Command make;
    make.argv = {std::filesystem::absolute(Runfile("testdata/rescue/make")), shop_->Path("rescue")};
    make.environment["ISOMASON_PAYLOAD"] = *payload;
    const auto made = RunProcess(make);
    ASSERT_TRUE(made.ok()) << made.status();
    ASSERT_TRUE(made->Succeeded()) << made->Summary();
    const ProcessResult built =
        shop_->Isomason({"build", "--quiet", "rescue/rescue.textproto", "-o", "rescue.iso", "--set",
                         "cmdline=rescue.test", "--set", "menu_seconds=0"});
    ASSERT_TRUE(built.Succeeded()) << built.Summary();
  }
  static void TearDownTestSuite() {
    delete shop_;
    shop_ = nullptr;
  }

  // Boots it and expects the digest of the kernel as it lies on the host.
  static void Boot(Firmware firmware, Medium medium = Medium::kCd,
                   const std::string& image = "rescue.iso") {
    const auto digest = Sha256OfFile(shop_->Path("rescue/vmlinuz"));
    ASSERT_TRUE(digest.ok()) << digest.status();
    BootOptions options;
    options.firmware = firmware;
    options.medium = medium;
    options.expect = absl::StrCat("isomason rescue: sha256 ", *digest, " /live/vmlinuz (udf)");
    options.timeout_seconds = 120;
    const auto said = BootImage(shop_->Path(image), options);
    EXPECT_TRUE(said.ok()) << said.status();
  }

  static Workshop* shop_;
};

Workshop* RescueTest::shop_ = nullptr;

TEST_F(RescueTest, BootsFromACdUnderABios) { Boot(Firmware::kBios); }

TEST_F(RescueTest, BootsFromACdUnderUefi) { Boot(Firmware::kUefi); }

TEST_F(RescueTest, BootsFromADiskUnderABios) { Boot(Firmware::kBios, Medium::kDisk); }

TEST_F(RescueTest, BootsFromADiskUnderUefi) { Boot(Firmware::kUefi, Medium::kDisk); }

// As on a USB stick, where the backup of the GPT is not at the end.
TEST_F(RescueTest, BootsFromADiskThatIsLargerThanTheImage) {
  std::filesystem::copy_file(shop_->Path("rescue.iso"), shop_->Path("stick"));
  std::filesystem::resize_file(shop_->Path("stick"), 256 << 20);
  Boot(Firmware::kBios, Medium::kDisk, "stick");
  Boot(Firmware::kUefi, Medium::kDisk, "stick");
}

TEST_F(RescueTest, IsADiskWhosePartitionsLinuxFindsAlsoOnALargerOne) {
  std::filesystem::copy_file(shop_->Path("rescue.iso"), shop_->Path("larger"));
  std::filesystem::resize_file(shop_->Path("larger"), 256 << 20);
  LinuxOptions esp;
  esp.drive_block_size = 512;
  esp.partition = 2;
  const auto views =
      ReadWithLinux({shop_->Path("rescue.iso"), shop_->Path("larger")}, {View::kFat}, esp);
  ASSERT_TRUE(views.ok()) << views.status();
  for (const size_t i : {0, 1}) {
    const LinuxView& seen = views->at({i, View::kFat});
    ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
    const Listed* loader = seen.listing->Find("/EFI/BOOT/BOOTX64.EFI");
    ASSERT_NE(loader, nullptr) << i;
    EXPECT_EQ(loader->type, Listed::Type::kFile);
  }
}

// The kernel starts without a boot loader: UEFI's shell runs its EFI stub, which reads the
// initrd from the same partition. Both are files of the disc as well, and on it once.
TEST_F(RescueTest, StartsTheKernelsEfiStubFromThePartition) {
  std::string manifest = shop_->Read("rescue/rescue.textproto");
  const auto replace = [&](const std::string& from, const std::string& to) {
    ASSERT_NE(manifest.find(from), std::string::npos) << from;
    manifest.replace(manifest.find(from), from.size(), to);
  };
  std::string script;
  for (int i = 0; i < 4; ++i) {
    absl::StrAppend(&script, "if exist fs", i, ":\\\\vmlinuz.efi then\\r\\nfs", i,
                    ":\\r\\nvmlinuz.efi initrd=\\\\initrd.img console=ttyS0,115200 "
                    "rescue.label=${label} ${cmdline}\\r\\nendif\\r\\n");
  }
  replace("entry { path: \"/EFI/BOOT/BOOTX64.EFI\" file { source: \"BOOTX64.EFI\" } }",
          absl::StrCat("entry { path: \"/esp/startup.nsh\" text: \"", script,
                       "\" }\nhide { match: \"esp\" }\n"));
  replace("fat {",
          "fat { files { path: \"/live/vmlinuz\" to: \"/vmlinuz.efi\" }\n"
          "files { path: \"/live/initrd.img\" to: \"/initrd.img\" }\n"
          "files { path: \"/esp\" to: \"/\" }\n");
  shop_->Write("rescue/stub.textproto", manifest);
  const ProcessResult built = shop_->Isomason({"build", "--quiet", "rescue/stub.textproto", "-o",
                                               "stub.iso", "--set", "cmdline=rescue.test"});
  ASSERT_TRUE(built.Succeeded()) << built.Summary();
  EXPECT_LE(std::filesystem::file_size(shop_->Path("stub.iso")),
            std::filesystem::file_size(shop_->Path("rescue.iso")) + (1 << 20));
  Boot(Firmware::kUefi, Medium::kCd, "stub.iso");
  Boot(Firmware::kUefi, Medium::kDisk, "stub.iso");
}

TEST_F(RescueTest, HoldsWhatItsChecksumsSay) {
  const std::string extracted = shop_->Path("extracted");
  const auto xorriso = RunProcess({"xorriso", "-osirrox", "on", "-indev", shop_->Path("rescue.iso"),
                                   "-extract", "/", extracted});
  ASSERT_TRUE(xorriso.ok()) << xorriso.status();
  ASSERT_TRUE(xorriso->Succeeded()) << xorriso->Summary();
  Command check;
  check.argv = {"sha256sum", "--check", "--strict", "sha256sums"};
  check.directory = extracted;
  const auto checked = RunProcess(check);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_TRUE(checked->Succeeded()) << checked->Summary();
  EXPECT_THAT(checked->out, HasSubstr("live/vmlinuz: OK\n"));
}

}  // namespace
}  // namespace isomason
