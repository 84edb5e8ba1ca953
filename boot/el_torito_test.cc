#include "boot/el_torito.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "layout/image.h"
#include "layout/placement.h"

namespace isomason {
namespace {

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

std::string Read(const Image& image, uint64_t offset, size_t size) {
  std::string bytes(size, '?');
  const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
  EXPECT_EQ(image.Read(offset, out), absl::OkStatus());
  return bytes;
}

// The block of a catalog that lies at block 20, with boot images of one block each from
// block 21 on, one for each entry.
std::string CatalogBlock(std::vector<BootEntry> entries) {
  ContentTable contents;
  Pieces pieces;
  BootCatalog catalog;
  std::vector<PieceId> images;
  for (BootEntry& entry : entries) {
    entry.image = contents.AddBytes("boot");
    images.push_back(pieces.AddContent(entry.image, ByteCount(4)));
    pieces.Fix(images.back(), ToBytes(Block(20 + images.size())));
  }
  catalog.entries = std::move(entries);
  EXPECT_EQ(CheckCatalog(catalog), absl::OkStatus());
  const ContentId content = AddCatalog(contents, std::move(catalog));
  EXPECT_EQ(contents.size(content), 2048u);
  pieces.Fix(pieces.AddContent(content, ByteCount(2048)), ToBytes(Block(20)));
  auto at = Place(pieces, {});
  EXPECT_EQ(at.status(), absl::OkStatus());
  const Image image(pieces, contents, *std::move(at));
  return Read(image, 20 * 2048, 2048);
}

BootEntry Entry(BootPlatform platform, uint16_t load_sectors, std::string id = "",
                uint16_t load_segment = 0) {
  return {platform, kNoContent, load_sectors, load_segment, std::move(id)};
}

TEST(ElToritoTest, TheBootRecordPointsToTheCatalog) {
  ContentTable contents;
  Pieces pieces;
  const ContentId catalog = contents.AddBytes(std::string(2048, 'c'));
  const BootRecord record(catalog);
  pieces.Fix(record.Add(pieces), ToBytes(kBootRecordBlock));
  pieces.Fix(pieces.AddContent(catalog, ByteCount(2048)), ToBytes(Block(0x01020304)));
  const Image image(pieces, contents, *Place(pieces, {}));
  const std::string bytes = Read(image, 17 * 2048, 2048);

  // El Torito 1.0, figure 7; the catalog's block in 71 to 74.
  std::string want(2048, '\0');
  want.replace(1, 5, "CD001");
  want[6] = 1;
  want.replace(7, 23, "EL TORITO SPECIFICATION");
  want.replace(71, 4, "\x04\x03\x02\x01");
  EXPECT_EQ(Hex(bytes), Hex(want));
  EXPECT_EQ(record.owner_name(), "boot");
  EXPECT_EQ(record.Describe(0), "boot record");
}

// Records of 32 bytes as El Torito 1.0, figures 2 to 5, draws them, in hexadecimal.
TEST(ElToritoTest, WritesTheCatalogByteByByte) {
  const std::string zeros20(40, '0'), zeros24(48, '0'), zeros28(56, '0');
  const struct {
    const char* what;
    std::vector<BootEntry> entries;
    std::vector<std::string> want;
  } kCases[] = {
      {"a BIOS alone",
       {Entry(BootPlatform::kBios, 4)},
       {"01000000" + zeros24 + "aa5555aa", "880000000000040015000000" + zeros20}},
      {"a BIOS that loads somewhere else",
       {Entry(BootPlatform::kBios, 0x1234, "", 0xABCD)},
       {"01000000" + zeros24 + "aa5555aa", "8800cdab0000341215000000" + zeros20}},
      {"UEFI alone",
       {Entry(BootPlatform::kUefi, 0)},
       {"01ef0000" + zeros24 + "aa6655aa", "880000000000000015000000" + zeros20}},
      {"BIOS and UEFI",
       {Entry(BootPlatform::kBios, 4), Entry(BootPlatform::kUefi, 5760)},
       {"01000000" + zeros24 + "aa5555aa", "880000000000040015000000" + zeros20,
        "91ef0100" + zeros28, "880000000000801616000000" + zeros20}},
      {"sections: all but the last say that more follow",
       {Entry(BootPlatform::kBios, 4), Entry(BootPlatform::kMac, 1), Entry(BootPlatform::kUefi, 2),
        Entry(BootPlatform::kUefi, 3), Entry(BootPlatform::kPowerPc, 5)},
       {"01000000" + zeros24 + "aa5555aa", "880000000000040015000000" + zeros20,
        "90020100" + zeros28, "880000000000010016000000" + zeros20, "90ef0200" + zeros28,
        "880000000000020017000000" + zeros20, "880000000000030018000000" + zeros20,
        "91010100" + zeros28, "880000000000050019000000" + zeros20}},
      {"ids: one of another maker is another section",
       {Entry(BootPlatform::kBios, 4, "123456789012345678901234"),
        Entry(BootPlatform::kBios, 4, "1234567890123456789012345678"),
        Entry(BootPlatform::kBios, 4, "B")},
       // The checksum has a test of its own.
       {"01000000" + Hex("123456789012345678901234") + "????55aa",
        "880000000000040015000000" + zeros20, "90000100" + Hex("1234567890123456789012345678"),
        "880000000000040016000000" + zeros20, "91000100" + Hex("B") + zeros28.substr(2),
        "880000000000040017000000" + zeros20}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const std::string block = CatalogBlock(c.entries);
    for (size_t i = 0; i < 64; ++i) {
      std::string got = Hex(absl::string_view(block).substr(32 * i, 32));
      std::string want = i < c.want.size() ? c.want[i] : std::string(64, '0');
      if (const size_t unknown = want.find("????"); unknown != std::string::npos) {
        got.replace(unknown, 4, "????");
      }
      EXPECT_EQ(got, want) << "record " << i;
    }
  }
}

TEST(ElToritoTest, TheWordsOfTheValidationEntryAddUpToZero) {
  for (const std::string& id : {std::string(), std::string("a"), std::string("odd"),
                                std::string(24, '\x7E'), std::string("Example Org, Boot Dept.")}) {
    for (const BootPlatform platform : {BootPlatform::kBios, BootPlatform::kUefi}) {
      const std::string block = CatalogBlock({Entry(platform, 4, id)});
      uint32_t sum = 0;
      for (size_t i = 0; i < 32; i += 2) {
        sum += static_cast<uint8_t>(block[i]) + 256u * static_cast<uint8_t>(block[i + 1]);
      }
      EXPECT_EQ(sum % 65536, 0u) << id;
      EXPECT_EQ(block.substr(4, id.size()), id);
      EXPECT_EQ(block.substr(30, 2), "\x55\xAA");
    }
  }
}

TEST(ElToritoTest, TheCatalogFillsItsBlockWhateverWasThere) {
  ContentTable contents;
  BootCatalog catalog;
  catalog.entries.push_back(Entry(BootPlatform::kBios, 4));
  const ContentId content = AddCatalog(contents, std::move(catalog));
  ASSERT_EQ(contents.patches(content).size(), 1u);
  const Patch& patch = *contents.patches(content)[0];
  EXPECT_EQ(patch.offset(), 0u);
  std::vector<uint8_t> out(patch.size(), 0xFF);
  EXPECT_EQ(patch.Render(Addresses::Unknown(), absl::MakeSpan(out)), absl::OkStatus());
  EXPECT_EQ(out.size(), 2048u);
  EXPECT_EQ(std::count(out.begin() + 64, out.end(), 0), 2048 - 64);
}

TEST(ElToritoTest, LoadsFourSectorsForABiosAndAllForOthers) {
  const struct {
    BootPlatform platform;
    uint64_t size;
    uint16_t want;
  } kCases[] = {
      {BootPlatform::kBios, 1, 4},
      {BootPlatform::kBios, uint64_t{1} << 30, 4},
      {BootPlatform::kUefi, 1, 1},
      {BootPlatform::kUefi, 512, 1},
      {BootPlatform::kUefi, 513, 2},
      {BootPlatform::kUefi, 2949120, 5760},
      // The largest that 16 bits can say, and a byte more (UEFI 13.3.2.1).
      {BootPlatform::kUefi, 65535 * 512, 65535},
      {BootPlatform::kUefi, 65535 * 512 + 1, 0},
      {BootPlatform::kUefi, uint64_t{1} << 40, 0},
      {BootPlatform::kMac, 1024, 2},
      {BootPlatform::kPowerPc, 1024, 2},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(DefaultLoadSectors(c.platform, false, ByteCount(c.size)), c.want) << c.size;
  }
  EXPECT_EQ(DefaultLoadSectors(BootPlatform::kBios, true, ByteCount(1440 << 10)), 1);
}

TEST(ElToritoTest, KnowsDisksByTheirSizeAndTheirRecord) {
  EXPECT_EQ(FloppyOf(ByteCount(1228800)), BootMedia::kFloppy1200);
  EXPECT_EQ(FloppyOf(ByteCount(1474560)), BootMedia::kFloppy1440);
  EXPECT_EQ(FloppyOf(ByteCount(2949120)), BootMedia::kFloppy2880);
  EXPECT_EQ(FloppyOf(ByteCount(1474561)), BootMedia::kNoEmulation);

  std::vector<uint8_t> sector(512);
  EXPECT_FALSE(HardDiskType(sector).ok());
  sector[510] = 0x55;
  sector[511] = 0xAA;
  EXPECT_FALSE(HardDiskType(sector).ok());
  sector[462 + 4] = 0x0C;
  EXPECT_EQ(*HardDiskType(sector), 0x0C);
  EXPECT_FALSE(HardDiskType(absl::MakeConstSpan(sector).first(511)).ok());
  sector[446 + 4] = 0x83;
  EXPECT_FALSE(HardDiskType(sector).ok());
}

TEST(ElToritoTest, RefusesWhatACatalogCannotHold) {
  const std::string id24(24, 'x'), id28(28, 'x');
  const struct {
    std::vector<BootEntry> entries;
    absl::Status want;
  } kCases[] = {
      {{}, absl::InvalidArgumentError("a boot catalog needs an entry (El Torito 2.2)")},
      {{Entry(BootPlatform::kBios, 4, id24), Entry(BootPlatform::kBios, 4, id28)},
       absl::OkStatus()},
      {{Entry(BootPlatform::kBios, 4, id24 + "y")},
       absl::InvalidArgumentError(
           "boot entry 0: the id has 25 bytes, the catalog holds 24 (El Torito 2.1, 2.3)")},
      {{Entry(BootPlatform::kBios, 4), Entry(BootPlatform::kUefi, 4, id28 + "y")},
       absl::InvalidArgumentError(
           "boot entry 1: the id has 29 bytes, the catalog holds 28 (El Torito 2.1, 2.3)")},
  };
  for (const auto& c : kCases) {
    BootCatalog catalog;
    catalog.entries = c.entries;
    EXPECT_EQ(CheckCatalog(catalog), c.want);
  }
}

TEST(ElToritoTest, FillsOneBlockAndNotARecordMore) {
  // 64 records of 32 bytes: validation and initial entry, a header, 61 entries.
  std::vector<BootEntry> one_section(62, Entry(BootPlatform::kBios, 4));
  // 62 records behind the initial entry are 31 sections of one entry each.
  std::vector<BootEntry> many_sections(1, Entry(BootPlatform::kBios, 4));
  for (int i = 0; i < 31; ++i) {
    many_sections.push_back(Entry(i % 2 == 0 ? BootPlatform::kUefi : BootPlatform::kMac, 4));
  }
  for (std::vector<BootEntry>* entries : {&one_section, &many_sections}) {
    EXPECT_NE(Hex(CatalogBlock(*entries).substr(2016)), std::string(64, '0'));
    entries->push_back(Entry(BootPlatform::kBios, 4, "one more"));
    BootCatalog catalog;
    catalog.entries = *entries;
    EXPECT_EQ(CheckCatalog(catalog),
              absl::OutOfRangeError("the boot catalog needs 2112 bytes, firmware reads 2048"));
  }
}

}  // namespace
}  // namespace isomason
