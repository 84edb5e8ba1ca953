#include "layout/placement.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "layout/gaps.h"
#include "layout/status.h"

namespace isomason {

using Kind = Pieces::Constraint::Kind;

std::string NameOf(const Pieces& pieces, PieceId piece, const ContentNames& names) {
  const PieceOwner* const owner = pieces.owner(piece);
  const uint32_t index = pieces[piece].index;
  if (owner != nullptr) return absl::StrCat(owner->Describe(index), " (", owner->owner_name(), ")");
  return names ? names(static_cast<ContentId>(index)) : absl::StrCat("file content ", index);
}

// The one maker of addresses.
class Placer {
 public:
  Placer(const Pieces& pieces, const Shape& shape, const ContentNames& names,
         std::vector<Conflict>* conflicts)
      : pieces_(pieces), shape_(shape), names_(names), conflicts_(conflicts) {
    at_.pieces_.resize(pieces.count());
    at_.contents_.resize(pieces.content_limit());
  }

  absl::StatusOr<Addresses> Place() && {
    Sort();
    RETURN_IF_ERROR(CheckRuns(fixed_));
    Flow();
    Trail();
    SetAttached();
    for (const auto& [content, piece] : pieces_.aliases()) {
      at_.contents_[static_cast<uint32_t>(content)] = at_[piece].value();
    }
    RETURN_IF_ERROR(PlaceTail());
    return std::move(at_);
  }

 private:
  struct Run {
    uint64_t start, end;
    PieceId piece;
  };

  std::string Name(PieceId id) const { return NameOf(pieces_, id, names_); }

  void Set(PieceId id, uint64_t offset) {
    at_.pieces_[static_cast<uint32_t>(id)] = offset;
    const Pieces::Piece& piece = pieces_[id];
    if (piece.owner == Pieces::kContentOwner) at_.contents_[piece.index] = offset;
  }

  // The bytes from the start of a piece to the end of what is attached to it.
  uint64_t SpanOf(PieceId id) const {
    const auto it = spans_.find(id);
    return it == spans_.end() ? pieces_[id].size.value() : it->second;
  }

  void SetAttached() {
    for (const PieceId id : attached_) {
      const Pieces::Constraint c = pieces_.constraint(id);
      Set(id, at_[c.leader].value() + c.where.value());
    }
  }

  // Finds the pieces that are fixed, those that count from the end, and the attached ones.
  void Sort() {
    for (uint32_t i = 0; i < pieces_.count(); ++i) {
      const auto id = static_cast<PieceId>(i);
      const Pieces::Constraint c = pieces_.constraint(id);
      if (c.kind != Kind::kAttached) continue;
      attached_.push_back(id);
      uint64_t& span = spans_.try_emplace(c.leader, pieces_[c.leader].size.value()).first->second;
      span = std::max(span, c.where.value() + pieces_[id].size.value());
    }
    for (uint32_t i = 0; i < pieces_.count(); ++i) {
      const auto id = static_cast<PieceId>(i);
      const Pieces::Constraint c = pieces_.constraint(id);
      const uint64_t size = SpanOf(id);
      if (c.kind == Kind::kFixed) {
        fixed_.push_back({c.where.value(), c.where.value() + size, id});
        Set(id, c.where.value());
      } else if (c.kind == Kind::kFromEnd) {
        tail_ = std::max(tail_, c.where.value());
        from_end_.push_back(id);
      } else if (c.kind == Kind::kTrail) {
        trailing_.push_back(id);
      }
    }
    std::sort(fixed_.begin(), fixed_.end(),
              [](const Run& a, const Run& b) { return a.start < b.start; });
  }

