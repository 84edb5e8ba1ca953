// -----------------------------------------------------------------------------
// File: layout/image.h
// -----------------------------------------------------------------------------
//
// An image as a function from byte ranges to bytes. Nothing of it is stored:
// descriptors and directories are rendered when a range asks for them, file
// contents come from their sources. Any range can be read at any time, from any
// number of threads, so an image can be written in parallel, served without being
// written, or only looked at.
//
//   Image image(pieces, contents, std::move(addresses));
//   RETURN_IF_ERROR(image.Prepare(2));
//   std::vector<uint8_t> block(2048);
//   RETURN_IF_ERROR(image.Read(32768, absl::MakeSpan(block)));
//
#ifndef ISOMASON_LAYOUT_IMAGE_H_
#define ISOMASON_LAYOUT_IMAGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "layout/content.h"
#include "layout/piece.h"
#include "layout/stop.h"
#include "layout/units.h"

namespace isomason {

// A run of bytes of an image, and the cheapest way to come by them.
struct Extent {
  enum class Kind { kData, kZeros, kFile };
  Kind kind;
  uint64_t offset;          // of the first byte, in the image
  uint64_t size;            // in bytes
  absl::string_view data;   // kData: the bytes, valid during the call that got them
  ContentId content;        // kFile: a content whose bytes are a host file
  uint64_t content_offset;  // kFile: where in it the run starts
};

class Image;

// A pass over bytes that has to be made before the image can be read: a digest to
// compare, a checksum that a boot image carries, one of the whole image.
class Preparation {
 public:
  // What a preparation may read: passes of one stage see nothing of each other, and all
  // of the stages before. Until a pass over it has run, a place of the image that depends
  // on one holds what its owner says.
  enum class Stage {
    kSources,  // contents below their patches
    kFiles,    // files as they stand in the image, patches included
    kImage,    // everything
  };

  virtual ~Preparation() = default;
  virtual Stage stage() const { return Stage::kSources; }
  virtual absl::Status Run(const Image& image, const Stop& stop) = 0;
};

// A line of the map: who owns a run of bytes.
struct MapLine {
  uint64_t offset;
  uint64_t size;
  absl::string_view owner;
  std::string what;
};

class Image {
 public:
  // `pieces` and `contents` outlive the image.
  Image(const Pieces& pieces, const ContentTable& contents, Addresses addresses);

  uint64_t size() const { return addresses_.image_size().value(); }
  const Addresses& addresses() const { return addresses_; }
  const ContentTable& contents() const { return contents_; }

  void AddPreparation(std::unique_ptr<Preparation> preparation) {
    preparations_.push_back(std::move(preparation));
  }

  // Makes the passes that the image needs before it is read, with up to `jobs`
  // threads. Of several errors, returns that of the preparation added first.
  absl::Status Prepare(int jobs, const Stop& stop = {});

  // Fills `out` with the bytes from `offset`; the range lies inside the image.
  absl::Status Read(uint64_t offset, absl::Span<uint8_t> out) const;

  // Reads a whole content as it stands in the image, patches included, from its start to
  // its end: as ContentTable::ReadThrough(), which says the rest. An alias is read from the
  // image, so the passes that its parts depend on have run.
  absl::Status ReadContent(ContentId content, const Stop& stop,
                           absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const;

  // Calls `visit` for each extent of the range, in order and without gaps, until
  // the range is done or a visit fails.
  absl::Status Extents(uint64_t offset, uint64_t size,
                       absl::FunctionRef<absl::Status(const Extent&)> visit) const;

  // The first place at or after `offset` where the range can be cut without
  // rendering a piece twice. Never past the end of the image.
  uint64_t CutAtOrAfter(uint64_t offset) const;

  // Calls `visit` for each piece in order of address. `name_content` says what a
  // content is called.
  void Map(const std::function<std::string(ContentId)>& name_content,
           absl::FunctionRef<void(const MapLine&)> visit) const;

 private:
  uint64_t Start(size_t i) const { return addresses_[order_[i]].value(); }
  uint64_t End(size_t i) const { return Start(i) + pieces_[order_[i]].size.value(); }
  // The first piece, in order of address, that ends after `offset`.
  size_t FirstEndingAfter(uint64_t offset) const;
  absl::Status ReadAlias(ContentId content, const Stop& stop,
                         absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const;
  absl::Status VisitPiece(PieceId piece, uint64_t from, uint64_t to,
                          absl::FunctionRef<absl::Status(const Extent&)> visit) const;
  absl::Status VisitRun(const ContentTable::Part& run, uint64_t at,
                        absl::FunctionRef<absl::Status(const Extent&)> visit) const;
  absl::Status VisitContent(ContentId content, uint64_t start, uint64_t from, uint64_t to,
                            absl::FunctionRef<absl::Status(const Extent&)> visit) const;

  const Pieces& pieces_;
  const ContentTable& contents_;
  Addresses addresses_;
  std::vector<PieceId> order_;  // pieces that have bytes, by address
  std::vector<std::unique_ptr<Preparation>> preparations_;
};

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_IMAGE_H_
