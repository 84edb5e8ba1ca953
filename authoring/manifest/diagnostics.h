// -----------------------------------------------------------------------------
// File: authoring/manifest/diagnostics.h
// -----------------------------------------------------------------------------
//
// Problems in a manifest, collected so that one run shows them all: where, what,
// and what to do about it.
//
//   Diagnostics diagnostics;
//   diagnostics.Add(loaded.Locate("boot.entry[1].image"), "boot.entry[1].image",
//                   "\"EFI/efiboot.img\" is not in the tree",
//                   "did you mean \"EFI/BOOT/efiboot.img\" (rescue.textproto:17)?");
//   std::cerr << diagnostics.Format();
//
// prints
//
//   rescue.textproto:41:5: boot.entry[1].image: "EFI/efiboot.img" is not in the tree
//       image: "EFI/efiboot.img"
//              ^
//     did you mean "EFI/BOOT/efiboot.img" (rescue.textproto:17)?
//
#ifndef ISOMASON_AUTHORING_MANIFEST_DIAGNOSTICS_H_
#define ISOMASON_AUTHORING_MANIFEST_DIAGNOSTICS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isomason {

// A place in a manifest.
struct Location {
  std::string file{};  // as the user named it; empty for nothing in particular
  // The file's rank among those that were read, the manifest itself first: problems
  // sort by it. The command line comes before all files.
  int file_order = -1;
  int64_t line = 0;    // from 1; 0 when unknown, as in a binary manifest
  int64_t column = 0;  // from 1, in characters, a tab is one; 0 when unknown

  // What to show of the line (all of it, unless it is very long) and the byte of it
  // that the caret points at. Empty text shows nothing.
  std::string text{};
  size_t caret = 0;

  // "rescue.textproto:41:5", or as much of it as is known.
  std::string ToString() const;
  // "rescue.textproto:41", for a remedy that points at another place.
  std::string FileAndLine() const;
};

struct Diagnostic {
  Location location;
  std::string field;    // "boot.entry[1].image"; empty when no field is meant
  std::string message;  // what is wrong: no capital, no full stop
  std::string remedy;   // what to do about it; may be empty
};

class Diagnostics {
 public:
  void Add(Diagnostic diagnostic);
  void Add(Location location, absl::string_view field, absl::string_view message,
           absl::string_view remedy = "");

  bool empty() const { return diagnostics_.empty(); }
  size_t size() const { return diagnostics_.size(); }

  // By file in the order of reading, line and column; what was added first stays
  // first. The same message at the same place is there once.
  std::vector<Diagnostic> Sorted() const;

  // All of Sorted(), or the first `limit` and a line that counts the rest.
  std::string Format(size_t limit = 100) const;

 private:
  std::vector<Diagnostic> diagnostics_;
};

// One problem as it is shown, with the line, the caret and the remedy.
std::string FormatDiagnostic(const Diagnostic& diagnostic);

// A string of a manifest as messages show it: in double quotes, with `\n`, `\x00`
// and the like for what a terminal should not get, and cut behind `limit` bytes.
std::string Quote(absl::string_view value, size_t limit = 120);

// The candidate that `word` is a likely misspelling of, or empty. Of several
// equally near ones the first.
std::string Closest(absl::string_view word, absl::Span<const std::string> candidates);

// The same for paths: the last component counts for more than the directories, so
// that a file that stands elsewhere is found as well as a misspelt one.
std::string ClosestPath(absl::string_view path, absl::Span<const std::string> candidates);

// `did you mean "x"?`, or empty when `suggestion` is.
std::string DidYouMean(absl::string_view suggestion);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_DIAGNOSTICS_H_
