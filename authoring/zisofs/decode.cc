#include "authoring/zisofs/decode.h"

#include <zlib.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace isomason {
namespace {

uint64_t Number(absl::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = bytes.size(); i > 0; --i)
    number = number << 8 | static_cast<uint8_t>(bytes[i - 1]);
  return number;
}

absl::Status Bad(absl::string_view what) { return absl::DataLossError(what); }

}  // namespace

absl::StatusOr<DecodedZisofs> DecodeZisofs(absl::string_view file) {
  DecodedZisofs decoded;
  if (file.size() < 20) return Bad("shorter than any header and a pointer");
  uint64_t size = 0;
  size_t header = 0;
  int shift = 0;
  if (file.substr(0, 8) == "\x37\xE4\x53\x96\xC9\xDB\xD6\x07") {
    decoded.version = 1;
    size = Number(file.substr(8, 4));
    header = 4 * Number(file.substr(12, 1));
    shift = static_cast<int>(Number(file.substr(13, 1)));
    if (header != 16 || Number(file.substr(14, 2)) != 0) return Bad("a header of another form");
  } else if (file.substr(0, 8) == "\xEF\x22\x55\xA1\xBC\x1B\x95\xA0") {
    decoded.version = 2;
    size = Number(file.substr(12, 8));
    header = 4 * Number(file.substr(9, 1));
    shift = static_cast<int>(Number(file.substr(11, 1)));
    if (header != 24 || file[8] != 0 || file[10] != 1) return Bad("a header of another form");
  } else {
    return Bad("no magic number");
  }
  if (shift < 15 || shift > 17) return Bad("a block size that there is not");
  decoded.block_size = uint64_t{1} << shift;
  const size_t width = decoded.version == 1 ? 4 : 8;
  const uint64_t count = (size + decoded.block_size - 1) >> shift;
  const uint64_t head = header + (count + 1) * width;
  if (file.size() < head) return Bad("ends inside its pointers");
  const auto pointer = [&](uint64_t i) { return Number(file.substr(header + i * width, width)); };
  if (pointer(0) != head) return Bad("the first block does not lie behind the pointers");
  if (pointer(count) != file.size()) return Bad("does not end where the last pointer says");
  for (uint64_t i = 0; i < count; ++i) {
    if (pointer(i + 1) < pointer(i)) return Bad("a pointer points backwards");
    const uint64_t wanted = std::min(decoded.block_size, size - (i << shift));
    const absl::string_view packed = file.substr(pointer(i), pointer(i + 1) - pointer(i));
    std::string block(wanted, '\0');
    if (!packed.empty()) {
      uLongf got = block.size();
      uLong taken = packed.size();
      if (uncompress2(reinterpret_cast<Bytef*>(block.data()), &got,
                      reinterpret_cast<const Bytef*>(packed.data()), &taken) != Z_OK ||
          got != wanted || taken != packed.size()) {
        return Bad(absl::StrCat("block ", i, " is no stream of zlib for ", wanted, " bytes"));
      }
    }
    decoded.blocks.emplace_back(packed);
    decoded.bytes += block;
  }
  return decoded;
}

}  // namespace isomason
