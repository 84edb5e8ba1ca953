#include "authoring/author.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "authoring/blame.h"
#include "authoring/identity.h"
#include "authoring/manifest/check.h"
#include "authoring/options.h"
#include "authoring/pin_check.h"
#include "authoring/problem.h"
#include "boot/boot_info_table.h"
#include "layout/placement.h"
#include "layout/status.h"

namespace isomason {
// One run of the engine: the steps are the members of Run(), in order.
class Authoring {
 public:
  Authoring(const LoadedManifest& loaded, const std::string& source_root, Diagnostics* diagnostics)
      : loaded_(loaded), source_root_(source_root), diagnostics_(*diagnostics) {}

  absl::StatusOr<std::unique_ptr<Disc>> Run() {
    RETURN_IF_ERROR(ResolveTree());
    RETURN_IF_ERROR(PrepareBoot());
    RETURN_IF_ERROR(ProjectTree());
    RETURN_IF_ERROR(CollectPieces());
    ASSIGN_OR_RETURN(Addresses addresses, Place(disc_->pieces_, ShapeOf(manifest_)));
    disc_->image_ = std::make_unique<Image>(disc_->pieces_, disc_->contents_, std::move(addresses));
    for (auto& preparation : preparations_) disc_->image_->AddPreparation(std::move(preparation));
    return std::move(disc_);
  }

 private:
  // The manifest's entries become a tree; it is the same for every namespace. One that
  // lacks something goes on to the namespaces, which may find more to report.
  absl::Status ResolveTree() {
    if (!CheckManifest(loaded_, &diagnostics_)) return ProblemsFound();
    manifest_ = WithDefaults(loaded_.manifest);
    tree_is_whole_ = Resolve(loaded_, source_root_, VolumeTimeOf(manifest_), &disc_->contents_,
                             &disc_->resolved_, &diagnostics_);
    if (!tree_is_whole_) return absl::OkStatus();
    disc_->volume_ = MakeVolume(manifest_, disc_->resolved_, disc_->contents_);
    for (const Pin& pin : disc_->resolved_.pins) {
      preparations_.push_back(std::make_unique<PinCheck>(
          pin.content, pin.sha256,
          absl::StrCat(loaded_.Locate(pin.field).ToString(), ": ", pin.field)));
    }
    return absl::OkStatus();
  }

  // Boot images get the patches that they want, and the catalog its content.
  absl::Status PrepareBoot() {
    if (!tree_is_whole_ || manifest_.boot().entry_size() == 0) return absl::OkStatus();
    Tree& tree = disc_->resolved_.tree;
    // An image that several entries name is one file, with all that they want in it.
    std::map<InodeId, BootImagePatches> wanted;
    for (int i = 0; i < manifest_.boot().entry_size(); ++i) {
      const manifest::BootEntry& said = manifest_.boot().entry(i);
      BootImagePatches& patches = wanted[tree.inode_id(BootImage(i))];
      patches.boot_info_table |=
          said.boot_info_table() && CanPatch(i, "boot_info_table", {.boot_info_table = true});
      patches.grub2_boot_info |=
          said.grub2_boot_info() && CanPatch(i, "grub2_boot_info", {.grub2_boot_info = true});
    }
    BootCatalog catalog;
    for (int i = 0; i < manifest_.boot().entry_size(); ++i) {
      const manifest::BootEntry& said = manifest_.boot().entry(i);
      const NodeId node = BootImage(i);
      BootImagePatches& patches = wanted[tree.inode_id(node)];
      if (patches.boot_info_table || patches.grub2_boot_info) {
        ASSIGN_OR_RETURN(PatchedBootImage patched,
                         PatchBootImage(disc_->contents_, tree.inode(node).content, patches));
        tree.SetContent(tree.inode_id(node), patched.content);
        if (patched.preparation) preparations_.push_back(std::move(patched.preparation));
        patches = {};  // done
      }
      BootEntry entry;
      entry.platform = PlatformOf(said);
      entry.image = tree.inode(node).content;
      entry.load_sectors =
          said.has_load_sectors()
              ? static_cast<uint16_t>(said.load_sectors())
              : DefaultLoadSectors(entry.platform, ByteCount(disc_->contents_.size(entry.image)));
      entry.load_segment = static_cast<uint16_t>(said.load_segment());
      entry.id = said.id();
      catalog.entries.push_back(std::move(entry));
      if (const absl::Status fits = CheckCatalog(catalog); !fits.ok()) {
        RefuseBoot(absl::StrCat("boot.entry[", i, "]"), fits.message(),
                   "leave out entries; those of one platform and id that follow each other need "
                   "less room");
        return absl::OkStatus();
      }
    }
    disc_->boot_catalog_ = AddCatalog(disc_->contents_, std::move(catalog));
    disc_->boot_record_ = std::make_unique<BootRecord>(disc_->boot_catalog_);
    const NodeId shown = disc_->resolved_.boot_catalog;
    if (shown != kNoNode) tree.SetContent(tree.inode_id(shown), disc_->boot_catalog_);
    return absl::OkStatus();
  }

