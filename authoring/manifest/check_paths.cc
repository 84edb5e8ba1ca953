#include "authoring/manifest/check_paths.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/manifest/check_report.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/glob.h"

namespace isomason {

std::string ImagePathProblem(absl::string_view path, std::string* remedy) {
  std::string unused;
  if (remedy == nullptr) remedy = &unused;
  *remedy = "";
  if (std::string problem = Utf8Problem(path); !problem.empty()) {
    *remedy = "write the characters themselves, in UTF-8";
    return problem;
  }
  if (HasNul(path)) {
    *remedy = "no name has one";
    return absl::StrCat(Quote(path), " has a NUL in it");
  }
  if (path.empty() || path[0] != '/') {
    *remedy = absl::StrCat("write ", Quote(absl::StrCat("/", path)));
    return absl::StrCat(Quote(path), " is not absolute");
  }
  if (path == "/") return "";
  if (path.size() > kLongestPath) {
    *remedy = "shorten it";
    return absl::StrCat("the path is ", path.size(), " bytes long; a path has at most ",
                        kLongestPath);
  }
  if (path.back() == '/') {
    *remedy = "paths in the image end with a name, also those of directories";
    return absl::StrCat(Quote(path), " ends with a slash");
  }
  for (absl::string_view name : absl::StrSplit(path.substr(1), '/')) {
    if (name.empty()) {
      *remedy = "one slash is enough";
      return absl::StrCat(Quote(path), " has two slashes side by side");
    }
    if (name == "." || name == "..") {
      *remedy = "write the path as it is without them";
      return absl::StrCat(Quote(path), " has a component ", Quote(name));
    }
    if (name.size() > kLongestName) {
      *remedy = "shorten it";
      return absl::StrCat("the name ", Quote(name), " is ", name.size(),
                          " bytes long; a name has at most ", kLongestName);
    }
  }
  return "";
}

std::string GlobProblem(absl::string_view pattern, std::string* remedy) {
  const absl::StatusOr<Glob> glob = Glob::Compile(pattern);
  if (glob.ok()) return "";
  absl::string_view bare = pattern;
  while (!bare.empty() && bare.front() == '/') bare.remove_prefix(1);
  while (!bare.empty() && bare.back() == '/') bare.remove_suffix(1);
  const bool slashes = bare.size() < pattern.size() && Glob::Compile(bare).ok();
  *remedy = slashes
                ? absl::StrCat("write ", Quote(bare))
                : "`*` and `?` stay inside a name, `**` crosses directories, `[a-z]` is a class";
  return absl::StrCat(Quote(pattern), ": ", glob.status().message());
}

}  // namespace isomason
