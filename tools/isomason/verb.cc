#include "tools/isomason/verb.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/manifest/check.h"
#include "authoring/presets.h"
#include "authoring/tree/resolve.h"

namespace isomason {
namespace {

void Print(absl::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

// What to do about an error that names no remedy of its own.
absl::string_view RemedyFor(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kFailedPrecondition:
      return "run again when nothing writes to the sources, or correct what the manifest pins";
    case absl::StatusCode::kResourceExhausted:
      return "make room, or write somewhere else";
    case absl::StatusCode::kPermissionDenied:
      return "check the permissions of the file and of the directories above it";
    case absl::StatusCode::kInternal:
      return "this is a bug in isomason; please report it with the manifest";
    default:
      return "";
  }
}

}  // namespace

void ManifestOptions::AddTo(CLI::App& verb) {
  verb.add_option("MANIFEST", manifest, "Manifest: text, JSON or binary protobuf")
      ->required()
      ->type_name("");
  verb.add_option("--set", set, "Value of a variable of the manifest")
      ->type_name("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  verb.add_option("--source-root", source_root,
                  "Where source paths start (default: the manifest's directory)")
      ->type_name("DIR");
}

int ManifestOptions::Jobs() const {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return jobs > 0 ? jobs : std::max(1, cores);
}

ExitCode PrintDiagnostics(const Diagnostics& diagnostics, const std::string& manifest) {
  Print(diagnostics.Format());
  const size_t count = diagnostics.Sorted().size();
  Print(absl::StrFormat("isomason: %d problem%s in %s, nothing was written\n", count,
                        count == 1 ? "" : "s", manifest));
  return kManifestOrUsage;
}

void PrintError(const absl::Status& status) {
  Print(absl::StrCat("isomason: ", status.message(), "\n"));
  const absl::string_view remedy = RemedyFor(status.code());
  if (!remedy.empty()) Print(absl::StrCat("  ", remedy, "\n"));
}

ExitCode LoadAndAuthor(const ManifestOptions& options, Authored* authored) {
  std::map<std::string, std::string> set;
  for (const std::string& assignment : options.set) {
    const size_t equals = assignment.find('=');
    if (equals == 0 || equals == std::string::npos) {
      Print(absl::StrCat("isomason: --set ", assignment, ": write NAME=VALUE\n"));
      return kManifestOrUsage;
    }
    set[assignment.substr(0, equals)] = assignment.substr(equals + 1);
  }
  Diagnostics diagnostics;
  if (!LoadManifest(options.manifest, set, &authored->loaded, &diagnostics)) {
    CheckManifest(authored->loaded, &diagnostics);  // all problems in one run
    return PrintDiagnostics(diagnostics, options.manifest);
  }
  const std::string& root =
      options.source_root.empty() ? authored->loaded.directory : options.source_root;
  auto disc = Author(authored->loaded, root, &diagnostics, options.Jobs());
  if (!diagnostics.empty()) return PrintDiagnostics(diagnostics, options.manifest);
  if (!disc.ok()) {
    PrintError(disc.status());
    Print("isomason: nothing was written\n");
    const bool manifest =
        absl::IsInvalidArgument(disc.status()) || absl::IsOutOfRange(disc.status());
    return manifest ? kManifestOrUsage : kInputOrOutput;
  }
  authored->disc = *std::move(disc);
  manifest::Manifest& manifest = authored->loaded.manifest;
  if (manifest.boot().preset() != manifest::NO_PRESET) {
    authored->preset = manifest::Preset_Name(manifest.boot().preset());
    authored->filled_in = ApplyPreset(&manifest);
  }
  return kDone;
}

bool SameFile(const std::string& a, const std::string& b) {
  struct stat of_a, of_b;
  return stat(a.c_str(), &of_a) == 0 && stat(b.c_str(), &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
         of_a.st_ino == of_b.st_ino;
}

absl::Status CheckOutput(const Authored& authored, const std::string& output) {
  struct stat there;
  if (output.empty() || output == "-" || stat(output.c_str(), &there) != 0) {
    return absl::OkStatus();
  }
  for (const std::string& file : authored.loaded.files) {
    if (!SameFile(output, file)) continue;
    return absl::InvalidArgumentError(absl::StrCat(output, " is the manifest; name another file"));
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
}

absl::Status CheckLockOutput(const Authored& authored, const ManifestOptions& options,
                             const std::string& output) {
  const std::string& root =
      options.source_root.empty() ? authored.loaded.directory : options.source_root;
  const std::string& lock = authored.loaded.manifest.layout().lock();
  if (!lock.empty() && SameFile(output, SourcePath(root, lock))) return absl::OkStatus();
  return CheckOutput(authored, output);
}

std::string FormatSize(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes);
  int unit = 0;
  for (; size >= 1024 && unit < 4; ++unit) size /= 1024;
  return unit == 0 ? absl::StrFormat("%d bytes", bytes)
                   : absl::StrFormat("%.1f %s", size, kUnits[unit]);
}

}  // namespace isomason
