// -----------------------------------------------------------------------------
// File: tools/oracle/ovmf.h
// -----------------------------------------------------------------------------
//
// What UEFI firmware shows of the UDF volume of an image. EDK2 has a driver for UDF
// (UdfDxe), which looks at media with blocks of 2048 bytes; a machine in QEMU with OVMF has
// every image as a CD, and the UEFI shell lists them and starts a program from each. One
// machine is 15 to 40 seconds: read many images in one call.
//
//   absl::StatusOr<std::vector<OvmfView>> views = ReadWithOvmf({image});
//   EXPECT_THAT(Differences(want, *(*views)[0].listing, {.time_slack = 59}), IsEmpty());
#ifndef ISOMASON_TOOLS_ORACLE_OVMF_H_
#define ISOMASON_TOOLS_ORACLE_OVMF_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

struct OvmfView {
  // Names, types, sizes, and times without their seconds. A character beyond ASCII is a
  // question mark, and what is neither file nor directory is not there. NotFound when the
  // firmware has no UDF file system on the drive, DataLoss when it cannot list it.
  absl::StatusOr<Listing> listing = absl::UnknownError("not read");
  // The label that the shell shows, up to its first blank.
  std::string label;
  // What the program at kOvmfProgram said; empty when it did not start.
  std::string said;
};

// Where an image may have a program that is started and has to return, a TalkingProgram(). It
// must have none where firmware looks for a boot loader: that would come before the shell.
inline constexpr char kOvmfProgram[] = "/PROGRAM.EFI";

// Up to 24 images, which are host files and not written to. FailedPrecondition when OVMF or
// QEMU is not installed; DataLoss or DeadlineExceeded when the machine stops too early.
absl::StatusOr<std::vector<OvmfView>> ReadWithOvmf(const std::vector<std::string>& images);

// A UEFI program for x86-64 of `size` bytes and its headers that says `words` on the first
// serial port and returns. The words are its last bytes, so that all of it must have been
// read for them to appear.
std::string TalkingProgram(absl::string_view words, size_t size = 100000);

// What the shell said, apart from the machine: `text` without the terminal's escapes.
absl::StatusOr<std::vector<OvmfView>> ParseOvmfShell(absl::string_view text, size_t images);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_OVMF_H_
