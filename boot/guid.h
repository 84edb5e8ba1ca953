// -----------------------------------------------------------------------------
// File: boot/guid.h
// -----------------------------------------------------------------------------
//
// GUIDs as partition tables hold them (UEFI Appendix A): the first three groups of digits
// little-endian, the others as they are written.
//
//   ParseGuid("C12A7328-F81F-11D2-BA4B-00A0C93EC93B") == kEspType
//
#ifndef ISOMASON_BOOT_GUID_H_
#define ISOMASON_BOOT_GUID_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace isomason {

// The bytes on the disk.
using Guid = std::array<uint8_t, 16>;

// UEFI 5.3.3, table 5.7.
inline constexpr Guid kEspType = {0x28, 0x73, 0x2A, 0xC1, 0x1F, 0xF8, 0xD2, 0x11,
                                  0xBA, 0x4B, 0x00, 0xA0, 0xC9, 0x3E, 0xC9, 0x3B};
// Microsoft's, EBD0A0A2-B9E5-4433-87C0-68B6B72699C7.
inline constexpr Guid kBasicDataType = {0xA2, 0xA0, 0xD0, 0xEB, 0xE5, 0xB9, 0x33, 0x44,
                                        0x87, 0xC0, 0x68, 0xB6, 0xB7, 0x26, 0x99, 0xC7};
// 0FC63DAF-8483-4772-8E79-3D69D8477DE4.
inline constexpr Guid kLinuxType = {0xAF, 0x3D, 0xC6, 0x0F, 0x83, 0x84, 0x72, 0x47,
                                    0x8E, 0x79, 0x3D, 0x69, 0xD8, 0x47, 0x7D, 0xE4};
// 9E1A2D38-C612-4316-AA26-8B49521E5A8B.
inline constexpr Guid kPrepType = {0x38, 0x2D, 0x1A, 0x9E, 0x12, 0xC6, 0x16, 0x43,
                                   0xAA, 0x26, 0x8B, 0x49, 0x52, 0x1E, 0x5A, 0x8B};

// 36 characters, in either case; nothing when it is no GUID.
std::optional<Guid> ParseGuid(absl::string_view text);

// A GUID out of a digest: version 8, whose other bits are free (RFC 9562 5.8).
Guid GuidFromDigest(const std::array<uint8_t, 32>& digest);

}  // namespace isomason

#endif  // ISOMASON_BOOT_GUID_H_
