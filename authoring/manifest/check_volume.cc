#include "authoring/manifest/check_volume.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

bool IsPrintableAscii(char c) { return c >= ' ' && c <= '~'; }

// ECMA-119 7.4.1, annex A.
bool IsACharacter(char c) {
  return absl::ascii_isupper(c) || absl::ascii_isdigit(c) ||
         absl::string_view(" !\"%&'()*+,-./:;<=>?_").find(c) != absl::string_view::npos;
}

class VolumeChecker {
 public:
  VolumeChecker(const manifest::Manifest& manifest, const CheckReport& report)
      : m_(manifest), report_(report) {}

  void Check() {
    const manifest::Volume& v = m_.volume();
    CheckLabel(v);
    CheckIdentifier("volume.system_id", v.system_id(), 32, "8.4.5");
    for (size_t i = 0; i < v.system_id().size(); ++i) {
      if (IsACharacter(v.system_id()[i]) || !IsPrintableAscii(v.system_id()[i])) continue;
      Add("volume.system_id",
          absl::StrCat(Quote(v.system_id().substr(i, 1)), " is no a-character (ECMA-119 8.4.5)"),
          "A to Z, 0 to 9, space and ! \" % & ' ( ) * + , - . / : ; < = > ? _ are");
      break;
    }
    CheckIdentifier("volume.set_id", v.set_id(), 128, "8.4.19");
    CheckIdentifier("volume.publisher", v.publisher(), 128, "8.4.20");
    CheckIdentifier("volume.preparer", v.preparer(), 128, "8.4.21");
    CheckIdentifier("volume.application", v.application(), 128, "8.4.22");
    CheckRootFile("volume.copyright_file", v.copyright_file(), "8.4.23");
    CheckRootFile("volume.abstract_file", v.abstract_file(), "8.4.24");
    CheckRootFile("volume.bibliographic_file", v.bibliographic_file(), "8.4.25");
    // `time` goes to directory records, too; the others only to the volume's own dates.
    const bool udf_alone = m_.udf().bridge() == manifest::NO_BRIDGE;
    report_.CheckTime("volume.time", v.time(), udf_alone ? 1 : 1900, udf_alone ? 9999 : 2155);
    report_.CheckTime("volume.creation_time", v.creation_time(), 1, 9999);
    report_.CheckTime("volume.modification_time", v.modification_time(), 1, 9999);
    report_.CheckTime("volume.expiration_time", v.expiration_time(), 1, 9999);
    report_.CheckTime("volume.effective_time", v.effective_time(), 1, 9999);
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) const {
    report_.Add(field, message, remedy);
  }
  void Missing(absl::string_view message, absl::string_view field, absl::string_view what,
               absl::string_view remedy) const {
    report_.Missing(message, field, what, remedy);
  }

  void CheckLabel(const manifest::Volume& v) {
    constexpr absl::string_view kField = "volume.id";
    if (v.id().empty()) {
      Missing("volume", kField, "is missing: every disc has a label",
              "write volume { id: \"MY_DISC\" }");
      return;
    }
    if (m_.udf().bridge() == manifest::NO_BRIDGE) {
      CheckUdfLabel(v.id());
      return;
    }
    const bool own = !m_.iso9660().joliet().volume_id().empty();
    if (!CheckIdentifier(kField, v.id(), 32, "8.4.6", own)) return;
    if (m_.has_udf() && v.id().size() > 30) {
      Add(kField, absl::StrCat("is ", v.id().size(), " characters long; UDF holds 30 (2.1.3)"),
          "shorten it, or leave out udf");
    }
  }

  // Without ISO 9660: any character, in a field of 32 bytes for a length, a compression id
  // and characters of one byte or of two (OSTA UDF 2.1.1, 2.1.3).
  void CheckUdfLabel(absl::string_view label) {
    if (!Utf8Problem(label).empty()) return;
    size_t units = 0;
    bool narrow = true;
    for (size_t i = 0; i < label.size();) {
      const char32_t c = NextCodePoint(label, &i);
      units += Utf16Units(c);
      narrow &= c <= 0xFF;
      if (c >= ' ' && (c < 0x7F || c >= 0xA0)) continue;
      Add("volume.id", absl::StrCat(Quote(label), " has a control character"), "leave it out");
      return;
    }
    const size_t most = narrow ? 30 : 15;
    if (units <= most) return;
    Add("volume.id",
        absl::StrCat("is ", units, narrow ? " characters" : " units of UTF-16", " long; UDF holds ",
                     most, narrow ? "" : " when not all characters are in ISO 8859-1",
                     " (OSTA UDF 2.1.1, 2.1.3)"),
        "shorten it");
  }

  // Printable ASCII of at most `most` characters, of half of that for Joliet, whose
  // characters are two bytes in fields of the same size (ECMA-119 8.5).
  bool CheckIdentifier(absl::string_view field, absl::string_view text, size_t most,
                       absl::string_view clause, bool joliet_has_another = false) {
    if (!Utf8Problem(text).empty()) return false;
    for (size_t i = 0; i < text.size();) {
      const size_t from = i;
      const char32_t c = NextCodePoint(text, &i);
      if (c >= ' ' && c <= '~') continue;
      Add(field,
          absl::StrCat(Quote(text.substr(from, i - from)), " is not printable ASCII (ECMA-119 ",
                       clause, ")"),
          "write it with letters A to Z, digits and `_`");
      return false;
    }
    if (text.size() > most) {
      Add(field,
          absl::StrCat("is ", text.size(), " characters long; ISO 9660 holds ", most, " (ECMA-119 ",
                       clause, ")"),
          "shorten it");
    } else if (m_.iso9660().has_joliet() && text.size() > most / 2 && !joliet_has_another) {
      Add(field,
          absl::StrCat("is ", text.size(), " characters long; Joliet holds ", most / 2,
                       " (ECMA-119 8.5)"),
          field == "volume.id"
              ? absl::StrCat("shorten it, or give Joliet a label of its own: volume_id: ",
                             Quote(text.substr(0, 16)), " in iso9660.joliet")
              : "shorten it, or leave out joliet");
    } else {
      return true;
    }
    return false;
  }

  void CheckRootFile(absl::string_view field, absl::string_view path, absl::string_view clause) {
    if (path.empty() || !report_.CheckImagePath(field, path)) return;
    if (path == "/" || path.find('/', 1) != absl::string_view::npos) {
      Add(field,
          absl::StrCat(Quote(path), " is not a file in the root directory (ECMA-119 ", clause, ")"),
          "name a file such as \"/COPYING\"");
    }
  }

  const manifest::Manifest& m_;
  const CheckReport& report_;
};

}  // namespace

void CheckVolume(const manifest::Manifest& manifest, const CheckReport& report) {
  VolumeChecker(manifest, report).Check();
}

}  // namespace isomason
