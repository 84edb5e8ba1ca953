// -----------------------------------------------------------------------------
// File: tools/oracle/digest.h
// -----------------------------------------------------------------------------
//
// SHA-256 of bytes that arrive bit by bit, and of whole strings and files.
//
//   Digest digest;
//   command.on_output = [&](absl::string_view bytes) { digest.Update(bytes); };
//   ...
//   entry.sha256 = digest.Finish();
#ifndef ISOMASON_TOOLS_ORACLE_DIGEST_H_
#define ISOMASON_TOOLS_ORACLE_DIGEST_H_

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

class Digest {
 public:
  Digest();
  void Update(absl::string_view bytes);
  // How many bytes came so far.
  uint64_t size() const { return size_; }
  // 64 lower-case hex digits. Call once.
  std::string Finish();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
  uint64_t size_ = 0;
};

// SHA-256 as 64 lower-case hex digits.
std::string Sha256(absl::string_view bytes);

// The same of a host file. NotFound when there is none, Internal when it cannot be read.
absl::StatusOr<std::string> Sha256OfFile(const std::string& path);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_DIGEST_H_
