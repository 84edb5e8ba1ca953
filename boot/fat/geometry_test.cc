#include "boot/fat/geometry.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kMiB = 1 << 20;

// What is so of every volume, computed as a reader does (fatgen103, FAT Type Determination).
void ExpectSound(const FatGeometry& g, const FatShape& shape) {
  const uint64_t data = g.data_offset() / 512;
  EXPECT_EQ(data, g.reserved_sectors + 2 * g.fat_sectors + g.root_entries * 32 / 512);
  const uint64_t counted = (g.sectors - data) / (g.cluster_size / 512);
  EXPECT_EQ(counted, g.clusters);
  const FatType type = counted < 4085    ? FatType::kFat12
                       : counted < 65525 ? FatType::kFat16
                                         : FatType::kFat32;
  EXPECT_EQ(type, g.type);
  for (const int64_t border : {4085, 65525}) {
    EXPECT_GE(std::abs(static_cast<int64_t>(counted) - border), 16);
  }
  const uint64_t fat_bits = uint64_t{g.fat_sectors} * 512 * 8;
  EXPECT_GE(fat_bits, (counted + 2) * static_cast<uint64_t>(type));
  EXPECT_EQ(g.data_offset() % shape.alignment, 0u);
  EXPECT_EQ(g.cluster_size % 2048, 0u);
  EXPECT_EQ(g.root_entries % 64, 0u);
  EXPECT_GE(g.reserved_sectors, g.type == FatType::kFat32 ? 32u : 1u);
  EXPECT_LE(g.reserved_sectors, 0xFFFFu);
  EXPECT_EQ(g.sectors % 4, 0u);
}

absl::StatusOr<FatGeometry> Divide(const FatShape& shape, uint64_t clusters_of_2048,
                                   uint64_t root_records = 3) {
  return DivideFat(shape, root_records, [&](uint32_t cluster_size, bool root_in_clusters) {
    return (clusters_of_2048 * 2048 + cluster_size - 1) / cluster_size + (root_in_clusters ? 1 : 0);
  });
}

TEST(FatGeometryTest, TheLeastVolumeHasAsManyClustersAsAreNeeded) {
  const struct {
    uint64_t needed;
    int type;
    uint64_t clusters;
  } kCases[] = {
      {0, 12, 1},         {1, 12, 1},         {4068, 12, 4068},     {4069, 16, 4101},
      {4101, 16, 4101},   {5000, 16, 5000},   {65508, 16, 65508},   {65509, 32, 65541},
      {65540, 32, 65541}, {65541, 32, 65542}, {500000, 32, 500001}, {1048575, 32, 1048576},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.needed);
    const auto g = Divide({}, c.needed);
    ASSERT_TRUE(g.ok()) << g.status();
    ExpectSound(*g, {});
    EXPECT_EQ(static_cast<int>(g->type), c.type);
    EXPECT_EQ(g->clusters, c.clusters);
    EXPECT_EQ(g->cluster_size, 2048u);
    EXPECT_EQ(g->sectors * 512, g->data_offset() + c.clusters * 2048);
  }
}

TEST(FatGeometryTest, ClustersGrowWhenThereWouldBeTooMany) {
  const struct {
    FatShape shape;
    uint64_t needed;
    uint32_t cluster_size;
  } kCases[] = {
      {{}, 1048576, 4096},
      {{.type = FatType::kFat12}, 4069, 4096},
      {{.type = FatType::kFat12}, 40000, 32768},
      {{.type = FatType::kFat16}, 65509, 4096},
      {{.type = FatType::kFat16}, 1000000, 32768},
      {{.size = 100000 * kMiB}, 10, 32768},
      {{.size = 4080 * 2048 + 10240}, 10, 4096},  // 2048 would be too near to FAT16
  };
  for (const auto& c : kCases) {
    const auto g = Divide(c.shape, c.needed);
    ASSERT_TRUE(g.ok()) << g.status();
    ExpectSound(*g, c.shape);
    EXPECT_EQ(g->cluster_size, c.cluster_size);
  }
}

TEST(FatGeometryTest, AGivenSizeIsUsedUpToTheLastCluster) {
  for (const FatShape& limits :
       {FatShape{}, FatShape{.alignment = 4096}, FatShape{.alignment = 1 << 20},
        FatShape{.cluster_size = 4096, .alignment = 32768}}) {
    for (uint64_t size = 2 * kMiB; size < 3000 * kMiB; size = (size + size / 7) / 2048 * 2048) {
      FatShape shape = limits;
      shape.size = size;
      SCOPED_TRACE(absl::StrCat(size, " ", shape.alignment));
      const auto g = Divide(shape, 10);
      // The few sizes whose clusters are too near to a border.
      if (!g.ok() && shape.cluster_size != 0) {
        EXPECT_THAT(std::string(g.status().message()), HasSubstr("so near to"));
        continue;
      }
      ASSERT_TRUE(g.ok()) << g.status();
      ExpectSound(*g, shape);
      EXPECT_EQ(g->sectors * 512, size);
      // No sector of a FAT more than one too many.
      const uint64_t exact =
          ((g->clusters + uint64_t{2}) * static_cast<uint64_t>(g->type) + 4095) / 4096;
      EXPECT_LE(g->fat_sectors, exact + 1);
    }
  }
}

