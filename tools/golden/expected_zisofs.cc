#include "tools/golden/expected_zisofs.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "authoring/manifest/glob.h"

namespace isomason {
namespace {

template <typename Patterns>
bool MatchesAny(const Patterns& patterns, const std::string& path) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return Glob::Compile(pattern)->Matches(path.substr(1));
  });
}

std::string Number(uint64_t number, int width) {
  std::string out;
  for (int i = 0; i < width; ++i) out += static_cast<char>(number >> (8 * i));
  return out;
}

std::string Compressed(const std::string& block, int level) {
  if (block.find_first_not_of('\0') == std::string::npos) return "";
  uLongf size = compressBound(block.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size,
            reinterpret_cast<const Bytef*>(block.data()), block.size(), level);
  out.resize(size);
  return out;
}

}  // namespace

std::string ExpectedZisofs(const manifest::Manifest& manifest, const std::string& path,
                           const std::string& bytes) {
  if (!manifest.iso9660().rock_ridge().has_zisofs()) return "";
  const manifest::Zisofs& said = manifest.iso9660().rock_ridge().zisofs();
  for (const manifest::BootEntry& boot : manifest.boot().entry()) {
    if (boot.image() == path) return "";
  }
  if (said.include_size() > 0 && !MatchesAny(said.include(), path)) return "";
  if (MatchesAny(said.exclude(), path) || bytes.size() < said.minimum_size()) return "";

  const uint32_t block_size = said.block_size() == 0 ? 32768 : said.block_size();
  const char shift = block_size == 32768 ? 15 : block_size == 65536 ? 16 : 17;
  const int level = said.level() == 0 ? 9 : static_cast<int>(said.level());
  std::string header;
  int width = 4;
  if (said.version() == 2) {
    header = "\xEF\x22\x55\xA1\xBC\x1B\x95\xA0" + Number(0x010600, 3) + shift +
             Number(bytes.size(), 8) + Number(0, 4);
    width = 8;
  } else {
    header =
        "\x37\xE4\x53\x96\xC9\xDB\xD6\x07" + Number(bytes.size(), 4) + '\4' + shift + Number(0, 2);
  }
  std::vector<std::string> blocks;
  for (size_t at = 0; at < bytes.size(); at += block_size) {
    blocks.push_back(Compressed(bytes.substr(at, block_size), level));
  }
  uint64_t pointer = header.size() + (blocks.size() + 1) * static_cast<size_t>(width);
  std::string pointers = Number(pointer, width);
  std::string data;
  for (const std::string& block : blocks) {
    pointers += Number(pointer += block.size(), width);
    data += block;
  }
  const std::string stored = header + pointers + data;
  return (stored.size() + 2047) / 2048 < (bytes.size() + 2047) / 2048 ? stored : "";
}

}  // namespace isomason
