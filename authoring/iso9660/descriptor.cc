#include "authoring/iso9660/descriptor.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/enhanced_names.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

// A text of the volume, where it is set and where it goes.
struct Text {
  absl::string_view field;   // as manifests call it
  absl::string_view clause;  // of the primary descriptor; 8.5 has the same order
  const std::string& value;
};

// A text that starts with `_` says with the rest which file in the root directory to
// read (8.4.20 to 8.4.22).
bool IsReference(const Text& text) { return absl::StartsWith(text.value, "_"); }
absl::string_view Referred(const Text& text) { return absl::string_view(text.value).substr(1); }

// Fills with spaces of two bytes; a last odd byte stays zero.
template <size_t N>
void PutUnits(absl::string_view units, std::array<uint8_t, N>& out) {
  out.fill(0);
  for (size_t i = 1; i < N; i += 2) out[i] = ' ';
  std::copy(units.begin(), units.end(), out.begin());
}

// Puts the volume's texts into a descriptor, and notes what does not fit.
class Writer {
 public:
  Writer(absl::string_view where, const Tree& tree, const Hierarchy& hierarchy, Problems* problems)
      : where_(where), tree_(tree), hierarchy_(hierarchy), problems_(*problems) {}

  void Refuse(absl::string_view field, std::string message, absl::string_view remedy) {
    problems_.push_back({.field = std::string(field),
                         .where = std::string(where_),
                         .message = std::move(message),
                         .remedy = std::string(remedy)});
  }

  template <size_t N>
  void PutAscii(const Text& text, std::array<uint8_t, N>& out) {
    out.fill(' ');
    for (const char c : text.value) {
      if (c >= 0x20 && c <= 0x7E) continue;
      return Refuse(
          text.field,
          absl::StrCat("has characters other than printable ASCII (ECMA-119 ", text.clause, ")"),
          "write it with letters A to Z, digits and `_`");
    }
    if (text.value.size() > N) {
      return Refuse(text.field,
                    absl::StrCat("has ", text.value.size(), " characters, the field holds ", N,
                                 " (ECMA-119 ", text.clause, ")"),
                    "shorten it");
    }
    std::copy(text.value.begin(), text.value.end(), out.begin());
  }

  template <size_t N>
  void PutUtf16(const Text& text, std::array<uint8_t, N>& out) {
    std::string units;
    for (size_t at = 0; at < text.value.size();) {
      const char32_t c = NextCodePoint(text.value, &at);
      if (c >= kNotUtf8 || c < 0x20 || c == 0x7F) {
        return Refuse(
            text.field,
            absl::StrCat("has ", c >= kNotUtf8 ? "bytes that are not UTF-8" : "a control character",
                         " (Joliet; ECMA-119 8.5)"),
            "write it with letters A to Z, digits and `_`");
      }
      AppendUtf16(c, units);
    }
    if (units.size() > N) {
      return Refuse(
          text.field,
          absl::StrCat("has ", units.size() / 2, " units of UTF-16, Joliet's field holds ", N / 2,
                       " (ECMA-119 8.5)"),
          "shorten it, or leave out `iso9660.joliet`");
    }
    PutUnits(units, out);
  }

  // The recorded identifier of the file in the root directory that a volume's path
  // names; empty when there is no path, or no such file.
  std::string RootFile(const Text& text) {
    std::string recorded;
    if (text.value.empty()) return recorded;
    const NodeId node = tree_.Find(text.value);
    if (node != kNoNode && node != tree_.root() && tree_.parent(node) == tree_.root() &&
        hierarchy_.Shows(node) && tree_.inode(hierarchy_.Target(node)).type == NodeType::kFile) {
      hierarchy_.AppendRecorded(node, recorded);
      return recorded;
    }
    const bool hidden = node != kNoNode && !hierarchy_.Shows(node);
    Refuse(text.field,
           absl::StrCat("\"", text.value, "\" is ", hidden ? "hidden, and not" : "not",
                        " a file in the root directory (ECMA-119 ", text.clause, ")"),
           hidden ? "take it out of the `hide` rules, or name another file"
                  : "add an entry for it, or name another file such as \"/COPYING\"");
    return recorded;
  }

  // Whether something in the root directory, and no directory, is recorded like that.
  bool HasRootFile(absl::string_view identifier) const {
    std::string recorded;
    for (const NodeId node : tree_.children(tree_.root())) {
      if (!hierarchy_.Shows(node) || hierarchy_.ShowsDirectory(node)) continue;
      recorded.clear();
      hierarchy_.AppendRecorded(node, recorded);
      if (recorded == identifier) return true;
    }
    return false;
  }

