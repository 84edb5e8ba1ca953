// -----------------------------------------------------------------------------
// File: authoring/media_check.h
// -----------------------------------------------------------------------------
//
// Digests of the whole image in the application use field of the primary volume
// descriptor, which installers compare with the medium before they use it: what
// implantisomd5 writes and checkisomd5 checks (Red Hat), and what tagmedia writes and
// checkmedia checks (SUSE). Both take the field itself as spaces, so the field can hold
// them; SUSE's takes the first 512 bytes as zeros, too, because partitioning tools change
// them.
//
//   RETURN_IF_ERROR(CheckIsoMd5(*options.isomd5, ByteCount(image.size())));
//   image.AddPreparation(MakeMediaCheck(options, volume.media_check));
//
#ifndef ISOMASON_AUTHORING_MEDIA_CHECK_H_
#define ISOMASON_AUTHORING_MEDIA_CHECK_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "authoring/checksum_line.h"
#include "layout/image.h"
#include "layout/units.h"

namespace isomason {

struct IsoMd5Options {
  uint32_t skip_blocks = 15;  // at the end of the image
  bool supported = false;     // RHLISOSTATUS
};

struct TagMediaOptions {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  bool check = false;
  std::optional<uint32_t> padding_blocks;  // at the end, taken as zeros; "pad=" when set
};

struct MediaCheckOptions {
  std::optional<IsoMd5Options> isomd5;
  std::optional<TagMediaOptions> tagmedia;
};

// OutOfRange when checkisomd5 would fail the intact image, which it does to small ones:
// it counts its 20 parts in another way than implantisomd5.
absl::Status CheckIsoMd5(const IsoMd5Options& options, ByteCount image_size);
// OutOfRange when no more of the image is left than what is skipped.
absl::Status CheckTagMedia(const TagMediaOptions& options, ByteCount image_size);

// The pass over the whole image that puts the text of the field into `text`. Both checks
// have passed.
std::unique_ptr<Preparation> MakeMediaCheck(const MediaCheckOptions& options,
                                            std::shared_ptr<std::string> text);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MEDIA_CHECK_H_
