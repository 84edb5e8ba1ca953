// -----------------------------------------------------------------------------
// File: authoring/checksum_line.h
// -----------------------------------------------------------------------------
//
// A line of a list of checksums, as md5sum, sha1sum, sha256sum, sha512sum and b2sum of
// GNU coreutils write and check it. How long a line is follows from the name alone.
//
//   ChecksumStyle style{DigestAlgorithm::kMd5, /*tag=*/false};
//   AppendChecksumLine(style, "./README", digest, &list);   // "d41d8…  ./README\n"
//
#ifndef ISOMASON_AUTHORING_CHECKSUM_LINE_H_
#define ISOMASON_AUTHORING_CHECKSUM_LINE_H_

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace isomason {

enum class DigestAlgorithm : uint8_t { kMd5, kSha1, kSha256, kSha512, kBlake2b };
inline constexpr int kDigestAlgorithms = 5;

// Bytes of a digest.
size_t DigestSize(DigestAlgorithm algorithm);
// The algorithm as libcrypto has it.
const EVP_MD* DigestFunction(DigestAlgorithm algorithm);

struct ChecksumStyle {
  DigestAlgorithm algorithm;
  bool tag = false;  // "MD5 (name) = digest", what --tag writes
};

// Bytes of the line for `name`, with its line feed.
size_t ChecksumLineSize(const ChecksumStyle& style, absl::string_view name);

// Appends the line for `name`; `digest` is DigestSize() raw bytes. A name with a
// backslash, a line feed or a carriage return is escaped, and a backslash before the line
// says so, as in coreutils from 9.0 on.
void AppendChecksumLine(const ChecksumStyle& style, absl::string_view name,
                        absl::string_view digest, std::string* out);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_CHECKSUM_LINE_H_
