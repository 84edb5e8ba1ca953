// UDF 2.50 and 2.60: what the metadata partition holds and where, by the byte positions of
// ECMA-167 and OSTA UDF 2.50, without the records that the image was written with.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr size_t kBlock = 2048;

constexpr char kTree[] =
    " entry { path: '/a/file' text: 'eight by' } entry { path: '/a/empty' text: '' } "
    "entry { path: '/large' zeros: 2200000000 } entry { path: '/link' symlink: 'a/file' } "
    "entry { path: '/null' device { type: CHARACTER_DEVICE major: 1 minor: 3 } } ";

class MetadataTest : public testing::Test {
 protected:
  bool Make(const std::string& text) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'T' } ", text), &m));
    diagnostics_ = Diagnostics();
    auto disc = Author(LoadedManifest::FromMessage(std::move(m), "m", "."), ".", &diagnostics_);
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    last_ = disc_->image().size() / kBlock - 1;
    return true;
  }

  // What Find() reads from the volume descriptors.
  struct Found {
    uint32_t start, length;           // of the partition
    uint32_t file, mirror;            // blocks of the image
    uint32_t metadata, copy, blocks;  // the extents
    uint8_t flags;
  };

  // What the rule `id` found; empty for nothing.
  std::string MessageOf(absl::string_view id) const {
    for (const Finding& finding : disc_->findings()) {
      if (finding.rule->id == id) return finding.message;
    }
    return "";
  }

  std::string Bytes(uint64_t block, size_t size = kBlock) const {
    std::string bytes(size, '\0');
    EXPECT_TRUE(
        disc_->image()
            .Read(block * kBlock, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), size))
            .ok());
    return bytes;
  }
  static uint64_t Number(absl::string_view bytes, size_t at, size_t size) {
    uint64_t number = 0;
    for (size_t i = size; i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
    return number;
  }
  static uint16_t U16(absl::string_view b, size_t at) {
    return static_cast<uint16_t>(Number(b, at, 2));
  }
  static uint32_t U32(absl::string_view b, size_t at) {
    return static_cast<uint32_t>(Number(b, at, 4));
  }

  // An entry of the metadata file or of its mirror; returns where its extent starts.
  uint32_t ReadMetadataFile(const Found& found, uint32_t block, uint8_t type) {
    const std::string entry = Bytes(block);
    EXPECT_EQ(U16(entry, 0), 266);                   // extended file entry
    EXPECT_EQ(U32(entry, 12), block - found.start);  // in the first partition
    EXPECT_EQ(static_cast<uint8_t>(entry[27]), type);
    EXPECT_EQ(U16(entry, 34) & 7, 0) << "short allocation descriptors";
    EXPECT_EQ(U16(entry, 48), 0) << "links";
    EXPECT_EQ(Number(entry, 200, 8), 0u) << "unique id";
    EXPECT_EQ(U32(entry, 208), 0u) << "extended attributes";
    EXPECT_EQ(U32(entry, 212), 8u) << "one extent, as 7-Zip wants it";
    EXPECT_EQ(U32(entry, 216), Number(entry, 56, 8));
    EXPECT_EQ(U32(entry, 216), found.blocks * kBlock);
    EXPECT_EQ(U32(entry, 216) % (32 * kBlock), 0u) << "allocation unit";
    EXPECT_EQ(U32(entry, 220) % 32, 0u) << "alignment unit";
    return found.start + U32(entry, 220);
  }

  // Follows the descriptors from the main sequence at block 32.
  Found Find() {
    Found found{};
    const std::string sequence = Bytes(32, 16 * kBlock);
    const auto descriptor = [&](size_t i) {
      return absl::string_view(sequence).substr(i * kBlock);
    };
    EXPECT_EQ(U16(descriptor(2), 0), 5);
    found.start = U32(descriptor(2), 188);
    found.length = U32(descriptor(2), 192);
    EXPECT_EQ(found.start % 32, 0u);
    const absl::string_view logical = descriptor(3);
    EXPECT_EQ(U16(logical, 0), 6);
    EXPECT_EQ(U32(logical, 264), 6u + 64u);
    EXPECT_EQ(U32(logical, 268), 2u);
    EXPECT_EQ(U16(logical, 10), 440 + 70 - 16) << "CRC length";
    EXPECT_EQ(U32(logical, 248), kBlock) << "file set without terminator";
    EXPECT_EQ(U32(logical, 252), 0u);
    EXPECT_EQ(U16(logical, 256), 1) << "in the metadata partition";
    EXPECT_EQ(logical.substr(440, 6), absl::string_view("\x01\x06\x01\x00\x00\x00", 6));
    // OSTA UDF 2.50 2.2.10.
    const absl::string_view map = logical.substr(446, 64);
    EXPECT_EQ(map.substr(0, 5), absl::string_view("\x02\x40\x00\x00\x00", 5));
    EXPECT_EQ(map.substr(5, 23), "*UDF Metadata Partition");
    EXPECT_EQ(U16(map, 28), U16(logical, 240)) << "revision";
    EXPECT_EQ(U16(map, 36), 1);
    EXPECT_EQ(U16(map, 38), 0);
    found.file = found.start + U32(map, 40);
    found.mirror = found.start + U32(map, 44);
    EXPECT_EQ(U32(map, 48), 0xFFFFFFFF) << "bitmap";
    EXPECT_EQ(U32(map, 52), 32u);
    EXPECT_EQ(U16(map, 56), 32);
    found.flags = static_cast<uint8_t>(map[58]);
    EXPECT_EQ(map.substr(59), absl::string_view("\0\0\0\0\0", 5));
    // ECMA-167 3/10.10: two partitions without free blocks, and their sizes.
    const std::string integrity = Bytes(64);
    EXPECT_EQ(U32(integrity, 72), 2u);
    EXPECT_EQ(U32(integrity, 80), 0u);
    EXPECT_EQ(U32(integrity, 84), 0u);
    EXPECT_EQ(U32(integrity, 88), found.length);
    found.blocks = U32(integrity, 92);
    least_read_ = U16(integrity, 96 + 40);
    least_write_ = U16(integrity, 96 + 42);
    found.metadata = ReadMetadataFile(found, found.file, 250);
    found.copy = ReadMetadataFile(found, found.mirror, 251);
    EXPECT_LT(found.mirror, found.start + found.length);
    EXPECT_LE(found.copy + found.blocks, found.start + found.length);
    return found;
  }

  // Checks the directory whose entry is in `block` of the metadata partition, and all below.
  void Walk(const Found& found, uint32_t block, uint32_t parent) {
    const std::string entry = Bytes(found.metadata + block);
    EXPECT_EQ(U16(entry, 0), 261);
    EXPECT_EQ(U32(entry, 12), block);
    EXPECT_EQ(entry[27], 4);
    EXPECT_EQ(U16(entry, 34) & 7, 0) << "a directory's names are in its own partition";
    const uint32_t size = U32(entry, 176);
    const uint32_t where = U32(entry, 180);
    const std::string names = Bytes(found.metadata + where, size);
    for (size_t at = 0; at < size;) {
      const absl::string_view name = absl::string_view(names).substr(at);
      EXPECT_EQ(U16(name, 0), 257);
      EXPECT_EQ(U32(name, 12), where + at / kBlock);
      EXPECT_EQ(U32(name, 20), kBlock);
      EXPECT_EQ(U16(name, 28), 1) << "in the metadata partition";
      const uint32_t child = U32(name, 24);
      const auto length = static_cast<uint8_t>(name[19]);
      if ((name[18] & 8) != 0) {
        EXPECT_EQ(child, parent);
      } else if ((name[18] & 2) != 0) {
        Walk(found, child, block);
      } else {
        CheckEntry(found, child, std::string(name.substr(39, length - 1)));
      }
      at += (38 + length + 3) / 4 * 4;
    }
  }

  void CheckEntry(const Found& found, uint32_t block, const std::string& name) {
    SCOPED_TRACE(name);
    ++entries_;
    const std::string entry = Bytes(found.metadata + block);
    EXPECT_EQ(U16(entry, 0), 261);
    EXPECT_EQ(U32(entry, 12), block);
    if (entry[27] == 6 || entry[27] == 7) {
      EXPECT_EQ(U16(entry, 176), 262);
      EXPECT_EQ(U32(entry, 188), block) << "the attributes' header is in the same block";
    }
    if (entry[27] != 5) return;
    EXPECT_EQ(U16(entry, 34) & 7, 1) << "long allocation descriptors";
    const uint64_t size = Number(entry, 56, 8);
    uint64_t sum = 0;
    for (size_t at = 176; at < 176 + U32(entry, 172); at += 16) {
      EXPECT_EQ(U16(entry, at + 8), 0) << "in the first partition";
      sum += U32(entry, at);
    }
    EXPECT_EQ(sum, size);
    EXPECT_EQ(U32(entry, 172), (size + 0x3FFFF7FF) / 0x3FFFF800 * 16);
    if (name == "file") {
      EXPECT_EQ(Bytes(found.start + U32(entry, 180), 8), "eight by");
    }
  }

  std::unique_ptr<Disc> disc_;
  Diagnostics diagnostics_;
  uint64_t last_ = 0;
  uint16_t least_read_ = 0, least_write_ = 0;
  int entries_ = 0;
};

