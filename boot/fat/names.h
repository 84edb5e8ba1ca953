// -----------------------------------------------------------------------------
// File: boot/fat/names.h
// -----------------------------------------------------------------------------
//
// Names in a FAT directory: each has a short one of 8.3 characters, and a long one
// (VFAT) where the short one does not say it all.
//
// A name that is 8.3 in capital letters is written as that and no more, as Microsoft
// asks. Every other gets a long name, also one that needs but small letters: the flags
// with which Windows NT marks "grub.cfg" are unknown to GRUB, and to Linux mounted with
// shortname=win95 or =lower. Long names are shown alike by all.
//
// Short names are ASCII, so that no code page decides how they look. One that had to be
// made up ends in "~1" or a higher number. Which number it gets depends on those of its
// siblings only that would make up the same name.
//
//   ASSIGN_OR_RETURN(std::u16string name, ToFatName("grub.cfg"));
//   std::vector<FatShortName> names = MakeShortNames({u"grub.cfg"});    // "GRUB    CFG"
//
#ifndef ISOMASON_BOOT_FAT_NAMES_H_
#define ISOMASON_BOOT_FAT_NAMES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isomason {

// 8 characters and 3, filled with blanks.
using FatShortName = std::array<uint8_t, 11>;

// The units of a long name (fatgen103, Long Name: 255 without the terminator).
inline constexpr size_t kFatMostNameUnits = 255;
// Those of a path that begins with a backslash, and behind which a zero follows: 260 with
// the drive's letter and colon (fatgen103, Name Limits and Character Sets).
inline constexpr size_t kFatMostPathUnits = 257;

// A name in UTF-16. InvalidArgument when it is not UTF-8, or empty, "." or "..", when it has
// characters that FAT forbids, ends in a dot or a blank (Windows cuts them off), or is that of
// a device of DOS, with whatever extension; OutOfRange when it is too long.
absl::StatusOr<std::u16string> ToFatName(absl::string_view name);

// The same in UTF-8 again, for messages.
std::string FatNameToUtf8(const std::u16string& name);

// What is equal for names that differ in case only: simple case folding of Unicode, which
// finds at least as many names alike as the readers do.
std::u16string FoldFatName(const std::u16string& name);

// The short names for all names of one directory, which ToFatName() has made, no two of
// which are equal when folded. Who comes first gets the lower number.
std::vector<FatShortName> MakeShortNames(absl::Span<const std::u16string> names);

// Whether a long name has to stand before the short one to tell `name`.
bool NeedsLongName(const std::u16string& name, const FatShortName& short_name);

// What each part of a long name repeats of the short one (fatgen103, ChkSum()).
uint8_t FatChecksum(const FatShortName& name);

// A volume's label, filled with blanks; "NO NAME" of an empty one. OutOfRange when it is longer
// than 11 characters, InvalidArgument when it holds others than capital letters, digits,
// blanks and the signs of short names, or begins or ends with a blank.
absl::StatusOr<FatShortName> ToFatLabel(absl::string_view label);

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_NAMES_H_
