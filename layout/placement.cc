#include "layout/placement.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {

using Kind = Pieces::Constraint::Kind;

// The one maker of addresses.
class Placer {
 public:
  Placer(const Pieces& pieces, const Shape& shape) : pieces_(pieces), shape_(shape) {
    at_.pieces_.resize(pieces.count());
    at_.contents_.resize(pieces.content_limit());
  }

  absl::StatusOr<Addresses> Place() && {
    Sort();
    RETURN_IF_ERROR(CheckRuns(fixed_));
    Flow();
    RETURN_IF_ERROR(PlaceTail());
    return std::move(at_);
  }

 private:
  struct Run {
    uint64_t start, end;
    PieceId piece;
  };

  std::string Name(PieceId id) const {
    const PieceOwner* owner = pieces_.owner(id);
    if (owner == nullptr) return absl::StrCat("file content ", pieces_[id].index);
    return absl::StrCat(owner->Describe(pieces_[id].index), " (", owner->owner_name(), ")");
  }

  void Set(PieceId id, uint64_t offset) {
    at_.pieces_[static_cast<uint32_t>(id)] = offset;
    const Pieces::Piece& piece = pieces_[id];
    if (piece.owner == Pieces::kContentOwner) at_.contents_[piece.index] = offset;
  }

  // Tells fixed pieces, flowing ones and those that count from the end apart.
  void Sort() {
    for (uint32_t i = 0; i < pieces_.count(); ++i) {
      const auto id = static_cast<PieceId>(i);
      const Pieces::Constraint c = pieces_.constraint(id);
      const uint64_t size = pieces_[id].size.value();
      if (c.kind == Kind::kFixed) {
        fixed_.push_back({c.where.value(), c.where.value() + size, id});
        Set(id, c.where.value());
      } else if (c.kind == Kind::kFromEnd) {
        tail_ = std::max(tail_, c.where.value());
        from_end_.push_back(id);
      }
    }
    std::sort(fixed_.begin(), fixed_.end(),
              [](const Run& a, const Run& b) { return a.start < b.start; });
  }

  // Sorted runs may not share a byte.
  absl::Status CheckRuns(const std::vector<Run>& runs) const {
    for (size_t i = 1; i < runs.size(); ++i) {
      if (runs[i].start >= runs[i - 1].end) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          Name(runs[i].piece), " at byte ", runs[i].start, " overlaps ", Name(runs[i - 1].piece),
          ", which lies in bytes ", runs[i - 1].start, " to ", runs[i - 1].end - 1));
    }
    return absl::OkStatus();
  }

  // The size of a piece with those that adjoin it.
  uint64_t SizeWithAdjoining(uint32_t i) const {
    uint64_t size = pieces_[static_cast<PieceId>(i)].size.value();
    for (++i; i < pieces_.count(); ++i) {
      const auto id = static_cast<PieceId>(i);
      if (!pieces_.constraint(id).adjoins) break;
      size = RoundUp(size, kBlockSize) + pieces_[id].size.value();
    }
    return size;
  }

  void Flow() {
    size_t next_fixed = 0;
    cursor_ = shape_.flow_start.value();
    for (uint32_t i = 0; i < pieces_.count(); ++i) {
      const auto id = static_cast<PieceId>(i);
      const Pieces::Constraint c = pieces_.constraint(id);
      if (c.kind != Kind::kFlow) continue;
      const uint64_t size = pieces_[id].size.value();
      // What stays together looks for a place together; this holds for the rest of it, too.
      const uint64_t together = c.adjoins ? size : SizeWithAdjoining(i);
      cursor_ = RoundUp(std::max(cursor_, c.not_before.value()), c.alignment.value());
      while (next_fixed < fixed_.size() && cursor_ + together > fixed_[next_fixed].start) {
        cursor_ = RoundUp(std::max(cursor_, fixed_[next_fixed].end), c.alignment.value());
        ++next_fixed;
      }
      Set(id, cursor_);
      cursor_ += size;
    }
    // What is fixed behind the last flowing piece belongs to the image as well.
    if (!fixed_.empty()) cursor_ = std::max(cursor_, fixed_.back().end);
  }

  absl::Status PlaceTail() {
    const uint64_t used = RoundUp(cursor_, kBlockSize) + shape_.padding.value() + tail_;
    const uint64_t least = std::max(used, shape_.minimum.value());
    const uint64_t multiple = shape_.multiple.value();
    constexpr uint64_t kTooLarge = (kMostBlocks + 1) * kBlockSize;
    // Rounding numbers that are too large already might wrap around.
    const uint64_t size = std::max(least, multiple) < kTooLarge ? RoundUp(least, multiple)
                                                                : std::max(least, multiple);
    if (size >= kTooLarge) {
      return absl::OutOfRangeError(absl::StrCat("the image needs ", size / kBlockSize,
                                                " blocks of 2048 bytes, a volume holds ",
                                                kMostBlocks, " (8 TiB; ECMA-119 8.4.8)"));
    }
    at_.image_size_ = ByteCount(size);
    std::vector<Run> runs;
    for (PieceId id : from_end_) {
      const uint64_t start = size - pieces_.constraint(id).where.value();
      runs.push_back({start, start + pieces_[id].size.value(), id});
      Set(id, start);
    }
    std::sort(runs.begin(), runs.end(),
              [](const Run& a, const Run& b) { return a.start < b.start; });
    RETURN_IF_ERROR(CheckRuns(runs));
    if (!runs.empty() && runs.back().end > size) {
      return absl::InvalidArgumentError(
          absl::StrCat(Name(runs.back().piece), " reaches past the end of the image"));
    }
    return absl::OkStatus();
  }

  const Pieces& pieces_;
  const Shape& shape_;
  Addresses at_;
  std::vector<Run> fixed_;
  std::vector<PieceId> from_end_;
  uint64_t tail_ = 0;
  uint64_t cursor_ = 0;
};

absl::StatusOr<Addresses> Place(const Pieces& pieces, const Shape& shape) {
  return Placer(pieces, shape).Place();
}

}  // namespace isomason
