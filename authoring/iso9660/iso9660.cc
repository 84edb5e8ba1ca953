#include "authoring/iso9660/iso9660.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/descriptor.h"
#include "authoring/iso9660/identifiers.h"
#include "authoring/iso9660/projection.h"
#include "authoring/iso9660/report.h"

namespace isomason {
namespace {

// xorriso 1.5.4 gives up on the whole image beyond this.
constexpr size_t kLongestXorrisoTarget = 1023;

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
  Reporter report("iso9660", tree, remarks, problems);

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

}  // namespace isomason