TEST_F(MetadataTest, HoldsAllButTheFilesAndACopyOfIt) {
  ASSERT_TRUE(Make(std::string("udf { revision: UDF_2_50 bridge: NO_BRIDGE }") + kTree))
      << diagnostics_.Format();
  const Found found = Find();
  EXPECT_EQ(found.flags, 1);
  EXPECT_EQ(found.file, 288u);
  EXPECT_NE(found.metadata, found.copy);
  EXPECT_EQ(Bytes(found.metadata, found.blocks * kBlock), Bytes(found.copy, found.blocks * kBlock));
  EXPECT_EQ(least_read_, 0x0250);
  EXPECT_EQ(least_write_, 0x0250);
  const std::string set = Bytes(found.metadata);
  EXPECT_EQ(U16(set, 0), 256);
  EXPECT_EQ(U32(set, 12), 0u);
  EXPECT_EQ(U16(set, 400 + 8), 1) << "the root is in the metadata partition";
  Walk(found, U32(set, 404), U32(set, 404));
  EXPECT_EQ(entries_, 5);
}

TEST_F(MetadataTest, OfRevision260IsReadBy250) {
  ASSERT_TRUE(
      Make("udf { revision: UDF_2_60 } iso9660 { rock_ridge {} } "
           "entry { path: '/a/file' text: 'eight by' }"))
      << diagnostics_.Format();
  const Found found = Find();
  EXPECT_EQ(least_read_, 0x0250);
  EXPECT_EQ(least_write_, 0x0260);
  Walk(found, U32(Bytes(found.metadata), 404), U32(Bytes(found.metadata), 404));
  EXPECT_EQ(entries_, 1);
}

