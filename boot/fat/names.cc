#include "boot/fat/names.h"

// Of ICU, only what needs no data file (authoring/unicode/normal.cc says why).
#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace isomason {
namespace {

constexpr size_t kBase = 8, kExtension = 3;

bool IsDigit(char16_t c) { return c >= '0' && c <= '9'; }
bool IsSmall(char16_t c) { return c >= 'a' && c <= 'z'; }
bool IsCapital(char16_t c) { return c >= 'A' && c <= 'Z'; }
char16_t AsciiUpper(char16_t c) { return IsSmall(c) ? static_cast<char16_t>(c - 'a' + 'A') : c; }

// fatgen103, Short Directory Entries: what a short name may hold besides letters.
bool IsShortSign(char16_t c) {
  return c < 0x80 && c > 0x20 && absl::StrContains("$%'-_@~`!(){}^#&", static_cast<char>(c));
}
bool IsShort(char16_t c) { return IsDigit(c) || IsCapital(c) || IsShortSign(c); }

// fatgen103, Long Directory Entries, and Windows' own list of what no name may hold.
constexpr absl::string_view kForbidden = "\"*/:<>?\\|";

std::u16string AsciiUpper(std::u16string text) {
  for (char16_t& c : text) c = AsciiUpper(c);
  return text;
}

// Windows takes these for devices, with or without an extension.
bool IsDevice(const std::u16string& name) {
  std::u16string base = AsciiUpper(name.substr(0, name.find(u'.')));
  while (!base.empty() && base.back() == u' ') base.pop_back();
  for (const char16_t* device :
       {u"CON", u"PRN", u"AUX", u"NUL", u"CONIN$", u"CONOUT$", u"CLOCK$"}) {
    if (base == device) return true;
  }
  if (base.size() != 4 || (base.compare(0, 3, u"COM") != 0 && base.compare(0, 3, u"LPT") != 0)) {
    return false;
  }
  // The three superscript digits of Latin-1 count, too.
  const char16_t c = base[3];
  return (c >= '1' && c <= '9') || c == 0xB9 || c == 0xB2 || c == 0xB3;
}

// A name in two halves, without the dot: what a short name is made from.
struct Halves {
  std::u16string base, extension;
};

FatShortName Fill(const Halves& halves) {
  FatShortName out;
  out.fill(' ');
  std::copy(halves.base.begin(), halves.base.end(), out.begin());
  std::copy(halves.extension.begin(), halves.extension.end(), out.begin() + kBase);
  return out;
}

// The short name of a name that is 8.3 when its letters are capitals.
std::optional<FatShortName> AsShortName(const std::u16string& name) {
  const std::u16string upper = AsciiUpper(name);
  const size_t dot = upper.find(u'.');
  Halves halves{upper.substr(0, dot), dot == upper.npos ? u"" : upper.substr(dot + 1)};
  if (halves.base.empty() || halves.base.size() > kBase || halves.extension.size() > kExtension) {
    return std::nullopt;
  }
  for (const std::u16string* half : {&halves.base, &halves.extension}) {
    if (!std::all_of(half->begin(), half->end(), IsShort)) return std::nullopt;
  }
  return Fill(halves);
}

// fatgen103, The Basis-Name Generation Algorithm: up to eight characters before the first dot
// and three behind the last, after blanks and leading dots have gone; others are "_". A
// character outside of the basic plane is one "_", too.
Halves BasisName(const std::u16string& name) {
  std::u16string text;
  for (const char16_t c : name) {
    if (c == ' ' || (text.empty() && c == '.') || (c >= 0xDC00 && c <= 0xDFFF)) continue;
    const char16_t upper = AsciiUpper(c);
    text.push_back(IsShort(upper) || c == '.' ? upper : u'_');
  }
  Halves halves;
  const size_t first = text.find(u'.'), last = text.rfind(u'.');
  halves.base = text.substr(0, std::min(first, kBase));
  if (last != text.npos) halves.extension = text.substr(last + 1, kExtension);
  return halves;
}

// Gives out numbers behind short names (fatgen103, The Numeric-Tail Generation Algorithm).
class Tails {
 public:
  void Take(const FatShortName& name) { taken_.insert(name); }

  // The first name "BASIS~n" that nobody has. A number of more digits leaves fewer letters of
  // the basis, and so goes to all that begin with them; each count of digits has its own
  // counter, so that no number is tried twice.
  FatShortName Next(const Halves& basis) {
    uint32_t least = 1;
    for (size_t digits = 1;; ++digits, least *= 10) {
      Halves halves = basis;
      halves.base.resize(std::min(basis.base.size(), kBase - 1 - digits));
      halves.base.push_back(u'~');
      halves.base.append(digits, u'0');
      uint32_t& next = next_.try_emplace(Fill(halves), least).first->second;
      while (next < 10 * least) {
        const std::string number = absl::StrCat(next++);
        std::copy(number.begin(), number.end(), halves.base.end() - static_cast<ptrdiff_t>(digits));
        const FatShortName name = Fill(halves);
        if (taken_.insert(name).second) return name;
      }
    }
  }

 private:
  absl::flat_hash_set<FatShortName> taken_;
  absl::flat_hash_map<FatShortName, uint32_t> next_;
};

absl::Status Refuse(absl::string_view name, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the name \"", absl::Utf8SafeCEscape(name), "\" ", why));
}

}  // namespace

