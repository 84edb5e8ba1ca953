#include "layout/image.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "layout/parallel.h"
#include "layout/status.h"

namespace isomason {
namespace {

using Visit = absl::FunctionRef<absl::Status(const Extent&)>;

// How much of a generated content is held at a time.
constexpr uint64_t kGeneratedAtATime = 256 << 10;
// How much of an alias.
constexpr uint64_t kAliasAtATime = 1 << 20;

absl::Status VisitZeros(uint64_t from, uint64_t to, Visit visit) {
  if (from >= to) return absl::OkStatus();
  return visit({Extent::Kind::kZeros, from, to - from, {}, kNoContent, 0});
}

}  // namespace

Image::Image(const Pieces& pieces, const ContentTable& contents, Addresses addresses)
    : pieces_(pieces), contents_(contents), addresses_(std::move(addresses)) {
  // Most pieces were added in the order of their addresses; those that were not are few.
  const auto before = [&](PieceId a, PieceId b) { return addresses_[a] < addresses_[b]; };
  constexpr size_t kFew = 16;
  std::vector<PieceId> others;
  order_.reserve(pieces.count());
  for (uint32_t i = 0; i < pieces.count(); ++i) {
    const auto id = static_cast<PieceId>(i);
    if (pieces[id].size == ByteCount(0)) continue;
    // Either a few that lie far behind came early, or this one comes late.
    size_t keep = order_.size();
    while (keep > 0 && order_.size() - keep <= kFew && before(id, order_[keep - 1])) --keep;
    if (order_.size() - keep > kFew) {
      others.push_back(id);
      continue;
    }
    others.insert(others.end(), order_.begin() + static_cast<std::ptrdiff_t>(keep), order_.end());
    order_.resize(keep);
    order_.push_back(id);
  }
  const auto middle = static_cast<std::ptrdiff_t>(order_.size());
  std::sort(others.begin(), others.end(), before);
  order_.insert(order_.end(), others.begin(), others.end());
  std::inplace_merge(order_.begin(), order_.begin() + middle, order_.end(), before);
}

absl::Status Image::Prepare(int jobs, const Stop& stop) {
  for (const auto stage :
       {Preparation::Stage::kSources, Preparation::Stage::kFiles, Preparation::Stage::kImage}) {
    std::vector<Preparation*> now;
    for (const auto& preparation : preparations_) {
      if (preparation->stage() == stage) now.push_back(preparation.get());
    }
    RETURN_IF_ERROR(
        ParallelFor(now.size(), jobs, [&](size_t i) { return now[i]->Run(*this, stop); }));
  }
  return absl::OkStatus();
}

size_t Image::FirstEndingAfter(uint64_t offset) const {
  size_t low = 0;
  size_t high = order_.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (End(middle) > offset) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

absl::Status Image::VisitRun(const ContentTable::Part& run, uint64_t at, Visit visit) const {
  switch (contents_.kind(run.content)) {
    case ContentTable::Kind::kZeros:
      return VisitZeros(at, at + run.size, visit);
    case ContentTable::Kind::kBytes:
      return visit({Extent::Kind::kData, at, run.size,
                    contents_.bytes(run.content).substr(run.offset, run.size), run.content, 0});
    case ContentTable::Kind::kFile:
      return visit({Extent::Kind::kFile, at, run.size, {}, run.content, run.offset});
    case ContentTable::Kind::kGenerated: {
      std::string bytes;
      for (uint64_t done = 0; done < run.size; done += bytes.size()) {
        bytes.resize(std::min(kGeneratedAtATime, run.size - done));
        RETURN_IF_ERROR(contents_.ReadUnpatched(
            run.content, run.offset + done,
            absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())));
        RETURN_IF_ERROR(
            visit({Extent::Kind::kData, at + done, bytes.size(), bytes, run.content, 0}));
      }
      return absl::OkStatus();
    }
    case ContentTable::Kind::kParts:
      break;
  }
  return absl::InternalError("a run of no kind");
}

absl::Status Image::VisitContent(ContentId content, uint64_t start, uint64_t from, uint64_t to,
                                 Visit visit) const {
  auto unpatched = [&](uint64_t begin, uint64_t end) -> absl::Status {
    if (begin >= end) return absl::OkStatus();
    return contents_.VisitRuns(content, begin - start, end - begin,
                               [&](const ContentTable::Part& run) {
                                 const uint64_t at = begin;
                                 begin += run.size;
                                 return VisitRun(run, at, visit);
                               });
  };
  // Patches lie in order and apart from each other.
  uint64_t done = from;
  for (const auto& patch : contents_.patches(content)) {
    const uint64_t patch_start = start + patch->offset();
    const uint64_t patch_end = patch_start + patch->size();
    if (patch_end <= done || patch_start >= to) continue;
    const uint64_t begin = std::max(done, patch_start);
    const uint64_t end = std::min(to, patch_end);
    RETURN_IF_ERROR(unpatched(done, begin));
    std::string bytes(patch->size(), '\0');
    RETURN_IF_ERROR(patch->Render(
        addresses_, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())));
    RETURN_IF_ERROR(
        visit({Extent::Kind::kData, begin, end - begin,
               absl::string_view(bytes).substr(begin - patch_start, end - begin), content, 0}));
    done = end;
  }
  return unpatched(done, to);
}

