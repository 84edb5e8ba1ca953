#include "authoring/zisofs/zisofs.h"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "authoring/zisofs/records.h"
#include "layout/status.h"

namespace isomason {
namespace {

// Of one byte or more.
bool IsZeros(absl::Span<const uint8_t> bytes) {
  return bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

// Compresses blocks one after another, each as if it were the only one: what zlib's
// compress2() makes of it, as in mkzftree and xorriso.
class BlockCompressor {
 public:
  explicit BlockCompressor(const ZisofsForm& form) : form_(form) {}
  BlockCompressor(const BlockCompressor&) = delete;
  BlockCompressor& operator=(const BlockCompressor&) = delete;
  ~BlockCompressor() {
    if (begun_) deflateEnd(&stream_);
  }

  // Reads the block with this number of a content of `size` bytes and compresses it. What
  // comes out is valid until the next call, and empty for zeros.
  absl::Status Compress(const ContentTable& contents, ContentId content, uint64_t size,
                        uint64_t block, absl::Span<const uint8_t>* out) {
    const uint64_t start = block << form_.block_shift;
    plain_.resize(std::min(form_.block_size(), size - start));
    RETURN_IF_ERROR(contents.ReadUnpatched(content, start, absl::MakeSpan(plain_)));
    *out = {};
    if (IsZeros(plain_)) return absl::OkStatus();
    RETURN_IF_ERROR(Begin());
    packed_.resize(deflateBound(&stream_, plain_.size()));
    stream_.next_in = plain_.data();
    stream_.avail_in = static_cast<uInt>(plain_.size());
    stream_.next_out = packed_.data();
    stream_.avail_out = static_cast<uInt>(packed_.size());
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) {
      return absl::InternalError("zlib does not end a block where it said that it would");
    }
    *out = absl::MakeConstSpan(packed_).first(stream_.total_out);
    return absl::OkStatus();
  }

 private:
  absl::Status Begin() {
    const int made = begun_ ? deflateReset(&stream_) : deflateInit(&stream_, form_.level);
    if (made == Z_MEM_ERROR) return absl::ResourceExhaustedError("no memory is left for zlib");
    if (made != Z_OK) return absl::InternalError(absl::StrCat("zlib does not begin: ", made));
    begun_ = true;
    return absl::OkStatus();
  }

  const ZisofsForm form_;
  z_stream stream_{};
  bool begun_ = false;
  std::vector<uint8_t> plain_, packed_;
};

}  // namespace

absl::Status CompressBlocks(const ContentTable& contents, ContentId content, const ZisofsForm& form,
                            uint64_t first, absl::Span<uint32_t> sizes) {
  BlockCompressor compressor(form);
  for (uint32_t& size : sizes) {
    absl::Span<const uint8_t> packed;
    RETURN_IF_ERROR(
        compressor.Compress(contents, content, contents.size(content), first++, &packed));
    size = static_cast<uint32_t>(packed.size());
  }
  return absl::OkStatus();
}

ZisofsFile::ZisofsFile(ContentId content, uint64_t size, const ZisofsForm& form,
                       absl::Span<const uint32_t> sizes)
    : content_(content), content_size_(size), form_(form) {
  pointers_.reserve(sizes.size() + 1);
  pointers_.push_back(form.HeadSize(sizes.size()));
  for (const uint32_t block : sizes) pointers_.push_back(pointers_.back() + block);
}

std::string ZisofsFile::MakeHeader() const {
  std::string header;
  const auto shift = static_cast<uint8_t>(form_.block_shift);
  if (form_.version == 1) {
    Append(kZisofsHeader1, ZisofsHeader1{static_cast<uint32_t>(content_size_), shift}, header);
  } else {
    Append(kZisofsHeader2, ZisofsHeader2{content_size_, shift}, header);
  }
  return header;
}

// Bytes of the header and the pointers alone.
void ZisofsFile::ReadHead(uint64_t offset, absl::Span<uint8_t> out) const {
  std::string header = MakeHeader();
  if (offset < header.size()) {
    const size_t taken = std::min<size_t>(out.size(), header.size() - offset);
    std::memcpy(out.data(), header.data() + offset, taken);
    out.remove_prefix(taken);
    offset += taken;
  }
  const size_t width = form_.version == 1 ? 4 : 8;
  while (!out.empty()) {
    const uint64_t at = offset - header.size();
    uint8_t pointer[8] = {};
    Little<uint64_t>::Put(pointers_[at / width], pointer);
    const size_t taken = std::min<size_t>(out.size(), width - at % width);
    std::memcpy(out.data(), pointer + at % width, taken);
    out.remove_prefix(taken);
    offset += taken;
  }
}

// Looks at every source of the content: blocks of zeros are written without a look.
absl::Status ZisofsFile::CheckUnchanged(const ContentTable& contents) const {
  return contents.VisitRuns(content_, 0, content_size_, [&](const ContentTable::Part& run) {
    uint8_t byte;
    return contents.ReadUnpatched(run.content, run.offset, absl::MakeSpan(&byte, 1));
  });
}

absl::Status ZisofsFile::Read(const ContentTable& contents, uint64_t offset,
                              absl::Span<uint8_t> out) const {
  if (out.empty()) return absl::OkStatus();
  if (offset < pointers_.front()) {
    RETURN_IF_ERROR(CheckUnchanged(contents));
    const size_t taken = std::min<uint64_t>(out.size(), pointers_.front() - offset);
    ReadHead(offset, out.first(taken));
    out.remove_prefix(taken);
    offset += taken;
  }
  BlockCompressor compressor(form_);
  const auto after = std::upper_bound(pointers_.begin(), pointers_.end(), offset);
  for (auto block = static_cast<size_t>(after - pointers_.begin()) - 1; !out.empty(); ++block) {
    const uint64_t planned = pointers_[block + 1] - pointers_[block];
    if (planned == 0) continue;  // of zeros
    absl::Span<const uint8_t> packed;
    RETURN_IF_ERROR(compressor.Compress(contents, content_, content_size_, block, &packed));
    if (packed.size() != planned) {
      return absl::FailedPreconditionError(
          absl::StrCat("a file changed while the image was made: block ", block, " was ", planned,
                       " bytes when it was compressed first, now it is ", packed.size()));
    }
    const uint64_t skipped = offset - pointers_[block];
    const size_t taken = std::min<uint64_t>(out.size(), planned - skipped);
    std::memcpy(out.data(), packed.data() + skipped, taken);
    out.remove_prefix(taken);
    offset += taken;
  }
  return absl::OkStatus();
}

}  // namespace isomason
