// Files around the limits of extents: UDF's 2^30 - 2048 bytes, ISO 9660's whole blocks in 32 bits
// and 32 bits themselves. Sources and image are sparse.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/sink/sink.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/samples.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/udf_tools.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;

constexpr uint64_t kUdfLimit = 0x3FFFF800, kIsoLimit = 0xFFFFF800, kFourGiB = uint64_t{1} << 32;

// Names are in capitals, so that they are the same in every namespace.
const std::map<std::string, uint64_t>& Sizes() {
  static const auto* const kSizes = new std::map<std::string, uint64_t>{
      {"UDF_LESS", kUdfLimit - 1}, {"UDF_FULL", kUdfLimit}, {"UDF_MORE", kUdfLimit + 1},
      {"ISO_LESS", kIsoLimit - 1}, {"ISO_FULL", kIsoLimit}, {"ISO_MORE", kIsoLimit + 1},
      {"FOUR_LESS", kFourGiB - 1}, {"FOUR_GIB", kFourGiB},  {"FIVE_GIB", (kFourGiB / 4) * 5 + 17},
  };
  return *kSizes;
}

// Bytes that the file of that size really has on the host's disk.
uint64_t Allocated(const std::string& path) {
  struct stat status;
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return static_cast<uint64_t>(status.st_blocks) * 512;
}

// A sparse file that says, wherever a sample is taken, which file it is and where: at both ends
// of the sample and across its middle, which is where an extent ends.
void MakeSource(const std::string& path, absl::string_view name, uint64_t size) {
  const int fd = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  ASSERT_GE(fd, 0) << path;
  ASSERT_EQ(ftruncate(fd, static_cast<off_t>(size)), 0) << path;
  for (const auto& [begin, end] : SampledRanges(size)) {
    for (const uint64_t at : {begin, (begin + end) / 2 - 16, end - 32}) {
      std::string mark = absl::StrCat("<", name, " ", at);
      mark.resize(31, '.');
      mark += ">";
      ASSERT_EQ(pwrite(fd, mark.data(), 32, static_cast<off_t>(at)), 32) << path;
    }
  }
  ASSERT_EQ(close(fd), 0) << path;
}

// Makes the sources and the image once, for all tests.
class LargeTest : public testing::Test {
 protected:
  static std::string Source(const std::string& name) {
    return absl::StrCat(testing::TempDir(), "/large/", name);
  }
  static std::string ImagePath() { return absl::StrCat(testing::TempDir(), "/large.iso"); }

  static void SetUpTestSuite() {
    mkdir(absl::StrCat(testing::TempDir(), "/large").c_str(), 0755);
    manifest::Manifest manifest;
    manifest.set_image_version(1);
    manifest.mutable_volume()->set_id("LARGE");
    manifest.mutable_volume()->set_time("2026-11-01T00:00:00Z");
    manifest.mutable_iso9660()->mutable_rock_ridge();
    manifest.mutable_iso9660()->mutable_joliet();
    manifest.mutable_udf();
    for (const auto& [name, size] : Sizes()) {
      ASSERT_NO_FATAL_FAILURE(MakeSource(Source(name), name, size));
      manifest::Entry* entry = manifest.add_entry();
      entry->set_path(absl::StrCat("/", name));
      entry->mutable_file()->set_source(absl::StrCat("large/", name));
    }
    const LoadedManifest loaded =
        LoadedManifest::FromMessage(std::move(manifest), "large_test", testing::TempDir());
    Diagnostics diagnostics;
    auto disc = Author(loaded, loaded.directory, &diagnostics);
    ASSERT_TRUE(disc.ok()) << disc.status() << diagnostics.Format();
    ASSERT_TRUE((*disc)->image().Prepare(1).ok());
    const absl::Status written = WriteToFile((*disc)->image(), ImagePath(), {});
    ASSERT_TRUE(written.ok()) << written;
    size_ = (*disc)->image().size();
  }

  static void TearDownTestSuite() {
    for (const auto& [name, size] : Sizes()) unlink(Source(name).c_str());
    unlink(ImagePath().c_str());
  }

  // What every reader has to show: names and sizes.
  static Listing Want() {
    Listing want;
    Listed root;
    root.path = "/";
    root.type = Listed::Type::kDirectory;
    EXPECT_TRUE(want.Add(root).ok());
    for (const auto& [name, size] : Sizes()) {
      Listed file;
      file.path = absl::StrCat("/", name);
      file.size = size;
      EXPECT_TRUE(want.Add(file).ok());
    }
    return want;
  }

  static void ExpectSizes(const absl::StatusOr<Listing>& got) {
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(absl::StrJoin(Differences(Want(), *got), "\n"), "");
  }

  static uint64_t size_;
};

uint64_t LargeTest::size_ = 0;

TEST_F(LargeTest, TheImageTakesNoMoreRoomThanItsSources) {
  uint64_t bytes = 0, allocated = 0;
  for (const auto& [name, size] : Sizes()) {
    bytes += size;
    allocated += Allocated(Source(name));
  }
  EXPECT_GT(size_, bytes);
  ASSERT_LT(allocated, uint64_t{8} << 20) << "the host's file system knows no holes";
  EXPECT_LT(Allocated(ImagePath()), allocated + (uint64_t{8} << 20));
}

TEST_F(LargeTest, XorrisoSeesTheSizes) {
  for (const View view : {View::kRockRidge, View::kJoliet, View::kIso9660}) {
    SCOPED_TRACE(ViewName(view));
    ExpectSizes(XorrisoTree(ImagePath(), view));
  }
}

TEST_F(LargeTest, SevenZipSeesTheSizes) {
  ExpectSizes(SevenZipTree(ImagePath(), SevenZipFormat::kIso));
  ExpectSizes(SevenZipTree(ImagePath(), SevenZipFormat::kUdf));
}

TEST_F(LargeTest, UdfinfoCountsThem) {
  const auto info = UdfInfoOf(ImagePath());
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->files, Sizes().size());
  EXPECT_EQ(info->directories, 1u);
  EXPECT_EQ(info->integrity, "closed");
  EXPECT_EQ(info->free_blocks, 0u);
  EXPECT_EQ(info->blocks, size_ / 2048);
}

TEST_F(LargeTest, LinuxReadsThemAcrossEveryBorderInEveryView) {
  const std::vector<View> all = {View::kRockRidge, View::kJoliet, View::kIso9660, View::kUdf};
  const auto views = ReadWithLinux({ImagePath()}, all);
  ASSERT_TRUE(views.ok()) << views.status();
  for (const View view : all) {
    SCOPED_TRACE(ViewName(view));
    const LinuxView& seen = views->at({0, view});
    ExpectSizes(seen.listing);
    EXPECT_THAT(seen.warnings, IsEmpty());
    EXPECT_EQ(seen.samples.size(), Sizes().size());
    for (const auto& [name, size] : Sizes()) {
      const auto want = Sha256OfSamples(Source(name));
      ASSERT_TRUE(want.ok()) << want.status();
      const auto got = seen.samples.find(absl::StrCat("/", name));
      ASSERT_NE(got, seen.samples.end()) << name;
      EXPECT_EQ(got->second, *want) << name;
    }
  }
}

}  // namespace
}  // namespace isomason
