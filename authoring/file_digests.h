// -----------------------------------------------------------------------------
// File: authoring/file_digests.h
// -----------------------------------------------------------------------------
//
// Digests of files as they stand in the image, patches included: what somebody who reads
// the disc gets. Each file is read once for all the digests that are wanted of it.
//
//   auto digests = std::make_shared<FileDigests>();
//   digests->Want(content, DigestAlgorithm::kMd5);
//   for (auto& pass : FileDigests::MakePasses(digests, contents)) image.AddPreparation(...);
//   RETURN_IF_ERROR(image.Prepare(2));
//   digests->Of(content, DigestAlgorithm::kMd5);   // 16 bytes
//
// Memory: 16 bytes a file, and its digests.
//
#ifndef ISOMASON_AUTHORING_FILE_DIGESTS_H_
#define ISOMASON_AUTHORING_FILE_DIGESTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/checksum_line.h"
#include "layout/content.h"
#include "layout/image.h"

namespace isomason {

class FileDigests {
 public:
  // Asks for a digest, as often as one likes; before MakePasses().
  void Want(ContentId content, DigestAlgorithm algorithm);

  // The passes of stage kFiles that find out all of them, in parallel.
  static std::vector<std::unique_ptr<Preparation>> MakePasses(
      const std::shared_ptr<FileDigests>& digests, const ContentTable& contents);

  // A wanted digest; of kNoContent that of no bytes. Zeros before the passes have run.
  absl::string_view Of(ContentId content, DigestAlgorithm algorithm) const;

 private:
  class Pass;
  struct Row {
    ContentId content;
    uint8_t wanted;   // a bit for each algorithm
    uint64_t offset;  // into bytes_: the digests, in the order of the algorithms
  };
  absl::Status Run(const Image& image, const Stop& stop, size_t row);

  std::vector<Row> rows_;  // by content once the passes are made
  std::string bytes_;
  std::string empty_[kDigestAlgorithms];
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_FILE_DIGESTS_H_
