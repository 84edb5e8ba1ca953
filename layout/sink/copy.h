// -----------------------------------------------------------------------------
// File: layout/sink/copy.h
// -----------------------------------------------------------------------------
//
// Copies one chunk of an image to its place in a seekable file: small pieces are
// gathered into one large write, large runs of host files go by copy_file_range
// without passing through this process, and zeros and holes are left out.
//
#ifndef ISOMASON_LAYOUT_SINK_COPY_H_
#define ISOMASON_LAYOUT_SINK_COPY_H_

#include <string>

#include "absl/status/status.h"
#include "layout/image.h"
#include "layout/sink/chunks.h"

namespace isomason {

// Writes the bytes of `chunk` to `fd`, a new file for all of `chunks` that is long enough and
// all holes.
// `buffer` is scratch that a thread keeps from call to call.
absl::Status CopyChunk(const Image& image, const Chunk& chunk, int fd, const std::string& name,
                       const Chunks& chunks, std::string& buffer);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_SINK_COPY_H_
