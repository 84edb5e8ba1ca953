#include "tools/golden/views.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "layout/status.h"

namespace isomason {
namespace {

using Type = Listed::Type;

std::string NameIn(const Disc& disc, View view, NodeId n) {
  switch (view) {
    case View::kRockRidge:
      return disc.iso9660()->NameOf(n).empty() ? "" : std::string(disc.tree().name(n));
    case View::kJoliet:
      return disc.joliet()->NameOf(n);
    case View::kIso9660:
      return disc.iso9660()->NameOf(n);
    case View::kUdf:
      return disc.udf()->NameOf(n);
    case View::kFat:
      break;
  }
  return "";
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string Join(const std::string& directory, absl::string_view name) {
  return absl::StrCat(directory == "/" ? "" : directory, "/", name);
}

// Goes down from `at` along `path`. Empty when that leads nowhere.
std::string Go(const Listing& want, std::string at, absl::string_view path, int* links_left) {
  if (absl::StartsWith(path, "/")) at = "/";
  for (absl::string_view component : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    if (want.Find(at)->type != Type::kDirectory) return "";
    if (component == ".") continue;
    if (component == "..") {
      if (at == "/") return "";
      at = ParentOf(at);
      continue;
    }
    at = Join(at, component);
    const Listed* entry = want.Find(at);
    if (entry == nullptr) return "";
    if (entry->type != Type::kSymlink) continue;
    if (--*links_left < 0) return "";
    at = Go(want, ParentOf(at), entry->target, links_left);
    if (at.empty()) return "";
  }
  return at;
}

class Shower {
 public:
  Shower(const Disc& disc, const Listing& want, View view) : disc_(disc), want_(want), view_(view) {
    for (const auto& [path, entry] : want) {
      if (path != "/") children_[ParentOf(path)].push_back(path);
    }
    for (const Remark& remark : disc.remarks()) {
      const bool here = view == View::kUdf && remark.where == "udf";
      if (here && remark.kind == Remark::Kind::kFollowed) followed_.insert(remark.path);
    }
  }

  absl::StatusOr<Listing> Show() {
    const Listed* root = want_.Find("/");
    if (root == nullptr) return absl::InternalError("there is no root");
    RETURN_IF_ERROR(out_.Add(*root));
    RETURN_IF_ERROR(ShowBelow("/", "/"));
    if (!disc_.hiding().empty() || (view_ == View::kUdf && !followed_.empty())) CountLinks();
    return std::move(out_);
  }

 private:
  // A name that is hidden is no link here.
  void CountLinks() {
    std::map<uint64_t, uint32_t> links;
    for (const auto& [path, entry] : out_) ++links[entry.inode];
    for (auto& [path, entry] : out_) {
      if (entry.links.has_value() && entry.inode != 0) entry.links = links[entry.inode];
    }
  }

  // Shows what the directory `path` holds at `shown`, where it stands in the view.
  absl::Status ShowBelow(const std::string& path, const std::string& shown) {
    const auto children = children_.find(path);
    if (children == children_.end()) return absl::OkStatus();
    for (const std::string& child : children->second) {
      const NodeId node = disc_.tree().Find(child);
      if (node == kNoNode) return absl::InternalError(absl::StrCat(child, " is not in the tree"));
      const std::string name = NameIn(disc_, view_, node);
      if (name.empty()) continue;
      std::string content = child;
      Listed entry = *want_.Find(child);
      const bool follows =
          view_ == View::kJoliet ? entry.type == Type::kSymlink : followed_.count(child) != 0;
      if (follows) {
        content = FollowLink(want_, child);
        if (content.empty()) return absl::InternalError(absl::StrCat(child, " leads nowhere"));
        entry = *want_.Find(content);
      }
      if (view_ == View::kIso9660 && entry.type != Type::kDirectory && entry.type != Type::kFile) {
        entry.type = Type::kFile;
        entry.target.clear();
        entry.major = entry.minor = std::nullopt;
        entry.size = 0;
      }
      if (view_ != View::kRockRidge) ShowStored(entry);
      entry.path = Join(shown, name);
      const std::string below = entry.path;
      const bool directory = entry.type == Type::kDirectory;
      RETURN_IF_ERROR(out_.Add(std::move(entry)));
      if (directory) RETURN_IF_ERROR(ShowBelow(content, below));
    }
    return absl::OkStatus();
  }

  const Disc& disc_;
  const Listing& want_;
  const View view_;
  std::set<std::string> followed_;  // symlinks that the view shows as what they lead to
  std::map<std::string, std::vector<std::string>> children_;
  Listing out_;
};

bool Relocates(const Disc& disc) {
  const Remarks& remarks = disc.remarks();
  return std::any_of(remarks.begin(), remarks.end(), [](const Remark& remark) {
    return remark.where == "iso9660" && absl::StartsWith(remark.detail, "is relocated to ");
  });
}

}  // namespace

std::set<View> ViewsOf(const LoadedManifest& loaded, const Disc& disc) {
  std::set<View> views;
  if (disc.iso9660() != nullptr) views.insert(View::kIso9660);
  // The plain view of relocated directories is another tree than the manifest's;
  // relocation_test reads it.
  if (TraitsOf(loaded, disc).count(Trait::kRelocation) > 0) views.clear();
  if (loaded.manifest.iso9660().has_rock_ridge()) views.insert(View::kRockRidge);
  if (disc.joliet() != nullptr) views.insert(View::kJoliet);
  if (disc.udf() != nullptr) views.insert(View::kUdf);
  return views;
}

std::set<Trait> TraitsOf(const LoadedManifest& loaded, const Disc& disc) {
  std::set<Trait> traits;
  const manifest::RockRidge& rock_ridge = loaded.manifest.iso9660().rock_ridge();
  if (rock_ridge.version() == manifest::RRIP_1_10 && !rock_ridge.serial_numbers()) {
    traits.insert(Trait::kNoSerialNumbers);
  }
  if (disc.iso9660() == nullptr) traits.insert(Trait::kNoIso9660);
  if (loaded.manifest.udf().revision() >= manifest::UDF_2_50) {
    traits.insert(Trait::kMetadataPartition);
  }
  std::set<ContentId> seen;
  for (InodeId i = 0; i < disc.tree().inode_count(); ++i) {
    const ContentId content = disc.tree().inode_at(i).content;
    if (content != kNoContent && !seen.insert(content).second) {
      traits.insert(Trait::kSharedContents);
    }
  }
  for (InodeId i = 0; disc.udf() != nullptr && i < disc.tree().inode_count(); ++i) {
    if (disc.udf()->Embeds(i)) traits.insert(Trait::kEmbeddedData);
    if (disc.udf()->IsSparse(i)) traits.insert(Trait::kSparse);
  }
  if (rock_ridge.has_zisofs()) {
    traits.insert(rock_ridge.zisofs().version() == 2 ? Trait::kZisofs2 : Trait::kZisofs);
  }
  for (NodeId n = 1; disc.udf() != nullptr && n < disc.tree().node_count(); ++n) {
    if (disc.hiding().Marks(n, Namespace::kUdf)) traits.insert(Trait::kMarkedInUdf);
  }
  if (loaded.manifest.iso9660().deep_directories() == manifest::RELOCATE_DIRECTORIES) {
    traits.insert(Trait::kRelocation);
  }
  for (const manifest::Entry& entry : loaded.manifest.entry()) {
    const bool created =
        !entry.created().empty() && loaded.manifest.udf().revision() >= manifest::UDF_2_00;
    if (!entry.udf_stream().empty() || created) traits.insert(Trait::kExtendedEntries);
  }
  if (loaded.manifest.iso9660().has_rock_ridge()) {
    for (const manifest::Entry& entry : loaded.manifest.entry()) {
      if (!entry.system_use().empty()) traits.insert(Trait::kForeignEntries);
    }
  }
  for (const manifest::Partition& partition : loaded.manifest.boot().partition()) {
    if (partition.has_fat() && !partition.image().empty()) traits.insert(Trait::kNestedContents);
  }
  for (int i = 1; i < loaded.manifest.boot().entry_size(); ++i) {
    if (loaded.manifest.boot().entry(i).not_bootable()) traits.insert(Trait::kNotBootable);
  }
  return traits;
}

std::string FollowLink(const Listing& want, const std::string& path) {
  int links_left = 40;
  return Go(want, ParentOf(path), want.Find(path)->target, &links_left);
}

absl::StatusOr<Listing> ListingInView(const LoadedManifest& loaded, const Disc& disc,
                                      const Listing& want, View view) {
  ASSIGN_OR_RETURN(Listing shown, Shower(disc, want, view).Show());
  const manifest::RelocationDirectory& moved = loaded.manifest.iso9660().relocation_directory();
  if (view == View::kRockRidge && moved.shown() && Relocates(disc)) {
    Listed directory = *want.Find("/");
    directory.path = absl::StrCat("/", moved.name().empty() ? "rr_moved" : moved.name());
    directory.inode = 0;
    // One that the tree has itself is there already.
    if (shown.Find(directory.path) == nullptr) RETURN_IF_ERROR(shown.Add(std::move(directory)));
  }
  return shown;
}

std::vector<std::string> SilentlyLost(const Disc& disc) {
  std::set<std::pair<std::string, std::string>> said;
  for (const Remark& remark : disc.remarks()) {
    if (remark.kind == Remark::Kind::kOmitted) said.emplace(remark.where, remark.path);
  }
  const std::tuple<View, const char*, Namespace> kViews[] = {
      {View::kIso9660, "iso9660", Namespace::kIso9660},
      {View::kJoliet, "joliet", Namespace::kJoliet},
      {View::kUdf, "udf", Namespace::kUdf}};
  std::vector<std::string> lost;
  const Tree& tree = disc.tree();
  for (const auto& [view, where, space] : kViews) {
    if (view == View::kIso9660 && disc.iso9660() == nullptr) continue;
    if (view == View::kJoliet && disc.joliet() == nullptr) continue;
    if (view == View::kUdf && disc.udf() == nullptr) continue;
    // Parents have lower numbers: below what is left out, all is.
    std::vector<bool> out(tree.node_count(), false);
    for (NodeId n = 1; n < tree.node_count(); ++n) {
      out[n] = NameIn(disc, view, n).empty();
      // What the manifest hides is no loss.
      if (!out[n] || out[tree.parent(n)] || disc.hiding().Hides(n, space)) continue;
      if (said.count({where, tree.Path(n)}) == 0) {
        lost.push_back(absl::StrCat(where, ": ", EscapeName(tree.Path(n)),
                                    " is left out and no remark says so"));
      }
    }
  }
  return lost;
}

}  // namespace isomason
