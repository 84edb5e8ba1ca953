// -----------------------------------------------------------------------------
// File: tools/oracle/kernel_reader.h
// -----------------------------------------------------------------------------
//
// What Linux shows of an image. A small guest (QEMU, Debian's kernel from
// tools/setup/payload, guest_agent.cc as its only program) mounts each image once per view
// and walks it. No privilege is needed, and the host's kernel needs no file systems. The
// guest starts in 2 to 5 seconds and needs 0.1 more for each view of a small tree: read
// many images in one call.
//
//   ASSERT_OK_AND_ASSIGN(LinuxViews got, ReadWithLinux({image}, {View::kRockRidge, View::kUdf}));
//   const LinuxView& udf = got.at({0, View::kUdf});
//   ASSERT_TRUE(udf.listing.ok()) << udf.listing.status();
//   EXPECT_THAT(Differences(want, *udf.listing), IsEmpty());
//   EXPECT_THAT(udf.warnings, IsEmpty());
#ifndef ISOMASON_TOOLS_ORACLE_KERNEL_READER_H_
#define ISOMASON_TOOLS_ORACLE_KERNEL_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/listing.h"

namespace isomason {

// One view of one image as Linux shows it.
struct LinuxView {
  // The tree. A view leaves unset what it does not know: Joliet and plain ISO 9660 modes,
  // owners and links; all three ISO 9660 views which names are hard links (isofs numbers
  // inodes by directory record). Plain names lose ";1" and a dot before it, as in other
  // readers; Joliet names have lost dots at their end, which isofs cuts off. A file over
  // 64 MiB has no sha256, see `samples`.
  //
  // DataLoss when the kernel did not mount the view, or refused an entry of it: what it
  // refused, then the kernel's log.
  absl::StatusOr<Listing> listing;

  // By path, for files over 64 MiB: the digest that Sha256OfSamples() gives.
  std::map<std::string, std::string> samples;

  // What the kernel logged as a warning or worse while it mounted and walked the view.
  std::vector<std::string> warnings;
};

// By index into `images` and view.
using LinuxViews = std::map<std::pair<size_t, View>, LinuxView>;

// How the guest starts.
struct LinuxOptions {
  // Blocks that the drives have: 2048 bytes like a CD, or 512 like a disk or a USB stick.
  uint32_t drive_block_size = 2048;
  // The number of the partition to mount, 0 for the whole drive. Linux knows those that a GPT, a
  // master boot record or an Apple map lists; most such tables take blocks of 512 bytes.
  uint32_t partition = 0;
  // Whether Linux may show Joliet where it is asked for Rock Ridge, as it may for a user who
  // gives mount(8) no options.
  bool may_choose_joliet = false;
  // Of the wall, for each guest; it is the whole time for up to 100 images.
  int timeout_seconds = 240;
};

// Mounts every image (a host file, opened read-only, a multiple of 2048 bytes long) as every
// view, in as few guests as can be: 100 images in each. InvalidArgument when an image is not
// such a file; FailedPrecondition when the payload is missing; NotFound when QEMU is;
// DeadlineExceeded, DataLoss (the kernel itself died) with the end of the guest's console.
absl::StatusOr<LinuxViews> ReadWithLinux(const std::vector<std::string>& images,
                                         const std::vector<View>& views,
                                         const LinuxOptions& options = {});

// `want` as Linux 6.1 shows it, whatever the image: isofs counts a date's seconds in 32 bits
// (iso_date() in fs/isofs/util.c); udf takes "...x" for ".." with an extension and shows
// "..#1234.x" (udf_name_from_CS0() in fs/udf/unicode.c).
Listing AsLinuxShows(Listing want, View view);

// SHA-256 over SampledRanges() (tools/oracle/samples.h) of the host file `path`: what
// `LinuxView::samples` holds. NotFound or Internal when it cannot be read.
absl::StatusOr<std::string> Sha256OfSamples(const std::string& path);

// What the guest said about its drives (`image` counts from `first_image`), into `views`.
// DataLoss when it was cut off or is not in the form that guest_agent.cc describes.
absl::Status ParseGuestReport(absl::string_view report, size_t first_image, LinuxViews* views);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_KERNEL_READER_H_
