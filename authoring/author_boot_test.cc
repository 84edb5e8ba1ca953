// Boot images as the front door treats them: where the catalog points, and what is written
// into an image that several entries name.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;

class AuthorBootTest : public testing::Test {
 protected:
  // Makes the image of a manifest and reads all of it.
  std::string Make(const std::string& manifest) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "image_version: 1 volume { id: 'TEST' } iso9660 { rock_ridge {} } " + manifest, &m));
    const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "test", ".");
    Diagnostics diagnostics;
    auto disc = Author(loaded, directory_.path(), &diagnostics);
    EXPECT_EQ(disc.status(), absl::OkStatus()) << diagnostics.Format();
    disc_ = *std::move(disc);
    EXPECT_EQ(disc_->image().Prepare(2), absl::OkStatus());
    std::string bytes(disc_->image().size(), '?');
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
    EXPECT_EQ(disc_->image().Read(0, out), absl::OkStatus());
    return bytes;
  }

  static uint32_t Little32(const std::string& bytes, size_t at) {
    uint32_t number = 0;
    for (size_t i = 4; i > 0; --i) number = number << 8 | static_cast<uint8_t>(bytes[at + i - 1]);
    return number;
  }

  // The block that record `record` of the boot catalog points to.
  static uint32_t ImageBlock(const std::string& image, size_t record) {
    const size_t catalog = size_t{Little32(image, 17 * kBlockSize + 71)} * kBlockSize;
    return Little32(image, catalog + 32 * record + 8);
  }

  uint64_t BlockOf(const std::string& path) const {
    const Tree& tree = disc_->tree();
    return disc_->image().addresses().block(tree.inode(tree.Find(path)).content).value();
  }

  TestDirectory directory_;
  std::unique_ptr<Disc> disc_;
};

TEST_F(AuthorBootTest, TheCatalogPointsToTheImages) {
  directory_.Write("bios", TestBytes(3000, 1));
  directory_.Write("uefi", TestBytes(6000, 2));
  const std::string image = Make(R"(
    entry { path: "/boot/bios" file { source: "bios" } }
    entry { path: "/boot/uefi" file { source: "uefi" } }
    boot {
      catalog: "/boot/boot.cat"
      entry { platform: BIOS image: "/boot/bios" boot_info_table: true }
      entry { platform: UEFI image: "/boot/uefi" }
    })");
  EXPECT_EQ(Little32(image, 17 * kBlockSize + 71), BlockOf("/boot/boot.cat"));
  EXPECT_EQ(ImageBlock(image, 1), BlockOf("/boot/bios"));
  EXPECT_EQ(ImageBlock(image, 3), BlockOf("/boot/uefi"));
  EXPECT_EQ(Little32(image, BlockOf("/boot/bios") * kBlockSize + 12), BlockOf("/boot/bios"));
  EXPECT_EQ(image.substr(BlockOf("/boot/uefi") * kBlockSize, 6000), TestBytes(6000, 2));
}

TEST_F(AuthorBootTest, AnImageThatSeveralEntriesNameIsOneFileWithAllThatTheyWant) {
  const std::string source = TestBytes(3000, 1);
  directory_.Write("bios", source);
  const std::string image = Make(R"(
    entry { path: "/bios" file { source: "bios" } }
    entry { path: "/link" hard_link: "/bios" }
    boot {
      entry { platform: BIOS image: "/bios" boot_info_table: true }
      entry { platform: BIOS image: "/link" grub2_boot_info: true id: "other" }
      entry { platform: MAC image: "/bios" }
    })");
  const uint64_t block = BlockOf("/bios");
  EXPECT_EQ(ImageBlock(image, 1), block);
  EXPECT_EQ(ImageBlock(image, 3), block);
  EXPECT_EQ(ImageBlock(image, 5), block);
  const std::string stored = image.substr(block * kBlockSize, source.size());
  EXPECT_EQ(Little32(stored, 12), block);
  EXPECT_EQ(Little32(stored, 2548), block * 4 + 5);
  EXPECT_EQ(stored.substr(0, 8), source.substr(0, 8));
  EXPECT_EQ(stored.substr(64, 2484), source.substr(64, 2484));
}

TEST_F(AuthorBootTest, AnotherFileFromTheSameSourceStaysAsItIs) {
  const std::string source = TestBytes(3000, 1);
  directory_.Write("bios", source);
  const std::string image = Make(R"(
    entry { path: "/bios" file { source: "bios" } }
    entry { path: "/copy" file { source: "bios" } }
    boot { entry { platform: BIOS image: "/bios" boot_info_table: true } })");
  EXPECT_NE(BlockOf("/bios"), BlockOf("/copy"));
  EXPECT_EQ(image.substr(BlockOf("/copy") * kBlockSize, 3000), source);
}

