// Boot blocks against those of xorriso 1.5.4: the same files at the same places give the same
// bytes.

#include "boot/boot_block.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "boot/alpha.h"
#include "boot/mips.h"
#include "boot/palo.h"
#include "boot/sun_label.h"
#include "gtest/gtest.h"
#include "layout/placement.h"

namespace isomason {
namespace {

class NoPiece : public PieceOwner {
 public:
  absl::string_view owner_name() const override { return "test"; }
  std::string Describe(uint32_t) const override { return "the rest"; }
  absl::Status Render(uint32_t, const Addresses&, std::string& out) const override {
    out.append(kBlockSize, '\0');
    return absl::OkStatus();
  }
};

// Files at places, in an image of some size.
class BootBlockTest : public testing::Test {
 protected:
  BootFile At(uint64_t block, uint64_t size) {
    const BootFile file{contents_.AddZeros(size), ByteCount(size)};
    pieces_.Fix(pieces_.AddContent(file.content, file.size), ToBytes(Block(block)));
    return file;
  }

  Addresses PlaceAll(uint64_t blocks) {
    pieces_.Fix(pieces_.Add(rest_, 0, ByteCount(kBlockSize)), ToBytes(Block(blocks - 1)));
    auto at = Place(pieces_, Shape(), [](ContentId) { return std::string("a file"); });
    EXPECT_TRUE(at.ok()) << at.status();
    EXPECT_EQ(at->image_size(), ToBytes(Block(blocks)));
    return *std::move(at);
  }

  static std::string Render(const BootBlock& block, const Addresses& at) {
    EXPECT_EQ(block.Check(at), absl::OkStatus());
    std::string out;
    block.Render(at, out);
    EXPECT_EQ(out.size(), block.size());
    return out;
  }

  // Zeros, with what stands at some places, in hexadecimal digits.
  static std::string Bytes(size_t size, const std::vector<std::pair<size_t, const char*>>& parts) {
    std::string out(size, '\0');
    for (const auto& [at, hex] : parts) {
      const std::string bytes = absl::HexStringToBytes(hex);
      out.replace(at, bytes.size(), bytes);
    }
    return out;
  }

