// -----------------------------------------------------------------------------
// File: authoring/manifest/load.h
// -----------------------------------------------------------------------------
//
// Reads a manifest: text, JSON or binary, told apart by content; with the manifests
// that it includes merged in and `${variables}` replaced. Every field can be traced
// back to its place in the file it came from.
//
//   LoadedManifest loaded;
//   Diagnostics diagnostics;
//   LoadManifest("rescue.textproto", {{"label", "RESCUE"}}, &loaded, &diagnostics);
//   CheckManifest(loaded, &diagnostics);             // in any case: problems come all at once
//   if (!diagnostics.empty()) std::cerr << diagnostics.Format();
//   ...
//   diagnostics.Add(loaded.Locate("entry[3].file.source"), "entry[3].file.source",
//                   "there is no file \"vmlinuz\"", "");
//
// Loading opens the manifest and what it includes, and nothing else. The tests of
// what the fields say are in check.h; what needs the sources is tested when the
// tree is resolved.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_LOAD_H_
#define ISOMASON_AUTHORING_MANIFEST_LOAD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

class ManifestSources;

struct LoadedManifest {
  // Included manifests merged, variables replaced. `include` and `variable` are
  // still there, for information.
  ::isomason::manifest::Manifest manifest;

  // The folder of the top-level manifest, to which source paths are relative by
  // default: "." when its path has no folder.
  std::string directory = ".";

  // The files that were read, the top-level manifest first.
  std::vector<std::string> files;

  // What Locate() needs; shared by copies.
  std::shared_ptr<const ManifestSources> sources;

  // Where a field of `manifest` was written: "volume.id", "entry[3].file.source",
  // "entry[5].tree.exclude[0]". The place is the field's value where that begins on
  // the line of its name, and else the name. A field that is not written gives the
  // nearest message around it that is; a binary manifest only the file. Reads no
  // file: what was written is kept. Not for two threads at once.
  Location Locate(absl::string_view field) const;

  // As Locate, but points at the first `part` inside the field's text, for instance
  // at a `${name}`; at the field itself when the part is not spelt out there.
  Location LocateInside(absl::string_view field, absl::string_view part) const;

  // Whether something in this message ("" is the manifest itself), or around it where
  // it does not stand at all, could not be read: what is missing there may only be
  // misspelt, and is not worth a message of its own.
  bool Damaged(absl::string_view message) const;

  // A manifest that comes from no file, as the other command lines make it. `name`
  // stands in messages where the file would.
  static LoadedManifest FromMessage(::isomason::manifest::Manifest manifest, absl::string_view name,
                                    absl::string_view directory);
};

// Reads `path` with what it includes. `set` has the variables of the command line.
// On any problem returns false, and `diagnostics` has all that were found; `loaded`
// then holds what could be read, good enough for CheckManifest to find more.
bool LoadManifest(const std::string& path, const std::map<std::string, std::string>& set,
                  LoadedManifest* loaded, Diagnostics* diagnostics);

// No manifest file is larger than this, in bytes.
inline constexpr int64_t kLargestManifestFile = int64_t{256} << 20;

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_LOAD_H_
