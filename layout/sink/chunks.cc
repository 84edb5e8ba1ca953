#include "layout/sink/chunks.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {

std::optional<Chunk> Chunks::Next() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (next_ >= end_ || !status_.ok()) return std::nullopt;
  const uint64_t end = std::min(end_, image_.CutAtOrAfter(next_ + kBytes));
  const Chunk chunk{number_++, next_, end - next_};
  next_ = end;
  return chunk;
}

void Chunks::Done(const Chunk& chunk) {
  std::lock_guard<std::mutex> lock(mutex_);
  done_ += chunk.size;
  if (options_.progress) options_.progress(done_);
}

void Chunks::Failed(const Chunk& chunk, absl::Status status) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!status_.ok() && failed_ < chunk.number) return;
  failed_ = chunk.number;
  status_ = std::move(status);
}

absl::Status Chunks::status() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

absl::Status Chunks::CheckStop() const { return options_.stop.Check(); }

absl::Status WriteAll(int fd, uint64_t offset, absl::string_view data, const std::string& name,
                      const Chunks& chunks) {
  while (!data.empty()) {
    const ssize_t n = offset == kNoOffset
                          ? write(fd, data.data(), data.size())
                          : pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset));
    if (n < 0) {
      if (errno == EINTR) {
        RETURN_IF_ERROR(chunks.CheckStop());
        continue;
      }
      if (errno == EAGAIN) {  // a pipe or terminal that somebody else made non-blocking
        RETURN_IF_ERROR(chunks.CheckStop());
        pollfd writable{fd, POLLOUT, 0};
        poll(&writable, 1, /*timeout in milliseconds=*/100);
        continue;
      }
      return SystemError(errno, absl::StrCat("cannot write ", name));
    }
    if (offset != kNoOffset) offset += static_cast<uint64_t>(n);
    data.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

}  // namespace isomason
