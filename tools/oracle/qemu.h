// -----------------------------------------------------------------------------
// File: tools/oracle/qemu.h
// -----------------------------------------------------------------------------
//
// Machines in QEMU for tests: where the guest's kernel comes from, and booting an image
// until its serial port says something. QEMU is slow here (no hardware takes part, on
// purpose: tests run in machines without nested virtualisation), so a boot is 5 to 15
// seconds of a processor. No test that uses it needs any privilege.
//
//   BootOptions options;
//   options.firmware = Firmware::kUefi;
//   options.expect = "isomason rescue: sha256 ";
//   ASSERT_OK_AND_ASSIGN(std::string said, BootImage(image, options));
#ifndef ISOMASON_TOOLS_ORACLE_QEMU_H_
#define ISOMASON_TOOLS_ORACLE_QEMU_H_

#include <string>

#include "absl/status/statusor.h"

namespace isomason {

// The folder that tools/setup/payload fills, a Debian kernel and its modules above all:
// $ISOMASON_PAYLOAD, or isomason/payload in $XDG_CACHE_HOME or in .cache of the user's home.
// FailedPrecondition, naming that script, when the folder is not filled.
absl::StatusOr<std::string> PayloadFolder();

// kSecureBoot is UEFI that starts only what Microsoft's keys, or those in a signed shim, say.
enum class Firmware { kBios, kUefi, kSecureBoot };
enum class Medium { kCd, kDisk };

struct BootOptions {
  Firmware firmware = Firmware::kBios;
  Medium medium = Medium::kCd;
  // What the drive hangs on: "virtio", "ide", "ahci" or "usb".
  std::string bus = "virtio";
  // The image hangs on virtio, too, where only the kernel finds it: Debian's cloud kernel knows
  // neither AHCI nor USB.
  bool again_on_virtio = false;
  // A plain text that the serial port has to say.
  std::string expect = "isomason rescue: sha256 ";
  int timeout_seconds = 90;
};

// Boots the host file `image`, which is not written to, with testdata/rescue/boot (a test
// names it as data). Returns what the serial port said up to the line with the expected
// text. DataLoss, with the last lines that it said, when the machine stopped or the time
// was over without it; FailedPrecondition when QEMU or its firmware is not installed.
absl::StatusOr<std::string> BootImage(const std::string& image, const BootOptions& options);

// A data file of a Bazel test, by its path in the source tree; that path itself outside of one.
std::string Runfile(const std::string& path);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_QEMU_H_
