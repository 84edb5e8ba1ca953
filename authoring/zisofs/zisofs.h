// -----------------------------------------------------------------------------
// File: authoring/zisofs/zisofs.h
// -----------------------------------------------------------------------------
//
// Compresses files in the form that zisofs gives them: in blocks, each by itself, so that
// a reader comes by any place of a file without what is before it. How long each block
// gets is found out once; the bytes are made anew whenever they are asked for, so that no
// compressed file has to be kept anywhere.
//
//   const ZisofsForm form{.version = 1, .block_shift = 15, .level = 9};
//   std::vector<uint32_t> sizes(form.BlockCount(contents.size(file)));
//   RETURN_IF_ERROR(CompressBlocks(contents, file, form, 0, absl::MakeSpan(sizes)));
//   auto packed = std::make_unique<ZisofsFile>(file, contents.size(file), form, sizes);
//   const uint64_t size = packed->size();
//   const ContentId id = contents.AddGenerated(size, std::move(packed));
//
// The bytes depend on the file, the form, and on the version of zlib.
//
// Memory: 8 bytes a block and file; while it is read, two blocks and what zlib takes.
//
#ifndef ISOMASON_AUTHORING_ZISOFS_ZISOFS_H_
#define ISOMASON_AUTHORING_ZISOFS_ZISOFS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "layout/content.h"

namespace isomason {

struct ZisofsForm {
  int version = 1;       // 1 or 2
  int block_shift = 15;  // a block has 2 to the power of this bytes: 15, 16 or 17
  int level = 9;         // of zlib, 1 to 9

  uint64_t block_size() const { return uint64_t{1} << block_shift; }
  uint64_t BlockCount(uint64_t size) const { return (size + block_size() - 1) >> block_shift; }
  // Of a file; the size is a field of 32 bits in version 1.
  uint64_t LargestFile() const {
    return version == 1 ? std::numeric_limits<uint32_t>::max()
                        : std::numeric_limits<uint64_t>::max();
  }
  // Of what stands before the pointers, in bytes.
  int header_size() const { return version == 1 ? 16 : 24; }
  // Of what stands before the blocks of a file with so many.
  uint64_t HeadSize(uint64_t block_count) const {
    return header_size() + (block_count + 1) * (version == 1 ? 4 : 8);
  }
};

// Compresses some blocks of a content, from the one with the number `first` on, and sets
// each of `sizes` to how many bytes one gets: 0 for one of zeros. Blocks of one content may
// be compressed by several threads. Errors are those of reading.
absl::Status CompressBlocks(const ContentTable& contents, ContentId content, const ZisofsForm& form,
                            uint64_t first, absl::Span<uint32_t> sizes);

// The compressed form of a content.
class ZisofsFile : public Generator {
 public:
  // `size` is that of the content, at most form.LargestFile(); `sizes` are those of all its
  // compressed blocks. What comes out is of use only when version 1 can point to all of it,
  // which is so for whatever has become smaller.
  ZisofsFile(ContentId content, uint64_t size, const ZisofsForm& form,
             absl::Span<const uint32_t> sizes);

  // How many bytes it has.
  uint64_t size() const { return pointers_.back(); }

  // FailedPrecondition when the content is not what it was.
  absl::Status Read(const ContentTable& contents, uint64_t offset,
                    absl::Span<uint8_t> out) const override;

 private:
  absl::Status CheckUnchanged(const ContentTable& contents) const;
  std::string MakeHeader() const;
  void ReadHead(uint64_t offset, absl::Span<uint8_t> out) const;

  const ContentId content_;
  const uint64_t content_size_;
  const ZisofsForm form_;
  std::vector<uint64_t> pointers_;  // to the start of each block, and behind the last one
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ZISOFS_ZISOFS_H_
