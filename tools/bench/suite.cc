// The benchmark: isomason beside xorriso, genisoimage and bsdtar, and beside what can hardly
// be beaten (cp, cat, tar), on trees that are the same everywhere.
//
//   bazel run -c opt //tools/bench:suite -- [--workload W3]... [--rounds N] [--scale S]
//                                           [--folder DIR] [--write DIR]
//
// Needs 25 GB in the folder (/tmp unless said), and half an hour for everything. Programs take
// turns with a warm page cache; medians count. `--write` puts results.md and results.svg into
// DIR. Exit status 0 when all ran, whether or not the targets are met.

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "layout/status.h"
#include "tools/bench/contest.h"
#include "tools/bench/workloads.h"
#include "tools/oracle/qemu.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

constexpr char kBridge[] = "isomason, RR + Joliet + UDF";
constexpr char kJoliet[] = "isomason, RR + Joliet";
constexpr char kPlan[] = "isomason plan, RR + Joliet + UDF";
constexpr char kStream[] = "isomason -o -, to /dev/null";
constexpr char kXorriso[] = "xorriso, RR + Joliet";
constexpr char kGenisoimage[] = "genisoimage, RR + Joliet";
constexpr char kGenisoimageUdf[] = "genisoimage, RR + Joliet + UDF";
constexpr char kBsdtar[] = "bsdtar, RR + Joliet";
constexpr char kTar[] = "tar cf";
constexpr char kCopy[] = "cp";
constexpr char kCatImage[] = "cat IMAGE, to /dev/null";

std::vector<Target> Targets() {
  using Measure = Target::Measure;
  return {
      {"W1", kBridge, kCopy, Measure::kSeconds, 1.05},
      {"W1", kBridge, kXorriso, Measure::kSeconds, 3, true},
      {"W1", kStream, kCatImage, Measure::kSeconds, 1.1},
      {"W3", kBridge, kTar, Measure::kSeconds, 1.0},
      {"W3", kBridge, kXorriso, Measure::kSeconds, 4.5, true},
      {"W3", kBridge, kGenisoimage, Measure::kSeconds, 2.2, true},
      {"W3", kStream, kCatImage, Measure::kSeconds, 1.1},
      {"W4", kBridge, kTar, Measure::kSeconds, 1.5},
      {"W4", kBridge, kXorriso, Measure::kSeconds, 5, true},
      {"W4", kBridge, kGenisoimage, Measure::kSeconds, 2.2, true},
      {"W4", kBridge, kBsdtar, Measure::kSeconds, 2.5, true},
      {"W4", kBridge, "", Measure::kPeak, 120},
      {"W5", kBridge, kXorriso, Measure::kSeconds, 100, true},
      {"W5", kBridge, kGenisoimageUdf, Measure::kSeconds, 1.5, true},
      {"W6", kPlan, "", Measure::kSeconds, 4},
      {"W6", kPlan, "", Measure::kPeak, 300},
  };
}

struct Options {
  std::vector<std::string> workloads;
  int rounds = 3;
  double scale = 1;
  std::string folder;
  std::string write;
};

std::string Manifest(bool udf) {
  return absl::StrCat("image_version: 1\nvolume { id: \"BENCH\" time: \"2026-01-01T00:00:00Z\" }\n",
                      "iso9660 { rock_ridge {} joliet {} }\n", udf ? "udf {}\n" : "",
                      "entry { path: \"/\" tree { source: \"tree\" } }\n");
}

