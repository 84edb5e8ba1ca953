// -----------------------------------------------------------------------------
// File: authoring/lock.h
// -----------------------------------------------------------------------------
//
// A lock says where the contents of an earlier image lie, so that the next one keeps
// what has not changed where it is: a delta between the two is then as small as what did
// change. It is a text, one content a line, in the order of the image:
//
//   isomason lock 1
//   start 291
//   291 54 - /boot/loader
//   292 6 ba7816bf8f01cfea...20015ad /live/kernel
//
// `start` is the block from which new contents flow: what lies before it is kept free for
// directories that grow. A line has a block, a size in bytes, the SHA-256 where the
// manifest pins it and `-` otherwise, and the path of the first file with this content;
// in it, control characters and backslashes are written as \xNN. Lines that begin with
// `#`, and empty ones, say nothing. An empty text is a lock without contents.
//
//   Lock lock;
//   std::string problem = lock.Parse(text, &line);
//   const Lock::Entry* entry = lock.Find("/live/kernel");
//
#ifndef ISOMASON_AUTHORING_LOCK_H_
#define ISOMASON_AUTHORING_LOCK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace isomason {

class Lock {
 public:
  struct Entry {
    uint64_t block;
    uint64_t size;       // in bytes, 1 or more
    std::string sha256;  // 64 lower-case hexadecimal digits, or empty
    std::string path;    // "/live/kernel"
  };

  // Takes in a text. Returns what is wrong, or nothing; `line` is then where, from 1.
  std::string Parse(absl::string_view text, int64_t* line);

  void set_start(uint64_t start) { start_ = start; }
  // A path that is there already is not added again: false.
  bool Add(Entry entry);

  bool empty() const { return entries_.empty(); }
  uint64_t start() const { return start_; }
  const std::vector<Entry>& entries() const { return entries_; }

  // The entry of a path, or null.
  const Entry* Find(absl::string_view path) const;
  // The first entry with a digest, or null.
  const Entry* FindDigest(absl::string_view sha256) const;

  // The text, in the order of adding.
  std::string Format() const;
  // A digest of all that it says: 64 hexadecimal digits.
  std::string Digest() const;

 private:
  std::string ParseLine(absl::string_view line);

  uint64_t start_ = 0;  // a block
  std::vector<Entry> entries_;
  absl::flat_hash_map<std::string, uint32_t> paths_, digests_;  // numbers of entries
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_LOCK_H_