TEST_F(AuthorBootTest, APartitionLiesBehindAllFilesAndMayBeABootImageAndAFile) {
  const std::string esp = TestBytes(5000, 3);
  directory_.Write("esp", esp);
  directory_.Write("data", TestBytes(100, 4));
  const std::string image = Make(R"(
    entry { path: "/a.img" file { source: "esp" } }
    entry { path: "/z" text: "z" }
    boot {
      entry { platform: UEFI partition: 2 }
      partition { image: "/a.img" type: "ESP" }
      partition { source: "data" type: "0x83" alignment: 4096 }
      system_area { gpt {} }
    })");
  const uint64_t block = BlockOf("/a.img");
  EXPECT_EQ(block, 512u);
  EXPECT_LT(BlockOf("/z"), block);
  EXPECT_EQ(ImageBlock(image, 1), block);
  EXPECT_EQ(image.substr(block * kBlockSize, esp.size()), esp);
  EXPECT_EQ(Little32(image, 1024 + 128 + 32), block * 4);
  EXPECT_EQ(Little32(image, 1024 + 128 + 40), block * 4 + 11);
  EXPECT_EQ(Little32(image, 1024 + 256 + 32), 516u * 4);
  EXPECT_EQ(image.substr(image.size() - 512, 8), "EFI PART");
}

TEST_F(AuthorBootTest, CodeThatLoadsABiosImageIsToldWhereThatLies) {
  directory_.Write("code", std::string(440, 'C'));
  const std::string image = Make(R"(
    entry { path: "/i" text: "code" }
    boot {
      entry { platform: BIOS image: "/i" boot_info_table: false }
      system_area { source: "code" code: ISOLINUX_CODE mbr { geometry: HEADS_64_SECTORS_32 } }
    })");
  EXPECT_EQ(Little32(image, 432), BlockOf("/i") * 4);
  EXPECT_EQ(image.size() % (1 << 20), 0u);
  EXPECT_EQ(Little32(image, 446 + 12), image.size() / 512);
  EXPECT_EQ(static_cast<uint8_t>(image[446]), 0x80);
}

TEST_F(AuthorBootTest, APartitionThatIsMountedByItselfCountsFromItsStart) {
  directory_.Write("data", TestBytes(100, 4));
  const std::string image = Make(R"(
    entry { path: "/a" text: "a" }
    boot {
      partition { source: "data" type: "0x83" alignment: 4096 }
      system_area { mbr { iso_type: 0x83 } partition_offset: 16 }
    })");
  constexpr uint64_t kOffset = 16;
  const uint64_t start = Little32(image, 446 + 8), end = start + Little32(image, 446 + 12);
  EXPECT_EQ(start, kOffset * 4);
  EXPECT_EQ(end, Little32(image, 462 + 8));  // where partition 2 begins
  const auto descriptor = [&](uint64_t block, uint64_t at) {
    return Little32(image, block * kBlockSize + at);
  };
  EXPECT_EQ(image.substr((16 + kOffset) * kBlockSize, 6), "\1CD001");
  EXPECT_EQ(image.substr((17 + kOffset) * kBlockSize, 6), "\377CD001");
  EXPECT_EQ(descriptor(16, 80), image.size() / kBlockSize);
  EXPECT_EQ(descriptor(16 + kOffset, 80), (end - start) / 4);
  // The root of each, its own first record, and the file's address in it.
  const uint64_t root = descriptor(16, 156 + 2);
  const uint64_t other = descriptor(16 + kOffset, 156 + 2);
  EXPECT_NE(other + kOffset, root);
  EXPECT_EQ(descriptor(root, 2), root);
  EXPECT_EQ(descriptor(other + kOffset, 2), other);
  const auto length = [&](uint64_t at) { return static_cast<uint8_t>(image[at]); };
  const uint64_t parent = length(root * kBlockSize);
  const uint64_t file = parent + length(root * kBlockSize + parent);
  EXPECT_EQ(descriptor(root, file + 2), BlockOf("/a"));
  EXPECT_EQ(descriptor(other + kOffset, file + 2), BlockOf("/a") - kOffset);
}

