#include "authoring/pin_check.h"

#include <openssl/evp.h>

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {
namespace {

// "vmlinuz", "bytes 512 to 1535 of vmlinuz", "the content" for what is put together.
std::string DescribeContent(const ContentTable& contents, ContentId content) {
  std::string what = "the content";
  contents
      .VisitRuns(content, 0, contents.size(content),
                 [&](const ContentTable::Part& run) -> absl::Status {
                   const bool all = run.size == contents.size(content);
                   if (!all || contents.kind(run.content) != ContentTable::Kind::kFile) {
                     return absl::OkStatus();
                   }
                   what = contents.source(run.content).path;
                   if (run.size < contents.size(run.content)) {
                     what = absl::StrCat("bytes ", run.offset, " to ", run.offset + run.size - 1,
                                         " of ", what);
                   }
                   return absl::OkStatus();
                 })
      .IgnoreError();  // the visitor never fails
  return what;
}

}  // namespace

absl::Status PinCheck::Run(const Image& image, const Stop& stop) {
  const ContentTable& contents = image.contents();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  RETURN_IF_ERROR(contents.ReadThrough(content_, stop, [&context](absl::Span<const uint8_t> bytes) {
    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
    return absl::OkStatus();
  }));
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  const std::string hex = absl::BytesToHexString(digest);
  if (hex == sha256_) return absl::OkStatus();
  const std::string what = DescribeContent(contents, content_);
  return absl::FailedPreconditionError(
      absl::StrCat(where_, ": ", what, " has the SHA-256 ", hex, ", the manifest pins ", sha256_));
}

}  // namespace isomason
