#include "authoring/iso9660/iso9660.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/descriptor.h"
#include "authoring/iso9660/identifiers.h"
#include "authoring/iso9660/projection.h"
#include "authoring/iso9660/report.h"
#include "authoring/iso9660/rock_ridge_report.h"
#include "authoring/iso9660/system_use.h"

namespace isomason {
namespace {

NameRemedies PrimaryRemedies(const Tree& tree, const Iso9660Options& options) {
  return {
      [&tree, &options](NodeId node) {
        const bool level =
            options.level == 1 && IsoNamer(3, options.relaxations)
                                      .Misfit(tree.name(node), tree.is_directory(node))
                                      .empty();
        return absl::StrCat(
            level ? "rename it, use `iso9660.level: 3`, or set `iso9660.names: MANGLE_NAMES`"
                  : "rename it, or set `iso9660.names: MANGLE_NAMES`",
            options.rock_ridge ? ""
                               : "; with `rock_ridge {}` in `iso9660` readers see the true name");
      },
      options.level == 1 ? "rename some of them, or use `iso9660.level: 3`" : "rename some of them",
      std::string(kFewerDirectories)};
}

// What ECMA-119 6.8.2.1 does not allow.
void RefuseDeep(const Hierarchy& hierarchy, bool strict, Reporter& report) {
  const absl::string_view remedy =
      strict ? "put it higher, or leave out `iso9660.profile`"
             : "put it higher, or set `iso9660.deep_directories: KEEP_DIRECTORIES`";
  const std::vector<Hierarchy::Directory>& directories = hierarchy.directories();
  std::vector<uint32_t> levels(directories.size(), 1);
  for (uint32_t i = 1; i < directories.size(); ++i) {
    levels[i] = levels[directories[i].parent] + 1;
    if (levels[i] != Hierarchy::kMostLevels + 1) continue;
    report.Refuse(directories[i].node,
                  absl::StrCat("is a directory ", levels[i],
                               " levels deep, counting the root; ECMA-119 6.8.2.1 allows ",
                               Hierarchy::kMostLevels),
                  remedy);
  }
  for (const Hierarchy::LongPath& path : hierarchy.LongPaths()) {
    if (levels[path.directory] > Hierarchy::kMostLevels) continue;
    report.Refuse(path.entry,
                  absl::StrCat("has a path of ", path.size, " bytes in identifiers of ISO 9660; ",
                               "ECMA-119 6.8.2.1 allows ", Hierarchy::kLongestPath),
                  remedy);
  }
}

// Relocation is not what every reader follows.
void ReportRelocated(const Hierarchy& hierarchy, const Iso9660Options& options, Reporter& report) {
  if (hierarchy.relocated_count() == 0) return;
  report.Add(Remark::Kind::kReader, hierarchy.first_relocated(),
             absl::StrCat("is relocated to /", options.relocation_directory,
                          AndOthers(static_cast<uint32_t>(hierarchy.relocated_count())),
                          "; isoinfo, libcdio, 7-Zip, GRUB and pycdlib see it there alone"));
  if (options.relocation_directory == "rr_moved" || options.relocation_directory == ".rr_moved") {
    return;
  }
  report.Add(Remark::Kind::kReader, absl::StrCat("/", options.relocation_directory),
             "is a relocation directory of a name of its own; libarchive reads no such image, "
             "unless it is called rr_moved or .rr_moved");
}

// Eight levels are what the standard allows. Relocation, the way around it, is what
// most readers cannot follow, so directories stay where they are by default.
void ReportDepth(const Hierarchy& hierarchy, Reporter& report) {
  const auto deepest = static_cast<uint32_t>(hierarchy.directories().size() - 1);
  const uint32_t depth = hierarchy.Depth(deepest);
  if (depth <= Hierarchy::kMostLevels) return;
  report.Add(Remark::Kind::kReader, hierarchy.Path(deepest),
             absl::StrCat("is ", depth,
                          " levels deep, as deep as any directory here; ECMA-119 "
                          "6.8.2.1 allows 8, and DOS reads no more"));
}

// System use entries that are neither SUSP's nor Rock Ridge's.
void ReportForeignEntries(const SystemUses* uses, Reporter& report) {
  if (uses == nullptr || uses->empty()) return;
  NodeId first = kNoNode;
  for (const auto& [node, use] : *uses) first = std::min(first, node);
  report.Add(Remark::Kind::kReader, first,
             absl::StrCat("has system use entries of its own",
                          AndOthers(static_cast<uint32_t>(uses->size())),
                          "; pycdlib opens no image with entries that it does not know"));
}

// Windows takes a directory for damaged that holds a name with one of these. (It takes
// Joliet before plain names, and knows no Rock Ridge.)
void ReportWindowsCharacters(const Tree& tree, const Hierarchy& hierarchy, Reporter& report) {
  uint32_t count = 0;
  NodeId first = kNoNode;
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    if (tree.name(n).find_first_of("\"*:<>?\\|") == absl::string_view::npos ||
        hierarchy.Shown(n).find_first_of("\"*:<>?\\|") == std::string::npos) {
      continue;
    }
    if (count++ == 0) first = n;
  }
  if (count == 0) return;
  report.Add(Remark::Kind::kReader, first,
             absl::StrCat("has one of \" * : < > ? \\ | in its plain name", AndOthers(count),
                          "; Windows lists no such directory unless there is Joliet"));
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
      tree, contents, std::make_unique<IsoNamer>(options.level, options.relaxations));
  projection->set_rock_ridge_form(options.rock_ridge_form);
  projection->set_copies_path_tables(options.optional_path_tables);
  projection->set_system_use(options.xa, options.system_uses);
  projection->set_compressed(options.compressed);
  projection->set_created(options.created);
  projection->set_extent(options.extent);
  Hierarchy& hierarchy = projection->hierarchy();
  Reporter report("iso9660", tree, remarks, problems);

  projection->Hide(options.hiding, Namespace::kIso9660);
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    const Inode& inode = tree.inode(n);
    if (!hierarchy.Shows(n)) continue;
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
  using Deep = Iso9660Options::DeepDirectories;
  if (options.deep_directories == Deep::kRelocate && options.rock_ridge) {
    hierarchy.Relocate(options.relocation_directory);
    projection->set_hides_relocation_directory(!options.shows_relocation_directory);
  }
  const std::vector<NameProblem> name_problems =
      hierarchy.Build(options.names == Iso9660Options::Names::kRefuse);
  RefuseNames(name_problems, PrimaryRemedies(tree, options), report);
  if (options.deep_directories == Deep::kRefuse && name_problems.empty()) {
    RefuseDeep(hierarchy, options.strict, report);
  }
  const SystemUses no_uses;
  CheckSystemUse(tree, hierarchy, options.system_uses == nullptr ? no_uses : *options.system_uses,
                 options.rock_ridge, options.xa, problems);
  projection->set_descriptor(DescribePrimary(volume, options.xa, tree, hierarchy, problems));
  projection->set_media_check(volume.media_check);
  if (!problems->empty()) return projection;

  if (options.rock_ridge) {
    ReportRockRidge(tree, hierarchy, options.rock_ridge_form, options.created, report);
  } else {
    ReportChangedNames(tree, hierarchy, report);
  }
  if (options.relaxations.ascii) ReportWindowsCharacters(tree, hierarchy, report);
  ReportRelocated(hierarchy, options, report);
  if (options.rock_ridge) ReportForeignEntries(options.system_uses, report);
  ReportDepth(hierarchy, report);
  return projection;
}

}  // namespace isomason
