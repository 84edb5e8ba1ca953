#include "authoring/manifest/check.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/manifest/check_boot.h"
#include "authoring/manifest/check_bridge.h"
#include "authoring/manifest/check_contents.h"
#include "authoring/manifest/check_iso9660.h"
#include "authoring/manifest/check_layout.h"
#include "authoring/manifest/check_namespaces.h"
#include "authoring/manifest/check_paths.h"
#include "authoring/manifest/check_report.h"
#include "authoring/manifest/check_reserve.h"
#include "authoring/manifest/check_volume.h"
#include "authoring/manifest/check_zisofs.h"
#include "authoring/presets.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace isomason {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// "file, tree, ... and hard_link": what an entry can be.
std::string KindsOfEntries() {
  const auto& what = *manifest::Entry::descriptor()->FindOneofByName("what");
  std::string kinds;
  for (int i = 0; i < what.field_count(); ++i) {
    const bool last = i + 1 == what.field_count();
    absl::StrAppend(&kinds, i == 0 ? "" : last ? " and " : ", ", what.field(i)->name());
  }
  return kinds;
}

class Checker {
 public:
  Checker(const LoadedManifest& loaded, Diagnostics* diagnostics)
      : loaded_(loaded),
        diagnostics_(diagnostics),
        report_(loaded, diagnostics),
        m_(loaded.manifest) {}

  void Check() {
    if (m_.image_version() == 0) {
      Missing("", "image_version", "is missing", "write image_version: 1");
    } else if (m_.image_version() != 1) {
      Add("image_version",
          absl::StrCat(m_.image_version(), " is no version of the image that is known here"),
          "the only version is 1");
    }
    CheckEverywhere(m_, "");
    CheckVolume(m_, report_);
    CheckNamespaces(m_, report_);
    CheckBridge(m_, report_);
    CheckPrimaryHierarchy(loaded_, diagnostics_);
    CheckAttributes(m_.attributes(), "attributes");
    for (int i = 0; i < m_.attribute_rule_size(); ++i) CheckRule(i);
    for (int i = 0; i < m_.hide_size(); ++i) CheckHide(i);
    for (int i = 0; i < m_.entry_size(); ++i) CheckEntry(i);
    if (m_.has_boot()) CheckBoot(m_, report_);
    CheckDeduplicate(m_.deduplicate(), report_);
    CheckZisofs(m_.iso9660().rock_ridge().zisofs(), report_);
    CheckLayout(loaded_, diagnostics_);
    if (m_.has_media_check()) CheckMedia();
    CheckReserve(m_, report_);
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) {
    report_.Add(field, message, remedy);
  }
  void Missing(absl::string_view message, absl::string_view field, absl::string_view what,
               absl::string_view remedy) {
    report_.Missing(message, field, what, remedy);
  }

  // --- What holds for fields by their type -------------------------------------------------

