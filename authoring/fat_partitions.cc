#include "authoring/fat_partitions.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/options.h"
#include "authoring/timestamp.h"
#include "boot/fat/fat_content.h"
#include "boot/fat/names.h"
#include "boot/fat/time.h"
#include "boot/fat/volume.h"

namespace isomason {
namespace {

std::string FieldOf(int i) { return absl::StrCat("boot.partition[", i, "].fat"); }

std::string PartitionName(const manifest::Manifest& m, int i) {
  return absl::StrCat("partition ", NumberOf(m.boot(), i));
}

absl::string_view LastName(absl::string_view path) { return path.substr(path.rfind('/') + 1); }

// Lays out one volume.
class Planner {
 public:
  Planner(const manifest::Manifest& manifest, int partition, const ContentTable& contents,
          const Resolved& resolved, Remarks* remarks, Problems* problems)
      : manifest_(manifest),
        index_(partition),
        fat_(manifest.boot().partition(partition).fat()),
        partition_(PartitionName(manifest, partition)),
        contents_(contents),
        tree_(resolved.tree),
        names_(resolved.partitions[static_cast<size_t>(partition)].names),
        remarks_(*remarks),
        problems_(*problems) {}

  std::shared_ptr<const FatVolume> Run() {
    const size_t before = problems_.size();
    std::vector<FatEntry> entries;
    for (const FatName& name : names_) entries.push_back(EntryOf(name));
    ReportTimes();
    if (problems_.size() > before) return nullptr;
    const FatOptions options = OptionsOf();
    auto planned = FatVolume::Plan(options, entries);
    if (!planned.ok()) {
      Refuse(planned.status());
      return nullptr;
    }
    return std::make_shared<const FatVolume>(*std::move(planned));
  }

 private:
  FatEntry EntryOf(const FatName& name) {
    const Inode& inode = tree_.inode(name.node);
    if (const auto fits = ToFatName(LastName(name.path)); !fits.ok()) {
      Refuse(name.node, fits.status().message());
    }
    FatEntry entry{.path = name.path, .directory = inode.type == NodeType::kDirectory};
    if (!entry.directory && inode.content != kNoContent) {
      entry.size = contents_.size(inode.content);
    }
    if (entry.size > kFatMostFileSize) {
      Refuse(name.node, absl::StrCat("it has ", entry.size,
                                     " bytes, a file of FAT has less than 4 GiB (fatgen103, "
                                     "DIR_FileSize)"));
    }
    entry.time = ClampTime(inode.time.seconds, name.node);
    return entry;
  }

  int64_t ClampTime(int64_t seconds, NodeId node) {
    const int64_t clamped = std::clamp(seconds, kFatFirstSecond, kFatLastSecond);
    if (clamped != seconds && clamped_++ == 0) first_clamped_ = node;
    return clamped;
  }

  void ReportTimes() {
    if (clamped_ == 0) return;
    remarks_.push_back(
        {Remark::Kind::kReader, partition_, tree_.Path(first_clamped_),
         absl::StrCat(
             clamped_ > 1 ? absl::StrCat("and ", clamped_ - 1, " more have times") : "has a time",
             " that FAT does not know: the nearest from 1980 to 2107 stands there")});
  }

  FatOptions OptionsOf() {
    FatOptions options;
    options.label = FatLabelOf(manifest_.boot().partition(index_));
    options.time = std::clamp(VolumeTimeOf(manifest_).seconds, kFatFirstSecond, kFatLastSecond);
    FatShape& shape = options.shape;
    if (fat_.type() != manifest::FAT_TYPE_DEFAULT) {
      shape.type = fat_.type() == manifest::FAT12   ? FatType::kFat12
                   : fat_.type() == manifest::FAT16 ? FatType::kFat16
                                                    : FatType::kFat32;
    }
    shape.size = fat_.size();
    shape.slack = fat_.free();
    shape.cluster_size = fat_.cluster_size();
    shape.alignment = static_cast<uint32_t>(
        std::min<uint64_t>(FileAlignmentOf(manifest_).value(), kFatMostAlignment));
    if (const auto geometry = GeometryOf(manifest_)) {
      options.track_sectors = static_cast<uint16_t>(geometry->sectors);
      options.heads = static_cast<uint16_t>(geometry->heads);
    }
    return options;
  }

