#include "authoring/manifest/sources.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/manifest/schema.h"
#include "google/protobuf/message.h"

namespace isomason {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

ManifestSources::Value ManifestSources::Root(const File& file) {
  if (file.lost) return {&file, nullptr, nullptr};
  if (file.encoding == Encoding::kBinary) {
    if (file.message == nullptr) {
      file.message = std::make_unique<manifest::Manifest>();
      const absl::string_view bytes = file.source->text();
      file.message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    }
    return {&file, nullptr, file.message.get()};
  }
  if (file.document == nullptr) {
    Diagnostics reported_before;
    file.document = std::make_unique<Element>(file.encoding == Encoding::kJson
                                                  ? ParseJson(*file.source, &reported_before)
                                                  : ParseText(*file.source, &reported_before));
  }
  return {&file, file.document.get(), nullptr};
}

void ManifestSources::AddChildren(const Value& value, const FieldDescriptor& field,
                                  std::vector<Value>* out) {
  if (value.element != nullptr) {
    const bool json = value.file->encoding == Encoding::kJson;
    for (const Element& element : value.element->fields) {
      if (element.dropped || element.kind == Element::Kind::kNull) continue;
      if (element.name_begin == element.name_end) continue;
      if (FindField(*field.containing_type(), element.name(*value.file->source), json) != &field) {
        continue;
      }
      if (element.kind != Element::Kind::kList) {
        out->push_back({value.file, &element, nullptr});
        continue;
      }
      for (const Element& item : element.fields) {
        if (!item.dropped) out->push_back({value.file, &item, nullptr});
      }
    }
  } else if (value.message != nullptr) {
    const Message& message = *value.message;
    if (message.GetDescriptor() != field.containing_type()) return;
    const Reflection& reflection = *message.GetReflection();
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (field.is_repeated()) {
      for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
        out->push_back(
            {value.file, nullptr,
             is_message ? &reflection.GetRepeatedMessage(message, &field, i) : &message});
      }
    } else if (reflection.HasField(message, &field)) {
      out->push_back(
          {value.file, nullptr, is_message ? &reflection.GetMessage(message, &field) : &message});
    }
  }
}

ManifestSources::Found ManifestSources::Find(absl::string_view field, int file) const {
  Found found{{}, true, true};
  if (file >= 0) {
    found.values.push_back(Root(files[static_cast<size_t>(file)]));
  } else {
    for (int merged : merge_order) {
      found.values.push_back(Root(files[static_cast<size_t>(merged)]));
    }
  }
  if (field.empty()) return found;

  const Descriptor* type = manifest::Manifest::descriptor();
  const std::vector<absl::string_view> steps = absl::StrSplit(field, '.');
  for (absl::string_view step : steps) {
    const size_t bracket = step.find('[');
    int index = -1;
    if (bracket != absl::string_view::npos) {
      absl::string_view number = step.substr(bracket + 1);
      number.remove_suffix(number.empty() ? 0 : 1);
      if (!absl::SimpleAtoi(number, &index)) index = -1;
    }
    const absl::string_view name = step.substr(0, bracket);
    const FieldDescriptor* descriptor =
        type == nullptr ? nullptr : type->FindFieldByName(std::string(name));
    std::vector<Value> next;
    if (descriptor != nullptr) {
      // Whoever reports a problem per entry must not search all entries for each.
      const std::string prefix(field.data(), static_cast<size_t>(name.end() - field.begin()));
      const auto known = file < 0 ? repeated_.find(prefix) : repeated_.end();
      if (known == repeated_.end()) {
        for (const Value& value : found.values) AddChildren(value, *descriptor, &next);
      }
      const bool is_known = known != repeated_.end();
      const std::vector<Value>& all = is_known ? known->second : next;
      if (index >= 0) {
        std::vector<Value> one;
        if (static_cast<size_t>(index) < all.size()) one.push_back(all[static_cast<size_t>(index)]);
        if (!is_known && file < 0 && next.size() > 16) repeated_[prefix] = std::move(next);
        next = std::move(one);
      } else if (is_known) {
        next = all;
      }
    }
    if (next.empty()) {
      found.exact = false;
      return found;
    }
    found.values = std::move(next);
    found.root = false;
    type = descriptor->message_type();
  }
  return found;
}

Location ManifestSources::Locate(absl::string_view field, absl::string_view part, int file) const {
  if (files.empty()) return {.file = name_, .file_order = 0};
  const Found found = Find(field, file);
  // Of a field that several files set the last one counts.
  const Value& value = found.values.back();
  const SourceText& source = *value.file->source;
  if (found.root || value.element == nullptr) return source.File();
  if (!part.empty() && found.exact) {
    const size_t at = value.element->value(source).find(part);
    if (at != absl::string_view::npos) return source.At(value.element->value_begin + at);
  }
  return value.element->Place(source);
}

bool ManifestSources::Damaged(absl::string_view message) const {
  if (files.empty()) return any_lost;
  const Found found = Find(message, -1);
  if (found.root && any_lost) return true;
  return std::any_of(found.values.begin(), found.values.end(), [](const Value& value) {
    return value.file->lost || (value.element != nullptr && value.element->damaged);
  });
}

}  // namespace isomason
