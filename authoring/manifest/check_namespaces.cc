#include "authoring/manifest/check_namespaces.h"

#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/check_contents.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/unicode/unicode.h"

namespace isomason {
namespace {

// The one stream of OSTA's that belongs to a file (OSTA UDF 2.00 3.3.8.1).
constexpr absl::string_view kResourceFork = "*UDF Macintosh Resource Fork";

class NamespaceChecker {
 public:
  NamespaceChecker(const manifest::Manifest& manifest, const CheckReport& report)
      : m_(manifest), report_(report) {}

  void Check() {
    CheckIso9660();
    CheckUdf();
    for (int i = 0; i < m_.entry_size(); ++i) CheckCreated(i);
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) const {
    report_.Add(field, message, remedy);
  }

  void CheckIso9660() {
    const manifest::Iso9660& iso = m_.iso9660();
    if (iso.level() > 4) {
      Add("iso9660.level", absl::StrCat(iso.level(), " is no interchange level (ECMA-119 10)"),
          "write 1, 2, 3 or 4, or leave it out for 3");
    }
    report_.CheckPolicy("iso9660.special", iso.special(), {manifest::REFUSE, manifest::OMIT});
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
    report_.CheckPolicy("iso9660.joliet.symlinks", joliet.symlinks(),
                        {manifest::REFUSE, manifest::OMIT, manifest::FOLLOW});
    report_.CheckPolicy("iso9660.joliet.special", joliet.special(),
                        {manifest::REFUSE, manifest::OMIT});
    report_.CheckPolicy("iso9660.joliet.long_paths", joliet.long_paths(),
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
      report_.CheckImagePath(field, absl::StrCat("/", name));
    }
  }

  void CheckUdf() {
    report_.CheckPolicy("udf.symlinks", m_.udf().symlinks(),
                        {manifest::REFUSE, manifest::OMIT, manifest::EMIT, manifest::FOLLOW});
    report_.CheckPolicy("udf.special", m_.udf().special(),
                        {manifest::REFUSE, manifest::OMIT, manifest::EMIT});
    if (m_.has_dvd_video()) CheckDvdVideo();
    if (m_.udf().has_blu_ray()) CheckBluRay();
    if (m_.udf().metadata_mirror() != manifest::METADATA_MIRROR_DEFAULT &&
        m_.udf().revision() < manifest::UDF_2_50) {
      Add("udf.metadata_mirror", "is about a metadata partition, which revisions from 2.50 on have",
          "leave it out, or write UDF_2_50 or UDF_2_60 as the revision");
    }
    for (int i = 0; i < m_.entry_size(); ++i) CheckStreams(i);
  }

  void CheckCreated(int i) {
    const manifest::Entry& entry = m_.entry(i);
    if (entry.created().empty()) return;
    const std::string field = absl::StrCat("entry[", i, "].created");
    report_.CheckTime(field, entry.created(), 1900, 2155);
    if (!m_.iso9660().has_rock_ridge() && !m_.has_udf()) {
      Add(field, "is for Rock Ridge (RRIP 4.1.6) and UDF; other namespaces hold no such time",
          "add `rock_ridge {}` to `iso9660`, add `udf {}`, or leave it out");
    }
    if (!entry.hard_link().empty()) {
      Add(field, "is for the entry that the hard link names: they share it",
          absl::StrCat("write it at ", entry.hard_link()));
    }
  }

  void CheckStreams(int i) {
    const manifest::Entry& entry = m_.entry(i);
    if (entry.udf_stream().empty()) return;
    const std::string field = absl::StrCat("entry[", i, "].udf_stream");
    const manifest::UdfRevision revision = m_.udf().revision();
    if (revision < manifest::UDF_2_00) {
      Add(field, "needs UDF of revision 2.00 or later (ECMA-167 3rd edition 4/9.2)",
          "write `udf { revision: UDF_2_01 }`, or leave it out");
      return;
    }
    if (!entry.hard_link().empty()) {
      Add(field, "is for the entry that the hard link names: they share their streams",
          absl::StrCat("write it at ", entry.hard_link()));
    }
    std::set<std::string> names;
    for (int k = 0; k < entry.udf_stream_size(); ++k) {
      const std::string& name = entry.udf_stream(k).name();
      const std::string stream = absl::StrCat(field, "[", k, "]");
      CheckStreamData(entry.udf_stream(k), stream, report_);
      const std::string self = absl::StrCat(stream, ".name");
      if (name.empty()) {
        Add(self, "is empty", "give the stream a name");
      } else if (absl::StartsWith(name, "*UDF") && name != kResourceFork) {
        Add(self, "begins with *UDF, which OSTA keeps for its own (OSTA UDF 2.00 3.3.5.2)",
            "choose another name");
      } else if (!names.insert(name).second) {
        Add(self, absl::StrCat(Quote(name), " is the name of another stream of the entry"),
            "choose another name");
      }
    }
  }

  void CheckBluRay() {
    if (m_.udf().revision() != manifest::UDF_2_50 || m_.udf().bridge() != manifest::NO_BRIDGE) {
      Add("udf.blu_ray", "is about discs of UDF 2.50 without ISO 9660",
          "write `revision: UDF_2_50 bridge: NO_BRIDGE` as well, or leave it out");
    }
    if (m_.layout().file_alignment() % 65536 != 0) {
      Add("layout.file_alignment",
          absl::StrCat(m_.layout().file_alignment(), " is less than a cluster of a Blu-ray disc"),
          "leave it out for 65536");
    }
    if (m_.has_deduplicate() && m_.deduplicate().exclude_size() == 0) {
      Add("deduplicate",
          "stores the copies in /BDMV/BACKUP once, which are there for bytes that cannot be read",
          "leave it out, or write exclude: \"BDMV/**\"");
    }
  }

  void CheckDvdVideo() {
    if (!m_.has_udf()) {
      Add("dvd_video", "needs the UDF view, which is all that players read (OSTA UDF 6.9)",
          "write `udf {}`");
    } else if (m_.udf().revision() != manifest::UDF_1_02 &&
               m_.udf().revision() != manifest::UDF_REVISION_DEFAULT) {
      Add("udf.revision", "players of DVD-Video read revision 1.02 only (OSTA UDF 6.9)",
          "write UDF_1_02, or leave out `dvd_video`");
    }
  }

  const manifest::Manifest& m_;
  const CheckReport& report_;
};

}  // namespace

void CheckNamespaces(const manifest::Manifest& manifest, const CheckReport& report) {
  NamespaceChecker(manifest, report).Check();
}

}  // namespace isomason
