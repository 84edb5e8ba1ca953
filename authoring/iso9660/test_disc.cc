#include "authoring/iso9660/test_disc.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "layout/placement.h"
#include "layout/status.h"

namespace isomason {

TestDisc::TestDisc() {
  volume.id = "TEST";
  volume.time = {1793491200, 0};  // 2026-11-01T00:00:00Z
  volume.creation = volume.time;
  volume.modification = {1793491200, 420000000};
  builder.inode(TreeBuilder::kRoot) = Attributes(NodeType::kDirectory, 0755);
}

Inode TestDisc::Attributes(NodeType type, uint16_t mode) const {
  Inode inode;
  inode.type = type;
  inode.mode = mode;
  inode.time = volume.time;
  return inode;
}

TreeBuilder::Draft TestDisc::ParentOf(absl::string_view path, absl::string_view* name) {
  const size_t slash = path.rfind('/');
  *name = slash == absl::string_view::npos ? path : path.substr(slash + 1);
  return slash == absl::string_view::npos ? TreeBuilder::kRoot
                                          : AddDirectory(path.substr(0, slash));
}

TreeBuilder::Draft TestDisc::Add(absl::string_view path, const Inode& inode) {
  absl::string_view name;
  const TreeBuilder::Draft parent = ParentOf(path, &name);
  return builder.Add(parent, name, inode, 0);
}

TreeBuilder::Draft TestDisc::AddDirectory(absl::string_view path) {
  absl::string_view name;
  const TreeBuilder::Draft parent = ParentOf(path, &name);
  const TreeBuilder::Draft there = builder.Find(parent, name);
  if (there != TreeBuilder::kNone) return there;
  return builder.Add(parent, name, Attributes(NodeType::kDirectory, 0755), 0);
}

TreeBuilder::Draft TestDisc::AddFile(absl::string_view path, std::string bytes) {
  Inode inode = Attributes(NodeType::kFile, 0644);
  if (!bytes.empty()) inode.content = contents.AddBytes(std::move(bytes));
  return Add(path, inode);
}

TreeBuilder::Draft TestDisc::AddZeros(absl::string_view path, uint64_t size) {
  Inode inode = Attributes(NodeType::kFile, 0644);
  inode.content = contents.AddZeros(size);
  return Add(path, inode);
}

TreeBuilder::Draft TestDisc::AddSymlink(absl::string_view path, std::string target) {
  Inode inode = Attributes(NodeType::kSymlink, 0777);
  inode.target = builder.AddTarget(std::move(target));
  return Add(path, inode);
}

TreeBuilder::Draft TestDisc::AddSpecial(absl::string_view path, NodeType type, uint32_t major,
                                        uint32_t minor) {
  Inode inode = Attributes(type, 0600);
  inode.device_major = major;
  inode.device_minor = minor;
  return Add(path, inode);
}

TreeBuilder::Draft TestDisc::AddLink(absl::string_view path, TreeBuilder::Draft other) {
  absl::string_view name;
  const TreeBuilder::Draft parent = ParentOf(path, &name);
  return builder.AddLink(parent, name, other, 0);
}

absl::Status TestDisc::Build(bool render) {
  tree = std::move(builder).Build();
  ASSIGN_OR_RETURN(primary, Iso9660::Project(tree, contents, volume, options, &remarks, &problems));
  if (joliet_options.has_value()) {
    ASSIGN_OR_RETURN(joliet, Iso9660::ProjectJoliet(tree, contents, volume, *joliet_options,
                                                    &remarks, &problems));
  }
  if (!problems.empty()) {
    const Problem& p = problems[0];
    return absl::InvalidArgumentError(p.node == kNoNode
                                          ? absl::StrCat(p.field, ": ", p.message)
                                          : absl::StrCat(tree.Path(p.node), " ", p.message));
  }
  terminator = MakeTerminator();
  std::vector<PieceId> descriptors = {primary->AddVolumeDescriptor(pieces)};
  if (joliet) descriptors.push_back(joliet->AddVolumeDescriptor(pieces));
  descriptors.push_back(pieces.Add(*terminator, 0, ByteCount(kBlockSize)));
  for (size_t i = 0; i < descriptors.size(); ++i) {
    pieces.Fix(descriptors[i], ToBytes(Block(16 + i)));
  }
  primary->AddDirectories(pieces, &problems);
  if (joliet) {
    joliet->ShareEmptyBlock(*primary);
    joliet->AddDirectories(pieces, &problems);
  }
  for (uint32_t i = 0; i < contents.count(); ++i) {
    const auto content = static_cast<ContentId>(i);
    pieces.AddContent(content, ByteCount(contents.size(content)));
  }
  Shape shape;
  shape.padding = ByteCount(20 * kBlockSize);
  shape.flow_start = ToBytes(Block(16));  // behind the system area
  ASSIGN_OR_RETURN(addresses, Place(pieces, shape));
  if (!render) return absl::OkStatus();

  image_.assign(addresses.image_size().value(), '\0');
  for (uint32_t i = 0; i < pieces.count(); ++i) {
    const auto id = static_cast<PieceId>(i);
    const PieceOwner* owner = pieces.owner(id);
    std::string bytes;
    if (owner != nullptr) {
      RETURN_IF_ERROR(owner->Render(pieces[id].index, addresses, bytes));
      if (bytes.size() != pieces[id].size.value()) {
        return absl::InternalError(owner->Describe(pieces[id].index) +
                                   " is not of the size that it was measured with");
      }
    } else {
      const auto content = static_cast<ContentId>(pieces[id].index);
      bytes.resize(contents.size(content));
      RETURN_IF_ERROR(contents.ReadUnpatched(
          content, 0, absl::Span<uint8_t>(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())));
    }
    image_.replace(addresses[id].value(), bytes.size(), bytes);
  }
  return absl::OkStatus();
}

std::string TestDisc::RenderPiece(absl::string_view description) const {
  std::string bytes;
  for (uint32_t i = 0; i < pieces.count(); ++i) {
    const auto id = static_cast<PieceId>(i);
    const PieceOwner* owner = pieces.owner(id);
    if (owner == nullptr || owner->Describe(pieces[id].index) != description) continue;
    if (!owner->Render(pieces[id].index, addresses, bytes).ok()) return "";
    return bytes;
  }
  return bytes;
}

}  // namespace isomason
