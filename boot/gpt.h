// -----------------------------------------------------------------------------
// File: boot/gpt.h
// -----------------------------------------------------------------------------
//
// GUID partition tables (UEFI 5.3): an array of 128 entries, and a header before or behind
// it. Everything counts sectors of 512 bytes: these tables are for the image as a hard disk.
//
//   const std::string array = RenderGptArray(partitions);
//   AppendGptHeader({.here = 1, .other = last, .array = 2, ...}, array, out);
//
#ifndef ISOMASON_BOOT_GPT_H_
#define ISOMASON_BOOT_GPT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "boot/guid.h"

namespace isomason {

inline constexpr uint32_t kGptEntries = 128;  // UEFI 5.3.2: 16384 bytes at the least
inline constexpr uint64_t kGptArraySize = kGptEntries * 128;
inline constexpr size_t kGptNameLength = 36;

// Attributes (UEFI 5.3.3, table 5.8, and Microsoft's for basic data).
inline constexpr uint64_t kGptRequired = 1;
inline constexpr uint64_t kGptReadOnly = uint64_t{1} << 60;

struct GptPartition {
  uint32_t number = 1;  // of the array's entry, counted from 1
  Guid type{};
  Guid guid{};
  uint64_t first = 0;  // sectors, both included
  uint64_t last = 0;
  uint64_t attributes = 0;
  std::string name;  // ASCII, at most kGptNameLength characters
};

struct GptHeader {
  uint64_t here = 0;   // the sector of this header
  uint64_t other = 0;  // and of the other one
  uint64_t first_usable = 0;
  uint64_t last_usable = 0;
  Guid disk{};
  uint64_t array = 0;  // the sector at which its array begins
};

// The array: kGptArraySize bytes.
std::string RenderGptArray(const std::vector<GptPartition>& partitions);

// Appends a header for `array`, 512 bytes.
void AppendGptHeader(const GptHeader& header, absl::string_view array, std::string& out);

struct GptTable {
  GptHeader header;
  std::vector<GptPartition> partitions;  // those whose type is not zeros, by number
};

// Fills `out` with the bytes of a disk from `offset` on.
using ReadDisk = absl::FunctionRef<absl::Status(uint64_t offset, absl::Span<uint8_t> out)>;

// Reads the table whose header is in sector `here` of a disk of `sectors`, and compares what
// UEFI 5.3.2 wants a reader to: signature, both checksums, the header's own address. DataLoss,
// saying what is wrong, when the table is not valid.
absl::StatusOr<GptTable> ReadGpt(uint64_t here, uint64_t sectors, ReadDisk read);

}  // namespace isomason

#endif  // ISOMASON_BOOT_GPT_H_
