// The example for Secure Boot, end to end: firmware with Microsoft's keys starts what Debian
// ships, and refuses the rescue disc, whose GRUB nobody signed.

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

class SecureBootTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shop_ = new Workshop();
    const auto payload = PayloadFolder();
    ASSERT_TRUE(payload.ok()) << payload.status();
    Command make;
    make.argv = {std::filesystem::absolute(Runfile("testdata/secure_boot/make")),
                 shop_->Path("disc")};
    make.environment["ISOMASON_PAYLOAD"] = *payload;
    const auto made = RunProcess(make);
    ASSERT_TRUE(made.ok()) << made.status();
    ASSERT_TRUE(made->Succeeded()) << made->Summary();
    for (const std::string name : {"secure_boot", "rescue"}) {
      const ProcessResult built =
          shop_->Isomason({"build", "--quiet", absl::StrCat("disc/", name, ".textproto"),
                           "--output", absl::StrCat(name, ".iso")});
      ASSERT_TRUE(built.Succeeded()) << built.Summary();
    }
  }
  static void TearDownTestSuite() {
    delete shop_;
    shop_ = nullptr;
  }

  // The disc's own init says the digest of the kernel as it reads it from the disc.
  static void Boot(Medium medium, const std::string& bus) {
    const auto digest = Sha256OfFile(shop_->Path("disc/vmlinuz"));
    ASSERT_TRUE(digest.ok()) << digest.status();
    BootOptions options;
    options.firmware = Firmware::kSecureBoot;
    options.medium = medium;
    options.bus = bus;
    options.expect = absl::StrCat("isomason rescue: sha256 ", *digest, " /live/vmlinuz (udf)");
    options.timeout_seconds = 180;
    const auto said = BootImage(shop_->Path("secure_boot.iso"), options);
    ASSERT_TRUE(said.ok()) << said.status();
    EXPECT_THAT(*said, HasSubstr("secureboot: Secure boot enabled"));
  }

  static Workshop* shop_;
};

Workshop* SecureBootTest::shop_ = nullptr;

TEST_F(SecureBootTest, StartsFromACd) { Boot(Medium::kCd, "virtio"); }

TEST_F(SecureBootTest, StartsFromADisk) { Boot(Medium::kDisk, "virtio"); }

TEST_F(SecureBootTest, IsSwitchedOn) {
  BootOptions options;
  options.firmware = Firmware::kSecureBoot;
  options.expect = "Access Denied";
  options.timeout_seconds = 120;
  const auto said = BootImage(shop_->Path("rescue.iso"), options);
  EXPECT_TRUE(said.ok()) << said.status();
}

}  // namespace
}  // namespace isomason
