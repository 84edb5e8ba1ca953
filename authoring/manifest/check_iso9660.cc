#include "authoring/manifest/check_iso9660.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {
namespace {

// In the application use field of the primary descriptor (ECMA-119 8.4.32).
constexpr size_t kApplicationUse = 512;
constexpr size_t kXaMark = 141;  // where CD-XA001 begins

class Checker {
 public:
  Checker(const LoadedManifest& loaded, Diagnostics* diagnostics)
      : loaded_(loaded), m_(loaded.manifest), diagnostics_(*diagnostics) {}

  void Check() {
    CheckUse();
    if (m_.iso9660().xa() && m_.iso9660().has_rock_ridge()) {
      Add("iso9660.xa",
          "puts 14 bytes in front of Rock Ridge; GRUB then reads none of the image, and BSD looks "
          "for it in another place",
          "leave out `xa` or `rock_ridge`");
    }
    if (m_.iso9660().profile() == manifest::STRICT) CheckStrict();
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) {
    diagnostics_.Add(loaded_.Locate(field), field, message, remedy);
  }

  void CheckUse() {
    const size_t size = m_.volume().application_use().size();
    const bool summed = m_.has_media_check();
    if (summed && (size > 0 || m_.iso9660().xa())) {
      Add(size > 0 ? "volume.application_use" : "iso9660.xa",
          "takes room in the application use field (ECMA-119 8.4.32), where `media_check` writes "
          "its sums",
          "leave out one of the two");
    } else if (size > kApplicationUse) {
      Add("volume.application_use",
          absl::StrCat("is ", size, " bytes long; the field holds ", kApplicationUse,
                       " (ECMA-119 8.4.32)"),
          "shorten it");
    } else if (m_.iso9660().xa() && size > kXaMark) {
      Add("volume.application_use",
          absl::StrCat("is ", size, " bytes long; the mark of CD-ROM XA stands in it from byte ",
                       kXaMark, " on"),
          absl::StrCat("shorten it to ", kXaMark, " bytes, or leave out `iso9660.xa`"));
    }
    for (int i = 0; i < m_.entry_size(); ++i) {
      if (m_.entry(i).system_use().empty() || m_.entry(i).path() != "/") continue;
      Add(absl::StrCat("entry[", i, "].system_use"),
          "is for a record that names an entry, and the root has none", "give it to another entry");
    }
  }

  // What the profile decides, said otherwise.
  void Against(absl::string_view field, absl::string_view what) {
    Add(field, absl::StrCat(what, "; the profile STRICT does not have it"),
        absl::StrCat("leave out `", field.substr(0, field.find('[')), "`, or `iso9660.profile`"));
  }

  void CheckStrict() {
    const manifest::Iso9660& iso = m_.iso9660();
    if (iso.level() > 1) {
      Against("iso9660.level", absl::StrCat("is ", iso.level(), ", and names of 8.3 are level 1"));
    }
    if (iso.deep_directories() != manifest::DEEP_DIRECTORIES_DEFAULT &&
        iso.deep_directories() != manifest::REFUSE_DIRECTORIES) {
      Against("iso9660.deep_directories", "lets directories be deeper than eight levels");
    }
    if (iso.names() == manifest::MANGLE_NAMES) Against("iso9660.names", "lets names be changed");
    for (int i = 0; i < iso.relax_size(); ++i) {
      if (iso.relax(i) == manifest::NO_RELAXATION) continue;
      Against(absl::StrCat("iso9660.relax[", i, "]"), "relaxes the standard");
      break;
    }
    const manifest::Volume& v = m_.volume();
    CheckCharacters("volume.id", v.id(), "d-characters", "8.4.6");
    CheckCharacters("volume.set_id", v.set_id(), "d-characters", "8.4.19");
    CheckCharacters("volume.publisher", v.publisher(), "a-characters", "8.4.20");
    CheckCharacters("volume.preparer", v.preparer(), "a-characters", "8.4.21");
    CheckCharacters("volume.application", v.application(), "a-characters", "8.4.22");
  }

  // ECMA-119 7.4.1, annex A. Other than printable ASCII is refused in any case.
  void CheckCharacters(absl::string_view field, absl::string_view text, absl::string_view which,
                       absl::string_view clause) {
    const bool d = which[0] == 'd';
    const absl::string_view more = d ? "_" : " !\"%&'()*+,-./:;<=>?_";
    for (const char c : text) {
      if (!absl::ascii_isprint(c)) return;
      if (absl::ascii_isupper(c) || absl::ascii_isdigit(c) ||
          more.find(c) != absl::string_view::npos) {
        continue;
      }
      Add(field,
          absl::StrCat("has ", Quote(absl::string_view(&c, 1)),
                       "; with the profile STRICT there are ", which, " only (ECMA-119 ", clause,
                       ")"),
          d ? "write it with letters A to Z, digits and `_`"
            : "A to Z, 0 to 9, space and ! \" % & ' ( ) * + , - . / : ; < = > ? _ are");
      return;
    }
  }

  const LoadedManifest& loaded_;
  const manifest::Manifest& m_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckPrimaryHierarchy(const LoadedManifest& loaded, Diagnostics* diagnostics) {
  Checker(loaded, diagnostics).Check();
}

}  // namespace isomason
