// -----------------------------------------------------------------------------
// File: authoring/manifest/document.h
// -----------------------------------------------------------------------------
//
// A text or JSON manifest as it is written: names and values with their places,
// before anything is said about what they mean. protobuf's own parsers make the
// Manifest; this tree is made only when there is a problem to explain, because those
// parsers stop at the first one and do not tell where a value stands.
//
//   Element root = ParseText(source, &diagnostics);
//   root.fields[3].name(source);                 // "volume"
//   source.At(root.fields[3].fields[0].value_begin)
//
#ifndef ISOMASON_AUTHORING_MANIFEST_DOCUMENT_H_
#define ISOMASON_AUTHORING_MANIFEST_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/source_text.h"

namespace isomason {

// A value, and in a message the name before it. Positions are byte offsets.
struct Element {
  enum class Kind : uint8_t {
    kMessage,  // { ... }
    kList,     // [ ... ]
    kString,   // quoted; in text manifests also several strings side by side
    kNumber,
    kWord,  // true, BIOS
    kNull,  // JSON's null: the field is not set
  };

  Kind kind = Kind::kMessage;
  // Not part of the manifest that is made: something is wrong with it, or it is null.
  bool dropped = false;
  // Something inside this message was dropped, so that what it seems to lack may be
  // what was misspelt.
  bool damaged = false;
  // The name is in quotes and may have escapes (JSON).
  bool quoted_name = false;
  // No colon stands between name and list, which only messages may do without.
  bool no_colon = false;

  size_t name_begin = 0, name_end = 0;  // equal when there is no name: in a list, the root
  size_t value_begin = 0, value_end = 0;

  std::vector<Element> fields;  // of a message in order of writing; of a list its items

  std::string name(const SourceText& source) const;
  absl::string_view value(const SourceText& source) const {
    return source.text().substr(value_begin, value_end - value_begin);
  }

  // Where a message about this element points: at the value, when it begins on the
  // line of the name, and else at the name.
  Location Place(const SourceText& source) const;
  Location NamePlace(const SourceText& source) const;
};

// Both report every mistake in the notation that they find, and give what could be
// read. After a mistake a text goes on with the next field that begins a line; JSON
// ends there.
Element ParseText(const SourceText& source, Diagnostics* diagnostics);
Element ParseJson(const SourceText& source, Diagnostics* diagnostics);

// The document written again without what was dropped: what protobuf's parser gets
// when the whole has mistakes. `json` chooses the notation.
std::string WithoutDropped(const Element& root, const SourceText& source, bool json);

// The text that a JSON string (with its quotes) stands for; "" when it is none.
std::string UnquoteJson(absl::string_view quoted);

// Messages inside messages, at most. The schema needs six.
inline constexpr int kDeepestNesting = 64;

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_DOCUMENT_H_
