#include "authoring/udf/volume_structure.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/volume_records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

using ::testing::HasSubstr;

constexpr VolumePlaces kPlaces{.main = Block(32),
                               .reserve = Block(983),
                               .integrity = Block(64),
                               .partition = Block(257),
                               .partition_length = Block(726),
                               .root = PartitionBlock(5)};

Volume MakeVolume() {
  Volume volume;
  volume.id = "DISC";
  volume.creation = {1793536496, 0};  // 2026-11-01T12:34:56Z
  return volume;
}

VolumeFacts Facts(const Volume& volume) {
  auto facts = MakeVolumeFacts(volume, kRevision102, nullptr);
  EXPECT_TRUE(facts.ok()) << facts.status();
  return *facts;
}

std::string Hex(const std::string& bytes, size_t first, size_t size) {
  return absl::BytesToHexString(bytes.substr(first, size));
}
uint32_t U32(const std::string& bytes, size_t at) {
  return *Little<uint32_t>::Get(
      ConstByteSpan(reinterpret_cast<const uint8_t*>(bytes.data()) + at, 4));
}
DescriptorTag TagAt(const std::string& bytes, size_t block) {
  const auto tag =
      ReadTag(ConstByteSpan(reinterpret_cast<const uint8_t*>(bytes.data()) + block * 2048, 2048));
  EXPECT_TRUE(tag.ok()) << "block " << block << ": " << tag.status();
  return tag.ok() ? *tag : DescriptorTag{};
}

TEST(VolumeStructureTest, RecognitionIsAnIdentifierAndZeros) {
  std::string out;
  AppendRecognition(kRevision102.recognition, out);
  EXPECT_EQ(out, absl::StrCat(absl::string_view("\0NSR02\x01", 7), std::string(2041, '\0')));
}

TEST(VolumeStructureTest, AnchorPointsToBothSequences) {
  std::string out;
  AppendAnchor(VolumeFacts{}, kPlaces, Block(256), out);
  ASSERT_EQ(out.size(), 512u);
  EXPECT_EQ(Hex(out, 0, 4), "02000200");
  EXPECT_EQ(Hex(out, 10, 6),
            "f001"
            "00010000");  // CRC of 496 bytes, location 256
  EXPECT_EQ(Hex(out, 16, 16),
            "00800000"
            "20000000"
            "00800000"
            "d7030000");
  EXPECT_EQ(out.substr(32), std::string(480, '\0'));
}

TEST(VolumeStructureTest, SequenceHoldsEachDescriptorOnceAndEnds) {
  std::string out;
  AppendDescriptorSequence(Facts(MakeVolume()), kPlaces, Block(32), out);
  ASSERT_EQ(out.size(), 16 * 2048u);
  struct {
    uint16_t id, crc_length;
  } const want[] = {{1, 496}, {4, 496}, {5, 496}, {6, 430}, {7, 8}, {8, 496}};
  for (size_t i = 0; i < 6; ++i) {
    const DescriptorTag tag = TagAt(out, i);
    EXPECT_EQ(tag.id, want[i].id);
    EXPECT_EQ(tag.crc_length, want[i].crc_length);
    EXPECT_EQ(tag.location, 32 + i);
    EXPECT_EQ(tag.version, 2);
    EXPECT_EQ(tag.serial, 0);
    if (i < 5) {
      EXPECT_EQ(U32(out, i * 2048 + 16), i) << "sequence number";
    }
  }
  EXPECT_EQ(out.substr(6 * 2048), std::string(10 * 2048, '\0'));
}

