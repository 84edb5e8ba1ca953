#include "tools/oracle/digest.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace isomason {

Digest::Digest() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void Digest::Update(absl::string_view bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  size_ += bytes.size();
}

std::string Digest::Finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), out.data(), &size);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(out.data()), size));
}

std::string Sha256(absl::string_view bytes) {
  Digest digest;
  digest.Update(bytes);
  return digest.Finish();
}

absl::StatusOr<std::string> Sha256OfFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const std::string message = absl::StrCat("cannot open ", path, ": ", strerror(errno));
    if (errno == ENOENT) return absl::NotFoundError(message);
    return absl::InternalError(message);
  }
  Digest digest;
  std::vector<char> buffer(1 << 18);
  ssize_t n;
  while ((n = read(fd, buffer.data(), buffer.size())) > 0) {
    digest.Update(absl::string_view(buffer.data(), static_cast<size_t>(n)));
  }
  const int error = errno;
  close(fd);
  if (n < 0) return absl::InternalError(absl::StrCat("cannot read ", path, ": ", strerror(error)));
  return digest.Finish();
}

}  // namespace isomason
