// -----------------------------------------------------------------------------
// File: layout/placement.h
// -----------------------------------------------------------------------------
//
// Decides where each piece of an image lies. Placement is pure: it reads no file
// and no clock, and equal pieces in equal order give equal addresses.
//
// Fixed pieces go where they are fixed. The others flow in the order in which they
// were added, each at the first fitting offset behind the one before it, around
// the fixed ones. Contents that were added one behind the other share what is behind the
// piece before them: some are kept where they were in an earlier image, unless something
// lies there now; the others flow from gap to gap, each into the first one that holds it.
// Pieces that trail come behind all of these.
// The end of the image follows: padding behind the last piece, room for the pieces that
// count from the end, and the size rounded up.
//
//   Pieces pieces;
//   PieceId pvd = pieces.Add(iso9660, kPrimary, ByteCount(2048));
//   pieces.Fix(pvd, ToBytes(Block(16)));
//   ASSIGN_OR_RETURN(Addresses at, Place(pieces, {}));      // at.block(pvd) == Block(16)
//
#ifndef ISOMASON_LAYOUT_PLACEMENT_H_
#define ISOMASON_LAYOUT_PLACEMENT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "layout/piece.h"
#include "layout/units.h"

namespace isomason {

// What the whole image must measure.
struct Shape {
  ByteCount flow_start;            // where flowing pieces begin
  ByteCount padding;               // zeros behind the last flowing piece
  ByteCount minimum;               // the least size of the image
  ByteCount multiple{kBlockSize};  // the size is a multiple of this, itself one of 2048
  // Contents flow from `content_start` on when what flows before them ends there or
  // earlier, and otherwise from `slack` behind it on. What is kept may lie before that.
  ByteCount content_start;
  ByteCount slack;
};

// A fixed piece that shares bytes with another that begins no later than it.
struct Conflict {
  PieceId piece;
  PieceId other;
};

// What a content is called in errors; without it they say its number.
using ContentNames = std::function<std::string(ContentId)>;

// Returns the address of every piece. InvalidArgument when two fixed pieces share
// a byte, with the names of both; OutOfRange past 2^32 blocks (8 TiB). All pairs that
// share a byte go to `conflicts` unless it is null.
absl::StatusOr<Addresses> Place(const Pieces& pieces, const Shape& shape,
                                const ContentNames& names = nullptr,
                                std::vector<Conflict>* conflicts = nullptr);

// What a piece is called in errors: "path table, L (iso9660)".
std::string NameOf(const Pieces& pieces, PieceId piece, const ContentNames& names);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_PLACEMENT_H_
