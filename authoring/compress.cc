#include "authoring/compress.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/dvd_video/dvd_video.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/options.h"
#include "authoring/path_rules.h"
#include "authoring/zisofs/zisofs.h"
#include "layout/parallel.h"
#include "layout/status.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr absl::string_view kField = "iso9660.rock_ridge.zisofs";

// One thread's work: enough that its own cost does not show.
constexpr uint64_t kBytesAtATime = 4 << 20;

class Compressor {
 public:
  Compressor(const manifest::Manifest& manifest, int jobs, ContentTable& contents,
             Resolved& resolved, Remarks* remarks, Problems* problems)
      : manifest_(manifest),
        options_(manifest.iso9660().rock_ridge().zisofs()),
        form_(ZisofsFormOf(options_)),
        minimum_size_(std::max<uint64_t>(options_.minimum_size(), kBlockSize + 1)),
        jobs_(jobs),
        contents_(contents),
        resolved_(resolved),
        tree_(resolved.tree),
        remarks_(*remarks),
        problems_(*problems) {}

  absl::StatusOr<Compression> Run() {
    FindBare();
    const std::vector<bool> wanted = FindWanted();
    for (InodeId i = 0; i < tree_.inode_count(); ++i) {
      if (wanted[i] && MayCompress(i)) Choose(i);
    }
    CheckElsewhere();
    if (!problems_.empty()) return Compression();
    RETURN_IF_ERROR(Measure());
    const Compression done = Store();
    if (done.contents > 0) Report();
    return done;
  }

 private:
  // A content that is to be compressed, and how large its blocks get.
  struct Chosen {
    ContentId content;
    std::vector<uint32_t> sizes;
  };

  void Refuse(std::string field, std::string message, absl::string_view remedy) {
    problems_.push_back({.field = std::move(field),
                         .where = "zisofs",
                         .message = std::move(message),
                         .remedy = std::string(remedy)});
  }
  void Note(Remark::Kind kind, std::string path, std::string detail,
            absl::string_view where = "zisofs") {
    remarks_.push_back({kind, std::string(where), std::move(path), std::move(detail)});
  }

  // Files whose bytes somebody reads by their address, or writes to, or that isomason makes
  // from what is not known yet; with what they are, for a sentence.
  void FindBare() {
    if (resolved_.boot_catalog != kNoNode) {
      bare_[tree_.inode_id(resolved_.boot_catalog)] = "the boot catalog";
    }
    for (const NodeId image : resolved_.boot_images) {
      if (image != kNoNode) bare_[tree_.inode_id(image)] = "a boot image";
    }
    for (const PartitionSource& partition : resolved_.partitions) {
      if (partition.node != kNoNode) bare_[tree_.inode_id(partition.node)] = "a partition";
      for (const FatName& name : partition.names) {
        bare_[tree_.inode_id(name.node)] = "a file of a FAT partition";
      }
    }
    for (const NodeId file : resolved_.block_files) {
      if (file != kNoNode) bare_[tree_.inode_id(file)] = "what firmware loads";
    }
    for (const ReservedArea& area : resolved_.reserved) {
      bare_[tree_.inode_id(area.node)] = "a file with reserved areas";
    }
    for (NodeId n = 0; n < tree_.node_count(); ++n) {
      if (manifest_.has_dvd_video() && IsDvdFile(n)) {
        bare_[tree_.inode_id(n)] = "a file of the DVD-Video";
      }
      const uint32_t origin = resolved_.origins[n];
      if (origin >= static_cast<uint32_t>(manifest_.entry_size())) continue;
      switch (manifest_.entry(static_cast<int>(origin)).what_case()) {
        case manifest::Entry::kChecksums:
          bare_[tree_.inode_id(n)] = "a list of checksums";
          break;
        case manifest::Entry::kReserveMap:
          bare_[tree_.inode_id(n)] = "a map of reserved areas";
          break;
        case manifest::Entry::kZeros:
          bare_[tree_.inode_id(n)] = "room to be written to";
          break;
        default:
          break;
      }
    }
  }

  bool IsDvdFile(NodeId n) const {
    return IsDvdVideoFile(tree_, n) || absl::StartsWith(tree_.Path(n), "/AUDIO_TS/");
  }