  void Refuse(NodeId node, absl::string_view why) {
    problems_.push_back({.node = node,
                         .where = partition_,
                         .message = absl::StrCat("cannot stand in ", partition_, ": ", why),
                         .remedy = absl::StrCat("leave it out with `fat.files.exclude`, or give it "
                                                "another path there with `to`")});
  }

  // What is wrong with the whole of it.
  void Refuse(const absl::Status& status) {
    const bool shaped =
        fat_.size() != 0 || fat_.cluster_size() != 0 || fat_.type() != manifest::FAT_TYPE_DEFAULT;
    const bool too_small = absl::StrContains(status.message(), "more than the");
    problems_.push_back(
        {.field = absl::StrCat(FieldOf(index_), fat_.size() != 0 && too_small ? ".size" : ""),
         .where = partition_,
         .message = std::string(status.message()),
         .remedy = too_small ? "write a larger `size`, or leave it out for what is needed"
                   : shaped  ? "leave `size`, `type` and `cluster_size` out, or choose what stands "
                               "in the partition with `files`"
                             : "rename what is in the way, or choose what stands in the partition "
                               "with `files`"});
  }

  const manifest::Manifest& manifest_;
  const int index_;
  const manifest::Fat& fat_;
  const std::string partition_;  // "partition 2"
  const ContentTable& contents_;
  const Tree& tree_;
  const std::vector<FatName>& names_;
  Remarks& remarks_;
  Problems& problems_;
  uint64_t clamped_ = 0;
  NodeId first_clamped_ = kNoNode;
};

// The whole of a volume, which is read from the image.
class WholeVolume : public Generator {
 public:
  explicit WholeVolume(std::shared_ptr<const FatVolume> volume) : volume_(std::move(volume)) {}
  absl::Status Read(const ContentTable&, uint64_t offset, absl::Span<uint8_t> out) const override {
    if (offset + out.size() <= volume_->metadata_size()) return volume_->Read(offset, out);
    return absl::InternalError("a FAT partition is read from somewhere else than the image");
  }

