#include "authoring/manifest/schema.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace isomason {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FieldDescriptor;

const FieldDescriptor* FindField(const Descriptor& type, const std::string& name, bool json) {
  if (const FieldDescriptor* field = type.FindFieldByName(name)) return field;
  for (int i = 0; json && i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == name) return type.field(i);
  }
  return nullptr;
}

namespace {

using Kind = Element::Kind;

// The message that is being looked at, and those around it: for the field's path.
struct Frame {
  const Frame* outer;
  const std::string& name;
  int index;  // -1 for a field that is not repeated
};

std::string Path(const Frame* frame) {
  if (frame == nullptr) return "";
  std::string path = Path(frame->outer);
  if (!path.empty()) path += '.';
  absl::StrAppend(&path, frame->name);
  if (frame->index >= 0) absl::StrAppend(&path, "[", frame->index, "]");
  return path;
}

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names(static_cast<size_t>(type.field_count()));
  for (int i = 0; i < type.field_count(); ++i) names[i] = type.field(i)->name();
  return names;
}

std::string FieldList(const Descriptor& type) { return absl::StrJoin(FieldNames(type), ", "); }

// The names of an enum, without the one that means "not set".
std::vector<std::string> ValueNames(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) names.push_back(type.value(i)->name());
  }
  return names;
}

// Whether protobuf takes the text for base64: of the usual or the URL's alphabet, and
// without bits that belong to no byte.
bool IsBase64(absl::string_view text) {
  std::string bytes;
  const bool url = absl::WebSafeBase64Unescape(text, &bytes);
  if (!url && !absl::Base64Unescape(text, &bytes)) return false;
  const std::string again = url ? absl::WebSafeBase64Escape(bytes) : absl::Base64Escape(bytes);
  return absl::StripSuffix(absl::StripSuffix(again, "="), "=") ==
         absl::StripSuffix(absl::StripSuffix(text, "="), "=");
}

class SchemaChecker {
 public:
  SchemaChecker(const SourceText& source, bool json, Diagnostics* diagnostics)
      : source_(source), json_(json), diagnostics_(diagnostics) {}

  void CheckMessage(const Descriptor& type, const Frame* frame, Element* message) {
    std::map<const FieldDescriptor*, int> seen;  // how many values each field has so far
    std::map<const FieldDescriptor*, const Element*> first;
    for (Element& element : message->fields) {
      if (element.dropped) continue;
      const std::string name = element.name(source_);
      const FieldDescriptor* field = FindField(type, name, json_);
      if (field != nullptr && element.kind == Kind::kNull) {
        element.dropped = true;
        continue;
      }
      if (field == nullptr) {
        Unknown(type, frame, name, &element);
      } else if (!field->is_repeated()) {
        const Frame inner{frame, field->name(), -1};
        if (OnlyOne(*field, inner, &first, &element)) CheckValue(*field, inner, &element);
      } else if (const Frame inner{frame, field->name(), -1};
                 !json_ || OnlyOne(*field, inner, &first, &element)) {
        CheckRepeated(*field, frame, &seen[field], &element);
      }
      if (element.dropped || (field != nullptr && field->is_repeated() && element.damaged &&
                              element.kind == Kind::kList)) {
        message->damaged = true;
      }
    }
  }

 private:
  void Drop(Element* element, const Location& location, const Frame* frame,
            absl::string_view message, absl::string_view remedy) {
    diagnostics_->Add(location, Path(frame), message, remedy);
    element->dropped = true;
  }

  void Unknown(const Descriptor& type, const Frame* frame, const std::string& name,
               Element* element) {
    const std::vector<std::string> names = FieldNames(type);
    std::string remedy = DidYouMean(Closest(name, names));
    if (remedy.empty()) {
      remedy = names.empty()
                   ? absl::StrCat(type.name(), " has no fields; write { }")
                   : absl::StrCat("the fields of ", type.name(), " are ", FieldList(type));
    }
    const Frame inner{frame, name, -1};
    Drop(element, element->NamePlace(source_), &inner,
         absl::StrCat(type.name(), " has no field ", Quote(name)), remedy);
  }

  // A field that is not repeated stands once, in JSON every field, and of a oneof only
  // one field.
  bool OnlyOne(const FieldDescriptor& field, const Frame& frame,
               std::map<const FieldDescriptor*, const Element*>* first, Element* element) {
    for (const auto& [other, where] : *first) {
      const std::string place = where->NamePlace(source_).FileAndLine();
      if (other == &field) {
        Drop(element, element->NamePlace(source_), &frame, "is given a second time",
             absl::StrCat("the first is at ", place, "; keep one of them"));
        return false;
      }
      if (field.real_containing_oneof() != nullptr &&
          other->real_containing_oneof() == field.real_containing_oneof()) {
        Drop(element, element->NamePlace(source_), &frame,
             absl::StrCat("cannot stand beside ", Quote(other->name()), ", which is given at ",
                          place),
             absl::StrCat("keep one of them, or write a second ",
                          frame.outer == nullptr ? "manifest" : frame.outer->name));
        return false;
      }
    }
    first->emplace(&field, element);
    return true;
  }

