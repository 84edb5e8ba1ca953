// -----------------------------------------------------------------------------
// File: layout/piece.h
// -----------------------------------------------------------------------------
//
// A piece is a run of bytes of the image that belongs together: a descriptor, a
// directory, the content of a file. Whoever owns a piece can render it, given the
// addresses of all pieces. No piece's size depends on an address, so an owner
// measures by rendering with zero addresses (Addresses::Unknown()) and renders
// again to produce: there is one code path and no back-patching.
//
// Where pieces may lie is data. A piece without a constraint flows: it lies behind
// the piece that was added before it, at the next multiple of 2048 bytes. A content may
// lie in a gap before that.
//
//   Pieces pieces;
//   PieceId pvd = pieces.Add(iso9660, kPrimary, ByteCount(2048));
//   pieces.Fix(pvd, ToBytes(Block(16)));
//
#ifndef ISOMASON_LAYOUT_PIECE_H_
#define ISOMASON_LAYOUT_PIECE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "layout/content.h"
#include "layout/units.h"

namespace isomason {

// A piece's number, counted from 0 in the order of adding.
enum class PieceId : uint32_t {};
inline constexpr PieceId kNoPiece{0xFFFFFFFF};

class Addresses;

// Whoever makes bytes: a namespace, the boot catalog. One owner has many pieces
// and tells them apart by an index of its own.
class PieceOwner {
 public:
  virtual ~PieceOwner() = default;
  // A word for the map: "iso9660", "udf", "boot".
  virtual absl::string_view owner_name() const = 0;
  // What the piece is, for the map and for errors: "directory /boot".
  virtual std::string Describe(uint32_t index) const = 0;
  // Appends the piece's bytes to `out`: as many as it was added with, whatever
  // the addresses are. Thread-safe, and pure: of what can change it reads contents alone.
  virtual absl::Status Render(uint32_t index, const Addresses& at, std::string& out) const = 0;
};

class Pieces {
 public:
  struct Piece {
    ByteCount size;
    uint16_t owner;  // into owners(); kContentOwner: `index` is a ContentId
    uint32_t index;
  };
  static constexpr uint16_t kContentOwner = 0xFFFF;

  // Of two contents that want to be kept on the same bytes, who gets them.
  enum class Claim : uint8_t { kFirst, kSecond };

  // What restrains a piece. Offsets and distances are bytes.
  struct Constraint {
    enum class Kind : uint8_t {
      kFlow,
      kKeep,
      kFixed,
      kFromEnd,
      kAttached,
      kTrail
    } kind = Kind::kFlow;
    Claim claim = Claim::kFirst;      // kKeep
    bool adjoins = false;             // kFlow: nothing lies between the piece before and this
    PieceId leader = kNoPiece;        // kAttached
    ByteCount where;                  // kFixed, kKeep: the offset; kFromEnd: from the end;
                                      // kAttached: from the start of its leader
    ByteCount alignment{kBlockSize};  // kFlow, kKeep, kTrail
    ByteCount not_before;             // kFlow, of pieces that are no contents
  };

  // Adds a piece of `size` bytes. `owner` outlives every user of the pieces.
  PieceId Add(const PieceOwner& owner, uint32_t index, ByteCount size);

  // The alignment of contents that are not told otherwise; 2048 unless set.
  void SetContentAlignment(ByteCount alignment) { content_alignment_ = alignment; }

  // Adds the bytes of a content; each content at most once, of size 1 or more.
  PieceId AddContent(ContentId content, ByteCount size);

  // The piece starts at `offset`.
  void Fix(PieceId piece, ByteCount offset);
  // The content starts at `offset` when that is free, and flows otherwise.
  void Keep(PieceId piece, ByteCount offset, Claim claim);
  // The content starts `distance` behind the start of `leader`, another content, which was
  // added before it and is attached to none itself. Both lie wherever there is room for all
  // that is attached to `leader`, and nothing else lies between them.
  void Attach(PieceId piece, PieceId leader, ByteCount distance);
  // The content lies where `piece` starts, and is no bytes of its own: it is all that `piece` is
  // the leader of, or a part of that. Image::ReadContent() takes it from the image.
  void Alias(ContentId content, PieceId piece);
  // The piece lies behind everything but those that count from the end and those that trail
  // and were added after it.
  void Trail(PieceId piece);
  // The piece starts `distance` before the end of the image.
  void FixFromEnd(PieceId piece, ByteCount distance);
  // The piece starts at a multiple of `alignment` (of 2048 unless said).
  void Align(PieceId piece, ByteCount alignment);
  // The piece starts in the block behind the piece that was added before it, which flows and
  // gives way, too, where a fixed piece would part them.
  void Adjoin(PieceId piece);
  // The piece, and so all that flow behind it, starts at `offset` or later.
  void NotBefore(PieceId piece, ByteCount offset);

  uint32_t count() const { return static_cast<uint32_t>(pieces_.size()); }
  const Piece& operator[](PieceId id) const { return pieces_[static_cast<uint32_t>(id)]; }
  const PieceOwner* owner(PieceId id) const;  // nullptr for a content
  Constraint constraint(PieceId id) const;
  // The highest content number added, plus 1.
  uint32_t content_limit() const { return content_limit_; }
  // The contents that are aliases, with the pieces that they start with.
  const absl::flat_hash_map<ContentId, PieceId>& aliases() const { return aliases_; }

 private:
  // The piece's constraint, to be changed.
  Constraint& Constrain(PieceId piece);

  std::vector<Piece> pieces_;
  std::vector<const PieceOwner*> owners_;
  absl::flat_hash_map<uint32_t, Constraint> constraints_;  // those that are not the default
  absl::flat_hash_map<ContentId, PieceId> aliases_;
  ByteCount content_alignment_{kBlockSize};
  uint32_t content_limit_ = 0;
};

// Where everything lies. Copying is not wanted: it holds 8 bytes a piece.
class Addresses {
 public:
  // Every address zero, and the size of the image zero: what pieces are measured with.
  static const Addresses& Unknown();

  Addresses() = default;
  Addresses(Addresses&&) = default;
  Addresses& operator=(Addresses&&) = default;

  ByteCount operator[](PieceId piece) const {
    return ByteCount(pieces_.empty() ? 0 : pieces_[static_cast<uint32_t>(piece)]);
  }
  // Where a content lies; 0 when it was not placed (it is empty).
  ByteCount operator[](ContentId content) const {
    const auto i = static_cast<uint32_t>(content);
    return ByteCount(i < contents_.size() ? contents_[i] : 0);
  }
  // The same in blocks: the piece starts on a block.
  Block block(PieceId piece) const { return BlockAt((*this)[piece]); }
  Block block(ContentId content) const { return BlockAt((*this)[content]); }

  // The size of the whole image, a multiple of 2048 bytes.
  ByteCount image_size() const { return image_size_; }
  // From where on contents flow: behind what flows before them, and the slack.
  ByteCount content_start() const { return content_start_; }

 private:
  friend class Placer;
  std::vector<uint64_t> pieces_;
  std::vector<uint64_t> contents_;
  ByteCount image_size_;
  ByteCount content_start_;
};

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_PIECE_H_
