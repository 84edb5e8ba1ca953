#include "authoring/iso9660/projection.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "authoring/iso9660/enhanced_names.h"
#include "authoring/iso9660/path_table.h"
#include "authoring/iso9660/system_use.h"
#include "layout/status.h"

namespace isomason {
namespace {

// What a piece is, by its index.
enum : uint32_t {
  kDescriptorPiece,
  kLPathTablePiece,
  kMPathTablePiece,
  kLPathTableCopyPiece,
  kMPathTableCopyPiece,
  kEmptyPiece,
  kFirstDirectoryPiece,  // each directory has two: its extent, and the continuation area
};

uint32_t TypeBits(NodeType type) {
  switch (type) {
    case NodeType::kDirectory:
      return kModeDirectory;
    case NodeType::kFile:
      return kModeFile;
    case NodeType::kSymlink:
      return kModeSymlink;
    case NodeType::kBlockDevice:
      return kModeBlockDevice;
    case NodeType::kCharacterDevice:
      return kModeCharacterDevice;
    case NodeType::kFifo:
      return kModeFifo;
    case NodeType::kSocket:
      return kModeSocket;
  }
  return 0;
}

}  // namespace

PosixRecord PosixRecordOf(RockRidgeForm form, const Tree& tree, const CreationTimes* created,
                          NodeId node, uint32_t links) {
  const Inode& inode = tree.inode(node);
  PosixRecord r;
  r.form = form;
  r.attributes.mode = TypeBits(inode.type) | inode.mode;
  r.attributes.links = links;
  r.attributes.owner = inode.owner;
  r.attributes.group = inode.group;
  r.attributes.serial = tree.inode_id(node) + 1;
  r.is_device = inode.type == NodeType::kBlockDevice || inode.type == NodeType::kCharacterDevice;
  if (r.is_device) r.device = {inode.device_major, inode.device_minor};
  if (inode.type == NodeType::kSymlink) r.target = tree.target(inode);
  const Timestamp* const time = created == nullptr ? nullptr : created->Find(tree.inode_id(node));
  if (time != nullptr) r.created = ToCheckedRecordingDate(*time);
  return r;
}

class Iso9660Projection::Dates {
 public:
  const RecordingDate& Of(const Inode& inode) {
    if (inode.time.seconds != seconds_) {
      seconds_ = inode.time.seconds;
      date_ = ToCheckedRecordingDate(inode.time);
    }
    return date_;
  }

