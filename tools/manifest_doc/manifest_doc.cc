#include "tools/manifest_doc/manifest_doc.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace isomason {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::OneofDescriptor;
using ::google::protobuf::SourceLocation;

// The text of a comment, without the space behind each `//`, indented.
std::string Comment(absl::string_view raw, absl::string_view indent) {
  std::string text;
  for (absl::string_view line : absl::StrSplit(absl::StripSuffix(raw, "\n"), '\n')) {
    line = absl::StripTrailingAsciiWhitespace(absl::StripPrefix(line, " "));
    absl::StrAppend(&text, line.empty() ? "" : indent, line, "\n");
  }
  return text == "\n" ? "" : text;
}

template <typename T>
SourceLocation Source(const T& descriptor) {
  SourceLocation location{};
  descriptor.GetSourceLocation(&location);
  return location;
}

// What stands before the item, or behind it on its line.
template <typename T>
std::string CommentOf(const T& descriptor, absl::string_view indent) {
  const SourceLocation location = Source(descriptor);
  return Comment(
      location.leading_comments.empty() ? location.trailing_comments : location.leading_comments,
      indent);
}

std::string Link(absl::string_view name) {
  return absl::StrCat("[", name, "](#", absl::AsciiStrToLower(name), ")");
}

std::string TypeOf(const FieldDescriptor& field) {
  std::string type = field.message_type() != nullptr ? Link(field.message_type()->name())
                     : field.enum_type() != nullptr  ? Link(field.enum_type()->name())
                                                     : field.type_name();
  if (field.is_repeated()) return "repeated " + type;
  return field.has_optional_keyword() ? "optional " + type : type;
}

// Whether `next` shares the comment of `field`.
bool Shares(const FieldDescriptor& field, const FieldDescriptor& next) {
  const SourceLocation at = Source(field), then = Source(next);
  return then.leading_comments.empty() && then.trailing_comments.empty() &&
         then.start_line == at.end_line + 1 && TypeOf(field) == TypeOf(next) &&
         field.real_containing_oneof() == next.real_containing_oneof();
}

void AppendMessage(const Descriptor& message, std::string* out) {
  absl::StrAppend(out, "\n## ", message.name(), "\n");
  const std::string comment = CommentOf(message, "");
  if (!comment.empty()) absl::StrAppend(out, "\n", comment);
  const OneofDescriptor* oneof = nullptr;
  for (int i = 0; i < message.field_count();) {
    const FieldDescriptor& first = *message.field(i);
    std::vector<std::string> names;
    const FieldDescriptor* last;
    do {
      last = message.field(i);
      names.push_back(absl::StrCat("**`", last->name(), "`**"));
      ++i;
    } while (i < message.field_count() && Shares(*last, *message.field(i)));

    if (first.real_containing_oneof() != oneof) {
      oneof = first.real_containing_oneof();
      absl::StrAppend(out, "\n",
                      oneof != nullptr ? "Exactly one of these:\n" : "And beside them:\n");
    }
    const std::string about = CommentOf(first, "  ");
    absl::StrAppend(out, "\n- ", absl::StrJoin(names, ", "), " (", TypeOf(first), ")",
                    about.empty() ? "" : ":", "\n", about);
  }
  for (int i = 0; i < message.nested_type_count(); ++i) {
    AppendMessage(*message.nested_type(i), out);
  }
}

void AppendEnum(const EnumDescriptor& type, std::string* out) {
  absl::StrAppend(out, "\n## ", type.name(), "\n");
  const std::string comment = CommentOf(type, "");
  if (!comment.empty()) absl::StrAppend(out, "\n", comment);
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    const std::string about = CommentOf(value, "  ");
    const bool not_set = about.empty() && value.number() == 0;
    absl::StrAppend(out, "\n- **`", value.name(), "`**", not_set || !about.empty() ? ":" : "", "\n",
                    not_set ? "  Not set.\n" : about);
  }
}

// The schema's order, in which messages and enums alternate.
template <typename Visit>
void InOrder(const FileDescriptor& schema, const Visit& visit) {
  int m = 0, e = 0;
  while (m < schema.message_type_count() || e < schema.enum_type_count()) {
    const bool message_next =
        e == schema.enum_type_count() ||
        (m < schema.message_type_count() &&
         Source(*schema.message_type(m)).start_line < Source(*schema.enum_type(e)).start_line);
    if (message_next) {
      visit(schema.message_type(m++), nullptr);
    } else {
      visit(nullptr, schema.enum_type(e++));
    }
  }
}

}  // namespace

std::string ManifestDoc(const FileDescriptor& schema, absl::string_view example,
                        absl::string_view example_path) {
  std::string out = absl::StrCat("<!-- Made by tools/manifest_doc from the comments in ",
                                 schema.name(), ". Edit those. -->\n\n# The manifest\n");
  // The file's own comments stand before its first statement.
  SourceLocation syntax{};
  schema.GetSourceLocation({12 /* FileDescriptorProto.syntax */}, &syntax);
  for (const std::string& block : syntax.leading_detached_comments) {
    if (absl::StrContains(block, "proto-file:")) continue;  // for editors
    absl::StrAppend(&out, "\n", Comment(block, ""));
  }
  absl::StrAppend(&out, "\n## An example\n\nThis is `", example_path, "`.\n\n```textproto\n",
                  absl::StripSuffix(example, "\n"), "\n```\n");

  out += "\n## Contents\n\n";
  InOrder(schema, [&out](const Descriptor* message, const EnumDescriptor* type) {
    absl::StrAppend(&out, "- ", Link(message != nullptr ? message->name() : type->name()), "\n");
  });
  InOrder(schema, [&out](const Descriptor* message, const EnumDescriptor* type) {
    if (message != nullptr) {
      AppendMessage(*message, &out);
    } else {
      AppendEnum(*type, &out);
    }
  });
  return out;
}

}  // namespace isomason
