// -----------------------------------------------------------------------------
// File: tools/behavior/command.h
// -----------------------------------------------------------------------------
//
// Runs the isomason program as a user does, for tests of how it behaves: a folder of
// its own with a manifest and sources, and what the program said and left behind.
//
//   Workshop shop;
//   shop.Write("hello.txt", "hello\n");
//   shop.Write("m.textproto", "image_version: 1 ...");
//   ProcessResult result = shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
//
#ifndef ISOMASON_TOOLS_BEHAVIOR_COMMAND_H_
#define ISOMASON_TOOLS_BEHAVIOR_COMMAND_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {

class Workshop {
 public:
  // Makes an empty folder below the test's own, or below `parent`.
  explicit Workshop(const std::string& parent = "");

  // The folder, and a path in it.
  const std::string& dir() const { return scratch_.path(); }
  std::string Path(absl::string_view name) const;

  // Writes a file, with the folders above it. Fails the test when it cannot.
  void Write(absl::string_view name, absl::string_view bytes);
  // Makes a file of `size` bytes, all of it a hole.
  void WriteHole(absl::string_view name, uint64_t size);
  // A file's bytes; fails the test when it is not there.
  std::string Read(absl::string_view name) const;
  // The names in the folder, in byte order.
  std::vector<std::string> Names() const;

  // Runs isomason in the folder. `adjust` may change how.
  ProcessResult Isomason(const std::vector<std::string>& arguments,
                         const std::function<void(Command&)>& adjust = nullptr) const;

 private:
  ScratchDir scratch_;
};

// The program under test.
std::string IsomasonPath();

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BEHAVIOR_COMMAND_H_
