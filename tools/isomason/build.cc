// isomason build: writes the image that a manifest asks for.

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "layout/sink/sink.h"
#include "layout/status.h"
#include "tools/isomason/progress.h"
#include "tools/isomason/report.h"
#include "tools/isomason/verb.h"

namespace isomason {
namespace {

struct BuildOptions {
  ManifestOptions manifest;
  std::string image;
  int jobs = 0;
  std::string report;
  bool quiet = false;
};

std::atomic<bool> stop_requested{false};

// Lets SIGINT, SIGTERM and SIGHUP end a build in order: the sink sees the flag between
// chunks and whenever a write is interrupted, and cleans up on its way out. One thread
// waits for them, as a signal that went to any other thread would not interrupt the
// one that writes; it goes on nudging that one, for a write that began just after the
// flag was looked at.
void StopOnSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // also in all threads to come
  struct sigaction nudge = {};
  nudge.sa_handler = [](int) {};
  sigaction(SIGUSR1, &nudge, nullptr);  // without SA_RESTART: system calls come back
  std::thread([signals, writer = pthread_self()] {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
    stop_requested = true;
    while (true) {
      pthread_kill(writer, SIGUSR1);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }).detach();
  // A reader that goes away and a file that may not grow are errors of write().
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

absl::Status WriteReport(const Authored& authored, const std::string& path) {
  FILE* const file = std::fopen(path.c_str(), "we");
  if (file == nullptr) return SystemError(errno, absl::StrCat("cannot write ", path));
  WriteJson(authored, /*with_map=*/false, file);
  const bool failed = std::ferror(file) != 0;
  if (std::fclose(file) != 0 || failed) {
    return SystemError(errno, absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

void PrintRemarks(const Remarks& remarks) {
  constexpr size_t kMostShown = 20;
  for (size_t i = 0; i < remarks.size() && i < kMostShown; ++i) {
    std::fprintf(stderr, "  note: %s\n", FormatRemark(remarks[i]).c_str());
  }
  if (remarks.size() > kMostShown) {
    std::fprintf(stderr, "  and %zu notes more; `isomason plan` shows them all\n",
                 remarks.size() - kMostShown);
  }
}

ExitCode Build(const BuildOptions& options) {
  StopOnSignals();
  Authored authored;
  const ExitCode code = LoadAndAuthor(options.manifest, &authored);
  if (code != kDone) return code;

  const bool stream = options.image == "-";
  const std::string name = stream ? "standard output" : options.image;
  Image& image = authored.disc->image();
  Progress progress(name, image.size(), options.quiet);
  SinkOptions sink;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  sink.jobs = options.jobs > 0 ? options.jobs : std::max(1, cores);
  sink.stop = &stop_requested;
  sink.progress = [&](uint64_t done) { progress.Update(done); };

  absl::Status status = image.Prepare(sink.jobs, sink.stop);
  const bool writing = status.ok();
  if (writing) {
    status = stream ? WriteToStream(image, STDOUT_FILENO, name, sink)
                    : WriteToFile(image, options.image, sink);
  }
  progress.Finish();
  if (!status.ok()) {
    PrintError(status);
    std::fprintf(stderr, "isomason: %s\n",
                 stream && writing ? "what was written to standard output is not a whole image"
                                   : "nothing was written");
    return kInputOrOutput;
  }
  if (!options.report.empty()) {
    status = WriteReport(authored, options.report);
    if (!status.ok()) {
      PrintError(status);
      return kInputOrOutput;
    }
  }
  if (!options.quiet) {
    std::fputs(Summary(authored, name).c_str(), stderr);
    PrintRemarks(authored.disc->remarks());
  }
  return kDone;
}

}  // namespace

void AddBuild(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<BuildOptions>();
  CLI::App* const verb = app.add_subcommand("build", "Write the image that a manifest asks for");
  options->manifest.AddTo(*verb);
  verb->add_option("-o,--output", options->image,
                   "Image to write, replaced only when all of it is there; - for standard output")
      ->required()
      ->type_name("IMAGE");
  verb->add_option("--jobs", options->jobs, "Threads (default: one a core)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  verb->add_option("--report", options->report, "Write what was made, and every note, as JSON")
      ->type_name("FILE");
  verb->add_flag("--quiet", options->quiet, "Print errors only");
  verb->callback([options, exit_code] { *exit_code = Build(*options); });
}

}  // namespace isomason
