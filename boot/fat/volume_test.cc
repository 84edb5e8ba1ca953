#include "boot/fat/volume.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "boot/fat/records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kTime = 1793536496;

FatEntry File(std::string path, uint64_t size) {
  return {.path = std::move(path), .size = size, .time = kTime};
}

std::vector<FatEntry> SampleEntries() {
  return {File("EFI/BOOT/BOOTX64.EFI", 10000),
          File("empty", 0),
          File("one", 1),
          File("a cluster", 2048),
          File("EFI/a longer name than 8.3", 2049),
          {.path = "D", .directory = true, .time = kTime}};
}

std::string Metadata(const FatVolume& volume) {
  std::string bytes(volume.metadata_size(), '\xFF');
  EXPECT_EQ(volume.Read(0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())),
            absl::OkStatus());
  return bytes;
}

// A reader of its own: positions are those of fatgen103, not those of the tables.
class Reader {
 public:
  explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {
    sector_ = Get(11, 2);
    cluster_ = Get(13, 1) * sector_;
    reserved_ = Get(14, 2);
    fats_ = Get(16, 1);
    root_entries_ = Get(17, 2);
    total_ = Get(19, 2) != 0 ? Get(19, 2) : Get(32, 4);
    fat_sectors_ = Get(22, 2) != 0 ? Get(22, 2) : Get(36, 4);
    root_start_ = (reserved_ + fats_ * fat_sectors_) * sector_;
    data_ = root_start_ + root_entries_ * 32;
    clusters_ = (total_ * sector_ - data_) / cluster_;
    bits_ = clusters_ < 4085 ? 12 : clusters_ < 65525 ? 16 : 32;
  }

  uint64_t Get(uint64_t at, int width) const {
    uint64_t value = 0;
    for (int i = width; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes_.at(at + i));
    return value;
  }

  uint64_t Fat(uint64_t entry) const {
    const uint64_t fat = reserved_ * sector_;
    if (bits_ == 16) return Get(fat + 2 * entry, 2);
    if (bits_ == 32) return Get(fat + 4 * entry, 4);
    const uint64_t pair = Get(fat + entry * 3 / 2, 2);
    return entry % 2 == 0 ? pair & 0xFFF : pair >> 4;
  }

  std::vector<uint64_t> Chain(uint64_t cluster) const {
    const uint64_t end = bits_ == 12 ? 0xFF8 : bits_ == 16 ? 0xFFF8 : 0x0FFFFFF8;
    std::vector<uint64_t> chain;
    for (; cluster < end; cluster = Fat(cluster)) {
      EXPECT_TRUE(cluster >= 2 && cluster < clusters_ + 2) << cluster;
      if (chain.size() > clusters_) break;
      chain.push_back(cluster);
    }
    return chain;
  }

  uint64_t Offset(uint64_t cluster) const { return data_ + (cluster - 2) * cluster_; }

  // Calls `visit` with short name, attributes, first cluster and size of all below.
  using Visit = std::function<void(const std::string&, int, uint64_t, uint64_t)>;
  void Walk(const Visit& visit) const {
    std::vector<uint64_t> places;
    if (bits_ == 32) {
      for (const uint64_t c : Chain(Get(44, 4))) Add(Offset(c), cluster_, places);
    } else {
      Add(root_start_, root_entries_ * 32, places);
    }
    WalkRecords(places, visit);
  }

  uint64_t sector_, cluster_, reserved_, fats_, root_entries_, total_, fat_sectors_, root_start_,
      data_, clusters_;
  int bits_;

 private:
  static void Add(uint64_t at, uint64_t size, std::vector<uint64_t>& places) {
    for (uint64_t i = 0; i < size; i += 32) places.push_back(at + i);
  }
  void WalkRecords(const std::vector<uint64_t>& places, const Visit& visit) const {
    for (const uint64_t at : places) {
      if (bytes_[at] == 0) return;
      const int attributes = static_cast<int>(Get(at + 11, 1));
      const std::string name = bytes_.substr(at, 11);
      if (attributes == 0x0F || name[0] == '.') continue;
      const uint64_t cluster = Get(at + 20, 2) << 16 | Get(at + 26, 2);
      visit(name, attributes, cluster, Get(at + 28, 4));
      if ((attributes & 0x10) == 0) continue;
      std::vector<uint64_t> below;
      for (const uint64_t c : Chain(cluster)) Add(Offset(c), cluster_, below);
      WalkRecords(below, visit);
    }
  }

