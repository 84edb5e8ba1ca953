// The ends of what a disc can hold: each either works with foreign readers or is refused with
// the clause and a remedy. What takes minutes is in scale_test.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/golden/golden.h"
#include "tools/oracle/bsdtar.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/readers.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/udf_tools.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kGiB = uint64_t{1} << 30;

manifest::Manifest Bridge() {
  manifest::Manifest manifest;
  manifest.set_image_version(1);
  manifest.mutable_volume()->set_id("LIMITS");
  manifest.mutable_volume()->set_time("2026-11-01T00:00:00Z");
  manifest.mutable_iso9660()->mutable_rock_ridge();
  manifest.mutable_udf();
  return manifest;
}

void AddText(manifest::Manifest& manifest, const std::string& path) {
  manifest::Entry* entry = manifest.add_entry();
  entry->set_path(path);
  entry->set_text("a\n");
}

// A file that is all hole, below the test's folder.
void AddHole(manifest::Manifest& manifest, const std::string& name, uint64_t size) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  const int fd = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  ASSERT_GE(fd, 0) << path;
  ASSERT_EQ(ftruncate(fd, static_cast<off_t>(size)), 0) << path;
  ASSERT_EQ(close(fd), 0);
  manifest::Entry* entry = manifest.add_entry();
  entry->set_path(absl::StrCat("/", name));
  entry->mutable_file()->set_source(name);
}

std::string Refusal(manifest::Manifest manifest) {
  const auto golden = AuthorMessage("limits", std::move(manifest), testing::TempDir());
  return golden.ok() ? "it is not refused" : std::string(golden.status().message());
}

// What Linux shows of every view of the image other than its manifest says.
std::string LinuxDifferences(const GoldenImage& golden, const std::string& image) {
  const std::set<View> views = golden.Views();
  const auto seen = ReadWithLinux({image}, {views.begin(), views.end()});
  if (!seen.ok()) return seen.status().ToString();
  std::string differences;
  for (const auto& [which, view] : *seen) {
    const auto want = golden.Expected(which.second);
    if (!want.ok()) return want.status().ToString();
    if (!view.listing.ok()) return view.listing.status().ToString();
    absl::StrAppend(&differences, absl::StrJoin(Differences(*want, *view.listing), "\n"),
                    absl::StrJoin(view.warnings, "\n"));
  }
  return differences;
}

TEST(LimitsTest, TreesOf250LevelsAreReadByAll) {
  manifest::Manifest manifest = Bridge();
  manifest.mutable_iso9660()->mutable_joliet();
  std::string path;
  for (int level = 1; level < 250; ++level) absl::StrAppend(&path, "/d", level % 10);
  AddText(manifest, path + "/file");
  const auto golden = AuthorMessage("depth", std::move(manifest), "");
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  const auto differences = ForeignDifferences(*golden, *image, golden->Views());
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_EQ(*differences, "");
  EXPECT_EQ(LinuxDifferences(*golden, *image), "");
}

// One path of 4000 bytes. It cannot be extracted below the test's own folder, since Linux takes
// paths of 4095 bytes, so the readers list it.
TEST(LimitsTest, PathsOf4000BytesAreReadByAll) {
  manifest::Manifest manifest = Bridge();
  std::string path;
  for (int level = 0; level < 15; ++level) path += "/" + std::string(249, 'p');
  path += "/" + std::string(4000 - path.size() - 1, 'q');
  ASSERT_EQ(path.size(), 4000u);
  AddText(manifest, path);
  const auto golden = AuthorMessage("path", std::move(manifest), "");
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();

  const auto want = golden->Expected(View::kRockRidge);
  ASSERT_TRUE(want.ok()) << want.status();
  CompareOptions names;
  names.times = names.contents = names.links = false;
  const auto expect = [&](const absl::StatusOr<Listing>& got) {
    ASSERT_TRUE(got.ok()) << got.status();
    Listing comparable = *got;
    comparable.Find("/")->mode = std::nullopt;  // bsdtar shows that of the volume descriptor
    EXPECT_EQ(absl::StrJoin(Differences(*want, comparable, names), "\n"), "");
  };
  {
    SCOPED_TRACE("xorriso");
    expect(XorrisoTree(*image, View::kRockRidge));
  }
  for (const BsdtarSource source : {BsdtarSource::kFile, BsdtarSource::kPipe}) {
    SCOPED_TRACE("bsdtar");
    expect(BsdtarTree(*image, View::kRockRidge, source));
  }
  {
    SCOPED_TRACE("7-Zip");
    expect(SevenZipTree(*image, SevenZipFormat::kUdf));
  }
  ReaderOptions options;
  options.readers = {Reader::kIsoinfo, Reader::kCdio,    Reader::kPycdlib, Reader::kGrub,
                     Reader::kUdfread, Reader::kUdfinfo, Reader::kBlkid};
  options.views = {View::kRockRidge, View::kUdf};
  options.scratch_dir = testing::TempDir();
  EXPECT_THAT(CheckWithForeignReaders(*image, *want, options), IsEmpty());
  EXPECT_EQ(LinuxDifferences(*golden, *image), "");
}

