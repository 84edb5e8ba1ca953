#include "authoring/checksum_list.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {

ChecksumList::ChecksumList(const Tree& tree, const CompressedContents& compressed,
                           ChecksumForm form, std::vector<NodeId> nodes,
                           std::shared_ptr<const FileDigests> digests)
    : tree_(tree),
      compressed_(compressed),
      form_(std::move(form)),
      nodes_(std::move(nodes)),
      digests_(std::move(digests)) {
  IndexLines();
}

std::string ChecksumList::NameOf(NodeId n) const {
  const size_t skipped = form_.directory == "/" ? 1 : form_.directory.size() + 1;
  return absl::StrCat(form_.prefix, tree_.Path(n).substr(skipped));
}

void ChecksumList::IndexLines() {
  starts_.clear();
  size_ = 0;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (i % kLinesApart == 0) starts_.push_back(size_);
    size_ += ChecksumLineSize(form_.style, NameOf(nodes_[i]));
  }
}

void ChecksumList::Arrange(const Addresses& at) {
  if (!form_.by_place) return;
  std::stable_sort(nodes_.begin(), nodes_.end(), [&](NodeId a, NodeId b) {
    return at[tree_.inode(a).content] < at[tree_.inode(b).content];
  });
  IndexLines();
}

absl::StatusOr<absl::string_view> ChecksumList::DigestOf(const ContentTable& contents,
                                                         NodeId n) const {
  const ContentId content = tree_.inode(n).content;
  const auto list = lists_.find(content);
  if (list != lists_.end()) return list->second->OwnDigest(contents, form_.style.algorithm);
  return digests_->Of(PlainContent(compressed_, content), form_.style.algorithm);
}

absl::StatusOr<absl::string_view> ChecksumList::OwnDigest(const ContentTable& contents,
                                                          DigestAlgorithm algorithm) const {
  const auto i = static_cast<size_t>(algorithm);
  std::call_once(computed_[i], [&] { own_digests_[i] = ComputeOwnDigest(contents, algorithm); });
  if (!own_digests_[i].ok()) return own_digests_[i].status();
  return absl::string_view(*own_digests_[i]);
}

absl::StatusOr<std::string> ChecksumList::ComputeOwnDigest(const ContentTable& contents,
                                                           DigestAlgorithm algorithm) const {
  constexpr uint64_t kAtATime = 256 << 10;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), DigestFunction(algorithm), nullptr);
  std::vector<uint8_t> buffer;
  for (uint64_t done = 0; done < size_; done += buffer.size()) {
    buffer.resize(std::min(kAtATime, size_ - done));
    RETURN_IF_ERROR(Read(contents, done, absl::MakeSpan(buffer)));
    EVP_DigestUpdate(context.get(), buffer.data(), buffer.size());
  }
  std::string digest(DigestSize(algorithm), '\0');
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

absl::Status ChecksumList::Read(const ContentTable& contents, uint64_t offset,
                                absl::Span<uint8_t> out) const {
  if (out.empty()) return absl::OkStatus();
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto group = static_cast<size_t>(after - starts_.begin()) - 1;
  uint64_t skipped = offset - starts_[group];  // bytes of lines before those that are wanted
  std::string line;
  for (size_t i = group * kLinesApart; !out.empty() && i < nodes_.size(); ++i) {
    const std::string name = NameOf(nodes_[i]);
    if (skipped > 0) {
      const uint64_t size = ChecksumLineSize(form_.style, name);
      if (skipped >= size) {
        skipped -= size;
        continue;
      }
    }
    ASSIGN_OR_RETURN(const absl::string_view digest, DigestOf(contents, nodes_[i]));
    line.clear();
    AppendChecksumLine(form_.style, name, digest, &line);
    const size_t taken = std::min<size_t>(out.size(), line.size() - skipped);
    std::memcpy(out.data(), line.data() + skipped, taken);
    out.remove_prefix(taken);
    skipped = 0;
  }
  return absl::OkStatus();
}

}  // namespace isomason
