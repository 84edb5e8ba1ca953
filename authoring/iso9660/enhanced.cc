// The hierarchy of ISO 9660:1999 (see iso9660.h).

#include <memory>

#include "absl/strings/str_cat.h"
#include "authoring/iso9660/descriptor.h"
#include "authoring/iso9660/enhanced_names.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/iso9660/projection.h"
#include "authoring/iso9660/report.h"

namespace isomason {

absl::StatusOr<std::unique_ptr<Iso9660>> Iso9660::ProjectEnhanced(
    const Tree& tree, const ContentTable& contents, const Volume& volume,
    const Iso9660Options& options, Remarks* remarks, Problems* problems) {
  auto projection = std::make_unique<Iso9660Projection>(
      Iso9660Projection::Kind::kEnhanced, tree, contents, std::make_unique<EnhancedNamer>());
  projection->set_copies_path_tables(options.optional_path_tables);
  projection->set_extent(options.extent);
  Hierarchy& hierarchy = projection->hierarchy();
  Reporter report(kEnhancedName, tree, remarks, problems);

  projection->Hide(options.hiding, Namespace::kIso9660);
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    if (!hierarchy.Shows(n)) continue;
    const NodeType type = tree.inode(n).type;
    if (HasData(type)) {
      CheckRecord(tree, contents, n, 3, report);
      continue;
    }
    hierarchy.Omit(n);
    if (options.special == Iso9660Options::Special::kRefuse) {
      report.Refuse(n,
                    absl::StrCat("is ", DescribeType(type),
                                 ", which the hierarchy of ISO 9660:1999 cannot hold"),
                    "set `iso9660.special: OMIT` to leave symlinks, devices, FIFOs and sockets out "
                    "of it, or use `iso9660.level: 3`");
    } else {
      report.Add(Remark::Kind::kOmitted, n,
                 absl::StrCat("ISO 9660:1999 cannot hold ", DescribeType(type)));
    }
  }
  const NameRemedies remedies = {
      [](NodeId) -> std::string {
        return "rename it, set `iso9660.names: MANGLE_NAMES`, or use `iso9660.level: 3`";
      },
      "rename some of them, or use `iso9660.level: 3`",
      absl::StrCat(kFewerDirectories, ", or use `iso9660.level: 3`")};
  RefuseNames(hierarchy.Build(options.names == Iso9660Options::Names::kRefuse), remedies, report);
  projection->set_descriptor(DescribeEnhanced(volume, tree, hierarchy, remarks, problems));
  if (problems->empty()) ReportChangedNames(tree, hierarchy, report);
  return projection;
}

}  // namespace isomason
