#include "authoring/iso9660/iso9660.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/descriptor.h"
#include "authoring/iso9660/follow.h"
#include "authoring/iso9660/identifiers.h"
#include "authoring/iso9660/joliet_names.h"
#include "authoring/iso9660/projection.h"
#include "authoring/timestamp.h"

namespace isomason {
namespace {

constexpr absl::string_view kPrimaryWhere = "iso9660";
constexpr absl::string_view kJolietWhere = "joliet";

// xorriso 1.5.4 gives up on the whole image beyond this.
constexpr size_t kLongestXorrisoTarget = 1023;

bool HasData(NodeType type) { return type == NodeType::kFile || type == NodeType::kDirectory; }

// Collects what there is to say about one namespace; the caller may not want remarks.
class Reporter {
 public:
  Reporter(absl::string_view where, const Tree& tree, Remarks* remarks, Problems* problems)
      : where_(where), tree_(tree), remarks_(remarks), problems_(*problems) {}

  void Add(Remark::Kind kind, NodeId node, std::string detail) {
    Add(kind, tree_.Path(node), std::move(detail));
  }
  void Add(Remark::Kind kind, std::string path, std::string detail) {
    if (remarks_ == nullptr) return;
    remarks_->push_back({kind, std::string(where_), std::move(path), std::move(detail)});
  }

  void Refuse(NodeId node, std::string message, absl::string_view remedy) {
    problems_.push_back({.node = node,
                         .where = std::string(where_),
                         .message = std::move(message),
                         .remedy = std::string(remedy)});
  }

