#include "authoring/udf_data.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "authoring/dvd_video/dvd_video.h"
#include "authoring/tree/hiding.h"
#include "layout/units.h"

namespace isomason {
namespace {

using Contents = absl::flat_hash_set<ContentId>;

Contents PointedTo(const Iso9660Views& views) {
  Contents pointed;
  for (const Iso9660* view : views) {
    if (view == nullptr) continue;
    view->VisitContents([&pointed](ContentId content) { pointed.insert(content); });
  }
  return pointed;
}

FilesApart FilesApartOf(const manifest::Manifest& manifest, const Resolved& resolved) {
  const Tree& tree = resolved.tree;
  FilesApart apart;
  const auto add = [&](NodeId node, absl::string_view reason) {
    if (node != kNoNode) apart.try_emplace(tree.inode_id(node), reason);
  };
  for (const NodeId node : resolved.boot_images) add(node, "is a boot image");
  for (const PartitionSource& partition : resolved.partitions) {
    add(partition.node, "is a partition");
    for (const FatName& name : partition.names) {
      if (!tree.is_directory(name.node)) add(name.node, "stands in a FAT partition");
    }
  }
  add(resolved.boot_catalog, "is the boot catalog");
  for (const ReservedArea& area : resolved.reserved) add(area.node, "has reserved areas");
  for (const manifest::PinnedFile& pin : manifest.layout().pin()) {
    add(tree.Find(pin.path()), "is pinned to a block");
  }
  for (NodeId n = 0; manifest.has_dvd_video() && n < tree.node_count(); ++n) {
    if (IsDvdVideoFile(tree, n)) add(n, "is a file of the DVD-Video");
  }
  return apart;
}

// A file's parts, whole blocks of zeros apart from all else; none when there are no such
// blocks that the manifest knows of.
std::vector<udf::DataRun> RunsOf(const ContentTable& contents, ContentId content) {
  std::vector<udf::DataRun> runs;
  const uint64_t size = contents.size(content);
  uint64_t done = 0;            // what runs are made of
  uint64_t zeros = 0, end = 0;  // the last zeros, and where they end
  const auto finish = [&] {     // behind the last zeros
    const uint64_t first = RoundUp(zeros, kBlockSize);
    const uint64_t last = end == size ? size : end / kBlockSize * kBlockSize;
    if (first >= last) return;
    if (first > done) runs.push_back({first - done, true});
    runs.push_back({last - first, false});
    done = last;
  };
  uint64_t at = 0;
  contents
      .VisitRuns(content, 0, size,
                 [&](const ContentTable::Part& part) {
                   if (contents.kind(part.content) == ContentTable::Kind::kZeros) {
                     if (end != at) {
                       finish();
                       zeros = at;
                     }
                     end = at + part.size;
                   }
                   at += part.size;
                   return absl::OkStatus();
                 })
      .IgnoreError();  // the visitor never fails
  finish();
  if (runs.empty()) return runs;
  if (done < size) runs.push_back({size - done, true});
  return runs;
}

ContentId Recorded(const std::vector<udf::DataRun>& runs, ContentId content,
                   ContentTable& contents) {
  std::vector<ContentTable::Part> parts;
  uint64_t at = 0;
  for (const udf::DataRun& run : runs) {
    if (run.recorded) parts.push_back({content, at, run.size});
    at += run.size;
  }
  return parts.empty() ? kNoContent : contents.AddParts(parts);
}

bool HasZeros(const ContentTable& contents, ContentId content) {
  return contents.patches(content).empty() && !RunsOf(contents, content).empty();
}

}  // namespace

UdfData PlanUdfData(const manifest::Manifest& manifest, const Resolved& resolved,
                    const Iso9660Views& views, ContentTable& contents) {
  UdfData data;
  data.apart = FilesApartOf(manifest, resolved);
  if (!manifest.udf().sparse()) return data;
  const Tree& tree = resolved.tree;
  Contents others = PointedTo(views);
  for (const auto& [inode, reason] : data.apart) others.insert(tree.inode_at(inode).content);
  for (InodeId i = 0; i < tree.inode_count(); ++i) {
    const ContentId content = tree.inode_at(i).content;
    if (content == kNoContent || resolved.hiding.Names(tree, i, Namespace::kUdf) == 0 ||
        others.contains(content) || data.sparse.contains(content) ||
        !contents.patches(content).empty()) {
      continue;
    }
    std::vector<udf::DataRun> runs = RunsOf(contents, content);
    if (runs.empty()) continue;
    const ContentId recorded = Recorded(runs, content, contents);
    data.sparse[content] = {std::move(runs), recorded};
  }
  return data;
}

StoredInstead ContentsElsewhere(const Tree& tree, const UdfData& data, const Udf& udf,
                                const Iso9660Views& views) {
  StoredInstead instead;
  Contents whole = PointedTo(views);
  for (InodeId i = 0; i < tree.inode_count(); ++i) {
    const ContentId content = tree.inode_at(i).content;
    if (content == kNoContent || !udf.Shows(i)) continue;
    if (udf.Embeds(i)) {
      instead.try_emplace(content, kNoContent);
    } else if (const auto it = data.sparse.find(content); it != data.sparse.end()) {
      instead[content] = it->second.recorded;
    } else {
      whole.insert(content);
    }
  }
  for (const ContentId content : whole) instead.erase(content);
  return instead;
}

void RemarkApart(const manifest::Manifest& manifest, const UdfData& data, const Tree& tree,
                 const ContentTable& contents, const Udf& udf, Remarks* remarks) {
  for (const auto& [inode, reason] : data.apart) {
    const ContentId content = tree.inode_at(inode).content;
    if (content == kNoContent || !udf.Shows(inode)) continue;
    if (contents.size(content) < manifest.udf().embed_below() ||
        (manifest.udf().sparse() && HasZeros(contents, content))) {
      remarks->push_back({Remark::Kind::kPlace, "udf", tree.Path(tree.first_node(inode)),
                          absl::StrCat("keeps its blocks: it ", reason)});
    }
  }
}

}  // namespace isomason
