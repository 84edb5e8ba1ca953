// -----------------------------------------------------------------------------
// File: authoring/iso9660/identifiers.h
// -----------------------------------------------------------------------------
//
// File and directory identifiers of the interchange levels (ECMA-119 7.5, 7.6, 10),
// and with the relaxations of them that a manifest asks for.
//
//   level 1     8 characters, and 3 of extension; directories 8
//   levels 2, 3 30 characters with the extension; directories 31
//
// The characters are A to Z, 0 to 9 and `_` (the d-characters of 7.4.1). A file has
// both separators and version 1, `README.;1`; a directory has neither. Other
// characters become `_`, small letters large ones; the extension stands behind the
// last dot unless that is the first character. No relaxation lets a name end in a
// dot, which readers take off, or a name or an extension in a space, which 9.3 pads
// with.
//
#ifndef ISOMASON_AUTHORING_ISO9660_IDENTIFIERS_H_
#define ISOMASON_AUTHORING_ISO9660_IDENTIFIERS_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/namer.h"
#include "authoring/iso9660/relaxations.h"

namespace isomason {

class IsoNamer : public Namer {
 public:
  // `level` is 1, 2 or 3.
  explicit IsoNamer(int level, const Relaxations& relaxations = {});

  void Append(absl::string_view name, bool directory, int attempt, std::string& out) const override;
  void AppendRecorded(absl::string_view name, bool directory, int attempt,
                      std::string& out) const override;
  std::string Misfit(absl::string_view name, bool directory) const override;
  std::string Show(absl::string_view spelling) const override { return std::string(spelling); }
  bool HasKeys() const override { return relax_.lowercase || relax_.ascii; }
  void Fold(std::string& spelling) const override;
  void MakeSortable(std::string& spelling) const override;

 private:
  // A name as its parts, and how many characters of each there is room for.
  struct Parts {
    absl::string_view base, extension;
    size_t base_room = 0, extension_room = 0;
  };
  Parts Divide(absl::string_view name, bool directory, size_t width) const;
  // Appends what stands for the first `most` characters of `text`.
  void AppendMapped(absl::string_view text, size_t most, std::string& out) const;
  // Where an extension's dot is, npos when there is none.
  size_t ExtensionDot(absl::string_view name, bool directory) const;
  std::string TooLong(bool directory) const;

  const Relaxations relax_;
  const bool short_names_;               // 8.3
  const std::array<char, 128> allowed_;  // what stands for a character, dots aside
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_IDENTIFIERS_H_
