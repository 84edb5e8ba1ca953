#include "layout/sink/copy.h"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {
namespace {

// Runs of a file from this size on are copied by the kernel: below it, a read into
// the gathered write costs less than a system call of its own.
constexpr uint64_t kKernelCopy = 256 << 10;
// Zeros up to this size are written with what surrounds them.
constexpr uint64_t kSmallGap = 32 << 10;

class ChunkCopier {
 public:
  ChunkCopier(const Image& image, int fd, const std::string& name, const Chunks& chunks,
              std::string& buffer)
      : image_(image), fd_(fd), name_(name), chunks_(chunks), buffer_(buffer) {
    buffer_.clear();
  }

  absl::Status Copy(const Chunk& chunk) {
    RETURN_IF_ERROR(image_.Extents(chunk.offset, chunk.size,
                                   [this](const Extent& extent) { return Take(extent); }));
    return Flush();
  }

 private:
  // Where in the file a byte of the image lies.
  uint64_t PlaceOf(uint64_t offset) const { return offset - chunks_.begin(); }

  absl::Status Take(const Extent& extent) {
    const bool large =
        extent.size >= (extent.kind == Extent::Kind::kFile ? kKernelCopy : kSmallGap);
    if (extent.kind != Extent::Kind::kData && large) {
      RETURN_IF_ERROR(Flush());
      return extent.kind == Extent::Kind::kFile ? CopyFile(extent) : absl::OkStatus();
    }
    if (buffer_.empty()) start_ = PlaceOf(extent.offset);
    if (extent.kind == Extent::Kind::kData) {
      buffer_.append(extent.data.data(), extent.data.size());
      return absl::OkStatus();
    }
    const size_t at = buffer_.size();
    buffer_.resize(at + extent.size);  // zeros
    if (extent.kind == Extent::Kind::kZeros) return absl::OkStatus();
    return image_.contents().ReadUnpatched(
        extent.content, extent.content_offset,
        absl::MakeSpan(reinterpret_cast<uint8_t*>(buffer_.data()) + at, extent.size));
  }

  absl::Status Flush() {
    const absl::Status status = WriteAll(fd_, start_, buffer_, name_, chunks_);
    buffer_.clear();
    return status;
  }

  // Copies the data of a run and skips its holes.
  absl::Status CopyFile(const Extent& extent) {
    ASSIGN_OR_RETURN(const OpenedFile file, image_.contents().Open(extent.content));
    uint64_t from = extent.content_offset;
    const uint64_t end = from + extent.size;
    while (from < end) {
      uint64_t data = from;
      uint64_t hole = end;
      const off_t next = lseek(file.fd(), static_cast<off_t>(from), SEEK_DATA);
      if (next < 0 && errno == ENXIO) break;  // a hole up to the end of the file
      if (next >= 0) {
        data = static_cast<uint64_t>(next);
        if (data >= end) break;
        const off_t after = lseek(file.fd(), next, SEEK_HOLE);
        if (after >= 0) hole = std::min(end, static_cast<uint64_t>(after));
      }
      RETURN_IF_ERROR(CopyRange(file, data, PlaceOf(extent.offset) + (data - extent.content_offset),
                                hole - data));
      from = hole;
    }
    return file.CheckUnchanged();
  }

  absl::Status CopyRange(const OpenedFile& file, uint64_t from, uint64_t to, uint64_t size) {
    while (size > 0) {
      RETURN_IF_ERROR(chunks_.CheckStop());
      loff_t in = static_cast<loff_t>(from);
      loff_t out = static_cast<loff_t>(to);
      const ssize_t n = copy_file_range(file.fd(), &in, fd_, &out, size, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return ReadAndWrite(file, from, to, size);
      from += static_cast<uint64_t>(n);
      to += static_cast<uint64_t>(n);
      size -= static_cast<uint64_t>(n);
    }
    return absl::OkStatus();
  }

  // For file systems between which the kernel does not copy, and to find out what
  // is wrong when it stops: here a read error and a write error are two things.
  absl::Status ReadAndWrite(const OpenedFile& file, uint64_t from, uint64_t to, uint64_t size) {
    std::string bytes;
    while (size > 0) {
      bytes.resize(std::min<uint64_t>(size, 1 << 20));
      RETURN_IF_ERROR(
          file.Read(from, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())));
      RETURN_IF_ERROR(WriteAll(fd_, to, bytes, name_, chunks_));
      from += bytes.size();
      to += bytes.size();
      size -= bytes.size();
    }
    return absl::OkStatus();
  }

  const Image& image_;
  const int fd_;
  const std::string& name_;
  const Chunks& chunks_;
  std::string& buffer_;
  uint64_t start_ = 0;  // where the buffer's first byte belongs
};

}  // namespace

absl::Status CopyChunk(const Image& image, const Chunk& chunk, int fd, const std::string& name,
                       const Chunks& chunks, std::string& buffer) {
  return ChunkCopier(image, fd, name, chunks, buffer).Copy(chunk);
}

}  // namespace isomason