  // Whether the image of a boot entry has room for what the entry's field `name` wants.
  bool CanPatch(int i, absl::string_view name, const BootImagePatches& wanted) {
    const Tree& tree = disc_->resolved_.tree;
    const NodeId node = BootImage(i);
    const absl::Status room =
        CheckBootImage(ByteCount(disc_->contents_.size(tree.inode(node).content)), wanted);
    if (room.ok()) return true;
    RefuseBoot(
        absl::StrCat("boot.entry[", i, "].", name),
        absl::StrCat(Quote(tree.Path(node)), " ", room.message()),
        absl::StrCat("name the boot loader that wants it as `image`, or leave out `", name, "`"));
    return false;
  }

  void RefuseBoot(std::string field, absl::string_view message, absl::string_view remedy) {
    problems_.push_back({.field = std::move(field),
                         .where = "boot",
                         .message = std::string(message),
                         .remedy = std::string(remedy)});
  }

  NodeId BootImage(int entry) const {
    return disc_->resolved_.boot_images[static_cast<size_t>(entry)];
  }

  // Each namespace sees the tree in its own way.
  absl::Status ProjectTree() {
    const Tree& tree = disc_->resolved_.tree;
    const ContentTable& contents = disc_->contents_;
    const Volume& volume = disc_->volume_;
    Remarks* remarks = &disc_->remarks_;
    absl::Status status;
    const auto keep = [&status](auto made, auto& view) {
      status.Update(made.status());
      if (made.ok()) view = *std::move(made);
    };
    keep(Iso9660::Project(tree, contents, volume, Iso9660OptionsOf(manifest_), remarks, &problems_),
         disc_->iso9660_);
    if (manifest_.iso9660().has_joliet()) {
      keep(Iso9660::ProjectJoliet(tree, contents, volume, JolietOptionsOf(manifest_), remarks,
                                  &problems_),
           disc_->joliet_);
    }
    if (manifest_.has_udf()) {
      keep(Udf::Project(tree, contents, volume, UdfOptionsOf(manifest_), remarks, &problems_),
           disc_->udf_);
    }
    RETURN_IF_ERROR(ProblemsFound());
    return status;
  }

