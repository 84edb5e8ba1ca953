#include "layout/piece.h"

#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using Kind = Pieces::Constraint::Kind;

TEST(PieceTest, NumbersPiecesInTheOrderOfAdding) {
  TestOwner one("one"), two("two");
  Pieces pieces;
  const PieceId a = one.Add(pieces, "abc");
  const PieceId b = two.Add(pieces, "");
  const PieceId c = pieces.AddContent(ContentId{5}, ByteCount(7));
  const PieceId d = one.Add(pieces, "defg");

  EXPECT_EQ(pieces.count(), 4u);
  EXPECT_EQ(static_cast<uint32_t>(a), 0u);
  EXPECT_EQ(static_cast<uint32_t>(d), 3u);
  EXPECT_EQ(pieces[a].size, ByteCount(3));
  EXPECT_EQ(pieces[b].size, ByteCount(0));
  EXPECT_EQ(pieces[c].size, ByteCount(7));
  EXPECT_EQ(pieces[c].index, 5u);
  EXPECT_EQ(pieces[d].index, 1u) << "the owner's own number";
  EXPECT_EQ(pieces.owner(a), &one);
  EXPECT_EQ(pieces.owner(b), &two);
  EXPECT_EQ(pieces.owner(c), nullptr);
  EXPECT_EQ(pieces.owner(d), &one);
  EXPECT_EQ(pieces.content_limit(), 6u);
}

TEST(PieceTest, FlowsOnBlocksUnlessToldOtherwise) {
  TestOwner owner;
  Pieces pieces;
  const PieceId flowing = owner.Add(pieces, "a");
  const PieceId fixed = owner.Add(pieces, "b");
  const PieceId from_end = owner.Add(pieces, "c");
  const PieceId aligned = owner.Add(pieces, "d");
  pieces.Fix(fixed, ByteCount(32768));
  pieces.FixFromEnd(from_end, ByteCount(2048));
  pieces.Align(aligned, ByteCount(512));
  pieces.NotBefore(aligned, ByteCount(100));

  EXPECT_EQ(pieces.constraint(flowing).kind, Kind::kFlow);
  EXPECT_EQ(pieces.constraint(flowing).alignment, ByteCount(2048));
  EXPECT_EQ(pieces.constraint(flowing).not_before, ByteCount(0));
  EXPECT_EQ(pieces.constraint(fixed).kind, Kind::kFixed);
  EXPECT_EQ(pieces.constraint(fixed).where, ByteCount(32768));
  EXPECT_EQ(pieces.constraint(from_end).kind, Kind::kFromEnd);
  EXPECT_EQ(pieces.constraint(from_end).where, ByteCount(2048));
  EXPECT_EQ(pieces.constraint(aligned).kind, Kind::kFlow);
  EXPECT_EQ(pieces.constraint(aligned).alignment, ByteCount(512));
  EXPECT_EQ(pieces.constraint(aligned).not_before, ByteCount(100));
}

TEST(PieceTest, ContentsHaveAnAlignmentOfTheirOwn) {
  TestOwner owner;
  Pieces pieces;
  pieces.SetContentAlignment(ByteCount(4096));
  const PieceId piece = owner.Add(pieces, "a");
  const PieceId content = pieces.AddContent(ContentId{0}, ByteCount(1));
  const PieceId later = pieces.AddContent(ContentId{1}, ByteCount(1));
  const PieceId loose = pieces.AddContent(ContentId{2}, ByteCount(1));
  pieces.NotBefore(later, ByteCount(10000));
  pieces.Align(loose, ByteCount(2048));

  EXPECT_EQ(pieces.constraint(piece).alignment, ByteCount(2048));
  EXPECT_EQ(pieces.constraint(content).alignment, ByteCount(4096));
  EXPECT_EQ(pieces.constraint(later).alignment, ByteCount(4096)) << "one constraint, not both";
  EXPECT_EQ(pieces.constraint(loose).alignment, ByteCount(2048));
}

TEST(PieceTest, UnknownAddressesAreAllZero) {
  const Addresses& at = Addresses::Unknown();
  EXPECT_EQ(at[PieceId{12345}], ByteCount(0));
  EXPECT_EQ(at[ContentId{12345}], ByteCount(0));
  EXPECT_EQ(at.block(PieceId{1}), Block(0));
  EXPECT_EQ(at.block(ContentId{1}), Block(0));
  EXPECT_EQ(at.image_size(), ByteCount(0));
  EXPECT_EQ(&at, &Addresses::Unknown());
}

}  // namespace
}  // namespace isomason
