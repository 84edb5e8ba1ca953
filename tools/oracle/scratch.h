// -----------------------------------------------------------------------------
// File: tools/oracle/scratch.h
// -----------------------------------------------------------------------------
//
// Host folders and files that a reader needs for a moment. Extracted trees carry the
// image's own modes, so a folder may come out unreadable or unwritable for whoever is not
// root; the functions here cope with that.
//
//   absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
//   if (!scratch.ok()) return scratch.status();
//   RunProcess({"bsdtar", "-xpf", image, "-C", scratch->path()});
#ifndef ISOMASON_TOOLS_ORACLE_SCRATCH_H_
#define ISOMASON_TOOLS_ORACLE_SCRATCH_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

// A new, empty host folder that is removed with all it holds when this goes.
class ScratchDir {
 public:
  // Makes one inside the folder `parent`, which must exist. Internal when it cannot.
  static absl::StatusOr<ScratchDir> Make(const std::string& parent);

  ScratchDir(ScratchDir&& other) noexcept;
  ScratchDir& operator=(ScratchDir&& other) noexcept;
  ~ScratchDir();

  // The folder, without a slash at the end.
  const std::string& path() const { return path_; }

 private:
  explicit ScratchDir(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// Adds what the owner lacks to read the tree at `dir` and to remove it. Times stay as they
// are; modes do not, so learn them first. Does nothing for root, who needs none of that.
void MakeReadable(const std::string& dir);

// Removes `dir` and all below it, whatever the modes. A folder that is not there is fine.
void RemoveTree(const std::string& dir);

// The bytes of a host file. NotFound when there is none, Internal when it cannot be read.
absl::StatusOr<std::string> ReadHostFile(const std::string& path);

// Writes a host file anew. Internal when it cannot.
absl::Status WriteHostFile(const std::string& path, absl::string_view bytes);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_SCRATCH_H_
