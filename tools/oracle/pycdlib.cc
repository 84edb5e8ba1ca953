#include "tools/oracle/pycdlib.h"

#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

constexpr char kScript[] = "tools/oracle/pycdlib_list.py";

// Where Bazel puts the script for a test, or the folder that a program was started in.
std::string FindScript() {
  std::vector<std::string> folders;
  if (const char* runfiles = getenv("TEST_SRCDIR")) {
    folders.push_back(absl::StrCat(runfiles, "/isomason/"));
    folders.push_back(absl::StrCat(runfiles, "/_main/"));
  }
  folders.push_back("");
  for (const std::string& folder : folders) {
    std::string path = absl::StrCat(folder, kScript);
    if (access(path.c_str(), R_OK) == 0) return path;
  }
  return "";
}

}  // namespace

absl::StatusOr<Listing> PycdlibListing(const std::string& image, View view) {
  const std::string script = FindScript();
  if (script.empty()) {
    return absl::NotFoundError(absl::StrCat(kScript, " is not in the test's runfiles"));
  }
  const char* kind = view == View::kIso9660  ? "iso"
                     : view == View::kJoliet ? "joliet"
                     : view == View::kUdf    ? "udf"
                                             : "rr";
  // The system's Python, whatever other ones are in PATH: Debian's package is for that one.
  absl::StatusOr<ProcessResult> result =
      RunProcess({"/usr/bin/python3", "-B", script, image, kind});
  if (!result.ok()) return result.status();
  if (absl::StrContains(result->err, "No module named 'pycdlib'")) {
    return absl::NotFoundError(
        "pycdlib is not installed: apt-get install --no-install-recommends python3-pycdlib");
  }
  if (!result->Succeeded() || !result->err.empty()) {
    return absl::DataLossError(absl::StrCat("pycdlib: ", result->Summary()));
  }
  return FromText(result->out);
}

}  // namespace isomason
