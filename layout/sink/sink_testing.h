// -----------------------------------------------------------------------------
// File: layout/sink/sink_testing.h
// -----------------------------------------------------------------------------
//
// Images for the tests of sinks: one with everything that an image may hold, small
// ones around a single source, and the ways in which a source may change.
//
#ifndef ISOMASON_LAYOUT_SINK_SINK_TESTING_H_
#define ISOMASON_LAYOUT_SINK_SINK_TESTING_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "layout/content.h"
#include "layout/image.h"
#include "layout/layout_testing.h"
#include "layout/piece.h"

namespace isomason {

// Pieces and contents that a test adds, then their image.
class TestImage {
 public:
  TestOwner& owner() { return owner_; }
  Pieces& pieces() { return pieces_; }
  ContentTable& contents() { return contents_; }

  // Adds a content and a piece for it.
  PieceId AddFile(const std::string& path);
  PieceId AddZeros(uint64_t size);

  // Places everything added so far; `padding` in bytes.
  const Image& Place(uint64_t padding = 0);
  const Image& image() const { return *image_; }

  // All bytes of the image, read through Image::Read().
  std::string Bytes() const;

 private:
  TestOwner owner_;
  Pieces pieces_;
  ContentTable contents_;
  std::unique_ptr<Image> image_;
};

// An image of five chunks, more or less: pieces and files of all sizes, a piece across
// the end of the first chunk, a file across several, a source with holes, zeros, patches.
class FullImage : public TestImage {
 public:
  explicit FullImage(const TestDirectory& sources);
  // How many pieces have to be rendered, once each.
  int piece_count() const { return piece_count_; }

 private:
  int piece_count_ = 0;
};

// Makes a file of the host that is all holes but for `data` at `offset`.
std::string WriteSparse(const TestDirectory& directory, const std::string& name, uint64_t size,
                        uint64_t offset, const std::string& data);

// What may happen to a source after it was looked at.
struct SourceChange {
  const char* name;
  std::function<void(const std::string& path)> make;
  std::string message;  // of the error, behind the path
};
std::vector<SourceChange> SourceChanges(size_t size);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_SINK_SINK_TESTING_H_
