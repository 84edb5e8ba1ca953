#include "tools/oracle/xorriso.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/sample.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ParseXorrisoLsdlTest, ReadsEveryKindOfEntry) {
  absl::StatusOr<Listing> got = ParseXorrisoLsdl(
      "drwxr-xr-x    1 0        0               0 Nov 22 12:46 '/'\n"
      "-rwsr-S--t+   2 1000     100000       5000 Jul 14  2017 '/sub/deep'\n"
      "brw-rw----    1 0        6           1,8388652 Nov 22 12:46 '/disk'\n"
      "crw-rw-rw-    1 0        0             1,3 Nov 22 12:46 '/null'\n"
      "prw-r--r--    1 0        0               0 Nov 22 12:46 '/fifo'\n"
      "srwxr-xr-x    1 0        0               0 Nov 22 12:46 '/sock'\n"
      "er--r--r--    1 0        0            2048 Nov 22 12:46 '/boot.cat'\n"
      "lrwxrwxrwx    1 5        6               0 Feb 13  2009 '/link' -> '../a b'\n"
      "-rw-r--r--    1 0        0               1 Nov 22 12:46 "
      "'/it'\"'\"'s\\nnew\\t\\344\\\\x'\n");
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(ToText(*got),
            "/\td\t0755\t0\t0\t-\t-\t-\t-\t-\t-\t-\n"
            "/boot.cat\tf\t0444\t0\t0\t1\t-\t2048\t-\t-\t-\t-\n"
            // 8,300 as genisoimage writes it.
            "/disk\tb\t0660\t0\t6\t-\t-\t-\t-\t-\t8,300\t-\n"
            "/fifo\tp\t0644\t0\t0\t-\t-\t-\t-\t-\t-\t-\n"
            "/it's\\nnew\\t\\xe4\\\\x\tf\t0644\t0\t0\t1\t-\t1\t-\t-\t-\t-\n"
            "/link\tl\t0777\t5\t6\t-\t-\t-\t-\t../a b\t-\t-\n"
            "/null\tc\t0666\t0\t0\t-\t-\t-\t-\t-\t1,3\t-\n"
            "/sock\ts\t0755\t0\t0\t-\t-\t-\t-\t-\t-\t-\n"
            "/sub/deep\tf\t7741\t1000\t100000\t2\t-\t5000\t-\t-\t-\t-\n");
}

TEST(ParseXorrisoLsdlTest, RefusesOtherLines) {
  for (const char* line : {
           "hello",
           "-rw-r--r-- 1 0 0 1 Nov 22 12:46 no quotes",
           "-rw-r--r-- 1 0 0 1 Nov 22 12:46 '/open",
           "-rw-r--r-- 1 0 0 x Nov 22 12:46 '/a'",
           "-rw-r--r-- 1 0 0 1 Nov 22 12:46 '/a' more",
           "-wr-r--r-- 1 0 0 1 Nov 22 12:46 '/a'",
           "brw-r--r-- 1 0 0 1 Nov 22 12:46 '/a'",
           "lrwxrwxrwx 1 0 0 0 Nov 22 12:46 '/a'",
       }) {
    EXPECT_EQ(ParseXorrisoLsdl(line).status().code(), absl::StatusCode::kDataLoss) << line;
  }
}

