// -----------------------------------------------------------------------------
// File: authoring/iso9660/enhanced_names.h
// -----------------------------------------------------------------------------
//
// Names in the hierarchy of ISO 9660:1999, which mkisofs calls level 4: up to 207
// bytes of whatever the tree has, without version numbers. Readers of it fold no
// letters and take nothing off.
//
#ifndef ISOMASON_AUTHORING_ISO9660_ENHANCED_NAMES_H_
#define ISOMASON_AUTHORING_ISO9660_ENHANCED_NAMES_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/namer.h"

namespace isomason {

// What the hierarchy is called in maps, remarks and problems.
inline constexpr absl::string_view kEnhancedName = "iso9660:1999";

class EnhancedNamer : public Namer {
 public:
  static constexpr size_t kLongest = 207;  // ISO 9660:1999 7.5.1

  void Append(absl::string_view name, bool directory, int attempt, std::string& out) const override;
  void AppendRecorded(absl::string_view name, bool directory, int attempt,
                      std::string& out) const override {
    Append(name, directory, attempt, out);
  }
  std::string Misfit(absl::string_view name, bool directory) const override;
  std::string Show(absl::string_view spelling) const override { return std::string(spelling); }
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_ENHANCED_NAMES_H_