  // InvalidArgument when there are any so far; then all of them are diagnostics.
  absl::Status ProblemsFound() {
    if (!tree_is_whole_) {
      // What the volume says about itself may be about an entry that is missing.
      problems_.erase(std::remove_if(problems_.begin(), problems_.end(),
                                     [](const Problem& p) { return p.node == kNoNode; }),
                      problems_.end());
    }
    Blame(problems_, loaded_, disc_->resolved_, &diagnostics_);
    if (diagnostics_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("the manifest has problems");
  }

  // What no namespace owns is decided here: the order of the descriptors, what
  // comes before what, and that contents come last.
  absl::Status CollectPieces() {
    Pieces& pieces = disc_->pieces_;
    if (disc_->resolved_.system_area != kNoContent) {
      pieces.Fix(AddContent(disc_->resolved_.system_area), ByteCount(0));
    }

    std::vector<PieceId> descriptors;
    descriptors.push_back(disc_->iso9660_->AddVolumeDescriptor(pieces));
    if (disc_->boot_record_) descriptors.push_back(disc_->boot_record_->Add(pieces));
    if (disc_->joliet_) descriptors.push_back(disc_->joliet_->AddVolumeDescriptor(pieces));
    disc_->terminator_ = MakeTerminator();
    descriptors.push_back(pieces.Add(*disc_->terminator_, 0, ByteCount(kBlockSize)));
    if (disc_->udf_) {
      // Readers stop at the first block that they do not know, so UDF's recognition
      // sequence follows at once.
      for (const PieceId piece : disc_->udf_->AddRecognition(pieces)) descriptors.push_back(piece);
      disc_->udf_->AddVolumeStructures(pieces);
    }
    Block next(16);  // ECMA-119 6.2.1
    for (const PieceId descriptor : descriptors) {
      pieces.Fix(descriptor, ToBytes(next));
      next += Block(1);
    }

    // From here on everything flows. Directories come before what they name, for
    // readers that see the image as a stream; a UDF partition has to hold all contents.
    disc_->iso9660_->AddDirectories(pieces, &problems_);
    if (disc_->joliet_) {
      disc_->joliet_->ShareEmptyBlock(*disc_->iso9660_);
      disc_->joliet_->AddDirectories(pieces, &problems_);
    }
    if (disc_->udf_) RETURN_IF_ERROR(disc_->udf_->AddFileStructures(pieces));
    pieces.SetContentAlignment(FileAlignmentOf(manifest_));
    AddContents();
    return ProblemsFound();
  }

  // Every content once, in the order of the tree; a hidden boot catalog before all.
  void AddContents() {
    const Tree& tree = disc_->resolved_.tree;
    disc_->content_nodes_.assign(disc_->contents_.count(), kNoNode);
    if (disc_->boot_catalog_ != kNoContent) AddContent(disc_->boot_catalog_);
    for (NodeId n = 0; n < tree.node_count(); ++n) {
      const ContentId content = tree.inode(n).content;
      if (content == kNoContent) continue;
      NodeId& first = disc_->content_nodes_[static_cast<uint32_t>(content)];
      if (first != kNoNode) continue;
      first = n;
      if (content != disc_->boot_catalog_) AddContent(content);
    }
  }

  PieceId AddContent(ContentId content) {
    return disc_->pieces_.AddContent(content, ByteCount(disc_->contents_.size(content)));
  }

  const LoadedManifest& loaded_;
  const std::string& source_root_;
  Diagnostics& diagnostics_;
  manifest::Manifest manifest_;  // with defaults
  bool tree_is_whole_ = false;
  Problems problems_;
  std::vector<std::unique_ptr<Preparation>> preparations_;
  std::unique_ptr<Disc> disc_ = std::make_unique<Disc>();
};

std::string Disc::ContentName(ContentId content) const {
  const auto i = static_cast<uint32_t>(content);
  if (i < content_nodes_.size() && content_nodes_[i] != kNoNode) {
    return resolved_.tree.Path(content_nodes_[i]);
  }
  if (content == boot_catalog_) return "boot catalog";
  return "system area";
}

absl::StatusOr<std::unique_ptr<Disc>> Author(const LoadedManifest& loaded,
                                             const std::string& source_root,
                                             Diagnostics* diagnostics) {
  return Authoring(loaded, source_root, diagnostics).Run();
}

}  // namespace isomason