  std::string bytes_;
};

std::vector<FatOptions> AllShapes() {
  std::vector<FatOptions> all;
  for (const FatShape& shape :
       {FatShape{}, FatShape{.alignment = 32768},
        FatShape{.type = FatType::kFat12, .size = 4 << 20},
        FatShape{.slack = 5000, .cluster_size = 4096}, FatShape{.type = FatType::kFat16},
        FatShape{.size = 40 << 20, .alignment = 4096}, FatShape{.type = FatType::kFat32},
        FatShape{.type = FatType::kFat32, .alignment = 65536},
        FatShape{.size = uint64_t{3} << 30}}) {
    all.push_back({.label = "ESP", .serial = 0x89ABCDEF, .time = kTime, .shape = shape});
  }
  return all;
}

TEST(FatVolumeTest, ChainsAreWhereFilesAre) {
  for (const FatOptions& options : AllShapes()) {
    const std::vector<FatEntry> entries = SampleEntries();
    const auto volume = FatVolume::Plan(options, entries);
    ASSERT_TRUE(volume.ok()) << volume.status();
    const Reader reader(Metadata(*volume));
    SCOPED_TRACE(absl::StrCat("FAT", reader.bits_, ", clusters of ", reader.cluster_));
    EXPECT_EQ(reader.bits_, static_cast<int>(volume->type()));
    EXPECT_EQ(reader.total_ * 512, volume->size());
    EXPECT_EQ(reader.clusters_, volume->geometry().clusters);

    std::map<std::string, std::pair<uint64_t, uint64_t>> files;  // short name: cluster, size
    std::set<uint64_t> used;
    const auto use = [&](uint64_t cluster) {
      const std::vector<uint64_t> chain = reader.Chain(cluster);
      for (size_t i = 0; i < chain.size(); ++i) {
        EXPECT_EQ(chain[i], cluster + i);
        EXPECT_TRUE(used.insert(chain[i]).second);
      }
      return chain.size();
    };
    if (reader.bits_ == 32) use(reader.Get(44, 4));
    reader.Walk([&](const std::string& name, int attributes, uint64_t cluster, uint64_t size) {
      if ((attributes & 0x08) != 0) return;
      if ((attributes & 0x10) == 0) files[name] = {cluster, size};
      if (cluster == 0) return;
      const size_t clusters = use(cluster);
      if ((attributes & 0x10) != 0) {
        // All directories lie in the metadata.
        EXPECT_LE(reader.Offset(cluster) + clusters * reader.cluster_, volume->metadata_size());
      } else {
        EXPECT_EQ(clusters, (size + reader.cluster_ - 1) / reader.cluster_);
      }
    });
    EXPECT_EQ(files["EMPTY      "], std::make_pair(uint64_t{0}, uint64_t{0}));
    std::vector<std::string> order;
    uint64_t last = volume->metadata_size();
    for (const FatVolume::File& file : volume->files()) {
      order.push_back(entries[file.entry].path);
      EXPECT_EQ(file.offset % options.shape.alignment, 0u);
      EXPECT_GE(file.offset, last);
      last = file.offset + file.size;
    }
    EXPECT_THAT(order, ElementsAre("EFI/BOOT/BOOTX64.EFI", "one", "a cluster",
                                   "EFI/a longer name than 8.3"));
    EXPECT_EQ(reader.Offset(files["BOOTX64 EFI"].first), volume->files()[0].offset);
    EXPECT_EQ(reader.Offset(files["ONE        "].first), volume->files()[1].offset);
    EXPECT_EQ(reader.Offset(files["ACLUST~1   "].first), volume->files()[2].offset);
    EXPECT_EQ(reader.Offset(files["ALONGE~13  "].first), volume->files()[3].offset);
    EXPECT_GE(volume->tail(), last);
    EXPECT_LE(volume->tail(), volume->size());

    // What no chain goes through is free, up to the end of the FAT.
    uint64_t free = 0;
    const uint64_t in_fat = reader.fat_sectors_ * 512 * 8 / static_cast<uint64_t>(reader.bits_);
    for (uint64_t c = 2; c < in_fat; ++c) {
      if (used.count(c) != 0) continue;
      ASSERT_EQ(reader.Fat(c), 0u) << c;
      if (c < reader.clusters_ + 2) ++free;
    }
    EXPECT_EQ(free, volume->free_clusters());
    EXPECT_EQ(used.size() + free, reader.clusters_);
    const uint64_t ones = reader.bits_ == 12 ? 0xFFF : reader.bits_ == 16 ? 0xFFFF : 0x0FFFFFFF;
    EXPECT_EQ(reader.Fat(0), ones - 7);  // ends in F8, the media byte
    EXPECT_EQ(reader.Fat(1), ones);      // clean
  }
}

