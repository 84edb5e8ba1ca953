// -----------------------------------------------------------------------------
// File: authoring/tree/creation_times.h
// -----------------------------------------------------------------------------
//
// When files and directories were made, as far as entries of the manifest say so. Few
// do, so this lies beside the tree.
//
#ifndef ISOMASON_AUTHORING_TREE_CREATION_TIMES_H_
#define ISOMASON_AUTHORING_TREE_CREATION_TIMES_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/timestamp.h"
#include "authoring/tree/node.h"

namespace isomason {

class CreationTimes {
 public:
  // Those of the nodes that an entry brought: for a tree or an archive, all from its own
  // path on down. `origins` are numbers of entries, by node. Where two entries describe one
  // directory, the later one counts, as with other attributes.
  static CreationTimes Of(const manifest::Manifest& manifest, const Tree& tree,
                          const std::vector<uint32_t>& origins);

  bool empty() const { return times_.empty(); }
  void Set(InodeId inode, Timestamp time) { times_[inode] = time; }
  // Null where none is said.
  const Timestamp* Find(InodeId inode) const {
    const auto it = times_.find(inode);
    return it == times_.end() ? nullptr : &it->second;
  }

 private:
  absl::flat_hash_map<InodeId, Timestamp> times_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_CREATION_TIMES_H_