  // By inode: whether `include` means one of its names, and `exclude` none.
  std::vector<bool> FindWanted() {
    PathRules include, exclude;
    for (const std::string& pattern : options_.include()) include.Add(pattern);
    for (const std::string& pattern : options_.exclude()) exclude.Add(pattern);
    std::vector<bool> wanted(tree_.inode_count()), unwanted(tree_.inode_count());
    for (NodeId n = 0; n < tree_.node_count(); ++n) {
      if (tree_.inode(n).type != NodeType::kFile) continue;
      const InodeId i = tree_.inode_id(n);
      const std::string path = tree_.Path(n).substr(1);
      if (include.empty() || !include.Match(path).empty()) wanted[i] = true;
      if (!exclude.empty() && !exclude.Match(path).empty()) unwanted[i] = true;
    }
    RefuseIdle(include, options_.include(), ".include");
    RefuseIdle(exclude, options_.exclude(), ".exclude");
    for (InodeId i = 0; i < tree_.inode_count(); ++i) wanted[i] = wanted[i] && !unwanted[i];
    return wanted;
  }

  void RefuseIdle(const PathRules& rules,
                  const google::protobuf::RepeatedPtrField<std::string>& patterns,
                  absl::string_view field) {
    for (const std::string& idle : rules.Idle()) {
      const auto at = std::find(patterns.begin(), patterns.end(), idle) - patterns.begin();
      Refuse(absl::StrCat(kField, field, "[", at, "]"),
             absl::StrCat(Quote(idle), " matches no file"), "correct the pattern, or remove it");
    }
  }

  // Says why not, where that is not plain to see.
  bool MayCompress(InodeId i) {
    const ContentId content = tree_.inode_at(i).content;
    if (content == kNoContent || contents_.size(content) < minimum_size_) return false;
    const NodeId first = tree_.first_node(i);
    const auto stays = [&](absl::string_view why) {
      Note(Remark::Kind::kPlace, tree_.Path(first), absl::StrCat("is not compressed: ", why));
      return false;
    };
    if (const auto it = bare_.find(i); it != bare_.end()) return stays(it->second);
    if (contents_.size(content) > form_.LargestFile()) {
      return stays("4 GiB and more take `version: 2`");
    }
    if (!resolved_.hiding.empty() && resolved_.hiding.Names(tree_, i, Namespace::kIso9660) == 0) {
      return stays("Rock Ridge does not show it, and nothing else says that a file is compressed");
    }
    return true;
  }

  void Choose(InodeId i) {
    inodes_.push_back(i);
    const ContentId content = tree_.inode_at(i).content;
    if (!numbers_.try_emplace(content, chosen_.size()).second) return;
    chosen_.push_back({content, std::vector<uint32_t>(form_.BlockCount(contents_.size(content)))});
  }

  // Calls `visit` for each other view that the image has, with the space that hides from it.
  template <typename Visit>
  void VisitElsewhere(Visit visit) const {
    if (manifest_.iso9660().has_joliet()) visit("Joliet", "joliet", Namespace::kJoliet);
    if (HasEnhanced(manifest_)) visit("ISO 9660:1999", "iso9660:1999", Namespace::kIso9660);
    if (manifest_.has_udf()) visit("UDF", "udf", Namespace::kUdf);
  }

  void CheckElsewhere() {
    if (options_.elsewhere() == manifest::SHOW_COMPRESSED) return;
    VisitElsewhere([&](absl::string_view name, absl::string_view, Namespace space) {
      NodeId first = kNoNode;
      uint64_t count = 0;
      for (const InodeId i : inodes_) {
        if (Shown(i, space) == 0) continue;
        if (count++ == 0) first = tree_.first_node(i);
      }
      if (count == 0) return;
      Refuse(std::string(kField),
             absl::StrCat(Quote(tree_.Path(first)),
                          count == 1 ? " is" : absl::StrCat(" and ", count - 1, " files more are"),
                          " to be compressed, and ", name, " would show the compressed bytes"),
             "set `elsewhere: SHOW_COMPRESSED` there, hide or exclude the files, or leave the "
             "view out");
    });
  }

  uint32_t Shown(InodeId i, Namespace space) const {
    return resolved_.hiding.empty() ? tree_.inode_at(i).links
                                    : resolved_.hiding.Names(tree_, i, space);
  }

