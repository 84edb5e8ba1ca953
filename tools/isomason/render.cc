// isomason render: gives the bytes of a range of an image that is not there.

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "layout/sink/sink.h"
#include "layout/status.h"
#include "tools/isomason/signals.h"
#include "tools/isomason/verb.h"

namespace isomason {
namespace {

struct RenderOptions {
  ManifestOptions manifest;
  std::string range;
  std::string output = "-";
};

// "32768:2048", "32768:" up to the end. InvalidArgument when it is no range of the image.
absl::StatusOr<ByteRange> ParseRange(const std::string& text, uint64_t image_size) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  ByteRange range;
  if (text.find(':') == std::string::npos || !absl::SimpleAtoi(parts.first, &range.offset) ||
      (!parts.second.empty() && !absl::SimpleAtoi(parts.second, &range.size))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--range ", text, " is no range; write OFFSET:LENGTH in bytes, or OFFSET: up to the end"));
  }
  if (range.offset > image_size ||
      (!parts.second.empty() && range.size > image_size - range.offset)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--range ", text, " reaches past the end of the image, which has ", image_size, " bytes"));
  }
  return range;
}

ExitCode Render(const RenderOptions& options) {
  Authored authored;
  const ExitCode code = LoadAndAuthor(options.manifest, &authored);
  if (code != kDone) return code;
  Image& image = authored.disc->image();
  absl::Status status = CheckOutput(authored, options.output);
  const auto range = ParseRange(options.range, image.size());
  status.Update(range.status());
  if (!status.ok()) {
    PrintError(status);
    std::fputs("isomason: nothing was written\n", stderr);
    return kManifestOrUsage;
  }

  SinkOptions sink;
  sink.stop = StopOnSignals();
  sink.jobs = options.manifest.Jobs();
  sink.range = *range;
  const bool to_stdout = options.output == "-";
  status = image.Prepare(sink.jobs, sink.stop);
  const bool writing = status.ok();
  if (writing) {
    status = to_stdout ? WriteToStream(image, STDOUT_FILENO, "standard output", sink)
                       : WriteToFile(image, options.output, sink);
  }
  if (status.ok()) return kDone;
  PrintError(status);
  std::fputs(writing && (to_stdout || IsStream(options.output))
                 ? "isomason: what was written is not the whole range\n"
                 : "isomason: nothing was written\n",
             stderr);
  return absl::IsInvalidArgument(status) ? kManifestOrUsage : kInputOrOutput;
}

}  // namespace

void AddRender(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* const verb =
      app.add_subcommand("render", "Write a range of the image, without the rest of it");
  options->manifest.AddTo(*verb);
  verb->add_option("--range", options->range,
                   "The bytes to write: OFFSET:LENGTH, or OFFSET: up to the end of the image")
      ->required()
      ->type_name("RANGE");
  verb->add_option("-o,--output", options->output,
                   "File to write, replaced only when all is there (default: standard output)")
      ->type_name("FILE");
  verb->add_option("--jobs", options->manifest.jobs, "Threads (default: one a core)")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  verb->callback([options, exit_code] { *exit_code = Render(*options); });
}

}  // namespace isomason