  void CheckRepeated(const FieldDescriptor& field, const Frame* frame, int* index,
                     Element* element) {
    if (element->kind == Kind::kList) {
      if (element->no_colon && field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        const Frame inner{frame, field.name(), -1};
        diagnostics_->Add(element->NamePlace(source_), Path(&inner),
                          "needs a colon before the list",
                          absl::StrCat("write ", field.name(), ": [ ... ]"));
      }
      for (Element& item : element->fields) {
        if (item.dropped) continue;
        const Frame inner{frame, field.name(), (*index)++};
        CheckValue(field, inner, &item);
        if (item.dropped) element->damaged = true;
      }
      return;
    }
    if (json_) {
      const Frame inner{frame, field.name(), -1};
      Drop(element, element->Place(source_), &inner, "needs a list, [ ... ]",
           "write [ and ] also around a single value");
      return;
    }
    const Frame inner{frame, field.name(), (*index)++};
    CheckValue(field, inner, element);
  }

  // "the string "x"", for "needs a number, not the string "x"".
  std::string Given(const Element& element) const {
    switch (element.kind) {
      case Kind::kMessage:
        return "{ ... }";
      case Kind::kList:
        return "a list";
      case Kind::kNull:
        return "null";
      case Kind::kString:
        return absl::StrCat("the string ", Quote(Unquoted(element)));
      case Kind::kNumber:
      case Kind::kWord:
        break;
    }
    const absl::string_view value = element.value(source_);
    return std::string(value.substr(0, 60));
  }

  // What a string says, near enough for a message.
  std::string Unquoted(const Element& element) const {
    const absl::string_view value = element.value(source_);
    if (json_) return UnquoteJson(value);
    std::string plain;
    if (value.size() >= 2 && absl::CUnescape(value.substr(1, value.size() - 2), &plain)) {
      return plain;
    }
    return std::string(value);
  }

  void Needs(absl::string_view what, absl::string_view remedy, const Frame& frame,
             Element* element) {
    Drop(element, element->Place(source_), &frame,
         absl::StrCat("needs ", what, ", not ", Given(*element)), remedy);
  }

