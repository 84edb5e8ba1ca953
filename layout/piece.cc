#include "layout/piece.h"

#include <algorithm>

namespace isomason {

const Addresses& Addresses::Unknown() {
  static const Addresses* const unknown = new Addresses();
  return *unknown;
}

PieceId Pieces::Add(const PieceOwner& owner, uint32_t index, ByteCount size) {
  auto it = std::find(owners_.begin(), owners_.end(), &owner);
  if (it == owners_.end()) it = owners_.insert(owners_.end(), &owner);
  pieces_.push_back({size, static_cast<uint16_t>(it - owners_.begin()), index});
  return static_cast<PieceId>(pieces_.size() - 1);
}

PieceId Pieces::AddContent(ContentId content, ByteCount size) {
  const auto number = static_cast<uint32_t>(content);
  pieces_.push_back({size, kContentOwner, number});
  content_limit_ = std::max(content_limit_, number + 1);
  return static_cast<PieceId>(pieces_.size() - 1);
}

Pieces::Constraint& Pieces::Constrain(PieceId piece) {
  return constraints_.try_emplace(static_cast<uint32_t>(piece), constraint(piece)).first->second;
}

void Pieces::Fix(PieceId piece, ByteCount offset) {
  Constraint& c = Constrain(piece);
  c.kind = Constraint::Kind::kFixed;
  c.where = offset;
}

void Pieces::Keep(PieceId piece, ByteCount offset, Claim claim) {
  Constraint& c = Constrain(piece);
  c.kind = Constraint::Kind::kKeep;
  c.where = offset;
  c.claim = claim;
}

void Pieces::Attach(PieceId piece, PieceId leader, ByteCount distance) {
  Constraint& c = Constrain(piece);
  c.kind = Constraint::Kind::kAttached;
  c.leader = leader;
  c.where = distance;
}

void Pieces::Alias(ContentId content, PieceId piece) {
  aliases_[content] = piece;
  content_limit_ = std::max(content_limit_, static_cast<uint32_t>(content) + 1);
}

void Pieces::Trail(PieceId piece) { Constrain(piece).kind = Constraint::Kind::kTrail; }

void Pieces::FixFromEnd(PieceId piece, ByteCount distance) {
  Constraint& c = Constrain(piece);
  c.kind = Constraint::Kind::kFromEnd;
  c.where = distance;
}

void Pieces::Align(PieceId piece, ByteCount alignment) { Constrain(piece).alignment = alignment; }

void Pieces::Adjoin(PieceId piece) { Constrain(piece).adjoins = true; }

void Pieces::NotBefore(PieceId piece, ByteCount offset) { Constrain(piece).not_before = offset; }

const PieceOwner* Pieces::owner(PieceId id) const {
  const uint16_t owner = (*this)[id].owner;
  return owner == kContentOwner ? nullptr : owners_[owner];
}

Pieces::Constraint Pieces::constraint(PieceId id) const {
  const auto it = constraints_.find(static_cast<uint32_t>(id));
  if (it != constraints_.end()) return it->second;
  Constraint constraint;
  if ((*this)[id].owner == kContentOwner) constraint.alignment = content_alignment_;
  return constraint;
}

}  // namespace isomason
