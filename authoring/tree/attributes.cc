#include "authoring/tree/attributes.h"

#include "absl/status/statusor.h"

namespace isomason {

AttributePolicy::AttributePolicy(const manifest::Manifest& manifest, Timestamp volume_time) {
  base_.time = volume_time;
  Lay(Read(manifest.attributes()), /*narrow=*/false, base_);
  for (const manifest::AttributeRule& rule : manifest.attribute_rule()) {
    absl::StatusOr<Glob> glob = Glob::Compile(rule.match());
    if (glob.ok()) rules_.emplace_back(*std::move(glob), Read(rule.attributes()));
  }
}

AttributePolicy::Layer AttributePolicy::Read(const manifest::Attributes& attributes) {
  Layer layer;
  if (attributes.has_owner()) layer.owner = attributes.owner();
  if (attributes.has_group()) layer.group = attributes.group();
  if (attributes.has_file_mode()) layer.file_mode = attributes.file_mode();
  if (attributes.has_directory_mode()) layer.directory_mode = attributes.directory_mode();
  if (attributes.has_time()) {
    absl::StatusOr<Timestamp> time = ParseTimestamp(attributes.time());
    if (time.ok()) layer.time = *time;
  }
  for (const int keep : attributes.keep()) {
    layer.keep_mode |= keep == manifest::MODE;
    layer.keep_owner |= keep == manifest::OWNER;
    layer.keep_time |= keep == manifest::TIME;
    layer.keep_nothing |= keep == manifest::KEEP_NOTHING;
  }
  return layer;
}

void AttributePolicy::Lay(const Layer& layer, bool narrow, Effective& e) {
  if (layer.keep_nothing) {
    e.keep_file_mode = e.keep_directory_mode = e.keep_owner = e.keep_group = e.keep_time = false;
  }
  if (layer.owner) {
    e.owner = *layer.owner;
    e.keep_owner = false;
  }
  if (layer.group) {
    e.group = *layer.group;
    e.keep_group = false;
  }
  if (layer.file_mode) {
    e.file_mode = *layer.file_mode;
    e.keep_file_mode = false;
    e.exact_file_mode |= narrow;
  }
  if (layer.directory_mode) {
    e.directory_mode = *layer.directory_mode;
    e.keep_directory_mode = false;
  }
  if (layer.time) {
    e.time = *layer.time;
    e.keep_time = false;
  }
  if (layer.keep_mode) e.keep_file_mode = e.keep_directory_mode = true;
  if (layer.keep_owner) e.keep_owner = e.keep_group = true;
  if (layer.keep_time) e.keep_time = true;
}

void AttributePolicy::Apply(absl::string_view path, const manifest::Attributes& entry,
                            const struct stat* source, Inode& inode) const {
  Effective e = base_;
  for (const auto& [glob, layer] : rules_) {
    if (glob.Matches(path)) Lay(layer, /*narrow=*/true, e);
  }
  Lay(Read(entry), /*narrow=*/true, e);

  const bool directory = inode.type == NodeType::kDirectory;
  uint32_t mode = directory ? e.directory_mode : e.file_mode;
  if (source != nullptr && inode.type == NodeType::kFile && !e.exact_file_mode &&
      (source->st_mode & S_IXUSR) != 0) {
    mode |= (mode & 0444) >> 2;
  }
  const bool keep_mode = directory ? e.keep_directory_mode : e.keep_file_mode;
  if (source != nullptr && keep_mode) mode = source->st_mode & 07777;
  // Nobody asks a symlink for its mode; 0777 is what POSIX systems show.
  inode.mode = static_cast<uint16_t>(inode.type == NodeType::kSymlink ? 0777 : mode);

  inode.owner = source != nullptr && e.keep_owner ? source->st_uid : e.owner;
  inode.group = source != nullptr && e.keep_group ? source->st_gid : e.group;
  inode.time = e.time;
  if (source != nullptr && e.keep_time) {
    inode.time = {source->st_mtim.tv_sec, static_cast<uint32_t>(source->st_mtim.tv_nsec)};
  }
}

}  // namespace isomason
