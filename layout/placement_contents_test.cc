// Contents: behind what was added before them, in gaps between what is fixed and what is kept.
#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/placement.h"

namespace isomason {
namespace {

using Kind = Pieces::Constraint::Kind;
using Claim = Pieces::Claim;

// A content, in blocks; one whose `byte` is set has that many bytes less.
struct Content {
  Kind kind;
  uint64_t blocks;
  uint64_t where = 0;
  uint64_t alignment = 1;
  Claim claim = Claim::kFirst;
  uint64_t less = 0;
};

Content Flow(uint64_t blocks, uint64_t alignment = 1) {
  return {Kind::kFlow, blocks, 0, alignment};
}
Content Pin(uint64_t blocks, uint64_t where) { return {Kind::kFixed, blocks, where}; }
Content Keep(uint64_t blocks, uint64_t where, uint64_t alignment = 1) {
  return {Kind::kKeep, blocks, where, alignment};
}
Content KeepSecond(uint64_t blocks, uint64_t where) {
  return {Kind::kKeep, blocks, where, 1, Claim::kSecond};
}

Shape Start(uint64_t block, uint64_t slack = 0) {
  Shape shape;
  shape.content_start = ToBytes(Block(block));
  shape.slack = ToBytes(Block(slack));
  return shape;
}

// Places contents beside `directories` blocks of something that flows.
struct Placed {
  std::vector<uint64_t> blocks;  // of the contents
  uint64_t size = 0;             // of the image, in blocks
};

Placed PlaceAll(const std::vector<Content>& contents, const Shape& shape, uint64_t directories) {
  TestOwner owner;
  Pieces pieces;
  if (directories > 0) owner.Add(pieces, directories * kBlockSize, nullptr);
  for (size_t i = 0; i < contents.size(); ++i) {
    const Content& c = contents[i];
    const PieceId piece = pieces.AddContent(ContentId{static_cast<uint32_t>(i)},
                                            ByteCount(c.blocks * kBlockSize - c.less));
    if (c.kind == Kind::kFixed) pieces.Fix(piece, ToBytes(Block(c.where)));
    if (c.kind == Kind::kKeep) pieces.Keep(piece, ToBytes(Block(c.where)), c.claim);
    if (c.alignment != 1) pieces.Align(piece, ToBytes(Block(c.alignment)));
  }
  const auto at = Place(pieces, shape);
  EXPECT_EQ(at.status(), absl::OkStatus());
  Placed placed;
  for (uint32_t i = 0; i < contents.size(); ++i) {
    const uint64_t offset = (*at)[ContentId{i}].value();
    EXPECT_EQ(offset % kBlockSize, 0u);
    placed.blocks.push_back(offset / kBlockSize);
  }
  placed.size = at->image_size().value() / kBlockSize;
  return placed;
}

TEST(PlacementContentsTest, PlacesContentsAsTheirConstraintsSay) {
  const struct {
    const char* what;
    std::vector<Content> contents;
    std::vector<uint64_t> want;
    Shape shape;
    uint64_t directories;
    uint64_t size;
  } kCases[] = {
      {"behind what was added before", {Flow(2), Flow(1)}, {5, 7}, {}, 5, 8},
      {"around a pinned one, each into the first gap that holds it",
       {Flow(2), Pin(2, 8), Flow(4), Flow(1), Flow(2)},
       {5, 8, 10, 7, 14},
       {},
       5,
       16},
      {"directories go around a pinned one, too", {Pin(1, 3), Flow(1)}, {3, 9}, {}, 5, 10},
      {"a pinned one far behind makes the image grow",
       {Pin(1, 1000), Flow(1)},
       {1000, 5},
       {},
       5,
       1001},
      {"alignment in gaps", {Pin(1, 8), Flow(1, 4), Flow(1)}, {8, 12, 5}, {}, 5, 13},
      {"kept where they were", {Flow(1), Keep(2, 9), Flow(3), Flow(2)}, {5, 9, 6, 11}, {}, 5, 13},
      {"not inside directories", {Keep(2, 4), Keep(2, 5)}, {7, 5}, {}, 5, 9},
      {"not on what is pinned",
       {Pin(2, 8), Keep(2, 7), Keep(2, 9), Keep(2, 10)},
       {8, 5, 12, 10},
       {},
       5,
       14},
      {"the first of two, and first claims before others",
       {KeepSecond(2, 10), Keep(2, 11), Keep(2, 12)},
       {5, 11, 7},
       {},
       5,
       13},
      {"a second claim that is free", {KeepSecond(2, 9), Keep(2, 11)}, {9, 11}, {}, 5, 13},
      {"not off its alignment", {Keep(1, 10, 4), Keep(1, 12, 4)}, {8, 12}, {}, 5, 13},
      {"from a start on, and kept before it",
       {Flow(1), Keep(1, 6), Flow(1)},
       {20, 6, 21},
       Start(20, 7),
       5,
       22},
      {"a start that directories have reached", {Flow(1)}, {20}, Start(20, 7), 20, 21},
      {"a start that directories have passed",
       {Flow(1), Keep(1, 22)},
       {28, 22},
       Start(20, 7),
       21,
       29},
      {"slack without a start", {Flow(1), Flow(1)}, {15, 16}, Start(0, 10), 5, 17},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const Placed placed = PlaceAll(c.contents, c.shape, c.directories);
    EXPECT_EQ(placed.blocks, c.want);
    EXPECT_EQ(placed.size, c.size);
  }
}

// A leader of 2 blocks, and what is attached to it: 3 blocks from the 4th on, 1 from the 10th.
struct Group {
  explicit Group(Pieces& pieces, uint32_t first) {
    leader = pieces.AddContent(ContentId{first}, ToBytes(Block(2)));
    near = pieces.AddContent(ContentId{first + 1}, ToBytes(Block(3)));
    far = pieces.AddContent(ContentId{first + 2}, ByteCount(5));
    pieces.Attach(near, leader, ToBytes(Block(4)));
    pieces.Attach(far, leader, ToBytes(Block(10)));
  }
  PieceId leader, near, far;
};

TEST(PlacementContentsTest, AttachedContentsLieAtTheirDistanceAndNothingBetweenThem) {
  const struct {
    const char* what;
    void (*constrain)(Pieces& pieces, PieceId leader);
    uint64_t pinned;  // the block of another content, which is pinned
    uint64_t want;    // of the leader
    uint64_t small;   // of a content of one block that is added behind the group
  } kCases[] = {
      {"wherever there is room for all of it", [](Pieces&, PieceId) {}, 0, 1, 12},
      {"a pinned content is in the way, and the small one fits before it", [](Pieces&, PieceId) {},
       9, 10, 1},
      {"exactly before a pinned one", [](Pieces&, PieceId) {}, 12, 1, 13},
      {"aligned", [](Pieces& p, PieceId l) { p.Align(l, ToBytes(Block(16))); }, 0, 16, 27},
      {"the leader is fixed", [](Pieces& p, PieceId l) { p.Fix(l, ToBytes(Block(5))); }, 0, 5, 1},
      {"the leader is kept",
       [](Pieces& p, PieceId l) { p.Keep(l, ToBytes(Block(7)), Claim::kFirst); }, 0, 7, 1},
      {"the leader is not kept where all of it has no room",
       [](Pieces& p, PieceId l) { p.Keep(l, ToBytes(Block(7)), Claim::kFirst); }, 17, 1, 12},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    TestOwner owner;
    Pieces pieces;
    owner.Add(pieces, kBlockSize, nullptr);
    const Group group(pieces, 0);
    c.constrain(pieces, group.leader);
    const PieceId small = pieces.AddContent(ContentId{3}, ByteCount(1));
    const PieceId pinned = pieces.AddContent(ContentId{4}, ByteCount(1));
    if (c.pinned != 0) pieces.Fix(pinned, ToBytes(Block(c.pinned)));
    const auto at = Place(pieces, {});
    ASSERT_EQ(at.status(), absl::OkStatus());
    EXPECT_EQ(at->block(group.leader), Block(c.want));
    EXPECT_EQ(at->block(group.near), Block(c.want + 4));
    EXPECT_EQ(at->block(group.far), Block(c.want + 10));
    EXPECT_EQ(at->block(small), Block(c.small));
    EXPECT_GE(at->image_size(), ToBytes(Block(c.want + 11)));
  }
}

TEST(PlacementContentsTest, AFixedPieceInsideOfAFixedGroupIsAConflict) {
  Pieces pieces;
  const Group group(pieces, 0);
  pieces.Fix(group.leader, ToBytes(Block(20)));
  pieces.Fix(pieces.AddContent(ContentId{3}, ByteCount(1)), ToBytes(Block(23)));
  EXPECT_EQ(Place(pieces, {}).status(),
            absl::InvalidArgumentError("file content 3 at byte 47104 overlaps file content 0, "
                                       "which lies in bytes 40960 to 61444"));
}

TEST(PlacementContentsTest, WhatIsAddedBehindContentsLiesBehindThem) {
  TestOwner owner;
  Pieces pieces;
  const PieceId first = pieces.AddContent(ContentId{0}, ByteCount(2048));
  const PieceId kept = pieces.AddContent(ContentId{1}, ByteCount(2048));
  pieces.Keep(kept, ToBytes(Block(9)), Claim::kFirst);
  const PieceId pinned = pieces.AddContent(ContentId{2}, ByteCount(2048));
  pieces.Fix(pinned, ToBytes(Block(11)));
  const PieceId large = owner.Add(pieces, 4096, nullptr);
  const PieceId later = pieces.AddContent(ContentId{3}, ByteCount(2048));
  const auto at = Place(pieces, {});
  ASSERT_EQ(at.status(), absl::OkStatus());
  EXPECT_EQ(at->block(first), Block(0));
  EXPECT_EQ(at->block(kept), Block(9));
  EXPECT_EQ(at->block(large), Block(12)) << "one block before the pinned one is not enough";
  EXPECT_EQ(at->block(later), Block(14)) << "and what comes later does not go back";
}

// The rules of the header, over a table of blocks.
Placed Plainly(const std::vector<Content>& contents, const Shape& shape, uint64_t directories) {
  constexpr uint64_t kBlocks = 4000;
  std::vector<bool> used(kBlocks, false);
  const auto free = [&](uint64_t from, uint64_t count) {
    for (uint64_t i = from; i < from + count; ++i) {
      if (used[i]) return false;
    }
    return true;
  };
  const auto take = [&](uint64_t from, uint64_t count) {
    for (uint64_t i = from; i < from + count; ++i) used[i] = true;
  };
  Placed placed;
  placed.blocks.assign(contents.size(), kBlocks);
  for (size_t i = 0; i < contents.size(); ++i) {
    if (contents[i].kind != Kind::kFixed) continue;
    placed.blocks[i] = contents[i].where;
    take(contents[i].where, contents[i].blocks);
  }
  uint64_t behind = 0;
  if (directories > 0) {
    while (!free(behind, directories)) ++behind;
    behind += directories;
  }
  for (uint64_t i = 0; i < behind; ++i) used[i] = true;
  for (const Claim claim : {Claim::kFirst, Claim::kSecond}) {
    for (size_t i = 0; i < contents.size(); ++i) {
      const Content& c = contents[i];
      if (c.kind != Kind::kKeep || c.claim != claim) continue;
      if (c.where % c.alignment != 0 || !free(c.where, c.blocks)) continue;
      placed.blocks[i] = c.where;
      take(c.where, c.blocks);
    }
  }
  const uint64_t start = shape.content_start.value() / kBlockSize;
  const uint64_t first = start >= behind ? start : behind + shape.slack.value() / kBlockSize;
  for (uint64_t i = 0; i < first; ++i) used[i] = true;
  for (size_t i = 0; i < contents.size(); ++i) {
    if (placed.blocks[i] != kBlocks) continue;
    const Content& c = contents[i];
    uint64_t at = 0;
    while (!free(at, c.blocks)) at += c.alignment;
    placed.blocks[i] = at;
    take(at, c.blocks);
    for (uint64_t k = at; k > 0 && !used[k - 1]; --k) used[k - 1] = true;
  }
  placed.size = behind;
  for (size_t i = 0; i < contents.size(); ++i) {
    placed.size = std::max(placed.size, placed.blocks[i] + contents[i].blocks);
  }
  return placed;
}

TEST(PlacementContentsTest, IsWhatALookAtEveryBlockFinds) {
  std::mt19937 random(20261126);
  const auto below = [&](uint64_t n) { return random() % n; };
  uint64_t kept = 0;
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    std::vector<Content> contents;
    uint64_t pinned = below(30);
    for (uint64_t n = below(60); n > 0; --n) {
      Content c{Kind::kFlow, below(5) == 0 ? below(20) + 1 : below(4) + 1};
      c.less = below(kBlockSize);
      switch (below(6)) {
        case 0:
          c.kind = Kind::kFixed;
          c.where = pinned;
          pinned += c.blocks + below(30);
          break;
        case 1:
        case 2:
          c.kind = Kind::kKeep;
          c.where = below(150);
          c.claim = below(2) == 0 ? Claim::kFirst : Claim::kSecond;
          break;
        default:
          break;
      }
      if (below(4) == 0) c.alignment = uint64_t{1} << below(5);
      contents.push_back(c);
    }
    const Shape shape = Start(below(2) * below(60), below(3) * below(20));
    const uint64_t directories = below(40);
    const Placed placed = PlaceAll(contents, shape, directories);
    const Placed want = Plainly(contents, shape, directories);
    ASSERT_EQ(placed.blocks, want.blocks);
    EXPECT_EQ(placed.size, want.size);
    for (size_t i = 0; i < contents.size(); ++i) {
      if (contents[i].kind == Kind::kKeep && placed.blocks[i] == contents[i].where) ++kept;
    }
  }
  EXPECT_GT(kept, 1000u) << "the cases are about something";
}

}  // namespace
}  // namespace isomason