absl::StatusOr<std::u16string> ToFatName(absl::string_view name) {
  if (name.empty()) return Refuse(name, "is empty");
  if (name == "." || name == "..") return Refuse(name, "is one that FAT gives to directories");
  std::u16string out;
  const auto size = static_cast<int32_t>(std::min<size_t>(name.size(), 0x7FFFFFFF));
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(name.data(), i, size, c);
    if (c < 0)
      return absl::InvalidArgumentError(absl::StrCat("the name \"", absl::CHexEscape(name),
                                                     "\" is not UTF-8, FAT holds Unicode"));
    if (c < 0x20 || c == 0xFFFE || c == 0xFFFF) {
      return Refuse(name, absl::StrFormat("holds U+%04X, which FAT forbids (fatgen103, Long "
                                          "Directory Entries)",
                                          c));
    }
    if (c < 0x80 && absl::StrContains(kForbidden, static_cast<char>(c))) {
      return Refuse(name, absl::StrCat("holds ", std::string(1, static_cast<char>(c)),
                                       ", which FAT forbids (fatgen103, Long Directory Entries)"));
    }
    if (c >= 0x10000) {
      out.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
      out.push_back(static_cast<char16_t>(0xDC00 | (c & 0x3FF)));
    } else {
      out.push_back(static_cast<char16_t>(c));
    }
  }
  if (out.back() == u'.' || out.back() == u' ') {
    return Refuse(name, absl::StrCat("ends in a ", out.back() == u'.' ? "dot" : "blank",
                                     ", which Windows and Linux cut off"));
  }
  if (IsDevice(out)) return Refuse(name, "is that of a device in Windows, which cannot open it");
  if (out.size() > kFatMostNameUnits) {
    return absl::OutOfRangeError(absl::StrCat(
        "the name \"", absl::Utf8SafeCEscape(name), "\" has ", out.size(),
        " units of UTF-16, FAT holds ", kFatMostNameUnits, " (fatgen103, Long Directory Entries)"));
  }
  return out;
}

std::string FatNameToUtf8(const std::u16string& name) {
  std::string out;
  const auto size = static_cast<int32_t>(name.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U16_NEXT(name.data(), i, size, c);
    char bytes[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    out.append(bytes, static_cast<size_t>(length));
  }
  return out;
}

std::u16string FoldFatName(const std::u16string& name) {
  std::u16string out = name;
  for (size_t i = 0; i < out.size(); ++i) {
    UChar32 c = out[i];
    const bool pair = c >= 0xD800 && c <= 0xDBFF && i + 1 < out.size();
    if (pair) c = ((c - 0xD7C0) << 10) | (out[i + 1] & 0x3FF);
    // No character folds from one plane to another.
    c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
    if (pair) {
      out[i++] = static_cast<char16_t>(0xD7C0 + (c >> 10));
      out[i] = static_cast<char16_t>(0xDC00 | (c & 0x3FF));
    } else {
      out[i] = static_cast<char16_t>(c);
    }
  }
  return out;
}

std::vector<FatShortName> MakeShortNames(absl::Span<const std::u16string> names) {
  std::vector<FatShortName> out(names.size());
  std::vector<size_t> made_up;
  Tails tails;
  for (size_t i = 0; i < names.size(); ++i) {
    if (const std::optional<FatShortName> exact = AsShortName(names[i])) {
      tails.Take(*exact);
      out[i] = *exact;
    } else {
      made_up.push_back(i);
    }
  }
  for (const size_t i : made_up) out[i] = tails.Next(BasisName(names[i]));
  return out;
}

bool NeedsLongName(const std::u16string& name, const FatShortName& short_name) {
  return AsShortName(name) != short_name || std::any_of(name.begin(), name.end(), IsSmall);
}

uint8_t FatChecksum(const FatShortName& name) {
  unsigned sum = 0;
  for (const uint8_t c : name) sum = (((sum & 1) << 7) + (sum >> 1) + c) & 0xFF;
  return static_cast<uint8_t>(sum);
}

absl::StatusOr<FatShortName> ToFatLabel(absl::string_view label) {
  FatShortName out;
  if (label.size() > out.size()) {
    return absl::OutOfRangeError(absl::StrCat("the label \"", absl::Utf8SafeCEscape(label),
                                              "\" has ", label.size(), " bytes, FAT holds ",
                                              out.size(), " (fatgen103, BS_VolLab)"));
  }
  for (const char c : label) {
    const auto unit = static_cast<char16_t>(static_cast<uint8_t>(c));
    if (IsShort(unit) || unit == ' ') continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the label \"", absl::Utf8SafeCEscape(label),
                     "\" has other characters than A to Z, 0 to 9, blanks and $%'-_@~`!(){}^#& ",
                     "(fatgen103, Short Directory Entries)"));
  }
  if (absl::StartsWith(label, " ") || absl::EndsWith(label, " ")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the label \"", label, "\" begins or ends with a blank, which FAT does not keep"));
  }
  if (label.empty()) label = "NO NAME";
  out.fill(' ');
  std::copy(label.begin(), label.end(), out.begin());
  return out;
}

}  // namespace isomason
