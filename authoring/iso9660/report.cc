#include "authoring/iso9660/report.h"

#include "absl/strings/str_cat.h"
#include "authoring/iso9660/dates.h"
#include "authoring/iso9660/directory.h"
#include "authoring/timestamp.h"

namespace isomason {

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
      case NameProblem::Kind::kTooLongPath:
        report.Refuse(
            problem.node, problem.message,
            "shorten names on its path, or set `iso9660.deep_directories: KEEP_DIRECTORIES`");
        break;
      case NameProblem::Kind::kNoRelocationPlace:
        report.Refuse(problem.node, problem.message,
                      "rename it, or give `iso9660.relocation_directory` another `name`");
        break;
    }
  }
}

void ReportChangedNames(const Tree& tree, const Hierarchy& hierarchy, Reporter& report) {
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    if (!hierarchy.Shows(n) || !hierarchy.IsChanged(n)) continue;
    report.Add(Remark::Kind::kChangedName, n, hierarchy.Shown(n));
  }
}

std::string AndOthers(uint32_t count) {
  return count == 1 ? "" : absl::StrCat(", as ", count - 1, " more");
}

}  // namespace isomason
