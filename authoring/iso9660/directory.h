// -----------------------------------------------------------------------------
// File: authoring/iso9660/directory.h
// -----------------------------------------------------------------------------
//
// Writes the extent of one directory (ECMA-119 6.8): records one after another,
// none across the end of a block, zeros behind the last of a block.
//
//   DirectoryWriter writer(Block(21), out);
//   writer.Add({std::string(1, '\0'), 20, 2048, date, kDirectoryFlag}, &posix);
//   writer.Finish();                                    // a multiple of 2048 bytes
//
#ifndef ISOMASON_AUTHORING_ISO9660_DIRECTORY_H_
#define ISOMASON_AUTHORING_ISO9660_DIRECTORY_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/dates.h"
#include "authoring/iso9660/rock_ridge.h"
#include "layout/units.h"

namespace isomason {

// The identifiers of a directory in itself and of its parent (ECMA-119 6.8.2.2).
inline constexpr absl::string_view kSelfIdentifier("\0", 1);
inline constexpr absl::string_view kParentIdentifier("\1", 1);

// The size of a section of a file that needs several: the most that 32 bits count
// in whole blocks. Only the last section is shorter (6.4.2, 6.5.1).
inline constexpr uint64_t kSectionSize = 0xFFFFF800;
inline constexpr uint64_t kLargestSection = 0xFFFFFFFF;
// Linux reads no more sections than this.
inline constexpr uint64_t kMostSections = 100;

class DirectoryWriter {
 public:
  struct Record {
    absl::string_view identifier;  // as recorded
    uint32_t extent;               // block
    uint32_t data_length;          // bytes
    RecordingDate date;
    uint8_t flags;
    absl::string_view system_use{};  // in front of Rock Ridge; it fits
  };

  // Appends to `out`, which outlives the writer. Continuation areas will lie at
  // `continuation`.
  DirectoryWriter(Block continuation, std::string& out)
      : continuation_(continuation), out_(out), start_(out.size()) {}

  // Adds a record; with Rock Ridge, `posix` is what it says.
  void Add(const Record& record, const PosixRecord* posix);

  // Adds the records of a file of `size` bytes, contiguous from `record.extent`:
  // one per section (6.5.1), alike in all but extent and length.
  void AddFile(Record record, uint64_t size, const PosixRecord* posix);

  // Fills the last block.
  void Finish();

  const std::string& continuation() const { return area_.bytes(); }

  // How many bytes of system use a record with this identifier has room for.
  static size_t SystemUseRoom(size_t identifier_size);

 private:
  const Block continuation_;
  std::string& out_;
  const size_t start_;
  ContinuationArea area_;
  std::string system_use_;  // scratch
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_DIRECTORY_H_
