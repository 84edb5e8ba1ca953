// -----------------------------------------------------------------------------
// File: authoring/tree/attributes.h
// -----------------------------------------------------------------------------
//
// Mode, owner, group and time of what stands in the image. They come from the
// narrowest place that says something: the entry, the rules that match the path
// (later ones win), the manifest's `attributes`, the defaults. What a place tells
// to keep is taken from the source.
//
//   AttributePolicy policy(manifest, volume_time);
//   policy.Apply("boot/grub/grub.cfg", entry.attributes(), nullptr, inode);
//
#ifndef ISOMASON_AUTHORING_TREE_ATTRIBUTES_H_
#define ISOMASON_AUTHORING_TREE_ATTRIBUTES_H_

#include <sys/stat.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/manifest/glob.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/timestamp.h"
#include "authoring/tree/node.h"

namespace isomason {

class AttributePolicy {
 public:
  // `manifest` has passed CheckManifest().
  AttributePolicy(const manifest::Manifest& manifest, Timestamp volume_time);

  // Sets mode, owner, group and time of `inode`, whose type is set. `path` is that
  // in the image without the leading slash; `source` is null for what has none.
  void Apply(absl::string_view path, const manifest::Attributes& entry, const struct stat* source,
             Inode& inode) const;

 private:
  // What one place says; unset fields say nothing.
  struct Layer {
    std::optional<uint32_t> owner, group, file_mode, directory_mode;
    std::optional<Timestamp> time;
    bool keep_mode = false, keep_owner = false, keep_time = false, keep_nothing = false;
  };
  // What has been said so far, from the widest place inwards.
  struct Effective {
    uint32_t owner = 0, group = 0, file_mode = 0444, directory_mode = 0555;
    Timestamp time;
    bool keep_file_mode = false, keep_directory_mode = false;
    bool keep_owner = false, keep_group = false, keep_time = false;
    bool exact_file_mode = false;  // an entry or a rule gave it
  };
  static Layer Read(const manifest::Attributes& attributes);
  static void Lay(const Layer& layer, bool narrow, Effective& effective);

  Effective base_;
  std::vector<std::pair<Glob, Layer>> rules_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_ATTRIBUTES_H_
