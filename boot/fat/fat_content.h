// -----------------------------------------------------------------------------
// File: boot/fat/fat_content.h
// -----------------------------------------------------------------------------
//
// A planned FAT volume among the pieces of an image. Its metadata is a content, and the
// contents of its files lie at fixed distances behind it, where other file systems of the
// image point to them as to any other content.
//
//   auto fat = std::make_shared<const FatVolume>(*std::move(planned));
//   PlacedFat esp = PlaceFat(contents, pieces, fat, {.hidden_sectors = true});
//   ASSIGN_OR_RETURN(Addresses at, Place(pieces, shape));
//   at[esp.metadata]      // where the volume starts; fat->size() bytes belong to it
//
#ifndef ISOMASON_BOOT_FAT_FAT_CONTENT_H_
#define ISOMASON_BOOT_FAT_FAT_CONTENT_H_

#include <memory>

#include "boot/fat/volume.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

struct FatPlacing {
  // The boot sectors tell where in the image the volume starts, in sectors of 512 bytes (fatgen103,
  // BPB_HiddSec), instead of what the volume's options say.
  bool hidden_sectors = false;
};

struct PlacedFat {
  ContentId metadata = kNoContent;
  PieceId leader = kNoPiece;  // of the metadata; whoever wants the volume elsewhere fixes it
};

// Adds the metadata to `contents`, and metadata, files and free clusters behind the last file to
// `pieces`. The volume starts at a multiple of its alignment, and nothing else lies in it. Its
// files' contents are each in the volume once and no pieces yet: of two equal files, one needs a
// copy (ContentTable::AddParts).
PlacedFat PlaceFat(ContentTable& contents, Pieces& pieces, std::shared_ptr<const FatVolume> volume,
                   const FatPlacing& placing = {});

}  // namespace isomason

#endif  // ISOMASON_BOOT_FAT_FAT_CONTENT_H_
