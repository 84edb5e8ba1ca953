#include "authoring/deduplicate.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "authoring/dvd_video/dvd_video.h"
#include "authoring/manifest/glob.h"
#include "layout/parallel.h"
#include "layout/status.h"

namespace isomason {
namespace {

using Sha256 = std::array<uint8_t, 32>;

absl::StatusOr<Sha256> DigestOf(const ContentTable& contents, ContentId content) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  RETURN_IF_ERROR(contents.ReadThrough(content, {}, [&](absl::Span<const uint8_t> bytes) {
    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
    return absl::OkStatus();
  }));
  Sha256 digest;
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return digest;
}

std::vector<Glob> CompileAll(const google::protobuf::RepeatedPtrField<std::string>& patterns) {
  std::vector<Glob> globs;
  for (const std::string& pattern : patterns) {
    absl::StatusOr<Glob> glob = Glob::Compile(pattern);
    if (glob.ok()) globs.push_back(*std::move(glob));
  }
  return globs;
}

class Deduplicator {
 public:
  Deduplicator(const manifest::Manifest& manifest, const ContentTable& contents, int jobs,
               Resolved& resolved)
      : options_(manifest.deduplicate()),
        include_(CompileAll(options_.include())),
        exclude_(CompileAll(options_.exclude())),
        contents_(contents),
        jobs_(jobs),
        resolved_(resolved),
        tree_(resolved.tree) {
    // What is written into them makes them differ from what they are now, and files of a
    // DVD-Video lie apart.
    if (resolved.boot_catalog != kNoNode) apart_.insert(tree_.inode_id(resolved.boot_catalog));
    for (int i = 0; i < manifest.boot().entry_size(); ++i) {
      const manifest::BootEntry& entry = manifest.boot().entry(i);
      if (!entry.boot_info_table() && !entry.grub2_boot_info()) continue;  // none of a partition
      apart_.insert(tree_.inode_id(resolved.boot_images[static_cast<size_t>(i)]));
    }
    for (NodeId n = 0; n < tree_.node_count(); ++n) {
      if (manifest.has_dvd_video() && IsDvdVideoFile(tree_, n)) {
        apart_.insert(tree_.inode_id(n));
      }
      const uint32_t origin = resolved.origins[n];
      if (origin >= static_cast<uint32_t>(manifest.entry_size())) continue;
      const manifest::Entry& entry = manifest.entry(static_cast<int>(origin));
      if (entry.reserve_size() > 0) apart_.insert(tree_.inode_id(n));
    }
  }

  absl::StatusOr<Saved> Run() {
    FindCandidates();
    RETURN_IF_ERROR(FindEqual());
    return Share();
  }

 private:
  // Inodes in the order of the tree, and their contents by size.
  void FindCandidates() {
    for (InodeId i = 0; i < tree_.inode_count(); ++i) {
      const ContentId content = tree_.inode_at(i).content;
      if (!MayShare(i, content)) continue;
      inodes_.push_back(i);
      if (seen_.insert(content).second) by_size_[contents_.size(content)].push_back(content);
    }
  }

  bool MayShare(InodeId i, ContentId content) const {
    if (content == kNoContent || apart_.contains(i)) return false;
    const ContentTable::Kind kind = contents_.kind(content);
    if (kind == ContentTable::Kind::kZeros || kind == ContentTable::Kind::kGenerated) return false;
    if (contents_.size(content) < options_.minimum_size()) return false;
    const std::string path = tree_.Path(tree_.first_node(i)).substr(1);
    const auto matches = [&path](const Glob& glob) { return glob.Matches(path); };
    return (include_.empty() || std::any_of(include_.begin(), include_.end(), matches)) &&
           !std::any_of(exclude_.begin(), exclude_.end(), matches);
  }

  // The first content with the same bytes, for those that are not the first themselves.
  absl::Status FindEqual() {
    std::vector<ContentId> read;  // size by size, in the order of the tree
    for (const auto& [size, same_size] : by_size_) {
      if (same_size.size() > 1) read.insert(read.end(), same_size.begin(), same_size.end());
    }
    std::vector<Sha256> digests(read.size());
    RETURN_IF_ERROR(ParallelFor(read.size(), jobs_, [&](size_t k) -> absl::Status {
      ASSIGN_OR_RETURN(digests[k], DigestOf(contents_, read[k]));
      return absl::OkStatus();
    }));
    std::map<Sha256, ContentId> first;
    for (size_t k = 0; k < read.size(); ++k) {
      const auto [it, inserted] = first.try_emplace(digests[k], read[k]);
      if (!inserted) equal_[read[k]] = it->second;
    }
    return absl::OkStatus();
  }

  Saved Share() {
    Saved saved;
    const absl::flat_hash_set<ContentId> before = Used();
    for (const InodeId i : inodes_) {
      const auto it = equal_.find(tree_.inode_at(i).content);
      if (it == equal_.end()) continue;
      tree_.SetContent(i, it->second);
      ++saved.files;
    }
    const absl::flat_hash_set<ContentId> after = Used();
    for (const ContentId content : before) {
      if (!after.contains(content)) saved.bytes += contents_.size(content);
    }
    MovePins(after);
    return saved;
  }

  absl::flat_hash_set<ContentId> Used() const {
    absl::flat_hash_set<ContentId> used;
    for (InodeId i = 0; i < tree_.inode_count(); ++i) {
      if (tree_.inode_at(i).content != kNoContent) used.insert(tree_.inode_at(i).content);
    }
    for (const auto& [node, streams] : resolved_.named_streams) {
      for (const NamedStream& stream : streams) {
        if (stream.content != kNoContent) used.insert(stream.content);
      }
    }
    return used;
  }

  // What is pinned is what the image holds.
  void MovePins(const absl::flat_hash_set<ContentId>& used) {
    std::vector<Pin> moved;
    for (Pin& pin : resolved_.pins) {
      const auto it = equal_.find(pin.whole);
      if (it == equal_.end()) continue;
      Pin other = pin;
      other.whole = it->second;
      if (pin.content == pin.whole) other.content = it->second;
      if (used.contains(pin.whole)) {
        moved.push_back(std::move(other));
      } else {
        pin = std::move(other);
      }
    }
    for (Pin& pin : moved) resolved_.pins.push_back(std::move(pin));
  }

  const manifest::Deduplicate& options_;
  const std::vector<Glob> include_, exclude_;
  const ContentTable& contents_;
  const int jobs_;
  Resolved& resolved_;
  Tree& tree_;
  absl::flat_hash_set<InodeId> apart_;
  std::vector<InodeId> inodes_;  // those that may share
  absl::flat_hash_set<ContentId> seen_;
  std::map<uint64_t, std::vector<ContentId>> by_size_;
  absl::flat_hash_map<ContentId, ContentId> equal_;
};

}  // namespace

absl::StatusOr<Saved> Deduplicate(const manifest::Manifest& manifest, const ContentTable& contents,
                                  int jobs, Resolved& resolved) {
  if (!manifest.has_deduplicate()) return Saved();
  return Deduplicator(manifest, contents, jobs, resolved).Run();
}

}  // namespace isomason
