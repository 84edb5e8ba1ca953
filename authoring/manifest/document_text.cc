// The text notation of protobuf messages, read for the places of things:
//
//   message  field*
//   field    name [":"] value [","|";"]
//   value    "{" message "}" | "<" message ">" | "[" value,* "]" | string+ | word

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/manifest/document.h"

namespace isomason {
namespace {

bool BeginsName(char c) { return absl::ascii_isalpha(c) || c == '_'; }

// What ends a number or a word that is not quoted.
bool EndsWord(char c) {
  return absl::ascii_isspace(c) ||
         absl::string_view(",;{}<>[]#\"'").find(c) != absl::string_view::npos;
}

class TextReader {
 public:
  TextReader(const SourceText& source, Diagnostics* diagnostics)
      : source_(source), text_(source.text()), diagnostics_(diagnostics) {}

  Element Read() {
    Element root;
    root.value_end = text_.size();
    ReadFields('\0', 0, 0, &root);
    root.damaged |= mistakes_ > 0;
    root.dropped = broken_;
    return root;
  }

 private:
  static constexpr int kMostMistakes = 100;

  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }

  void SkipSpace() {
    while (!AtEnd()) {
      if (Peek() == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (absl::ascii_isspace(Peek())) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void SkipLine() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  // What stands here, for a message.
  std::string Here() const {
    if (AtEnd()) return "the end of the file";
    size_t end = at_;
    while (end < text_.size() && !EndsWord(text_[end]) && end - at_ < 40) ++end;
    return Quote(text_.substr(at_, std::max<size_t>(end - at_, 1)));
  }

  void Mistake(size_t offset, absl::string_view message, absl::string_view remedy) {
    diagnostics_->Add(source_.At(offset), "", message, remedy);
    if (++mistakes_ >= kMostMistakes) at_ = text_.size();
  }

  // Reads up to `close`, which stays for the caller; '\0' is the end of the file.
  // `open` is where the message begins.
  void ReadFields(char close, size_t open, int depth, Element* message) {
    while (true) {
      SkipSpace();
      if (AtEnd()) {
        if (close != '\0' && !broken_) {
          broken_ = true;
          Mistake(open, absl::StrCat("this ", Quote(text_.substr(open, 1)), " is not closed"),
                  absl::StrCat("put a ", Quote(absl::string_view(&close, 1)),
                               " behind the last field that belongs to it"));
        }
        return;
      }
      if (Peek() == close) return;
      if (Peek() == '}' || Peek() == '>' || Peek() == ']') {
        broken_ = true;
        Mistake(at_, absl::StrCat("nothing is open that ", Here(), " could close"),
                "remove it, or look for a bracket too many or too few above");
        ++at_;
        continue;
      }
      ReadField(depth, message);
    }
  }

  void ReadField(int depth, Element* message) {
    if (!BeginsName(Peek())) {
      Mistake(at_, absl::StrCat("here stands ", Here(), ", where a field's name belongs"),
              Peek() == '/' ? "comments begin with #" : "fields are written as name: value");
      message->damaged = true;
      SkipLine();
      return;
    }
    Element field;
    field.name_begin = at_;
    while (!AtEnd() && (absl::ascii_isalnum(Peek()) || Peek() == '_')) ++at_;
    field.name_end = at_;
    const absl::string_view name =
        text_.substr(field.name_begin, field.name_end - field.name_begin);

    SkipSpace();
    if (Peek() == ':') {
      ++at_;
      SkipSpace();
    } else if (Peek() != '{' && Peek() != '<' && Peek() != '[') {
      Mistake(field.name_begin, absl::StrCat("no colon stands behind ", Quote(name)),
              absl::StrCat("write ", name, ": value, or ", name, " { ... }"));
      message->damaged = true;
      // A value on the same line is one without its colon; else the name stands alone.
      if (Peek() == '=' && source_.SameLine(field.name_end, at_)) {
        ++at_;
        SkipSpace();
      }
      const bool value =
          !AtEnd() && (absl::ascii_isdigit(Peek()) || absl::StrContains("\"'{", Peek()));
      if (!value || !source_.SameLine(field.name_end, at_)) {
        if (!AtEnd() && source_.SameLine(field.name_end, at_) && !BeginsName(Peek()) &&
            Peek() != '}' && Peek() != '>') {
          SkipLine();
        }
        return;
      }
    } else {
      field.no_colon = true;
    }
    ReadValue(depth, &field);
    if (field.dropped) message->damaged = true;
    message->fields.push_back(std::move(field));
    SkipSpace();
    if (Peek() == ',' || Peek() == ';') ++at_;
  }

  void ReadValue(int depth, Element* element) {
    element->value_begin = element->value_end = at_;
    switch (Peek()) {
      case '{':
      case '<':
        ReadMessage(depth, element);
        break;
      case '[':
        ReadList(depth, element);
        break;
      case '"':
      case '\'':
        ReadStrings(element);
        break;
      default:
        ReadWord(element);
    }
  }

  void ReadMessage(int depth, Element* element) {
    const size_t open = at_;
    const char close = Peek() == '{' ? '}' : '>';
    element->kind = Element::Kind::kMessage;
    if (TooDeep(depth)) return;
    ++at_;
    ReadFields(close, open, depth + 1, element);
    if (Peek() == close) ++at_;
    element->value_end = at_;
  }

  void ReadList(int depth, Element* element) {
    const size_t open = at_;
    element->kind = Element::Kind::kList;
    if (TooDeep(depth)) return;
    ++at_;
    size_t comma = 0;  // where one stands behind the last value
    while (true) {
      SkipSpace();
      if (Peek() == ']') {
        if (comma != 0) Mistake(comma, "no value comes behind this comma", "remove it");
        if (!AtEnd()) ++at_;
        break;
      }
      if (AtEnd() || Peek() == '}' || Peek() == '>') {
        if (!broken_) {
          Mistake(open, "this \"[\" is not closed", "put a \"]\" behind the last value");
        }
        broken_ = true;
        break;
      }
      if (comma == 0 && !element->fields.empty()) {
        Mistake(at_, "no comma stands before this value", "put one there");
      }
      Element item;
      ReadValue(depth + 1, &item);
      if (item.dropped) element->damaged = true;
      element->fields.push_back(std::move(item));
      SkipSpace();
      comma = 0;
      if (Peek() == ',') comma = at_++;
    }
    element->value_end = at_;
  }

  bool TooDeep(int depth) {
    if (depth < kDeepestNesting) return false;
    Mistake(at_, absl::StrCat("messages stand in each other ", kDeepestNesting, " deep"),
            "no manifest needs that");
    broken_ = true;
    at_ = text_.size();
    return true;
  }

  // Strings side by side are one.
  void ReadStrings(Element* element) {
    element->kind = Element::Kind::kString;
    while (Peek() == '"' || Peek() == '\'') {
      ReadString(element);
      element->value_end = at_;
      SkipSpace();
    }
    at_ = element->value_end;
  }

  void ReadString(Element* element) {
    const size_t open = at_;
    const char quote = text_[at_++];
    while (true) {
      if (AtEnd() || Peek() == '\n') {
        Mistake(open, "this string does not end on its line",
                "close it with a quote; `\\n` stands for a new line, and strings side by side are "
                "one string");
        element->dropped = true;
        return;
      }
      if (Peek() == quote) {
        ++at_;
        return;
      }
      if (Peek() == '\\') {
        ReadEscape(element);
      } else {
        ++at_;
      }
    }
  }

  void ReadEscape(Element* element) {
    const size_t begin = at_++;
    const auto hex_digits = [this](size_t least, size_t most) {
      size_t count = 0;
      while (count < most && !AtEnd() && absl::ascii_isxdigit(Peek())) ++at_, ++count;
      return count >= least;
    };
    const char c = Peek();
    bool good;
    switch (c) {
      case 'x':
      case 'X':
        ++at_;
        good = hex_digits(1, 2);
        break;
      case 'u':
        ++at_;
        good = hex_digits(4, 4);
        break;
      case 'U':
        ++at_;
        good = hex_digits(8, 8);
        break;
      default:
        good = c != '\0' &&
               absl::string_view("abfnrtv\\?'\"01234567").find(c) != absl::string_view::npos;
        if (!AtEnd() && c != '\n') ++at_;
    }
    if (good) return;
    Mistake(begin, absl::StrCat(text_.substr(begin, at_ - begin), " is no escape sequence"),
            "write `\\\\` for a backslash, `/` between the parts of a path");
    element->dropped = true;
  }

  void ReadWord(Element* element) {
    const size_t begin = at_;
    if (Peek() == '-') {
      ++at_;
      while (Peek() == ' ') ++at_;
    }
    while (!AtEnd() && !EndsWord(Peek())) ++at_;
    element->value_end = at_;
    if (begin == at_) {
      Mistake(begin, absl::StrCat("here stands ", Here(), ", where a value belongs"),
              "values are \"strings\", numbers, true and false, names of a list, or { ... }");
      element->dropped = true;
      if (!absl::StrContains("}>]", Peek())) SkipLine();
      return;
    }
    const char first = text_[begin] == '-' || text_[begin] == '.' ? '0' : text_[begin];
    element->kind = absl::ascii_isdigit(first) ? Element::Kind::kNumber : Element::Kind::kWord;
  }

  const SourceText& source_;
  absl::string_view text_;
  Diagnostics* diagnostics_;
  size_t at_ = 0;
  int mistakes_ = 0;
  bool broken_ = false;  // brackets do not match: what follows may be anywhere
};

}  // namespace

Element ParseText(const SourceText& source, Diagnostics* diagnostics) {
  return TextReader(source, diagnostics).Read();
}

}  // namespace isomason
