// The Joliet view of a tree.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/descriptor.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/iso9660/joliet_names.h"
#include "authoring/iso9660/path_length.h"
#include "authoring/iso9660/projection.h"
#include "authoring/iso9660/report.h"
#include "authoring/tree/follow.h"

namespace isomason {
namespace {

NameRemedies JolietRemedies(const Hierarchy& hierarchy, const Tree& tree,
                            const JolietOptions& options) {
  return {[&hierarchy, &tree, &options](NodeId node) -> std::string {
            // Whether the name would be taken as it is.
            const auto fits = [&](int limit, JolietNaming::BeyondBmp beyond_bmp) {
              JolietNaming naming = options.naming;
              naming.limit = std::max(naming.limit, limit);
              naming.beyond_bmp = beyond_bmp;
              return JolietNamer(naming)
                  .Misfit(tree.name(node), hierarchy.ShowsDirectory(node))
                  .empty();
            };
            if (fits(options.naming.limit, JolietNaming::BeyondBmp::kEmit)) {
              return "rename it, or set `iso9660.joliet.beyond_bmp` to MANGLE_CHARACTERS, or to "
                     "EMIT_CHARACTERS for readers that know UTF-16";
            }
            return fits(JolietNamer::kLongLimit, options.naming.beyond_bmp)
                       ? "rename it, use `iso9660.joliet.name_limit: 103`, or set "
                         "`iso9660.joliet.names: MANGLE_NAMES`"
                       : "rename it, or set `iso9660.joliet.names: MANGLE_NAMES`";
          },
          "rename some of them",
          options.symlinks == JolietOptions::Symlinks::kFollow
              ? "set `iso9660.joliet.symlinks: OMIT`, for each link to a directory shows all of it "
                "again, or leave out `iso9660.joliet`"
              : absl::StrCat(kFewerDirectories, ", or leave out `iso9660.joliet`")};
}

std::string Shortened(absl::string_view text) {
  return text.size() <= 100 ? std::string(text) : absl::StrCat(text.substr(0, 97), "...");
}

constexpr absl::string_view kReadersOfLongPaths =
    " units of UTF-16; libarchive gives up the image at one of more than 512";

constexpr absl::string_view kOmitFromJoliet =
    "set `iso9660.joliet.special: OMIT` to leave devices, FIFOs and sockets out of Joliet";

// Takes out of `links` those that are hidden, and those that lead to something hidden.
void ForgetHiddenLinks(const Tree& tree, Hierarchy& hierarchy, FollowedLinks& links,
                       Reporter& report) {
  using Link = std::pair<NodeId, NodeId>;
  for (std::vector<Link>* followed : {&links.to_files, &links.to_directories}) {
    const auto gone = [&](const Link& link) {
      if (!hierarchy.Shows(link.first)) return true;
      if (hierarchy.Shows(link.second)) return false;
      hierarchy.Omit(link.first);
      report.Add(Remark::Kind::kOmitted, link.first,
                 absl::StrCat("the symlink leads to ", tree.Path(link.second),
                              ", which is hidden from Joliet"));
      return true;
    };
    followed->erase(std::remove_if(followed->begin(), followed->end(), gone), followed->end());
  }
  links.dangling.erase(std::remove_if(links.dangling.begin(), links.dangling.end(),
                                      [&](NodeId n) { return !hierarchy.Shows(n); }),
                       links.dangling.end());
  links.circular.erase(
      std::remove_if(links.circular.begin(), links.circular.end(),
                     [&](const Link& link) { return !hierarchy.Shows(link.first); }),
      links.circular.end());
}

// Linux mounts Joliet when the root shows less than one entry beside itself and its parent.
void ReportEmptyPrimary(const Tree& tree, const JolietOptions& options, const Hierarchy& hierarchy,
                        Reporter& report) {
  if (options.hiding == nullptr || hierarchy.entries(hierarchy.directories()[0]).empty()) return;
  for (const NodeId n : tree.children(tree.root())) {
    if (!options.hiding->Hides(n, Namespace::kIso9660)) return;
  }
  report.Add(Remark::Kind::kReader, "",
             "nothing is shown in ISO 9660, so Linux mounts Joliet in its place");
}

// Decides what stands for the symlinks.
void ProjectSymlinks(const Tree& tree, const JolietOptions& options, Hierarchy& hierarchy,
                     Reporter& report) {
  if (options.symlinks != JolietOptions::Symlinks::kFollow) {
    for (NodeId n = 1; n < tree.node_count(); ++n) {
      if (tree.inode(n).type != NodeType::kSymlink || !hierarchy.Shows(n)) continue;
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
  ForgetHiddenLinks(tree, hierarchy, links, report);
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

// Leaves out, with all they hold, the entries that `paths` are about.
void OmitLongPaths(const Tree& tree, const LongPaths& paths, Hierarchy& hierarchy,
                   Reporter& report) {
  for (const LongPath& path : paths.outermost) {
    const NodeId node = path.link == kNoNode ? path.entry : path.link;
    if (!hierarchy.Shows(node)) continue;  // a link that several long paths lead through
    hierarchy.Omit(node);
    report.Add(Remark::Kind::kOmitted, node,
               path.link == kNoNode
                   ? absl::StrCat("its path has ", path.units, kReadersOfLongPaths)
                   : absl::StrCat("there, the path of ", tree.Path(path.entry), " would have ",
                                  path.units, kReadersOfLongPaths));
  }
}

// Decides about paths that are longer than the specification or a reader wants them.
void ProjectLongPaths(const Tree& tree, const JolietOptions& options, Hierarchy& hierarchy,
                      Reporter& report) {
  using Policy = JolietOptions::LongPaths;
  if (options.long_paths == Policy::kOmit) {
    // A name may be spelled otherwise, and be longer, when another is gone.
    for (;;) {
      const LongPaths paths = FindLongPaths(tree, hierarchy, kReadablePath);
      if (paths.count == 0) break;
      OmitLongPaths(tree, paths, hierarchy, report);
      hierarchy.Build(/*refuse=*/false);
    }
  }
  // libarchive takes Rock Ridge where there is some, and never looks at Joliet's paths.
  const bool refuse_unreadable = options.long_paths == Policy::kReadable && !options.rock_ridge;
  if (refuse_unreadable || options.long_paths == Policy::kRefuse) {
    const size_t most = refuse_unreadable ? kReadablePath : kSpecifiedPath;
    for (const LongPath& path : FindLongPaths(tree, hierarchy, most).outermost) {
      report.Refuse(
          path.link == kNoNode ? path.entry : path.link,
          absl::StrCat(path.link == kNoNode
                           ? "has a path"
                           : absl::StrCat("shows ", tree.Path(path.entry), " with a path"),
                       " of ", path.units, " units of UTF-16 in Joliet; ",
                       refuse_unreadable ? "libarchive gives up the image at one of more than 512"
                                         : "its specification allows 120, which are 240 bytes"),
          refuse_unreadable ? "shorten it, add `rock_ridge {}`, which libarchive prefers, or set "
                              "`iso9660.joliet.long_paths` to EMIT or OMIT"
                            : "shorten it, or leave out `iso9660.joliet.long_paths`");
    }
    if (!refuse_unreadable) return;
  }
  const LongPaths paths = FindLongPaths(tree, hierarchy, kSpecifiedPath);
  if (paths.count == 0) return;
  report.Add(Remark::Kind::kReader, paths.longest.entry,
             absl::StrCat("has a path of ", paths.longest.units, " units of UTF-16",
                          AndOthers(static_cast<uint32_t>(paths.count)),
                          " of more than 120, the most that Joliet's specification allows",
                          paths.longest.units > kReadablePath
                              ? "; libarchive gives up the image where it reads Joliet"
                              : ""));
}

// Two labels on one disc: somebody will look for the other one.
void ReportLabel(const Volume& volume, const JolietOptions& options, Reporter& report) {
  if (options.volume_id.empty() || options.volume_id == volume.id) return;
  const bool begins = absl::StartsWith(volume.id, options.volume_id);
  report.Add(Remark::Kind::kReader, "",
             absl::StrCat("the label here is \"", options.volume_id, "\", and \"", volume.id,
                          "\" in ISO 9660; ",
                          begins ? "Windows shows the first, libblkid the second, which begins "
                                   "like it"
                                 : "Windows and libblkid show the first, xorriso and isoinfo the "
                                   "second",
                          options.rock_ridge ? ""
                                             : "; GRUB shows the first where there is no "
                                               "Rock Ridge"));
}

// Names that only an image with `name_limit` above 103 can have.
void ReportLongNames(const Tree& tree, const JolietOptions& options, const Hierarchy& hierarchy,
                     Reporter& report) {
  if (options.naming.limit <= JolietNamer::kLongLimit) return;
  uint32_t count = 0;
  NodeId first = kNoNode;
  std::string spelling;
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    if (!hierarchy.Shows(n)) continue;
    spelling.clear();
    hierarchy.AppendSpelling(n, spelling);
    if (spelling.size() / 2 <= JolietNamer::kLongLimit) continue;
    if (count++ == 0) first = n;
  }
  if (count == 0) return;
  report.Add(Remark::Kind::kReader, first,
             absl::StrCat("has a name of more than 103 units of UTF-16", AndOthers(count),
                          "; libarchive shows the first 103 where it reads Joliet"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Iso9660>> Iso9660::ProjectJoliet(
    const Tree& tree, const ContentTable& contents, const Volume& volume,
    const JolietOptions& options, Remarks* remarks, Problems* problems) {
  if (options.naming.limit < JolietNamer::kShortLimit ||
      options.naming.limit > JolietNamer::kRecordLimit) {
    return absl::InvalidArgumentError(
        absl::StrCat("iso9660.joliet.name_limit: ", options.naming.limit, " is not from ",
                     JolietNamer::kShortLimit, " to ", JolietNamer::kRecordLimit));
  }
  if (options.level < 1 || options.level > 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("iso9660.joliet.level: ", options.level, " is not 1, 2 or 3"));
  }
  auto projection =
      std::make_unique<Iso9660Projection>(Iso9660Projection::Kind::kJoliet, tree, contents,
                                          std::make_unique<JolietNamer>(options.naming));
  projection->set_copies_path_tables(options.optional_path_tables);
  projection->set_extent(options.extent);
  Hierarchy& hierarchy = projection->hierarchy();
  Reporter report("joliet", tree, remarks, problems);

  projection->Hide(options.hiding, Namespace::kJoliet);
  ProjectSymlinks(tree, options, hierarchy, report);
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    const Inode& inode = tree.inode(n);
    if (!hierarchy.Shows(n)) continue;
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
    CheckRecord(tree, contents, n, 3, report);
  }
  RefuseNames(hierarchy.Build(options.names == JolietOptions::Names::kRefuse),
              JolietRemedies(hierarchy, tree, options), report);
  ProjectLongPaths(tree, options, hierarchy, report);
  projection->set_descriptor(DescribeJoliet(volume, {options.level, options.volume_id}, tree,
                                            hierarchy, remarks, problems));
  if (!problems->empty()) return projection;

  ReportLabel(volume, options, report);
  ReportEmptyPrimary(tree, options, hierarchy, report);
  ReportLongNames(tree, options, hierarchy, report);
  ReportChangedNames(tree, hierarchy, report);
  return projection;
}

}  // namespace isomason
