// -----------------------------------------------------------------------------
// File: tools/isomason/verb.h
// -----------------------------------------------------------------------------
//
// What the verbs of the command line share: how they declare themselves, the options
// that name a manifest, and how errors become messages and exit codes.
//
#ifndef ISOMASON_TOOLS_ISOMASON_VERB_H_
#define ISOMASON_TOOLS_ISOMASON_VERB_H_

#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "authoring/author.h"
#include "authoring/firmware/lint.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"

namespace isomason {

enum ExitCode {
  kDone = 0,
  kNotAsAsked = 1,       // the image is not what was asked for
  kManifestOrUsage = 2,  // edit the manifest or the command line
  kInputOrOutput = 3,    // a source, the target or the machine
};

// Each adds a subcommand to `app` that sets `*exit_code` when it runs.
void AddBuild(CLI::App& app, int* exit_code);
void AddPlan(CLI::App& app, int* exit_code);
void AddRender(CLI::App& app, int* exit_code);
void AddVersion(CLI::App& app, int* exit_code);

// MANIFEST, --set and --source-root.
struct ManifestOptions {
  std::string manifest;
  std::vector<std::string> set;
  std::string source_root;
  int jobs = 0;  // threads; 0: one a core

  // How many threads that are.
  int Jobs() const;

  void AddTo(CLI::App& verb);
};

// A manifest that was loaded and what it authored.
struct Authored {
  LoadedManifest loaded;
  std::unique_ptr<Disc> disc;
  std::vector<Finding> findings;  // by ApplyLint()
  std::string preset;             // its name, when there is one; the manifest then has all of it
  std::vector<std::string> filled_in;  // what it brought
};

// Loads and authors. On failure prints what is wrong and returns the exit code;
// kDone otherwise.
ExitCode LoadAndAuthor(const ManifestOptions& options, Authored* authored);

// Prints problems of a manifest, and that nothing was written; returns kManifestOrUsage.
ExitCode PrintDiagnostics(const Diagnostics& diagnostics, const std::string& manifest);

// Whether both paths name one file that exists.
bool SameFile(const std::string& a, const std::string& b);

// InvalidArgument when `output` is the manifest or a source of the image. An output that
// is empty, "-" or not there yet takes no place.
absl::Status CheckOutput(const Authored& authored, const std::string& output);
// The same for a lock, which may replace the one that the image was made with: that has
// been read as a whole.
absl::Status CheckLockOutput(const Authored& authored, const ManifestOptions& options,
                             const std::string& output);

// Prints an error and what to do about it.
void PrintError(const absl::Status& status);

// "46.1 MiB".
std::string FormatSize(uint64_t bytes);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ISOMASON_VERB_H_
