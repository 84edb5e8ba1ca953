// -----------------------------------------------------------------------------
// File: authoring/iso9660/joliet_names.h
// -----------------------------------------------------------------------------
//
// Names in Joliet: UTF-16 in big-endian order, 64 units by the specification, up to
// 103 in images with long names. Control characters and * / : ; ? \ are forbidden;
// Windows cannot list a directory that holds one. A trailing dot is taken off by
// Linux and Windows. Each of these becomes `_`.
//
// Linux keeps the length of a name's UTF-8 form, version number included, in one
// byte, so that form has at most 253 bytes for a file and 255 for a directory; a
// longer one shows as a fragment.
//
#ifndef ISOMASON_AUTHORING_ISO9660_JOLIET_NAMES_H_
#define ISOMASON_AUTHORING_ISO9660_JOLIET_NAMES_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/namer.h"
#include "authoring/unicode/unicode.h"

namespace isomason {

class JolietNamer : public Namer {
 public:
  static constexpr int kShortLimit = 64;
  static constexpr int kLongLimit = 103;

  // `limit` is a number of units from kShortLimit to kLongLimit.
  explicit JolietNamer(int limit) : limit_(static_cast<size_t>(limit)) {}

  void Append(absl::string_view name, bool directory, int attempt, std::string& out) const override;
  void AppendRecorded(absl::string_view name, bool directory, int attempt,
                      std::string& out) const override;
  std::string Misfit(absl::string_view name, bool directory) const override;
  std::string Show(absl::string_view spelling) const override { return Utf16ToUtf8(spelling); }

 private:
  static size_t Utf8Limit(bool directory) { return directory ? 255 : 253; }
  void AppendSlowly(absl::string_view name, bool directory, int attempt, std::string& out) const;

  const size_t limit_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_JOLIET_NAMES_H_
