// -----------------------------------------------------------------------------
// File: authoring/iso9660/rock_ridge.h
// -----------------------------------------------------------------------------
//
// Rock Ridge (RRIP 1.10 or 1.12) in the system use field of directory records (SUSP 1.12).
// A record says PX and TF, a device PN, a compressed file ZF, what has to do with relocation CL, PL
// or RE, then NM, a symlink SL; the root's own record SP before and ER behind them. What a record
// has no room for goes to a continuation area behind its directory.
//
// What holds, because some reader fails otherwise: every record has PX; no ST, no
// padding entries; a continuation area lies inside one block, has its exact length,
// and names at most one further area, at its end (Linux, libarchive, GRUB, BSD).
//
//   ContinuationArea area;
//   AppendSystemUse(record, room, Block(50), area, out);
//
#ifndef ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_H_
#define ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/dates.h"
#include "authoring/iso9660/records.h"
#include "authoring/iso9660/rock_ridge_form.h"
#include "layout/units.h"

namespace isomason {

// File types in the mode of PX (RRIP 4.1.1), as POSIX systems number them.
inline constexpr uint32_t kModeFifo = 0010000;
inline constexpr uint32_t kModeCharacterDevice = 0020000;
inline constexpr uint32_t kModeDirectory = 0040000;
inline constexpr uint32_t kModeBlockDevice = 0060000;
inline constexpr uint32_t kModeFile = 0100000;
inline constexpr uint32_t kModeSymlink = 0120000;
inline constexpr uint32_t kModeSocket = 0140000;

// What Linux returns whole: 253 bytes of a name, one page of a target.
inline constexpr size_t kLongestRockRidgeName = 253;
inline constexpr size_t kLongestSymlinkTarget = 4095;

// What Rock Ridge says in one directory record.
struct PosixRecord {
  RockRidgeForm form;
  PosixEntry attributes;
  RecordingDate time{};  // modification, access and attribute change
  std::optional<RecordingDate> created;
  bool is_device = false;
  DeviceEntry device;
  int zisofs_version = 0;  // 1 or 2: the file is compressed
  Zisofs2Entry zisofs;     // then
  enum class Relocation { kNone, kChildLink, kParentLink, kRelocated };  // CL, PL, RE
  Relocation relocation = Relocation::kNone;
  uint32_t link = 0;         // block, of CL and PL
  bool is_root = false;      // the record of the root in itself
  absl::string_view name;    // empty in `.` and `..`
  absl::string_view target;  // a symlink's
  // Whole system use entries (SUSP 4.2) to come behind all others.
  absl::string_view others;
};

// The continuation areas of one directory, in the order of its records.
class ContinuationArea {
 public:
  // A run of bytes inside one block.
  struct Run {
    uint64_t offset;  // from the start of all areas, which may pass 4 GiB
    uint32_t length;
  };

  // Takes `length` bytes, at most 2048, where they fit into a block: behind the
  // runs before, or in a block of their own.
  Run Take(size_t length);
  // What the last block has left, 0 when it is full or there is none.
  size_t left() const { return RoundUp(used_, kBlockSize) - used_; }

  // Appends the bytes of the run that was taken first and not yet begun.
  std::string& Begin(Run run) {
    bytes_.resize(run.offset);
    return bytes_;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  size_t used_ = 0;
  std::string bytes_;
};

// Appends the system use field of a record to `out`, at most `room` bytes (room for
// SP, PX, TF, PN and CE is there in every record). `first_block` is where the
// continuation areas will lie. The name and the target keep the limits above.
void AppendSystemUse(const PosixRecord& record, size_t room, Block first_block,
                     ContinuationArea& area, std::string& out);

// How many bytes the system use of a record needs when it is not divided.
size_t SystemUseSize(const PosixRecord& record);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_H_
