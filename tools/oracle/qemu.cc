#include "tools/oracle/qemu.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The end of what a machine said, for messages.
std::string LastLines(const std::string& text, size_t count) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipWhitespace());
  return absl::StrJoin(lines.end() - static_cast<ptrdiff_t>(std::min(count, lines.size())),
                       lines.end(), "\n");
}

// As testdata/rescue/boot wants it.
const char* NameOf(Firmware firmware) {
  switch (firmware) {
    case Firmware::kBios:
      return "bios";
    case Firmware::kUefi:
      return "uefi";
    case Firmware::kSecureBoot:
      return "secure-boot";
  }
  return "";
}

}  // namespace

absl::StatusOr<std::string> PayloadFolder() {
  std::string folder = Variable("ISOMASON_PAYLOAD");
  if (folder.empty()) {
    std::string cache = Variable("XDG_CACHE_HOME");
    if (cache.empty()) {
      std::string home = Variable("HOME");
      if (home.empty()) {  // as in Bazel's tests
        const passwd* user = getpwuid(getuid());
        if (user != nullptr) home = user->pw_dir;
      }
      cache = absl::StrCat(home, "/.cache");
    }
    folder = absl::StrCat(cache, "/isomason/payload");
  }
  std::error_code ignored;
  if (!std::filesystem::exists(folder + "/root/versions", ignored)) {
    return absl::FailedPreconditionError(
        absl::StrCat("no guest kernel in ", folder,
                     ": run tools/setup/payload, or set ISOMASON_PAYLOAD to where it was run for"));
  }
  return folder;
}

std::string Runfile(const std::string& path) {
  const std::string sources = Variable("TEST_SRCDIR"), workspace = Variable("TEST_WORKSPACE");
  if (sources.empty()) return path;
  return absl::StrCat(sources, "/", workspace, "/", path);
}

absl::StatusOr<std::string> BootImage(const std::string& image, const BootOptions& options) {
  Command command;
  command.argv = {Runfile("testdata/rescue/boot"),
                  std::filesystem::absolute(image).string(),
                  "--firmware",
                  NameOf(options.firmware),
                  "--medium",
                  options.medium == Medium::kCd ? "cd" : "disk",
                  "--bus",
                  options.bus,
                  "--expect",
                  options.expect,
                  "--timeout",
                  absl::StrCat(options.timeout_seconds)};
  if (options.again_on_virtio) command.argv.emplace_back("--again");
  // The script ends by itself; this is for a machine so loaded that it does not.
  command.timeout_seconds = options.timeout_seconds + 30;
  if (const std::string folder = Variable("TEST_TMPDIR"); !folder.empty()) {
    command.environment["TMPDIR"] = folder;
  }
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  if (!result.ok()) return result.status();
  if (result->Succeeded()) return result->out;
  if (result->exit_status == 2) return absl::FailedPreconditionError(result->err);
  return absl::DataLossError(
      absl::StrCat(result->err, "the serial port said last:\n", LastLines(result->out, 20)));
}

}  // namespace isomason