TEST(LimitsTest, NamesOf254BytesAreRefusedWithTheClause) {
  manifest::Manifest manifest = Bridge();
  manifest.clear_udf();
  AddText(manifest, "/" + std::string(253, 'n'));
  EXPECT_EQ(Refusal(manifest), "it is not refused");
  AddText(manifest, "/" + std::string(254, 'n'));
  EXPECT_THAT(Refusal(manifest), AllOf(HasSubstr("name of 254 bytes"), HasSubstr("RRIP 4.1.4"),
                                       HasSubstr("shorten the name")));
}

TEST(LimitsTest, The65536thDirectoryIsRefusedWithTheClause) {
  manifest::Manifest manifest = Bridge();
  // With the root, as many as there may be.
  for (int i = 1; i < 65535; ++i) {
    manifest::Entry* entry = manifest.add_entry();
    entry->set_path(absl::StrCat("/d", i));
    entry->mutable_directory();
  }
  EXPECT_EQ(Refusal(manifest), "it is not refused");
  manifest::Entry* entry = manifest.add_entry();
  entry->set_path("/one-more");
  entry->mutable_directory();
  EXPECT_THAT(Refusal(std::move(manifest)), AllOf(HasSubstr("65535"), HasSubstr("ECMA-119 9.4.4")));
}

// Sections of ISO 9660 and extents of UDF by the hundred, more of them than a file entry holds, and
// nothing is written of it.
TEST(LimitsTest, AFileOf300GiBIsReadAtBothEndsAndTakesNoRoom) {
  manifest::Manifest manifest = Bridge();
  manifest.mutable_iso9660()->mutable_joliet();
  ASSERT_NO_FATAL_FAILURE(AddHole(manifest, "HUGE", 300 * kGiB));
  const std::string source = absl::StrCat(testing::TempDir(), "/HUGE");
  {
    const int fd = open(source.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    ASSERT_EQ(pwrite(fd, "first", 5, 0), 5);
    ASSERT_EQ(pwrite(fd, "middle", 6, static_cast<off_t>(0xFFFFF800 * 25 - 3)), 6);
    ASSERT_EQ(pwrite(fd, "further", 7, static_cast<off_t>(0x3FFFF800 * 234ull - 3)), 7);
    ASSERT_EQ(pwrite(fd, "last", 4, static_cast<off_t>(300 * kGiB - 4)), 4);
    ASSERT_EQ(close(fd), 0);
  }
  const auto golden = AuthorMessage("huge", std::move(manifest), testing::TempDir());
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  struct stat status;
  ASSERT_EQ(stat(image->c_str(), &status), 0);
  EXPECT_GT(static_cast<uint64_t>(status.st_size), 300 * kGiB);
  EXPECT_LT(status.st_blocks * 512, 8 << 20);

  // Not bsdtar: it lists an image by reading all of it.
  const auto expect_size = [](const absl::StatusOr<Listing>& got) {
    ASSERT_TRUE(got.ok()) << got.status();
    ASSERT_NE(got->Find("/HUGE"), nullptr);
    EXPECT_EQ(got->Find("/HUGE")->size, 300 * kGiB);
  };
  for (const View view : {View::kRockRidge, View::kJoliet, View::kIso9660}) {
    SCOPED_TRACE(ViewName(view));
    expect_size(XorrisoTree(*image, view));
  }
  expect_size(SevenZipTree(*image, SevenZipFormat::kIso));
  expect_size(SevenZipTree(*image, SevenZipFormat::kUdf));
  const auto info = UdfInfoOf(*image);
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->files, 1u);

  const auto want = Sha256OfSamples(source);
  ASSERT_TRUE(want.ok()) << want.status();
  const auto seen =
      ReadWithLinux({*image}, {View::kRockRidge, View::kJoliet, View::kIso9660, View::kUdf});
  ASSERT_TRUE(seen.ok()) << seen.status();
  for (const auto& [which, view] : *seen) {
    SCOPED_TRACE(ViewName(which.second));
    expect_size(view.listing);
    EXPECT_THAT(view.warnings, IsEmpty());
    ASSERT_EQ(view.samples.count("/HUGE"), 1u);
    EXPECT_EQ(view.samples.at("/HUGE"), *want);
  }
  unlink(image->c_str());
  unlink(source.c_str());
}

