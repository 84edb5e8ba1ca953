// -----------------------------------------------------------------------------
// File: authoring/compress.h
// -----------------------------------------------------------------------------
//
// Which files an image stores compressed (zisofs), where the manifest asks for that. It
// takes reading all of them, since how large they get decides where everything lies; they
// are compressed again when the image is written. In the tree, the compressed contents take
// the place of the plain ones.
//
//   ASSIGN_OR_RETURN(Compression c, CompressFiles(manifest, jobs, contents, resolved,
//                                                 &remarks, &problems));
//
#ifndef ISOMASON_AUTHORING_COMPRESS_H_
#define ISOMASON_AUTHORING_COMPRESS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"

namespace isomason {

// What came of it, each content counted once.
struct Compression {
  uint64_t contents = 0;     // that are stored compressed
  uint64_t as_they_are = 0;  // that would take no fewer blocks
  uint64_t plain_bytes = 0;  // of those that are compressed
  uint64_t stored_bytes = 0;
};

// Compresses what `iso9660.rock_ridge.zisofs` chooses, with up to `jobs` threads, and lists
// it in `resolved.compressed`. `manifest` comes from WithDefaults(), and `resolved` is whole
// and has its boot images. Does nothing when the manifest does not ask for it. What it asks
// for and cannot have goes to `problems`, and then nothing is compressed. Errors are those
// of reading, FailedPrecondition for a file that changed.
absl::StatusOr<Compression> CompressFiles(const manifest::Manifest& manifest, int jobs,
                                          ContentTable& contents, Resolved& resolved,
                                          Remarks* remarks, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_COMPRESS_H_
