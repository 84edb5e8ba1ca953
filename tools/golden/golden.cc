#include "tools/golden/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/map.h"
#include "layout/sink/sink.h"
#include "layout/status.h"
#include "tools/golden/expected.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

// A path with every name as a namespace shows it; empty when a part is not there.
std::string PathIn(const Disc& disc, View view, NodeId n) {
  const Tree& tree = disc.tree();
  if (n == tree.root()) return "/";
  std::string path;
  for (; n != tree.root(); n = tree.parent(n)) {
    std::string name;
    switch (view) {
      case View::kRockRidge:
        name = std::string(tree.name(n));
        break;
      case View::kJoliet:
        name = disc.joliet()->NameOf(n);
        break;
      case View::kIso9660:
        name = disc.iso9660()->NameOf(n);
        break;
      case View::kUdf:
        name = disc.udf()->NameOf(n);
        break;
    }
    if (name.empty()) return "";
    path = absl::StrCat("/", name, path);
  }
  return path;
}

// Where a relative target without dots leads from the symlink at `path`.
std::string JoinedTarget(const std::string& path, const std::string& target) {
  return absl::StrCat(path.substr(0, path.rfind('/') + 1), target);
}

}  // namespace

std::string GoldenPath(const std::string& file) {
  return Runfile(absl::StrCat("testdata/golden/", file));
}

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  const std::filesystem::path folder =
      std::filesystem::path(GoldenPath("empty.textproto")).parent_path();
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".textproto") names.push_back(file.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<GoldenImage> AuthorGolden(const std::string& name) {
  return AuthorFile(GoldenPath(absl::StrCat(name, ".textproto")));
}

absl::StatusOr<GoldenImage> AuthorFile(const std::string& path) {
  GoldenImage golden;
  golden.name = std::filesystem::path(path).stem();
  Diagnostics diagnostics;
  if (!LoadManifest(path, {}, &golden.loaded, &diagnostics)) {
    return absl::InvalidArgumentError(diagnostics.Format());
  }
  auto disc = Author(golden.loaded, golden.loaded.directory, &diagnostics);
  if (!diagnostics.empty()) return absl::InvalidArgumentError(diagnostics.Format());
  if (!disc.ok()) return Annotate(disc.status(), path);
  golden.disc = *std::move(disc);
  RETURN_IF_ERROR(golden.disc->image().Prepare(1));
  return golden;
}

absl::StatusOr<std::string> WriteGolden(const GoldenImage& golden) {
  const char* folder = std::getenv("TEST_TMPDIR");
  const std::string path =
      absl::StrCat(folder == nullptr ? "/tmp" : folder, "/", golden.name, ".iso");
  RETURN_IF_ERROR(WriteToFile(golden.disc->image(), path, {}));
  return path;
}

absl::StatusOr<std::string> ForeignDifferences(const GoldenImage& golden,
                                               const std::string& image) {
  ReaderOptions options;
  options.views = golden.Views();
  options.traits = golden.Traits();
  options.scratch_dir = std::filesystem::path(image).parent_path();
  for (const View view : options.views) {
    ASSIGN_OR_RETURN(options.want_instead[view], golden.Expected(view));
  }
  ASSIGN_OR_RETURN(const Listing want, golden.Expected(View::kRockRidge));
  return absl::StrJoin(CheckWithForeignReaders(image, want, options), "\n");
}

absl::StatusOr<std::string> GoldenImage::Text() const {
  std::string text = FormatMapHeading();
  VisitMap(*disc, [&](const MapRun& run) { text += FormatMapRun(run); });
  std::string bytes(disc->image().size(), '\0');
  RETURN_IF_ERROR(disc->image().Read(
      0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())));
  absl::StrAppend(&text, "sha256 ", Sha256(bytes), "  ", bytes.size(), " bytes\n");
  return text;
}

std::set<View> GoldenImage::Views() const {
  std::set<View> views = {View::kIso9660};
  if (loaded.manifest.iso9660().has_rock_ridge()) views.insert(View::kRockRidge);
  if (disc->joliet() != nullptr) views.insert(View::kJoliet);
  if (disc->udf() != nullptr) views.insert(View::kUdf);
  return views;
}

std::set<Trait> GoldenImage::Traits() const {
  std::set<Trait> traits;
  const manifest::RockRidge& rock_ridge = loaded.manifest.iso9660().rock_ridge();
  if (rock_ridge.version() == manifest::RRIP_1_10 && !rock_ridge.serial_numbers()) {
    traits.insert(Trait::kNoSerialNumbers);
  }
  return traits;
}

absl::StatusOr<Listing> GoldenImage::Expected(View view) const {
  ASSIGN_OR_RETURN(const Listing want, ExpectedListing(loaded.manifest));
  Listing renamed;
  for (const auto& [path, entry] : want) {
    const NodeId node = disc->tree().Find(path);
    if (node == kNoNode) return absl::InternalError(absl::StrCat(path, " is not in the tree"));
    Listed copy = entry;
    if (view == View::kJoliet && copy.type == Listed::Type::kSymlink) {
      // Shown as the file that it points to, or nowhere; no namespace sees that of others.
      const Listed* target = want.Find(JoinedTarget(path, copy.target));
      if (target == nullptr) continue;
      copy = *target;
    }
    copy.path = PathIn(*disc, view, node);
    if (copy.path.empty()) continue;
    // Symlinks in plain ISO 9660 are empty files beside Rock Ridge.
    if (view == View::kIso9660 && copy.type != Listed::Type::kDirectory &&
        copy.type != Listed::Type::kFile) {
      copy.type = Listed::Type::kFile;
      copy.target.clear();
      copy.size = 0;
    }
    RETURN_IF_ERROR(renamed.Add(std::move(copy)));
  }
  return renamed;
}

}  // namespace isomason
