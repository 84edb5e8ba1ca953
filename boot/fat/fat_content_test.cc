#include "boot/fat/fat_content.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "layout/image.h"
#include "layout/layout_testing.h"
#include "layout/placement.h"

namespace isomason {
namespace {

constexpr int64_t kTime = 1793536496;

struct Case {
  FatType type;
  uint32_t alignment;
  bool hidden_sectors;
  uint32_t cluster_size = 0;
  uint64_t slack = 5000;
};

std::string ReadImage(const Image& image, uint64_t offset, size_t size) {
  std::string bytes(size, '?');
  EXPECT_EQ(image.Read(offset, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), size)),
            absl::OkStatus());
  return bytes;
}

TEST(FatContentTest, AVolumeLiesInOnePieceOfTheImage) {
  for (const Case& c : {Case{FatType::kFat12, 2048, false}, Case{FatType::kFat12, 65536, true},
                        Case{FatType::kFat16, 2048, true}, Case{FatType::kFat32, 4096, true},
                        Case{FatType::kFat12, 2048, false, 16384, 0}}) {
    SCOPED_TRACE(static_cast<int>(c.type));
    ContentTable contents;
    Pieces pieces;
    // Something before and behind it that flows.
    const ContentId before = contents.AddBytes(TestBytes(3000, 1));
    const std::vector<std::string> bytes = {TestBytes(10000, 2), TestBytes(1, 3),
                                            TestBytes(2048, 4)};
    std::vector<ContentId> files;
    std::vector<FatEntry> entries;
    for (const char* path : {"EFI/BOOT/BOOTX64.EFI", "one", "EFI/a long name"}) {
      FatEntry entry{.path = path, .time = kTime};
      files.push_back(contents.AddBytes(bytes[entries.size()]));
      entry.size = bytes[entries.size()].size();
      entries.push_back(std::move(entry));
    }
    FatOptions options{.label = "ESP", .time = kTime};
    options.shape.type = c.type;
    options.shape.alignment = c.alignment;
    options.shape.slack = c.slack;
    options.shape.cluster_size = c.cluster_size;
    auto planned = FatVolume::Plan(options, entries);
    ASSERT_TRUE(planned.ok()) << planned.status();
    const auto volume = std::make_shared<const FatVolume>(*std::move(planned));

    pieces.AddContent(before, ByteCount(3000));
    FatContents fat = AddFatContents(contents, volume, {.hidden_sectors = c.hidden_sectors});
    for (const FatVolume::File& file : volume->files()) fat.files.push_back(files[file.entry]);
    const PieceId leader = AddFatPieces(*volume, fat, pieces).leader;
    const ContentId whole = contents.AddZeros(volume->size());
    pieces.Alias(whole, leader);
    const ContentId behind = contents.AddBytes(TestBytes(3000, 5));
    pieces.AddContent(behind, ByteCount(3000));
    auto at = Place(pieces, {});
    ASSERT_TRUE(at.ok()) << at.status();
    const Image image(pieces, contents, *std::move(at));

    const uint64_t start = image.addresses()[leader].value();
    EXPECT_GE(start, 4096u);
    EXPECT_EQ(start % c.alignment, 0u);
    const uint64_t last = image.addresses()[behind].value();
    EXPECT_TRUE(last + 3000 <= start || last >= start + volume->size()) << last;

    // The volume by itself.
    std::string want(volume->size(), '\0');
    ASSERT_EQ(volume->Read(0, absl::MakeSpan(reinterpret_cast<uint8_t*>(want.data()),
                                             volume->metadata_size())),
              absl::OkStatus());
    for (const FatVolume::File& file : volume->files()) {
      want.replace(file.offset, file.size, bytes[file.entry]);
      EXPECT_EQ(image.addresses()[files[file.entry]].value(), start + file.offset);
    }
    if (c.hidden_sectors) {
      const auto sector = static_cast<uint32_t>(start / 512);
      for (const size_t boot : {0, 6 * 512}) {
        if (boot != 0 && c.type != FatType::kFat32) continue;
        for (size_t i = 0; i < 4; ++i) {
          want[boot + 28 + i] = static_cast<char>(sector >> (8 * i));
        }
      }
    }
    EXPECT_TRUE(ReadImage(image, start, volume->size()) == want);
    EXPECT_EQ(image.addresses()[whole].value(), start);
    std::string read;
    EXPECT_EQ(image.ReadContent(whole, {},
                                [&read](absl::Span<const uint8_t> some) {
                                  read.append(some.begin(), some.end());
                                  return absl::OkStatus();
                                }),
              absl::OkStatus());
    EXPECT_TRUE(read == want);
  }
}

}  // namespace
}  // namespace isomason
