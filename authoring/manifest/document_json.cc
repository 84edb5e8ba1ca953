// JSON, read for the places of things. nlohmann's parser decides what is JSON and
// calls back for each token; as it does not tell where a token stands, a cursor goes
// over the same text in step with it.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/manifest/document.h"
#include "nlohmann/json.hpp"

namespace isomason {
namespace {

class JsonReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonReader(const SourceText& source, Diagnostics* diagnostics)
      : source_(source), text_(source.text()), diagnostics_(diagnostics) {}

  Element Read() {
    nlohmann::json::sax_parse(text_.begin(), text_.end(), this);
    return std::move(root_);
  }

  bool null() override { return Scalar(Element::Kind::kNull); }
  bool boolean(bool) override { return Scalar(Element::Kind::kWord); }
  bool number_integer(number_integer_t) override { return Scalar(Element::Kind::kNumber); }
  bool number_unsigned(number_unsigned_t) override { return Scalar(Element::Kind::kNumber); }
  bool number_float(number_float_t, const string_t&) override {
    return Scalar(Element::Kind::kNumber);
  }
  bool string(string_t&) override { return Scalar(Element::Kind::kString); }
  bool binary(binary_t&) override { return false; }  // JSON text has none

  bool key(string_t&) override {
    ToNextToken();
    name_begin_ = at_;
    SkipToken();
    name_end_ = at_;
    return true;
  }

  bool start_object(size_t) override { return Open(Element::Kind::kMessage); }
  bool end_object() override { return Close(); }
  bool start_array(size_t) override { return Open(Element::Kind::kList); }
  bool end_array() override { return Close(); }

  bool parse_error(size_t, const std::string&,
                   const nlohmann::detail::exception& exception) override {
    ToNextToken();
    diagnostics_->Add(source_.At(at_), "", Explain(exception.what()), Remedy());
    root_.damaged = true;
    for (Element* open : open_) {
      open->damaged = true;
      open->value_end = std::min(at_, text_.size());
    }
    return false;
  }

 private:
  // What is between a value and the next is white space, `:` and `,`.
  void ToNextToken() {
    while (at_ < text_.size() &&
           (absl::ascii_isspace(text_[at_]) || text_[at_] == ':' || text_[at_] == ',')) {
      ++at_;
    }
  }

  void SkipToken() {
    if (text_[at_] == '"') {
      for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
        if (text_[at_] == '\\') ++at_;
      }
      ++at_;
    } else if (absl::string_view("{}[]").find(text_[at_]) != absl::string_view::npos) {
      ++at_;
    } else if (absl::ascii_isalpha(text_[at_])) {
      while (at_ < text_.size() && absl::ascii_isalpha(text_[at_])) ++at_;
    } else {
      SkipNumber();
    }
  }

  // As far as JSON's grammar goes: of 0644 only the 0.
  void SkipNumber() {
    const auto at = [this](absl::string_view any) {
      return at_ < text_.size() && any.find(text_[at_]) != absl::string_view::npos;
    };
    const auto skip_digits = [&] {
      while (at("0123456789")) ++at_;
    };
    if (at("-")) ++at_;
    if (at("0")) {
      ++at_;
    } else {
      skip_digits();
    }
    if (at(".")) {
      ++at_;
      skip_digits();
    }
    if (at("eE")) {
      ++at_;
      if (at("+-")) ++at_;
      skip_digits();
    }
  }

  // Adds the token at the cursor to what is open.
  Element& Append(Element::Kind kind) {
    ToNextToken();
    Element element;
    element.kind = kind;
    element.quoted_name = true;
    element.name_begin = name_begin_;
    element.name_end = name_end_;
    element.value_begin = at_;
    SkipToken();
    element.value_end = at_;
    name_begin_ = name_end_ = 0;
    if (open_.empty()) {
      root_ = std::move(element);
      return root_;
    }
    std::vector<Element>& fields = open_.back()->fields;
    fields.push_back(std::move(element));
    return fields.back();
  }

  bool Scalar(Element::Kind kind) {
    Append(kind);
    return true;
  }

  bool Open(Element::Kind kind) {
    if (open_.size() >= kDeepestNesting) {
      ToNextToken();
      diagnostics_->Add(source_.At(at_), "",
                        absl::StrCat("messages stand in each other ", kDeepestNesting, " deep"),
                        "no manifest needs that");
      root_.dropped = true;
      return false;
    }
    // Stays where it is: what is around it grows only after it is closed.
    open_.push_back(&Append(kind));
    return true;
  }

  bool Close() {
    ToNextToken();
    SkipToken();
    open_.back()->value_end = at_;
    open_.pop_back();
    return true;
  }

  // The parser's own explanation without its number, its own count of lines, and the
  // text that the excerpt shows anyway.
  static std::string Explain(absl::string_view what) {
    for (absl::string_view before : {"] ", "column ", ": "}) {
      const size_t at = what.find(before);
      if (at != absl::string_view::npos) what.remove_prefix(at + before.size());
    }
    std::string text(what);
    const size_t read = text.find("; last read: '");
    if (read != std::string::npos) {
      const size_t end = text.find("'; expected", read);
      text.erase(read, end == std::string::npos ? std::string::npos : end + 1 - read);
    }
    return absl::StrCat("not JSON: ", text);
  }

  std::string Remedy() const {
    const absl::string_view rest = text_.substr(std::min(at_, text_.size()));
    if (rest.empty()) return "the file ends too early: a bracket or a quote is not closed";
    if (rest[0] == '#' || absl::StartsWith(rest, "//") || absl::StartsWith(rest, "/*")) {
      return "JSON has no comments; text manifests have";
    }
    if (rest[0] == '}' || rest[0] == ']') return "no comma stands behind the last value";
    if (rest[0] == '\'') return "JSON has double quotes only";
    if (absl::ascii_isdigit(rest[0]) && at_ > 0 && text_[at_ - 1] == '0') {
      return "JSON has no octal numbers: 0644 is 420 there, 0755 is 493";
    }
    return "";
  }

  const SourceText& source_;
  absl::string_view text_;
  Diagnostics* diagnostics_;
  size_t at_ = 0;
  size_t name_begin_ = 0, name_end_ = 0;
  Element root_;
  std::vector<Element*> open_;
};

}  // namespace

Element ParseJson(const SourceText& source, Diagnostics* diagnostics) {
  return JsonReader(source, diagnostics).Read();
}

}  // namespace isomason