  void CheckReference(const Text& text) {
    if (!IsReference(text)) return;
    const absl::string_view wanted = Referred(text);
    if (HasRootFile(wanted)) return;
    Refuse(text.field,
           absl::StrCat("starts with \"_\", so the rest is the identifier of a file in the root "
                        "directory, and there is no \"",
                        wanted, "\" (ECMA-119 ", text.clause, ")"),
           "write the file's name as ISO 9660 has it, such as \"_COPYING.;1\", or begin the text "
           "with another character");
  }

  void PutDates(const Volume& volume, VolumeDescriptor& d) {
    struct Date {
      absl::string_view field;
      std::optional<Timestamp> time;
      VolumeDate& out;
    };
    for (const Date& date : {Date{"volume.creation_time", volume.creation, d.creation},
                             Date{"volume.modification_time", volume.modification, d.modification},
                             Date{"volume.expiration_time", volume.expiration, d.expiration},
                             Date{"volume.effective_time", volume.effective, d.effective}}) {
      auto bytes = ToVolumeDate(date.time);
      if (bytes.ok()) {
        date.out = *bytes;
      } else {
        Refuse(date.field, std::string(bytes.status().message()), "give a time in that range");
      }
    }
  }

 private:
  const absl::string_view where_;
  const Tree& tree_;
  const Hierarchy& hierarchy_;
  Problems& problems_;
};

}  // namespace

std::array<uint8_t, 512> ApplicationUse(const Volume& volume, bool xa) {
  std::array<uint8_t, 512> use{};
  use.fill(' ');
  std::copy_n(volume.application_use.begin(), std::min(volume.application_use.size(), use.size()),
              use.begin());
  if (xa) std::copy(kXaMark.begin(), kXaMark.end(), use.begin() + kXaMarkOffset);
  return use;
}

VolumeDescriptor DescribePrimary(const Volume& volume, bool xa, const Tree& tree,
                                 const Hierarchy& hierarchy, Problems* problems) {
  VolumeDescriptor d;
  Writer writer("iso9660", tree, hierarchy, problems);
  writer.PutAscii({"volume.system_id", "8.4.5", volume.system_id}, d.system_id);
  writer.PutAscii({"volume.id", "8.4.6", volume.id}, d.volume_id);
  writer.PutAscii({"volume.set_id", "8.4.19", volume.set_id}, d.set_id);

  const Text publisher{"volume.publisher", "8.4.20", volume.publisher};
  const Text preparer{"volume.preparer", "8.4.21", volume.preparer};
  const Text application{"volume.application", "8.4.22", volume.application};
  writer.PutAscii(publisher, d.publisher);
  writer.PutAscii(preparer, d.preparer);
  writer.PutAscii(application, d.application);
  for (const Text* text : {&publisher, &preparer, &application}) writer.CheckReference(*text);

  const auto put_file = [&](const Text& text, std::array<uint8_t, 37>& out) {
    out.fill(' ');
    const std::string recorded = writer.RootFile(text);
    if (recorded.size() <= out.size()) std::copy(recorded.begin(), recorded.end(), out.begin());
  };
  put_file({"volume.copyright_file", "8.4.23", volume.copyright_file}, d.copyright_file);
  put_file({"volume.abstract_file", "8.4.24", volume.abstract_file}, d.abstract_file);
  put_file({"volume.bibliographic_file", "8.4.25", volume.bibliographic_file},
           d.bibliographic_file);
  writer.PutDates(volume, d);
  d.application_use = ApplicationUse(volume, xa);
  return d;
}