TEST(ParseXorrisoReportTest, ReadsWhatTheHelpTextDescribes) {
  absl::StatusOr<XorrisoReport> got = ParseXorrisoReport(
      "El Torito catalog  : 33  1\n"
      "El Torito images   :   N  Pltf  B   Emul  Ld_seg  Hdpt  Ldsiz         LBA\n"
      "El Torito boot img :   1  0xef  n   hd    0x07c0  0x0c      4          34\n"
      "El Torito img path :   1  /boot/a file\n"
      "El Torito img opts :   1  boot-info-table grub2-boot-info\n"
      "El Torito id string:   1  4142\n"
      "El Torito sel crit :   1  01\n"
      "System area options: 0x00004201\n"
      "System area summary: MBR protective-msdos-label grub2-mbr GPT APM\n"
      "ISO image size/512 : 276\n"
      "Partition offset   : 16\n"
      "MBR partition table:   N Status  Type        Start       Blocks\n"
      "MBR partition      :   2   0x80  0xef          276          128\n"
      "MBR partition path :   2  /efi.img\n"
      "GPT CRC should be  :      0x1 to match\n"
      "GPT disk GUID      :      cf18\n"
      "GPT entry array    :      2  248  overlapping\n"
      "GPT lba range      :      64  1004  1067\n"
      "GPT partname local :   1  Gap: 0\n"
      "GPT type GUID      :   1  a2a0\n"
      "GPT partition flags:   1  0x1000000000000001\n"
      "GPT start and size :   1  64  212\n"
      "APM block size     :      2048\n"
      "APM partition name :   1  HFSPLUS\n"
      "APM partition type :   1  Apple_HFS\n"
      "APM start and size :   1  128  176\n"
      "Drive current: -indev 'stdio:/x'\n"
      "PVD address  : 16s\n"
      "Volume Id    : A: B\n");
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_THAT(got->el_torito.entries, SizeIs(1));
  const XorrisoBootEntry& e = got->el_torito.entries[0];
  EXPECT_EQ(e.platform, "0xef");
  EXPECT_FALSE(e.bootable);
  EXPECT_EQ(e.emulation, "hd");
  EXPECT_EQ(e.load_segment, 0x7c0u);
  EXPECT_EQ(e.system_type, 12u);
  EXPECT_EQ(e.path, "/boot/a file");
  EXPECT_THAT(e.options, ElementsAre("boot-info-table", "grub2-boot-info"));
  EXPECT_EQ(e.id, "4142");
  EXPECT_EQ(e.selection_criterion, "01");
  const XorrisoSystemArea& sa = got->system_area;
  EXPECT_TRUE(sa.present);
  EXPECT_EQ(sa.partition_offset, 16u);
  ASSERT_THAT(sa.mbr, SizeIs(1));
  EXPECT_EQ(sa.mbr[0].number, 2);
  EXPECT_EQ(sa.mbr[0].status, 0x80u);
  EXPECT_EQ(sa.mbr[0].path, "/efi.img");
  EXPECT_EQ(sa.gpt_array_state, "overlapping");
  EXPECT_THAT(sa.gpt_problems, ElementsAre("GPT CRC should be: 0x1 to match"));
  ASSERT_THAT(sa.gpt, SizeIs(1));
  EXPECT_EQ(sa.gpt[0].name, "Gap: 0");
  EXPECT_EQ(sa.gpt[0].flags, 0x1000000000000001u);
  EXPECT_EQ(sa.apm_block_size, 2048u);
  ASSERT_THAT(sa.apm, SizeIs(1));
  EXPECT_EQ(sa.apm[0].type, "Apple_HFS");
  EXPECT_EQ(sa.apm[0].blocks, 176u);
  EXPECT_EQ(got->volume["Volume Id"], "A: B");
  EXPECT_EQ(ParseXorrisoReport("El Torito boot img :   1  BIOS\n").status().code(),
            absl::StatusCode::kDataLoss);
}

class XorrisoTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
    absl::StatusOr<Listing> tree = MakeSampleTree(scratch_->path() + "/tree", {});
    ASSERT_TRUE(tree.ok()) << tree.status();
  }
  void Write(std::vector<std::string> options) {
    absl::Status s = WriteWithXorriso(scratch_->path() + "/tree", image(), std::move(options));
    ASSERT_TRUE(s.ok()) << s;
  }
  std::string image() const { return scratch_->path() + "/image.iso"; }

  std::unique_ptr<ScratchDir> scratch_;
};

