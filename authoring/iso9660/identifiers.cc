#include "authoring/iso9660/identifiers.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

std::array<char, 128> AllowedCharacters(const Relaxations& relax) {
  std::array<char, 128> map{};
  for (int i = 0; i < 128; ++i) {
    const char c = static_cast<char>(i);
    const bool kept =
        absl::ascii_isupper(c) || absl::ascii_isdigit(c) ||
        (relax.ascii && absl::ascii_isprint(c) && !absl::ascii_isalnum(c) && c != '/' && c != ';');
    map[i] = absl::ascii_islower(c) ? (relax.lowercase ? c : absl::ascii_toupper(c))
             : kept                 ? c
                                    : '_';
  }
  return map;
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

// A space here would be one that 9.3 does not see.
void EndWithoutSpace(size_t start, std::string& out) {
  if (out.size() > start && out.back() == ' ') out.back() = '_';
}

// An extension of up to this many characters stays whole when a name is cut.
constexpr size_t kKeptExtension = 8;

}  // namespace

IsoNamer::IsoNamer(int level, const Relaxations& relaxations)
    : relax_(relaxations),
      short_names_(level == 1 && !relaxations.long_31 && !relaxations.long_37),
      allowed_(AllowedCharacters(relaxations)) {}

void IsoNamer::AppendMapped(absl::string_view text, size_t most, std::string& out) const {
  for (size_t at = 0; at < text.size() && most > 0; --most) {
    const auto byte = static_cast<uint8_t>(text[at]);
    if (byte >= 0x80) {
      NextCodePoint(text, &at);
      out.push_back('_');
      continue;
    }
    const bool dot = byte == '.';
    const bool kept = relax_.several_dots || (relax_.leading_dot && at == 0);
    out.push_back(dot ? (kept ? '.' : '_') : allowed_[byte]);
    ++at;
  }
}

size_t IsoNamer::ExtensionDot(absl::string_view name, bool directory) const {
  if (directory && !relax_.directory_dot && !relax_.several_dots) return absl::string_view::npos;
  const size_t dot = name.rfind('.');
  return dot == 0 ? absl::string_view::npos : dot;
}

IsoNamer::Parts IsoNamer::Divide(absl::string_view name, bool directory, size_t width) const {
  Parts parts;
  const size_t dot = ExtensionDot(name, directory);
  parts.base = name.substr(0, dot);
  if (dot != absl::string_view::npos) parts.extension = name.substr(dot + 1);
  if (short_names_) {
    parts.base_room = 8 - std::min<size_t>(width, 8);
    parts.extension_room = 3;
    return parts;
  }
  // A file of levels 1 to 3 has a dot in any case.
  const bool dotted = !parts.extension.empty() || (!directory && !relax_.long_37);
  const size_t room = (relax_.long_37 ? 37 : 31) - (dotted ? 1 : 0) - width;
  const size_t base_size = std::min(room, CountCharacters(parts.base));
  const size_t extension_size = CountCharacters(parts.extension);
  parts.extension_room = std::min(extension_size, std::max(kKeptExtension, room - base_size));
  parts.base_room = room - parts.extension_room;
  return parts;
}

void IsoNamer::Append(absl::string_view name, bool directory, int attempt, std::string& out) const {
  // 36^4 spellings of 8.3, where they cost half of the name, and 36^6 of longer ones:
  // in a directory of 100,000 names that are cut to the same letters, a second attempt
  // is rare.
  const size_t width =
      short_names_ ? VariationWidth(attempt, 4, 8) : VariationWidth(attempt, 6, 12);
  const Parts parts = Divide(name, directory, width);
  const size_t start = out.size();
  AppendMapped(parts.base, parts.base_room, out);
  EndWithoutSpace(start, out);
  AppendVariation(name, attempt, width, out);
  if (!parts.extension.empty() && parts.extension_room > 0) {
    out.push_back('.');
    AppendMapped(parts.extension, parts.extension_room, out);
    EndWithoutSpace(start, out);
  }
  if (out.back() == '.') out.back() = '_';
}

void IsoNamer::AppendRecorded(absl::string_view name, bool directory, int attempt,
                              std::string& out) const {
  const size_t start = out.size();
  Append(name, directory, attempt, out);
  if (directory) return;
  if (relax_.HasPeriod() && out.find('.', start) == std::string::npos) out.push_back('.');
  if (relax_.HasVersion()) out.append(";1");
}

void IsoNamer::Fold(std::string& spelling) const { absl::AsciiStrToUpper(&spelling); }

void IsoNamer::MakeSortable(std::string& spelling) const {
  const size_t dot = spelling.find('.', 1);
  if (dot != std::string::npos) spelling[dot] = '\x01';
}

std::string IsoNamer::TooLong(bool directory) const {
  if (relax_.long_37) return "has more than 37 characters (`relax: LONG_NAMES_37`)";
  if (directory) {
    const bool dotted = relax_.directory_dot || relax_.several_dots;
    return short_names_ ? absl::StrCat("has more than 8 characters",
                                       dotted ? ", or 3 behind the dot" : "", " (ECMA-119 10.1)")
                        : "has more than 31 characters (ECMA-119 7.6.3)";
  }
  return short_names_ ? "has more than 8 characters, or 3 behind the dot (ECMA-119 10.1)"
                      : "has more than 30 characters beside the dot (ECMA-119 7.5.1)";
}

std::string IsoNamer::Misfit(absl::string_view name, bool directory) const {
  std::string spelling;
  Append(name, directory, 0, spelling);
  if (name == spelling) return "";
  const size_t dot = ExtensionDot(name, directory);
  for (size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<uint8_t>(name[i]);
    if (byte < 0x80) {
      const bool good_dot = i == dot || relax_.several_dots || (relax_.leading_dot && i == 0);
      if (byte == '.' ? good_dot : allowed_[byte] == name[i]) continue;
    }
    return absl::StrCat("has characters other than ",
                        relax_.ascii
                            ? (relax_.lowercase ? "printable ASCII without / and ;"
                                                : "printable ASCII without small letters, / and ;")
                            : (relax_.lowercase ? "letters A to Z and a to z, 0 to 9 and _"
                                                : "A to Z, 0 to 9 and _"),
                        relax_.several_dots ? ""
                        : directory         ? (relax_.directory_dot ? ", or more than one dot" : "")
                                            : ", or more than one dot",
                        directory ? " (ECMA-119 7.6.1)" : " (ECMA-119 7.5.1)");
  }
  if (name.back() == '.') return "ends in a dot, which readers take off (ECMA-119 7.5.1)";
  const absl::string_view base = name.substr(0, dot);
  if (base.back() == ' ' || name.back() == ' ') {
    return "has a space at the end or before the dot, which is as if it were not there (ECMA-119 "
           "9.3)";
  }
  return TooLong(directory);
}

}  // namespace isomason
