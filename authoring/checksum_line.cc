#include "authoring/checksum_line.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace isomason {
namespace {

struct Known {
  const EVP_MD* (*function)();
  size_t size;            // bytes of a digest
  absl::string_view tag;  // what --tag calls it
};

constexpr Known kKnown[kDigestAlgorithms] = {
    {&EVP_md5, 16, "MD5"},       {&EVP_sha1, 20, "SHA1"},          {&EVP_sha256, 32, "SHA256"},
    {&EVP_sha512, 64, "SHA512"}, {&EVP_blake2b512, 64, "BLAKE2b"},
};

const Known& Find(DigestAlgorithm algorithm) { return kKnown[static_cast<size_t>(algorithm)]; }

// What stands for the character in an escaped name, or 0 when it stands for itself.
char EscapeOf(char c) {
  switch (c) {
    case '\\':
      return '\\';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    default:
      return 0;
  }
}

}  // namespace

size_t DigestSize(DigestAlgorithm algorithm) { return Find(algorithm).size; }

const EVP_MD* DigestFunction(DigestAlgorithm algorithm) { return Find(algorithm).function(); }

size_t ChecksumLineSize(const ChecksumStyle& style, absl::string_view name) {
  const Known& known = Find(style.algorithm);
  size_t escapes = 0;
  for (const char c : name) escapes += EscapeOf(c) != 0 ? 1 : 0;
  const size_t around = style.tag ? known.tag.size() + absl::string_view(" () = \n").size()
                                  : absl::string_view("  \n").size();
  return (escapes > 0 ? 1 : 0) + name.size() + escapes + 2 * known.size + around;
}

void AppendChecksumLine(const ChecksumStyle& style, absl::string_view name,
                        absl::string_view digest, std::string* out) {
  std::string escaped;
  for (const char c : name) {
    if (const char escape = EscapeOf(c); escape != 0) {
      escaped += '\\';
      escaped += escape;
    } else {
      escaped += c;
    }
  }
  const std::string hex = absl::BytesToHexString(digest);
  const absl::string_view mark = escaped.size() > name.size() ? "\\" : "";
  if (style.tag) {
    absl::StrAppend(out, mark, Find(style.algorithm).tag, " (", escaped, ") = ", hex, "\n");
  } else {
    absl::StrAppend(out, mark, hex, "  ", escaped, "\n");
  }
}

}  // namespace isomason
