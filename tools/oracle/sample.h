// -----------------------------------------------------------------------------
// File: tools/oracle/sample.h
// -----------------------------------------------------------------------------
//
// A small tree on the host and images of it by other writers, for the tests of the readers.
//
//   absl::StatusOr<Listing> want = MakeSampleTree(dir, {.odd_names = false});
//   absl::Status written = WriteWithXorriso(dir, image, {"-J"});
#ifndef ISOMASON_TOOLS_ORACLE_SAMPLE_H_
#define ISOMASON_TOOLS_ORACLE_SAMPLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/oracle/listing.h"

namespace isomason {

struct SampleOptions {
  bool symlinks = true;
  bool hard_links = true;
  bool special_files = true;  // a fifo; devices where the host lets us make them
  bool odd_names = true;      // newline, tab, backslash, quotes
  bool odd_modes = true;      // set-user-id, sticky, unreadable
  bool unicode = true;        // names beyond ASCII
  // What readers stumble over, none of it unless asked for.
  bool hard_names = false;    // 250 bytes, ";1", dots and spaces at the end, letter case
  bool hard_tree = false;     // 12 levels deep, 150 entries in a directory, times before and after
  bool hard_targets = false;  // symlinks of hundreds of bytes and components, "//", "." and ".."
  bool decomposed = false;    // a name of Unicode's normal form D
  bool raw_bytes = false;     // a name and a target that are not UTF-8
};

// Makes the tree in the new folder `dir` and says what it is. Times are fixed. Owners are those
// of whoever runs this; where the host allows it some entries belong to others.
absl::StatusOr<Listing> MakeSampleTree(const std::string& dir, const SampleOptions& options);

// Images of `dir` with Rock Ridge as it is on disk, and `options` besides.
absl::Status WriteWithXorriso(const std::string& dir, const std::string& image,
                              std::vector<std::string> options);
absl::Status WriteWithGenisoimage(const std::string& dir, const std::string& image,
                                  std::vector<std::string> options);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_SAMPLE_H_