 private:
  std::shared_ptr<const FatVolume> volume_;
};

uint32_t SerialOf(const manifest::Manifest& m, int i, const ImageId& image_id) {
  const manifest::Fat& fat = m.boot().partition(i).fat();
  if (fat.has_serial()) return fat.serial();
  const auto digest = image_id.Derive(absl::StrCat("fat serial ", NumberOf(m.boot(), i)));
  uint32_t serial = 0;
  for (size_t k = 0; k < 4; ++k) serial = serial << 8 | digest[k];
  return serial;
}

// A partition that ISO 9660 shows as a file holds files that it shows, too.
void RemarkNested(const manifest::Manifest& manifest, int i, const Resolved& resolved,
                  Remarks* remarks) {
  const PartitionSource& partition = resolved.partitions[static_cast<size_t>(i)];
  const auto shown = [&](NodeId n) { return !resolved.hiding.Hides(n, Namespace::kIso9660); };
  if (!HasIso9660(manifest) || !shown(partition.node)) return;
  const auto files =
      std::count_if(partition.names.begin(), partition.names.end(), [&](const FatName& name) {
        return resolved.tree.inode(name.node).content != kNoContent && shown(name.node);
      });
  if (files == 0) return;
  remarks->push_back({Remark::Kind::kReader, PartitionName(manifest, i),
                      resolved.tree.Path(partition.node),
                      absl::StrCat("holds the bytes of ", files, files == 1 ? " file" : " files",
                                   " that ISO 9660 shows elsewhere; bsdtar on a pipe reads one of "
                                   "the two")});
}

}  // namespace

void PlanFatVolumes(const manifest::Manifest& manifest, const ContentTable& contents,
                    Resolved& resolved, Remarks* remarks, Problems* problems) {
  for (int i = 0; i < manifest.boot().partition_size(); ++i) {
    PartitionSource& partition = resolved.partitions[static_cast<size_t>(i)];
    if (!partition.is_fat || partition.names.empty()) continue;
    partition.volume = Planner(manifest, i, contents, resolved, remarks, problems).Run();
  }
}

bool MakeFatVolumes(const manifest::Manifest& manifest, const ImageId& image_id,
                    ContentTable& contents, Resolved& resolved) {
  bool all = true;
  for (int i = 0; i < manifest.boot().partition_size(); ++i) {
    PartitionSource& partition = resolved.partitions[static_cast<size_t>(i)];
    if (!partition.is_fat) continue;
    if (partition.volume == nullptr) {
      all = false;
      continue;
    }
    partition.volume = std::make_shared<const FatVolume>(
        partition.volume->WithSerial(SerialOf(manifest, i, image_id)));
    partition.fat = AddFatContents(contents, partition.volume,
                                   {.hidden_sectors = manifest.boot().has_system_area()});
    partition.content = partition.fat.metadata;
    if (partition.node == kNoNode) continue;
    const ContentId whole = contents.AddGenerated(partition.volume->size(),
                                                  std::make_unique<WholeVolume>(partition.volume));
    resolved.tree.SetContent(resolved.tree.inode_id(partition.node), whole);
  }
  return all;
}

void ShareFatFiles(const manifest::Manifest& manifest, const DvdVideo& dvd, ContentTable& contents,
                   Resolved& resolved, Remarks* remarks, Problems* problems) {
  const Tree& tree = resolved.tree;
  absl::flat_hash_set<ContentId> taken(dvd.audio.begin(), dvd.audio.end());
  for (const DvdVideo::File& file : dvd.files) taken.insert(file.content);
  for (const PartitionSource& partition : resolved.partitions) {
    if (partition.is_fat) continue;
    taken.insert(partition.node == kNoNode ? partition.content
                                           : tree.inode(partition.node).content);
  }
  absl::flat_hash_set<InodeId> written_to;
  for (const ReservedArea& area : resolved.reserved) written_to.insert(tree.inode_id(area.node));
  for (int i = 0; i < manifest.boot().partition_size(); ++i) {
    PartitionSource& partition = resolved.partitions[static_cast<size_t>(i)];
    if (!partition.is_fat) continue;
    uint64_t bytes = 0;
    for (const FatVolume::File& file : partition.volume->files()) {
      const NodeId node = partition.names[file.entry].node;
      const ContentId content = tree.inode(node).content;
      if (taken.insert(content).second) {
        partition.fat.files.push_back(content);
        continue;
      }
      const bool patched = !contents.patches(content).empty();
      if (patched || written_to.contains(tree.inode_id(node))) {
        problems->push_back(
            {.node = node,
             .where = PartitionName(manifest, i),
             .message = absl::StrCat("would be in the image twice, and ",
                                     patched ? "is told where it lies, which would be wrong for one"
                                             : "somebody may write to one of the two",
                                     ": ", Quote(partition.names[file.entry].path), " of ",
                                     PartitionName(manifest, i), " is a copy"),
             .remedy = "leave one of the two out of the partition with `fat.files.exclude`"});
      }
      partition.fat.files.push_back(contents.AddParts({{content, 0, file.size}}));
      partition.copies.emplace_back(partition.fat.files.back(), node);
      bytes += file.size;
    }
    if (partition.node != kNoNode) RemarkNested(manifest, i, resolved, remarks);
    if (partition.copies.empty()) continue;
    remarks->push_back(
        {Remark::Kind::kPlace, PartitionName(manifest, i),
         tree.Path(partition.copies.front().second),
         absl::StrCat(
             partition.copies.size() > 1
                 ? absl::StrCat("and ", partition.copies.size() - 1, " more are stored as copies")
                 : "is stored as a copy",
             " (", bytes, " bytes): ", partition.copies.size() > 1 ? "their" : "its",
             " bytes lie in a partition already")});
  }
}

}  // namespace isomason
