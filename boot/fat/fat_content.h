// -----------------------------------------------------------------------------
// File: boot/fat/fat_content.h
// -----------------------------------------------------------------------------
//
// A planned FAT volume among the pieces of an image. Its metadata is a content, and the
// contents of its files lie at fixed distances behind it, where other file systems of the
// image point to them as to any other content.
//
//   auto fat = std::make_shared<const FatVolume>(*std::move(planned));
//   FatContents esp = AddFatContents(contents, fat, {.hidden_sectors = true});
//   for (const FatVolume::File& file : fat->files()) esp.files.push_back(...);
//   PieceId leader = AddFatPieces(*fat, esp, pieces).leader;
//   ASSIGN_OR_RETURN(Addresses at, Place(pieces, shape));
//   at[leader]      // where the volume starts; fat->size() bytes belong to it
//
#ifndef ISOMASON_BOOT_FAT_FAT_CONTENT_H_
#define ISOMASON_BOOT_FAT_FAT_CONTENT_H_

#include <memory>
#include <vector>

#include "boot/fat/volume.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

struct FatPlacing {
  // The boot sectors tell where in the image the volume starts, in sectors of 512 bytes (fatgen103,
  // BPB_HiddSec), instead of what the volume's options say.
  bool hidden_sectors = false;
};

struct FatContents {
  ContentId metadata = kNoContent;
  ContentId rest = kNoContent;   // what is behind the last file; kNoContent: nothing
  std::vector<ContentId> files;  // one for each of FatVolume::files()
};

// Adds the metadata and what is behind the last file to `contents`; the files' contents are the
// caller's.
FatContents AddFatContents(ContentTable& contents, std::shared_ptr<const FatVolume> volume,
                           const FatPlacing& placing = {});

struct FatPieces {
  PieceId leader = kNoPiece;   // of the metadata; whoever wants the volume elsewhere constrains it
  std::vector<PieceId> files;  // one for each of FatVolume::files()
};

// Adds all of a volume to `pieces`. The volume starts at a multiple of its alignment, and nothing
// else lies in it. Its files' contents are each in the volume once and no pieces yet: of two equal
// files, one needs a copy (ContentTable::AddParts).
FatPieces AddFatPieces(const FatVolume& volume, const FatContents& fat, Pieces& pieces);

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_FAT_CONTENT_H_