TEST(VolumeStructureTest, DescriptorsAreTheBytesThatTheStandardDraws) {
  std::string out;
  const VolumeFacts facts = Facts(MakeVolume());
  AppendDescriptorSequence(facts, kPlaces, Block(32), out);
  const std::string primary = out.substr(0, 2048), information = out.substr(2048, 2048),
                    partition = out.substr(2 * 2048, 2048), logical = out.substr(3 * 2048, 2048);

  // ECMA-167 3/10.1.
  EXPECT_EQ(Hex(primary, 24, 6), "084449534300");
  EXPECT_EQ(Hex(primary, 55, 1), "05");
  EXPECT_EQ(Hex(primary, 56, 16),
            "0100"
            "0100"
            "0200"
            "0200"
            "01000000"
            "01000000");
  EXPECT_EQ(Hex(primary, 199, 1), "15");  // 1 + 16 + 4
  EXPECT_EQ(primary.substr(201, 24), absl::string_view("OSTA Compressed Unicode\0", 24));
  EXPECT_EQ(primary.substr(265, 24), absl::string_view("OSTA Compressed Unicode\0", 24));
  EXPECT_EQ(Hex(primary, 376, 12), "0010ea070b010c2238000000");
  EXPECT_EQ(primary.substr(388, 10), absl::string_view("\0*isomason", 10));
  EXPECT_EQ(primary.substr(420), std::string(2048 - 420, '\0'));

  // ECMA-167 3/10.4, OSTA UDF 2.2.7.
  EXPECT_EQ(information.substr(20, 14), absl::string_view("\0*UDF LV Info\0", 14));
  EXPECT_EQ(Hex(information, 44, 8), "0201000000000000");
  EXPECT_EQ(Hex(information, 116, 6), "084449534300");

  // ECMA-167 3/10.5.
  EXPECT_EQ(Hex(partition, 20, 4),
            "0100"
            "0000");
  EXPECT_EQ(partition.substr(24, 8), absl::string_view("\0+NSR02\0", 8));
  EXPECT_EQ(Hex(partition, 184, 12),
            "01000000"
            "01010000"
            "d6020000");

  // ECMA-167 3/10.6.
  EXPECT_EQ(Hex(logical, 84, 6), "084449534300");
  EXPECT_EQ(Hex(logical, 211, 5),
            "05"
            "00080000");
  EXPECT_EQ(logical.substr(216, 21), absl::string_view("\0*OSTA UDF Compliant\0", 21));
  EXPECT_EQ(Hex(logical, 240, 8), "0201030000000000");
  EXPECT_EQ(Hex(logical, 248, 16),
            "00100000"
            "00000000"
            "0000"
            "000000000000");
  EXPECT_EQ(Hex(logical, 264, 8),
            "06000000"
            "01000000");
  EXPECT_EQ(Hex(logical, 432, 14),
            "00100000"
            "40000000"
            "0106"
            "0100"
            "0000");
}

TEST(VolumeStructureTest, ReserveSequenceDiffersInTagLocationsOnly) {
  const VolumeFacts facts = Facts(MakeVolume());
  std::string main, reserve;
  AppendDescriptorSequence(facts, kPlaces, Block(32), main);
  AppendDescriptorSequence(facts, kPlaces, Block(983), reserve);
  ASSERT_EQ(main.size(), reserve.size());
  for (size_t i = 0; i < 6; ++i) EXPECT_EQ(TagAt(reserve, i).location, 983 + i);
  for (size_t i = 0; i < main.size(); ++i) {
    const size_t in_block = i % 2048;
    const bool may_differ = i < 6 * 2048 && (in_block == 4 || (in_block >= 12 && in_block < 16));
    if (may_differ) continue;
    ASSERT_EQ(main[i], reserve[i]) << "byte " << i;
  }
}

