// -----------------------------------------------------------------------------
// File: layout/sink/sink.h
// -----------------------------------------------------------------------------
//
// Where an image goes. A sink never changes bytes; it may use that an extent is a
// host file or zeros to move it without looking at it.
//
// A file is written beside its target and takes the target's name when all of it
// is on disk: whatever happens before, what stood there stands there still.
//
//   SinkOptions options;
//   options.jobs = 2;
//   RETURN_IF_ERROR(WriteToFile(image, "out/rescue.iso", options));
//
#ifndef ISOMASON_LAYOUT_SINK_SINK_H_
#define ISOMASON_LAYOUT_SINK_SINK_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "layout/image.h"
#include "layout/stop.h"

namespace isomason {

// Bytes of an image: from an offset, up to its end unless there are `size` of them.
struct ByteRange {
  static constexpr uint64_t kToTheEnd = ~uint64_t{0};
  uint64_t offset = 0;
  uint64_t size = kToTheEnd;

  uint64_t EndIn(const Image& image) const {
    return size == kToTheEnd ? image.size() : offset + size;
  }
};

struct SinkOptions {
  int jobs = 1;
  // Called now and then, never by two threads at once, with the bytes written.
  std::function<void(uint64_t done)> progress;
  // By which somebody makes the sink give up; it then returns Cancelled.
  Stop stop;
  // What is written, inside of the image: the whole of it unless set.
  ByteRange range{};
};

// Writes the image, or a range of it, to `path`. A symlink is followed to what it points to; a
// device or FIFO is written to directly, like a stream. InvalidArgument when the target cannot be
// one; ResourceExhausted, PermissionDenied and Unavailable from the host.
absl::Status WriteToFile(const Image& image, const std::string& path, const SinkOptions& options);

// Whether WriteToFile() would write to `path` directly: what fails in the middle has
// then been written to.
bool IsStream(const std::string& path);

// Writes the image, or a range, to an open file descriptor from its current position on, in
// order. `name` is what errors call it.
absl::Status WriteToStream(const Image& image, int fd, const std::string& name,
                           const SinkOptions& options);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_SINK_SINK_H_
