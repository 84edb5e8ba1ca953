// -----------------------------------------------------------------------------
// File: authoring/manifest/schema.h
// -----------------------------------------------------------------------------
//
// Holds a document against the schema: fields that do not exist, values of the wrong
// type, fields given twice. All of them in one pass, with what was probably meant.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_SCHEMA_H_
#define ISOMASON_AUTHORING_MANIFEST_SCHEMA_H_

#include <string>

#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/document.h"
#include "authoring/manifest/source_text.h"
#include "google/protobuf/descriptor.h"

namespace isomason {

// Adds what is wrong to `diagnostics`, marks each culprit as dropped and the message
// around it as damaged. `json` says which notation the document is in.
void CheckSchema(const ::google::protobuf::Descriptor& type, const SourceText& source, bool json,
                 Element* root, Diagnostics* diagnostics);

// The field that `name` means in a document, or null: in JSON its lowerCamelCase form
// does as well.
const ::google::protobuf::FieldDescriptor* FindField(const ::google::protobuf::Descriptor& type,
                                                     const std::string& name, bool json);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_SCHEMA_H_
