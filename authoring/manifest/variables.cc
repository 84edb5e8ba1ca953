#include "authoring/manifest/variables.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/sources.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace isomason {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

bool IsVariableName(absl::string_view name) {
  if (name.empty() || absl::ascii_isdigit(name[0])) return false;
  for (char c : name) {
    if (!absl::ascii_isalnum(c) && c != '_') return false;
  }
  return true;
}

// A field's path is needed only for a message, so it is put together only then.
struct Frame {
  const Frame* outer;
  const FieldDescriptor* field;
  int index;
};

std::string Path(const Frame* frame) {
  if (frame == nullptr) return "";
  std::string path = Path(frame->outer);
  if (!path.empty()) path += '.';
  absl::StrAppend(&path, frame->field->name());
  if (frame->index >= 0) absl::StrAppend(&path, "[", frame->index, "]");
  return path;
}

class Replacer {
 public:
  Replacer(const LoadedManifest& loaded, Diagnostics* diagnostics)
      : loaded_(loaded), diagnostics_(diagnostics) {}

  void Declare(const std::map<std::string, std::string>& set) {
    const auto& variables = loaded_.manifest.variable();
    for (int i = 0; i < variables.size(); ++i) {
      const std::string field = absl::StrCat("variable[", i, "]");
      const std::string& name = variables[i].name();
      if (!IsVariableName(name)) {
        if (name.empty() && loaded_.Damaged(field)) continue;
        Report(absl::StrCat(field, ".name"), "",
               name.empty() ? "is missing" : absl::StrCat(Quote(name), " is no name of a variable"),
               "a name has letters, digits and `_`, and does not begin with a digit");
        continue;
      }
      const auto [at, is_new] = variables_.emplace(name, Variable{i});
      if (!is_new) {
        Report(absl::StrCat(field, ".name"), "",
               absl::StrCat("the variable ", Quote(name), " is declared a second time"),
               absl::StrCat("the first is at ",
                            loaded_.Locate(absl::StrCat("variable[", at->second.index, "].name"))
                                .FileAndLine()));
        continue;
      }
      names_.push_back(name);
    }
    for (const auto& [name, value] : set) {
      const auto at = variables_.find(name);
      if (at == variables_.end()) {
        if (loaded_.sources->any_lost) continue;
        diagnostics_->Add(Location{.file = absl::StrCat("--set ", name)}, "",
                          absl::StrCat("no variable ", Quote(name), " is declared"), Instead(name));
      } else {
        at->second.value = value;
      }
    }
    for (const std::string& name : names_) Evaluate(name);
  }

  void Replace(Message* message, const Frame* outer) {
    const Reflection& reflection = *message->GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(*message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (outer == nullptr && (field->number() == manifest::Manifest::kIncludeFieldNumber ||
                               field->number() == manifest::Manifest::kVariableFieldNumber)) {
        continue;
      }
      const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      if (!is_message && field->type() != FieldDescriptor::TYPE_STRING) continue;
      if (!field->is_repeated()) {
        const Frame frame{outer, field, -1};
        if (is_message) {
          Replace(reflection.MutableMessage(message, field), &frame);
          continue;
        }
        std::string buffer;
        const std::string& text = reflection.GetStringReference(*message, field, &buffer);
        if (!absl::StrContains(text, '$')) continue;
        reflection.SetString(message, field, Expand(text, &frame, nullptr));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
        const Frame frame{outer, field, i};
        if (is_message) {
          Replace(reflection.MutableRepeatedMessage(message, field, i), &frame);
          continue;
        }
        std::string buffer;
        const std::string& text =
            reflection.GetRepeatedStringReference(*message, field, i, &buffer);
        if (!absl::StrContains(text, '$')) continue;
        reflection.SetRepeatedString(message, field, i, Expand(text, &frame, nullptr));
      }
    }
  }

 private:
  struct Variable {
    int index = 0;  // in the manifest
    std::optional<std::string> value{};
    enum class State { kNew, kOpen, kDone } state = State::kNew;
  };

  void Report(const std::string& field, absl::string_view part, absl::string_view message,
              absl::string_view remedy) {
    diagnostics_->Add(loaded_.LocateInside(field, part), field, message, remedy);
  }