TEST_F(MetadataTest, MayHaveAMirrorWithoutACopy) {
  ASSERT_TRUE(Make(
      std::string("udf { revision: UDF_2_50 metadata_mirror: SHARE_METADATA bridge: NO_BRIDGE }") +
      kTree));
  const Found found = Find();
  EXPECT_EQ(found.flags, 0);
  EXPECT_EQ(found.metadata, found.copy);
  EXPECT_NE(found.file, found.mirror);
}

TEST_F(MetadataTest, IsOneExtentAroundAPinnedFile) {
  // The metadata of the tree would lie in blocks 320 to 351.
  ASSERT_TRUE(
      Make("udf { revision: UDF_2_50 bridge: NO_BRIDGE } "
           "layout { pin { path: '/a/file' block: 330 } } "
           "entry { path: '/a/file' text: 'eight by' } entry { path: '/b' text: 'b' }"))
      << diagnostics_.Format();
  const Found found = Find();
  EXPECT_EQ(found.metadata, 352u);
  EXPECT_EQ(Bytes(330, 8), "eight by");
  Walk(found, U32(Bytes(found.metadata), 404), U32(Bytes(found.metadata), 404));
  EXPECT_EQ(entries_, 2);
}

TEST_F(MetadataTest, ANameTooLongIsBlamedOnItsEntryOnce) {
  EXPECT_FALSE(Make(absl::StrCat("udf { revision: UDF_2_50 bridge: NO_BRIDGE } entry { path: '/",
                                 std::string(255, 'a'), "' text: 'a' }")));
  EXPECT_THAT(diagnostics_.Format(), HasSubstr("a UDF file identifier holds 254"));
}

TEST_F(MetadataTest, IsNotKnownToAllReadersWhichThePlanSays) {
  ASSERT_TRUE(Make("udf { revision: UDF_2_50 } entry { path: '/A' text: 'a' }"));
  EXPECT_EQ(MessageOf("udf-metadata-partition"),
            "readers that know none take the ISO 9660 view instead");
  ASSERT_TRUE(Make("udf { revision: UDF_2_50 bridge: NO_BRIDGE } entry { path: '/A' text: 'a' }"));
  EXPECT_EQ(MessageOf("udf-metadata-partition"), "readers that know none have no other view");
}

// Anchors, in any revision.

TEST_F(MetadataTest, AnchorsLieWhereTheManifestSays) {
  const auto is_anchor = [this](uint64_t block) {
    const std::string anchor = Bytes(block, 512);
    return U16(anchor, 0) == 2 && U32(anchor, 12) == block;
  };
  for (const char* revision : {"UDF_1_02", "UDF_2_50"}) {
    SCOPED_TRACE(revision);
    const auto make = [&](const std::string& anchors) {
      const bool made = Make(
          absl::StrCat("udf { revision: ", revision, " bridge: NO_BRIDGE ", anchors, " }", kTree));
      EXPECT_TRUE(made) << diagnostics_.Format();
      EXPECT_TRUE(is_anchor(256));
    };
    make("");
    EXPECT_FALSE(is_anchor(last_ - 256));
    EXPECT_TRUE(is_anchor(last_));
    EXPECT_EQ(MessageOf("udf-no-end-anchor-7zip"), "");
    make("anchors: AT_256_AND_BEFORE_END");
    EXPECT_EQ(MessageOf("udf-no-end-anchor-7zip"), "the last block has none");
    EXPECT_TRUE(is_anchor(last_ - 256));
    EXPECT_FALSE(is_anchor(last_));
    make("anchors: AT_ALL");
    EXPECT_TRUE(is_anchor(last_ - 256));
    EXPECT_TRUE(is_anchor(last_));
    // None of them, and no sequence, is inside of the partition.
    const std::string partition = Bytes(34);
    EXPECT_EQ(U32(partition, 188) + U32(partition, 192), last_ - 256);
    EXPECT_EQ(U32(Bytes(256), 16 + 12), last_ - 16);
  }
}

}  // namespace
}  // namespace isomason