  // Finds out how large each block gets.
  absl::Status Measure() {
    struct Part {
      size_t chosen;
      uint64_t first, count;
    };
    const uint64_t most = kBytesAtATime >> form_.block_shift;
    std::vector<Part> parts;
    for (size_t k = 0; k < chosen_.size(); ++k) {
      const uint64_t blocks = chosen_[k].sizes.size();
      for (uint64_t at = 0; at < blocks; at += most) {
        parts.push_back({k, at, std::min(most, blocks - at)});
      }
    }
    return ParallelFor(parts.size(), jobs_, [&](size_t p) {
      Chosen& chosen = chosen_[parts[p].chosen];
      return CompressBlocks(contents_, chosen.content, form_, parts[p].first,
                            absl::MakeSpan(chosen.sizes).subspan(parts[p].first, parts[p].count));
    });
  }

  // Makes the compressed contents, and gives them to their inodes.
  Compression Store() {
    Compression done;
    absl::flat_hash_map<ContentId, ContentId> stored;
    for (Chosen& chosen : chosen_) {
      const uint64_t plain = contents_.size(chosen.content);
      const uint64_t packed = std::accumulate(chosen.sizes.begin(), chosen.sizes.end(),
                                              form_.HeadSize(chosen.sizes.size()));
      if (BlocksFor(ByteCount(packed)) >= BlocksFor(ByteCount(plain))) {
        ++done.as_they_are;
      } else {
        const ContentId id = contents_.AddGenerated(
            packed, std::make_unique<ZisofsFile>(chosen.content, plain, form_, chosen.sizes));
        resolved_.compressed[id] = {chosen.content, plain, form_};
        stored[chosen.content] = id;
        ++done.contents;
        done.plain_bytes += plain;
        done.stored_bytes += packed;
      }
      chosen.sizes = {};
    }
    for (const InodeId i : inodes_) {
      const auto it = stored.find(tree_.inode_at(i).content);
      if (it == stored.end()) continue;
      tree_.SetContent(i, it->second);
      compressed_inodes_.push_back(i);
    }
    return done;
  }

  void Report() {
    const std::string files = absl::StrCat(compressed_inodes_.size(),
                                           compressed_inodes_.size() == 1 ? " file" : " files");
    Note(Remark::Kind::kReader, "",
         form_.version == 1
             ? absl::StrCat("Linux, libarchive and xorriso decompress ", files,
                            "; other readers, GRUB and 7-Zip among them, show the compressed "
                            "bytes, and pycdlib does not open the image")
             : absl::StrCat("xorriso decompresses ", files,
                            "; other readers, Linux among them, show the compressed bytes of "
                            "version 2, and pycdlib does not open the image"));
    VisitElsewhere([&](absl::string_view, absl::string_view where, Namespace space) {
      uint64_t count = 0;
      for (const InodeId i : compressed_inodes_) count += Shown(i, space) > 0 ? 1 : 0;
      if (count == 0) return;
      Note(Remark::Kind::kReader, "",
           absl::StrCat("shows ", count, count == 1 ? " file" : " files",
                        " as compressed bytes (zisofs)"),
           where);
    });
  }

  const manifest::Manifest& manifest_;
  const manifest::Zisofs& options_;
  const ZisofsForm form_;
  const uint64_t minimum_size_;  // a file of one block cannot get smaller
  const int jobs_;
  ContentTable& contents_;
  Resolved& resolved_;
  Tree& tree_;
  Remarks& remarks_;
  Problems& problems_;
  absl::flat_hash_map<InodeId, absl::string_view> bare_;
  std::vector<InodeId> inodes_;                     // those to compress
  std::vector<Chosen> chosen_;                      // their contents, each once
  absl::flat_hash_map<ContentId, size_t> numbers_;  // into chosen_
  std::vector<InodeId> compressed_inodes_;
};

}  // namespace

absl::StatusOr<Compression> CompressFiles(const manifest::Manifest& manifest, int jobs,
                                          ContentTable& contents, Resolved& resolved,
                                          Remarks* remarks, Problems* problems) {
  if (!manifest.iso9660().rock_ridge().has_zisofs()) return Compression();
  return Compressor(manifest, jobs, contents, resolved, remarks, problems).Run();
}

}  // namespace isomason
