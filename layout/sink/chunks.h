// -----------------------------------------------------------------------------
// File: layout/sink/chunks.h
// -----------------------------------------------------------------------------
//
// Cuts an image into ranges of some MiB, to be made by different threads, and tells
// when to stop. A directory is never cut, so none is rendered twice.
//
//   Chunks chunks(image, options);
//   while (std::optional<Chunk> c = chunks.Next()) { ...; chunks.Done(*c); }
//   return chunks.status();
//
#ifndef ISOMASON_LAYOUT_SINK_CHUNKS_H_
#define ISOMASON_LAYOUT_SINK_CHUNKS_H_

#include <cstdint>
#include <mutex>
#include <optional>

#include "layout/image.h"
#include "layout/sink/sink.h"

namespace isomason {

struct Chunk {
  size_t number;
  uint64_t offset;
  uint64_t size;
};

// Thread-safe.
class Chunks {
 public:
  static constexpr uint64_t kBytes = 8 << 20;

  Chunks(const Image& image, const SinkOptions& options)
      : image_(image),
        options_(options),
        end_(options.range.EndIn(image)),
        next_(options.range.offset) {}

  // Where in the image what is written begins, and how much it is.
  uint64_t begin() const { return options_.range.offset; }
  uint64_t size() const { return end_ - begin(); }

  // The next range, or nothing at the end of the image or after an error.
  std::optional<Chunk> Next();
  // Counts a range as written.
  void Done(const Chunk& chunk);
  // Notes an error: no more ranges are handed out. Those before this one have all been,
  // so when their makers are done status() does not depend on the number of threads.
  void Failed(const Chunk& chunk, absl::Status status);
  // The error of the first range that has one.
  absl::Status status() const;
  // Cancelled when somebody asked for it.
  absl::Status CheckStop() const;

 private:
  const Image& image_;
  const SinkOptions& options_;
  const uint64_t end_;
  mutable std::mutex mutex_;
  size_t number_ = 0;
  uint64_t next_;
  uint64_t done_ = 0;
  size_t failed_ = 0;  // the chunk that status_ is of
  absl::Status status_;
};

// Writes all of `data` to `fd`: at `offset`, or at the current position when it is
// kNoOffset. Gives up with Cancelled when a signal interrupts it and `chunks` says so.
// Waits where a descriptor that does not block takes no more.
inline constexpr uint64_t kNoOffset = ~uint64_t{0};
absl::Status WriteAll(int fd, uint64_t offset, absl::string_view data, const std::string& name,
                      const Chunks& chunks);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_SINK_CHUNKS_H_