absl::Status Image::VisitPiece(PieceId piece, uint64_t from, uint64_t to, Visit visit) const {
  const uint64_t start = addresses_[piece].value();
  const PieceOwner* owner = pieces_.owner(piece);
  if (owner == nullptr) {
    return VisitContent(static_cast<ContentId>(pieces_[piece].index), start, from, to, visit);
  }
  std::string bytes;
  bytes.reserve(pieces_[piece].size.value());
  RETURN_IF_ERROR(owner->Render(pieces_[piece].index, addresses_, bytes));
  if (bytes.size() != pieces_[piece].size.value()) {
    return absl::InternalError(absl::StrCat(
        owner->Describe(pieces_[piece].index), " (", owner->owner_name(), ") was measured with ",
        pieces_[piece].size.value(), " bytes and rendered with ", bytes.size()));
  }
  return visit({Extent::Kind::kData, from, to - from,
                absl::string_view(bytes).substr(from - start, to - from), kNoContent, 0});
}

absl::Status Image::Extents(uint64_t offset, uint64_t size, Visit visit) const {
  const uint64_t end = offset + size;
  if (end < offset || end > this->size()) {
    return absl::OutOfRangeError(absl::StrCat("bytes ", offset, " to ", end,
                                              " reach past the end of the image, ", this->size()));
  }
  if (size == 0) return absl::OkStatus();
  uint64_t done = offset;
  for (size_t i = FirstEndingAfter(offset); i < order_.size() && Start(i) < end; ++i) {
    const uint64_t from = std::max(done, Start(i));
    const uint64_t to = std::min(end, End(i));
    RETURN_IF_ERROR(VisitZeros(done, from, visit));
    RETURN_IF_ERROR(VisitPiece(order_[i], from, to, visit));
    done = to;
  }
  return VisitZeros(done, end, visit);
}

absl::Status Image::Read(uint64_t offset, absl::Span<uint8_t> out) const {
  return Extents(offset, out.size(), [&](const Extent& extent) -> absl::Status {
    const absl::Span<uint8_t> part = out.subspan(extent.offset - offset, extent.size);
    switch (extent.kind) {
      case Extent::Kind::kData:
        std::memcpy(part.data(), extent.data.data(), part.size());
        return absl::OkStatus();
      case Extent::Kind::kZeros:
        std::memset(part.data(), 0, part.size());
        return absl::OkStatus();
      case Extent::Kind::kFile:
        return contents_.ReadUnpatched(extent.content, extent.content_offset, part);
    }
    return absl::InternalError("an extent of no kind");
  });
}

absl::Status Image::ReadContent(
    ContentId content, const Stop& stop,
    absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const {
  if (pieces_.aliases().contains(content)) return ReadAlias(content, stop, take);
  return contents_.ReadPatched(content, addresses_, stop, take);
}

absl::Status Image::ReadAlias(
    ContentId content, const Stop& stop,
    absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const {
  const uint64_t size = contents_.size(content);
  std::vector<uint8_t> buffer(std::min(size, kAliasAtATime));
  for (uint64_t done = 0; done < size;) {
    RETURN_IF_ERROR(stop.Check());
    const auto bytes =
        absl::MakeSpan(buffer).subspan(0, std::min<uint64_t>(buffer.size(), size - done));
    RETURN_IF_ERROR(Read(addresses_[content].value() + done, bytes));
    RETURN_IF_ERROR(take(bytes));
    done += bytes.size();
  }
  return absl::OkStatus();
}

uint64_t Image::CutAtOrAfter(uint64_t offset) const {
  if (offset >= size()) return size();
  const size_t i = FirstEndingAfter(offset);
  if (i == order_.size() || Start(i) >= offset) return offset;
  return pieces_.owner(order_[i]) == nullptr ? offset : End(i);
}

void Image::Map(const std::function<std::string(ContentId)>& name_content,
                absl::FunctionRef<void(const MapLine&)> visit) const {
  for (const PieceId id : order_) {
    const PieceOwner* owner = pieces_.owner(id);
    MapLine line{addresses_[id].value(), pieces_[id].size.value(), "content", ""};
    if (owner != nullptr) {
      line.owner = owner->owner_name();
      line.what = owner->Describe(pieces_[id].index);
    } else {
      line.what = name_content(static_cast<ContentId>(pieces_[id].index));
    }
    visit(line);
  }
}

}  // namespace isomason