TEST(VolumeStructureTest, IntegrityCountsFilesAndDirectories) {
  VolumeFacts facts = Facts(MakeVolume());
  facts.files = 7;
  facts.directories = 3;
  facts.next_unique_id = 25;
  std::string out;
  AppendIntegritySequence(facts, kPlaces, out);
  ASSERT_EQ(out.size(), 2 * 2048u);
  EXPECT_EQ(TagAt(out, 0).id, 9);
  EXPECT_EQ(TagAt(out, 0).crc_length, 118);
  EXPECT_EQ(TagAt(out, 1).id, 8);
  EXPECT_EQ(TagAt(out, 1).location, 65u);
  // ECMA-167 3/10.10 and OSTA UDF 2.2.6.4.
  EXPECT_EQ(Hex(out, 28, 12),
            "01000000"
            "00000000"
            "00000000");
  EXPECT_EQ(Hex(out, 40, 8), "1900000000000000");
  EXPECT_EQ(Hex(out, 72, 16),
            "01000000"
            "2e000000"
            "00000000"
            "d6020000");
  EXPECT_EQ(out.substr(88, 10), absl::string_view("\0*isomason", 10));
  EXPECT_EQ(Hex(out, 120, 14),
            "07000000"
            "03000000"
            "0201"
            "0201"
            "0201");
}

TEST(VolumeStructureTest, IntegritySaysWhichRevisionsAReaderNeeds) {
  struct {
    const Revision& revision;
    const char* hex;  // least to read, least to write, greatest to write
  } const cases[] = {
      {kRevision150, "500150015001"}, {kRevision200, "000200020002"},
      {kRevision201, "010201020102"}, {kRevision250, "500250025002"},
      {kRevision260, "500260026002"},
  };
  for (const auto& c : cases) {
    VolumeFacts facts = Facts(MakeVolume());
    facts.revision = &c.revision;
    std::string out;
    AppendIntegritySequence(facts, kPlaces, out);
    // Behind 8 bytes of tables for each partition.
    EXPECT_EQ(Hex(out, c.revision.metadata_partition ? 136 : 128, 6), c.hex);
    EXPECT_EQ(TagAt(out, 0).version, c.revision.tag_version);
    EXPECT_EQ(TagAt(out, 1).version, c.revision.tag_version);
    out.clear();
    AppendDescriptorSequence(facts, kPlaces, Block(32), out);
    for (size_t i = 0; i < 6; ++i) EXPECT_EQ(TagAt(out, i).version, c.revision.tag_version);
    EXPECT_EQ(Hex(out, 3 * 2048 + 240, 2), std::string(c.hex).substr(8)) << "domain";
  }
}

TEST(VolumeStructureTest, MetadataFileHasExtentsOfWholeUnits) {
  VolumeFacts facts = Facts(MakeVolume());
  facts.revision = &kRevision250;
  VolumePlaces places = kPlaces;
  places.metadata = {.file = PartitionBlock(0),
                     .mirror = PartitionBlock(2000000),
                     .extent = PartitionBlock(32),
                     .mirror_extent = PartitionBlock(1000000),
                     .length = Block(600000)};  // more than the gigabyte of an extent
  std::string out;
  AppendMetadataFile(facts, places, /*is_mirror=*/true, out);
  ASSERT_EQ(out.size(), 2048u);
  EXPECT_EQ(TagAt(out, 0).id, 266);
  EXPECT_EQ(TagAt(out, 0).location, 2000000u);
  EXPECT_EQ(Hex(out, 27, 1), "fb");
  EXPECT_EQ(Hex(out, 36, 14),
            "ffffffff"
            "ffffffff"
            "00000000"
            "0000");
  EXPECT_EQ(U32(out, 212), 16u);
  EXPECT_EQ(U32(out, 216), 0x3FFF0000u);  // 16383 units of 64 KiB
  EXPECT_EQ(U32(out, 220), 1000000u);
  EXPECT_EQ(U32(out, 224), 600000u * 2048 - 0x3FFF0000u);
  EXPECT_EQ(U32(out, 228), 1000000u + 0x3FFF0000u / 2048);
}