TEST(FatGeometryTest, TheLeastVolumeIsOneOfItsOwnSize) {
  for (const uint64_t needed : {1, 300, 4068, 4101, 10000, 65508, 70000, 200000}) {
    for (const uint32_t alignment : {2048u, 4096u, 65536u}) {
      FatShape shape{.alignment = alignment};
      const auto least = Divide(shape, needed);
      ASSERT_TRUE(least.ok()) << least.status();
      ExpectSound(*least, shape);
      shape.size = least->sectors * 512;
      const auto given = Divide(shape, needed);
      ASSERT_TRUE(given.ok()) << given.status();
      EXPECT_EQ(given->clusters, least->clusters);
      EXPECT_EQ(given->data_offset(), least->data_offset());
    }
  }
}

TEST(FatGeometryTest, SlackStaysFree) {
  EXPECT_EQ(Divide({.slack = 1}, 10)->clusters, 11u);
  EXPECT_EQ(Divide({.slack = 2048}, 10)->clusters, 11u);
  EXPECT_EQ(Divide({.slack = 2049}, 10)->clusters, 12u);
  EXPECT_EQ(static_cast<int>(Divide({.slack = 8 * kMiB}, 10)->type), 16);
}

TEST(FatGeometryTest, TheRootDirectoryHoldsItsRecords) {
  EXPECT_EQ(Divide({}, 10, 0)->root_entries, 64u);
  EXPECT_EQ(Divide({}, 10, 64)->root_entries, 64u);
  EXPECT_EQ(Divide({}, 10, 65)->root_entries, 128u);
  EXPECT_EQ(Divide({.type = FatType::kFat16}, 10, 65)->root_entries, 512u);
  EXPECT_EQ(Divide({.type = FatType::kFat16}, 10, 513)->root_entries, 576u);
  EXPECT_EQ(Divide({.type = FatType::kFat32}, 10, 65)->root_entries, 0u);
  EXPECT_EQ(Divide({}, 10, 65472)->root_entries, 65472u);
  EXPECT_EQ(static_cast<int>(Divide({}, 10, 65473)->type), 32);
  EXPECT_EQ(Divide({.type = FatType::kFat12}, 10, 65473).status().message(),
            "the root directory of FAT12 holds 65472 records, and 65473 are needed "
            "(BPB_RootEntCnt)");
}

TEST(FatGeometryTest, SaysHowManyBytesAreMissing) {
  EXPECT_EQ(Divide({.size = 2 * kMiB}, 2000).status(),
            absl::OutOfRangeError("a FAT volume needs 4106240 bytes for all that is to be in it, "
                                  "2009088 more than the 2097152 that it is given"));
  const auto least = Divide({.type = FatType::kFat32}, 2000);
  ASSERT_TRUE(least.ok());
  EXPECT_EQ(Divide({.type = FatType::kFat32, .size = 64 * kMiB}, 2000).status(),
            absl::OutOfRangeError(absl::StrCat(
                "FAT32 needs ", least->sectors * 512, " bytes for all that is to be in it, ",
                least->sectors * 512 - 64 * kMiB,
                " more than the 67108864 that it is given (FAT32 has 65541 clusters or more)")));
}

TEST(FatGeometryTest, RefusesWhatCannotBe) {
  const struct {
    FatShape shape;
    uint64_t needed;
    absl::StatusCode code;
    std::string why;
  } kCases[] = {
      {{.cluster_size = 1024},
       1,
       absl::StatusCode::kInvalidArgument,
       "the cluster size of a FAT volume is 1024, it is a power of 2 from 2048 to 32768"},
      {{.cluster_size = 6144}, 1, absl::StatusCode::kInvalidArgument, "is 6144"},
      {{.cluster_size = 65536}, 1, absl::StatusCode::kInvalidArgument, "is 65536"},
      {{.alignment = 512}, 1, absl::StatusCode::kInvalidArgument, "the alignment"},
      {{.alignment = 2 << 20}, 1, absl::StatusCode::kInvalidArgument, "the alignment"},
      {{.size = 1000000}, 1, absl::StatusCode::kInvalidArgument, "not 1000000"},
      {{.size = uint64_t{1} << 42}, 1, absl::StatusCode::kOutOfRange, "more sectors than"},
      {{.type = FatType::kFat12, .cluster_size = 2048},
       4069,
       absl::StatusCode::kOutOfRange,
       "FAT12 with clusters of 2048 bytes does not hold all"},
      {{.type = FatType::kFat12, .size = 300 * kMiB},
       1,
       absl::StatusCode::kOutOfRange,
       "has too many clusters"},
      {{.size = 4080 * 2048 + 10240, .cluster_size = 2048},
       1,
       absl::StatusCode::kOutOfRange,
       "so near to that of another type"},
  };
  for (const auto& c : kCases) {
    const auto got = Divide(c.shape, c.needed);
    EXPECT_EQ(got.status().code(), c.code) << c.why;
    EXPECT_THAT(std::string(got.status().message()), HasSubstr(c.why));
  }
}

}  // namespace
}  // namespace isomason
