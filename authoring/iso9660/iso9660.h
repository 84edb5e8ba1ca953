// -----------------------------------------------------------------------------
// File: authoring/iso9660/iso9660.h
// -----------------------------------------------------------------------------
//
// The ISO 9660 view of a tree (ECMA-119), with or without Rock Ridge, and the
// Joliet view beside it. Each is a hierarchy of its own: other names, other
// directories, the same file contents.
//
//   ASSIGN_OR_RETURN(auto iso, Iso9660::Project(tree, contents, volume, options, &remarks,
//                                              &problems));
//   if (!problems.empty()) ...
//   PieceId primary = iso->AddVolumeDescriptor(pieces);     // the caller says where it lies
//   iso->AddDirectories(pieces, &problems);                 // path tables, directories: they flow
//
#ifndef ISOMASON_AUTHORING_ISO9660_ISO9660_H_
#define ISOMASON_AUTHORING_ISO9660_ISO9660_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "authoring/iso9660/joliet_names.h"
#include "authoring/iso9660/relaxations.h"
#include "authoring/iso9660/rock_ridge_form.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/creation_times.h"
#include "authoring/tree/hiding.h"
#include "authoring/tree/node.h"
#include "authoring/tree/system_use.h"
#include "authoring/volume.h"
#include "authoring/zisofs/compressed.h"
#include "layout/content.h"
#include "layout/piece.h"
#include "layout/units.h"

namespace isomason {

// The volume that a hierarchy belongs to: the whole image, or a partition of it in which
// addresses count from the partition's start.
struct VolumeExtent {
  Block start;
  // Where it ends; null: where the image does.
  std::function<ByteCount(const Addresses&)> end = nullptr;
};

struct Iso9660Options {
  int level = 3;  // interchange level, ECMA-119 10: 1, 2 or 3
  bool rock_ridge = false;
  RockRidgeForm rock_ridge_form;
  Relaxations relaxations;
  // What to do with directories deeper than 8 levels, and with paths of more than 255
  // bytes (ECMA-119 6.8.2.1). Relocating them takes Rock Ridge.
  enum class DeepDirectories {
    kKeep,
    kRelocate,
    kRefuse
  } deep_directories = DeepDirectories::kKeep;
  std::string relocation_directory = "rr_moved";  // its name in the root
  bool shows_relocation_directory = false;
  bool optional_path_tables = false;  // second copies, 6.9.2
  bool xa = false;                    // CD-ROM XA attributes; without Rock Ridge only
  bool strict = false;                // the profile asks for what is refused; for remedies
  // What entries say for their directory records. Outlives the projection.
  const SystemUses* system_uses = nullptr;
  // With Rock Ridge: which contents are compressed. Outlives the projection.
  const CompressedContents* compressed = nullptr;
  // With Rock Ridge: times of creation, in the years 1900 to 2155. Outlives the projection.
  const CreationTimes* created = nullptr;
  // What to do with a name that the level cannot hold as it is. Rock Ridge keeps
  // the true name, so the default with it is to mangle.
  enum class Names { kMangle, kRefuse } names = Names::kMangle;
  // Without Rock Ridge: what to do with an entry that is neither file nor directory.
  enum class Special { kRefuse, kOmit } special = Special::kRefuse;
  const Hiding* hiding = nullptr;  // outlives the result; null: nothing is hidden
  VolumeExtent extent;
};

struct JolietOptions {
  int level = 3;          // of UCS-2: 1, 2 or 3, which the descriptor declares
  std::string volume_id;  // a label of its own; empty: the volume's
  JolietNaming naming;
  enum class Names { kMangle, kRefuse } names = Names::kRefuse;
  // Paths that are too long: kReadable refuses what a reader of Joliet loses, kRefuse
  // whatever the specification does not allow, kOmit leaves out what a reader loses.
  enum class LongPaths { kReadable, kRefuse, kOmit, kEmit } long_paths = LongPaths::kReadable;
  bool rock_ridge = false;  // whether the primary view has it, for readers that prefer it
  enum class Symlinks { kRefuse, kOmit, kFollow } symlinks = Symlinks::kRefuse;
  enum class Special { kRefuse, kOmit } special = Special::kRefuse;  // devices, FIFOs, sockets
  const Hiding* hiding = nullptr;                                    // as above
  bool optional_path_tables = false;
  VolumeExtent extent;
};

// How directories lie: level by level, as path tables number them, or each right behind
// the one that it is in or behind what is below its predecessor.
enum class DirectoryOrder { kBreadthFirst, kDepthFirst };

class Iso9660 : public PieceOwner {
 public:
  // Projects the tree. The arguments, but for `volume`, outlive the result; changed names and
  // omitted entries go to `remarks`, which may be null. What the namespace cannot hold, or the
  // options refuse, goes to `problems`, all of it; the result is of no use then.
  // InvalidArgument for options that there are not.
  static absl::StatusOr<std::unique_ptr<Iso9660>> Project(const Tree& tree,
                                                          const ContentTable& contents,
                                                          const Volume& volume,
                                                          const Iso9660Options& options,
                                                          Remarks* remarks, Problems* problems);
  static absl::StatusOr<std::unique_ptr<Iso9660>> ProjectJoliet(
      const Tree& tree, const ContentTable& contents, const Volume& volume,
      const JolietOptions& options, Remarks* remarks, Problems* problems);

  // The hierarchy of ISO 9660:1999 beside the primary one, without Rock Ridge. Of the
  // options, `names`, `special`, `optional_path_tables` and `extent` count.
  static absl::StatusOr<std::unique_ptr<Iso9660>> ProjectEnhanced(
      const Tree& tree, const ContentTable& contents, const Volume& volume,
      const Iso9660Options& options, Remarks* remarks, Problems* problems);

  // The primary (ECMA-119 8.4) volume descriptor, Joliet's supplementary one (8.5), or the
  // enhanced one.
  virtual PieceId AddVolumeDescriptor(Pieces& pieces) = 0;

  // Path tables, then directories parents first, each with its continuation areas
  // right behind it. A directory that is too large goes to `problems`.
  virtual void AddDirectories(Pieces& pieces, DirectoryOrder order, Problems* problems) = 0;
  void AddDirectories(Pieces& pieces, Problems* problems) {
    AddDirectories(pieces, DirectoryOrder::kBreadthFirst, problems);
  }

  // Empty files and whatever else has no data point to one block of zeros that
  // nothing else owns, behind the directories. Called before AddDirectories(), this
  // makes them point to that of `other`, whose directories were added before: Joliet's
  // records then say the same as the primary ones. `other` outlives this.
  virtual void ShareEmptyBlock(const Iso9660& other) = 0;

  // The name under which a node stands in this namespace, in UTF-8 and without a
  // version number; empty when it is not there.
  virtual std::string NameOf(NodeId node) const = 0;

  // Calls `visit` for the content that each record points to.
  virtual void VisitContents(absl::FunctionRef<void(ContentId)> visit) const = 0;
};

// The volume descriptor set terminator (ECMA-119 8.3): index 0, one block.
std::unique_ptr<PieceOwner> MakeTerminator();

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_ISO9660_H_
