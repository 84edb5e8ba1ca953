// -----------------------------------------------------------------------------
// File: authoring/volume.h
// -----------------------------------------------------------------------------
//
// What every namespace says about the volume as a whole: identifiers, dates, and
// the image id from which whatever must be unique derives.
//
#ifndef ISOMASON_AUTHORING_VOLUME_H_
#define ISOMASON_AUTHORING_VOLUME_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/timestamp.h"

namespace isomason {

// The id of an image: a digest of the resolved tree, of every option and of the
// image version. Never of source paths, source inodes or the manifest's spelling.
class ImageId {
 public:
  ImageId() = default;
  explicit ImageId(const std::array<uint8_t, 32>& digest) : digest_(digest) {}

  // 32 bytes for one `purpose` ("udf volume set"), unlike those for any other.
  std::array<uint8_t, 32> Derive(absl::string_view purpose) const;
  std::string Hex() const;

 private:
  std::array<uint8_t, 32> digest_{};
};

struct Volume {
  // UTF-8; empty when the manifest does not set them.
  std::string id;
  std::string system_id;
  std::string set_id;
  std::string publisher;
  std::string preparer;
  std::string application;
  std::string copyright_file;  // paths of files in the root directory: "/COPYING"
  std::string abstract_file;
  std::string bibliographic_file;
  std::string application_use;  // bytes, at most 512

  Timestamp time;  // what has no time of its own
  Timestamp creation;
  Timestamp modification;  // GRUB's and libblkid's UUID; distinct per image
  std::optional<Timestamp> expiration;
  std::optional<Timestamp> effective;

  ImageId image_id;

  // What installers compare the medium with: it takes the place of spaces in the
  // application use field of the primary descriptor. A pass over the image fills it.
  std::shared_ptr<std::string> media_check;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_VOLUME_H_
