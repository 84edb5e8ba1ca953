#include "boot/boot_info_table.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "layout/record/record.h"
#include "layout/status.h"

namespace isomason {
namespace {

constexpr uint64_t kTableEnd = 64;
constexpr uint64_t kGrubOffset = 2548;
constexpr uint64_t kGrubSize = 8;
static_assert(kGrubOffset % 4 == 0, "whole words of the checksum");

struct InfoTable {
  uint32_t primary_descriptor = 16;  // block
  uint32_t image = 0;                // block
  uint32_t length = 0;               // bytes
  uint32_t checksum = 0;
};
constexpr auto kInfoTable = MakeTable<InfoTable, 56>(
    "boot info table", "isolinux", Counts::kFromZero,
    Field<Little<uint32_t>>("primary volume descriptor", 0, 3, &InfoTable::primary_descriptor),
    Field<Little<uint32_t>>("boot file location", 4, 7, &InfoTable::image),
    Field<Little<uint32_t>>("boot file length", 8, 11, &InfoTable::length),
    Field<Little<uint32_t>>("boot file checksum", 12, 15, &InfoTable::checksum),
    Zeros("reserved", 16, 55));
static_assert(kInfoTable.Tiles());

// What `bytes`, which lie at byte `at` of an image, add to the sum of its little-endian
// words; the last word is filled with zeros.
uint32_t SumOfWords(ConstByteSpan bytes, uint64_t at) {
  uint32_t sum = 0;
  for (const uint8_t byte : bytes) sum += uint32_t{byte} << (8 * (at++ % 4));
  return sum;
}

// What one pass over the source finds out.
struct Sums {
  uint32_t from_table_end = 0;  // of all words behind the table
  uint32_t under_grub = 0;      // of those that GRUB's note replaces
};

class SumImage : public Preparation {
 public:
  SumImage(ContentId image, std::shared_ptr<Sums> sums) : image_(image), sums_(std::move(sums)) {}

  absl::Status Run(const Image& image, const Stop& stop) override {
    const ContentTable& contents = image.contents();
    *sums_ = {};
    uint64_t at = 0;
    RETURN_IF_ERROR(contents.ReadThrough(image_, stop, [&](absl::Span<const uint8_t> bytes) {
      const uint64_t before = at < kTableEnd ? std::min<uint64_t>(kTableEnd - at, bytes.size()) : 0;
      sums_->from_table_end += SumOfWords(bytes.subspan(before), at + before);
      at += bytes.size();
      return absl::OkStatus();
    }));
    if (contents.size(image_) < kGrubOffset + kGrubSize) return absl::OkStatus();
    std::vector<uint8_t> bytes(kGrubSize);
    RETURN_IF_ERROR(contents.ReadUnpatched(image_, kGrubOffset, absl::MakeSpan(bytes)));
    sums_->under_grub = SumOfWords(bytes, kGrubOffset);
    return absl::OkStatus();
  }

 private:
  ContentId image_;
  std::shared_ptr<Sums> sums_;
};

// Both patches ask for the address of the content that they are a part of, whose
// number is known when they are made: it is the next one.
class GrubPatch : public Patch {
 public:
  explicit GrubPatch(ContentId self) : self_(self) {}
  uint64_t offset() const override { return kGrubOffset; }
  uint64_t size() const override { return kGrubSize; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    // The second block of the image in sectors, plus one: what GRUB's
    // eltorito image looks for.
    Little<uint64_t>::Put(SectorAt(at[self_]).value() + 5, out);
    return absl::OkStatus();
  }

 private:
  ContentId self_;
};

class InfoTablePatch : public Patch {
 public:
  InfoTablePatch(ContentId self, uint64_t length, std::shared_ptr<const Sums> sums,
                 const GrubPatch* grub)
      : self_(self), length_(length), sums_(std::move(sums)), grub_(grub) {}
  uint64_t offset() const override { return kTableEnd - kInfoTable.kBytes; }
  uint64_t size() const override { return kInfoTable.kBytes; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    InfoTable table;
    table.image = static_cast<uint32_t>(at.block(self_).value());
    table.length = static_cast<uint32_t>(length_);
    table.checksum = sums_->from_table_end;
    if (grub_ != nullptr) {
      std::vector<uint8_t> note(grub_->size());
      RETURN_IF_ERROR(grub_->Render(at, absl::MakeSpan(note)));
      table.checksum += SumOfWords(note, kGrubOffset) - sums_->under_grub;
    }
    EncodeTo(kInfoTable, table, out);
    return absl::OkStatus();
  }

 private:
  ContentId self_;
  uint64_t length_;
  std::shared_ptr<const Sums> sums_;
  const GrubPatch* grub_;
};

absl::Status CheckLength(uint64_t size, uint64_t least, absl::string_view what) {
  if (size >= least && size <= 0xFFFFFFFF) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("has ", size, " bytes; an image with ", what,
                                            " has at least ", least, " and less than 4 GiB"));
}

}  // namespace

absl::Status CheckBootImage(ByteCount size, const BootImagePatches& wanted) {
  if (wanted.grub2_boot_info) {
    RETURN_IF_ERROR(CheckLength(size.value(), kGrubOffset + kGrubSize, "GRUB 2 boot information"));
  }
  if (wanted.boot_info_table) {
    RETURN_IF_ERROR(CheckLength(size.value(), kTableEnd, "a boot info table"));
  }
  return absl::OkStatus();
}

absl::StatusOr<PatchedBootImage> PatchBootImage(ContentTable& contents, ContentId image,
                                                const BootImagePatches& wanted) {
  const uint64_t size = contents.size(image);
  RETURN_IF_ERROR(CheckBootImage(ByteCount(size), wanted));
  if (!contents.patches(image).empty()) {
    return absl::InternalError("a boot image is patched twice");
  }
  const auto self = static_cast<ContentId>(contents.count());
  std::unique_ptr<GrubPatch> grub;
  PatchedBootImage result;
  std::vector<std::unique_ptr<Patch>> patches;  // in order of offset
  if (wanted.grub2_boot_info) {
    grub = std::make_unique<GrubPatch>(self);
  }
  if (wanted.boot_info_table) {
    auto sums = std::make_shared<Sums>();
    result.preparation = std::make_unique<SumImage>(image, sums);
    patches.push_back(std::make_unique<InfoTablePatch>(self, size, sums, grub.get()));
  }
  if (grub != nullptr) patches.push_back(std::move(grub));
  result.content = contents.AddPatched(image, std::move(patches));
  return result;
}

}  // namespace isomason
