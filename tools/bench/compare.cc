// Measures isomason against xorriso on one tree, in turns: how long a build takes, and
// how much memory a build and a plan need.
//
//   bazel run -c opt //tools/bench:compare -- [FILES [TYPICAL_SIZE [ROUNDS [FOLDER]]]]
//
// Exit status 1 when isomason is slower than xorriso.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/bench/make_tree.h"
#include "tools/bench/run.h"
#include "tools/oracle/qemu.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

constexpr char kManifest[] =
    "image_version: 1\n"
    "volume { id: \"BENCH\" }\n"
    "iso9660 { rock_ridge {} joliet {} }\n"
    "entry { path: \"/\" tree { source: \"tree\" } }\n";
constexpr char kBridge[] =
    "image_version: 1\n"
    "volume { id: \"BENCH\" }\n"
    "iso9660 { rock_ridge {} joliet {} }\n"
    "udf {}\n"
    "entry { path: \"/\" tree { source: \"tree\" } }\n";

struct Contender {
  const char* name;
  std::vector<std::string> argv;
  std::vector<double> seconds = {};
  uint64_t peak_bytes = 0;
};

absl::Status Compare(const TreeShape& shape, uint32_t rounds, const std::string& folder) {
  auto scratch = ScratchDir::Make(folder);
  if (!scratch.ok()) return scratch.status();
  const std::string dir = scratch->path();
  const std::string tree = dir + "/tree";
  std::filesystem::create_directory(tree);
  std::printf("tree: %u files, typically %u bytes, in %s\n", shape.files, shape.typical_size,
              folder.c_str());
  std::fflush(stdout);
  absl::Status status = MakeTree(shape, tree);
  if (!status.ok()) return status;
  const std::string manifest = dir + "/manifest.textproto";
  const std::string bridge = dir + "/bridge.textproto";
  status.Update(WriteHostFile(manifest, kManifest));
  status.Update(WriteHostFile(bridge, kBridge));
  if (!status.ok()) return status;

  const std::string isomason = Runfile("tools/isomason/isomason");
  std::vector<Contender> contenders = {
      {"xorriso, Rock Ridge + Joliet",
       {"xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-joliet-long", "-V", "BENCH", "-o",
        dir + "/xorriso.iso", tree}},
      {"isomason, Rock Ridge + Joliet",
       {isomason, "build", "--quiet", manifest, "-o", dir + "/isomason.iso"}},
      {"isomason, + UDF", {isomason, "build", "--quiet", bridge, "-o", dir + "/bridge.iso"}},
      {"isomason plan, + UDF", {isomason, "plan", bridge}},
  };
  for (uint32_t round = 0; round < rounds; ++round) {
    for (Contender& c : contenders) {
      auto measured = Run(c.argv);
      if (!measured.ok()) return measured.status();
      c.seconds.push_back(measured->seconds);
      c.peak_bytes = std::max(c.peak_bytes, measured->peak_bytes);
    }
  }
  const double xorriso = Median(contenders[0].seconds);
  std::printf("%-32s %9s %9s %10s %12s\n", "median of rounds, peak memory", "seconds", "ratio",
              "MiB", "bytes/file");
  for (const Contender& c : contenders) {
    const double seconds = Median(c.seconds);
    std::printf("%-32s %9.2f %8.2fx %10.1f %12.0f\n", c.name, seconds, xorriso / seconds,
                static_cast<double>(c.peak_bytes) / (1 << 20),
                static_cast<double>(c.peak_bytes) / shape.files);
  }
  if (Median(contenders[1].seconds) < xorriso) return absl::OkStatus();
  return absl::FailedPreconditionError("isomason was slower than xorriso");
}

}  // namespace
}  // namespace isomason

int main(int argc, char** argv) {
  isomason::TreeShape shape;
  uint32_t rounds = 3;
  bool understood = argc <= 5;
  if (argc > 1) understood = understood && absl::SimpleAtoi(argv[1], &shape.files);
  if (argc > 2) understood = understood && absl::SimpleAtoi(argv[2], &shape.typical_size);
  if (argc > 3) understood = understood && absl::SimpleAtoi(argv[3], &rounds);
  if (!understood || shape.files == 0 || rounds == 0) {
    std::fputs("usage: compare [FILES [TYPICAL_SIZE [ROUNDS [FOLDER]]]]\n", stderr);
    return 2;
  }
  const char* test_folder = std::getenv("TEST_TMPDIR");
  const std::string folder = argc > 4 ? argv[4] : test_folder != nullptr ? test_folder : "/tmp";
  const absl::Status status = isomason::Compare(shape, rounds, folder);
  if (status.ok()) return 0;
  std::fprintf(stderr, "compare: %s\n", std::string(status.message()).c_str());
  return 1;
}
