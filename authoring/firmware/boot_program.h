// -----------------------------------------------------------------------------
// File: authoring/firmware/boot_program.h
// -----------------------------------------------------------------------------
//
// What a boot image is, from its bytes: a loader that wants something of the disc, or a FAT
// file system and the label that programs see of it.
//
//   BootImageLook look = LookAtBootImage(size, read);
//   if (look.program == BootProgram::kFat && look.label.empty()) ...
//
#ifndef ISOMASON_AUTHORING_FIRMWARE_BOOT_PROGRAM_H_
#define ISOMASON_AUTHORING_FIRMWARE_BOOT_PROGRAM_H_

#include <cstdint>
#include <string>

#include "authoring/firmware/facts.h"
#include "boot/gpt.h"

namespace isomason {

struct BootImageLook {
  BootProgram program = BootProgram::kUnknown;
  std::string label;  // of a FAT file system: its record in the root directory
};

// Looks at an image of `size` bytes; `read` counts from its start. What cannot be read is
// unknown.
BootImageLook LookAtBootImage(uint64_t size, ReadDisk read);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_FIRMWARE_BOOT_PROGRAM_H_
