// Names and targets that need continuation areas: of every length and many shapes, as
// Linux reads them. The strict reader of authoring/iso9660 reads more of them.

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/sink/sink.h"
#include "tools/golden/expected.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;

// A target of at most `most` bytes: components of all lengths, `.` and `..` among them.
std::string RandomTarget(std::mt19937& random, size_t most) {
  std::string target = random() % 3 == 0 ? "/" : "";
  const size_t size = 1 + random() % most;
  while (target.size() < size) {
    if (!target.empty() && target.back() != '/') target += '/';
    switch (random() % 4) {
      case 0:
        target += "..";
        break;
      case 1:
        target += ".";
        break;
      case 2:
        target += std::string(1 + random() % 255, static_cast<char>('a' + random() % 26));
        break;
      default:
        target += absl::StrCat("part", random() % 100);
    }
  }
  target.resize(std::min(target.size(), most));
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  return target;
}

manifest::Manifest MakeManifest() {
  manifest::Manifest m;
  m.set_image_version(1);
  m.mutable_volume()->set_id("CONTINUED");
  m.mutable_volume()->set_time("2026-11-01T00:00:00Z");
  m.mutable_iso9660()->mutable_rock_ridge();
  const auto add = [&m](const std::string& path, const std::string& target) {
    manifest::Entry& entry = *m.add_entry();
    entry.set_path(path);
    target.empty() ? entry.set_text(path) : entry.set_symlink(target);
  };
  std::mt19937 random(7);
  for (size_t size = 1; size <= 253; ++size) {
    const std::string name(size, 'n');
    add("/files/" + name, "");
    add("/links/" + name, RandomTarget(random, size % 5 == 0 ? 4095 : 400));
    add("/components/" + name, std::string(size, 'c') + "/../" + std::string(size, 'd'));
  }
  // What a target can be at its limits.
  for (size_t size = 1; size <= 255; ++size) {
    add(absl::StrCat("/one/", size), std::string(size, 'x'));
    add(absl::StrCat("/rooted/", size), "/" + std::string(size, 'x'));
  }
  std::string parents, slashes;
  while (parents.size() + 3 <= 4095) parents += "../";
  while (slashes.size() + 2 <= 4095) slashes += "s/";
  add("/limits/parents", parents.substr(0, parents.size() - 1));
  add("/limits/short", slashes.substr(0, slashes.size() - 1));
  add("/limits/long", std::string(4095, 'l'));
  add("/limits/rooted", "/" + std::string(4094, 'l'));
  add("/limits/root", "/");
  add("/limits/dot", ".");
  add("/limits/" + std::string(253, 'z'), "/" + std::string(4094, 'z'));
  return m;
}

TEST(ContinuationTest, LinuxReadsNamesOfEveryLengthAndTargetsOfManyShapes) {
  const manifest::Manifest m = MakeManifest();
  const LoadedManifest loaded = LoadedManifest::FromMessage(m, "test", ".");
  Diagnostics diagnostics;
  auto disc = Author(loaded, ".", &diagnostics);
  ASSERT_TRUE(disc.ok()) << disc.status() << diagnostics.Format();
  ASSERT_TRUE((*disc)->image().Prepare(1).ok());
  const std::string image = testing::TempDir() + "/continued.iso";
  const absl::Status written = WriteToFile((*disc)->image(), image, {});
  ASSERT_TRUE(written.ok()) << written;

  const auto want = ExpectedListing(m, ".");
  ASSERT_TRUE(want.ok()) << want.status();
  EXPECT_GT(want->size(), 1200u);
  const auto views = ReadWithLinux({image}, {View::kRockRidge});
  ASSERT_TRUE(views.ok()) << views.status();
  const LinuxView& seen = views->at({0, View::kRockRidge});
  ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
  EXPECT_EQ(absl::StrJoin(Differences(*want, *seen.listing), "\n"), "");
  EXPECT_THAT(seen.warnings, IsEmpty());
}

}  // namespace
}  // namespace isomason
