#include "tools/oracle/readers.h"

#include <functional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/bsdtar.h"
#include "tools/oracle/cdio.h"
#include "tools/oracle/grub.h"
#include "tools/oracle/isoinfo.h"
#include "tools/oracle/pycdlib.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/udf_tools.h"
#include "tools/oracle/udfclient.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

// Without all that Joliet has no place for.
Listing FilesAndDirectories(const Listing& want) {
  Listing out;
  for (const auto& [path, entry] : want) {
    if (entry.type != Listed::Type::kFile && entry.type != Listed::Type::kDirectory) continue;
    out.Add(entry).IgnoreError();  // distinct in `want`, so distinct here
  }
  return out;
}

class Check {
 public:
  Check(const std::string& image, const Listing& want, const ReaderOptions& options)
      : image_(image), want_(want), options_(options) {}

  std::vector<std::string> Run() {
    Trees();
    if (Asked(Reader::kXorriso) && HasIso9660()) {
      if (absl::Status s = XorrisoChecks(image_); !s.ok()) {
        Say(ReaderName(Reader::kXorriso), s.ToString());
      }
    }
    if (Asked(Reader::kSevenZip)) SevenZipTests();
    if (Asked(Reader::kUdfinfo) && Has(View::kUdf)) Udfinfo();
    if (Asked(Reader::kUdfdump) && Has(View::kUdf)) Udfdump();
    if (Asked(Reader::kBlkid)) Blkid();
    return std::move(out_);
  }

 private:
  bool Asked(Reader reader) const { return options_.readers.count(reader) > 0; }
  bool Has(View view) const { return options_.views.count(view) > 0; }

  bool HasIso9660() const { return options_.traits.count(Trait::kNoIso9660) == 0; }

  Listing WantOf(View view) const {
    auto it = options_.want_instead.find(view);
    if (it != options_.want_instead.end()) return it->second;
    return view == View::kJoliet ? FilesAndDirectories(want_) : want_;
  }

  void Say(absl::string_view who, absl::string_view what) {
    out_.push_back(absl::StrCat(who, ": ", what));
  }

  bool Concerns(const Quirk& quirk, Reader reader, View view) const {
    return quirk.readers.count(reader) > 0 &&
           (quirk.views.empty() || quirk.views.count(view) > 0) &&
           (!quirk.trait.has_value() || options_.traits.count(*quirk.trait) > 0);
  }

  bool Skipped(Reader reader, View view) const {
    for (const Quirk& quirk : Quirks()) {
      if (quirk.skips == nullptr || !Concerns(quirk, reader, view)) continue;
      if (quirk.skips(WantOf(view))) return true;
    }
    return false;
  }

  // Compares what `ask` gives with what is wanted of the view.
  void Tree(Reader reader, View view, const std::function<absl::StatusOr<Listing>()>& ask) {
    if (!Asked(reader) || Skipped(reader, view)) return;
    const std::string who = absl::StrCat(ReaderName(reader), " (", ViewName(view), ")");
    absl::StatusOr<Listing> got = ask();
    if (!got.ok()) return Say(who, got.status().ToString());
    Listing want = WantOf(view);
    for (const Quirk& quirk : Quirks()) {
      if (quirk.adjust != nullptr && Concerns(quirk, reader, view)) quirk.adjust(want, *got);
    }
    for (const std::string& difference : Differences(want, *got, options_.compare)) {
      Say(who, difference);
    }
  }

  void Trees() {
    for (View view : {View::kRockRidge, View::kJoliet, View::kIso9660}) {
      if (!Has(view)) continue;
      Tree(Reader::kXorriso, view,
           [&] { return XorrisoListing(image_, view, options_.scratch_dir); });
      Tree(Reader::kBsdtar, view,
           [&] { return BsdtarListing(image_, view, BsdtarSource::kFile, options_.scratch_dir); });
      Tree(Reader::kBsdtarPipe, view,
           [&] { return BsdtarListing(image_, view, BsdtarSource::kPipe, options_.scratch_dir); });
      Tree(Reader::kIsoinfo, view, [&] { return IsoinfoListing(image_, view); });
    }
    // These two take Joliet where there is one, else Rock Ridge.
    if (!options_.views.empty() && HasIso9660()) {
      const View view = Has(View::kJoliet)      ? View::kJoliet
                        : Has(View::kRockRidge) ? View::kRockRidge
                                                : View::kIso9660;
      Tree(Reader::kSevenZip, view,
           [&] { return SevenZipListing(image_, SevenZipFormat::kIso, options_.scratch_dir); });
      Tree(Reader::kCdio, view,
           [&] { return CdioListing(image_, CdioTree::kIso, options_.scratch_dir); });
    }
    if (Has(View::kUdf)) {
      Tree(Reader::kSevenZip, View::kUdf,
           [&] { return SevenZipListing(image_, SevenZipFormat::kUdf, options_.scratch_dir); });
      Tree(Reader::kCdio, View::kUdf,
           [&] { return CdioListing(image_, CdioTree::kUdf, options_.scratch_dir); });
      Tree(Reader::kUdfread, View::kUdf, [&] { return UdfreadListing(image_); });
      Tree(Reader::kUdfclient, View::kUdf,
           [&] { return UdfclientListing(image_, options_.scratch_dir); });
    }
    for (View view : options_.views) {
      Tree(Reader::kPycdlib, view, [&] { return PycdlibListing(image_, view); });
    }
    if (Has(View::kUdf) || Has(View::kRockRidge)) {
      const View view = Has(View::kUdf) ? View::kUdf : View::kRockRidge;
      Tree(Reader::kGrub, view, [&]() -> absl::StatusOr<Listing> {
        absl::StatusOr<GrubView> got = GrubViewOf(image_, WantOf(view));
        if (!got.ok()) return got.status();
        const char* file_system = view == View::kUdf ? "udf" : "iso9660";
        if (got->file_system != file_system) {
          return absl::DataLossError(
              absl::StrCat("takes it for ", got->file_system, ", want ", file_system));
        }
        return got->listing;
      });
    }
  }