 private:
  int64_t seconds_ = std::numeric_limits<int64_t>::min();
  RecordingDate date_{};
};

void Iso9660Projection::Hide(const Hiding* hiding, Namespace where) {
  namespace_ = where;
  if (hiding == nullptr || hiding->empty()) return;
  hiding_ = hiding;
  for (NodeId n = 1; n < tree_.node_count(); ++n) {
    if (hiding->Hides(n, where)) hierarchy_.Omit(n);
  }
}

PieceId Iso9660Projection::AddVolumeDescriptor(Pieces& pieces) {
  return pieces.Add(*this, kDescriptorPiece, ByteCount(kPrimaryDescriptor.kBytes));
}

void Iso9660Projection::ShareEmptyBlock(const Iso9660& other) {
  const auto& projection = static_cast<const Iso9660Projection&>(other);
  if (projection.empty_block_ != kNoPiece) empty_block_owner_ = &projection;
}

// Whether some entry has no data of its own.
bool Iso9660Projection::NeedsEmptyBlock() const {
  for (NodeId n = 1; n < tree_.node_count(); ++n) {
    if (hierarchy_.Shows(n) && !hierarchy_.ShowsDirectory(n) &&
        SizeOf(tree_.inode(hierarchy_.Target(n))) == 0) {
      return true;
    }
  }
  return false;
}

void Iso9660Projection::AddDirectories(Pieces& pieces, DirectoryOrder order, Problems* problems) {
  std::string scratch;
  RenderPathTable(true, Addresses::Unknown(), scratch);
  path_table_size_ = static_cast<uint32_t>(scratch.size());
  const ByteCount table_size(scratch.size());
  l_path_table_ = pieces.Add(*this, kLPathTablePiece, table_size);
  m_path_table_ = pieces.Add(*this, kMPathTablePiece, table_size);

  const auto count = static_cast<uint32_t>(hierarchy_.directories().size());
  places_.assign(count, Place());
  std::string continuation;
  for (const uint32_t i : hierarchy_.Ordered(order == DirectoryOrder::kDepthFirst)) {
    scratch.clear();
    continuation.clear();
    RenderDirectory(i, Addresses::Unknown(), scratch, continuation);
    if (scratch.size() > kLargestSection) {
      const NodeId node = hierarchy_.directories()[i].node;
      problems->push_back({.node = node == kNoNode ? tree_.root() : node,
                           .where = std::string(owner_name()),
                           .message = absl::StrCat("needs ", scratch.size(),
                                                   " bytes for its entries; a directory is one "
                                                   "section of less than 4 GiB (ECMA-119 6.8.1)"),
                           .remedy = "divide the directory"});
      continue;
    }
    const uint32_t index = kFirstDirectoryPiece + 2 * i;
    places_[i].directory = pieces.Add(*this, index, ByteCount(scratch.size()));
    if (!continuation.empty()) {
      places_[i].continuation = pieces.Add(*this, index + 1, ByteCount(continuation.size()));
      // libarchive reads an area only when it comes by it right behind the directory.
      pieces.Adjoin(places_[i].continuation);
    }
    places_[i].size = static_cast<uint32_t>(scratch.size());
  }
  if (copies_path_tables_) {
    // Away from the first ones, which is what they are there for (6.9.2).
    l_path_table_copy_ = pieces.Add(*this, kLPathTableCopyPiece, table_size);
    m_path_table_copy_ = pieces.Add(*this, kMPathTableCopyPiece, table_size);
  }
  if (empty_block_owner_ == this && NeedsEmptyBlock()) {
    empty_block_ = pieces.Add(*this, kEmptyPiece, ByteCount(kBlockSize));
  }
}

absl::string_view Iso9660Projection::owner_name() const {
  switch (kind_) {
    case Kind::kJoliet:
      return "joliet";
    case Kind::kEnhanced:
      return kEnhancedName;
    default:
      return "iso9660";
  }
}

std::string Iso9660Projection::Describe(uint32_t index) const {
  const absl::string_view kind = kind_ == Kind::kJoliet     ? "joliet "
                                 : kind_ == Kind::kEnhanced ? "enhanced "
                                                            : "";
  const std::string prefix = absl::StrCat(extent_.start == Block() ? "" : "partition's ", kind);
  switch (index) {
    case kDescriptorPiece:
      return absl::StrCat(prefix, kind.empty() ? "primary " : "", "volume descriptor");
    case kLPathTablePiece:
      return absl::StrCat(prefix, "path table, L");
    case kMPathTablePiece:
      return absl::StrCat(prefix, "path table, M");
    case kLPathTableCopyPiece:
      return absl::StrCat(prefix, "path table, L, again");
    case kMPathTableCopyPiece:
      return absl::StrCat(prefix, "path table, M, again");
    case kEmptyPiece:
      return absl::StrCat(prefix, "block of empty files");
    default:
      break;
  }
  const uint32_t i = (index - kFirstDirectoryPiece) / 2;
  const bool directory = (index - kFirstDirectoryPiece) % 2 == 0;
  return absl::StrCat(prefix, directory ? "directory " : "continuation area of ",
                      hierarchy_.Path(i));
}

absl::Status Iso9660Projection::Render(uint32_t index, const Addresses& at,
                                       std::string& out) const {
  switch (index) {
    case kDescriptorPiece:
      RenderDescriptor(at, out);
      return absl::OkStatus();
    case kLPathTablePiece:
    case kMPathTablePiece:
    case kLPathTableCopyPiece:
    case kMPathTableCopyPiece:
      RenderPathTable(index == kLPathTablePiece || index == kLPathTableCopyPiece, at, out);
      return absl::OkStatus();
    case kEmptyPiece:
      out.append(kBlockSize, '\0');
      return absl::OkStatus();
    default:
      break;
  }
  const uint32_t i = (index - kFirstDirectoryPiece) / 2;
  std::string other;
  if ((index - kFirstDirectoryPiece) % 2 == 0) {
    out.reserve(out.size() + places_[i].size);
    RenderDirectory(i, at, out, other);
  } else {
    RenderDirectory(i, at, other, out);
  }
  return absl::OkStatus();
}

DirectoryWriter::Record Iso9660Projection::DirectoryRecordOf(uint32_t i, const Addresses& at,
                                                             Dates& dates) const {
  DirectoryWriter::Record r;
  r.identifier = kSelfIdentifier;
  r.extent = DirectoryBlock(at, i);
  r.data_length = places_[i].size;
  r.date = dates.Of(DirectoryInode(i));
  r.flags = kDirectoryFlag;
  return r;
}

PosixRecord Iso9660Projection::PosixDirectory(uint32_t i, Dates& dates) const {
  const Hierarchy::Directory& d = hierarchy_.directories()[i];
  uint32_t links = 2 + d.subdirectories;
  // The root does not count what it hides.
  if (i == 0 && hides_relocation_directory_ && hierarchy_.made_relocation_directory()) --links;
  const bool made = d.node == kNoNode;  // the relocation directory
  PosixRecord posix =
      PosixRecordOf(form_, tree_, made ? nullptr : created_, made ? tree_.root() : d.node, links);
  if (made) posix.attributes.serial = tree_.inode_count() + 1;
  posix.time = dates.Of(DirectoryInode(i));
  return posix;
}

void Iso9660Projection::SetCompression(ContentId content, PosixRecord& posix) const {
  if (compressed_ == nullptr || compressed_->empty()) return;
  const auto it = compressed_->find(content);
  if (it == compressed_->end()) return;
  posix.zisofs_version = it->second.form.version;
  posix.zisofs = {static_cast<uint8_t>(it->second.form.block_shift), it->second.size};
}

absl::string_view Iso9660Projection::SystemUseOf(NodeId node) const {
  if (system_uses_ == nullptr || node == kNoNode) return "";
  const auto it = system_uses_->find(node);
  return it == system_uses_->end() ? "" : absl::string_view(it->second.bytes);
}

void Iso9660Projection::MakeSystemUse(const Inode& inode, NodeId node, std::string& out) const {
  out.clear();
  if (xa_) Append(kXaAttributes, XaAttributesOf(inode), out);
  if (kind_ != Kind::kRockRidge) absl::StrAppend(&out, SystemUseOf(node));
}

void Iso9660Projection::RenderDescriptor(const Addresses& at, std::string& out) const {
  VolumeDescriptor d = descriptor_;
  if (media_check_ != nullptr) {
    std::copy(media_check_->begin(), media_check_->end(), d.application_use.begin());
  }
  const Block end = BlockAt(extent_.end == nullptr ? at.image_size() : extent_.end(at));
  d.space_size = end < extent_.start ? 0 : static_cast<uint32_t>((end - extent_.start).value());
  d.path_table_size = path_table_size_;
  d.l_path_table = BlockOf(at, l_path_table_);
  d.m_path_table = BlockOf(at, m_path_table_);
  if (l_path_table_copy_ != kNoPiece) {
    d.l_path_table_copy = BlockOf(at, l_path_table_copy_);
    d.m_path_table_copy = BlockOf(at, m_path_table_copy_);
  }

  Dates dates;
  std::string root;
  DirectoryWriter writer(Block(), root);
  writer.Add(DirectoryRecordOf(0, at, dates), nullptr);
  std::copy(root.begin(), root.end(), d.root.begin());

  switch (kind_) {
    case Kind::kJoliet:
      Append(kSupplementaryDescriptor, d, out);
      break;
    case Kind::kEnhanced:
      Append(kEnhancedDescriptor, d, out);
      break;
    default:
      Append(kPrimaryDescriptor, d, out);
  }
}

void Iso9660Projection::RenderPathTable(bool little, const Addresses& at, std::string& out) const {
  AppendPathTable(
      hierarchy_, little ? PathTableType::kL : PathTableType::kM,
      [&](uint32_t i) { return places_.empty() ? 0 : DirectoryBlock(at, i); }, out);
}

void Iso9660Projection::RenderDirectory(uint32_t i, const Addresses& at, std::string& out,
                                        std::string& continuation) const {
  const bool rock_ridge = kind_ == Kind::kRockRidge;
  const std::vector<Hierarchy::Directory>& directories = hierarchy_.directories();
  const Hierarchy::Directory& d = directories[i];
  const PieceId empty = empty_block_owner_->empty_block_;
  const uint32_t empty_block = empty == kNoPiece ? 0 : BlockOf(at, empty);
  Dates dates;
  DirectoryWriter writer(
      places_[i].continuation == kNoPiece ? Block() : Block(BlockOf(at, places_[i].continuation)),
      out);

  std::string system_use;
  // Adds the record of directory `number` under `identifier`, which is the name of `named`;
  // with Rock Ridge, `posix` is what it says.
  const auto add_directory = [&](uint32_t number, absl::string_view identifier,
                                 const PosixRecord& posix, NodeId named) {
    DirectoryWriter::Record r = DirectoryRecordOf(number, at, dates);
    r.identifier = identifier;
    r.flags |= ExistenceFlag(named);
    MakeSystemUse(DirectoryInode(number), named, system_use);
    r.system_use = system_use;
    writer.Add(r, rock_ridge ? &posix : nullptr);
  };
  // A directory is named in its parent, in itself, and in each subdirectory.
  PosixRecord posix = PosixDirectory(i, dates);
  posix.is_root = i == 0;
  add_directory(i, kSelfIdentifier, posix, kNoNode);
  const bool relocated = hierarchy_.IsMoved(d.name);
  const uint32_t true_parent = relocated ? hierarchy_.ParentOf(d.node) : d.parent;
  posix = PosixDirectory(true_parent, dates);
  if (relocated) {
    posix.relocation = PosixRecord::Relocation::kParentLink;
    posix.link = DirectoryBlock(at, true_parent);
  }
  add_directory(d.parent, kParentIdentifier, posix, kNoNode);

  uint32_t next_child = d.first_child;
  std::string identifier;
  for (const EntryId entry : hierarchy_.entries(d)) {
    identifier.clear();
    hierarchy_.AppendRecorded(entry, identifier);
    if (hierarchy_.ShowsDirectory(entry)) {
      const uint32_t number = next_child++;
      posix = PosixDirectory(number, dates);
      posix.name = hierarchy_.Name(entry);
      // By its definition RE marks what is relocated; on what holds it, it hides that.
      const bool hidden = hides_relocation_directory_ && directories[number].node == kNoNode;
      if (hidden || hierarchy_.IsMoved(entry)) {
        posix.relocation = PosixRecord::Relocation::kRelocated;
      }
      posix.others = SystemUseOf(hierarchy_.NodeOf(entry));
      add_directory(number, identifier, posix, hierarchy_.NodeOf(entry));
      continue;
    }
    const NodeId target = hierarchy_.Target(entry);
    const Inode& inode = tree_.inode(target);
    const uint64_t size = SizeOf(inode);
    DirectoryWriter::Record r;
    r.identifier = identifier;
    // What has no data points to a block that nothing else owns: libarchive wants a
    // block inside the volume even then, and takes two entries with one block for
    // two names of one file. A neighbour's block would be that neighbour.
    r.extent = size == 0 ? empty_block : BlockOf(at, inode.content);
    r.data_length = 0;
    r.date = dates.Of(inode);
    r.flags = ExistenceFlag(hierarchy_.NodeOf(entry));
    MakeSystemUse(inode, entry, system_use);
    r.system_use = system_use;
    if (!rock_ridge) {
      writer.AddFile(r, size, nullptr);
      continue;
    }
    if (inode.type == NodeType::kDirectory) {
      const uint32_t place = hierarchy_.PlaceOf(entry);
      posix = PosixDirectory(place, dates);
      posix.relocation = PosixRecord::Relocation::kChildLink;
      posix.link = DirectoryBlock(at, place);
    } else {
      posix = PosixRecordOf(form_, tree_, created_, target, LinksOf(tree_.inode_id(target)));
      posix.time = r.date;
      SetCompression(inode.content, posix);
    }
    posix.name = tree_.name(entry);
    posix.others = SystemUseOf(entry);
    writer.AddFile(r, size, &posix);
  }
  writer.Finish();
  continuation.append(writer.continuation());
}

void Iso9660Projection::VisitContents(absl::FunctionRef<void(ContentId)> visit) const {
  for (const Hierarchy::Directory& d : hierarchy_.directories()) {
    for (const EntryId entry : hierarchy_.entries(d)) {
      if (hierarchy_.ShowsDirectory(entry)) continue;
      const ContentId content = tree_.inode(hierarchy_.Target(entry)).content;
      if (content != kNoContent) visit(content);
    }
  }
}

}  // namespace isomason
