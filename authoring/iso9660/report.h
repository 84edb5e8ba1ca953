// -----------------------------------------------------------------------------
// File: authoring/iso9660/report.h
// -----------------------------------------------------------------------------
//
// What the primary namespace and Joliet say alike about a tree: remarks and problems
// under the namespace's name, and the checks that hold for both.
//
//   Reporter report("joliet", tree, remarks, problems);
//   report.Refuse(link, "is a symlink, which Joliet cannot hold", "leave it out");
//
#ifndef ISOMASON_AUTHORING_ISO9660_REPORT_H_
#define ISOMASON_AUTHORING_ISO9660_REPORT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/hierarchy.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/node.h"
#include "layout/content.h"

namespace isomason {

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

// What has data and a place in every hierarchy.
inline bool HasData(NodeType type) {
  return type == NodeType::kFile || type == NodeType::kDirectory;
}

// Refuses what records cannot say: a node's time (ECMA-119 9.1.5), and its size against the
// level's sections (6.5.1, 10). Of an inode with several names, the first is named.
void CheckRecord(const Tree& tree, const ContentTable& contents, NodeId node, int level,
                 Reporter& report);

// What to do about a hierarchy's problems.
struct NameRemedies {
  std::function<std::string(NodeId)> misfit;
  std::string alike;
  std::string directories;
};

inline constexpr absl::string_view kFewerDirectories =
    "leave some out, or put them into an archive that the image holds as a file";

// Refuses what Hierarchy::Build() found.
void RefuseNames(const std::vector<NameProblem>& problems, const NameRemedies& remedies,
                 Reporter& report);

// Remarks on every name that the namespace shows otherwise.
void ReportChangedNames(const Tree& tree, const Hierarchy& hierarchy, Reporter& report);

// ", as 5 more": for a remark that stands for several entries.
std::string AndOthers(uint32_t count);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_REPORT_H_
