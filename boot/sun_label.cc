#include "boot/sun_label.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "layout/record/record.h"
#include "layout/status.h"

namespace isomason {
namespace {

constexpr uint16_t kUser = 4, kRoot = 2;  // what a partition is for
constexpr uint16_t kReadOnly = 0x10;

struct Use {
  uint16_t tag = 0, permissions = 0;
};
constexpr auto kUse = MakeTable<Use, 4>("use of a partition", "SPARC disk label", Counts::kFromZero,
                                        Field<Big<uint16_t>>("tag", 0, 1, &Use::tag),
                                        Field<Big<uint16_t>>("flags", 2, 3, &Use::permissions));
static_assert(kUse.Tiles());

struct Place {
  uint32_t cylinder = 0, sectors = 0;
};
constexpr auto kPlace =
    MakeTable<Place, 8>("place of a partition", "SPARC disk label", Counts::kFromZero,
                        Field<Big<uint32_t>>("first cylinder", 0, 3, &Place::cylinder),
                        Field<Big<uint32_t>>("sectors", 4, 7, &Place::sectors));
static_assert(kPlace.Tiles());

uint16_t LabelChecksum(ConstByteSpan record) {
  uint16_t sum = 0;
  for (size_t i = 0; i + 1 < record.size(); i += 2) {
    sum = static_cast<uint16_t>(sum ^ (record[i] << 8 | record[i + 1]));
  }
  return sum;
}

struct Label {
  std::array<uint8_t, 128> text{};
  std::array<uint8_t, 32> uses{};
  uint16_t cylinders = 0;
  std::array<uint8_t, 64> places{};
};
constexpr auto kLabel = MakeTable<Label, 512>(
    "disk label", "SPARC disk label", Counts::kFromZero,
    Field<Raw<128>>("text", 0, 127, &Label::text),
    Fixed("version", 128, 131, absl::string_view("\0\0\0\1", 4)), Zeros("volume name", 132, 139),
    Fixed("partitions", 140, 141, absl::string_view("\0\x08", 2)),
    Field<Raw<32>>("uses", 142, 173, &Label::uses), Zeros("unused", 174, 187),
    Fixed("sanity", 188, 191, absl::string_view("\x60\x0D\xDE\xEE", 4)), Zeros("unused", 192, 419),
    Fixed("rotations a minute", 420, 421, "\x01\x5E"),
    Field<Big<uint16_t>>("physical cylinders", 422, 423, &Label::cylinders),
    Zeros("unused", 424, 429), Fixed("interleave", 430, 431, absl::string_view("\0\1", 2)),
    Field<Big<uint16_t>>("cylinders", 432, 433, &Label::cylinders), Zeros("unused", 434, 435),
    Fixed("heads", 436, 437, absl::string_view("\0\1", 2)),
    Fixed("sectors of a track", 438, 439, "\x02\x80"), Zeros("unused", 440, 443),
    Field<Raw<64>>("places", 444, 507, &Label::places), Fixed("magic", 508, 509, "\xDA\xBE"),
    Sum<Big<uint16_t>>("checksum", 510, 511, &LabelChecksum));
static_assert(kLabel.Tiles());

// What mkisofs writes whatever the size: 640 MiB.
constexpr uint64_t kLeastCylinders = 2048;

}  // namespace

absl::Status SunLabel::Check(const Addresses& at) const {
  return CheckEnd("the image", at.image_size(), uint64_t{0xFFFF} * kCylinder.value());
}

void SunLabel::Render(const Addresses& at, std::string& out) const {
  std::array<Use, kMostPartitions> uses;
  std::array<Place, kMostPartitions> places;
  uses[0] = {kUser, kReadOnly};
  places[0] = {0, static_cast<uint32_t>(SectorAt(at.image_size()).value())};
  for (const Partition& p : options_.partitions) {
    uses[p.number - 1] = {kRoot, kReadOnly};
    places[p.number - 1] = {
        static_cast<uint32_t>(at[p.file.content].value() / kCylinder.value()),
        static_cast<uint32_t>(RoundUp(p.file.size.value(), kBlockSize) / kSectorSize)};
  }
  for (size_t i = 1; options_.repeat && i < kMostPartitions; ++i) {
    if (uses[i].tag != 0) continue;
    uses[i] = {kRoot, kReadOnly};
    places[i] = places[i - 1];
  }

  Label label;
  const uint64_t cylinders =
      RoundUp(at.image_size().value(), kCylinder.value()) / kCylinder.value();
  label.cylinders = static_cast<uint16_t>(std::max(kLeastCylinders, cylinders));
  std::copy_n(options_.text.begin(), std::min(options_.text.size(), kTextLength),
              label.text.begin());
  std::string bytes;
  for (const Use& use : uses) Append(kUse, use, bytes);
  std::copy(bytes.begin(), bytes.end(), label.uses.begin());
  bytes.clear();
  for (const Place& place : places) Append(kPlace, place, bytes);
  std::copy(bytes.begin(), bytes.end(), label.places.begin());
  Append(kLabel, label, out);
}

}  // namespace isomason
