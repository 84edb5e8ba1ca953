#include "boot/boot_info_table.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/placement.h"

namespace isomason {
namespace {

BootImagePatches Wanted(bool table, bool grub) {
  BootImagePatches wanted;
  wanted.boot_info_table = table;
  wanted.grub2_boot_info = grub;
  return wanted;
}

uint64_t LittleEndian(const std::string& bytes, size_t at, int size) {
  uint64_t number = 0;
  for (int i = size; i > 0; --i) {
    number = number * 256 + static_cast<uint8_t>(bytes[at + static_cast<size_t>(i) - 1]);
  }
  return number;
}

// Places a content at `block` alone in an image, prepares that and returns the content's bytes.
std::string Stored(const ContentTable& contents, PatchedBootImage patched, Block block,
                   int preparations = 1) {
  Pieces pieces;
  const uint64_t size = contents.size(patched.content);
  pieces.Fix(pieces.AddContent(patched.content, ByteCount(size)), ToBytes(block));
  auto at = Place(pieces, {});
  EXPECT_EQ(at.status(), absl::OkStatus());
  Image image(pieces, contents, *std::move(at));
  if (patched.preparation) image.AddPreparation(std::move(patched.preparation));
  for (int i = 0; i < preparations; ++i) EXPECT_EQ(image.Prepare(2), absl::OkStatus());
  std::string bytes(size, '?');
  const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
  EXPECT_EQ(image.Read(ToBytes(block).value(), out), absl::OkStatus());
  return bytes;
}

// What isolinux does to its own image: adds up 32-bit words from byte 64 on, the last one
// filled with zeros.
uint32_t ChecksumAsIsolinuxSeesIt(std::string bytes) {
  while (bytes.size() % 4 != 0) bytes.push_back('\0');
  uint32_t sum = 0;
  for (size_t at = 64; at < bytes.size(); at += 4) {
    sum += static_cast<uint32_t>(LittleEndian(bytes, at, 4));
  }
  return sum;
}

TEST(BootInfoTableTest, TellsTheImageWhereItLiesAndWhatItsChecksumIs) {
  constexpr uint32_t kBlock = 0x012345;
  const TestDirectory directory;
  // Around the end of the table, of GRUB's note, of a word, and of what is read at once.
  for (const size_t size :
       {64, 65, 66, 67, 68, 2047, 2556, 2557, 2558, 2559, 65536, 65600, 65601, 131139, 1'000'003}) {
    for (const bool grub : {false, true}) {
      if (grub && size < 2556) continue;
      for (const bool in_memory : {false, true}) {
        SCOPED_TRACE(absl::StrCat(size, " bytes", grub ? ", with GRUB's note" : "",
                                  in_memory ? ", in memory" : ""));
        const std::string source = TestBytes(size, static_cast<uint32_t>(size));
        ContentTable contents;
        const ContentId base = in_memory
                                   ? contents.AddBytes(source)
                                   : *contents.AddFile(directory.Write("isolinux.bin", source));
        auto patched = PatchBootImage(contents, base, Wanted(true, grub));
        ASSERT_EQ(patched.status(), absl::OkStatus());
        const std::string stored = Stored(contents, *std::move(patched), Block(kBlock));

        EXPECT_EQ(LittleEndian(stored, 8, 4), 16u) << "the primary volume descriptor";
        EXPECT_EQ(LittleEndian(stored, 12, 4), kBlock);
        EXPECT_EQ(LittleEndian(stored, 16, 4), size);
        EXPECT_EQ(LittleEndian(stored, 20, 4), ChecksumAsIsolinuxSeesIt(stored));
        EXPECT_EQ(stored.substr(24, 40), std::string(40, '\0'));
        std::string want = source;
        want.replace(8, 56, stored.substr(8, 56));
        if (grub) {
          // In 512-byte sectors, and the one behind the first block.
          EXPECT_EQ(LittleEndian(stored, 2548, 8), kBlock * 4 + 5);
          want.replace(2548, 8, stored.substr(2548, 8));
        }
        EXPECT_TRUE(stored == want) << "a byte that is nobody's business has changed";
        if (!in_memory) {
          EXPECT_TRUE(ReadHostFile(directory.path("isolinux.bin")) == source);
        }
      }
    }
  }
}

// The numbers of one image, worked out by hand.
TEST(BootInfoTableTest, WritesTheTableByteByByte) {
  std::string source(72, '\0');
  source.replace(0, 8, "\xEB\x3E..code");
  source.replace(8, 56, std::string(56, '?'));
  source.replace(64, 8, "\x01\x02\x03\xFF\xFF\x00\x00\x02", 8);
  ContentTable contents;
  auto patched = PatchBootImage(contents, contents.AddBytes(source), Wanted(true, false));
  ASSERT_EQ(patched.status(), absl::OkStatus());
  std::string want = source;
  // 0xFF030201 + 0x020000FF wraps around to 0x01030300.
  const std::string table("\x10\0\0\0\x2A\0\0\0\x48\0\0\0\x00\x03\x03\x01", 16);
  want.replace(8, 56, table + std::string(40, '\0'));
  EXPECT_EQ(Stored(contents, *std::move(patched), Block(42)), want);
}

TEST(BootInfoTableTest, GrubsNoteIsASectorNumberOf64Bits) {
  ContentTable contents;
  const std::string source = TestBytes(2556, 1);
  auto patched = PatchBootImage(contents, contents.AddBytes(source), Wanted(false, true));
  ASSERT_EQ(patched.status(), absl::OkStatus());
  EXPECT_EQ(patched->preparation, nullptr) << "nothing to add up";
  // More sectors than 32 bits can count.
  const std::string stored = Stored(contents, *std::move(patched), Block(0x50000000));
  EXPECT_EQ(stored.substr(0, 2548), source.substr(0, 2548));
  EXPECT_EQ(stored.substr(2548), std::string("\x05\0\0\x40\x01\0\0\0", 8));
}

TEST(BootInfoTableTest, TheContentThatOthersShareStaysAsItIs) {
  ContentTable contents;
  const std::string source = TestBytes(3000, 1);
  const ContentId base = contents.AddBytes(source);
  auto patched = PatchBootImage(contents, base, Wanted(true, true));
  ASSERT_EQ(patched.status(), absl::OkStatus());
  EXPECT_NE(patched->content, base);
  PatchedBootImage unpatched;
  unpatched.content = base;
  EXPECT_TRUE(Stored(contents, std::move(unpatched), Block(1)) == source);
}

TEST(BootInfoTableTest, PreparingTwiceGivesTheSameChecksum) {
  ContentTable contents;
  auto patched =
      PatchBootImage(contents, contents.AddBytes(TestBytes(3000, 1)), Wanted(true, true));
  ASSERT_EQ(patched.status(), absl::OkStatus());
  const std::string stored = Stored(contents, *std::move(patched), Block(1), /*preparations=*/2);
  EXPECT_EQ(LittleEndian(stored, 20, 4), ChecksumAsIsolinuxSeesIt(stored));
}

TEST(BootInfoTableTest, RefusesImagesThatAreTooShortOrTooLong) {
  constexpr uint64_t k4G = uint64_t{1} << 32;
  const struct {
    uint64_t size;
    bool table, grub;
    const char* message;  // empty: it fits
  } kCases[] = {
      {63, true, false,
       "has 63 bytes; an image with a boot info table has at least 64 and less than 4 GiB"},
      {64, true, false, ""},
      {2555, false, true,
       "has 2555 bytes; an image with GRUB 2 boot information has at least 2556 and less than 4 "
       "GiB"},
      {2555, true, true,
       "has 2555 bytes; an image with GRUB 2 boot information has at least 2556 and less than 4 "
       "GiB"},
      {2556, true, true, ""},
      {k4G - 1, true, true, ""},
      {k4G, true, false,
       "has 4294967296 bytes; an image with a boot info table has at least 64 and less than 4 "
       "GiB"},
  };
  for (const auto& c : kCases) {
    ContentTable contents;
    const auto patched =
        PatchBootImage(contents, contents.AddZeros(c.size), Wanted(c.table, c.grub));
    EXPECT_EQ(patched.status(),
              *c.message == '\0' ? absl::OkStatus() : absl::OutOfRangeError(c.message));
  }
}

TEST(BootInfoTableTest, AnImageThatChangedIsAnErrorWhenItIsAddedUp) {
  const TestDirectory directory;
  const std::string path = directory.Write("isolinux.bin", TestBytes(3000, 1));
  ContentTable contents;
  const auto patched = PatchBootImage(contents, *contents.AddFile(path), Wanted(true, false));
  ASSERT_EQ(patched.status(), absl::OkStatus());
  WriteHostFile(path, TestBytes(3001, 1));
  EXPECT_EQ(patched->preparation->Run(Image(Pieces(), contents, Addresses()), {}),
            absl::FailedPreconditionError(absl::StrCat(
                path, " changed while the image was made: it had 3000 bytes, now it has 3001")));
}

}  // namespace
}  // namespace isomason