  void SevenZipTests() {
    const std::string name = ReaderName(Reader::kSevenZip);
    const absl::Status iso =
        HasIso9660() ? SevenZipTest(image_, SevenZipFormat::kIso) : absl::OkStatus();
    if (const absl::Status& s = iso; !s.ok()) {
      Say(absl::StrCat(name, " t -tiso"), s.ToString());
    }
    if (!Has(View::kUdf) || Skipped(Reader::kSevenZip, View::kUdf)) return;
    if (absl::Status s = SevenZipTest(image_, SevenZipFormat::kUdf); !s.ok()) {
      Say(absl::StrCat(name, " t -tudf"), s.ToString());
    }
  }

  void Udfinfo() {
    const std::string name = ReaderName(Reader::kUdfinfo);
    absl::StatusOr<UdfInfo> info = UdfInfoOf(image_);
    if (!info.ok()) return Say(name, info.status().ToString());
    Counts(name, info->integrity, info->files, info->directories);
  }

  void Udfdump() {
    const std::string name = ReaderName(Reader::kUdfdump);
    absl::StatusOr<UdfdumpInfo> info = UdfdumpOf(image_);
    if (!info.ok()) return Say(name, info.status().ToString());
    Counts(name, info->integrity, info->files, info->directories);
  }

  // What the integrity descriptor says, as `name` shows it.
  void Counts(const std::string& name, const std::string& integrity, uint64_t said_files,
              uint64_t said_directories) {
    if (integrity != "closed") {
      Say(name, absl::StrCat("integrity is ", integrity, ", want closed"));
    }
    // A file with two names may be counted once or twice: the standard does not say.
    uint64_t directories = 0, names = 0, files = 0;
    std::set<uint64_t> seen;
    for (const auto& [path, entry] : WantOf(View::kUdf)) {
      if (entry.type == Listed::Type::kDirectory) {
        ++directories;
        continue;
      }
      ++names;
      if (entry.inode == 0 || seen.insert(entry.inode).second) ++files;
    }
    if (said_directories != directories) {
      Say(name, absl::StrCat("counts ", said_directories, " directories, want ", directories));
    }
    if (said_files != names && said_files != files) {
      Say(name, absl::StrCat("counts ", said_files, " files, want ", names));
    }
  }

  void Blkid() {
    const std::string name = ReaderName(Reader::kBlkid);
    absl::StatusOr<std::map<std::string, std::string>> tags = BlkidTags(image_);
    if (!tags.ok()) return Say(name, tags.status().ToString());
    const std::string want = Has(View::kUdf) ? "udf" : "iso9660";
    if ((*tags)["TYPE"] != want) {
      Say(name, absl::StrCat("TYPE is ", (*tags)["TYPE"], ", want ", want));
    }
  }

  const std::string& image_;
  const Listing& want_;
  const ReaderOptions& options_;
  std::vector<std::string> out_;
};

}  // namespace

const char* ReaderName(Reader reader) {
  switch (reader) {
    case Reader::kXorriso:
      return "xorriso";
    case Reader::kBsdtar:
      return "bsdtar";
    case Reader::kBsdtarPipe:
      return "bsdtar from a pipe";
    case Reader::kSevenZip:
      return "7z";
    case Reader::kIsoinfo:
      return "isoinfo";
    case Reader::kCdio:
      return "libcdio";
    case Reader::kPycdlib:
      return "pycdlib";
    case Reader::kGrub:
      return "grub-fstest";
    case Reader::kUdfread:
      return "libudfread";
    case Reader::kUdfclient:
      return "udfclient";
    case Reader::kUdfinfo:
      return "udfinfo";
    case Reader::kUdfdump:
      return "udfdump";
    case Reader::kBlkid:
      return "blkid";
  }
  return "no known reader";
}

std::set<Reader> AllReaders() {
  return {Reader::kXorriso, Reader::kBsdtar,    Reader::kBsdtarPipe, Reader::kSevenZip,
          Reader::kIsoinfo, Reader::kCdio,      Reader::kPycdlib,    Reader::kGrub,
          Reader::kUdfread, Reader::kUdfclient, Reader::kUdfinfo,    Reader::kUdfdump,
          Reader::kBlkid};
}

std::vector<std::string> CheckWithForeignReaders(const std::string& image, const Listing& want,
                                                 const ReaderOptions& options) {
  return Check(image, want, options).Run();
}

}  // namespace isomason
