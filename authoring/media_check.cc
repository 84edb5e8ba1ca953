#include "authoring/media_check.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "layout/status.h"

namespace isomason {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// The application use field (ECMA-119 8.4.32) of the descriptor in block 16.
constexpr uint64_t kFieldStart = 16 * kBlockSize + 883;
constexpr uint64_t kFieldSize = 512;

// isomd5sum: the running digest is looked at whenever a read of 32 KiB begins in another
// 21st of the image, 20 times.
constexpr uint64_t kFragments = 20;
constexpr uint64_t kReadSize = 32 << 10;

uint64_t CoveredByIsoMd5(const IsoMd5Options& options, uint64_t image_size) {
  const uint64_t skipped = uint64_t{options.skip_blocks} * kBlockSize;
  return image_size > skipped ? image_size - skipped : 0;
}

// implantisomd5 numbers the parts as they come, checkisomd5 by their place: where reads
// jump over a part, as they do in small images, the two differ.
bool FragmentsAreCounted(uint64_t covered) {
  const uint64_t fragment = covered / (kFragments + 1);
  if (fragment == 0) return false;
  if (fragment >= kReadSize) return true;  // no read jumps over one
  uint64_t last = 0;
  for (uint64_t at = 0; at < covered; at += kReadSize) {
    const uint64_t now = at / fragment;
    if (now > last + 1) return false;
    last = now;
  }
  return last + 1 >= kFragments;  // a part may end with the image
}

// A digest over a range of the image.
class RangeDigest {
 public:
  RangeDigest(DigestAlgorithm algorithm, uint64_t start, uint64_t end)
      : algorithm_(algorithm),
        start_(start),
        end_(end),
        context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), DigestFunction(algorithm), nullptr);
  }

  uint64_t end() const { return end_; }

  // `bytes` are those from `offset` on; calls come in order.
  void Add(uint64_t offset, absl::Span<const uint8_t> bytes) {
    const uint64_t from = std::max(offset, start_);
    const uint64_t to = std::min(offset + bytes.size(), end_);
    if (from >= to) return;
    EVP_DigestUpdate(context_.get(), bytes.data() + (from - offset), to - from);
  }

  // What counts as zeros behind the range.
  void AddZeros(uint64_t bytes) {
    const std::vector<uint8_t> zeros(kBlockSize);
    for (; bytes > 0; bytes -= kBlockSize) {
      EVP_DigestUpdate(context_.get(), zeros.data(), zeros.size());
    }
  }

  // The digest of what has been added so far, raw.
  std::string Now() const {
    const Context copy(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_MD_CTX_copy_ex(copy.get(), context_.get());
    std::string digest(DigestSize(algorithm_), '\0');
    EVP_DigestFinal_ex(copy.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
  }

 private:
  DigestAlgorithm algorithm_;
  uint64_t start_, end_;
  Context context_;
};

uint64_t LittleNumber(absl::Span<const uint8_t> bytes) {
  uint64_t number = 0;
  for (size_t i = bytes.size(); i > 0; --i) number = number << 8 | bytes[i - 1];
  return number;
}

// A partition in sectors of 512 bytes; none when it has none.
struct Partition {
  uint64_t start = 0;
  uint64_t sectors = 0;
};

// The partition that ends last, without EFI system partitions: whose digest tagmedia adds.
// `head` is the start of the image, 64 KiB or less.
Partition LastPartition(absl::Span<const uint8_t> head) {
  Partition last;
  constexpr uint8_t kEspType[16] = {0x28, 0x73, 0x2A, 0xC1, 0x1F, 0xF8, 0xD2, 0x11,
                                    0xBA, 0x4B, 0x00, 0xA0, 0xC9, 0x3E, 0xC9, 0x3B};
  constexpr size_t kGptHeader = 512;
  if (std::memcmp(head.data() + kGptHeader, "EFI PART", 8) == 0) {
    const uint64_t table = LittleNumber(head.subspan(kGptHeader + 72, 8));
    const uint64_t count = LittleNumber(head.subspan(kGptHeader + 80, 4));
    const uint64_t size = LittleNumber(head.subspan(kGptHeader + 84, 4));
    for (uint64_t i = 0; i < count && size >= 48; ++i) {
      const uint64_t at = table * 512 + i * size;
      if (table > head.size() || at + 48 > head.size()) break;
      const auto entry = head.subspan(at, 48);
      if (std::count(entry.begin(), entry.begin() + 16, 0) == 16) continue;
      if (std::equal(kEspType, kEspType + 16, entry.begin())) continue;
      const uint64_t start = LittleNumber(entry.subspan(32, 8));
      const uint64_t end = LittleNumber(entry.subspan(40, 8));
      // tagmedia compares the last sector with the end of the one before.
      if (end > start && end > last.start + last.sectors) last = {start, end - start + 1};
    }
  }
  if (last.sectors > 0 || head[510] != 0x55 || head[511] != 0xAA) return last;
  for (size_t i = 0; i < 4; ++i) {
    const auto entry = head.subspan(446 + 16 * i, 16);
    const uint64_t start = LittleNumber(entry.subspan(8, 4));
    const uint64_t sectors = LittleNumber(entry.subspan(12, 4));
    const bool valid = (entry[0] & 0x7F) == 0 && sectors > 0;
    if (valid && start == 0) break;  // one over all, as isohybrid makes it
    if (valid && entry[4] != 0 && entry[4] != 0xEF && start + sectors > last.start + last.sectors) {
      last = {start, sectors};
    }
  }
  return last;
}

absl::string_view TagOf(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kMd5:
      return "md5sum";
    case DigestAlgorithm::kSha1:
      return "sha1sum";
    case DigestAlgorithm::kSha512:
      return "sha512sum";
    default:
      return "sha256sum";
  }
}