  // The name that was probably meant, with its place; or the names that there are.
  std::string Instead(absl::string_view name) const {
    const std::string close = Closest(name, names_);
    if (!close.empty()) {
      return absl::StrCat(
          "did you mean ", Quote(close), " (",
          loaded_.Locate(absl::StrCat("variable[", variables_.at(close).index, "]")).FileAndLine(),
          ")?");
    }
    if (names_.empty()) return "the manifest declares no variables";
    if (names_.size() > 20) return "";
    return absl::StrCat("the variables are ", absl::StrJoin(names_, ", "));
  }

  // Gives the variable its value; afterwards it is done, with or without one.
  void Evaluate(const std::string& name) {
    Variable& variable = variables_.at(name);
    if (variable.state != Variable::State::kNew) return;
    variable.state = Variable::State::kOpen;
    const std::string field = absl::StrCat("variable[", variable.index, "]");
    const manifest::Variable& declared = loaded_.manifest.variable(variable.index);
    if (!variable.value.has_value()) {
      if (declared.has_default_()) {
        const std::string default_field = absl::StrCat(field, ".default");
        variable.value = Expand(declared.default_(), nullptr, &default_field);
      } else if (!loaded_.Damaged(field)) {
        Report(field, "", absl::StrCat("the variable ", Quote(name), " has no value"),
               absl::StrCat(
                   "set it with --set ", name, "=..., or give it a default",
                   declared.help().empty() ? "" : absl::StrCat("; it is: ", declared.help())));
      }
    }
    variable.state = Variable::State::kDone;
  }

  // `text` with its variables replaced. Its field is `frame`, or named by `field`.
  std::string Expand(absl::string_view text, const Frame* frame, const std::string* field) {
    const auto report = [&](absl::string_view part, absl::string_view message,
                            absl::string_view remedy) {
      Report(field != nullptr ? *field : Path(frame), part, message, remedy);
    };
    std::string out;
    size_t at = 0;
    while (true) {
      const size_t dollar = text.find('$', at);
      if (dollar == absl::string_view::npos || dollar + 1 >= text.size()) break;
      absl::StrAppend(&out, text.substr(at, dollar - at));
      at = dollar + 2;
      if (text[dollar + 1] == '$') {
        out += '$';
        continue;
      }
      if (text[dollar + 1] != '{') {
        at = dollar + 1;
        out += '$';
        continue;
      }
      const size_t brace = text.find('}', at);
      const size_t line = text.find('\n', at);
      if (brace == absl::string_view::npos || brace > line) {
        const absl::string_view shown = text.substr(dollar, std::min<size_t>(line - dollar, 24));
        report(shown, absl::StrCat(Quote(shown), " has no closing brace"),
               "write $${ for the characters themselves");
        out += "${";
        continue;
      }
      const absl::string_view whole = text.substr(dollar, brace + 1 - dollar);
      const std::string name(text.substr(at, brace - at));
      at = brace + 1;
      const auto variable = variables_.find(name);
      if (!IsVariableName(name)) {
        report(whole, absl::StrCat(Quote(name), " is no name of a variable"),
               absl::StrCat("write $", whole, " for the characters themselves"));
      } else if (variable == variables_.end()) {
        if (!loaded_.sources->any_lost) {  // else it may be declared there
          const std::string close = Closest(name, names_);
          report(whole, absl::StrCat("the variable ", Quote(name), " is not declared"),
                 absl::StrCat(close.empty() ? "" : Instead(name), close.empty() ? "" : " If not, ",
                              "declare it or write $", whole));
        }
      } else if (variable->second.state == Variable::State::kOpen) {
        report(whole, absl::StrCat("the variable ", Quote(name), " stands for itself"),
               "give it a default that does not lead back to it");
      } else {
        Evaluate(name);
        if (variable->second.value.has_value()) {
          absl::StrAppend(&out, *variable->second.value);
          continue;
        }
      }
      // One message is enough: what stands here is not empty.
      absl::StrAppend(&out, whole);
    }
    absl::StrAppend(&out, text.substr(at));
    return out;
  }

  const LoadedManifest& loaded_;
  Diagnostics* diagnostics_;
  std::map<std::string, Variable> variables_;
  std::vector<std::string> names_;  // in the order of declaration
};

}  // namespace

void ReplaceVariables(const std::map<std::string, std::string>& set, LoadedManifest* loaded,
                      Diagnostics* diagnostics) {
  Replacer replacer(*loaded, diagnostics);
  replacer.Declare(set);
  replacer.Replace(&loaded->manifest, nullptr);
}

}  // namespace isomason
