// -----------------------------------------------------------------------------
// File: authoring/manifest/check_report.h
// -----------------------------------------------------------------------------
//
// How the parts of CheckManifest() say what is wrong, and what more than one of them
// checks.
//
//   CheckReport report(loaded, &diagnostics);
//   report.Add("layout.padding", "is too much", "write less");
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_REPORT_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_REPORT_H_

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/manifest/manifest.pb.h"
#include "layout/units.h"

namespace isomason {

class CheckReport {
 public:
  static constexpr uint64_t kLargestImage = kMostBlocks * kBlockSize;  // ECMA-119 7.3

  // Both outlive this.
  CheckReport(const LoadedManifest& loaded, Diagnostics* diagnostics)
      : loaded_(loaded), diagnostics_(diagnostics) {}

  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) const {
    diagnostics_->Add(loaded_.Locate(field), field, message, remedy);
  }

  // A field of `message` that should be there. When something in the message could not
  // be read, that may have been it.
  void Missing(absl::string_view message, absl::string_view field, absl::string_view what,
               absl::string_view remedy) const {
    if (!loaded_.Damaged(message)) Add(field, what, remedy);
  }

  void CheckGlob(absl::string_view field, absl::string_view pattern) const;
  // False when it is not the path of something in an image.
  bool CheckImagePath(absl::string_view field, absl::string_view path) const;
  // A time in one of the years from `first` on, 1 or 1900, to `last`; or none.
  void CheckTime(absl::string_view field, absl::string_view text, int64_t first,
                 int64_t last) const;
  // Not every policy can be followed everywhere: a device points to nothing that could
  // stand in its place, and Joliet has no form in which to write one.
  void CheckPolicy(absl::string_view field, manifest::EntryPolicy policy,
                   std::initializer_list<manifest::EntryPolicy> possible) const;
  // A number of bytes that no image has room for.
  void TooLarge(absl::string_view field, uint64_t bytes) const;

 private:
  const LoadedManifest& loaded_;
  Diagnostics* diagnostics_;
};

// Whether a text has a zero byte, which no path can have.
bool HasNul(absl::string_view text);

// What is wrong with a text as UTF-8, or empty.
std::string Utf8Problem(absl::string_view text);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_REPORT_H_