class MediaCheck : public Preparation {
 public:
  MediaCheck(const MediaCheckOptions& options, std::shared_ptr<std::string> text)
      : options_(options), text_(std::move(text)) {}

  Stage stage() const override { return Stage::kImage; }

  absl::Status Run(const Image& image, const Stop& stop) override {
    const uint64_t size = image.size();
    std::optional<RangeDigest> md5;
    if (options_.isomd5) {
      md5.emplace(DigestAlgorithm::kMd5, 0, CoveredByIsoMd5(*options_.isomd5, size));
    }
    std::optional<RangeDigest> whole;
    std::optional<RangeDigest> part;
    Partition partition;
    const uint64_t padding =
        options_.tagmedia ? uint64_t{options_.tagmedia->padding_blocks.value_or(0)} * kBlockSize
                          : 0;
    if (options_.tagmedia) {
      whole.emplace(options_.tagmedia->algorithm, 0, size - padding);
      std::vector<uint8_t> head(std::min<uint64_t>(size, 64 << 10));
      RETURN_IF_ERROR(image.Read(0, absl::MakeSpan(head)));
      partition = LastPartition(head);
      const uint64_t end = (partition.start + partition.sectors) * 512;
      if (partition.sectors > 0 && partition.start <= size && end <= size) {
        part.emplace(options_.tagmedia->algorithm, partition.start * 512, end);
      }
    }

    std::string fragment_sums;
    uint64_t last_fragment = 0;
    std::vector<uint8_t> buffer;
    constexpr uint64_t kAtATime = 1 << 20;
    static_assert(kAtATime % kReadSize == 0);
    for (uint64_t at = 0; at < size; at += buffer.size()) {
      RETURN_IF_ERROR(stop.Check());
      buffer.resize(std::min(kAtATime, size - at));
      RETURN_IF_ERROR(image.Read(at, absl::MakeSpan(buffer)));
      if (at == 0) std::fill_n(buffer.begin() + kFieldStart, kFieldSize, ' ');
      for (uint64_t read = 0; md5 && read < buffer.size(); read += kReadSize) {
        const uint64_t offset = at + read;
        if (offset >= md5->end()) break;
        md5->Add(offset, absl::MakeConstSpan(buffer).subspan(read, kReadSize));
        const uint64_t fragment = offset / (md5->end() / (kFragments + 1));
        if (fragment != last_fragment) AppendFragment(md5->Now(), &fragment_sums);
        last_fragment = fragment;
      }
      if (at == 0) std::fill_n(buffer.begin(), 512, 0);
      if (whole) whole->Add(at, buffer);
      if (part) part->Add(at, buffer);
    }

    // checkmedia believes the last digest that it finds, so its own tags come last.
    std::vector<std::string> texts;
    if (md5) texts.push_back(IsoMd5Text(absl::BytesToHexString(md5->Now()), fragment_sums));
    if (whole) {
      whole->AddZeros(padding);
      texts.push_back(TagMediaText(*whole, part, partition));
    }
    *text_ = texts.size() == 2 ? absl::StrCat(texts[0], ";", texts[1]) : texts[0];
    if (text_->size() >= kFieldSize) {
      return absl::InternalError(absl::StrCat("the check of the medium needs ", text_->size(),
                                              " bytes of a field of 512 (ECMA-119 8.4.32)"));
    }
    return absl::OkStatus();
  }