// Who takes part, with a tree and manifests in `dir`.
Contest Prepare(const Workload& workload, const std::string& dir) {
  const std::string isomason = Runfile("tools/isomason/isomason");
  const std::string tree = dir + "/tree";
  const std::string out = dir + "/out.iso";
  const std::string kept = dir + "/kept.iso";
  const bool one_directory = workload.name == "W5" || workload.name == "W5C";

  Contest contest(workload.name, workload.what);
  contest.Add({.name = kBridge,
               .argv = {isomason, "build", "--quiet", dir + "/bridge.textproto", "-o", kept},
               .output = kept,
               .keep_output = true});
  contest.Add({.name = kJoliet,
               .argv = {isomason, "build", "--quiet", dir + "/joliet.textproto", "-o", out},
               .output = out});
  contest.Add(
      {.name = kPlan, .argv = {isomason, "plan", "--format", "size", dir + "/bridge.textproto"}});
  contest.Add({.name = kStream,
               .argv = {isomason, "build", "--quiet", dir + "/bridge.textproto", "-o", "-"}});
  contest.Add({.name = kCatImage, .argv = {"cat", kept}});
  if (workload.name == "W1") {
    contest.Add(
        {.name = kCopy, .argv = {"cp", "--reflink=never", tree + "/large", out}, .output = out});
  } else {
    contest.Add({.name = kTar, .argv = {"tar", "cf", out, "-C", tree, "."}, .output = out});
  }
  // A directory of 100,000 costs xorriso minutes.
  contest.Add({.name = kXorriso,
               .argv = {"xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-joliet-long", "-V",
                        "BENCH", "-o", out, tree},
               .output = out,
               .limit_seconds = 400,
               .most_rounds = one_directory ? 1 : 100});
  for (const bool udf : {false, true}) {
    std::vector<std::string> argv = {"genisoimage",         "-quiet", "-R",    "-J", "-joliet-long",
                                     "-allow-limited-size", "-V",     "BENCH", "-o", out};
    if (udf) argv.insert(argv.begin() + 1, "-udf");
    argv.push_back(tree);
    contest.Add({.name = udf ? kGenisoimageUdf : kGenisoimage,
                 .argv = std::move(argv),
                 .output = out,
                 .limit_seconds = 200});
  }
  contest.Add({.name = kBsdtar,
               .argv = {"bsdtar", "--format=iso9660", "--options=joliet,rockridge", "-cf", out,
                        "-C", tree, "."},
               .output = out,
               .limit_seconds = 200});
  return contest;
}

absl::StatusOr<Contest> RunOne(const Workload& workload, const Options& options) {
  auto scratch = ScratchDir::Make(options.folder);
  if (!scratch.ok()) return scratch.status();
  const std::string dir = scratch->path();
  std::filesystem::create_directory(dir + "/tree");
  std::fprintf(stderr, "%s: making the tree\n", workload.name.c_str());
  RETURN_IF_ERROR(workload.make(options.scale, dir + "/tree"));
  RETURN_IF_ERROR(WriteHostFile(dir + "/bridge.textproto", Manifest(true)));
  RETURN_IF_ERROR(WriteHostFile(dir + "/joliet.textproto", Manifest(false)));
  RETURN_IF_ERROR(WarmUp(dir + "/tree"));
  sync();  // what is still to be written of the tree is not counted
  Contest contest = Prepare(workload, dir);
  contest.Run(options.rounds);
  for (const Contender& c : contest.contenders()) {
    if (c.name.rfind("isomason", 0) == 0 && !c.failure.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat(workload.name, ": ", c.name, " ", c.failure));
    }
  }
  return contest;
}

std::string Machine() {
  utsname name{};
  uname(&name);
  return absl::StrFormat("%d cores, Linux %s", std::thread::hardware_concurrency(), name.release);
}

absl::Status RunAll(const Options& options) {
  std::vector<Contest> contests;
  for (const Workload& workload : Workloads()) {
    if (!options.workloads.empty() && std::find(options.workloads.begin(), options.workloads.end(),
                                                workload.name) == options.workloads.end()) {
      continue;
    }
    ASSIGN_OR_RETURN(Contest contest, RunOne(workload, options));
    contests.push_back(std::move(contest));
  }
  std::string text =
      absl::StrFormat("%s; %d rounds, medians, warm page cache; scale %g.\n\n## Targets\n\n",
                      Machine(), options.rounds, options.scale);
  absl::StrAppend(&text, TargetTable(Targets(), contests), "## Times\n\n");
  for (const Contest& contest : contests) text += contest.Table();
  std::fputs(text.c_str(), stdout);
  if (options.write.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(WriteHostFile(options.write + "/results.md", "# Results\n\n" + text));
  return WriteHostFile(options.write + "/results.svg", Picture(contests));
}

}  // namespace
}  // namespace isomason

int main(int argc, char** argv) {
  isomason::Options options;
  const char* test_folder = std::getenv("TEST_TMPDIR");
  options.folder = test_folder != nullptr ? test_folder : "/tmp";
  CLI::App app("Measures isomason beside other programs.", "suite");
  app.add_option("--workload", options.workloads, "Only these (W1, W3, ...)");
  app.add_option("--rounds", options.rounds, "How often each program runs")
      ->check(CLI::Range(1, 99));
  app.add_option("--scale", options.scale, "How much of each tree is made (0.001 to 1)")
      ->check(CLI::Range(0.001, 1.0));
  app.add_option("--folder", options.folder, "Where trees and images lie");
  app.add_option("--write", options.write, "Folder for results.md and results.svg");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = isomason::RunAll(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "suite: %s\n", std::string(status.message()).c_str());
  return 1;
}
