// -----------------------------------------------------------------------------
// File: authoring/pin_check.h
// -----------------------------------------------------------------------------
//
// Compares a content with the SHA-256 that the manifest pins it to, before the first
// byte of the image is written. The snapshot that every open checks makes sure that
// what was compared is what is copied.
//
#ifndef ISOMASON_AUTHORING_PIN_CHECK_H_
#define ISOMASON_AUTHORING_PIN_CHECK_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "layout/image.h"

namespace isomason {

class PinCheck : public Preparation {
 public:
  // `where` is the place of the pin, "rescue.textproto:12:5: entry[4].file.sha256".
  PinCheck(ContentId content, std::string sha256, std::string where)
      : content_(content), sha256_(std::move(sha256)), where_(std::move(where)) {}

  // FailedPrecondition, with both digests, when they differ.
  absl::Status Run(const Image& image, const Stop& stop) override;

 private:
  ContentId content_;
  std::string sha256_;
  std::string where_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_PIN_CHECK_H_