TEST(FatVolumeTest, FatsAndBootSectorsAreEqualToTheirCopies) {
  for (const FatOptions& options : AllShapes()) {
    const auto volume = FatVolume::Plan(options, SampleEntries());
    ASSERT_TRUE(volume.ok()) << volume.status();
    const std::string bytes = Metadata(*volume);
    const Reader reader(bytes);
    const uint64_t fat = reader.reserved_ * 512, size = reader.fat_sectors_ * 512;
    EXPECT_EQ(bytes.substr(fat, size), bytes.substr(fat + size, size));
    EXPECT_EQ(reader.Get(510, 2), 0xAA55u);
    if (reader.bits_ != 32) {
      EXPECT_EQ(bytes.substr(512, fat - 512), std::string(fat - 512, '\0'));
      continue;
    }
    EXPECT_EQ(reader.Get(48, 2), 1u);
    EXPECT_EQ(reader.Get(50, 2), 6u);
    EXPECT_EQ(bytes.substr(0, 1024), bytes.substr(6 * 512, 1024));
    EXPECT_EQ(reader.Get(512, 4), 0x41615252u);
    EXPECT_EQ(reader.Get(512 + 484, 4), 0x61417272u);
    EXPECT_EQ(reader.Get(512 + 488, 4), volume->free_clusters());
    const uint64_t next = reader.Get(512 + 492, 4);
    for (uint64_t c = 2; c < next; ++c) EXPECT_NE(reader.Fat(c), 0u);
    EXPECT_EQ(reader.Fat(next), 0u);
    EXPECT_EQ(reader.Get(512 + 508, 4), 0xAA550000u);
  }
}

TEST(FatVolumeTest, TheBootSectorSaysWhatWasAskedFor) {
  for (FatOptions options : AllShapes()) {
    options.hidden_sectors = 0x01020304;
    options.track_sectors = 32;
    options.heads = 64;
    const auto volume = FatVolume::Plan(options, SampleEntries());
    ASSERT_TRUE(volume.ok()) << volume.status();
    const std::string bytes = Metadata(*volume);
    const Reader reader(bytes);
    const uint64_t more = reader.bits_ == 32 ? 28 : 0;
    EXPECT_EQ(reader.sector_, 512u);
    EXPECT_EQ(reader.fats_, 2u);
    EXPECT_EQ(reader.Get(21, 1), 0xF8u);
    EXPECT_EQ(reader.Get(24, 2), 32u);
    EXPECT_EQ(reader.Get(26, 2), 64u);
    EXPECT_EQ(reader.Get(28, 4), 0x01020304u);
    EXPECT_EQ(reader.Get(19, 2) == 0, reader.bits_ == 32 || reader.total_ >= 0x10000);
    EXPECT_EQ(reader.Get(32, 4) == 0, reader.Get(19, 2) != 0);
    EXPECT_EQ(reader.Get(36 + more, 2), 0x0080u);  // the byte behind the drive: not dirty
    EXPECT_EQ(reader.Get(38 + more, 1), 0x29u);
    EXPECT_EQ(reader.Get(39 + more, 4), 0x89ABCDEFu);
    EXPECT_EQ(bytes.substr(43 + more, 11), "ESP        ");
    EXPECT_EQ(bytes.substr(54 + more, 8), absl::StrCat("FAT", reader.bits_, "   "));
    EXPECT_EQ(bytes.substr(3, 8), "MSWIN4.1");
    EXPECT_EQ(reader.Get(0, 1), 0xEBu);
    EXPECT_EQ(reader.Get(2, 1), 0x90u);
    // The jump leads to the boot code.
    EXPECT_EQ(reader.Get(2 + reader.Get(1, 1), 2), 0x18CDu);
  }
}

