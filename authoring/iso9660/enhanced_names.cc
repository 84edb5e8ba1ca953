#include "authoring/iso9660/enhanced_names.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace isomason {
namespace {

// An extension of up to this many bytes stays whole when a name is cut.
constexpr size_t kKeptExtension = 16;

// The identifier of a directory's parent (ECMA-119 6.8.2.2) is no name.
bool StandsForTheParent(absl::string_view name) { return name == "\1"; }

// Cut to at most `room` bytes, not inside a character of UTF-8.
absl::string_view Cut(absl::string_view text, size_t room) {
  if (text.size() <= room) return text;
  while (room > 0 && (static_cast<uint8_t>(text[room]) & 0xC0) == 0x80) --room;
  return text.substr(0, room);
}

}  // namespace

void EnhancedNamer::Append(absl::string_view name, bool directory, int attempt,
                           std::string& out) const {
  if (StandsForTheParent(name)) name = "_";
  if (attempt == 0 && name.size() <= kLongest) {
    out.append(name.data(), name.size());
    return;
  }
  absl::string_view extension;
  const size_t dot = name.rfind('.');
  if (!directory && dot != absl::string_view::npos && dot != 0 &&
      name.size() - dot - 1 <= kKeptExtension) {
    extension = name.substr(dot);
    name.remove_suffix(extension.size());
  }
  std::string variation;
  if (attempt != 0) {
    variation = "_";
    AppendVariation(absl::StrCat(name, extension), attempt, VariationWidth(attempt, 6, 12),
                    variation);
  }
  absl::StrAppend(&out, Cut(name, kLongest - variation.size() - extension.size()), variation,
                  extension);
}

std::string EnhancedNamer::Misfit(absl::string_view name, bool /*directory*/) const {
  if (StandsForTheParent(name)) {
    return "is the control character 1, which stands for the parent directory (ECMA-119 6.8.2.2)";
  }
  if (name.size() <= kLongest) return "";
  return absl::StrCat("has ", name.size(), " bytes; ISO 9660:1999 holds ", kLongest, " (7.5.1)");
}

}  // namespace isomason
