// -----------------------------------------------------------------------------
// File: layout/spool.h
// -----------------------------------------------------------------------------
//
// A temporary file without a name, for bytes that have to be made before they can be
// copied: what a compressed archive holds. It vanishes with the last who has it open,
// however the program ends.
//
//   Spool spool;
//   RETURN_IF_ERROR(spool.Append(bytes));
//   ContentId file = contents.AddUnnamed(spool.fd(), "a temporary file");
//
#ifndef ISOMASON_LAYOUT_SPOOL_H_
#define ISOMASON_LAYOUT_SPOOL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace isomason {

class Spool {
 public:
  Spool() = default;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  // Makes the file if there is none yet: in $TMPDIR, else in /var/tmp, else in /tmp.
  absl::Status Open();

  // Writes behind what was written before, and opens the file for that.
  absl::Status Append(absl::Span<const uint8_t> bytes);

  // How many bytes were written.
  uint64_t size() const { return size_; }
  // -1 until it is open.
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
  uint64_t size_ = 0;
  std::string directory_;
};

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_SPOOL_H_
