#include "tools/golden/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/map.h"
#include "authoring/presets.h"
#include "layout/sink/sink.h"
#include "layout/status.h"
#include "tools/golden/expected.h"
#include "tools/golden/views.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

absl::StatusOr<GoldenImage> AuthorLoaded(GoldenImage golden) {
  Diagnostics diagnostics;
  auto disc = Author(golden.loaded, golden.loaded.directory, &diagnostics);
  if (!diagnostics.empty()) return absl::InvalidArgumentError(diagnostics.Format());
  if (!disc.ok()) return Annotate(disc.status(), golden.name);
  golden.disc = *std::move(disc);
  // What an image has to hold is what its preset fills in.
  ApplyPreset(&golden.loaded.manifest);
  RETURN_IF_ERROR(golden.disc->image().Prepare(1));
  return golden;
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
  return AuthorLoaded(std::move(golden));
}

absl::StatusOr<GoldenImage> AuthorMessage(const std::string& name, manifest::Manifest manifest,
                                          const std::string& directory) {
  GoldenImage golden;
  golden.name = name;
  golden.loaded = LoadedManifest::FromMessage(std::move(manifest), name, directory);
  return AuthorLoaded(std::move(golden));
}

absl::StatusOr<std::string> WriteGolden(const GoldenImage& golden) {
  const char* folder = std::getenv("TEST_TMPDIR");
  const std::string path =
      absl::StrCat(folder == nullptr ? "/tmp" : folder, "/", golden.name, ".iso");
  RETURN_IF_ERROR(WriteToFile(golden.disc->image(), path, {}));
  return path;
}

absl::StatusOr<std::string> ForeignDifferences(const GoldenImage& golden, const std::string& image,
                                               const std::set<View>& views) {
  ReaderOptions options;
  options.views = views;
  options.traits = golden.Traits();
  options.scratch_dir = std::filesystem::path(image).parent_path();
  for (const View view : options.views) {
    ASSIGN_OR_RETURN(options.want_instead[view], golden.Expected(view));
  }
  ASSIGN_OR_RETURN(const Listing want,
                   ExpectedListing(golden.loaded.manifest, golden.loaded.directory));
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

std::set<View> GoldenImage::Views() const { return ViewsOf(loaded, *disc); }

std::set<Trait> GoldenImage::Traits() const { return TraitsOf(loaded, *disc); }

absl::StatusOr<Listing> GoldenImage::Expected(View view) const {
  ASSIGN_OR_RETURN(const Listing want, ExpectedListing(loaded.manifest, loaded.directory));
  return ListingInView(loaded, *disc, want, view);
}

}  // namespace isomason
