#include "authoring/file_digests.h"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "layout/status.h"

namespace isomason {
namespace {

// A pass is one thread's work: enough that its own cost does not show, and not so much
// that the other threads wait for the last one.
constexpr uint64_t kBytesOfAPass = 8 << 20;
constexpr size_t kFilesOfAPass = 256;

constexpr DigestAlgorithm Algorithm(int i) { return static_cast<DigestAlgorithm>(i); }
constexpr uint8_t Bit(int i) { return static_cast<uint8_t>(1 << i); }

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

}  // namespace

class FileDigests::Pass : public Preparation {
 public:
  Pass(std::shared_ptr<FileDigests> digests, size_t first, size_t end)
      : digests_(std::move(digests)), first_(first), end_(end) {}

  Stage stage() const override { return Stage::kFiles; }

  absl::Status Run(const Image& image, const Stop& stop) override {
    for (size_t row = first_; row < end_; ++row) {
      RETURN_IF_ERROR(digests_->Run(image, stop, row));
    }
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<FileDigests> digests_;
  size_t first_, end_;
};

void FileDigests::Want(ContentId content, DigestAlgorithm algorithm) {
  const int i = static_cast<int>(algorithm);
  if (content == kNoContent) {
    std::string& digest = empty_[i];
    digest.resize(DigestSize(algorithm));
    EVP_Digest("", 0, reinterpret_cast<unsigned char*>(digest.data()), nullptr,
               DigestFunction(algorithm), nullptr);
    return;
  }
  rows_.push_back({content, Bit(i), 0});
}

std::vector<std::unique_ptr<Preparation>> FileDigests::MakePasses(
    const std::shared_ptr<FileDigests>& digests, const ContentTable& contents) {
  std::vector<Row>& rows = digests->rows_;
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return a.content < b.content; });
  size_t count = 0;
  for (const Row& row : rows) {
    if (count > 0 && rows[count - 1].content == row.content) {
      rows[count - 1].wanted |= row.wanted;
    } else {
      rows[count++] = row;
    }
  }
  rows.resize(count);
  rows.shrink_to_fit();

  std::vector<std::unique_ptr<Preparation>> passes;
  uint64_t digest_bytes = 0;
  uint64_t pass_bytes = 0;
  size_t first = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].offset = digest_bytes;
    for (int a = 0; a < kDigestAlgorithms; ++a) {
      if ((rows[i].wanted & Bit(a)) != 0) digest_bytes += DigestSize(Algorithm(a));
    }
    pass_bytes += contents.size(rows[i].content);
    if (pass_bytes < kBytesOfAPass && i + 1 - first < kFilesOfAPass && i + 1 < rows.size()) {
      continue;
    }
    passes.push_back(std::make_unique<Pass>(digests, first, i + 1));
    first = i + 1;
    pass_bytes = 0;
  }
  digests->bytes_.assign(digest_bytes, '\0');
  return passes;
}

absl::Status FileDigests::Run(const Image& image, const Stop& stop, size_t row) {
  std::vector<Context> contexts;
  for (int a = 0; a < kDigestAlgorithms; ++a) {
    if ((rows_[row].wanted & Bit(a)) == 0) continue;
    contexts.emplace_back(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    if (EVP_DigestInit_ex(contexts.back().get(), DigestFunction(Algorithm(a)), nullptr) != 1) {
      return absl::InternalError("libcrypto does not offer a digest that a checksum needs");
    }
  }
  RETURN_IF_ERROR(
      image.ReadContent(rows_[row].content, stop, [&contexts](absl::Span<const uint8_t> bytes) {
        for (const Context& context : contexts) {
          EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
        }
        return absl::OkStatus();
      }));
  auto* out = reinterpret_cast<unsigned char*>(bytes_.data() + rows_[row].offset);
  for (const Context& context : contexts) {
    unsigned int size = 0;
    EVP_DigestFinal_ex(context.get(), out, &size);
    out += size;
  }
  return absl::OkStatus();
}

absl::string_view FileDigests::Of(ContentId content, DigestAlgorithm algorithm) const {
  const int wanted = static_cast<int>(algorithm);
  if (content == kNoContent) return empty_[wanted];
  const auto row = std::lower_bound(rows_.begin(), rows_.end(), content,
                                    [](const Row& r, ContentId id) { return r.content < id; });
  uint64_t offset = row->offset;
  for (int a = 0; a < wanted; ++a) {
    if ((row->wanted & Bit(a)) != 0) offset += DigestSize(Algorithm(a));
  }
  return absl::string_view(bytes_).substr(offset, DigestSize(algorithm));
}

}  // namespace isomason
