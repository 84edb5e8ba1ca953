// Random FAT volumes, each through fsck.fat, mtools, 7-Zip and Linux.

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tools/behavior/fat_sample.h"
#include "tools/behavior/shrink.h"
#include "tools/oracle/fat.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/sevenzip.h"

namespace isomason {
namespace {

CompareOptions FatCompare() {
  CompareOptions options;
  options.modes = options.owners = options.links = options.inodes = false;
  return options;
}

// ISOMASON_SEEDS="7" or "1000-2000"; by default 1 to 200. A shard takes some of them.
std::vector<uint64_t> Seeds() {
  uint64_t first = 1, last = 200;
  if (const char* wanted = std::getenv("ISOMASON_SEEDS"); wanted != nullptr && *wanted != '\0') {
    const std::vector<std::string> ends = absl::StrSplit(wanted, '-');
    EXPECT_TRUE(absl::SimpleAtoi(ends.front(), &first) && absl::SimpleAtoi(ends.back(), &last));
  }
  std::vector<uint64_t> seeds;
  for (uint64_t seed = first; seed <= last; ++seed) seeds.push_back(seed);
  return seeds;
}

void Add(absl::string_view reader, const absl::StatusOr<Listing>& got, const Listing& want,
         std::vector<std::string>& out) {
  if (!got.ok()) {
    out.push_back(absl::StrCat(reader, ": ", got.status().ToString()));
    return;
  }
  for (const std::string& difference : Differences(want, *got, FatCompare())) {
    out.push_back(absl::StrCat(reader, ": ", difference));
  }
}

// What the readers say that run on the host; nothing when all is well.
std::vector<std::string> Complaints(const FatSample& sample, const std::string& folder) {
  const std::string image = folder + "/image";
  std::vector<std::string> out;
  absl::StatusOr<FatVolume> volume = WriteFatSample(sample, image, 4099);
  if (!volume.ok()) return {volume.status().ToString()};
  if (absl::Status s = FsckFat(image); !s.ok()) out.push_back(std::string(s.message()));
  const Listing want = WantOfFatSample(sample);
  Add("mtools", MtoolsListing(image, folder), AsMtoolsShow(want), out);
  Add("7z", SevenZipListing(image, SevenZipFormat::kFat, folder), want, out);
  if (absl::Status s = SevenZipTest(image, SevenZipFormat::kFat); !s.ok()) {
    out.push_back(std::string(s.message()));
  }
  return out;
}

std::string Describe(const FatSample& sample) {
  std::string out;
  for (const FatEntry& entry : sample.entries) {
    absl::StrAppend(&out, "  ", absl::Utf8SafeCEscape(entry.path), " ",
                    entry.directory ? std::string("directory") : absl::StrCat(entry.size), "\n");
  }
  return out;
}

class FatPropertyTest : public testing::TestWithParam<uint64_t> {};

// 25 trees are one test, so that Linux reads them in one guest.
constexpr uint64_t kTogether = 25;

TEST_P(FatPropertyTest, ReadersShowWhatIsInRandomVolumes) {
  const std::vector<uint64_t> seeds = Seeds();
  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
  ASSERT_TRUE(scratch.ok()) << scratch.status();
  std::vector<std::string> images;
  std::vector<FatSample> samples;
  for (uint64_t i = GetParam() * kTogether;
       i < std::min((GetParam() + 1) * kTogether, seeds.size()); ++i) {
    FatSample sample = RandomFatSample(seeds[i]);
    const std::vector<std::string> complaints = Complaints(sample, scratch->path());
    if (!complaints.empty()) {
      FatSample smaller = sample;
      smaller.entries = Shrink<FatEntry>(
          sample.entries, [&](const std::vector<std::vector<FatEntry>>& candidates) {
            std::vector<bool> fails;
            for (const std::vector<FatEntry>& entries : candidates) {
              FatSample candidate = sample;
              candidate.entries = entries;
              fails.push_back(!Complaints(candidate, scratch->path()).empty());
            }
            return fails;
          });
      ADD_FAILURE() << "seed " << seeds[i] << ":\n"
                    << absl::StrJoin(complaints, "\n") << "\nit is smaller with\n"
                    << Describe(smaller)
                    << absl::StrJoin(Complaints(smaller, scratch->path()), "\n");
    }
    images.push_back(absl::StrCat(scratch->path(), "/", seeds[i], ".img"));
    ASSERT_TRUE(WriteFatSample(sample, images.back()).ok());
    samples.push_back(std::move(sample));
  }
  if (images.empty()) return;
  absl::StatusOr<LinuxViews> views = ReadWithLinux(images, {View::kFat}, {.drive_block_size = 512});
  ASSERT_TRUE(views.ok()) << views.status();
  for (size_t i = 0; i < images.size(); ++i) {
    const LinuxView& view = views->at({i, View::kFat});
    std::vector<std::string> complaints = view.warnings;
    Add("Linux", view.listing, WantOfFatSample(samples[i]), complaints);
    EXPECT_TRUE(complaints.empty()) << images[i] << ":\n" << absl::StrJoin(complaints, "\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FatPropertyTest,
                         testing::Range<uint64_t>(0, (Seeds().size() + kTogether - 1) / kTogether));

}  // namespace
}  // namespace isomason
