// -----------------------------------------------------------------------------
// File: layout/placement.h
// -----------------------------------------------------------------------------
//
// Decides where each piece of an image lies. Placement is pure: it reads no file
// and no clock, and equal pieces in equal order give equal addresses.
//
// Fixed pieces go where they are fixed. The others flow in the order in which they
// were added, each at the first fitting offset behind the one before it, around
// the fixed ones. The end of the image follows: padding behind the last flowing
// piece, room for the pieces that count from the end, and the size rounded up.
//
//   Pieces pieces;
//   PieceId pvd = pieces.Add(iso9660, kPrimary, ByteCount(2048));
//   pieces.Fix(pvd, ToBytes(Block(16)));
//   ASSIGN_OR_RETURN(Addresses at, Place(pieces, {}));      // at.block(pvd) == Block(16)
//
#ifndef ISOMASON_LAYOUT_PLACEMENT_H_
#define ISOMASON_LAYOUT_PLACEMENT_H_

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
};

// Returns the address of every piece. InvalidArgument when two fixed pieces share
// a byte, with the descriptions of both; OutOfRange past 2^32 blocks (8 TiB).
absl::StatusOr<Addresses> Place(const Pieces& pieces, const Shape& shape);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_PLACEMENT_H_
