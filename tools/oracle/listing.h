// -----------------------------------------------------------------------------
// File: tools/oracle/listing.h
// -----------------------------------------------------------------------------
//
// What one reader shows of one tree, in our own words. A manifest's intent, a
// kernel's mount, xorriso's extraction and our own readback are each turned into
// a Listing, and two listings are compared with Differences(). A reader rarely
// tells everything (Joliet has no modes, `isoinfo` no digests): what it cannot
// tell is left unset, and an unset field is never a difference.
//
//   Listing want = ..., got = ...;
//   CompareOptions options;
//   options.owners = false;
//   EXPECT_THAT(Differences(want, got, options), ElementsAre());
//
// The text form is for guests and scripts that cannot link this library, and for
// goldens. One line an entry, in path order, columns parted by one tab:
//
//   path type mode uid gid nlink mtime size sha256 target major,minor inode
//
// The type is one of f d l b c p s; the mode is octal; "-" is "unknown" or "has
// none". Path and target are escaped: \\ \t \n, and \xNN (always two digits) for
// other bytes below 0x20 and from 0x7f on. A target that is really "-" is \x2d.
#ifndef ISOMASON_TOOLS_ORACLE_LISTING_H_
#define ISOMASON_TOOLS_ORACLE_LISTING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

// The trees that one image can hold over the same file data; FAT is an image of its own.
enum class View { kRockRidge, kJoliet, kIso9660, kUdf, kFat };

// "Rock Ridge", "Joliet", "plain ISO 9660", "UDF", "FAT".
const char* ViewName(View view);

// One entry as a reader shows it.
struct Listed {
  enum class Type { kFile, kDirectory, kSymlink, kBlock, kCharacter, kFifo, kSocket };

  std::string path;  // "/" for the root, else "/boot/grub.cfg"; raw bytes
  Type type = Type::kFile;
  std::optional<uint32_t> mode;  // permission bits, 07777
  std::optional<uint32_t> owner, group;
  std::optional<uint32_t> links;         // how many names; a directory's as the reader counts
  std::optional<int64_t> time;           // modification, seconds since 1970 UTC
  std::optional<uint32_t> nanoseconds;   // behind those
  std::optional<uint64_t> size;          // bytes; files only
  std::string sha256;                    // lower-case hex; files only; empty = unknown
  std::string target;                    // symlinks only; empty = unknown
  std::optional<uint32_t> major, minor;  // devices only
  uint64_t inode = 0;                    // equal for hard links of one file; 0 = unknown

  // Of a file that is stored compressed: what a reader shows that does not decompress. Of
  // what is wanted only; neither compared nor in the text form.
  std::optional<uint64_t> stored_size;
  std::string stored_sha256;

  friend bool operator==(const Listed&, const Listed&) = default;
};

// The letter of `type` in the text form, as in `ls -l` except that a file is 'f'.
char TypeLetter(Listed::Type type);

// The type that a letter of `ls -l` stands for, where a file is '-'.
std::optional<Listed::Type> TypeOfLsLetter(char letter);

// "file", "directory", "symlink", ... for sentences.
const char* TypeName(Listed::Type type);

// The entries of one view, one per path, in byte order of the paths.
class Listing {
 public:
  using Map = std::map<std::string, Listed>;

  // Adds `entry`. A second entry of the same path is an AlreadyExists error and the
  // first one stays: a reader that shows a name twice has found a broken directory.
  absl::Status Add(Listed entry);

  // The entry of `path`, or null.
  const Listed* Find(const std::string& path) const;
  Listed* Find(const std::string& path);

  // Removes `path` (not what is below it). Returns whether it was there.
  bool Remove(const std::string& path);

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  Map::const_iterator begin() const { return entries_.begin(); }
  Map::const_iterator end() const { return entries_.end(); }
  Map::iterator begin() { return entries_.begin(); }
  Map::iterator end() { return entries_.end(); }

  friend bool operator==(const Listing&, const Listing&) = default;

 private:
  Map entries_;
};

// The tree below the host directory `dir`, `dir` itself being "/". Follows no symlinks
// and digests every file. A directory's link count is left unset (each filesystem counts
// its own way), and so is a symlink's mode (Linux has none). Inodes are numbered from 1
// in path order, so that equal trees give equal listings. NotFound when `dir` is not
// there, PermissionDenied or Internal when the host refuses to list or read something.
absl::StatusOr<Listing> WalkDirectory(const std::string& dir);

// Makes a compressed file, or every one, what a reader shows that does not decompress.
void ShowStored(Listed& entry);
void ShowStored(Listing& listing);

// The text form described above; every line ends in a newline.
std::string ToText(const Listing& listing);

// Reads the text form. InvalidArgument, naming line and column, when it is not that.
absl::StatusOr<Listing> FromText(absl::string_view text);

// The escapes of the text form, for programs that print names.
std::string EscapeName(absl::string_view raw);
absl::StatusOr<std::string> UnescapeName(absl::string_view escaped);

// Which fields count. Type and target always do, and so does an entry that only one side has.
struct CompareOptions {
  bool modes = true;
  bool owners = true;            // and groups
  bool times = true;             // with what is behind the seconds where both sides know it
  bool links = true;             // link counts of all but directories
  bool directory_links = false;  // link counts of directories
  bool sizes = true;
  bool contents = true;    // SHA-256
  bool devices = true;     // major and minor
  bool inodes = true;      // which names are hard links of one file
  bool extra = true;       // entries in `got` that `want` does not have
  int64_t time_slack = 0;  // seconds by which times may differ (FAT-like and ISO 8601-less readers)
};

// One plain sentence per difference, in path order; empty when `got` shows what `want` says.
// A field that either side does not tell is skipped. Inodes are compared by which paths
// share one, not by number.
std::vector<std::string> Differences(const Listing& want, const Listing& got,
                                     const CompareOptions& options = {});

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_LISTING_H_