  ContentTable contents_;
  Pieces pieces_;
  NoPiece rest_;
};

// This one by genisoimage 1.1.11: xorriso 1.5.4 has the type of partition 11 four bytes too far,
// and so makes a partition 12 of 6 sectors.
TEST_F(BootBlockTest, AMipsVolumeHeaderNamesFiles) {
  const MipsVolumeHeader header({{"mips.elf", At(59, 10240)}});
  EXPECT_EQ(Render(header, PlaceAll(221)), Bytes(512, {{0, "0be5a941"},
                                                       {29, "1b"},
                                                       {33, "01"},
                                                       {39, "2002"},
                                                       {47, "34"},
                                                       {72, "6d6970732e656c66000000ec00002800"},
                                                       {410, "0374"},
                                                       {434, "0374"},
                                                       {443, "06"},
                                                       {504, "562f49b8"}}));
}

TEST_F(BootBlockTest, AMipselBlockSaysWhereTheFirstSegmentLies) {
  MipselProgram program;
  program.load_address = 0x80100000;
  program.entry = 0x80100040;
  program.offset = 0x1000;
  program.size = 5000;
  const MipselBootBlock block(At(72, 9096), program);
  EXPECT_EQ(Render(block, PlaceAll(229)),
            Bytes(512, {{8, "7a75020001"}, {18, "1080400010800a0000002801"}}));
}

TEST_F(BootBlockTest, PaloBlocksOfBothVersionsSayWhereFilesLie) {
  const PaloFiles files{At(33, 6570), At(37, 5854), At(40, 5764), At(43, 3782)};
  const Addresses at = PlaceAll(229);
  EXPECT_EQ(Render(PaloBootBlock(files, "root=/dev/ram x", 5), at),
            Bytes(2048, {{0, "800050414c4f000500012800000016de0001580000000ec6"},
                         {233, "0140000000168400010800000019aa"},
                         {1024, "726f6f743d2f6465762f72616d2078"}}));
  EXPECT_EQ(Render(PaloBootBlock(files, "root=/dev/ram x", 4), at),
            Bytes(2048, {{0,
                          "800050414c4f000400012800000016de0001580000000ec6"
                          "726f6f743d2f6465762f72616d2078"},
                         {233, "0140000000168400010800000019aa"}}));
}

TEST_F(BootBlockTest, AnAlphaBlockSaysWhereTheLoaderLies) {
  const AlphaBootBlock block(At(33, 5000));
  EXPECT_EQ(
      Render(block, PlaceAll(229)),
      Bytes(512, {{0, "4c696e75782f416c7068612061626f6f7420666f722049534f2066696c6573797374656d2e"},
                  {480, "0a"},
                  {488, "84"},
                  {504, "808701dce6176da8"}}));
}

TEST_F(BootBlockTest, ASunLabelRepeatsIso9660) {
  SunLabel::Options options;
  options.text = "CD-ROM Disc with Sun sparc boot created by libisofs";
  options.repeat = true;
  EXPECT_EQ(Render(SunLabel(options), PlaceAll(229)),
            Bytes(512, {{0,
                         "43442d524f4d204469736320776974682053756e20737061726320626f6f742063726561"
                         "746564206279206c696269736f6673"},
                        {131, "01"},
                        {141, "080004001000020010000200100002001000020010000200100002001000020010"},
                        {188, "600ddeee"},
                        {420, "015e08"},
                        {431, "0108"},
                        {437, "010280"},
                        {450, "0394"},
                        {458, "0394"},
                        {466, "0394"},
                        {474, "0394"},
                        {482, "0394"},
                        {490, "0394"},
                        {498, "0394"},
                        {506, "0394dabe6b94"}}));
}

TEST_F(BootBlockTest, ASunLabelListsPartitionsInCylinders) {
  SunLabel::Options options;
  options.text = "label text";
  options.partitions = {{2, At(160, 70000)}, {3, At(320, 1000)}};
  EXPECT_EQ(Render(SunLabel(options), PlaceAll(471)),
            Bytes(512, {{0, "6c6162656c2074657874"},
                        {131, "01"},
                        {141, "08000400100002001000020010"},
                        {188, "600ddeee"},
                        {420, "015e08"},
                        {431, "0108"},
                        {437, "010280"},
                        {450, "075c000000010000008c0000000200000004"},
                        {508, "dabe0e7c"}}));
}

TEST(MipselTest, ReadsTheSegmentThatIsLoadedAndRefusesOtherPrograms) {
  std::string elf = absl::HexStringToBytes(
      "7f454c46010101000000000000000000020008000100000040001080340000000000000000000000"
      "3400200002000000000000000000007000000000000000000000000000000000000000000000000000000000"
      "0100000000020000000010800000108064000000640000000700000000100000");
  const auto read = [](const std::string& bytes, uint64_t size) {
    return ReadMipselProgram(
        absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), size);
  };
  const auto program = read(elf, 612);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_EQ(program->load_address, 0x80100000u);
  EXPECT_EQ(program->entry, 0x80100040u);
  EXPECT_EQ(program->offset, 512u);
  EXPECT_EQ(program->size, 100u);
  EXPECT_EQ(read(elf, 611).status().message(), "ends before its code does");
  std::string odd = elf;
  odd[52 + 32 + 4] = 1;
  EXPECT_EQ(read(odd, 4000).status().message(),
            "has its code at byte 513, which is no multiple of 512, and the firmware loads whole "
            "sectors");
  std::string none = elf;
  none[52 + 32] = 0;
  EXPECT_EQ(read(none, 4000).status().message(), "is a program without a segment that is loaded");
  std::string big_endian = elf;
  big_endian[5] = 2;
  for (const std::string& other : {big_endian, std::string("#!/bin/sh"), elf.substr(0, 51)}) {
    EXPECT_EQ(read(other, 4000).status().message(),
              "is no program for it: ELF, 32 bits, little-endian");
  }
}

TEST_F(BootBlockTest, RefuseNumbersThatDoNotFit) {
  const BootFile far = At(uint64_t{1} << 20, 4096);  // 2 GiB
  const BootFile near = At(30, 10);
  const Addresses at = PlaceAll((uint64_t{1} << 20) + 100);
  EXPECT_EQ(
      PaloBootBlock({near, near, near, far}, "", 5).Check(at).message(),
      "the RAM disk for HP-PA ends at byte 2147487744, and the boot block can say no more than "
      "2147483647");
  EXPECT_EQ(PaloBootBlock({near, near, near, near}, "", 5).Check(at), absl::OkStatus());
  EXPECT_EQ(MipsVolumeHeader({{"far", far}}).Check(at), absl::OkStatus());
}

}  // namespace
}  // namespace isomason
