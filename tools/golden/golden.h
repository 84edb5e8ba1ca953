// -----------------------------------------------------------------------------
// File: tools/golden/golden.h
// -----------------------------------------------------------------------------
//
// The golden images: manifests in testdata/golden, each with the map and the digest
// that its image has to have. Tests author them, and foreign readers read them.
//
//   for (const std::string& name : GoldenNames()) {
//     ASSIGN_OR_RETURN(const GoldenImage golden, AuthorGolden(name));
//     ... golden.disc->image() ...
//   }
//
#ifndef ISOMASON_TOOLS_GOLDEN_GOLDEN_H_
#define ISOMASON_TOOLS_GOLDEN_GOLDEN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "authoring/author.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/readers.h"

namespace isomason {

struct GoldenImage {
  std::string name;
  LoadedManifest loaded;
  std::unique_ptr<Disc> disc;

  // Map and digest, as they stand in testdata/golden/NAME.map.
  absl::StatusOr<std::string> Text() const;

  // The views that the image has, for readers.
  std::set<View> Views() const;
  // What some readers cannot cope with.
  std::set<Trait> Traits() const;
  // What readers have to show: from the manifest, and for views with other names from
  // the names that the plan says.
  absl::StatusOr<Listing> Expected(View view) const;
};

// The manifests in testdata/golden, without ".textproto", in byte order.
std::vector<std::string> GoldenNames();

// The path of a file of testdata/golden.
std::string GoldenPath(const std::string& file);

absl::StatusOr<GoldenImage> AuthorGolden(const std::string& name);

// The same of any manifest that tests have as a file; its name is that of the file.
absl::StatusOr<GoldenImage> AuthorFile(const std::string& path);

// And of one that a test puts together.
absl::StatusOr<GoldenImage> AuthorMessage(const std::string& name, manifest::Manifest manifest,
                                          const std::string& directory);

// Writes the image into the test's own folder and returns its path.
absl::StatusOr<std::string> WriteGolden(const GoldenImage& golden);

// What foreign readers see other than the manifest says, one line each; empty when nothing.
// `image` is a file with some of the golden image's views.
absl::StatusOr<std::string> ForeignDifferences(const GoldenImage& golden, const std::string& image,
                                               const std::set<View>& views);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_GOLDEN_GOLDEN_H_