  void CheckValue(const FieldDescriptor& field, const Frame& frame, Element* element) {
    if (element->kind == Kind::kList) {
      Drop(element, element->Place(source_), &frame, "takes one value, not a list",
           "write the value without [ and ]");
      return;
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (element->kind == Kind::kMessage) {
        CheckMessage(*field.message_type(), &frame, element);
      } else {
        const Descriptor& type = *field.message_type();
        Needs("fields in { ... }",
              type.field_count() == 0
                  ? absl::StrCat("write ", field.name(), " {}")
                  : absl::StrCat("the fields of ", type.name(), " are ", FieldList(type)),
              frame, element);
      }
      return;
    }
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        CheckString(field, frame, element);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        CheckBool(frame, element);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(*field.enum_type(), frame, element);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        CheckSigned(frame, element);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        CheckUnsigned(std::numeric_limits<uint32_t>::max(), frame, element);
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        CheckUnsigned(std::numeric_limits<uint64_t>::max(), frame, element);
        break;
      default:
        break;  // types that the schema does not have: protobuf's parser decides
    }
  }

  void CheckString(const FieldDescriptor& field, const Frame& frame, Element* element) {
    const absl::string_view value = element->value(source_);
    if (element->kind != Kind::kString) {
      const bool plain = element->kind == Kind::kNumber || element->kind == Kind::kWord;
      Needs("a string", plain ? absl::StrCat("write it in quotes: ", Quote(value)) : "", frame,
            element);
    } else if (json_ && field.type() == FieldDescriptor::TYPE_BYTES) {
      if (!IsBase64(UnquoteJson(value))) {
        Needs("bytes in base64", "for UTF-8 there is the field \"text\"", frame, element);
      }
    }
  }

  void CheckBool(const Frame& frame, Element* element) {
    const absl::string_view value = element->value(source_);
    const bool words = element->kind == Kind::kWord;
    if (words && (value == "true" || value == "false")) return;
    if (!json_ && (value == "True" || value == "False" || value == "t" || value == "f" ||
                   value == "1" || value == "0")) {
      return;
    }
    const bool quoted = element->kind == Kind::kString &&
                        (Unquoted(*element) == "true" || Unquoted(*element) == "false");
    Needs("true or false",
          quoted ? absl::StrCat("write it without quotes: ", Unquoted(*element)) : "", frame,
          element);
  }

  void CheckEnum(const EnumDescriptor& type, const Frame& frame, Element* element) {
    std::string name(element->value(source_));
    if (json_ && element->kind == Kind::kString) name = UnquoteJson(name);
    int32_t number;
    if (element->kind == Kind::kNumber && absl::SimpleAtoi(name, &number)) {
      if (type.FindValueByNumber(number) != nullptr) return;
    } else if (element->kind == (json_ ? Kind::kString : Kind::kWord) &&
               type.FindValueByName(name) != nullptr) {
      return;
    }
    std::string remedy;
    if (!json_ && element->kind == Kind::kString &&
        type.FindValueByName(Unquoted(*element)) != nullptr) {
      remedy = absl::StrCat("write it without quotes: ", Unquoted(*element));
    } else if (element->kind == Kind::kWord || element->kind == Kind::kString) {
      const std::string close = Closest(name, ValueNames(type));
      if (!close.empty()) remedy = absl::StrCat("did you mean ", close, "?");
    }
    const std::vector<std::string> names = ValueNames(type);
    Needs(absl::StrCat(names.size() == 1 ? "" : "one of ", absl::StrJoin(names, ", ")), remedy,
          frame, element);
  }

  void CheckSigned(const Frame& frame, Element* element) {
    constexpr auto kLeast = std::numeric_limits<int32_t>::min();
    constexpr auto kMost = std::numeric_limits<int32_t>::max();
    std::string value(element->value(source_));
    int32_t number;
    if (element->kind == Kind::kNumber && absl::StartsWith(value, "-") &&
        absl::SimpleAtoi(value, &number)) {
      return;
    }
    CheckNumber(kMost, absl::StrCat("a whole number from ", kLeast, " to ", kMost), frame, element);
  }

  void CheckUnsigned(uint64_t most, const Frame& frame, Element* element) {
    CheckNumber(most, absl::StrCat("a whole number from 0 to ", most), frame, element);
  }

  // A number from 0 to `most`; `what` is what the field needs.
  void CheckNumber(uint64_t most, const std::string& what, const Frame& frame, Element* element) {
    std::string value(element->value(source_));
    if (json_) {
      if (element->kind == Kind::kString) value = UnquoteJson(value);
      uint64_t number;
      double fraction;
      const bool digits = std::all_of(value.begin(), value.end(), absl::ascii_isdigit);
      if (element->kind != Kind::kNumber && (element->kind != Kind::kString || !digits)) {
        Needs(what, "", frame, element);
      } else if (absl::SimpleAtoi(value, &number)) {
        if (number > most) Needs(what, "", frame, element);
      } else if (!absl::SimpleAtod(value, &fraction) || !(fraction >= 0) ||
                 fraction > static_cast<double>(most) || fraction >= 0x1p64 ||
                 fraction != static_cast<double>(static_cast<uint64_t>(fraction))) {
        Needs(what, "", frame, element);
      }
      return;
    }
    if (element->kind != Kind::kNumber) {
      uint64_t number;
      const bool quoted =
          element->kind == Kind::kString && absl::SimpleAtoi(Unquoted(*element), &number);
      Needs(what, quoted ? absl::StrCat("write it without quotes: ", Unquoted(*element)) : "",
            frame, element);
      return;
    }
    const bool hex = absl::StartsWith(value, "0x") || absl::StartsWith(value, "0X");
    const bool octal = !hex && value.size() > 1 && value[0] == '0';
    const int base = hex ? 16 : octal ? 8 : 10;
    uint64_t number = 0;
    bool good = value.size() > (hex ? 2u : 0u), digits = true;
    for (char c : absl::string_view(value).substr(hex ? 2 : 0)) {
      const int digit = absl::ascii_isdigit(c)    ? c - '0'
                        : absl::ascii_isxdigit(c) ? absl::ascii_tolower(c) - 'a' + 10
                                                  : 99;
      digits = digits && absl::ascii_isdigit(c);
      if (digit >= base || number > (most - static_cast<uint64_t>(digit)) / base) {
        good = false;
      } else {
        number = number * base + static_cast<uint64_t>(digit);
      }
    }
    if (good) return;
    Needs(what,
          octal && digits ? "a number that begins with 0 is octal: its digits are 0 to 7" : "",
          frame, element);
  }

  const SourceText& source_;
  bool json_;
  Diagnostics* diagnostics_;
};

}  // namespace

void CheckSchema(const Descriptor& type, const SourceText& source, bool json, Element* root,
                 Diagnostics* diagnostics) {
  SchemaChecker(source, json, diagnostics).CheckMessage(type, nullptr, root);
}

}  // namespace isomason
