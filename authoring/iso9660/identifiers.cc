#include "authoring/iso9660/identifiers.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

constexpr std::array<char, 128> kCharacters = [] {
  std::array<char, 128> map{};
  for (int c = 0; c < 128; ++c) {
    const bool small = c >= 'a' && c <= 'z';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    map[c] = static_cast<char>(small ? c - 'a' + 'A' : kept ? c : '_');
  }
  return map;
}();

// Appends the d-characters for the first `most` characters of `text`.
void AppendMapped(absl::string_view text, size_t most, std::string& out) {
  for (size_t at = 0; at < text.size() && most > 0; --most) {
    const auto byte = static_cast<uint8_t>(text[at]);
    if (byte < 0x80) {
      out.push_back(kCharacters[byte]);
      ++at;
    } else {
      NextCodePoint(text, &at);
      out.push_back('_');
    }
  }
}

size_t CountCharacters(absl::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) {
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      ++at;
    } else {
      NextCodePoint(text, &at);
    }
  }
  return count;
}

// Where the last dot is, npos when that starts the name or is missing.
size_t ExtensionDot(absl::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == 0 ? absl::string_view::npos : dot;
}

// An extension of up to this many characters stays whole when a name is cut.
constexpr size_t kKeptExtension = 8;

}  // namespace

void IsoNamer::Append(absl::string_view name, bool directory, int attempt, std::string& out) const {
  // 36^4 spellings at level 1, where they cost half of the name, and 36^6 at the
  // others: in a directory of 100,000 names that are cut to the same letters, a
  // second attempt is rare.
  const size_t width = level_ == 1 ? VariationWidth(attempt, 4, 8) : VariationWidth(attempt, 6, 12);
  if (directory) {
    AppendMapped(name, (level_ == 1 ? 8 : 31) - width, out);
    AppendVariation(name, attempt, width, out);
    return;
  }
  const size_t dot = ExtensionDot(name);
  const absl::string_view base = name.substr(0, dot);
  const absl::string_view extension =
      dot == absl::string_view::npos ? absl::string_view() : name.substr(dot + 1);
  size_t base_room = 8 - std::min<size_t>(width, 8);
  size_t extension_room = 3;
  if (level_ != 1) {
    const size_t room = 30 - width;
    const size_t base_size = std::min(room, CountCharacters(base));
    const size_t extension_size = CountCharacters(extension);
    extension_room = std::min(extension_size, std::max(kKeptExtension, room - base_size));
    base_room = room - extension_room;
  }
  AppendMapped(base, base_room, out);
  AppendVariation(name, attempt, width, out);
  if (!extension.empty() && extension_room > 0) {
    out.push_back('.');
    AppendMapped(extension, extension_room, out);
  }
}

void IsoNamer::AppendRecorded(absl::string_view name, bool directory, int attempt,
                              std::string& out) const {
  const size_t start = out.size();
  Append(name, directory, attempt, out);
  if (directory) return;
  const bool dotted = out.find('.', start) != std::string::npos;
  out.append(dotted ? ";1" : ".;1");
}

std::string IsoNamer::Misfit(absl::string_view name, bool directory) const {
  std::string spelling;
  Append(name, directory, 0, spelling);
  if (name == spelling) return "";
  const size_t dot = directory ? absl::string_view::npos : ExtensionDot(name);
  for (size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<uint8_t>(name[i]);
    if (byte < 0x80 && (kCharacters[byte] == name[i] || i == dot)) continue;
    return absl::StrCat(
        "has characters other than A to Z, 0 to 9 and _",
        directory ? " (ECMA-119 7.6.1)" : ", or more than one dot (ECMA-119 7.5.1)");
  }
  if (dot != absl::string_view::npos && dot + 1 == name.size()) {
    return "ends in a dot, which readers take off (ECMA-119 7.5.1)";
  }
  if (directory) {
    return absl::StrCat("has more than ", level_ == 1 ? 8 : 31, " characters (ECMA-119 ",
                        level_ == 1 ? "10.1" : "7.6.3", ")");
  }
  return level_ == 1 ? "has more than 8 characters, or 3 behind the dot (ECMA-119 10.1)"
                     : "has more than 30 characters beside the dot (ECMA-119 7.5.1)";
}

}  // namespace isomason
