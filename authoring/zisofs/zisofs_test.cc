#include "authoring/zisofs/zisofs.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/zisofs/decode.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

constexpr uint64_t kBlock = 32768;

// Text that shrinks, and is another one for another seed.
std::string TestText(size_t size, uint32_t seed = 1) {
  std::string text;
  for (uint32_t i = 0; text.size() < size; ++i) {
    absl::StrAppend(&text, "line ", i, " of ", seed, ": ", i * i % (97 + seed), "\n");
  }
  text.resize(size);
  return text;
}

// Bytes that do not shrink.
std::string Noise(size_t size, uint64_t seed) {
  std::string noise(size, '\0');
  for (char& c : noise) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    c = static_cast<char>(seed >> 32);
  }
  return noise;
}

// The compressed form of `bytes`, made in one run and read `step` bytes at a time.
std::string Compress(const std::string& bytes, const ZisofsForm& form, size_t step = 1 << 20) {
  ContentTable contents;
  const ContentId content = contents.AddBytes(bytes);
  std::vector<uint32_t> sizes(form.BlockCount(bytes.size()));
  EXPECT_EQ(CompressBlocks(contents, content, form, 0, absl::MakeSpan(sizes)), absl::OkStatus());
  const ZisofsFile file(content, bytes.size(), form, sizes);
  std::string out(file.size(), '?');
  for (size_t at = 0; at < out.size(); at += step) {
    const size_t count = std::min(step, out.size() - at);
    EXPECT_EQ(
        file.Read(contents, at, absl::MakeSpan(reinterpret_cast<uint8_t*>(out.data()) + at, count)),
        absl::OkStatus());
  }
  return out;
}

DecodedZisofs Decode(const std::string& file) {
  const auto decoded = DecodeZisofs(file);
  EXPECT_EQ(decoded.status(), absl::OkStatus());
  return decoded.ok() ? *decoded : DecodedZisofs();
}

std::string Compress2(const std::string& block, int level) {
  uLongf size = compressBound(block.size());
  std::string out(size, '\0');
  EXPECT_EQ(compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                      reinterpret_cast<const Bytef*>(block.data()), block.size(), level),
            Z_OK);
  out.resize(size);
  return out;
}

TEST(ZisofsTest, GivesBackWhatWentInInEveryForm) {
  const std::string inputs[] = {
      "",
      "a",
      TestText(kBlock - 1),
      TestText(kBlock),
      TestText(kBlock + 1),
      TestText(3 * kBlock + 1234),
      TestText(4 * 131072),
      Noise(100000, 7),
      std::string(5 * kBlock + 17, '\0'),
      TestText(kBlock) + std::string(3 * kBlock, '\0') + TestText(100),
      std::string(kBlock, '\0') + TestText(kBlock) + std::string(kBlock / 2, '\0'),
  };
  for (const int version : {1, 2}) {
    for (const int shift : {15, 16, 17}) {
      for (const int level : {1, 6, 9}) {
        const ZisofsForm form{version, shift, level};
        for (const std::string& input : inputs) {
          const DecodedZisofs decoded = Decode(Compress(input, form));
          EXPECT_EQ(decoded.version, version);
          EXPECT_EQ(decoded.block_size, uint64_t{1} << shift);
          EXPECT_TRUE(decoded.bytes == input) << version << " " << shift << " " << input.size();
        }
      }
    }
  }
}

TEST(ZisofsTest, WritesTheHeaderOfVersion1) {
  const std::string file = Compress(TestText(kBlock + 5), {});
  EXPECT_EQ(file.substr(0, 20), std::string("\x37\xE4\x53\x96\xC9\xDB\xD6\x07"
                                            "\x05\x80\x00\x00\x04\x0F\x00\x00"
                                            "\x1C\x00\x00\x00",
                                            20));
}

TEST(ZisofsTest, WritesTheHeaderOfVersion2) {
  const std::string file = Compress(TestText(kBlock + 5), {2, 17, 9});
  EXPECT_EQ(file.substr(0, 32), std::string("\xEF\x22\x55\xA1\xBC\x1B\x95\xA0"
                                            "\x00\x06\x01\x11\x05\x80\x00\x00\x00\x00\x00\x00"
                                            "\x00\x00\x00\x00\x28\x00\x00\x00\x00\x00\x00\x00",
                                            32));
}

TEST(ZisofsTest, AnEmptyFileIsAHeaderAndOnePointer) {
  EXPECT_EQ(Compress("", {}).size(), 20u);
  EXPECT_EQ(Compress("", {2, 15, 9}).size(), 32u);
}

TEST(ZisofsTest, BlocksOfZerosTakeNoRoom) {
  const DecodedZisofs decoded = Decode(Compress(std::string(3 * kBlock + 1, '\0'), {}));
  EXPECT_EQ(decoded.blocks, std::vector<std::string>(4));
  const DecodedZisofs middle =
      Decode(Compress(TestText(kBlock) + std::string(kBlock, '\0') + TestText(kBlock, 2), {}));
  ASSERT_EQ(middle.blocks.size(), 3u);
  EXPECT_NE(middle.blocks[0], "");
  EXPECT_EQ(middle.blocks[1], "");
  EXPECT_NE(middle.blocks[2], "");
}

