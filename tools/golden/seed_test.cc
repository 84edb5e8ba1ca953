// The cloud-init seed of testdata/seed, as a guest's first boot finds it: by its label.

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/golden/golden.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SeedTest, IsFoundByItsLabelAndReadByAll) {
  const auto seed = AuthorFile(Runfile("testdata/seed/seed.textproto"));
  ASSERT_TRUE(seed.ok()) << seed.status();
  const auto image = WriteGolden(*seed);
  ASSERT_TRUE(image.ok()) << image.status();

  const auto tags = BlkidTags(*image);
  ASSERT_TRUE(tags.ok()) << tags.status();
  EXPECT_EQ(tags->at("LABEL"), "cidata");
  EXPECT_EQ(tags->at("TYPE"), "iso9660");

  const auto want = seed->Expected(View::kJoliet);
  ASSERT_TRUE(want.ok()) << want.status();
  std::vector<std::string> paths;
  for (const auto& [path, entry] : *want) paths.push_back(path);
  EXPECT_THAT(paths, ElementsAre("/", "/meta-data", "/user-data"));

  // xorriso, isoinfo -J and the rest.
  const auto differences = ForeignDifferences(*seed, *image, seed->Views());
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_EQ(*differences, "");

  // A guest mounts it without options: as Rock Ridge.
  const auto views = ReadWithLinux({*image}, {View::kRockRidge, View::kJoliet});
  ASSERT_TRUE(views.ok()) << views.status();
  for (const View view : {View::kRockRidge, View::kJoliet}) {
    SCOPED_TRACE(ViewName(view));
    const LinuxView& seen = views->at({0, view});
    ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
    const auto shown = seed->Expected(view);
    ASSERT_TRUE(shown.ok()) << shown.status();
    EXPECT_EQ(absl::StrJoin(Differences(*shown, *seen.listing), "\n"), "");
    EXPECT_THAT(seen.warnings, IsEmpty());
  }
}

}  // namespace
}  // namespace isomason