  void CheckEverywhere(const Message& message, const std::string& prefix) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        const auto path = [&] {
          return absl::StrCat(prefix, field->name(),
                              field->is_repeated() ? absl::StrCat("[", i, "]") : "");
        };
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          const Message& inner = field->is_repeated()
                                     ? reflection.GetRepeatedMessage(message, field, i)
                                     : reflection.GetMessage(message, field);
          CheckEverywhere(inner, path() + ".");
        } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
          const int number = field->is_repeated()
                                 ? reflection.GetRepeatedEnumValue(message, field, i)
                                 : reflection.GetEnumValue(message, field);
          if (field->enum_type()->FindValueByNumber(number) == nullptr) {
            Add(path(), absl::StrCat(number, " is no value of ", field->enum_type()->name()),
                "write one of its names");
          }
        } else if (field->type() == FieldDescriptor::TYPE_STRING) {
          std::string buffer;
          const std::string& text =
              field->is_repeated()
                  ? reflection.GetRepeatedStringReference(message, field, i, &buffer)
                  : reflection.GetStringReference(message, field, &buffer);
          const std::string problem = Utf8Problem(text);
          if (!problem.empty()) {
            Add(path(), problem,
                field->name() == "text" ? "write contents that are not text as `bytes`"
                                        : "write the characters themselves, in UTF-8");
          }
        }
      }
    }
  }

  // --- Attributes ------------------------------------------------------------------------

  void CheckAttributes(const manifest::Attributes& a, absl::string_view prefix) {
    const auto mode = [&](absl::string_view name, uint32_t value) {
      if (value <= 07777) return;
      Add(absl::StrCat(prefix, ".", name),
          absl::StrFormat("0%o has more than permission bits, which end at 07777", value),
          "write it in octal, with a leading 0 (JSON has decimal numbers only: 0644 is 420)");
    };
    if (a.has_file_mode()) mode("file_mode", a.file_mode());
    if (a.has_directory_mode()) mode("directory_mode", a.directory_mode());
    if (!a.has_time()) return;
    if (a.time().empty()) {
      Add(absl::StrCat(prefix, ".time"), "is empty",
          "leave it out, or write it as 2026-11-01T00:00:00Z or @1793491200");
      return;
    }
    report_.CheckTime(absl::StrCat(prefix, ".time"), a.time(), 1900, 2155);
  }

  void CheckRule(int i) {
    const manifest::AttributeRule& rule = m_.attribute_rule(i);
    const std::string prefix = absl::StrCat("attribute_rule[", i, "]");
    if (rule.match().empty()) {
      Missing(prefix, prefix + ".match", "is missing", "write match: \"**\" for everything");
    } else {
      report_.CheckGlob(prefix + ".match", rule.match());
    }
    CheckAttributes(rule.attributes(), prefix + ".attributes");
  }

  void CheckHide(int i) {
    const manifest::Hide& hide = m_.hide(i);
    const std::string prefix = absl::StrCat("hide[", i, "]");
    if (hide.match().empty()) {
      Missing(prefix, prefix + ".match", "is missing", "write match: \"path/of/what/to/hide\"");
    } else {
      report_.CheckGlob(prefix + ".match", hide.match());
    }
    for (int k = 0; k < hide.from_size(); ++k) {
      absl::string_view missing;
      if (hide.from(k) == manifest::JOLIET && !m_.iso9660().has_joliet()) missing = "Joliet";
      if (hide.from(k) == manifest::UDF && !m_.has_udf()) missing = "UDF";
      const bool iso9660 = m_.udf().bridge() != manifest::NO_BRIDGE;
      if (hide.from(k) == manifest::ISO9660 && !iso9660) missing = "ISO 9660";
      if (missing.empty()) continue;
      Add(absl::StrCat(prefix, ".from[", k, "]"),
          absl::StrCat("the image has no ", missing, " to hide it from"),
          "leave `from` out to hide it from every namespace that the image has");
    }
  }

  // --- Entries ---------------------------------------------------------------------------

  void CheckEntry(int i) {
    const manifest::Entry& entry = m_.entry(i);
    // Paths of fields are put together only for those that there are, and messages.
    const auto in = [i](absl::string_view field) { return absl::StrCat("entry[", i, "].", field); };
    const std::string self = absl::StrCat("entry[", i, "]");
    if (entry.path().empty()) {
      Missing(self, in("path"), "is missing",
              "say where in the image the entry stands: path: \"/...\"");
    } else {
      report_.CheckImagePath(in("path"), entry.path());
    }
    const bool is_root = entry.path() == "/";
    const bool may_be_root = entry.has_tree() || entry.has_archive() || entry.has_directory();
    if (is_root && !may_be_root && entry.what_case() != manifest::Entry::WHAT_NOT_SET) {
      Add(in("path"), "the root is a directory, which this entry is not",
          "give the name under which it stands in the root: path: \"/name\"");
    }
    switch (entry.what_case()) {
      case manifest::Entry::kFile:
      case manifest::Entry::kTree:
      case manifest::Entry::kArchive:
      case manifest::Entry::kConcat:
      case manifest::Entry::kZeros:
        CheckContents(entry, self, report_);
        break;
      case manifest::Entry::kSymlink:
        CheckSymlink(entry.symlink(), in("symlink"));
        break;
      case manifest::Entry::kHardLink:
        if (report_.CheckImagePath(in("hard_link"), entry.hard_link()) &&
            entry.hard_link() == entry.path()) {
          Add(in("hard_link"), "names the entry itself", "name another file of the image");
        }
        break;
      case manifest::Entry::kDevice:
        CheckDevice(entry.device(), in("device"));
        break;
      case manifest::Entry::kChecksums:
        CheckChecksums(entry.checksums(), in("checksums"));
        break;
      case manifest::Entry::kText:
      case manifest::Entry::kBytes:
      case manifest::Entry::kDirectory:
      case manifest::Entry::kFifo:
      case manifest::Entry::kReserveMap:
      case manifest::Entry::kSocket:
        break;
      case manifest::Entry::WHAT_NOT_SET:
        Missing(self, self, "says where, but not what it is",
                absl::StrCat("give it one of ", KindsOfEntries()));
    }
    if (!entry.has_attributes()) return;
    CheckAttributes(entry.attributes(), in("attributes"));
    if (entry.what_case() == manifest::Entry::kHardLink) {
      Add(in("attributes"), "a hard link has the attributes of the file that it names",
          "give them to the entry of that file");
    }
  }

  // Linux has 12 bits for a major number and 20 for a minor; namespaces have 32.
  void CheckDevice(const manifest::Device& device, const std::string& prefix) {
    if (device.type() == manifest::DEVICE_TYPE_DEFAULT) {
      Missing(prefix, prefix + ".type", "is missing", "write BLOCK_DEVICE or CHARACTER_DEVICE");
    }
    const auto limit = [&](absl::string_view name, uint32_t value, uint32_t most) {
      if (value <= most) return;
      Add(absl::StrCat(prefix, ".", name),
          absl::StrCat(value, " is no device number that Linux shows; it ends at ", most),
          "correct the number");
    };
    limit("major", device.major(), 4095);
    limit("minor", device.minor(), 1048575);
  }

  void CheckChecksums(const manifest::Checksums& checksums, const std::string& prefix) {
    for (int k = 0; k < checksums.match_size(); ++k) {
      report_.CheckGlob(absl::StrCat(prefix, ".match[", k, "]"), checksums.match(k));
    }
    for (int k = 0; k < checksums.exclude_size(); ++k) {
      report_.CheckGlob(absl::StrCat(prefix, ".exclude[", k, "]"), checksums.exclude(k));
    }
    if (!checksums.directory().empty()) {
      report_.CheckImagePath(prefix + ".directory", checksums.directory());
    }
    if (HasNul(checksums.prefix())) {
      Add(prefix + ".prefix", absl::StrCat(Quote(checksums.prefix()), " has a NUL in it"),
          "no name has one");
    }
  }

  void CheckSymlink(const std::string& target, const std::string& field) {
    if (target.empty()) {
      Add(field, "is empty", "give the target of the link");
    } else if (HasNul(target)) {
      Add(field, absl::StrCat(Quote(target), " has a NUL in it"), "no path has one");
    } else if (target.size() >= kLongestPath) {
      Add(field,
          absl::StrCat("is ", target.size(), " bytes long; a target has at most ",
                       kLongestPath - 1),
          "shorten the target");
    }
  }

  // --- The check of the medium -----------------------------------------------------------

  void CheckMedia() {
    const manifest::MediaCheck& check = m_.media_check();
    if (!check.has_isomd5() && !check.has_tagmedia()) {
      Missing("media_check", "media_check", "names no check",
              "write media_check { isomd5 {} }, or tagmedia {} for SUSE's");
    }
    const auto limit = [&](absl::string_view field, uint32_t blocks) {
      if (blocks <= 1048576) return;
      Add(field, absl::StrCat(blocks, " blocks are more than 1048576, which is 2 GiB"),
          "the number is in blocks of 2048 bytes");
    };
    limit("media_check.isomd5.skip_blocks", check.isomd5().skip_blocks());
    limit("media_check.tagmedia.padding_blocks", check.tagmedia().padding_blocks());
    if (check.tagmedia().algorithm() == manifest::B2) {
      Add("media_check.tagmedia.algorithm", "checkmedia does not know B2",
          "write MD5, SHA1, SHA256 or SHA512");
    }
  }

  const LoadedManifest& loaded_;
  Diagnostics* const diagnostics_;
  const CheckReport report_;
  const manifest::Manifest& m_;
};

}  // namespace

bool CheckManifest(const LoadedManifest& loaded, Diagnostics* diagnostics) {
  const size_t before = diagnostics->size();
  if (loaded.manifest.boot().preset() == manifest::NO_PRESET) {
    Checker(loaded, diagnostics).Check();
    return diagnostics->size() == before;
  }
  for (const MissingPart& part : MissingParts(loaded.manifest)) {
    diagnostics->Add(loaded.Locate(part.field), part.field, part.message, part.remedy);
  }
  if (diagnostics->size() > before) return false;
  LoadedManifest filled = loaded;
  ApplyPreset(&filled.manifest);
  Checker(filled, diagnostics).Check();
  return diagnostics->size() == before;
}

}  // namespace isomason
