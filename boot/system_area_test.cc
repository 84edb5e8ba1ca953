#include "boot/system_area.h"

#include <zlib.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "boot/apm.h"
#include "boot/gpt.h"
#include "boot/partition_type.h"
#include "gtest/gtest.h"
#include "layout/image.h"
#include "layout/placement.h"

namespace isomason {
namespace {

uint64_t Number(const std::string& bytes, size_t at, size_t width) {
  uint64_t number = 0;
  for (size_t i = width; i > 0; --i) number = number << 8 | static_cast<uint8_t>(bytes[at + i - 1]);
  return number;
}

uint32_t CrcOf(const std::string& bytes) {
  return static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

// An image of a system area, 100 blocks that stand for a file system, and partitions.
class SystemAreaTest : public testing::Test {
 protected:
  SystemAreaTest() {
    area_.mbr.emplace();
    area_.mbr->signature = 0x12345678;
    area_.mbr->iso_type = 0x17;
  }

  void AddPartition(uint64_t size, PartitionType type) {
    DiskPartition partition;
    partition.content = contents_.AddBytes(std::string(size, 'P'));
    partition.size = ByteCount(size);
    partition.number = static_cast<uint32_t>(area_.partitions.size() + 2);
    partition.mbr_type = type.mbr;
    partition.type = type.guid;
    partition.guid[0] = static_cast<uint8_t>(partition.number);
    partition.name = absl::StrCat("P", partition.number);
    partition.apm_type = "Apple_HFS";
    area_.partitions.push_back(partition);
  }

  void AddGpt() {
    GptOptions& gpt = area_.gpt.emplace();
    gpt.disk[0] = 0xD1;
    gpt.iso_type = kBasicDataType;
    gpt.iso_guid[0] = 1;
    gpt.backup_distance = kGptBackupDistance;
  }

  std::string Make() {
    const ContentId loader = contents_.AddBytes(std::string(100 * kBlockSize, 'L'));
    if (area_.code != BootCode::kRaw) area_.loader = loader;
    const auto area = std::make_shared<const SystemArea>(area_);
    const ContentId head = AddSystemArea(contents_, area);
    Pieces pieces;
    const auto add = [&](ContentId content) {
      return pieces.AddContent(content, ByteCount(contents_.size(content)));
    };
    pieces.Fix(add(head), ByteCount(0));
    add(loader);
    for (const DiskPartition& p : area_.partitions) {
      const PieceId piece = add(p.content);
      pieces.Trail(piece);
      pieces.Align(piece, ByteCount(1 << 20));
    }
    const BackupGpt backup(area);
    if (area_.gpt) backup.Add(pieces);
    Shape shape;
    shape.flow_start = ByteCount(kSystemAreaSize);
    auto at = Place(pieces, shape);
    EXPECT_TRUE(at.ok()) << at.status();
    EXPECT_EQ(CheckSystemArea(area_, *at), absl::OkStatus());
    const Image image(pieces, contents_, *std::move(at));
    std::string bytes(image.size(), '?');
    EXPECT_EQ(image.Read(0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())),
              absl::OkStatus());
    return bytes;
  }

  static std::string MbrEntryOf(const std::string& image, size_t i) {
    return absl::BytesToHexString(image.substr(kMbrTable + 16 * i, 16));
  }

  ContentTable contents_;
  SystemArea area_;
};

TEST_F(SystemAreaTest, WithoutGptThePartitionOfIso9660EndsWhereTheNextBegins) {
  area_.mbr->active = true;
  area_.mbr->geometry = kGeometry64x32;
  AddPartition(3000, *ParsePartitionType("ESP"));
  const std::string image = Make();
  EXPECT_EQ(MbrEntryOf(image, 0), "80000100173f20000000000000080000");
  EXPECT_EQ(MbrEntryOf(image, 1), "00000101ef0008010008000008000000");
  EXPECT_EQ(MbrEntryOf(image, 2), std::string(32, '0'));
  EXPECT_EQ(Number(image, kMbrSignature, 4), 0x12345678u);
  EXPECT_EQ(Number(image, 510, 2), 0xAA55u);
}

TEST_F(SystemAreaTest, OfTypeZeroItCoversTheWholeImage) {
  area_.mbr->iso_type = 0;
  AddPartition(3000, *ParsePartitionType("0x83"));
  const std::string image = Make();
  EXPECT_EQ(Number(image, kMbrTable + 12, 4), image.size() / 512);
}

TEST_F(SystemAreaTest, BothHeadersOfAGptAreWholeAndSayTheSame) {
  AddGpt();
  AddPartition(5000, *ParsePartitionType("ESP"));
  const std::string image = Make();
  const uint64_t last = image.size() / 512 - 1;
  EXPECT_EQ(MbrEntryOf(image, 0),
            absl::StrCat("00000200eeffffff01000000",
                         absl::BytesToHexString(std::string{static_cast<char>(last),
                                                            static_cast<char>(last >> 8), 0, 0})));
  for (const uint64_t here : {uint64_t{1}, last}) {
    std::string header = image.substr(here * 512, 512);
    EXPECT_EQ(header.substr(0, 8), "EFI PART");
    EXPECT_EQ(Number(header, 24, 8), here);
    EXPECT_EQ(Number(header, 32, 8), here == 1 ? last : 1);
    EXPECT_EQ(Number(header, 40, 8), 64u);
    EXPECT_EQ(Number(header, 48, 8), last - 33);
    const std::string array = image.substr(Number(header, 72, 8) * 512, kGptArraySize);
    EXPECT_EQ(Number(header, 88, 4), CrcOf(array));
    const auto crc = static_cast<uint32_t>(Number(header, 16, 4));
    header.replace(16, 4, 4, '\0');
    EXPECT_EQ(crc, CrcOf(header.substr(0, 92)));
    EXPECT_EQ(array.substr(0, 16),
              std::string(reinterpret_cast<const char*>(kBasicDataType.data()), 16));
    EXPECT_EQ(Number(array, 32, 8), 64u);
    EXPECT_EQ(Number(array, 40, 8), 2047u);
    EXPECT_EQ(array.substr(56, 16), std::string("I\0S\0O\09\0006\0006\0000\0\0\0", 16));
    EXPECT_EQ(Number(array, 128 + 32, 8), 2048u);
    EXPECT_EQ(Number(array, 128 + 40, 8), 2048u + 11u);
    EXPECT_EQ(array.substr(256, 128), std::string(128, '\0'));
  }
}

TEST_F(SystemAreaTest, GapsAreListedUnderNumbersThatAreFree) {
  AddGpt();
  area_.gpt->gaps.resize(4);
  AddPartition(2048, *ParsePartitionType("0x83"));
  AddPartition(2048, *ParsePartitionType("0x83"));
  area_.partitions[1].number = 5;
  const std::string image = Make();
  const std::string array = image.substr(1024, kGptArraySize);
  EXPECT_EQ(Number(array, 2 * 128 + 32, 8), 2052u);
  EXPECT_EQ(Number(array, 2 * 128 + 40, 8), 4095u);
  EXPECT_EQ(array.substr(2 * 128 + 56, 8), std::string("G\0a\0p\0000\0", 8));
  EXPECT_EQ(Number(array, 3 * 128 + 32, 8), 4100u);
  EXPECT_EQ(Number(array, 4 * 128 + 32, 8), 4096u);
}

TEST_F(SystemAreaTest, AProtectiveRecordHasAnActiveEntryBesideItOrListsPartitions) {
  AddGpt();
  area_.mbr->active = true;
  EXPECT_EQ(MbrEntryOf(Make(), 1), "80000100000001000000000001000000");

  AddPartition(2048, *ParsePartitionType("ESP"));
  area_.mbr->hybrid = true;
  const std::string image = Make();
  EXPECT_EQ(Number(image, kMbrTable + 12, 4), 2047u);
  EXPECT_EQ(MbrEntryOf(image, 1).substr(0, 2), "80");
  EXPECT_EQ(MbrEntryOf(image, 1).substr(8, 2), "ef");
  EXPECT_EQ(Number(image, kMbrTable + 16 + 8, 4), 2048u);
}

TEST_F(SystemAreaTest, CodeIsToldWhereItsImageLies) {
  area_.source = contents_.AddBytes(std::string(512, 'C'));
  area_.code = BootCode::kIsolinux;
  std::string image = Make();
  EXPECT_EQ(image.substr(0, 432), std::string(432, 'C'));
  EXPECT_EQ(Number(image, 432, 8), 64u);
  EXPECT_EQ(Number(image, 444, 2), 0u);
  area_.code = BootCode::kGrub;
  EXPECT_EQ(Number(Make(), 432, 8), 68u);
  area_.code = BootCode::kRaw;
  image = Make();
  EXPECT_EQ(image.substr(0, 440), std::string(440, 'C'));
  EXPECT_EQ(image.substr(512, 32768 - 512), std::string(32768 - 512, '\0'));
}

TEST_F(SystemAreaTest, AWholeAreaKeepsWhatNoTableTakes) {
  area_.source = contents_.AddBytes(std::string(20000, 'A'));
  const std::string image = Make();
  EXPECT_EQ(image.substr(512, 20000 - 512), std::string(20000 - 512, 'A'));
  EXPECT_EQ(Number(image, 510, 2), 0xAA55u);
  EXPECT_EQ(image[20000], '\0');
}

TEST_F(SystemAreaTest, AnAppleMapStandsBesideTheOthers) {
  AddGpt();
  area_.apm.emplace();
  area_.source = contents_.AddBytes(std::string(432, '\x90'));
  AddPartition(6000, *ParsePartitionType("ESP"));
  const std::string image = Make();
  EXPECT_EQ(absl::BytesToHexString(image.substr(0, 10)), "45520800eb02ffff9090");
  EXPECT_EQ(absl::BytesToHexString(image.substr(2048, 16)), "504d0000000000030000000100000003");
  EXPECT_EQ(absl::BytesToHexString(image.substr(4096, 16)), "504d00000000000300000010000001f0");
  EXPECT_EQ(absl::BytesToHexString(image.substr(6144, 16)), "504d0000000000030000020000000003");
  EXPECT_EQ(image.substr(6144 + 48, 10), std::string("Apple_HFS\0", 10));
  EXPECT_EQ(Number(image, 512 + 72, 8), 32u);  // the array lies behind it
}

TEST(BootCodeTest, IsKnownByWhatItSays) {
  const auto of = [](std::string text) {
    return RecognizeCode(
        absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  };
  std::string isolinux(432, '\0');
  isolinux.replace(280, 40, "isolinux.bin missing or corrupt.\r\n");
  EXPECT_EQ(of(isolinux), BootCode::kIsolinux);
  std::string grub(512, '\0');
  grub.replace(384, 10, std::string("GRUB \0Geom", 10));
  EXPECT_EQ(of(grub), BootCode::kRaw);
  grub[432] = 1;
  EXPECT_EQ(of(grub), BootCode::kGrub);
  EXPECT_EQ(of(grub + "x"), BootCode::kRaw);
  EXPECT_EQ(of(""), BootCode::kRaw);
}

TEST(PartitionTypeTest, SaysTheSameInBothTables) {
  EXPECT_EQ(ParsePartitionType("ESP"), ParsePartitionType("0xEF"));
  EXPECT_EQ(ParsePartitionType("ESP"), ParsePartitionType("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"));
  EXPECT_EQ(ParsePartitionType("0x83")->guid, kLinuxType);
  EXPECT_EQ(ParsePartitionType("0xCD")->guid, kBasicDataType);
  EXPECT_EQ(ParsePartitionType("00112233-4455-6677-8899-aabbccddeeff")->mbr, 0xCD);
  for (const char* none :
       {"", "0x", "0x00", "0xEE", "0x100", "EF", "esp", "0xG",
        "00000000-0000-0000-0000-000000000000", "C12A7328+F81F-11D2-BA4B-00A0C93EC93B"}) {
    EXPECT_FALSE(ParsePartitionType(none)) << none;
  }
}

TEST(GuidTest, ADigestGivesOneOfVersion8) {
  std::array<uint8_t, 32> digest;
  digest.fill(0xFF);
  const Guid guid = GuidFromDigest(digest);
  EXPECT_EQ(guid[7], 0x8F);
  EXPECT_EQ(guid[8], 0xBF);
}

}  // namespace
}  // namespace isomason