 private:
  // Of three bytes the first hexadecimal digit each, which a byte below 16 has only one of.
  static void AppendFragment(const std::string& digest, std::string* sums) {
    for (size_t i = 0; i < 60 / kFragments; ++i) {
      *sums += absl::StrFormat("%x", static_cast<unsigned char>(digest[i]))[0];
    }
  }

  std::string IsoMd5Text(const std::string& md5, const std::string& fragment_sums) const {
    std::string text =
        absl::StrCat("ISO MD5SUM = ", md5, ";SKIPSECTORS = ", options_.isomd5->skip_blocks,
                     ";RHLISOSTATUS=", options_.isomd5->supported ? 1 : 0, ";");
    // checkmedia would take the sums of parts for those of its own digest.
    if (options_.tagmedia) return absl::StrCat(text, "FRAGMENT COUNT = 0");
    return absl::StrCat(text, "FRAGMENT SUMS = ", fragment_sums, ";FRAGMENT COUNT = ", kFragments,
                        ";THIS IS NOT THE SAME AS RUNNING MD5SUM ON THIS ISO!!");
  }

  std::string TagMediaText(const RangeDigest& whole, const std::optional<RangeDigest>& part,
                           const Partition& partition) const {
    const TagMediaOptions& options = *options_.tagmedia;
    std::string text = options.check ? "check=1;" : "";
    if (options.padding_blocks) absl::StrAppend(&text, "pad=", *options.padding_blocks, ";");
    absl::StrAppend(&text, TagOf(options.algorithm), "=", absl::BytesToHexString(whole.Now()));
    if (part) {
      absl::StrAppend(&text, ";partition=", partition.start, ",", partition.sectors, ",",
                      absl::BytesToHexString(part->Now()));
    }
    return text;
  }

  MediaCheckOptions options_;
  std::shared_ptr<std::string> text_;
};

}  // namespace

absl::Status CheckIsoMd5(const IsoMd5Options& options, ByteCount image_size) {
  if (FragmentsAreCounted(CoveredByIsoMd5(options, image_size.value()))) return absl::OkStatus();
  uint64_t least =
      std::max(image_size.value(), uint64_t{options.skip_blocks} * kBlockSize + kBlockSize);
  while (!FragmentsAreCounted(CoveredByIsoMd5(options, least))) least += kBlockSize;
  return absl::OutOfRangeError(absl::StrCat("the image has ", image_size.value(),
                                            " bytes; checkisomd5 fails images of less "
                                            "than ",
                                            least, ", intact or not"));
}

absl::Status CheckTagMedia(const TagMediaOptions& options, ByteCount image_size) {
  const uint64_t padding = uint64_t{options.padding_blocks.value_or(0)} * kBlockSize;
  if (padding + (64 << 10) <= image_size.value()) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("the image has ", image_size.value(), " bytes, and ",
                                            padding, " of them are not to be read"));
}

std::unique_ptr<Preparation> MakeMediaCheck(const MediaCheckOptions& options,
                                            std::shared_ptr<std::string> text) {
  return std::make_unique<MediaCheck>(options, std::move(text));
}

}  // namespace isomason
