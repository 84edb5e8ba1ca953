#include "authoring/manifest/document.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace isomason {

std::string Element::name(const SourceText& source) const {
  const absl::string_view raw = source.text().substr(name_begin, name_end - name_begin);
  return quoted_name ? UnquoteJson(raw) : std::string(raw);
}

Location Element::Place(const SourceText& source) const {
  const bool at_value = name_begin == name_end || source.SameLine(name_begin, value_begin);
  return source.At(at_value ? value_begin : name_begin);
}

Location Element::NamePlace(const SourceText& source) const {
  return source.At(name_begin == name_end ? value_begin : name_begin);
}

std::string UnquoteJson(absl::string_view quoted) {
  // What has no escape is almost everything.
  if (quoted.size() >= 2 && !absl::StrContains(quoted, '\\')) {
    return std::string(quoted.substr(1, quoted.size() - 2));
  }
  const nlohmann::json value =
      nlohmann::json::parse(quoted.begin(), quoted.end(), nullptr, /*allow_exceptions=*/false);
  return value.is_string() ? value.get<std::string>() : "";
}

namespace {

void Write(const Element& element, const SourceText& source, bool json, std::string* out) {
  const bool is_message = element.kind == Element::Kind::kMessage;
  if (!is_message && element.kind != Element::Kind::kList) {
    absl::StrAppend(out, element.value(source));
    return;
  }
  *out += is_message ? '{' : '[';
  bool first = true;
  for (const Element& field : element.fields) {
    if (field.dropped) continue;
    // Text manifests need no comma between fields, but take one.
    if (!first) *out += ',';
    first = false;
    if (field.name_begin != field.name_end) {
      absl::StrAppend(
          out, source.text().substr(field.name_begin, field.name_end - field.name_begin), ":");
    }
    Write(field, source, json, out);
  }
  *out += is_message ? '}' : ']';
}

}  // namespace

std::string WithoutDropped(const Element& root, const SourceText& source, bool json) {
  std::string out;
  Write(root, source, json, &out);
  // The outermost message of a text manifest has no braces.
  return json ? out : out.substr(1, out.size() - 2);
}

}  // namespace isomason