TEST(VolumeStructureTest, FileSetPointsToTheRoot) {
  std::string out;
  AppendFileSet(Facts(MakeVolume()), kPlaces, out);
  ASSERT_EQ(out.size(), 2 * 2048u);
  EXPECT_EQ(TagAt(out, 0).id, 256);
  EXPECT_EQ(TagAt(out, 0).location, 0u);
  EXPECT_EQ(TagAt(out, 1).id, 8);
  EXPECT_EQ(TagAt(out, 1).location, 1u);
  // ECMA-167 4/14.1.
  EXPECT_EQ(Hex(out, 28, 20),
            "0300"
            "0300"
            "01000000"
            "01000000"
            "00000000"
            "00000000");
  EXPECT_EQ(Hex(out, 112, 6), "084449534300");
  EXPECT_EQ(Hex(out, 304, 6), "084449534300");
  EXPECT_EQ(Hex(out, 400, 16),
            "00080000"
            "05000000"
            "0000"
            "000000000000");
  EXPECT_EQ(out.substr(416, 21), absl::string_view("\0*OSTA UDF Compliant\0", 21));
}

TEST(VolumeFactsTest, VolumeSetIdStartsWithWhatIsUnique) {
  Volume volume = MakeVolume();
  const std::string id = Facts(volume).volume_set_id;
  ASSERT_EQ(id.size(), 1 + 16 + 4u);
  EXPECT_EQ(id[0], 8);
  EXPECT_EQ(id.substr(1, 16).find_first_not_of("0123456789abcdef"), std::string::npos) << id;
  EXPECT_EQ(id.substr(17), "DISC");
  volume.set_id = "the set";
  EXPECT_EQ(Facts(volume).volume_set_id, absl::StrCat(id.substr(0, 17), "the set"));
  volume.image_id = ImageId({1});
  EXPECT_NE(Facts(volume).volume_set_id.substr(0, 17), id.substr(0, 17));
}

TEST(VolumeFactsTest, CutsTheLabelInTheShortFieldOnly) {
  Volume volume = MakeVolume();
  volume.id = std::string(31, 'L');
  VolumeFacts facts = Facts(volume);
  EXPECT_EQ(facts.label, "\b" + std::string(31, 'L'));
  EXPECT_EQ(facts.volume_id, "\b" + std::string(30, 'L'));
  volume.id = "";
  facts = Facts(volume);
  EXPECT_EQ(facts.label, "");
  EXPECT_EQ(facts.volume_id, facts.volume_set_id);
}

TEST(VolumeFactsTest, RemarksOnASetIdThatItCuts) {
  Volume volume = MakeVolume();
  volume.set_id = std::string(110, 's');
  Remarks remarks;
  ASSERT_TRUE(MakeVolumeFacts(volume, kRevision102, &remarks).ok());
  EXPECT_TRUE(remarks.empty());
  volume.set_id += "s";
  ASSERT_TRUE(MakeVolumeFacts(volume, kRevision102, &remarks).ok());
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_EQ(remarks[0].kind, Remark::Kind::kChangedName);
  EXPECT_THAT(remarks[0].detail, HasSubstr("cut to its first 126 bytes"));
}

TEST(VolumeFactsTest, RefusesWhatTheFieldsCannotHold) {
  Volume volume = MakeVolume();
  volume.id = std::string(126, 'L');
  EXPECT_TRUE(MakeVolumeFacts(volume, kRevision102, nullptr).ok());
  volume.id += "L";
  EXPECT_EQ(MakeVolumeFacts(volume, kRevision102, nullptr).status().code(),
            absl::StatusCode::kOutOfRange);
  volume.id = "\xFF";
  EXPECT_THAT(std::string(MakeVolumeFacts(volume, kRevision102, nullptr).status().message()),
              HasSubstr("the volume identifier: is not UTF-8 at byte 0"));
  volume.id = "x";
  volume.creation.seconds = 253402300800;
  EXPECT_THAT(std::string(MakeVolumeFacts(volume, kRevision102, nullptr).status().message()),
              HasSubstr("the volume's creation time: the year 10000"));
}

}  // namespace
}  // namespace isomason::udf
