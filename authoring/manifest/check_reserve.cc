#include "authoring/manifest/check_reserve.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"

namespace isomason {
namespace {

class ReserveChecker {
 public:
  ReserveChecker(const manifest::Manifest& manifest, const CheckReport& report)
      : manifest_(manifest), report_(report) {}

  void Check() {
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      const manifest::Entry& entry = manifest_.entry(i);
      const std::string self = absl::StrCat("entry[", i, "]");
      if (entry.reserve_size() > 0) CheckEntry(entry, self);
    }
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      const manifest::Entry& entry = manifest_.entry(i);
      if (entry.has_reserve_map()) {
        CheckMap(entry.reserve_map(), absl::StrCat("entry[", i, "].reserve_map"));
      }
    }
  }

 private:
  void CheckEntry(const manifest::Entry& entry, const std::string& self) {
    const auto what = entry.what_case();
    const bool inlined = what == manifest::Entry::kText || what == manifest::Entry::kBytes;
    if (!inlined && what != manifest::Entry::kFile && what != manifest::Entry::kConcat &&
        what != manifest::Entry::kZeros) {
      report_.Add(self + ".reserve[0]", "is for files",
                  "leave it out, or give it to an entry of file, text, bytes, concat or zeros");
      return;
    }
    bool whole = false, marked = false, placed = false;
    for (int k = 0; k < entry.reserve_size(); ++k) {
      const manifest::Reserve& area = entry.reserve(k);
      const std::string field = absl::StrCat(self, ".reserve[", k, "]");
      CheckArea(area, field);
      marked |= !area.marker().empty();
      placed |= area.has_offset();
      whole |= area.marker().empty() && !area.has_offset();
      if (area.marker().empty()) {
        if (!area.text().empty()) {
          report_.Add(field + ".text", "is for areas that stand at a marker",
                      "write the contents into the entry itself");
        }
        continue;
      }
      if (area.text().size() > area.size() && area.size() > 0) {
        report_.Add(field + ".text",
                    absl::StrCat("has ", area.text().size(), " bytes, the area ", area.size()),
                    "shorten the text, or make the area larger");
      }
      if (!inlined) {
        report_.Add(field + ".marker", "is for entries of text or bytes",
                    "give the `offset` of the area in the file");
        continue;
      }
      const std::string& text = what == manifest::Entry::kText ? entry.text() : entry.bytes();
      const size_t first = text.find(area.marker());
      if (first == std::string::npos || text.find(area.marker(), first + 1) != std::string::npos) {
        report_.Add(field + ".marker",
                    absl::StrCat(Quote(area.marker()), " stands in the text ",
                                 first == std::string::npos ? "nowhere" : "more than once"),
                    "write it where the area is to stand, and only there");
      }
    }
    if ((whole ? 1 : 0) + (marked ? 1 : 0) + (placed ? 1 : 0) > 1 ||
        (whole && entry.reserve_size() > 1)) {
      report_.Add(self + ".reserve[1]", "does not go with the area before it",
                  "reserve the whole file once, or areas at markers, or areas at offsets");
    }
  }

  void CheckArea(const manifest::Reserve& area, const std::string& field) {
    if (area.name().empty()) {
      report_.Missing(field, field + ".name", "is missing", "give the area a name for the map");
    } else if (!names_.try_emplace(area.name(), field).second) {
      report_.Add(
          field + ".name",
          absl::StrCat(Quote(area.name()), " is the name of ", names_[area.name()], ", too"),
          "give every area a name of its own");
    }
    if (area.size() == 0) {
      report_.Missing(field, field + ".size", "is missing",
                      "say how many bytes it has: size: 4096");
    } else if (area.size() > CheckReport::kLargestImage) {
      report_.TooLarge(field + ".size", area.size());
    } else if (!area.marker().empty() && area.size() > kMostAtMarker) {
      report_.Add(field + ".size",
                  absl::StrCat(area.size(), " bytes are more than 1048576 at a marker"),
                  "reserve a file of its own");
    }
    if (area.fill().size() > 1 || (!area.fill().empty() && (area.fill()[0] & 0x80) != 0)) {
      report_.Add(field + ".fill",
                  absl::StrCat(Quote(area.fill()), " is not one character of ASCII"),
                  "write fill: \"#\", or leave it out for zero bytes");
    }
  }

  void CheckMap(const manifest::ReserveMap& map, const std::string& field) {
    for (int k = 0; k < map.area_size(); ++k) {
      if (names_.contains(map.area(k))) continue;
      std::vector<std::string> candidates;
      for (const manifest::Entry& entry : manifest_.entry()) {
        for (const manifest::Reserve& area : entry.reserve()) candidates.push_back(area.name());
      }
      const std::string close = DidYouMean(Closest(map.area(k), candidates));
      report_.Add(absl::StrCat(field, ".area[", k, "]"),
                  absl::StrCat("no area is called ", Quote(map.area(k))),
                  close.empty() ? "add a `reserve` of this name to an entry" : close);
    }
    if (map.form() == manifest::COREOS_KARGS && map.area_size() == 0) {
      report_.Missing(field, field + ".area", "is missing: which areas hold kernel arguments?",
                      "name them: area: \"...\"");
    }
    if (map.form() == manifest::COREOS_IGNINFO && map.area_size() != 1) {
      report_.Missing(field, field + ".area", "is not one area, which coreos-installer reads",
                      "name the area for the Ignition config: area: \"...\"");
    }
  }

  static constexpr uint64_t kMostAtMarker = 1 << 20;

  const manifest::Manifest& manifest_;
  const CheckReport& report_;
  absl::flat_hash_map<std::string, std::string> names_;  // with the field of the area
};

}  // namespace

void CheckReserve(const manifest::Manifest& manifest, const CheckReport& report) {
  ReserveChecker(manifest, report).Check();
}

}  // namespace isomason
