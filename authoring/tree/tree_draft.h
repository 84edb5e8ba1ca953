// -----------------------------------------------------------------------------
// File: authoring/tree/tree_draft.h
// -----------------------------------------------------------------------------
//
// The tree while entries of the manifest are put into it: directories that a path
// needs, overlays, two entries at one path, what is missing because an entry came to
// nothing, and the normal form of the names that sources bring.
//
//   TreeDraft draft(loaded, volume_time, &remarks, &diagnostics);
//   draft.PutAt("/boot/grub.cfg", inode, i, EntryField(i, "path"));
//
// Throughout, `i` is the number of an entry or an origin of resolve.h, and `field` is to blame.
//
#ifndef ISOMASON_AUTHORING_TREE_TREE_DRAFT_H_
#define ISOMASON_AUTHORING_TREE_TREE_DRAFT_H_

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/remark.h"
#include "authoring/timestamp.h"
#include "authoring/tree/attributes.h"
#include "authoring/tree/builder.h"
#include "authoring/tree/node.h"
#include "authoring/unicode/normal.h"

namespace isomason {

// "entry[4].path".
std::string EntryField(uint32_t i, absl::string_view field);

// What a mode of stat() says.
NodeType NodeTypeOf(mode_t mode);

class TreeDraft {
 public:
  using Draft = TreeBuilder::Draft;

  static constexpr absl::string_view kOverlayRemedy =
      "remove one of the two, or set `overlay: true` on this entry to replace the earlier one";

  // The arguments outlive this. The root is there, with no origin.
  TreeDraft(const LoadedManifest& loaded, Timestamp volume_time, Remarks* remarks,
            Diagnostics* diagnostics);

  TreeBuilder& builder() { return tree_; }
  const AttributePolicy& policy() const { return policy_; }

  void Problem(const std::string& field, absl::string_view message, absl::string_view remedy) {
    diagnostics_.Add(loaded_.Locate(field), field, message, remedy);
  }

  // Puts a node with an inode of its own at a path. A directory gives its attributes to
  // the one that is there; anything else replaces what is there, when the entry may do
  // so. Nothing, and the path lost, when there are diagnostics instead.
  std::optional<Draft> PutAt(absl::string_view path, const Inode& inode, uint32_t i,
                             const std::string& field);

  // The same where the directory is known. `path` is lost for the caller to say.
  std::optional<Draft> Put(Draft directory, absl::string_view name, absl::string_view path,
                           const Inode& inode, uint32_t i, const std::string& field);

  // Puts another name of `target`'s inode there. False when there are diagnostics instead.
  bool PutLink(Draft directory, absl::string_view name, absl::string_view path, Draft target,
               uint32_t i, const std::string& field);

  // The directory that holds the last component of `path`, made where it is missing, and
  // that component.
  std::optional<std::pair<Draft, std::string>> MakeParents(absl::string_view path, uint32_t i,
                                                           const std::string& field);

  // Paths of entries that came to nothing. True when it was not known.
  bool Lose(absl::string_view path) { return lost_.insert(std::string(path)).second; }
  // Whether an entry that came to nothing would have brought the path, or may have: what
  // is wrong has been said, and that the path is not there follows from it.
  bool IsLost(absl::string_view path) const;

  // Brings the path of what a source has into the manifest's normal form. False when that
  // is among those that the source has brought already, `taken`.
  bool NormalizeFound(const std::string& field, absl::flat_hash_set<std::string>& taken,
                      std::string& path);

  // Keeps the target of a symlink that a source has at `path`, in the normal form.
  uint32_t AddFoundTarget(absl::string_view path, const std::string& found);

 private:
  std::string OriginOf(Draft d) const;
  std::optional<Draft> MakeDirectory(Draft parent, absl::string_view name, absl::string_view path,
                                     uint32_t i, const std::string& field);
  bool Replace(Draft there, absl::string_view path, uint32_t i, const std::string& field);

  const LoadedManifest& loaded_;
  const AttributePolicy policy_;
  const std::optional<NormalForm> form_;
  Remarks& remarks_;
  Diagnostics& diagnostics_;
  TreeBuilder tree_;
  absl::flat_hash_set<std::string> lost_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_TREE_DRAFT_H_
