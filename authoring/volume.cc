#include "authoring/volume.h"

#include <openssl/evp.h>

#include "absl/strings/escaping.h"

namespace isomason {

std::array<uint8_t, 32> ImageId::Derive(absl::string_view purpose) const {
  std::string input(reinterpret_cast<const char*>(digest_.data()), digest_.size());
  input.append(purpose.data(), purpose.size());
  std::array<uint8_t, 32> out{};
  EVP_Digest(input.data(), input.size(), out.data(), nullptr, EVP_sha256(), nullptr);
  return out;
}

std::string ImageId::Hex() const {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest_.data()), digest_.size()));
}

}  // namespace isomason
