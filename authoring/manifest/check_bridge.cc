#include "authoring/manifest/check_bridge.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"

namespace isomason {
namespace {

class BridgeChecker {
 public:
  BridgeChecker(const manifest::Manifest& manifest, const CheckReport& report)
      : m_(manifest), report_(report) {}

  void Check() {
    if (m_.udf().bridge() == manifest::NO_BRIDGE) CheckWithout();
    if (m_.udf().bridge() == manifest::STUB_BRIDGE) {
      CheckStub();
    } else if (m_.udf().has_stub()) {
      Add("udf.stub", "is about an image whose ISO 9660 view is a stub",
          "write `bridge: STUB_BRIDGE` as well, or leave it out");
    }
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) const {
    report_.Add(field, message, remedy);
  }

  void CheckStub() {
    const auto needs = [this](bool said, absl::string_view field, absl::string_view what) {
      if (!said) return;
      Add(field, absl::StrCat(what, ", and `udf.bridge: STUB_BRIDGE` shows next to nothing there"),
          "leave out one of the two");
    };
    needs(m_.iso9660().has_joliet(), "iso9660.joliet", "shows the tree in ISO 9660");
    needs(m_.iso9660().level() == 4, "iso9660.level", "4 shows the tree in ISO 9660:1999");
    needs(m_.has_dvd_video(), "dvd_video", "is about discs that show it in ISO 9660");
    const std::string& path = m_.udf().stub().path();
    if (!path.empty() && report_.CheckImagePath("udf.stub.path", path) &&
        path.find('/', 1) != std::string::npos) {
      Add("udf.stub.path", absl::StrCat(Quote(path), " is not in the root directory"),
          "name a file such as \"/README.TXT\"");
    }
    for (int i = 0; i < m_.udf().stub().keep_size(); ++i) {
      report_.CheckGlob(absl::StrCat("udf.stub.keep[", i, "]"), m_.udf().stub().keep(i));
    }
  }

  // What ISO 9660 alone has, in an image without it.
  void CheckWithout() {
    const auto needs = [this](bool said, absl::string_view field, absl::string_view what) {
      if (!said) return;
      Add(field, absl::StrCat(what, ", and `udf.bridge: NO_BRIDGE` writes none"),
          "leave out one of the two");
    };
    needs(m_.has_iso9660(), "iso9660", "sets options of ISO 9660");
    if (m_.boot().entry_size() > 0) {
      Add("boot.entry[0]",
          "needs a boot record, which is a volume descriptor of ISO 9660 (El Torito 2.0), and "
          "`udf.bridge: NO_BRIDGE` writes none",
          "write `udf.bridge: STUB_BRIDGE`, or leave out the boot entries");
    }
    needs(m_.has_media_check(), "media_check",
          "writes into the primary volume descriptor of ISO 9660");
    needs(m_.has_dvd_video(), "dvd_video",
          "is about discs that have ISO 9660 beside UDF (OSTA UDF 6.9)");
    for (int i = 0; i < m_.entry_size(); ++i) {
      needs(!m_.entry(i).system_use().empty(), absl::StrCat("entry[", i, "].system_use"),
            "is for directory records of ISO 9660");
    }
    const manifest::Volume& v = m_.volume();
    const auto only = [&needs](const std::string& text, absl::string_view field) {
      needs(!text.empty(), absl::StrCat("volume.", field), "is a field of ISO 9660's descriptors");
    };
    only(v.system_id(), "system_id");
    only(v.publisher(), "publisher");
    only(v.preparer(), "preparer");
    only(v.application(), "application");
    only(v.copyright_file(), "copyright_file");
    only(v.abstract_file(), "abstract_file");
    only(v.bibliographic_file(), "bibliographic_file");
    only(v.modification_time(), "modification_time");
    only(v.expiration_time(), "expiration_time");
    only(v.effective_time(), "effective_time");
    only(v.application_use(), "application_use");
  }

  const manifest::Manifest& m_;
  const CheckReport& report_;
};

}  // namespace

void CheckBridge(const manifest::Manifest& manifest, const CheckReport& report) {
  BridgeChecker(manifest, report).Check();
}

}  // namespace isomason
