// The Joliet view of a tree.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/descriptor.h"
#include "authoring/iso9660/follow.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/iso9660/joliet_names.h"
#include "authoring/iso9660/projection.h"
#include "authoring/iso9660/report.h"

namespace isomason {
namespace {

NameRemedies JolietRemedies(const Hierarchy& hierarchy, const Tree& tree,
                            const JolietOptions& options) {
  return {[&hierarchy, &tree, &options](NodeId node) -> std::string {
            const bool limit = options.name_limit < JolietNamer::kLongLimit &&
                               JolietNamer(JolietNamer::kLongLimit)
                                   .Misfit(tree.name(node), hierarchy.ShowsDirectory(node))
                                   .empty();
            return limit ? "rename it, use `iso9660.joliet.name_limit: 103`, or set "
                           "`iso9660.joliet.names: MANGLE_NAMES`"
                         : "rename it, or set `iso9660.joliet.names: MANGLE_NAMES`";
          },
          "rename some of them",
          options.symlinks == JolietOptions::Symlinks::kFollow
              ? "set `iso9660.joliet.symlinks: OMIT`, for each link to a directory shows all of it "
                "again, or leave out `iso9660.joliet`"
              : absl::StrCat(kFewerDirectories, ", or leave out `iso9660.joliet`")};
}

// Windows, and Linux by default, do not tell small and capital letters apart.
void ReportCaseTwins(const Tree& tree, const Hierarchy& hierarchy, Reporter& report) {
  absl::flat_hash_map<uint64_t, NodeId> seen;
  std::string folded;
  for (NodeId directory = 0; directory < tree.node_count(); ++directory) {
    if (tree.children(directory).size() < 2) continue;
    seen.clear();
    for (const NodeId n : tree.children(directory)) {
      if (!hierarchy.Shows(n)) continue;
      folded.assign(tree.name(n).data(), tree.name(n).size());
      absl::AsciiStrToLower(&folded);
      const auto [it, inserted] = seen.try_emplace(StableHash(folded, 0), n);
      if (inserted || !absl::EqualsIgnoreCase(tree.name(n), tree.name(it->second))) continue;
      report.Add(Remark::Kind::kReader, n,
                 absl::StrCat("differs from ", tree.name(it->second),
                              " in capital letters alone; Windows opens one of the two"));
    }
  }
}

std::string Shortened(absl::string_view text) {
  return text.size() <= 100 ? std::string(text) : absl::StrCat(text.substr(0, 97), "...");
}

constexpr absl::string_view kOmitFromJoliet =
    "set `iso9660.joliet.special: OMIT` to leave devices, FIFOs and sockets out of Joliet";

// Decides what stands for the symlinks.
void ProjectSymlinks(const Tree& tree, const JolietOptions& options, Hierarchy& hierarchy,
                     Reporter& report) {
  if (options.symlinks != JolietOptions::Symlinks::kFollow) {
    for (NodeId n = 1; n < tree.node_count(); ++n) {
      if (tree.inode(n).type != NodeType::kSymlink) continue;
      hierarchy.Omit(n);
      if (options.symlinks == JolietOptions::Symlinks::kRefuse) {
        report.Refuse(n, "is a symlink, which Joliet cannot hold",
                      "set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or "
                      "FOLLOW to show what they point to");
      } else {
        report.Add(Remark::Kind::kOmitted, n, "Joliet cannot hold a symlink");
      }
    }
    return;
  }
  FollowedLinks links = FollowLinks(tree);
  std::vector<std::pair<NodeId, NodeId>> followed = std::move(links.to_directories);
  for (const auto& link : links.to_files) {
    const NodeType type = tree.inode(link.second).type;
    if (type == NodeType::kFile) {
      followed.push_back(link);
      continue;
    }
    hierarchy.Omit(link.first);
    std::string reason =
        absl::StrCat("leads to ", DescribeType(type), ", which Joliet cannot hold");
    if (options.special == JolietOptions::Special::kRefuse) {
      report.Refuse(link.first, std::move(reason), kOmitFromJoliet);
    } else {
      report.Add(Remark::Kind::kOmitted, link.first, std::move(reason));
    }
  }
  std::sort(followed.begin(), followed.end());
  for (const auto& [link, target] : followed) {
    hierarchy.Follow(link, target);
    report.Add(Remark::Kind::kFollowed, link, tree.Path(target));
  }
  for (const NodeId link : links.dangling) {
    hierarchy.Omit(link);
    report.Add(Remark::Kind::kOmitted, link,
               absl::StrCat("the symlink leads to \"", Shortened(tree.target(tree.inode(link))),
                            "\", which is not in the image"));
  }
  for (const auto& [link, target] : links.circular) {
    hierarchy.Omit(link);
    report.Add(Remark::Kind::kOmitted, link,
               absl::StrCat("the symlink leads to ", tree.Path(target),
                            ", which would come to hold itself"));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Iso9660>> Iso9660::ProjectJoliet(
    const Tree& tree, const ContentTable& contents, const Volume& volume,
    const JolietOptions& options, Remarks* remarks, Problems* problems) {
  if (options.name_limit < JolietNamer::kShortLimit ||
      options.name_limit > JolietNamer::kLongLimit) {
    return absl::InvalidArgumentError(
        absl::StrCat("iso9660.joliet.name_limit: ", options.name_limit, " is not from ",
                     JolietNamer::kShortLimit, " to ", JolietNamer::kLongLimit));
  }
  auto projection =
      std::make_unique<Iso9660Projection>(Iso9660Projection::Kind::kJoliet, tree, contents,
                                          std::make_unique<JolietNamer>(options.name_limit));
  Hierarchy& hierarchy = projection->hierarchy();
  Reporter report("joliet", tree, remarks, problems);

  ProjectSymlinks(tree, options, hierarchy, report);
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    const Inode& inode = tree.inode(n);
    if (!HasData(inode.type) && inode.type != NodeType::kSymlink) {
      hierarchy.Omit(n);
      if (options.special == JolietOptions::Special::kRefuse) {
        report.Refuse(n,
                      absl::StrCat("is ", DescribeType(inode.type), ", which Joliet cannot hold"),
                      kOmitFromJoliet);
      } else {
        report.Add(Remark::Kind::kOmitted, n,
                   absl::StrCat("Joliet cannot hold ", DescribeType(inode.type)));
      }
      continue;
    }
    // The primary namespace has checked sizes against its level.
    if (hierarchy.Shows(n)) CheckRecord(tree, contents, n, 3, report);
  }
  RefuseNames(hierarchy.Build(options.names == JolietOptions::Names::kRefuse),
              JolietRemedies(hierarchy, tree, options), report);
  projection->set_descriptor(DescribeJoliet(volume, tree, hierarchy, remarks, problems));
  if (!problems->empty()) return projection;

  ReportChangedNames(tree, hierarchy, report);
  ReportCaseTwins(tree, hierarchy, report);
  return projection;
}

}  // namespace isomason
