// -----------------------------------------------------------------------------
// File: authoring/iso9660/identifiers.h
// -----------------------------------------------------------------------------
//
// File and directory identifiers of the interchange levels (ECMA-119 7.5, 7.6, 10).
//
//   level 1     8 characters, and 3 of extension; directories 8
//   levels 2, 3 30 characters with the extension; directories 31
//
// The characters are A to Z, 0 to 9 and `_` (the d-characters of 7.4.1). A file has
// both separators and version 1, `README.;1`; a directory has neither. Other
// characters become `_`, small letters large ones; the extension stands behind the
// last dot unless that is the first character.
//
#ifndef ISOMASON_AUTHORING_ISO9660_IDENTIFIERS_H_
#define ISOMASON_AUTHORING_ISO9660_IDENTIFIERS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/namer.h"

namespace isomason {

class IsoNamer : public Namer {
 public:
  // `level` is 1, 2 or 3.
  explicit IsoNamer(int level) : level_(level) {}

  void Append(absl::string_view name, bool directory, int attempt, std::string& out) const override;
  void AppendRecorded(absl::string_view name, bool directory, int attempt,
                      std::string& out) const override;
  std::string Misfit(absl::string_view name, bool directory) const override;
  std::string Show(absl::string_view spelling) const override { return std::string(spelling); }

 private:
  const int level_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_IDENTIFIERS_H_
