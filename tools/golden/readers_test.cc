// Foreign readers on every golden image: they list and extract it, and see what its
// manifest says.

#include "tools/oracle/readers.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/sink/sink.h"
#include "tools/golden/golden.h"
#include "tools/oracle/kernel_reader.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;

std::string WriteGolden(const GoldenImage& golden) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", golden.name, ".iso");
  const absl::Status status = WriteToFile(golden.disc->image(), path, {});
  EXPECT_TRUE(status.ok()) << status;
  return path;
}

class ReadersTest : public testing::TestWithParam<std::string> {};

TEST_P(ReadersTest, SeeWhatTheManifestSays) {
  const auto golden = AuthorGolden(GetParam());
  ASSERT_TRUE(golden.ok()) << golden.status();
  const std::string path = WriteGolden(*golden);
  ReaderOptions options;
  options.views = golden->Views();
  options.scratch_dir = testing::TempDir();
  for (const View view : options.views) {
    const auto want = golden->Expected(view);
    ASSERT_TRUE(want.ok()) << want.status();
    options.want_instead[view] = *want;
  }
  const auto want = golden->Expected(View::kRockRidge);
  ASSERT_TRUE(want.ok()) << want.status();
  // Joined, because a matcher would print the first few only.
  EXPECT_EQ(absl::StrJoin(CheckWithForeignReaders(path, *want, options), "\n"), "");
}

INSTANTIATE_TEST_SUITE_P(All, ReadersTest, testing::ValuesIn(GoldenNames()),
                         [](const auto& param) { return param.param; });

// isofs counts a date's seconds in 32 bits (Linux 6.1, iso_date() in fs/isofs/util.c).
Listing AsIsofsHasIt(Listing want, View view) {
  if (view == View::kUdf) return want;
  for (auto& [path, entry] : want) {
    if (entry.time.has_value()) entry.time = static_cast<int32_t>(*entry.time);
  }
  return want;
}

// One guest mounts all of them.
TEST(LinuxTest, MountsEveryGoldenImageInEveryView) {
  std::vector<GoldenImage> goldens;
  std::vector<std::string> images;
  for (const std::string& name : GoldenNames()) {
    auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    images.push_back(WriteGolden(*golden));
    goldens.push_back(*std::move(golden));
  }
  const auto views =
      ReadWithLinux(images, {View::kRockRidge, View::kJoliet, View::kIso9660, View::kUdf});
  ASSERT_TRUE(views.ok()) << views.status();
  for (size_t i = 0; i < goldens.size(); ++i) {
    for (const View view : goldens[i].Views()) {
      SCOPED_TRACE(absl::StrCat(goldens[i].name, ", ", ViewName(view)));
      const LinuxView& seen = views->at({i, view});
      ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
      const auto want = goldens[i].Expected(view);
      ASSERT_TRUE(want.ok()) << want.status();
      EXPECT_EQ(absl::StrJoin(Differences(AsIsofsHasIt(*want, view), *seen.listing), "\n"), "");
      EXPECT_THAT(seen.warnings, IsEmpty());
    }
  }
}

}  // namespace
}  // namespace isomason
