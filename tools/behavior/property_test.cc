// Random trees through isomason and xorriso: what xorriso extracts is what was on the
// host. A failure is shrunk to the few entries that it takes.
//
//   ISOMASON_SEEDS=1000-2000 bazel test //tools/behavior:property_test --test_env=ISOMASON_SEEDS

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/behavior/random_tree.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/readers.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

constexpr char kManifest[] =
    "image_version: 1\n"
    "volume { id: \"RANDOM\" }\n"
    "iso9660 { rock_ridge {} joliet { names: MANGLE_NAMES symlinks: OMIT } }\n"
    "udf {}\n"
    "attributes { keep: [MODE, OWNER, TIME] }\n"
    "entry { path: \"/\" tree { source: \"tree\" } }\n";

// What is wrong with the image of a tree; empty when nothing is.
std::string Problems(const RandomTree& tree) {
  Workshop shop;
  std::filesystem::create_directory(shop.Path("tree"));
  WriteTree(tree, shop.Path("tree"));
  shop.Write("m.textproto", kManifest);
  const ProcessResult built = shop.Isomason({"build", "--quiet", "m.textproto", "-o", "x.iso"});
  if (built.exit_status != 0) return built.Summary();
  const auto want = WalkDirectory(shop.Path("tree"));
  if (!want.ok()) return std::string(want.status().message());
  const auto got = XorrisoListing(shop.Path("x.iso"), View::kRockRidge, shop.dir());
  if (!got.ok()) return std::string(got.status().message());
  return absl::StrJoin(Differences(*want, *got), "\n");
}

struct Seeds {
  uint64_t first = 1, last = 60;
};

Seeds SeedsToTry() {
  Seeds seeds;
  if (const char* wanted = std::getenv("ISOMASON_SEEDS")) {
    const std::vector<std::string> ends = absl::StrSplit(std::string(wanted), '-');
    EXPECT_TRUE(ends.size() == 2 && absl::SimpleAtoi(ends[0], &seeds.first) &&
                absl::SimpleAtoi(ends[1], &seeds.last))
        << "ISOMASON_SEEDS is FIRST-LAST";
  }
  return seeds;
}

TEST(PropertyTest, XorrisoExtractsWhatWasOnTheHost) {
  const Seeds seeds = SeedsToTry();
  for (uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    const RandomTree tree = MakeRandomTree(seed);
    const std::string problems = Problems(tree);
    if (problems.empty()) continue;
    const RandomTree smallest =
        Shrink(tree, [](const RandomTree& smaller) { return !Problems(smaller).empty(); });
    ADD_FAILURE() << "seed " << seed << ": it takes\n"
                  << Describe(smallest) << "for\n"
                  << Problems(smallest);
    return;
  }
}

TEST(RandomTreeTest, ShrinksToWhatTheFailureTakes) {
  RandomTree tree = MakeRandomTree(7);
  ASSERT_GT(tree.size(), 5u);
  const std::string culprit = tree[tree.size() / 2].path;
  const RandomTree smallest = Shrink(tree, [&](const RandomTree& smaller) {
    for (const RandomEntry& e : smaller) {
      if (e.path == culprit) return true;
    }
    return false;
  });
  ASSERT_EQ(smallest.size(), 1u);
  EXPECT_EQ(smallest[0].path, culprit);
}

}  // namespace
}  // namespace isomason