TEST_F(XorrisoTest, ReportsBootEntriesAndPartitions) {
  const std::string esp = scratch_->path() + "/esp.img";
  ASSERT_TRUE(WriteHostFile(esp, std::string(65536, 'e')).ok());
  Write({"-V", "BOOTABLE", "-c", "boot/boot.cat", "-b", "boot/vmlinuz", "-no-emul-boot",
         "-boot-load-size", "4", "-boot-info-table", "-eltorito-alt-boot", "-e",
         "--interval:appended_partition_2:all::", "-no-emul-boot", "-append_partition", "2", "0xef",
         esp, "-appended_part_as_gpt"});
  absl::StatusOr<XorrisoReport> got = XorrisoReportOf(image());
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->el_torito.catalog_lba.has_value());
  EXPECT_EQ(got->el_torito.catalog_path, "/boot/boot.cat");
  ASSERT_THAT(got->el_torito.entries, SizeIs(2));
  const XorrisoBootEntry& bios = got->el_torito.entries[0];
  EXPECT_EQ(bios.platform, "BIOS");
  EXPECT_TRUE(bios.bootable);
  EXPECT_EQ(bios.emulation, "none");
  EXPECT_EQ(bios.load_size, 4u);
  EXPECT_EQ(bios.path, "/boot/vmlinuz");
  EXPECT_THAT(bios.options, Contains("boot-info-table"));
  const XorrisoBootEntry& uefi = got->el_torito.entries[1];
  EXPECT_EQ(uefi.platform, "UEFI");
  EXPECT_EQ(uefi.load_size, 128u);
  EXPECT_EQ(uefi.path, "");
  ASSERT_THAT(got->system_area.mbr, SizeIs(1));
  EXPECT_EQ(got->system_area.mbr[0].type, 0xeeu);
  EXPECT_EQ(got->system_area.mbr[0].start, 1u);
  bool esp_seen = false;
  for (const XorrisoGptPartition& p : got->system_area.gpt) {
    if (p.name != "Appended2") continue;
    esp_seen = true;
    EXPECT_EQ(p.blocks, 128u);
    EXPECT_EQ(p.start, uint64_t{uefi.lba} * 4);
    EXPECT_EQ(p.type_guid, "28732ac11ff8d211ba4b00a0c93ec93b");
  }
  EXPECT_TRUE(esp_seen) << got->text;
  EXPECT_THAT(got->system_area.gpt_problems, IsEmpty());
  EXPECT_EQ(got->volume["Volume Id"], "BOOTABLE");
  EXPECT_EQ(XorrisoChecks(image()), absl::OkStatus());

  // One bit of a GUID: in the header, in an entry, in the backup header.
  absl::StatusOr<std::string> good = ReadHostFile(image());
  ASSERT_TRUE(good.ok());
  for (size_t at : {size_t{512 + 56}, size_t{1024 + 16}, good->size() - 512 + 56}) {
    std::string bad = *good;
    bad[at] ^= 1;
    ASSERT_TRUE(WriteHostFile(image(), bad).ok());
    absl::Status status = XorrisoChecks(image());
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << at;
    EXPECT_THAT(std::string(status.message()), HasSubstr("GPT")) << at;
  }
}

TEST_F(XorrisoTest, ReportsNothingWhereThereIsNothing) {
  Write({});
  absl::StatusOr<XorrisoReport> got = XorrisoReportOf(image());
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->text, "");
  EXPECT_FALSE(got->el_torito.catalog_lba.has_value());
  EXPECT_FALSE(got->system_area.present);
  EXPECT_EQ(XorrisoChecks(image()), absl::OkStatus());
  EXPECT_EQ(XorrisoListing(image(), View::kJoliet, scratch_->path()).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(XorrisoListing(image(), View::kUdf, scratch_->path()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(XorrisoTest, ComplainsOfATruncatedImage) {
  Write({});
  absl::StatusOr<std::string> bytes = ReadHostFile(image());
  ASSERT_TRUE(bytes.ok());
  bytes->resize(bytes->size() / 2);
  ASSERT_TRUE(WriteHostFile(image(), *bytes).ok());
  EXPECT_EQ(XorrisoChecks(image()).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(XorrisoListing(image(), View::kRockRidge, scratch_->path()).status().code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace isomason
