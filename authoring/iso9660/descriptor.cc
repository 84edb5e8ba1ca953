#include "authoring/iso9660/descriptor.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/unicode/unicode.h"
#include "layout/status.h"

namespace isomason {
namespace {

// A text of the volume, where it is set and where it goes.
struct Text {
  absl::string_view field;   // as manifests call it
  absl::string_view clause;  // of the primary descriptor; 8.5 has the same order
  const std::string& value;
};

template <size_t N>
absl::Status PutAscii(const Text& text, std::array<uint8_t, N>& out) {
  out.fill(' ');
  for (const char c : text.value) {
    if (c >= 0x20 && c <= 0x7E) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(text.field, ": \"", text.value,
                     "\" has characters other than printable ASCII (ECMA-119 ", text.clause, ")"));
  }
  if (text.value.size() > N) {
    return absl::InvalidArgumentError(absl::StrCat(text.field, ": has ", text.value.size(),
                                                   " characters, the field holds ", N,
                                                   " (ECMA-119 ", text.clause, ")"));
  }
  std::copy(text.value.begin(), text.value.end(), out.begin());
  return absl::OkStatus();
}

// Fills with spaces of two bytes; a last odd byte stays zero.
template <size_t N>
void PutUnits(absl::string_view units, std::array<uint8_t, N>& out) {
  out.fill(0);
  for (size_t i = 1; i < N; i += 2) out[i] = ' ';
  std::copy(units.begin(), units.end(), out.begin());
}

template <size_t N>
absl::Status PutUtf16(const Text& text, std::array<uint8_t, N>& out) {
  std::string units;
  for (size_t at = 0; at < text.value.size();) {
    const char32_t c = NextCodePoint(text.value, &at);
    if (c >= kNotUtf8 || c < 0x20 || c == 0x7F) {
      return absl::InvalidArgumentError(absl::StrCat(
          text.field, ": has ", c >= kNotUtf8 ? "bytes that are not UTF-8" : "a control character",
          " (Joliet; ECMA-119 8.5)"));
    }
    AppendUtf16(c, units);
  }
  if (units.size() > N) {
    return absl::InvalidArgumentError(
        absl::StrCat(text.field, ": \"", text.value, "\" has ", units.size() / 2,
                     " units of UTF-16, Joliet's field holds ", N / 2, " (ECMA-119 8.5)"));
  }
  PutUnits(units, out);
  return absl::OkStatus();
}

// The file in the root directory that a volume's path names.
absl::StatusOr<NodeId> RootFile(const Text& text, const Tree& tree, const Hierarchy& hierarchy) {
  const NodeId node = tree.Find(text.value);
  if (node != kNoNode && node != tree.root() && tree.parent(node) == tree.root() &&
      hierarchy.Shows(node) && tree.inode(hierarchy.Target(node)).type == NodeType::kFile) {
    return node;
  }
  return absl::InvalidArgumentError(absl::StrCat(text.field, ": \"", text.value,
                                                 "\" is not a file in the root directory "
                                                 "(ECMA-119 ",
                                                 text.clause, ")"));
}

// A text that starts with `_` names a file in the root directory (8.4.20 to 8.4.22).
absl::Status CheckReference(const Text& text, const Tree& tree, const Hierarchy& hierarchy) {
  if (text.value.empty() || text.value[0] != '_') return absl::OkStatus();
  const absl::string_view wanted = absl::string_view(text.value).substr(1);
  std::string recorded;
  for (const NodeId node : tree.children(tree.root())) {
    if (!hierarchy.Shows(node) || hierarchy.ShowsDirectory(node)) continue;
    recorded.clear();
    hierarchy.AppendRecorded(node, recorded);
    if (recorded == wanted) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(text.field,
                   ": starts with \"_\", so the rest is the identifier of a file in the root "
                   "directory, and there is no \"",
                   wanted, "\" (ECMA-119 ", text.clause, ")"));
}

absl::Status PutDates(const Volume& volume, VolumeDescriptor& d) {
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
    if (!bytes.ok()) return Annotate(bytes.status(), date.field);
    date.out = *bytes;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VolumeDescriptor> DescribePrimary(const Volume& volume, const Tree& tree,
                                                 const Hierarchy& hierarchy) {
  VolumeDescriptor d;
  RETURN_IF_ERROR(PutAscii({"volume.system_id", "8.4.5", volume.system_id}, d.system_id));
  RETURN_IF_ERROR(PutAscii({"volume.id", "8.4.6", volume.id}, d.volume_id));
  RETURN_IF_ERROR(PutAscii({"volume.set_id", "8.4.19", volume.set_id}, d.set_id));

  const Text publisher{"volume.publisher", "8.4.20", volume.publisher};
  const Text preparer{"volume.preparer", "8.4.21", volume.preparer};
  const Text application{"volume.application", "8.4.22", volume.application};
  RETURN_IF_ERROR(PutAscii(publisher, d.publisher));
  RETURN_IF_ERROR(PutAscii(preparer, d.preparer));
  RETURN_IF_ERROR(PutAscii(application, d.application));
  for (const Text* text : {&publisher, &preparer, &application}) {
    RETURN_IF_ERROR(CheckReference(*text, tree, hierarchy));
  }

  const auto put_file = [&](const Text& text, std::array<uint8_t, 37>& out) -> absl::Status {
    out.fill(' ');
    if (text.value.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const NodeId node, RootFile(text, tree, hierarchy));
    std::string recorded;  // at most 33 bytes
    hierarchy.AppendRecorded(node, recorded);
    std::copy(recorded.begin(), recorded.end(), out.begin());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      put_file({"volume.copyright_file", "8.4.23", volume.copyright_file}, d.copyright_file));
  RETURN_IF_ERROR(
      put_file({"volume.abstract_file", "8.4.24", volume.abstract_file}, d.abstract_file));
  RETURN_IF_ERROR(put_file({"volume.bibliographic_file", "8.4.25", volume.bibliographic_file},
                           d.bibliographic_file));
  RETURN_IF_ERROR(PutDates(volume, d));
  // implantisomd5 writes its sums here, and only over spaces.
  d.application_use.fill(' ');
  return d;
}

absl::StatusOr<VolumeDescriptor> DescribeJoliet(const Volume& volume, const Tree& tree,
                                                const Hierarchy& hierarchy, Remarks* remarks) {
  VolumeDescriptor d;
  std::copy(kJolietEscape.begin(), kJolietEscape.end(), d.escape_sequences.begin());
  RETURN_IF_ERROR(PutUtf16({"volume.system_id", "", volume.system_id}, d.system_id));
  RETURN_IF_ERROR(PutUtf16({"volume.id", "", volume.id}, d.volume_id));
  RETURN_IF_ERROR(PutUtf16({"volume.set_id", "", volume.set_id}, d.set_id));
  RETURN_IF_ERROR(PutUtf16({"volume.publisher", "", volume.publisher}, d.publisher));
  RETURN_IF_ERROR(PutUtf16({"volume.preparer", "", volume.preparer}, d.preparer));
  RETURN_IF_ERROR(PutUtf16({"volume.application", "", volume.application}, d.application));

  const auto put_file = [&](const Text& text, std::array<uint8_t, 37>& out) -> absl::Status {
    PutUnits("", out);
    if (text.value.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const NodeId node, RootFile(text, tree, hierarchy));
    std::string recorded;
    hierarchy.AppendRecorded(node, recorded);
    if (recorded.size() <= out.size()) {
      PutUnits(recorded, out);
    } else if (remarks != nullptr) {
      remarks->push_back(
          {Remark::Kind::kOmitted, "joliet", text.value,
           absl::StrCat(text.field, ": the name with its version has ", recorded.size() / 2,
                        " units of UTF-16, the field of the "
                        "volume descriptor holds 18")});
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      put_file({"volume.copyright_file", "8.5", volume.copyright_file}, d.copyright_file));
  RETURN_IF_ERROR(put_file({"volume.abstract_file", "8.5", volume.abstract_file}, d.abstract_file));
  RETURN_IF_ERROR(put_file({"volume.bibliographic_file", "8.5", volume.bibliographic_file},
                           d.bibliographic_file));
  RETURN_IF_ERROR(PutDates(volume, d));
  return d;
}

}  // namespace isomason