  // Sorted runs may not share a byte.
  absl::Status CheckRuns(const std::vector<Run>& runs) const {
    absl::Status status;
    size_t last = 0;  // the run that reaches furthest so far
    for (size_t i = 1; i < runs.size(); ++i) {
      const Run& other = runs[last];
      if (runs[i].start < other.end) {
        status.Update(absl::InvalidArgumentError(absl::StrCat(
            Name(runs[i].piece), " at byte ", runs[i].start, " overlaps ", Name(other.piece),
            ", which lies in bytes ", other.start, " to ", other.end - 1)));
        if (conflicts_ != nullptr) conflicts_->push_back({runs[i].piece, other.piece});
      }
      if (runs[i].end > other.end) last = i;
    }
    return status;
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

  // All that is neither, in the order of adding.
  void Flow() {
    cursor_ = shape_.flow_start.value();
    for (uint32_t i = 0; i < pieces_.count();) {
      uint32_t end = i;
      while (end < pieces_.count() && IsContent(end)) ++end;
      if (end > i) {
        PlaceContents(i, end);
        i = end;
        continue;
      }
      const uint32_t self = i++;
      const auto id = static_cast<PieceId>(self);
      const Pieces::Constraint c = pieces_.constraint(id);
      if (c.kind != Kind::kFlow) continue;
      const uint64_t size = pieces_[id].size.value();
      // What stays together looks for a place together; this holds for the rest of it, too.
      const uint64_t together = c.adjoins ? size : SizeWithAdjoining(self);
      cursor_ = RoundUp(std::max(cursor_, c.not_before.value()), c.alignment.value());
      while (next_fixed_ < fixed_.size() && cursor_ + together > fixed_[next_fixed_].start) {
        cursor_ = RoundUp(std::max(cursor_, fixed_[next_fixed_].end), c.alignment.value());
        ++next_fixed_;
      }
      Set(id, cursor_);
      cursor_ += size;
    }
    // What is fixed behind the last flowing piece belongs to the image as well.
    if (!fixed_.empty()) cursor_ = std::max(cursor_, fixed_.back().end);
  }

  // What lies behind everything that has found its place so far.
  void Trail() {
    for (const PieceId id : trailing_) {
      cursor_ = RoundUp(cursor_, pieces_.constraint(id).alignment.value());
      Set(id, cursor_);
      cursor_ += SpanOf(id);
    }
  }

  bool IsContent(uint32_t i) const {
    return pieces_[static_cast<PieceId>(i)].owner == Pieces::kContentOwner;
  }

  // Contents that were added one behind the other, around what is fixed and what can be
  // kept.
  void PlaceContents(uint32_t begin, uint32_t end) {
    std::vector<PieceId> flowing, kept[2];
    for (uint32_t i = begin; i < end; ++i) {
      const auto id = static_cast<PieceId>(i);
      const Pieces::Constraint c = pieces_.constraint(id);
      if (c.kind == Kind::kFlow) flowing.push_back(id);
      if (c.kind == Kind::kKeep) kept[c.claim == Pieces::Claim::kFirst ? 0 : 1].push_back(id);
    }
    if (flowing.empty() && kept[0].empty() && kept[1].empty()) return;

    absl::btree_map<uint64_t, uint64_t> taken;  // start to end, apart from each other
    for (size_t i = next_fixed_; i < fixed_.size(); ++i) {
      const Run& run = fixed_[i];
      if (run.end > std::max(cursor_, run.start)) taken.emplace(run.start, run.end);
    }
    uint64_t last = cursor_;
    const size_t flowing_from_the_start = flowing.size();
    for (const auto& claims : kept) {
      for (const PieceId id : claims) {
        if (Keep(id, taken)) {
          last = std::max(last, at_[id].value() + SpanOf(id));
        } else {
          flowing.push_back(id);
        }
      }
    }
    if (flowing.size() > flowing_from_the_start) std::sort(flowing.begin(), flowing.end());

    const uint64_t start = shape_.content_start.value() >= cursor_ ? shape_.content_start.value()
                                                                   : cursor_ + shape_.slack.value();
    at_.content_start_ = ByteCount(start);
    Gaps gaps(start, {taken.begin(), taken.end()});
    for (const PieceId id : flowing) {
      const uint64_t size = SpanOf(id);
      const uint64_t at = gaps.Take(size, pieces_.constraint(id).alignment.value());
      Set(id, at);
      last = std::max(last, at + size);
    }
    cursor_ = last;
  }

  // Places a content where it was; false when that is not free.
  bool Keep(PieceId id, absl::btree_map<uint64_t, uint64_t>& taken) {
    const Pieces::Constraint c = pieces_.constraint(id);
    const uint64_t start = c.where.value();
    const uint64_t end = start + SpanOf(id);
    if (start < cursor_ || start % c.alignment.value() != 0) return false;
    // Blocks are not shared, and what lies before may end inside of one.
    const auto next = taken.lower_bound(start);
    if (next != taken.end() && next->first < end) return false;
    if (next != taken.begin() && std::prev(next)->second > start) return false;
    taken.emplace_hint(next, start, end);
    Set(id, start);
    return true;
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
  const ContentNames& names_;
  std::vector<Conflict>* const conflicts_;
  Addresses at_;
  std::vector<Run> fixed_;
  size_t next_fixed_ = 0;  // the first that may lie behind the cursor
  std::vector<PieceId> from_end_, attached_, trailing_;
  absl::flat_hash_map<PieceId, uint64_t> spans_;  // of pieces that others are attached to
  uint64_t tail_ = 0;
  uint64_t cursor_ = 0;  // the end of what has been placed
};

absl::StatusOr<Addresses> Place(const Pieces& pieces, const Shape& shape, const ContentNames& names,
                                std::vector<Conflict>* conflicts) {
  return Placer(pieces, shape, names, conflicts).Place();
}

}  // namespace isomason
