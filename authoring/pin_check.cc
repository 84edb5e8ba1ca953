#include "authoring/pin_check.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {

absl::Status PinCheck::Run(const ContentTable& contents, const Stop& stop) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  ASSIGN_OR_RETURN(const OpenedFile file, contents.Open(content_));
  const uint64_t size = contents.size(content_);
  std::vector<uint8_t> bytes(std::min<uint64_t>(size, 1 << 20));
  for (uint64_t at = 0; at < size; at += bytes.size()) {
    bytes.resize(std::min<uint64_t>(bytes.size(), size - at));
    RETURN_IF_ERROR(stop.Check());
    RETURN_IF_ERROR(file.Read(at, absl::MakeSpan(bytes)));
    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  }
  RETURN_IF_ERROR(file.CheckUnchanged());
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  const std::string hex = absl::BytesToHexString(digest);
  if (hex == sha256_) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(where_, ": ", file.path(), " has the SHA-256 ",
                                                    hex, ", the manifest pins ", sha256_));
}

}  // namespace isomason
