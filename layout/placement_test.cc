#include "layout/placement.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using Kind = Pieces::Constraint::Kind;

// A piece, as a line of a table.
struct Part {
  Kind kind;
  uint64_t size;
  uint64_t where = 0;  // kFixed, kFromEnd; for kFlow: not before
  uint64_t alignment = 2048;
};

Part Flow(uint64_t size, uint64_t not_before = 0, uint64_t alignment = 2048) {
  return {Kind::kFlow, size, not_before, alignment};
}
Part Fixed(uint64_t size, uint64_t where) { return {Kind::kFixed, size, where}; }
Part Trail(uint64_t size, uint64_t alignment = 2048) { return {Kind::kTrail, size, 0, alignment}; }
Part FromEnd(uint64_t size, uint64_t distance) { return {Kind::kFromEnd, size, distance}; }

// A shape with one thing or two that are not as they are by default.
Shape Padding(uint64_t n) {
  Shape shape;
  shape.padding = ByteCount(n);
  return shape;
}
Shape Minimum(uint64_t n) {
  Shape shape;
  shape.minimum = ByteCount(n);
  return shape;
}
Shape Multiple(uint64_t n, uint64_t minimum = 0) {
  Shape shape = Minimum(minimum);
  shape.multiple = ByteCount(n);
  return shape;
}
Shape FlowStart(uint64_t n) {
  Shape shape;
  shape.flow_start = ByteCount(n);
  return shape;
}

// Owns the pieces of `parts`.
class Parts {
 public:
  explicit Parts(const std::vector<Part>& parts) {
    for (const Part& part : parts) {
      const PieceId id = owner_.Add(pieces_, part.size, nullptr);
      switch (part.kind) {
        case Kind::kFlow:
          if (part.where > 0) pieces_.NotBefore(id, ByteCount(part.where));
          if (part.alignment != 2048) pieces_.Align(id, ByteCount(part.alignment));
          break;
        case Kind::kKeep:  // contents only: placement_contents_test.cc
        case Kind::kAttached:
          break;
        case Kind::kFixed:
          pieces_.Fix(id, ByteCount(part.where));
          break;
        case Kind::kTrail:
          pieces_.Trail(id);
          pieces_.Align(id, ByteCount(part.alignment));
          break;
        case Kind::kFromEnd:
          pieces_.FixFromEnd(id, ByteCount(part.where));
          break;
      }
    }
  }
  const Pieces& pieces() const { return pieces_; }

 private:
  TestOwner owner_;
  Pieces pieces_;
};

std::vector<uint64_t> AddressesOf(const Pieces& pieces, const Addresses& at) {
  std::vector<uint64_t> all;
  for (uint32_t i = 0; i < pieces.count(); ++i) all.push_back(at[PieceId{i}].value());
  return all;
}

