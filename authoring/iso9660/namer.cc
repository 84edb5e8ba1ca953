#include "authoring/iso9660/namer.h"

#include <algorithm>

namespace isomason {

uint64_t StableHash(absl::string_view bytes, uint64_t seed) {
  // FNV-1a, then the finisher of SplitMix64 so that every input bit reaches the
  // low digits.
  uint64_t h = 0xCBF29CE484222325 ^ seed;
  for (const char c : bytes) h = (h ^ static_cast<uint8_t>(c)) * 0x100000001B3;
  h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9;
  h = (h ^ (h >> 27)) * 0x94D049BB133111EB;
  return h ^ (h >> 31);
}

void AppendVariation(absl::string_view name, int attempt, size_t width, std::string& out) {
  uint64_t h = StableHash(name, static_cast<uint64_t>(attempt));
  for (size_t i = 0; i < width; ++i, h /= 36) {
    out.push_back("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[h % 36]);
  }
}

size_t VariationWidth(int attempt, size_t least, size_t most) {
  if (attempt == 0) return 0;
  return std::min(most, least + static_cast<size_t>(attempt - 1) / 8);
}

}  // namespace isomason
