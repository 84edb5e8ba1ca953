// -----------------------------------------------------------------------------
// File: boot/apm.h
// -----------------------------------------------------------------------------
//
// The Apple partition map: a driver descriptor in block 0, and from block 1 on an entry a
// partition, the first of which is the map's own. Numbers are big-endian; blocks are 512 or
// 2048 bytes (Inside Macintosh: Devices, chapter 3).
//
#ifndef ISOMASON_BOOT_APM_H_
#define ISOMASON_BOOT_APM_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace isomason {

inline constexpr size_t kApmNameLength = 31;

// The descriptor up to the number of blocks; what follows, drivers for old Macs, is zeros or
// the code that the descriptor stands in front of.
inline constexpr uint64_t kApmDescriptorSize = 8;
// So many bytes of code have to be instructions that do nothing.
inline constexpr uint64_t kApmCodeRoom = 26;

// A partition, in blocks of the map.
struct ApmPartition {
  std::string name;  // at most kApmNameLength characters, as the type
  std::string type;
  uint32_t first = 0;
  uint32_t blocks = 0;
};

// What stands at byte 0, kApmDescriptorSize bytes. With code behind it, a PC takes them for
// harmless instructions: a jump stands in for the number of blocks, which nobody reads.
std::string RenderApmDescriptor(uint32_t block_size, uint64_t blocks, bool has_code);

// The entry of a partition: 512 bytes. `count` is that of all entries, the map's included.
std::string RenderApmEntry(const ApmPartition& partition, uint32_t count);

}  // namespace isomason

#endif  // ISOMASON_BOOT_APM_H_