// Beyond what ISO 9660 holds, in an image of a MiB. The head and the tail are recorded.
TEST(LimitsTest, AFileOf1TiBOfZerosTakesNoRoomInUdf) {
  constexpr uint64_t kZeros = 1024 * kGiB;
  manifest::Manifest manifest = Bridge();
  manifest.clear_iso9660();
  manifest.mutable_udf()->set_bridge(manifest::NO_BRIDGE);
  manifest.mutable_udf()->set_sparse(true);
  manifest::Entry* entry = manifest.add_entry();
  entry->set_path("/HUGE");
  entry->mutable_concat()->add_part()->set_text("first");
  entry->mutable_concat()->add_part()->set_zeros(kZeros);
  entry->mutable_concat()->add_part()->set_text("last");
  const auto golden = AuthorMessage("zeros", std::move(manifest), "");
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  struct stat status;
  ASSERT_EQ(stat(image->c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 1 << 20);

  const std::string source = absl::StrCat(testing::TempDir(), "/zeros.source");
  {
    const int fd = open(source.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
    ASSERT_GE(fd, 0);
    ASSERT_EQ(pwrite(fd, "first", 5, 0), 5);
    ASSERT_EQ(pwrite(fd, "last", 4, static_cast<off_t>(5 + kZeros)), 4);
    ASSERT_EQ(close(fd), 0);
  }
  const auto want = Sha256OfSamples(source);
  ASSERT_TRUE(want.ok()) << want.status();
  const auto seen = ReadWithLinux({*image}, {View::kUdf});
  ASSERT_TRUE(seen.ok()) << seen.status();
  const LinuxView& view = seen->at({0, View::kUdf});
  ASSERT_TRUE(view.listing.ok()) << view.listing.status();
  EXPECT_THAT(view.warnings, IsEmpty());
  ASSERT_NE(view.listing->Find("/HUGE"), nullptr);
  EXPECT_EQ(view.listing->Find("/HUGE")->size, kZeros + 9);
  ASSERT_EQ(view.samples.count("/HUGE"), 1u);
  EXPECT_EQ(view.samples.at("/HUGE"), *want);
  unlink(source.c_str());
}

TEST(LimitsTest, FilesWithTooManySectionsAreRefusedWithTheClause) {
  manifest::Manifest manifest = Bridge();
  ASSERT_NO_FATAL_FAILURE(AddHole(manifest, "SECTIONS", 401 * kGiB));
  const std::string refusal = Refusal(std::move(manifest));
  EXPECT_THAT(refusal, HasSubstr("divide the file"));
  EXPECT_THAT(refusal, HasSubstr("ECMA-119"));
}

// 8 TiB are 2^32 blocks, one more than a volume counts. Planned from sparse files, not written.
TEST(LimitsTest, AnImageOfNearly8TiBIsPlannedAndALargerOneRefused) {
  manifest::Manifest manifest = Bridge();
  manifest.mutable_iso9660()->mutable_joliet();
  for (int i = 0; i < 35; ++i) {
    ASSERT_NO_FATAL_FAILURE(AddHole(manifest, absl::StrCat("PART", i), 233 * kGiB));
  }
  manifest::Manifest larger = manifest;
  ASSERT_NO_FATAL_FAILURE(AddHole(manifest, "REST", 37 * kGiB - (8 << 20)));
  const auto golden = AuthorMessage("eight", std::move(manifest), testing::TempDir());
  ASSERT_TRUE(golden.ok()) << golden.status();
  EXPECT_LT(golden->disc->image().size(), 8192 * kGiB);
  EXPECT_GT(golden->disc->image().size(), 8191 * kGiB);
  ASSERT_NO_FATAL_FAILURE(AddHole(larger, "REST", 37 * kGiB));
  EXPECT_THAT(Refusal(std::move(larger)),
              AllOf(HasSubstr("4294967295 (8 TiB"), HasSubstr("ECMA-119 8.4.8")));
}

}  // namespace
}  // namespace isomason
