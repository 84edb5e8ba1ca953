// -----------------------------------------------------------------------------
// File: authoring/iso9660/projection.h
// -----------------------------------------------------------------------------
//
// What Iso9660::Project() and ProjectJoliet() return: a hierarchy, what its volume
// descriptor says, and the pieces that are made from them.
//
#ifndef ISOMASON_AUTHORING_ISO9660_PROJECTION_H_
#define ISOMASON_AUTHORING_ISO9660_PROJECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/directory.h"
#include "authoring/iso9660/hierarchy.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/iso9660/namer.h"
#include "authoring/iso9660/records.h"
#include "authoring/iso9660/rock_ridge.h"
#include "authoring/tree/creation_times.h"
#include "authoring/tree/system_use.h"

namespace isomason {

// What Rock Ridge says about an entry of the tree that is no directory or, for one,
// with `links` instead of the inode's own count. The time is the caller's to set.
// `created` may be null.
PosixRecord PosixRecordOf(RockRidgeForm form, const Tree& tree, const CreationTimes* created,
                          NodeId node, uint32_t links);

class Iso9660Projection : public Iso9660 {
 public:
  enum class Kind { kPrimary, kRockRidge, kJoliet, kEnhanced };

  Iso9660Projection(Kind kind, const Tree& tree, const ContentTable& contents,
                    std::unique_ptr<Namer> namer)
      : kind_(kind),
        tree_(tree),
        contents_(contents),
        namer_(std::move(namer)),
        hierarchy_(tree, *namer_) {}

  // While it is being made.
  Hierarchy& hierarchy() { return hierarchy_; }
  // Before all else: leaves out and marks what `hiding` says of the namespace. It
  // outlives this, or is null.
  void Hide(const Hiding* hiding, Namespace where);
  void set_descriptor(const VolumeDescriptor& d) { descriptor_ = d; }
  void set_media_check(std::shared_ptr<const std::string> text) { media_check_ = std::move(text); }
  void set_rock_ridge_form(RockRidgeForm form) { form_ = form; }
  void set_hides_relocation_directory(bool hides) { hides_relocation_directory_ = hides; }
  // The system use of XA, and that of entries; `uses` outlives the projection.
  void set_system_use(bool xa, const SystemUses* uses) {
    xa_ = xa;
    system_uses_ = uses;
  }
  // Outlives the projection.
  void set_compressed(const CompressedContents* compressed) { compressed_ = compressed; }
  // Outlives the projection.
  void set_created(const CreationTimes* created) { created_ = created; }
  void set_copies_path_tables(bool copies) { copies_path_tables_ = copies; }
  void set_extent(VolumeExtent extent) { extent_ = std::move(extent); }

  PieceId AddVolumeDescriptor(Pieces& pieces) override;
  using Iso9660::AddDirectories;
  void AddDirectories(Pieces& pieces, DirectoryOrder order, Problems* problems) override;
  void ShareEmptyBlock(const Iso9660& other) override;
  std::string NameOf(NodeId node) const override { return hierarchy_.Shown(node); }
  void VisitContents(absl::FunctionRef<void(ContentId)> visit) const override;

  absl::string_view owner_name() const override;
  std::string Describe(uint32_t index) const override;
  absl::Status Render(uint32_t index, const Addresses& at, std::string& out) const override;

 private:
  // Where a directory lies, and how large it is.
  struct Place {
    PieceId directory = kNoPiece;
    PieceId continuation = kNoPiece;
    uint32_t size = 0;
  };
  // Makes dates one after another, many of them equal.
  class Dates;

  uint64_t SizeOf(const Inode& inode) const {
    return inode.content == kNoContent ? 0 : contents_.size(inode.content);
  }
  bool NeedsEmptyBlock() const;
  // ECMA-119 9.1.6: whether the user need not be told of the entry. The relocation
  // directory may have no node, and has no mark then.
  uint8_t ExistenceFlag(NodeId node) const {
    return hiding_ != nullptr && node != kNoNode && hiding_->Marks(node, namespace_) ? kHiddenFlag
                                                                                     : 0;
  }
  // How many names of an inode there are in this namespace.
  uint32_t LinksOf(InodeId inode) const {
    return hiding_ == nullptr ? tree_.inode_at(inode).links
                              : hiding_->Names(tree_, inode, namespace_);
  }
  // The inode with the attributes of directory `i`: its own, or for a relocation directory
  // that the tree does not have, the root's.
  const Inode& DirectoryInode(uint32_t i) const {
    const NodeId node = hierarchy_.directories()[i].node;
    return tree_.inode(node == kNoNode ? tree_.root() : node);
  }
  // What Rock Ridge says about directory `i`, but for its name.
  PosixRecord PosixDirectory(uint32_t i, Dates& dates) const;
  // Where a piece or a content lies in the volume; 0 while that is not known.
  template <typename Id>
  uint32_t BlockOf(const Addresses& at, Id id) const {
    const Block block = at.block(id);
    return block < extent_.start ? 0 : static_cast<uint32_t>((block - extent_.start).value());
  }
  uint32_t DirectoryBlock(const Addresses& at, uint32_t i) const {
    return BlockOf(at, places_[i].directory);
  }
  // The record of directory `i` in itself, its parent or a child, but for the
  // identifier.
  DirectoryWriter::Record DirectoryRecordOf(uint32_t i, const Addresses& at, Dates& dates) const;

  // Says in a file's record that its content is compressed, where it is.
  void SetCompression(ContentId content, PosixRecord& posix) const;

  // What the manifest gives for the record that names `node`, empty for most.
  absl::string_view SystemUseOf(NodeId node) const;
  // Makes what stands in front of Rock Ridge in a record of `inode`: in that which names
  // `node`, or kNoNode for those of a directory in itself and in its children.
  void MakeSystemUse(const Inode& inode, NodeId node, std::string& out) const;

  void RenderDescriptor(const Addresses& at, std::string& out) const;
  void RenderPathTable(bool little, const Addresses& at, std::string& out) const;
  // Appends the extent of a directory, and to `continuation` what lies behind it.
  void RenderDirectory(uint32_t i, const Addresses& at, std::string& out,
                       std::string& continuation) const;

  const Kind kind_;
  const Tree& tree_;
  const ContentTable& contents_;
  const std::unique_ptr<Namer> namer_;
  Hierarchy hierarchy_;
  const Hiding* hiding_ = nullptr;
  Namespace namespace_ = Namespace::kIso9660;
  VolumeDescriptor descriptor_;
  std::shared_ptr<const std::string> media_check_;  // see Volume
  RockRidgeForm form_;
  bool hides_relocation_directory_ = false;
  bool copies_path_tables_ = false;
  bool xa_ = false;
  const SystemUses* system_uses_ = nullptr;
  const CompressedContents* compressed_ = nullptr;
  const CreationTimes* created_ = nullptr;
  VolumeExtent extent_;

  uint32_t path_table_size_ = 0;
  PieceId l_path_table_ = kNoPiece;
  PieceId m_path_table_ = kNoPiece;
  PieceId l_path_table_copy_ = kNoPiece;
  PieceId m_path_table_copy_ = kNoPiece;
  std::vector<Place> places_;  // by directory
  PieceId empty_block_ = kNoPiece;
  const Iso9660Projection* empty_block_owner_ = this;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_PROJECTION_H_
