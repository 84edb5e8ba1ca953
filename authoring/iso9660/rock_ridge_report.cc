#include "authoring/iso9660/rock_ridge_report.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/directory.h"
#include "authoring/iso9660/projection.h"

namespace isomason {
namespace {

// xorriso 1.5.4 gives up on the whole image beyond this.
constexpr size_t kLongestXorrisoTarget = 1023;

// 7-Zip reads Rock Ridge inside the directory record alone.
void ReportContinued(const Tree& tree, const Hierarchy& hierarchy, RockRidgeForm form,
                     const CreationTimes* created, Reporter& report) {
  struct Found {
    uint32_t count = 0;
    NodeId first = kNoNode;
    void Note(NodeId node) {
      if (count++ == 0) first = node;
    }
  } names, targets;
  std::string identifier;
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    if (!hierarchy.Shows(n)) continue;
    const bool symlink = tree.inode(n).type == NodeType::kSymlink;
    if (!symlink && tree.name(n).size() < 64) continue;  // fits beside any identifier
    identifier.clear();
    hierarchy.AppendRecorded(n, identifier);
    PosixRecord posix = PosixRecordOf(form, tree, created, n, 1);
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

// libarchive takes the address of a file for its serial number where there is none. Where
// there is, it reads what lies at one place once, and cannot go back on a pipe.
void ReportSharedContents(const Tree& tree, RockRidgeForm form, Reporter& report) {
  absl::flat_hash_map<ContentId, InodeId> owners;
  uint32_t count = 0;
  NodeId first = kNoNode;
  for (InodeId i = 0; i < tree.inode_count(); ++i) {
    const ContentId content = tree.inode_at(i).content;
    if (content == kNoContent || owners.try_emplace(content, i).second) continue;
    if (count++ == 0) first = tree.first_node(i);
  }
  if (count == 0) return;
  report.Add(
      Remark::Kind::kReader, first,
      absl::StrCat(
          "shares its contents with another file", AndOthers(count), "; ",
          form.serial_numbers
              ? "libarchive reads such files from a file, and not from a pipe, and may not see "
                "which of them are hard links"
              : "without serial numbers libarchive takes such files for hard links"));
}

}  // namespace

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

void ReportRockRidge(const Tree& tree, const Hierarchy& hierarchy, RockRidgeForm form,
                     const CreationTimes* created, Reporter& report) {
  ReportContinued(tree, hierarchy, form, created, report);
  ReportSharedContents(tree, form, report);
}

}  // namespace isomason
