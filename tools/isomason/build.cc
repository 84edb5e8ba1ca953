// isomason build: writes the image that a manifest asks for.

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "layout/sink/sink.h"
#include "layout/status.h"
#include "tools/isomason/lint.h"
#include "tools/isomason/progress.h"
#include "tools/isomason/report.h"
#include "tools/isomason/signals.h"
#include "tools/isomason/verb.h"

namespace isomason {
namespace {

struct BuildOptions {
  ManifestOptions manifest;
  LintOptions lint;
  std::string image;
  std::string report;
  std::string lock;
  std::string reserved_map;
  bool quiet = false;
};

// InvalidArgument when an output would take the place of an input or of another one.
absl::Status CheckOutputs(const BuildOptions& options, const Authored& authored) {
  RETURN_IF_ERROR(CheckOutput(authored, options.image));
  RETURN_IF_ERROR(CheckOutput(authored, options.report));
  RETURN_IF_ERROR(CheckOutput(authored, options.reserved_map));
  RETURN_IF_ERROR(CheckLockOutput(authored, options.manifest, options.lock));
  const auto apart = [](const std::string& a, absl::string_view what, const std::string& b,
                        absl::string_view other) -> absl::Status {
    if (a.empty() || (a != b && !SameFile(a, b))) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(a, " cannot be the ", what, " and the ", other, "; name another file"));
  };
  RETURN_IF_ERROR(apart(options.report, "report", options.image, "image"));
  RETURN_IF_ERROR(apart(options.lock, "lock", options.image, "image"));
  RETURN_IF_ERROR(apart(options.lock, "lock", options.report, "report"));
  RETURN_IF_ERROR(apart(options.reserved_map, "reserved map", options.image, "image"));
  RETURN_IF_ERROR(apart(options.reserved_map, "reserved map", options.report, "report"));
  return apart(options.reserved_map, "reserved map", options.lock, "lock");
}

void PrintNotes(const Authored& authored) {
  constexpr size_t kMostShown = 20;
  size_t shown = 0;
  const auto print = [&shown](const std::string& line) {
    if (shown++ < kMostShown) std::fprintf(stderr, "  %s\n", line.c_str());
  };
  // What does not boot comes first.
  for (const Severity severity : {Severity::kWarning, Severity::kNote}) {
    for (const Finding& finding : authored.findings) {
      if (finding.rule->severity == severity) print(FormatFinding(finding));
    }
  }
  for (const Remark& remark : authored.disc->remarks()) {
    print(absl::StrCat("note: ", FormatRemark(remark)));
  }
  if (shown > kMostShown) {
    std::fprintf(stderr, "  and %zu notes more; `isomason plan` shows them all\n",
                 shown - kMostShown);
  }
}

ExitCode Build(const BuildOptions& options) {
  Authored authored;
  ExitCode code = LoadAndAuthor(options.manifest, &authored);
  if (code == kDone) code = ApplyLint(options.lint, options.manifest.manifest, &authored);
  if (code != kDone) return code;
  if (const absl::Status status = CheckOutputs(options, authored); !status.ok()) {
    PrintError(status);
    std::fputs("isomason: nothing was written\n", stderr);
    return kManifestOrUsage;
  }

  // Up to here a signal ends the program as ever: there is nothing to clean up.
  const std::atomic<bool>* const stop = StopOnSignals();
  const bool to_stdout = options.image == "-";
  const bool stream = to_stdout || IsStream(options.image);
  const std::string name = to_stdout ? "standard output" : options.image;
  Image& image = authored.disc->image();
  Progress progress(name, image.size(), options.quiet);
  SinkOptions sink;
  sink.jobs = options.manifest.Jobs();
  sink.stop = stop;
  sink.progress = [&](uint64_t done) { progress.Update(done); };

  absl::Status status = image.Prepare(sink.jobs, sink.stop);
  const bool writing = status.ok();
  if (writing) {
    status = to_stdout ? WriteToStream(image, STDOUT_FILENO, name, sink)
                       : WriteToFile(image, options.image, sink);
  }
  progress.Finish();
  if (!status.ok()) {
    PrintError(status);
    if (stream && writing) {
      std::fprintf(stderr, "isomason: what was written to %s is not a whole image\n", name.c_str());
    } else {
      std::fputs("isomason: nothing was written\n", stderr);
    }
    return absl::IsInvalidArgument(status) ? kManifestOrUsage : kInputOrOutput;
  }
  if (!options.report.empty()) {
    status = WriteWhole(options.report, [&](FILE* file) { WriteJson(authored, {}, file); });
    if (!status.ok()) {
      PrintError(status);
      std::fprintf(stderr, "isomason: %s was written, its report was not\n", name.c_str());
      return kInputOrOutput;
    }
  }
  status = WriteLock(*authored.disc, options.lock);
  if (!status.ok()) {
    PrintError(status);
    std::fprintf(stderr, "isomason: %s was written, its lock was not\n", name.c_str());
    return kInputOrOutput;
  }
  if (!options.reserved_map.empty()) {
    status = WriteWhole(options.reserved_map,
                        [&](FILE* file) { std::fputs(authored.disc->ReserveMap().c_str(), file); });
    if (!status.ok()) {
      PrintError(status);
      std::fprintf(stderr, "isomason: %s was written, its reserved map was not\n", name.c_str());
      return kInputOrOutput;
    }
  }
  if (!options.quiet) {
    std::fputs(Summary(authored, name).c_str(), stderr);
    PrintNotes(authored);
  }
  return kDone;
}

}  // namespace

void AddBuild(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<BuildOptions>();
  CLI::App* const verb = app.add_subcommand("build", "Write the image that a manifest asks for");
  options->manifest.AddTo(*verb);
  options->lint.AddTo(*verb);
  verb->add_option("-o,--output", options->image,
                   "Image to write, replaced only when all of it is there; - for standard output")
      ->required()
      ->type_name("IMAGE");
  verb->add_option("--jobs", options->manifest.jobs, "Threads (default: one a core)")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  verb->add_option("--report", options->report, "Write what was made, and every note, as JSON")
      ->type_name("FILE");
  verb->add_option("--write-lock", options->lock,
                   "Write where the contents lie, for `layout.lock` of the next image")
      ->type_name("FILE");
  verb->add_option("--write-reserved-map", options->reserved_map,
                   "Write where the reserved areas lie, as JSON")
      ->type_name("FILE");
  verb->add_flag("--quiet", options->quiet, "Print errors only");
  verb->callback([options, exit_code] { *exit_code = Build(*options); });
}

}  // namespace isomason
