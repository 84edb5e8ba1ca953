// -----------------------------------------------------------------------------
// File: tools/manifest_doc/manifest_doc.h
// -----------------------------------------------------------------------------
//
// The manifest's reference in Markdown, made from the comments of its schema, so that
// there is one place to write them. Messages and enums come in the schema's order; a
// field without a comment that follows one of the same type on the next line shares
// its comment.
//
#ifndef ISOMASON_TOOLS_MANIFEST_DOC_MANIFEST_DOC_H_
#define ISOMASON_TOOLS_MANIFEST_DOC_MANIFEST_DOC_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace isomason {

// The page. `schema` knows its source's comments. `example` is a text manifest that
// the page shows first; `example_path` says where it is from.
std::string ManifestDoc(const ::google::protobuf::FileDescriptor& schema, absl::string_view example,
                        absl::string_view example_path);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_MANIFEST_DOC_MANIFEST_DOC_H_
