// -----------------------------------------------------------------------------
// File: authoring/manifest/sources.h
// -----------------------------------------------------------------------------
//
// The files that a manifest was read from, and the way back from a field of the
// merged manifest to its place in one of them. Documents are parsed for their places
// only when one is asked for.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_SOURCES_H_
#define ISOMASON_AUTHORING_MANIFEST_SOURCES_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/document.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/manifest/source_text.h"

namespace isomason {

class ManifestSources {
 public:
  enum class Encoding { kText, kJson, kBinary };

  struct File {
    std::unique_ptr<SourceText> source;
    Encoding encoding = Encoding::kText;
    // Nothing of the file could be read.
    bool lost = false;
    // The places: of a text or JSON file, and of a binary one what there is to count.
    mutable std::unique_ptr<Element> document;
    mutable std::unique_ptr<::isomason::manifest::Manifest> message;
  };

  // `name` stands for a manifest that comes from no file.
  explicit ManifestSources(std::string name = "") : name_(std::move(name)) {}

  // Files in the order of reading; each is merged once, included ones first.
  std::vector<File> files;
  std::vector<int> merge_order;

  // LoadedManifest's functions of these names. With `file`, the field is looked for in
  // that file alone.
  Location Locate(absl::string_view field, absl::string_view part = "", int file = -1) const;
  bool Damaged(absl::string_view message) const;

  // Whether some file could not be read at all.
  bool any_lost = false;

 private:
  // A value in one of the files: in a document, or in the message of a binary one.
  struct Value {
    const File* file;
    const Element* element;
    const ::google::protobuf::Message* message;  // of a scalar: the one around it
  };
  struct Found {
    std::vector<Value> values;  // those of the nearest field that is there
    bool exact;
    bool root;
  };

  static Value Root(const File& file);
  static void AddChildren(const Value& value, const ::google::protobuf::FieldDescriptor& field,
                          std::vector<Value>* out);
  Found Find(absl::string_view field, int file) const;

  std::string name_;
  // The values of long repeated fields, by their path.
  mutable std::map<std::string, std::vector<Value>> repeated_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_SOURCES_H_