TEST(FatVolumeTest, AnyRangeCanBeRead) {
  for (const FatOptions& options : AllShapes()) {
    if (options.shape.size > (uint64_t{1} << 30)) continue;  // too many small ranges
    const auto volume = FatVolume::Plan(options, SampleEntries());
    ASSERT_TRUE(volume.ok()) << volume.status();
    const std::string whole = Metadata(*volume);
    for (const uint64_t step : {101, 509, 4099}) {
      if (whole.size() / step > 20000) continue;
      std::string parts;
      for (uint64_t at = 0; at < whole.size(); at += step) {
        std::vector<uint8_t> part(std::min<uint64_t>(step, whole.size() - at), 0xFF);
        ASSERT_EQ(volume->Read(at, absl::MakeSpan(part)), absl::OkStatus());
        parts.append(part.begin(), part.end());
      }
      EXPECT_TRUE(parts == whole) << step;
    }
    std::vector<uint8_t> beyond(1);
    EXPECT_EQ(volume->Read(whole.size(), absl::MakeSpan(beyond)).code(),
              absl::StatusCode::kInternal);
  }
}

TEST(FatVolumeTest, AFullFat32HasNoNextFreeCluster) {
  // The least FAT32: a file that takes all clusters but the root directory's.
  const auto volume = FatVolume::Plan({.time = kTime, .shape = {.type = FatType::kFat32}},
                                      std::vector<FatEntry>{File("all", uint64_t{2048} * 70000)});
  ASSERT_TRUE(volume.ok()) << volume.status();
  EXPECT_EQ(volume->free_clusters(), 0u);
  const Reader reader(Metadata(*volume));
  EXPECT_EQ(reader.clusters_, 70001u);
  EXPECT_EQ(reader.Get(512 + 488, 4), 0u);
  EXPECT_EQ(reader.Get(512 + 492, 4), 0xFFFFFFFFu);
  EXPECT_EQ(volume->tail(), volume->size());
}

TEST(FatVolumeTest, AnEmptyVolumeIsOne) {
  const auto volume = FatVolume::Plan({.time = kTime}, {});
  ASSERT_TRUE(volume.ok()) << volume.status();
  // A boot sector and two FATs, filled up to 2048; the root directory; a cluster.
  EXPECT_EQ(volume->size(), 3 * 2048u);
  const Reader reader(Metadata(*volume));
  reader.Walk([](const std::string& name, int, uint64_t, uint64_t) { ADD_FAILURE() << name; });
}

TEST(FatVolumeTest, TheTablesReadTheirOwnRecords) {
  const auto volume = FatVolume::Plan(AllShapes()[6], SampleEntries());
  ASSERT_TRUE(volume.ok());
  const std::string bytes = Metadata(*volume);
  const auto sector = [&](size_t n) {
    return ConstByteSpan(reinterpret_cast<const uint8_t*>(bytes.data()) + n * 512, 512);
  };
  EXPECT_TRUE(Decode(kFat32BootSector, sector(0)).ok());
  EXPECT_TRUE(Decode(kFatInfoSector, sector(1)).ok());
}

TEST(FatVolumeTest, SaysWhatIsWrong) {
  const std::vector<FatEntry> big = {File("a", 4 << 20)};
  EXPECT_THAT(
      std::string(
          FatVolume::Plan({.time = kTime, .shape = {.size = 1 << 20}}, big).status().message()),
      HasSubstr(" more than the 1048576 that it is given"));
  EXPECT_THAT(
      std::string(FatVolume::Plan({.label = "lower", .time = kTime}, big).status().message()),
      HasSubstr("the label \"lower\""));
}

}  // namespace
}  // namespace isomason