TEST(PlacementTest, PlacesPiecesAsTheirConstraintsSay) {
  const struct {
    const char* what;
    std::vector<Part> parts;
    Shape shape;
    std::vector<uint64_t> want;
    uint64_t size;
  } kCases[] = {
      {"nothing at all", {}, {}, {}, 0},
      {"one behind the other, on blocks",
       {Flow(1), Flow(2048), Flow(2049), Flow(5)},
       {},
       {0, 2048, 4096, 8192},
       10240},
      {"a piece without bytes takes no room", {Flow(0), Flow(3), Flow(0)}, {}, {0, 0, 2048}, 2048},
      {"another alignment",
       {Flow(10), Flow(10, 0, 512), Flow(10, 0, 1), Flow(10)},
       {},
       {0, 512, 522, 2048},
       4096},
      {"a larger alignment", {Flow(10), Flow(10, 0, 8192)}, {}, {0, 8192}, 10240},
      {"not before an offset, and what is behind it neither",
       {Flow(10), Flow(10, 5000), Flow(10)},
       {},
       {0, 6144, 8192},
       10240},
      {"not before an offset that is past already",
       {Flow(10000), Flow(10, 5000)},
       {},
       {0, 10240},
       12288},
      {"fixed pieces stay", {Fixed(2048, 32768), Fixed(100, 0)}, {}, {32768, 0}, 34816},
      {"pieces that trail lie behind all others but those at the end",
       {Trail(10), Flow(10), Trail(10, 8192), Fixed(100, 6144), FromEnd(512, 512)},
       Padding(2048),
       {8192, 0, 16384, 6144, 22016},
       22528},
      {"a fixed piece is not on a block", {Fixed(8, 446)}, {}, {446}, 2048},
      {"flowing pieces go around fixed ones",
       {Flow(2048), Fixed(2048, 4096), Flow(2048), Flow(2048), Flow(2048)},
       {},
       {0, 4096, 2048, 6144, 8192},
       10240},
      {"one that does not fit before a fixed one goes behind it, and all after it",
       {Fixed(2048, 2048), Flow(4096), Flow(1)},
       {},
       {2048, 4096, 8192},
       10240},
      {"across several fixed ones",
       {Fixed(100, 2048), Fixed(100, 4096), Fixed(100, 8192), Flow(2049)},
       {},
       {2048, 4096, 8192, 10240},
       14336},
      {"exactly between two fixed ones",
       {Fixed(2048, 0), Fixed(2048, 6144), Flow(4096)},
       {},
       {0, 6144, 2048},
       8192},
      {"not before lies inside a fixed one",
       {Fixed(8192, 4096), Flow(1, 5000)},
       {},
       {4096, 12288},
       14336},
      {"the alignment holds behind a fixed one as well",
       {Fixed(100, 0), Flow(1, 0, 4096)},
       {},
       {0, 4096},
       6144},
      {"padding behind the last piece", {Flow(1)}, Padding(4096), {0}, 6144},
      {"a minimum", {Flow(1)}, Minimum(10000), {0}, 10240},
      {"a minimum that is reached", {Flow(8192)}, Minimum(4096), {0}, 8192},
      {"a multiple", {Flow(5000)}, Multiple(32768), {0}, 32768},
      {"a multiple that fits", {Flow(32768)}, Multiple(32768), {0}, 32768},
      {"pieces flow from a start on",
       {Flow(0), Flow(1), Fixed(10, 32768), Flow(1)},
       FlowStart(32768),
       {32768, 34816, 32768, 36864},
       38912},
      {"a start is no reason for bytes", {Fixed(100, 0)}, FlowStart(32768), {0}, 32768},
      {"from the end", {FromEnd(512, 2048), Flow(2048)}, {}, {2048, 0}, 4096},
      {"several from the end, behind the padding",
       {Flow(2048), FromEnd(4096, 6144), FromEnd(512, 2048)},
       Padding(2048),
       {0, 4096, 8192},
       10240},
      {"the end is where the minimum and the multiple put it",
       {Flow(1), FromEnd(512, 512)},
       Multiple(4096, 9000),
       {0, 11776},
       12288},
      {"a fixed piece behind all others is inside the image",
       {Flow(1), Fixed(100, 50000), FromEnd(2048, 2048)},
       {},
       {0, 50000, 51200},
       53248},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const Parts parts(c.parts);
    const auto at = Place(parts.pieces(), c.shape);
    ASSERT_EQ(at.status(), absl::OkStatus());
    EXPECT_EQ(AddressesOf(parts.pieces(), *at), c.want);
    EXPECT_EQ(at->image_size(), ByteCount(c.size));
  }
}

TEST(PlacementTest, NothingPartsPiecesThatAdjoin) {
  TestOwner owner;
  Pieces pieces;
  const PieceId first = owner.Add(pieces, 2048, nullptr);
  const PieceId second = owner.Add(pieces, 100, nullptr);
  const PieceId third = owner.Add(pieces, 4096, nullptr);
  pieces.Adjoin(second);
  pieces.Adjoin(third);
  const PieceId last = owner.Add(pieces, 2048, nullptr);
  // Three blocks are free before it: too few for the first three pieces.
  pieces.Fix(owner.Add(pieces, 2048, nullptr), ByteCount(19 * 2048));
  auto at = Place(pieces, FlowStart(16 * 2048));
  ASSERT_TRUE(at.ok()) << at.status();
  EXPECT_EQ((*at)[first], ByteCount(20 * 2048));
  EXPECT_EQ((*at)[second], ByteCount(21 * 2048));
  EXPECT_EQ((*at)[third], ByteCount(22 * 2048));
  EXPECT_EQ((*at)[last], ByteCount(24 * 2048));
}