 private:
  const absl::string_view where_;
  const Tree& tree_;
  Remarks* const remarks_;
  Problems& problems_;
};

// A node's time against what records hold (ECMA-119 9.1.5), and its size against the
// level's sections (6.5.1, 10). Of an inode with several names, the first is named.
void CheckRecord(const Tree& tree, const ContentTable& contents, NodeId node, int level,
                 Reporter& report) {
  const Inode& inode = tree.inode(node);
  const uint64_t size = inode.content == kNoContent ? 0 : contents.size(inode.content);
  const bool good_time = CheckRecordingDate(inode.time).ok();
  if ((good_time && size <= kLargestSection) || tree.first_node(tree.inode_id(node)) != node) {
    return;
  }
  if (!good_time) {
    report.Refuse(node,
                  absl::StrCat("has the time ", FormatTimestamp(inode.time),
                               "; a directory record holds the years 1900 to 2155 "
                               "(ECMA-119 9.1.5)"),
                  "set `time` in `attributes` in place of `keep: TIME`, or touch the source");
  }
  constexpr uint64_t kLargestFile = kMostSections * kSectionSize;
  if (size > kLargestFile) {
    report.Refuse(node,
                  absl::StrCat("has ", size, " bytes; Linux reads files of at most ", kMostSections,
                               " sections of 4 GiB less one block, ", kLargestFile,
                               " bytes (ECMA-119 6.5.1)"),
                  "divide the file");
  } else if (size > kLargestSection && level < 3) {
    report.Refuse(
        node,
        absl::StrCat("has ", size, " bytes; at level ", level,
                     " a file is one section of less than 4 GiB (ECMA-119 10.", level, ")"),
        "use `iso9660.level: 3`");
  }
}

// What Rock Ridge cannot say so that Linux reads it.
void CheckRockRidge(const Tree& tree, NodeId node, Reporter& report) {
  const Inode& inode = tree.inode(node);
  if (tree.name(node).size() > kLongestRockRidgeName) {
    report.Refuse(node,
                  absl::StrCat("has a name of ", tree.name(node).size(),
                               " bytes; of Rock Ridge names Linux shows ", kLongestRockRidgeName,
                               " bytes (RRIP 4.1.4)"),
                  "shorten the name");
  }
  if (inode.type == NodeType::kSymlink) {
    const absl::string_view target = tree.target(inode);
    const std::string normal = NormalTarget(target);
    if (target.empty() || target.find('\0') != absl::string_view::npos) {
      report.Refuse(node,
                    absl::StrCat("is a symlink whose target ",
                                 target.empty() ? "is empty" : "has a zero byte", " (RRIP 4.1.3)"),
                    "correct the target");
    } else if (normal.size() > kLongestSymlinkTarget) {
      report.Refuse(node,
                    absl::StrCat("is a symlink with a target of ", normal.size(),
                                 " bytes; of Rock Ridge targets Linux reads ",
                                 kLongestSymlinkTarget, " bytes (RRIP 4.1.3)"),
                    "shorten the target");
    } else if (normal.size() > kLongestXorrisoTarget) {
      report.Add(Remark::Kind::kReader, node,
                 absl::StrCat("has a target of ", normal.size(),
                              " bytes; xorriso loads no image "
                              "that holds one of more than ",
                              kLongestXorrisoTarget));
    }
    if (normal != target) report.Add(Remark::Kind::kChangedTarget, node, normal);
  }
  const bool device =
      inode.type == NodeType::kBlockDevice || inode.type == NodeType::kCharacterDevice;
  if (device && inode.device_major == 0 && inode.device_minor > 255) {
    report.Add(Remark::Kind::kReader, node,
               absl::StrCat("Linux shows the device 0:", inode.device_minor, " as ",
                            inode.device_minor >> 8, ":", inode.device_minor & 255));
  }
}

// What to do about a hierarchy's problems.
struct NameRemedies {
  std::function<std::string(NodeId)> misfit;
  std::string alike;
  std::string directories;
};

void RefuseNames(const std::vector<NameProblem>& problems, const NameRemedies& remedies,
                 Reporter& report) {
  for (const NameProblem& problem : problems) {
    switch (problem.kind) {
      case NameProblem::Kind::kMisfit:
        report.Refuse(problem.node, problem.message, remedies.misfit(problem.node));
        break;
      case NameProblem::Kind::kTooManyAlike:
        report.Refuse(problem.node, problem.message, remedies.alike);
        break;
      case NameProblem::Kind::kTooManyDirectories:
        report.Refuse(problem.node, problem.message, remedies.directories);
        break;
    }
  }
}

constexpr absl::string_view kFewerDirectories =
    "leave some out, or put them into an archive that the image holds as a file";

NameRemedies PrimaryRemedies(const Tree& tree, const Iso9660Options& options) {
  return {
      [&tree, &options](NodeId node) {
        const bool level = options.level == 1 &&
                           IsoNamer(3).Misfit(tree.name(node), tree.is_directory(node)).empty();
        return absl::StrCat(
            level ? "rename it, use `iso9660.level: 3`, or set `iso9660.names: MANGLE_NAMES`"
                  : "rename it, or set `iso9660.names: MANGLE_NAMES`",
            options.rock_ridge ? ""
                               : "; with `rock_ridge {}` in `iso9660` readers see the true name");
      },
      options.level == 1 ? "rename some of them, or use `iso9660.level: 3`" : "rename some of them",
      std::string(kFewerDirectories)};
}

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

// Every name that the namespace shows otherwise.
void ReportChangedNames(const Tree& tree, const Hierarchy& hierarchy, Reporter& report) {
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    if (!hierarchy.Shows(n) || !hierarchy.IsChanged(n)) continue;
    report.Add(Remark::Kind::kChangedName, n, hierarchy.Shown(n));
  }
}

// Eight levels are what the standard allows. Relocation, the way around it, is what
// most readers cannot follow, so directories stay where they are.
void ReportDepth(const Hierarchy& hierarchy, Reporter& report) {
  const auto deepest = static_cast<uint32_t>(hierarchy.directories().size() - 1);
  const uint32_t depth = hierarchy.Depth(deepest);
  if (depth <= 8) return;
  report.Add(Remark::Kind::kReader, hierarchy.Path(deepest),
             absl::StrCat("is ", depth,
                          " levels deep, as deep as any directory here; ECMA-119 "
                          "6.8.2.1 allows 8, and DOS reads no more"));
}

// ", as 5 more": for a remark that stands for several entries.
std::string AndOthers(uint32_t count) {
  return count == 1 ? "" : absl::StrCat(", as ", count - 1, " more");
}

// 7-Zip reads Rock Ridge inside the directory record alone.
void ReportContinued(const Tree& tree, const Hierarchy& hierarchy, Reporter& report) {
  struct Found {
    uint32_t count = 0;
    NodeId first = kNoNode;
    void Note(NodeId node) {
      if (count++ == 0) first = node;
    }
  } names, targets;
  std::string identifier;
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    const bool symlink = tree.inode(n).type == NodeType::kSymlink;
    if (!symlink && tree.name(n).size() < 64) continue;  // fits beside any identifier
    identifier.clear();
    hierarchy.AppendRecorded(n, identifier);
    PosixRecord posix = PosixRecordOf(tree, n, 1);
    posix.name = tree.name(n);
    if (SystemUseSize(posix) <= DirectoryWriter::SystemUseRoom(identifier.size())) continue;
    (symlink ? targets : names).Note(n);
  }
  if (names.count > 0) {
    report.Add(Remark::Kind::kReader, names.first,
               absl::StrCat("has a name that does not fit into its directory record",
                            AndOthers(names.count),
                            "; 7-Zip shows its beginning where it reads Rock Ridge"));
  }
  if (targets.count > 0) {
    report.Add(Remark::Kind::kReader, targets.first,
               absl::StrCat("has a target that does not fit into its directory record",
                            AndOthers(targets.count),
                            "; 7-Zip shows its beginning where it reads Rock Ridge"));
  }
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

class TerminatorOwner : public PieceOwner {
 public:
  absl::string_view owner_name() const override { return "iso9660"; }
  std::string Describe(uint32_t) const override { return "volume descriptor set terminator"; }
  absl::Status Render(uint32_t, const Addresses&, std::string& out) const override {
    Append(kTerminator, Terminator{}, out);
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<PieceOwner> MakeTerminator() { return std::make_unique<TerminatorOwner>(); }

absl::StatusOr<std::unique_ptr<Iso9660>> Iso9660::Project(const Tree& tree,
                                                          const ContentTable& contents,
                                                          const Volume& volume,
                                                          const Iso9660Options& options,
                                                          Remarks* remarks, Problems* problems) {
  if (options.level < 1 || options.level > 3) {
    return absl::InvalidArgumentError(absl::StrCat("iso9660.level: ", options.level,
                                                   " is not an interchange level of ECMA-119 10: "
                                                   "1, 2 or 3"));
  }
  auto projection = std::make_unique<Iso9660Projection>(
      options.rock_ridge ? Iso9660Projection::Kind::kRockRidge : Iso9660Projection::Kind::kPrimary,
      tree, contents, std::make_unique<IsoNamer>(options.level));
  Hierarchy& hierarchy = projection->hierarchy();
  Reporter report(kPrimaryWhere, tree, remarks, problems);

  for (NodeId n = 0; n < tree.node_count(); ++n) {
    const Inode& inode = tree.inode(n);
    if (!options.rock_ridge && !HasData(inode.type)) {
      hierarchy.Omit(n);
      if (options.special == Iso9660Options::Special::kRefuse) {
        report.Refuse(
            n,
            absl::StrCat("is ", DescribeType(inode.type),
                         ", which ISO 9660 cannot hold without Rock Ridge"),
            "add `rock_ridge {}` to `iso9660`, or set `iso9660.special: OMIT` to leave out "
            "symlinks, devices, FIFOs and sockets");
      } else {
        report.Add(
            Remark::Kind::kOmitted, n,
            absl::StrCat("ISO 9660 cannot hold ", DescribeType(inode.type), " without Rock Ridge"));
      }
      continue;
    }
    CheckRecord(tree, contents, n, options.level, report);
    if (options.rock_ridge) CheckRockRidge(tree, n, report);
  }
  RefuseNames(hierarchy.Build(options.names == Iso9660Options::Names::kRefuse),
              PrimaryRemedies(tree, options), report);
  projection->set_descriptor(DescribePrimary(volume, tree, hierarchy, problems));
  if (!problems->empty()) return projection;

  if (options.rock_ridge) {
    ReportContinued(tree, hierarchy, report);
  } else {
    ReportChangedNames(tree, hierarchy, report);
  }
  ReportDepth(hierarchy, report);
  return projection;
}

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
  Reporter report(kJolietWhere, tree, remarks, problems);

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
