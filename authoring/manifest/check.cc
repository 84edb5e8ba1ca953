#include "authoring/manifest/check.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "authoring/manifest/check_contents.h"
#include "authoring/manifest/check_iso9660.h"
#include "authoring/manifest/check_layout.h"
#include "authoring/manifest/check_report.h"
#include "authoring/manifest/check_reserve.h"
#include "authoring/manifest/glob.h"
#include "authoring/timestamp.h"
#include "authoring/unicode/unicode.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::isomason::manifest::EntryPolicy;

constexpr size_t kLongestName = 255;   // bytes; what POSIX systems and Rock Ridge readers hold
constexpr size_t kLongestPath = 4096;  // bytes

bool IsPrintableAscii(char c) { return c >= ' ' && c <= '~'; }

// ECMA-119 7.4.1, annex A.
bool IsACharacter(char c) {
  return absl::ascii_isupper(c) || absl::ascii_isdigit(c) ||
         absl::string_view(" !\"%&'()*+,-./:;<=>?_").find(c) != absl::string_view::npos;
}

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
    CheckVolume();
    CheckIso9660();
    CheckPrimaryHierarchy(loaded_, diagnostics_);
    CheckUdf();
    CheckAttributes(m_.attributes(), "attributes");
    for (int i = 0; i < m_.attribute_rule_size(); ++i) CheckRule(i);
    for (int i = 0; i < m_.hide_size(); ++i) CheckHide(i);
    for (int i = 0; i < m_.entry_size(); ++i) CheckEntry(i);
    if (m_.has_boot()) CheckBoot();
    CheckDeduplicate(m_.deduplicate(), report_);
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

  // --- volume --------------------------------------------------------------------------------

  void CheckVolume() {
    const manifest::Volume& v = m_.volume();
    CheckLabel(v);
    CheckIdentifier("volume.system_id", v.system_id(), 32, "8.4.5");
    for (size_t i = 0; i < v.system_id().size(); ++i) {
      if (IsACharacter(v.system_id()[i]) || !IsPrintableAscii(v.system_id()[i])) continue;
      Add("volume.system_id",
          absl::StrCat(Quote(v.system_id().substr(i, 1)), " is no a-character (ECMA-119 8.4.5)"),
          "A to Z, 0 to 9, space and ! \" % & ' ( ) * + , - . / : ; < = > ? _ are");
      break;
    }
    CheckIdentifier("volume.set_id", v.set_id(), 128, "8.4.19");
    CheckIdentifier("volume.publisher", v.publisher(), 128, "8.4.20");
    CheckIdentifier("volume.preparer", v.preparer(), 128, "8.4.21");
    CheckIdentifier("volume.application", v.application(), 128, "8.4.22");
    CheckRootFile("volume.copyright_file", v.copyright_file(), "8.4.23");
    CheckRootFile("volume.abstract_file", v.abstract_file(), "8.4.24");
    CheckRootFile("volume.bibliographic_file", v.bibliographic_file(), "8.4.25");
    // `time` goes to directory records, too; the others only to the volume's own dates.
    CheckTime("volume.time", v.time(), 1900, 2155);
    CheckTime("volume.creation_time", v.creation_time(), 1, 9999);
    CheckTime("volume.modification_time", v.modification_time(), 1, 9999);
    CheckTime("volume.expiration_time", v.expiration_time(), 1, 9999);
    CheckTime("volume.effective_time", v.effective_time(), 1, 9999);
  }

  void CheckLabel(const manifest::Volume& v) {
    constexpr absl::string_view kField = "volume.id";
    if (v.id().empty()) {
      Missing("volume", kField, "is missing: every disc has a label",
              "write volume { id: \"MY_DISC\" }");
      return;
    }
    const bool own = !m_.iso9660().joliet().volume_id().empty();
    if (!CheckIdentifier(kField, v.id(), 32, "8.4.6", own)) return;
    if (m_.has_udf() && v.id().size() > 30) {
      Add(kField, absl::StrCat("is ", v.id().size(), " characters long; UDF holds 30 (2.1.3)"),
          "shorten it, or leave out udf");
    }
  }

  // Printable ASCII of at most `most` characters, of half of that for Joliet, whose
  // characters are two bytes in fields of the same size (ECMA-119 8.5).
  bool CheckIdentifier(absl::string_view field, absl::string_view text, size_t most,
                       absl::string_view clause, bool joliet_has_another = false) {
    if (!Utf8Problem(text).empty()) return false;
    for (size_t i = 0; i < text.size();) {
      const size_t from = i;
      const char32_t c = NextCodePoint(text, &i);
      if (c >= ' ' && c <= '~') continue;
      Add(field,
          absl::StrCat(Quote(text.substr(from, i - from)), " is not printable ASCII (ECMA-119 ",
                       clause, ")"),
          "write it with letters A to Z, digits and `_`");
      return false;
    }
    if (text.size() > most) {
      Add(field,
          absl::StrCat("is ", text.size(), " characters long; ISO 9660 holds ", most, " (ECMA-119 ",
                       clause, ")"),
          "shorten it");
    } else if (m_.iso9660().has_joliet() && text.size() > most / 2 && !joliet_has_another) {
      Add(field,
          absl::StrCat("is ", text.size(), " characters long; Joliet holds ", most / 2,
                       " (ECMA-119 8.5)"),
          field == "volume.id"
              ? absl::StrCat("shorten it, or give Joliet a label of its own: volume_id: ",
                             Quote(text.substr(0, 16)), " in iso9660.joliet")
              : "shorten it, or leave out joliet");
    } else {
      return true;
    }
    return false;
  }

  void CheckRootFile(absl::string_view field, absl::string_view path, absl::string_view clause) {
    if (path.empty() || !CheckImagePath(field, path)) return;
    if (path == "/" || path.find('/', 1) != absl::string_view::npos) {
      Add(field,
          absl::StrCat(Quote(path), " is not a file in the root directory (ECMA-119 ", clause, ")"),
          "name a file such as \"/COPYING\"");
    }
  }

  void CheckTime(absl::string_view field, absl::string_view text, int64_t first, int64_t last) {
    if (text.empty()) return;
    const absl::StatusOr<Timestamp> time = ParseTimestamp(text);
    if (!time.ok()) {
      Add(field, absl::StrCat(Quote(text), " is not a time"),
          "write it as 2026-11-01T00:00:00Z or @1793491200");
      return;
    }
    const int64_t year = ToCalendar(*time).year;
    if (year >= first && year <= last) return;
    Add(field,
        first == 1 ? absl::StrCat(Quote(text), " is in the year ", year,
                                  "; a volume's dates hold 1 to 9999 (ECMA-119 8.4.26.1)")
                   : absl::StrCat(Quote(text), " is in the year ", year,
                                  "; directories hold 1900 to 2155 (ECMA-119 9.1.5)"),
        "give a time in that range");
  }

  // --- Namespaces ------------------------------------------------------------------------

  void CheckIso9660() {
    const manifest::Iso9660& iso = m_.iso9660();
    if (iso.level() > 4) {
      Add("iso9660.level", absl::StrCat(iso.level(), " is no interchange level (ECMA-119 10)"),
          "write 1, 2, 3 or 4, or leave it out for 3");
    }
    CheckPolicy("iso9660.special", iso.special(), {manifest::REFUSE, manifest::OMIT});
    CheckRelocation(iso);
    const manifest::RockRidge& rock_ridge = iso.rock_ridge();
    if (rock_ridge.has_serial_numbers() && !rock_ridge.serial_numbers() &&
        rock_ridge.version() != manifest::RRIP_1_10) {
      Add("iso9660.rock_ridge.serial_numbers",
          "cannot be false: PX has a serial number in version 1.12 (RRIP 4.1.1)",
          "leave it out, or write `version: RRIP_1_10` as well");
    }
    if (iso.has_joliet()) CheckJoliet(iso.joliet());
  }

  void CheckJoliet(const manifest::Joliet& joliet) {
    if (joliet.name_limit() != 0 && (joliet.name_limit() < 64 || joliet.name_limit() > 110)) {
      Add("iso9660.joliet.name_limit",
          joliet.name_limit() < 64
              ? absl::StrCat(joliet.name_limit(), " is less than the 64 of the specification")
              : absl::StrCat(joliet.name_limit(),
                             " is more than the 110 that a directory record holds (ECMA-119 9.1)"),
          "write 64 or 103, or something from 64 to 110");
    }
    if (joliet.level() > 3) {
      Add("iso9660.joliet.level", absl::StrCat(joliet.level(), " is no level of UCS-2 in Joliet"),
          "write 1, 2 or 3, or leave it out for 3");
    }
    CheckJolietLabel(joliet.volume_id());
    CheckPolicy("iso9660.joliet.symlinks", joliet.symlinks(),
                {manifest::REFUSE, manifest::OMIT, manifest::FOLLOW});
    CheckPolicy("iso9660.joliet.special", joliet.special(), {manifest::REFUSE, manifest::OMIT});
    CheckPolicy("iso9660.joliet.long_paths", joliet.long_paths(),
                {manifest::REFUSE, manifest::OMIT, manifest::EMIT});
  }

  // Characters in a field of 32 bytes (ECMA-119 8.5.6 as Joliet reads it).
  void CheckJolietLabel(const std::string& label) {
    constexpr absl::string_view kField = "iso9660.joliet.volume_id";
    if (!Utf8Problem(label).empty()) return;
    size_t units = 0;
    for (size_t i = 0; i < label.size();) {
      const char32_t c = NextCodePoint(label, &i);
      units += Utf16Units(c);
      if (c >= ' ' && c != 0x7F) continue;
      Add(kField, absl::StrCat(Quote(label), " has a control character"), "leave it out");
      return;
    }
    if (units <= 16) return;
    Add(kField,
        absl::StrCat("has ", units, " units of UTF-16; Joliet's label holds 16 (ECMA-119 8.5)"),
        "shorten it");
  }

  void CheckRelocation(const manifest::Iso9660& iso) {
    const bool relocates = iso.deep_directories() == manifest::RELOCATE_DIRECTORIES;
    if (relocates && !iso.has_rock_ridge()) {
      Add("iso9660.deep_directories",
          "cannot be RELOCATE_DIRECTORIES without Rock Ridge, which says where they belong (RRIP "
          "4.1.5)",
          "add `rock_ridge {}` to `iso9660`, or write KEEP_DIRECTORIES or REFUSE_DIRECTORIES");
    }
    if (!iso.has_relocation_directory()) return;
    constexpr absl::string_view kField = "iso9660.relocation_directory";
    if (!relocates) {
      Add(kField, "is for deep directories that are relocated, which none is here",
          "leave it out, or set `deep_directories: RELOCATE_DIRECTORIES`");
    }
    const std::string& name = iso.relocation_directory().name();
    const std::string field = absl::StrCat(kField, ".name");
    if (name.find('/') != std::string::npos) {
      Add(field, absl::StrCat(Quote(name), " is no single name"),
          "name a directory of the root, without slashes");
    } else if (!name.empty()) {
      CheckImagePath(field, absl::StrCat("/", name));
    }
  }

  void CheckUdf() {
    CheckPolicy("udf.symlinks", m_.udf().symlinks(),
                {manifest::REFUSE, manifest::OMIT, manifest::EMIT});
    CheckPolicy("udf.special", m_.udf().special(),
                {manifest::REFUSE, manifest::OMIT, manifest::EMIT});
  }

  // Not every policy can be followed everywhere: a device points to nothing that could
  // stand in its place, and Joliet has no form in which to write one.
  void CheckPolicy(absl::string_view field, EntryPolicy policy,
                   std::initializer_list<EntryPolicy> possible) {
    if (policy == manifest::ENTRY_POLICY_DEFAULT || !manifest::EntryPolicy_IsValid(policy)) return;
    std::string names;
    for (EntryPolicy p : possible) {
      if (p == policy) return;
      absl::StrAppend(&names, names.empty() ? "" : ", ", manifest::EntryPolicy_Name(p));
    }
    Add(field, absl::StrCat(manifest::EntryPolicy_Name(policy), " is not possible here"),
        absl::StrCat("write one of ", names));
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
    CheckTime(absl::StrCat(prefix, ".time"), a.time(), 1900, 2155);
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
      const bool missing = (hide.from(k) == manifest::JOLIET && !m_.iso9660().has_joliet()) ||
                           (hide.from(k) == manifest::UDF && !m_.has_udf());
      if (!missing) continue;
      Add(absl::StrCat(prefix, ".from[", k, "]"),
          absl::StrCat("the image has no ", hide.from(k) == manifest::UDF ? "UDF" : "Joliet",
                       " to hide it from"),
          "leave `from` out to hide it from every namespace that the image has");
    }
  }

  // --- Entries ---------------------------------------------------------------------------

  bool CheckImagePath(absl::string_view field, absl::string_view path) {
    std::string remedy;
    const std::string problem = ImagePathProblem(path, &remedy);
    if (problem.empty()) return true;
    Add(field, problem, remedy);
    return false;
  }

  void CheckEntry(int i) {
    const manifest::Entry& entry = m_.entry(i);
    // Paths of fields are put together only for those that there are, and messages.
    const auto in = [i](absl::string_view field) { return absl::StrCat("entry[", i, "].", field); };
    const std::string self = absl::StrCat("entry[", i, "]");
    if (entry.path().empty()) {
      Missing(self, in("path"), "is missing",
              "say where in the image the entry stands: path: \"/...\"");
    } else {
      std::string remedy;
      const std::string problem = ImagePathProblem(entry.path(), &remedy);
      if (!problem.empty()) Add(in("path"), problem, remedy);
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
        if (CheckImagePath(in("hard_link"), entry.hard_link()) &&
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
      CheckImagePath(prefix + ".directory", checksums.directory());
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

  // --- Boot ------------------------------------------------------------------------------

  void CheckBoot() {
    const manifest::Boot& boot = m_.boot();
    if (!boot.catalog().empty() && CheckImagePath("boot.catalog", boot.catalog()) &&
        boot.catalog() == "/") {
      Add("boot.catalog", "the root is a directory, which the catalog is not",
          "give it a name: \"/boot.cat\"");
    }
    if (boot.entry_size() == 0 && (!boot.catalog().empty() || boot.system_area().empty())) {
      Missing("boot", "boot", "has no entry, so nothing boots",
              "add entry { platform: BIOS image: \"/...\" }, or leave boot out");
    }
    if (HasNul(boot.system_area())) {
      Add("boot.system_area", absl::StrCat(Quote(boot.system_area()), " has a NUL in it"),
          "no file has such a name");
    }
    for (int i = 0; i < boot.entry_size(); ++i) CheckBootEntry(i);
  }

  void CheckBootEntry(int i) {
    const manifest::BootEntry& entry = m_.boot().entry(i);
    const std::string prefix = absl::StrCat("boot.entry[", i, "]");
    if (entry.image().empty()) {
      Missing(prefix, prefix + ".image", "is missing",
              "give the path in the image of the boot image: image: \"/...\"");
    } else {
      CheckImagePath(prefix + ".image", entry.image());
    }
    if (entry.load_sectors() > 0xFFFF) {
      Add(prefix + ".load_sectors",
          absl::StrCat(entry.load_sectors(), " is more than 65535, what El Torito's entry holds"),
          entry.platform() == manifest::UEFI
              ? "leave it out: a UEFI entry of 32 MiB and more gets 0, all of the image"
              : "a BIOS wants 4");
    }
    if (entry.load_segment() > 0xFFFF) {
      Add(prefix + ".load_segment",
          absl::StrFormat("0x%X is more than 0xFFFF, what El Torito's entry holds",
                          entry.load_segment()),
          "leave it out for 0x7C0");
    }
    const size_t most = i == 0 ? 24 : 28;
    if (entry.id().size() > most) {
      Add(prefix + ".id",
          absl::StrCat("is ", entry.id().size(), " bytes long; ",
                       i == 0 ? "the catalog's first entry holds 24" : "a section holds 28"),
          "shorten it");
    }
    if (HasNul(entry.id())) {
      Add(prefix + ".id", absl::StrCat(Quote(entry.id()), " has a NUL in it"), "remove it");
    }
    if (entry.platform() == manifest::UEFI) {
      const auto for_bios = [&](absl::string_view name, bool set) {
        if (!set) return;
        Add(absl::StrCat(prefix, ".", name), "is for BIOS loaders; a UEFI entry is a FAT image",
            "leave it out, or move it to the BIOS entry");
      };
      for_bios("boot_info_table", entry.boot_info_table());
      for_bios("grub2_boot_info", entry.grub2_boot_info());
      for_bios("load_segment", entry.load_segment() != 0 && entry.load_segment() <= 0xFFFF);
    }
  }

  const LoadedManifest& loaded_;
  Diagnostics* const diagnostics_;
  const CheckReport report_;
  const manifest::Manifest& m_;
};

}  // namespace

std::string ImagePathProblem(absl::string_view path, std::string* remedy) {
  std::string unused;
  if (remedy == nullptr) remedy = &unused;
  *remedy = "";
  if (std::string problem = Utf8Problem(path); !problem.empty()) {
    *remedy = "write the characters themselves, in UTF-8";
    return problem;
  }
  if (HasNul(path)) {
    *remedy = "no name has one";
    return absl::StrCat(Quote(path), " has a NUL in it");
  }
  if (path.empty() || path[0] != '/') {
    *remedy = absl::StrCat("write ", Quote(absl::StrCat("/", path)));
    return absl::StrCat(Quote(path), " is not absolute");
  }
  if (path == "/") return "";
  if (path.size() > kLongestPath) {
    *remedy = "shorten it";
    return absl::StrCat("the path is ", path.size(), " bytes long; a path has at most ",
                        kLongestPath);
  }
  if (path.back() == '/') {
    *remedy = "paths in the image end with a name, also those of directories";
    return absl::StrCat(Quote(path), " ends with a slash");
  }
  for (absl::string_view name : absl::StrSplit(path.substr(1), '/')) {
    if (name.empty()) {
      *remedy = "one slash is enough";
      return absl::StrCat(Quote(path), " has two slashes side by side");
    }
    if (name == "." || name == "..") {
      *remedy = "write the path as it is without them";
      return absl::StrCat(Quote(path), " has a component ", Quote(name));
    }
    if (name.size() > kLongestName) {
      *remedy = "shorten it";
      return absl::StrCat("the name ", Quote(name), " is ", name.size(),
                          " bytes long; a name has at most ", kLongestName);
    }
  }
  return "";
}

std::string GlobProblem(absl::string_view pattern, std::string* remedy) {
  const absl::StatusOr<Glob> glob = Glob::Compile(pattern);
  if (glob.ok()) return "";
  absl::string_view bare = pattern;
  while (!bare.empty() && bare.front() == '/') bare.remove_prefix(1);
  while (!bare.empty() && bare.back() == '/') bare.remove_suffix(1);
  const bool slashes = bare.size() < pattern.size() && Glob::Compile(bare).ok();
  *remedy = slashes
                ? absl::StrCat("write ", Quote(bare))
                : "`*` and `?` stay inside a name, `**` crosses directories, `[a-z]` is a class";
  return absl::StrCat(Quote(pattern), ": ", glob.status().message());
}

bool CheckManifest(const LoadedManifest& loaded, Diagnostics* diagnostics) {
  const size_t before = diagnostics->size();
  Checker(loaded, diagnostics).Check();
  return diagnostics->size() == before;
}

}  // namespace isomason
