// -----------------------------------------------------------------------------
// File: authoring/manifest/source_text.h
// -----------------------------------------------------------------------------
//
// One manifest file as it was read: its bytes, which of the three encodings they
// are, and where in the file a byte stands.
//
//   SourceText text("rescue.textproto", 0, bytes);
//   text.encoding();    // kText, told by content and never by name
//   text.At(817);       // rescue.textproto:41:5
//
#ifndef ISOMASON_AUTHORING_MANIFEST_SOURCE_TEXT_H_
#define ISOMASON_AUTHORING_MANIFEST_SOURCE_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"

namespace isomason {

class SourceText {
 public:
  // kMaybeBinary is for bytes that are no clean text; they may still be a text with a
  // stray byte in it, which FindStrayByte() then finds.
  enum class Encoding { kText, kJson, kMaybeBinary, kUtf16 };

  // `name` is what messages call the file, `order` its rank. A byte order mark of
  // UTF-8 is dropped.
  SourceText(std::string name, int order, std::string bytes);

  const std::string& name() const { return name_; }
  int order() const { return order_; }
  absl::string_view text() const { return text_; }
  Encoding encoding() const { return encoding_; }

  // The file itself, without line and column.
  Location File() const;

  // The place of the byte at `offset`; the end of the text is a place, too. Fast for
  // offsets that go up, as on one long line.
  Location At(size_t offset) const;

  // Whether both bytes stand on one line; `a` is not behind `b`.
  bool SameLine(size_t a, size_t b) const;

  // The first byte that no text manifest holds: a control character or one that is not
  // UTF-8; npos when there is none.
  size_t FindStrayByte() const;

  // Whether the bytes are text but for a few stray ones, rather than no text at all.
  bool LooksLikeText() const;

 private:
  std::string name_;
  int order_;
  std::string text_;
  Encoding encoding_;

  // Made when the first place is asked for.
  mutable std::vector<size_t> line_starts_;
  // The last place that At() found: it counts on from there.
  mutable size_t last_offset_ = 0;
  mutable size_t last_line_ = 0;
  mutable size_t last_column_ = 0;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_SOURCE_TEXT_H_
