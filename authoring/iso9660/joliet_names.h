// -----------------------------------------------------------------------------
// File: authoring/iso9660/joliet_names.h
// -----------------------------------------------------------------------------
//
// Names in Joliet: UTF-16 in big-endian order, 64 units by the specification, up to
// 103 in images with long names, and 110 in a directory record, version number
// included. Control characters and * / : ; ? \ are forbidden; Windows cannot list a
// directory that holds one. A trailing dot is taken off by Linux and Windows. Each of
// these becomes `_`.
//
// Linux keeps the length of a name's UTF-8 form, version number included, in one
// byte, so that form has at most 253 bytes for a file with one and 255 for others; a
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

// How names are spelled.
struct JolietNaming {
  int limit = 103;              // units, from kShortLimit to kRecordLimit
  bool version_numbers = true;  // whether those of files end in ;1
  // Characters that UCS-2 does not have: two units of UTF-16, or one `_`.
  enum class BeyondBmp { kEmit, kMangle, kRefuse } beyond_bmp = BeyondBmp::kEmit;
};

class JolietNamer : public Namer {
 public:
  static constexpr int kShortLimit = 64;    // the Joliet specification
  static constexpr int kLongLimit = 103;    // what writers of long names agree on
  static constexpr int kRecordLimit = 110;  // ECMA-119 9.1: 254 bytes, 33 of them taken

  explicit JolietNamer(const JolietNaming& naming) : naming_(naming) {}

  void Append(absl::string_view name, bool directory, int attempt, std::string& out) const override;
  void AppendRecorded(absl::string_view name, bool directory, int attempt,
                      std::string& out) const override;
  std::string Misfit(absl::string_view name, bool directory) const override;
  std::string Refusal(absl::string_view name, bool directory, bool refuse) const override;
  std::string Show(absl::string_view spelling) const override { return Utf16ToUtf8(spelling); }

 private:
  bool HasVersion(bool directory) const { return naming_.version_numbers && !directory; }
  // The version takes two units of what a record holds.
  size_t Limit(bool directory) const {
    const int record = kRecordLimit - (HasVersion(directory) ? 2 : 0);
    return static_cast<size_t>(naming_.limit < record ? naming_.limit : record);
  }
  size_t Utf8Limit(bool directory) const { return HasVersion(directory) ? 253 : 255; }
  // What keeps a name from standing there as it is, beside characters beyond the BMP.
  std::string OtherMisfit(absl::string_view name, bool directory, bool* beyond_bmp) const;
  void AppendSlowly(absl::string_view name, bool directory, int attempt, std::string& out) const;

  const JolietNaming naming_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_JOLIET_NAMES_H_
