#include "authoring/tree/tree_draft.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "authoring/tree/normal_names.h"
#include "authoring/tree/resolve.h"

namespace isomason {

std::string EntryField(uint32_t i, absl::string_view field) {
  return absl::StrCat("entry[", i, "].", field);
}

NodeType NodeTypeOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return NodeType::kDirectory;
    case S_IFLNK:
      return NodeType::kSymlink;
    case S_IFBLK:
      return NodeType::kBlockDevice;
    case S_IFCHR:
      return NodeType::kCharacterDevice;
    case S_IFIFO:
      return NodeType::kFifo;
    case S_IFSOCK:
      return NodeType::kSocket;
    default:
      return NodeType::kFile;
  }
}

TreeDraft::TreeDraft(const LoadedManifest& loaded, Timestamp volume_time, Remarks* remarks,
                     Diagnostics* diagnostics)
    : loaded_(loaded),
      policy_(loaded.manifest, volume_time),
      form_(NormalFormOf(loaded.manifest)),
      remarks_(*remarks),
      diagnostics_(*diagnostics) {
  policy_.Apply("", {}, nullptr, tree_.inode(TreeBuilder::kRoot));
  tree_.set_origin(TreeBuilder::kRoot, kNoOrigin);
}

// "rescue.textproto:12", for the entry that a node came from.
std::string TreeDraft::OriginOf(Draft d) const {
  const uint32_t origin = tree_.origin(d);
  return loaded_
      .Locate(origin == kBootOrigin        ? "boot.catalog"
              : origin == kStubOrigin      ? "udf.bridge"
              : origin >= kPartitionOrigin ? PartitionImageField(origin)
                                           : EntryField(origin, "path"))
      .FileAndLine();
}

bool TreeDraft::IsLost(absl::string_view path) const {
  if (lost_.empty()) return false;
  for (; !path.empty(); path = path.substr(0, path.rfind('/'))) {
    if (lost_.contains(path)) return true;
  }
  return lost_.contains("/");
}

// Makes a directory for something below it to stand in, or finds it.
std::optional<TreeDraft::Draft> TreeDraft::MakeDirectory(Draft parent, absl::string_view name,
                                                         absl::string_view path, uint32_t i,
                                                         const std::string& field) {
  const Draft d = tree_.Find(parent, name);
  if (d == TreeBuilder::kNone) {
    Inode inode;
    inode.type = NodeType::kDirectory;
    policy_.Apply(absl::StripPrefix(path, "/"), {}, nullptr, inode);
    return tree_.Add(parent, name, inode, i);
  }
  if (tree_.inode(d).type == NodeType::kDirectory) return d;
  Problem(field,
          absl::StrCat(Quote(path), " is not a directory but comes as something else from ",
                       OriginOf(d)),
          "put this entry elsewhere, or remove the other");
  return std::nullopt;
}

std::optional<std::pair<TreeDraft::Draft, std::string>> TreeDraft::MakeParents(
    absl::string_view path, uint32_t i, const std::string& field) {
  Draft directory = TreeBuilder::kRoot;
  size_t done = 0;  // of the path, up to the end of a component
  while (true) {
    const size_t end = path.find('/', done + 1);
    if (end == absl::string_view::npos) break;
    const auto next = MakeDirectory(directory, path.substr(done + 1, end - done - 1),
                                    path.substr(0, end), i, field);
    if (!next) return std::nullopt;
    directory = *next;
    done = end;
  }
  return std::pair(directory, std::string(path.substr(done + 1)));
}

std::optional<TreeDraft::Draft> TreeDraft::PutAt(absl::string_view path, const Inode& inode,
                                                 uint32_t i, const std::string& field) {
  if (path.empty() || path == "/") {
    tree_.inode(TreeBuilder::kRoot) = inode;
    tree_.set_origin(TreeBuilder::kRoot, i);
    return TreeBuilder::kRoot;
  }
  std::optional<Draft> draft;
  if (const auto parent = MakeParents(path, i, field)) {
    draft = Put(parent->first, parent->second, path, inode, i, field);
  }
  if (!draft) Lose(path);
  return draft;
}

std::optional<TreeDraft::Draft> TreeDraft::Put(Draft directory, absl::string_view name,
                                               absl::string_view path, const Inode& inode,
                                               uint32_t i, const std::string& field) {
  const Draft there = tree_.Find(directory, name);
  if (there != TreeBuilder::kNone) {
    if (inode.type == NodeType::kDirectory && tree_.inode(there).type == NodeType::kDirectory) {
      tree_.inode(there) = inode;
      tree_.set_origin(there, i);
      return there;
    }
    if (!Replace(there, path, i, field)) return std::nullopt;
  }
  return tree_.Add(directory, name, inode, i);
}

bool TreeDraft::PutLink(Draft directory, absl::string_view name, absl::string_view path,
                        Draft target, uint32_t i, const std::string& field) {
  const Draft there = tree_.Find(directory, name);
  if (there != TreeBuilder::kNone && !Replace(there, path, i, field)) return false;
  tree_.AddLink(directory, name, target, i);
  return true;
}

bool TreeDraft::Replace(Draft there, absl::string_view path, uint32_t i, const std::string& field) {
  const bool is_entry = i < kPartitionOrigin;
  if (is_entry && loaded_.manifest.entry(static_cast<int>(i)).overlay()) {
    tree_.Remove(there);
    return true;
  }
  Problem(field, absl::StrCat(Quote(path), " is in the image already, from ", OriginOf(there)),
          is_entry           ? kOverlayRemedy
          : i == kBootOrigin ? "give the catalog another path"
                             : "give it another path");
  return false;
}

bool TreeDraft::NormalizeFound(const std::string& field, absl::flat_hash_set<std::string>& taken,
                               std::string& path) {
  if (!form_) return true;
  const std::string before = std::exchange(path, Normalize(path, *form_));
  if (!taken.insert(path).second) {
    Problem(field,
            absl::StrCat(Quote(before), " and another name of the source become one, ", Quote(path),
                         ", in the normal form that `names` asks for"),
            "rename one of the two, or leave one out with `exclude`");
    return false;
  }
  if (path.substr(path.rfind('/')) != before.substr(before.rfind('/'))) {
    remarks_.push_back({Remark::Kind::kChangedName, "names", before, path});
  }
  return true;
}

uint32_t TreeDraft::AddFoundTarget(absl::string_view path, const std::string& found) {
  std::string target = form_ ? Normalize(found, *form_) : found;
  if (target != found) {
    remarks_.push_back({Remark::Kind::kChangedTarget, "names", std::string(path), target});
  }
  return tree_.AddTarget(std::move(target));
}

}  // namespace isomason
