// isomason build: writes the image that a manifest asks for.

#include <pthread.h>
#include <sys/stat.h>
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

// Whether both paths name one file that exists.
bool SameFile(const std::string& a, const std::string& b) {
  struct stat of_a, of_b;
  return stat(a.c_str(), &of_a) == 0 && stat(b.c_str(), &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
         of_a.st_ino == of_b.st_ino;
}

// InvalidArgument when an output would take the place of an input or of the other one.
absl::Status CheckOutputs(const BuildOptions& options, const Authored& authored) {
  const auto check = [&](const std::string& output) -> absl::Status {
    struct stat there;
    if (output.empty() || output == "-" || stat(output.c_str(), &there) != 0) {
      return absl::OkStatus();
    }
    for (const std::string& file : authored.loaded.files) {
      if (!SameFile(output, file)) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(output, " is the manifest; name another file"));
    }
    const ContentTable& contents = authored.disc->contents();
    for (uint32_t i = 0; i < contents.count(); ++i) {
      const auto content = static_cast<ContentId>(i);
      if (contents.kind(content) != ContentTable::Kind::kFile) continue;
      const SourceFile source = contents.source(content);
      if (source.inode != there.st_ino || !SameFile(output, source.path)) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(output,
                       " is a source of the image; name another file, or leave this one "
                       "out of the sources"));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(check(options.image));
  RETURN_IF_ERROR(check(options.report));
  if (!options.report.empty() &&
      (options.report == options.image || SameFile(options.report, options.image))) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.report, " cannot be the report and the image; name another file"));
  }
  return absl::OkStatus();
}

// Replaces `path` by the report when all of it is written.
absl::Status WriteReport(const Authored& authored, const std::string& path) {
  const std::string partial = absl::StrCat(path, ".partial");
  FILE* const file = std::fopen(partial.c_str(), "we");
  if (file == nullptr) return SystemError(errno, absl::StrCat("cannot write ", path));
  WriteJson(authored, /*with_map=*/false, file);
  const bool failed = std::ferror(file) != 0;
  if (std::fclose(file) != 0 || failed || std::rename(partial.c_str(), path.c_str()) != 0) {
    const absl::Status status = SystemError(errno, absl::StrCat("cannot write ", path));
    std::remove(partial.c_str());
    return status;
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
  Authored authored;
  const ExitCode code = LoadAndAuthor(options.manifest, &authored);
  if (code != kDone) return code;
  if (const absl::Status status = CheckOutputs(options, authored); !status.ok()) {
    PrintError(status);
    std::fputs("isomason: nothing was written\n", stderr);
    return kManifestOrUsage;
  }

  // Up to here a signal ends the program as ever: there is nothing to clean up.
  StopOnSignals();
  const bool to_stdout = options.image == "-";
  const bool stream = to_stdout || IsStream(options.image);
  const std::string name = to_stdout ? "standard output" : options.image;
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
    status = WriteReport(authored, options.report);
    if (!status.ok()) {
      PrintError(status);
      std::fprintf(stderr, "isomason: %s was written, its report was not\n", name.c_str());
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
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  verb->add_option("--report", options->report, "Write what was made, and every note, as JSON")
      ->type_name("FILE");
  verb->add_flag("--quiet", options->quiet, "Print errors only");
  verb->callback([options, exit_code] { *exit_code = Build(*options); });
}

}  // namespace isomason
