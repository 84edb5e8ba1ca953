// Measures what planning costs as trees grow, with all four namespaces.
//
//   bazel run -c opt //tools/bench:scale -- [FOLDER [FILES...]]     (default: 10000 to 1000000)
//
// FOLDER should be on a file system in memory, such as /dev/shm: a million files are a
// million inodes. Exit status 1 when a plan of at most a million files needs 1 GiB.

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

constexpr uint64_t kMostMemory = uint64_t{1} << 30;  // bytes, for up to kMostFiles
constexpr uint32_t kMostFiles = 1000000;

absl::Status MeasurePlan(uint32_t files, const std::string& folder) {
  auto scratch = ScratchDir::Make(folder);
  if (!scratch.ok()) return scratch.status();
  const std::string tree = scratch->path() + "/tree";
  std::filesystem::create_directory(tree);
  TreeShape shape;
  shape.files = files;
  shape.typical_size = 16;
  shape.files_per_directory = 30;  // path tables hold 65,535 directories
  absl::Status status = MakeTree(shape, tree);
  const std::string manifest = scratch->path() + "/manifest.textproto";
  status.Update(WriteHostFile(manifest,
                              "image_version: 1\n"
                              "volume { id: \"SCALE\" }\n"
                              "iso9660 { rock_ridge {} joliet {} }\n"
                              "udf {}\n"
                              "entry { path: \"/\" tree { source: \"tree\" } }\n"));
  if (!status.ok()) return status;
  auto plan = Run({Runfile("tools/isomason/isomason"), "plan", manifest});
  if (!plan.ok()) return plan.status();
  std::printf("%9u %9.2f %9.1f %12.0f\n", files, plan->seconds,
              static_cast<double>(plan->peak_bytes) / (1 << 20),
              static_cast<double>(plan->peak_bytes) / files);
  std::fflush(stdout);
  if (files > kMostFiles || plan->peak_bytes < kMostMemory) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("a plan of ", files, " files needs 1 GiB"));
}

}  // namespace
}  // namespace isomason

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "/dev/shm";
  std::vector<uint32_t> sizes;
  for (int i = 2; i < argc; ++i) {
    uint32_t files = 0;
    if (!absl::SimpleAtoi(argv[i], &files) || files == 0) {
      std::fputs("usage: scale [FOLDER [FILES...]]\n", stderr);
      return 2;
    }
    sizes.push_back(files);
  }
  if (sizes.empty()) sizes = {10000, 30000, 100000, 300000, 1000000};
  std::printf("%9s %9s %9s %12s\n", "files", "seconds", "MiB", "bytes/file");
  for (const uint32_t files : sizes) {
    const absl::Status status = isomason::MeasurePlan(files, folder);
    if (status.ok()) continue;
    std::fprintf(stderr, "scale: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  return 0;
}