VolumeDescriptor DescribeJoliet(const Volume& volume, const JolietDescription& description,
                                const Tree& tree, const Hierarchy& hierarchy, Remarks* remarks,
                                Problems* problems) {
  VolumeDescriptor d;
  const absl::string_view escape = kJolietEscapes[static_cast<size_t>(description.level - 1)];
  std::copy(escape.begin(), escape.end(), d.escape_sequences.begin());
  Writer writer("joliet", tree, hierarchy, problems);
  writer.PutUtf16({"volume.system_id", "", volume.system_id}, d.system_id);
  writer.PutUtf16(description.volume_id.empty()
                      ? Text{"volume.id", "", volume.id}
                      : Text{"iso9660.joliet.volume_id", "", description.volume_id},
                  d.volume_id);
  writer.PutUtf16({"volume.set_id", "", volume.set_id}, d.set_id);

  // The manifest gives the primary identifier of a file. Where no file has it here, the
  // reference would lead nowhere.
  const auto put_reference = [&](const Text& text, std::array<uint8_t, 128>& out) {
    std::string identifier;
    for (const char c : Referred(text)) AppendUtf16(static_cast<uint8_t>(c), identifier);
    if (writer.HasRootFile(identifier)) return writer.PutUtf16(text, out);
    PutUnits("", out);
    if (remarks == nullptr) return;
    remarks->push_back(
        {Remark::Kind::kOmitted, "joliet", text.value,
         absl::StrCat(text.field,
                      ": no file in the root directory has this identifier in Joliet")});
  };
  const auto put_text = [&](const Text& text, std::array<uint8_t, 128>& out) {
    IsReference(text) ? put_reference(text, out) : writer.PutUtf16(text, out);
  };
  put_text({"volume.publisher", "", volume.publisher}, d.publisher);
  put_text({"volume.preparer", "", volume.preparer}, d.preparer);
  put_text({"volume.application", "", volume.application}, d.application);

  const auto put_file = [&](const Text& text, std::array<uint8_t, 37>& out) {
    PutUnits("", out);
    const std::string recorded = writer.RootFile(text);
    if (recorded.size() <= out.size()) {
      std::copy(recorded.begin(), recorded.end(), out.begin());
    } else if (remarks != nullptr) {
      remarks->push_back(
          {Remark::Kind::kOmitted, "joliet", text.value,
           absl::StrCat(text.field, ": the name with its version has ", recorded.size() / 2,
                        " units of UTF-16, the field of the "
                        "volume descriptor holds 18")});
    }
  };
  // The clauses are those of the primary descriptor, so that a file that neither has is
  // one problem.
  put_file({"volume.copyright_file", "8.4.23", volume.copyright_file}, d.copyright_file);
  put_file({"volume.abstract_file", "8.4.24", volume.abstract_file}, d.abstract_file);
  put_file({"volume.bibliographic_file", "8.4.25", volume.bibliographic_file},
           d.bibliographic_file);
  writer.PutDates(volume, d);
  return d;
}

VolumeDescriptor DescribeEnhanced(const Volume& volume, const Tree& tree,
                                  const Hierarchy& hierarchy, Remarks* remarks,
                                  Problems* problems) {
  VolumeDescriptor d;
  Writer writer(kEnhancedName, tree, hierarchy, problems);
  const auto leave_out = [&](const Text& text, absl::string_view reason) {
    if (remarks == nullptr) return;
    remarks->push_back({Remark::Kind::kOmitted, std::string(kEnhancedName), text.value,
                        absl::StrCat(text.field, ": ", reason)});
  };
  writer.PutAscii({"volume.system_id", "8.4.5", volume.system_id}, d.system_id);
  writer.PutAscii({"volume.id", "8.4.6", volume.id}, d.volume_id);
  writer.PutAscii({"volume.set_id", "8.4.19", volume.set_id}, d.set_id);

  const auto put_text = [&](const Text& text, std::array<uint8_t, 128>& out) {
    if (!IsReference(text) || writer.HasRootFile(Referred(text))) return writer.PutAscii(text, out);
    out.fill(' ');
    leave_out(text, "no file in the root directory has this identifier in ISO 9660:1999");
  };
  put_text({"volume.publisher", "8.4.20", volume.publisher}, d.publisher);
  put_text({"volume.preparer", "8.4.21", volume.preparer}, d.preparer);
  put_text({"volume.application", "8.4.22", volume.application}, d.application);

  const auto put_file = [&](const Text& text, std::array<uint8_t, 37>& out) {
    out.fill(' ');
    const std::string recorded = writer.RootFile(text);
    if (recorded.size() <= out.size()) {
      std::copy(recorded.begin(), recorded.end(), out.begin());
    } else {
      leave_out(text, absl::StrCat("the name has ", recorded.size(),
                                   " bytes, the field of the volume descriptor holds 37"));
    }
  };
  put_file({"volume.copyright_file", "8.4.23", volume.copyright_file}, d.copyright_file);
  put_file({"volume.abstract_file", "8.4.24", volume.abstract_file}, d.abstract_file);
  put_file({"volume.bibliographic_file", "8.4.25", volume.bibliographic_file},
           d.bibliographic_file);
  writer.PutDates(volume, d);
  return d;
}

}  // namespace isomason
