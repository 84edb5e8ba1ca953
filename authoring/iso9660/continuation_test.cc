// Names and targets that go on in continuation areas, on whole discs through the strict
// reader; tools/golden/continuation_test asks Linux.

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "authoring/iso9660/rock_ridge.h"
#include "authoring/iso9660/test_disc.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;
using ::testing::Le;

// Components of 1 to 255 bytes, `.` and `..`, with or without the root, up to 4095 bytes.
std::string RandomTarget(std::mt19937& random) {
  std::string target = random() % 3 == 0 ? "/" : "";
  const size_t size = 1 + (random() % 3 == 0 ? random() % 4095 : random() % 300);
  const uint32_t style = random() % 4;
  while (target.size() < size) {
    if (!target.empty() && target.back() != '/') target += '/';
    const uint32_t kind = style == 0 ? 3 : random() % 4;
    target += kind == 0   ? ".."
              : kind == 1 ? "."
              : kind == 2 ? std::string(1 + random() % 255, static_cast<char>('a' + random() % 26))
                          : std::string(1 + random() % 3, 'p');
  }
  target.resize(std::min<size_t>(target.size(), 4095));
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  return target;
}

// Every length of a name, each beside a random target, with every kind of entry.
TEST(ContinuationTest, ReadsNamesOfEveryLengthAndRandomTargetsBack) {
  for (uint32_t seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.options.level = 1 + static_cast<int>(seed % 3);
    if (seed % 4 == 0) disc.options.rock_ridge_form = {/*version_1_10=*/true, seed % 8 == 0};
    std::map<std::string, std::string> targets;  // by name
    for (size_t size = 1; size <= 253; ++size) {
      std::string name(size, static_cast<char>('a' + random() % 26));
      // A prefix that tells it from the others of the directory, where there is room.
      const std::string prefix = absl::StrCat(size, "-");
      if (size > prefix.size()) name.replace(0, prefix.size(), prefix);
      std::string target;
      switch (random() % 8) {
        case 0:
          disc.AddDirectory(name);
          break;
        case 1:
          disc.AddSpecial(name, NodeType::kBlockDevice, 8, static_cast<uint32_t>(size));
          break;
        case 2:
          disc.AddFile(name, "x");
          break;
        default:
          target = RandomTarget(random);
          disc.AddSymlink(name, target);
      }
      targets[name] = target;
    }
    const absl::Status built = disc.Build();
    ASSERT_TRUE(built.ok()) << built;
    View view = ReadView(disc.image(), false);
    EXPECT_THAT(view.problems, IsEmpty());
    std::map<std::string, std::string> seen;
    for (const std::string& path : view.order) {
      const SeenEntry& entry = view.entries[path];
      seen[entry.name] = entry.target;
      // A name and a target of 4348 bytes are three blocks and a record.
      EXPECT_THAT(entry.hops, Le(4)) << path;
    }
    EXPECT_EQ(seen, targets);
  }
}

// A block is left only when the next area does not fit into it: no two areas in a row
// could have stood in one block that do not.
TEST(ContinuationTest, LeavesABlockOnlyForWhatDoesNotFit) {
  std::mt19937 random(3);
  ContinuationArea area;
  size_t used = 0, blocks = 0, room = 0;
  for (int i = 0; i < 20000; ++i) {
    const size_t length = 4 + random() % 400;
    const ContinuationArea::Run run = area.Take(length);
    if (length > room) {
      ++blocks;
      room = 2048;
      EXPECT_EQ(run.offset, (blocks - 1) * 2048);
    } else {
      EXPECT_EQ(run.offset, blocks * 2048 - room);
    }
    room -= length;
    used += length;
  }
  // Less than a tenth is lost with areas of up to 400 bytes.
  EXPECT_THAT(blocks * 2048, Le(used + used / 10));
}

}  // namespace
}  // namespace isomason