TEST(ZisofsTest, ABlockIsWhatCompress2MakesOfIt) {
  const std::string input = TestText(kBlock) + Noise(kBlock, 3) + TestText(777, 2);
  for (int level = 1; level <= 9; ++level) {
    const DecodedZisofs decoded = Decode(Compress(input, {1, 15, level}));
    ASSERT_EQ(decoded.blocks.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(decoded.blocks[i] == Compress2(input.substr(i * kBlock, kBlock), level))
          << "block " << i << " at level " << level;
    }
  }
}

TEST(ZisofsTest, WhatDoesNotShrinkGrowsByLittle) {
  const std::string input = Noise(10 * kBlock, 9);
  const std::string file = Compress(input, {});
  EXPECT_GT(file.size(), input.size());
  EXPECT_LT(file.size(), input.size() + 10 * 32 + 64);
}

TEST(ZisofsTest, AnyRangeIsThatOfTheWhole) {
  const std::string input = TestText(2 * kBlock) + std::string(2 * kBlock, '\0') + TestText(5000);
  for (const int version : {1, 2}) {
    const ZisofsForm form{version, 15, 1};
    const std::string whole = Compress(input, form);
    for (const size_t step : {61u, 4099u}) {
      EXPECT_TRUE(Compress(input, form, step) == whole) << step;
    }
    const std::string zeros(3 * kBlock, '\0');  // a head alone
    EXPECT_EQ(Compress(zeros, form, 1), Compress(zeros, form));
  }
}

TEST(ZisofsTest, BlocksMayBeCompressedInAnyParts) {
  ContentTable contents;
  const std::string input = TestText(9 * kBlock + 1);
  const ContentId content = contents.AddBytes(input);
  const ZisofsForm form;
  std::vector<uint32_t> whole(10), parts(10);
  ASSERT_EQ(CompressBlocks(contents, content, form, 0, absl::MakeSpan(whole)), absl::OkStatus());
  for (const auto& [first, count] : {std::pair<size_t, size_t>{7, 3}, {0, 1}, {1, 6}}) {
    ASSERT_EQ(
        CompressBlocks(contents, content, form, first, absl::MakeSpan(parts).subspan(first, count)),
        absl::OkStatus());
  }
  EXPECT_EQ(whole, parts);
}

TEST(ZisofsTest, AFileThatChangedIsAnError) {
  for (const std::string& input : {TestText(2 * kBlock), std::string(2 * kBlock, '\0')}) {
    const TestDirectory directory;
    const std::string path = directory.Write("a", input);
    ContentTable contents;
    const ContentId content = *contents.AddFile(path);
    const ZisofsForm form;
    std::vector<uint32_t> sizes(2);
    ASSERT_EQ(CompressBlocks(contents, content, form, 0, absl::MakeSpan(sizes)), absl::OkStatus());
    const ZisofsFile file(content, input.size(), form, sizes);
    SetModified(path, 1'000'000'000);
    std::vector<uint8_t> out(file.size());
    const absl::Status status = file.Read(contents, 0, absl::MakeSpan(out));
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_NE(status.message().find(path), absl::string_view::npos) << status;
  }
}

TEST(ZisofsTest, AnotherBlockUnderTheSameDateIsAnError) {
  ContentTable contents;
  const ContentId content = contents.AddBytes(TestText(kBlock));
  const ZisofsForm form;
  const std::vector<uint32_t> sizes = {1000};  // not what it compresses to
  const ZisofsFile file(content, kBlock, form, sizes);
  std::vector<uint8_t> out(file.size());
  EXPECT_EQ(file.Read(contents, 0, absl::MakeSpan(out)).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ZisofsTest, TheLargestFileHas32BitsInVersion1) {
  EXPECT_EQ((ZisofsForm{.version = 1}.LargestFile()), 0xFFFFFFFFu);
  EXPECT_GT((ZisofsForm{.version = 2}.LargestFile()), uint64_t{1} << 40);
  // Pointers of the largest one: 131072 blocks of 32 KiB.
  EXPECT_EQ(ZisofsForm().BlockCount(0xFFFFFFFF), 131072u);
  EXPECT_EQ(ZisofsForm().HeadSize(131072), 16u + 4 * 131073);
}

// The bytes of compressed files are those of the zlib that is linked. When this fails,
// images with compressed files get other bytes than those of earlier builds:
// docs/versions.md says what to do.
TEST(ZisofsTest, TheBytesAreThoseOfZlib1_2_13) {
  const std::string input = TestText(3 * kBlock + 1000);
  const std::pair<int, uLong> known[] = {{1, 4032108084}, {6, 155512459}, {9, 4157780224}};
  for (const auto& [level, want] : known) {
    const std::string file = Compress(input, {1, 15, level});
    EXPECT_EQ(crc32(0, reinterpret_cast<const Bytef*>(file.data()), static_cast<uInt>(file.size())),
              want)
        << "zlib " << zlibVersion() << " compresses to other bytes at level " << level
        << " than zlib 1.2.13 of Debian 12 (docs/versions.md)";
  }
}

}  // namespace
}  // namespace isomason
