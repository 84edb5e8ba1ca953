#include "authoring/tree/normal_names.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace isomason {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// By name, in whatever message: what stands in the image, and globs over it. The globs of
// source trees and archives are over names as these have them, and what a manifest includes
// is a file of the host.
bool IsAboutTheImage(const FieldDescriptor& field) {
  static const auto* const kNames = new absl::flat_hash_set<absl::string_view>{
      "path",           "hard_link",     "symlink",
      "catalog",        "image",         "order",
      "copyright_file", "abstract_file", "bibliographic_file",
      "match",          "directory",     "include",
      "exclude",        "keep",          "to"};
  const auto* const message = field.containing_type();
  return field.type() == FieldDescriptor::TYPE_STRING && kNames->contains(field.name()) &&
         message != manifest::SourceTree::descriptor() &&
         message != manifest::Archive::descriptor() && message != manifest::Manifest::descriptor();
}

void NormalizeFields(NormalForm form, Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool about = IsAboutTheImage(*field);
    if (!about && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (about) {
        reflection.SetString(message, field,
                             Normalize(reflection.GetString(*message, field), form));
      } else {
        NormalizeFields(form, reflection.MutableMessage(message, field));
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
      if (about) {
        reflection.SetRepeatedString(
            message, field, i, Normalize(reflection.GetRepeatedString(*message, field, i), form));
      } else {
        NormalizeFields(form, reflection.MutableRepeatedMessage(message, field, i));
      }
    }
  }
}

}  // namespace

std::optional<NormalForm> NormalFormOf(const manifest::Manifest& manifest) {
  switch (manifest.names().normalization()) {
    case manifest::NFC:
      return NormalForm::kNfc;
    case manifest::NFD:
      return NormalForm::kNfd;
    default:
      return std::nullopt;
  }
}

void NormalizePaths(NormalForm form, manifest::Manifest* manifest, Remarks* remarks) {
  for (const manifest::Entry& entry : manifest->entry()) {
    std::string path = Normalize(entry.path(), form);
    if (entry.has_symlink()) {
      std::string target = Normalize(entry.symlink(), form);
      if (target != entry.symlink()) {
        remarks->push_back({Remark::Kind::kChangedTarget, "names", path, std::move(target)});
      }
    }
    if (path == entry.path()) continue;
    remarks->push_back({Remark::Kind::kChangedName, "names", entry.path(), std::move(path)});
  }
  NormalizeFields(form, manifest);
}

}  // namespace isomason
