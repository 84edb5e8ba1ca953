#include "boot/alpha.h"

#include "layout/record/record.h"

namespace isomason {
namespace {

// The sum of the 64-bit words before it.
uint64_t AlphaChecksum(ConstByteSpan record) {
  uint64_t sum = 0;
  for (size_t i = 0; i < 504; i += 8) {
    uint64_t word = 0;
    for (size_t k = 8; k-- > 0;) word = word << 8 | record[i + k];
    sum += word;
  }
  return sum;
}

struct Record {
  uint64_t sectors = 0, first = 0;
};
constexpr auto kRecord = MakeTable<Record, 512>(
    "Alpha boot block", "SRM console", Counts::kFromZero,
    // A text that nobody reads, the one that genisoimage and xorriso write.
    Fixed("text", 0, 479, "Linux/Alpha aboot for ISO filesystem."),
    Field<Little<uint64_t>>("sectors of the loader", 480, 487, &Record::sectors),
    Field<Little<uint64_t>>("first sector of the loader", 488, 495, &Record::first),
    Zeros("flags", 496, 503), Sum<Little<uint64_t>>("checksum", 504, 511, &AlphaChecksum));
static_assert(kRecord.Tiles());

}  // namespace

void AlphaBootBlock::Render(const Addresses& at, std::string& out) const {
  Append(kRecord, {SectorsFor(loader_.size).value(), SectorAt(at[loader_.content]).value()}, out);
}

}  // namespace isomason