TEST(PlacementTest, AContentIsFoundByItsOwnNumberAsWell) {
  TestOwner owner;
  Pieces pieces;
  owner.Add(pieces, 2048, nullptr);
  const PieceId a = pieces.AddContent(ContentId{7}, ByteCount(3000));
  const PieceId b = pieces.AddContent(ContentId{2}, ByteCount(1));
  const PieceId c = pieces.AddContent(ContentId{4}, ByteCount(1));
  pieces.Fix(c, ToBytes(Block(100)));
  const auto at = Place(pieces, {});
  ASSERT_EQ(at.status(), absl::OkStatus());
  EXPECT_EQ(at->block(ContentId{7}), Block(1));
  EXPECT_EQ((*at)[ContentId{7}], (*at)[a]);
  EXPECT_EQ((*at)[ContentId{2}], (*at)[b]);
  EXPECT_EQ(at->block(ContentId{2}), Block(3));
  EXPECT_EQ(at->block(ContentId{4}), Block(100));
  EXPECT_EQ((*at)[ContentId{3}], ByteCount(0)) << "not placed";
  EXPECT_EQ((*at)[ContentId{99}], ByteCount(0)) << "not there";
}

TEST(PlacementTest, ConflictsNameBothPieces) {
  const struct {
    const char* what;
    std::vector<Part> parts;
    const char* message;
  } kCases[] = {
      {"the same place",
       {Fixed(2048, 32768), Fixed(2048, 32768)},
       "piece 1 (test) at byte 32768 overlaps piece 0 (test), which lies in bytes 32768 to 34815"},
      {"one byte, in any order of adding",
       {Fixed(10, 2057), Fixed(10, 2048)},
       "piece 0 (test) at byte 2057 overlaps piece 1 (test), which lies in bytes 2048 to 2057"},
      {"one inside the other",
       {Fixed(10000, 0), Flow(1), Fixed(1, 5000)},
       "piece 2 (test) at byte 5000 overlaps piece 0 (test), which lies in bytes 0 to 9999"},
      {"at the end",
       {Flow(1), FromEnd(2048, 4096), FromEnd(3000, 6144)},
       "piece 1 (test) at byte 4096 overlaps piece 2 (test), which lies in bytes 2048 to 5047"},
      {"past the end",
       {Flow(1), FromEnd(2049, 2048)},
       "piece 1 (test) reaches past the end of the image"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const Parts parts(c.parts);
    EXPECT_EQ(Place(parts.pieces(), {}).status(), absl::InvalidArgumentError(c.message));
  }
}

TEST(PlacementTest, AllConflictsAreTold) {
  const Parts parts({Fixed(10000, 2048), Fixed(10, 4096), Flow(1), Fixed(10, 6144), Fixed(10, 0)});
  std::vector<Conflict> conflicts;
  EXPECT_EQ(Place(parts.pieces(), {}, nullptr, &conflicts).status(),
            absl::InvalidArgumentError("piece 1 (test) at byte 4096 overlaps piece 0 (test), which "
                                       "lies in bytes 2048 to 12047"));
  ASSERT_EQ(conflicts.size(), 2u);
  EXPECT_EQ(conflicts[0].piece, PieceId{1});
  EXPECT_EQ(conflicts[0].other, PieceId{0});
  EXPECT_EQ(conflicts[1].piece, PieceId{3});
  EXPECT_EQ(conflicts[1].other, PieceId{0}) << "which reaches over the one between";
}

TEST(PlacementTest, PiecesThatTouchAreNoConflict) {
  const Parts parts({Fixed(10, 2058), Fixed(10, 2048), FromEnd(2048, 4096), FromEnd(2048, 2048)});
  EXPECT_EQ(Place(parts.pieces(), {}).status(), absl::OkStatus());
}

TEST(PlacementTest, AConflictNamesContentsByTheirNumberOrName) {
  Pieces pieces;
  pieces.Fix(pieces.AddContent(ContentId{3}, ByteCount(100)), ByteCount(0));
  pieces.Fix(pieces.AddContent(ContentId{9}, ByteCount(100)), ByteCount(50));
  const ContentNames names = [](ContentId content) {
    return absl::StrCat("/", static_cast<uint32_t>(content));
  };
  EXPECT_EQ(Place(pieces, {}, names).status(),
            absl::InvalidArgumentError("/9 at byte 50 overlaps /3, which lies in bytes 0 to 99"));
  EXPECT_EQ(Place(pieces, {}).status(),
            absl::InvalidArgumentError(
                "file content 9 at byte 50 overlaps file content 3, which lies in bytes 0 to 99"));
}

TEST(PlacementTest, AnImageHasFewerThanTwoToThe32Blocks) {
  constexpr uint64_t kMost = 0xFFFFFFFF;  // blocks
  const struct {
    const char* what;
    std::vector<Part> parts;
    Shape shape;
    bool fits;
  } kCases[] = {
      {"the largest", {Flow(kMost * 2048)}, {}, true},
      {"a byte more", {Flow(kMost * 2048 + 1)}, {}, false},
      {"with padding", {Flow(kMost * 2048)}, Padding(1), false},
      {"with a tail", {Flow(kMost * 2048), FromEnd(512, 2048)}, {}, false},
      {"by its minimum", {Flow(1)}, Minimum(uint64_t{1} << 43), false},
      {"by its multiple", {Flow(1)}, Multiple(uint64_t{1} << 43), false},
      // Numbers that a manifest may hold, and that wrap around when they are rounded up.
      {"by a minimum past all", {Flow(1)}, Minimum(~uint64_t{0}), false},
      {"by a multiple past all", {Flow(1)}, Multiple(uint64_t{1} << 63), false},
      {"by both", {Flow(1)}, Multiple(uint64_t{1} << 63, (uint64_t{1} << 63) + 1), false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const Parts parts(c.parts);
    const auto at = Place(parts.pieces(), c.shape);
    if (c.fits) {
      ASSERT_EQ(at.status(), absl::OkStatus());
      EXPECT_EQ(at->image_size(), ToBytes(Block(kMost)));
    } else {
      EXPECT_EQ(at.status().code(), absl::StatusCode::kOutOfRange) << at.status();
    }
  }
}

TEST(PlacementTest, TheErrorForALargeImageSaysWhatAVolumeHolds) {
  const Parts parts({Flow(uint64_t{1} << 43)});
  EXPECT_EQ(Place(parts.pieces(), {}).status(),
            absl::OutOfRangeError("the image needs 4294967296 blocks of 2048 bytes, a volume holds "
                                  "4294967295 (8 TiB; ECMA-119 8.4.8)"));
}

// What the header promises, for pieces that nobody thought of.
TEST(PlacementTest, KeepsItsPromisesForAnyPieces) {
  std::mt19937 random(20260101);
  auto below = [&](uint64_t n) { return random() % n; };
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    std::vector<Part> table;
    uint64_t fixed = below(20000);
    const size_t count = below(30);
    for (size_t i = 0; i < count; ++i) {
      const uint64_t size = below(3) == 0 ? below(20000) : below(3000) + 1;
      if (below(4) == 0) {
        table.push_back(Fixed(size, fixed));
        fixed += size + below(9000);
      } else {
        table.push_back(Flow(size, below(6) == 0 ? below(100000) : 0, uint64_t{1} << below(14)));
      }
    }
    const uint64_t tail = below(3) * 2048;
    if (tail > 0) table.push_back(FromEnd(tail, tail));
    Shape shape = Multiple(2048 * (below(4) + 1), below(100000));
    shape.padding = ByteCount(below(5) * 2048);
    shape.flow_start = ByteCount(below(3) * 2048);
    const Parts parts(table);
    const auto at = Place(parts.pieces(), shape);
    ASSERT_EQ(at.status(), absl::OkStatus());
    const std::vector<uint64_t> where = AddressesOf(parts.pieces(), *at);
    const uint64_t size = at->image_size().value();
    EXPECT_EQ(size % shape.multiple.value(), 0u);
    EXPECT_GE(size, shape.minimum.value());

    std::vector<std::pair<uint64_t, uint64_t>> runs;
    uint64_t cursor = shape.flow_start.value();
    for (size_t i = 0; i < table.size(); ++i) {
      const Part& part = table[i];
      if (part.size > 0) runs.emplace_back(where[i], where[i] + part.size);
      EXPECT_LE(
          where[i] + part.size + (part.kind == Kind::kFlow ? shape.padding.value() + tail : 0),
          size);
      if (part.kind == Kind::kFixed) {
        EXPECT_EQ(where[i], part.where);
      } else if (part.kind == Kind::kFlow) {
        EXPECT_EQ(where[i] % part.alignment, 0u);
        EXPECT_GE(where[i], part.where);
        EXPECT_GE(where[i], cursor) << "pieces keep the order of adding";
        cursor = where[i] + part.size;
      }
    }
    std::sort(runs.begin(), runs.end());
    for (size_t i = 1; i < runs.size(); ++i) EXPECT_GE(runs[i].first, runs[i - 1].second);

    const auto again = Place(Parts(table).pieces(), shape);
    EXPECT_EQ(AddressesOf(parts.pieces(), *again), where) << "equal pieces, equal addresses";
  }
}

}  // namespace
}  // namespace isomason
