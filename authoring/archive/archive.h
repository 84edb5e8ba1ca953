// -----------------------------------------------------------------------------
// File: authoring/archive/archive.h
// -----------------------------------------------------------------------------
//
// What a tar, cpio or zip archive holds, and where the bytes of each member lie: in the
// archive itself when it has them as they are, else in a temporary file. Nothing here
// depends on the host's language or time zone.
//
//   ASSIGN_OR_RETURN(auto archive, Archive::Open(file, &spool));
//   for (const ArchiveMember& member : archive->members()) ...
//   ASSIGN_OR_RETURN(std::vector<ArchiveRun> runs, archive->Runs(number));
//
// An archive that is compressed as a whole is decompressed once, to the temporary file.
// Members of a zip archive are when they are asked for. Of uncompressed tar and cpio
// archives only headers are read.
//
#ifndef ISOMASON_AUTHORING_ARCHIVE_ARCHIVE_H_
#define ISOMASON_AUTHORING_ARCHIVE_ARCHIVE_H_

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "layout/content.h"
#include "layout/spool.h"

namespace isomason {

// A run of a member's bytes.
struct ArchiveRun {
  enum class In : uint8_t { kArchive, kSpool, kZeros };
  In in;
  uint64_t offset;  // from the start of that file; 0 for zeros
  uint64_t size;
};

struct ArchiveMember {
  std::string path;    // raw, as the archive spells it
  std::string target;  // raw, of a symlink or a hard link
  bool hard_link = false;
  uint32_t mode = 0;  // with S_IFMT; 0 there for a hard link
  uint32_t owner = 0, group = 0;
  int64_t time = 0;
  uint32_t nanos = 0;
  uint32_t device_major = 0, device_minor = 0;
  uint64_t size = 0;  // of a file; a hard link may bring the bytes of its target

  // The same as far as attributes go, for whoever knows host files.
  struct stat Stat() const;
};

// A part of an open file, for those who read archives.
struct ArchiveBytes {
  int fd;
  uint64_t offset;
  uint64_t size;
  bool in_spool;

  // DataLoss when the range is not inside, Unavailable and the like when it cannot be read.
  absl::Status Read(uint64_t at, absl::Span<uint8_t> out) const;
  // A range of these bytes as a run.
  ArchiveRun Run(uint64_t at, uint64_t run_size) const {
    return {in_spool ? ArchiveRun::In::kSpool : ArchiveRun::In::kArchive, offset + at, run_size};
  }
};

class Archive {
 public:
  virtual ~Archive() = default;

  // Reads what `file` holds; both arguments outlive the archive. InvalidArgument when that
  // is no archive of a kind that is known here, DataLoss when it is damaged or cut short,
  // FailedPrecondition when it changed meanwhile.
  static absl::StatusOr<std::unique_ptr<Archive>> Open(const OpenedFile& file, uint64_t size,
                                                       Spool* spool);

  const std::vector<ArchiveMember>& members() const { return members_; }

  // Where the bytes of a member lie, in order; none when it has none. InvalidArgument when
  // they cannot be had (an encrypted member), DataLoss when they are damaged.
  virtual absl::StatusOr<std::vector<ArchiveRun>> Runs(size_t member) = 0;

 protected:
  std::vector<ArchiveMember> members_;
};

// The readers that Open() chooses from.
absl::StatusOr<std::unique_ptr<Archive>> OpenTarOrCpio(const ArchiveBytes& bytes);
absl::StatusOr<std::unique_ptr<Archive>> OpenZip(const ArchiveBytes& bytes, Spool* spool);

// When the bytes are compressed as a whole, decompresses them to the end of `spool` and
// makes `bytes` that. Until they are not compressed any more.
absl::Status Decompress(Spool* spool, ArchiveBytes* bytes);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ARCHIVE_ARCHIVE_H_
