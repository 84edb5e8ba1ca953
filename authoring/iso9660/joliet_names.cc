#include "authoring/iso9660/joliet_names.h"

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"

namespace isomason {
namespace {

constexpr bool IsForbidden(char32_t c) {
  return c < 0x20 || c == '*' || c == '/' || c == ':' || c == ';' || c == '?' || c == '\\';
}

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (int c = 0; c < 128; ++c) plain[c] = !IsForbidden(static_cast<char32_t>(c));
  return plain;
}();

constexpr bool IsBeyondBmp(char32_t c) { return c > 0xFFFF && c < kNotUtf8; }

constexpr absl::string_view kBeyondBmp =
    "has a character beyond U+FFFF, which UCS-2, the characters of Joliet, does not have";

// An extension of up to this many characters stays whole when a name is cut.
constexpr size_t kKeptExtension = 16;

// libarchive reads 103 units of a name and would show the semicolon at their end. Longer
// names it cuts before that.
constexpr size_t kUnversionedUnits = 102;

// Units of UTF-16 and bytes of UTF-8.
struct Size {
  size_t units = 0;
  size_t bytes = 0;
  void Add(char32_t c) {
    units += Utf16Units(c);
    bytes += Utf8Size(c);
  }
};

}  // namespace

void JolietNamer::Append(absl::string_view name, bool directory, int attempt,
                         std::string& out) const {
  bool plain = attempt == 0 && name.size() <= Limit(directory) && name.back() != '.';
  for (size_t i = 0; plain && i < name.size(); ++i) plain = kPlain[static_cast<uint8_t>(name[i])];
  if (!plain) {
    AppendSlowly(name, directory, attempt, out);
    return;
  }
  const size_t start = out.size();
  out.resize(start + 2 * name.size());
  char* unit = &out[start];
  for (const char c : name) {
    unit[1] = c;
    unit += 2;
  }
}

void JolietNamer::AppendSlowly(absl::string_view name, bool directory, int attempt,
                               std::string& out) const {
  std::vector<char32_t> base;
  size_t dot = 0;  // in `base`; 0 for none
  for (size_t at = 0; at < name.size();) {
    char32_t c = NextCodePoint(name, &at);
    const bool mangled = IsBeyondBmp(c) && naming_.beyond_bmp != JolietNaming::BeyondBmp::kEmit;
    if (c >= kNotUtf8 || IsForbidden(c) || mangled) c = '_';
    if (c == '.' && !directory) dot = base.size();
    base.push_back(c);
  }
  std::vector<char32_t> rest;  // what follows the part that may be cut
  if (dot != 0 && base.size() - dot - 1 <= kKeptExtension) {
    rest.assign(base.begin() + static_cast<ptrdiff_t>(dot), base.end());
    base.resize(dot);
  }
  if (attempt != 0) {
    std::string variation = "_";
    AppendVariation(name, attempt, VariationWidth(attempt, 6, 12), variation);
    rest.insert(rest.begin(), variation.begin(), variation.end());
  }
  Size size;
  for (char32_t c : rest) size.Add(c);
  for (size_t i = 0; i < base.size(); ++i) {
    size.Add(base[i]);
    if (size.units > Limit(directory) || size.bytes > Utf8Limit(directory)) base.resize(i);
  }
  base.insert(base.end(), rest.begin(), rest.end());
  if (base.back() == '.') base.back() = '_';
  for (char32_t c : base) AppendUtf16(c, out);
}

void JolietNamer::AppendRecorded(absl::string_view name, bool directory, int attempt,
                                 std::string& out) const {
  const size_t start = out.size();
  Append(name, directory, attempt, out);
  const size_t units = (out.size() - start) / 2;
  if (HasVersion(directory) && units != kUnversionedUnits) out.append("\0;\0001", 4);
}

std::string JolietNamer::OtherMisfit(absl::string_view name, bool directory,
                                     bool* beyond_bmp) const {
  *beyond_bmp = false;
  Size size;
  for (size_t at = 0; at < name.size();) {
    char32_t c = NextCodePoint(name, &at);
    if (IsBeyondBmp(c)) {
      *beyond_bmp = true;
      if (naming_.beyond_bmp != JolietNaming::BeyondBmp::kEmit) c = '_';
    }
    if (c >= kNotUtf8) return "is not UTF-8, so Joliet has no characters for it";
    if (IsForbidden(c)) {
      return "has a control character or one of * / : ; ? \\, which Joliet forbids";
    }
    size.Add(c);
  }
  if (size.units > Limit(directory)) {
    const bool record = Limit(directory) < static_cast<size_t>(naming_.limit);
    return absl::StrCat("has ", size.units, " units of UTF-16; Joliet names here have at most ",
                        Limit(directory),
                        record ? ", for `;1` takes two of the 110 in a directory record" : "");
  }
  if (size.bytes > Utf8Limit(directory)) {
    return absl::StrCat("has ", size.bytes, " bytes of UTF-8; Linux shows Joliet names of up to ",
                        Utf8Limit(directory));
  }
  if (name.back() == '.') return "ends in a dot, which readers of Joliet take off";
  return "";
}

std::string JolietNamer::Misfit(absl::string_view name, bool directory) const {
  bool beyond_bmp = false;
  std::string misfit = OtherMisfit(name, directory, &beyond_bmp);
  if (!misfit.empty() || !beyond_bmp || naming_.beyond_bmp == JolietNaming::BeyondBmp::kEmit) {
    return misfit;
  }
  return std::string(kBeyondBmp);
}

std::string JolietNamer::Refusal(absl::string_view name, bool directory, bool refuse) const {
  if (!refuse && naming_.beyond_bmp != JolietNaming::BeyondBmp::kRefuse) return "";
  bool beyond_bmp = false;
  std::string misfit = OtherMisfit(name, directory, &beyond_bmp);
  if (beyond_bmp && naming_.beyond_bmp == JolietNaming::BeyondBmp::kRefuse) {
    return std::string(kBeyondBmp);
  }
  return refuse ? misfit : "";
}

}  // namespace isomason
