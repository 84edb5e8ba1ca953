#include "authoring/media.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace isomason {
namespace {

// In ascending order. The numbers are explained where the manifest defines the names.
constexpr Medium kMedia[] = {
    {manifest::CD_650, Block(332850), "a CD of 74 minutes"},
    {manifest::CD_700, Block(359849), "a CD of 80 minutes"},
    {manifest::DVD_5, Block(2295104), "a DVD of one layer"},
    {manifest::DVD_9, Block(4171712), "a DVD of two layers"},
    {manifest::BD_25, Block(12219392), "a Blu-ray disc of one layer"},
    {manifest::BD_50, Block(24438784), "a Blu-ray disc of two layers"},
    {manifest::BD_100, Block(48878592), "a Blu-ray disc of three layers"},
};

}  // namespace

const Medium* MediumOf(const manifest::Manifest& manifest) {
  for (const Medium& medium : kMedia) {
    if (medium.media == manifest.layout().media()) return &medium;
  }
  return nullptr;
}

void CheckMedium(const manifest::Manifest& manifest, ByteCount size, Problems* problems) {
  const Medium* const medium = MediumOf(manifest);
  if (medium == nullptr || BlocksFor(size) <= medium->capacity) return;
  const uint64_t over = (size - ToBytes(medium->capacity)).value();
  std::string remedy = absl::StrCat("leave out ", over, " bytes");
  // Padding is only worth a word when it would do, and sizes are not rounded.
  const uint64_t padding = manifest.layout().padding_blocks();
  if (padding * kBlockSize >= over && manifest.layout().size_multiple() == kBlockSize &&
      manifest.layout().minimum_size() <= ToBytes(medium->capacity).value()) {
    absl::StrAppend(&remedy, ", or set `layout.padding_blocks: ", padding - over / kBlockSize, "`");
  }
  for (const Medium& other : kMedia) {
    if (BlocksFor(size) > other.capacity) continue;
    absl::StrAppend(&remedy, ", or use `layout.media: ", manifest::Media_Name(other.media), "`");
    break;
  }
  problems->push_back(
      {.field = "layout.media",
       .where = "layout",
       .message = absl::StrCat("the image has ", size.value(), " bytes, ", over, " more than the ",
                               ToBytes(medium->capacity).value(), " of ", medium->what),
       .remedy = std::move(remedy)});
}

}  // namespace isomason
