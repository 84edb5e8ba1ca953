#include "boot/guid.h"

#include <algorithm>
#include <cstddef>

namespace isomason {
namespace {

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<Guid> ParseGuid(absl::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Guid guid{};
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = DigitOf(text[i]);
    if (digit < 0) return std::nullopt;
    uint8_t& byte = guid[digits++ / 2];
    byte = static_cast<uint8_t>(byte << 4 | digit);
  }
  std::reverse(guid.begin(), guid.begin() + 4);
  std::reverse(guid.begin() + 4, guid.begin() + 6);
  std::reverse(guid.begin() + 6, guid.begin() + 8);
  return guid;
}

Guid GuidFromDigest(const std::array<uint8_t, 32>& digest) {
  Guid guid;
  std::copy_n(digest.begin(), guid.size(), guid.begin());
  guid[7] = static_cast<uint8_t>((guid[7] & 0x0F) | 0x80);  // the version
  guid[8] = static_cast<uint8_t>((guid[8] & 0x3F) | 0x80);  // the variant
  return guid;
}

}  // namespace isomason