TEST_F(AuthorBootTest, SaysWhatNeitherEmulationNorCodeNorATableCanDo) {
  directory_.Write("code", std::string(440, 'C'));
  directory_.Write("long", std::string(600, 'C'));
  const struct {
    const char* manifest;
    const char* says;
  } kCases[] = {
      {"entry { path: '/i' text: 'x' } boot { entry { image: '/i' emulation: FLOPPY } }",
       "has 1 bytes, and a floppy disk 1228800, 1474560 or 2949120"},
      {"entry { path: '/i' text: 'x' } boot { entry { image: '/i' emulation: HARD_DISK } }",
       "does not begin with a master boot record"},
      {"boot { system_area { source: 'code' code: GRUB_CODE } }",
       "loads the image of a BIOS entry"},
      {"boot { system_area { source: 'code' apm {} } }", "which this boot code needs"},
      {"boot { system_area { source: 'long' gpt {} } }", "leaves it the first 512"},
      {"boot { system_area { partition_offset: 16 } }", "there is no table that lists"},
      {"entry { path: '/i' text: 'x' } boot { system_area { gpt {} } partition { image: '/i' "
       "type: 'ESP' } partition { image: '/i' type: 'ESP' } }",
       "partitions may not overlap"},
      {"boot { system_area { gpt {} } partition { image: '/i' type: 'ESP' } }",
       "\"/i\" is not in the image"},
  };
  for (const auto& c : kCases) {
    manifest::Manifest m;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
        std::string("image_version: 1 volume { id: 'TEST' } iso9660 {} ") + c.manifest, &m));
    const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "test", ".");
    Diagnostics diagnostics;
    EXPECT_FALSE(Author(loaded, directory_.path(), &diagnostics).ok());
    EXPECT_NE(diagnostics.Format().find(c.says), std::string::npos) << diagnostics.Format();
  }
}

// What the rules say about an image as it is planned: from addresses, from the tables that were
// rendered, and from the first bytes of boot images.
TEST_F(AuthorBootTest, FindingsAreAboutTheImageAsItIsPlanned) {
  const auto ids = [this] {
    std::vector<std::string> found;
    for (const Finding& finding : disc_->findings()) {
      found.push_back(absl::StrCat(finding.field, " ", finding.rule->id));
    }
    return found;
  };
  std::string isolinux = TestBytes(30000, 1);
  isolinux.replace(64, 4, "\xFB\xC0\x78\x70");
  std::string fat(1474560, '\0');
  fat.replace(0, 3, "\xEB\x3C\x90");
  fat.replace(11, 13, std::string("\x00\x02\x01\x01\x00\x02\xE0\x00\x40\x0B\xF0\x09\x00", 13));
  directory_.Write("isolinux.bin", isolinux);
  directory_.Write("efi.img", fat);
  directory_.Write("mbr", "code");
  const std::string files = R"(
    entry { path: "/isolinux.bin" file { source: "isolinux.bin" } }
    entry { path: "/efi.img" file { source: "efi.img" } }
    entry { path: "/link" symlink: "efi.img" }
    )";
  Make(files + R"(boot {
    entry { platform: UEFI image: "/efi.img" load_sectors: 1 }
    entry { platform: BIOS image: "/isolinux.bin" }
  })");
  EXPECT_THAT(
      ids(),
      ElementsAre("boot.entry[1] bios-entry-not-first", "boot boot-catalog-hidden",
                  "boot.entry[0] uefi-load-zero", "boot.entry[1] isolinux-no-boot-info-table",
                  "boot.entry[0] uefi-no-efi-boot-in-tree", "boot no-partition-table"));

  Make(files + R"(
    udf {}
    entry { path: "/efi/boot/bootx64.efi" text: "loader" }
    boot {
      catalog: "/boot.cat"
      entry { platform: BIOS image: "/isolinux.bin" boot_info_table: true }
      entry { platform: UEFI partition: 2 }
      system_area { source: "mbr" gpt {} mbr { active: false } }
      partition { source: "efi.img" type: "ESP" }
      allow: "esp-not-a-file"
    })");
  EXPECT_THAT(
      ids(),
      ElementsAre("boot.entry[1] esp-not-a-file", "boot.system_area no-active-partition",
                  "boot.system_area.gpt gpt-beside-bios-code",
                  "boot.system_area.gpt gpt-backup-apart",
                  "boot.system_area iso-partition-not-mountable", "boot.entry[1] esp-without-label",
                  "udf.symlinks udf-special-7zip", "udf.symlinks udf-symlinks-grub"));
}

}  // namespace
}  // namespace isomason
