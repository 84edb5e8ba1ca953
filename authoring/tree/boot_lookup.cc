#include "authoring/tree/boot_lookup.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/manifest/block_files.h"

namespace isomason {
namespace {

// "did you mean ...": among the files of the tree, which may come from a source.
std::string SuggestFile(const Tree& tree, const std::string& path) {
  constexpr NodeId kMostCandidates = 100000;
  std::vector<std::string> candidates;
  for (NodeId n = 0; n < tree.node_count() && n < kMostCandidates; ++n) {
    if (tree.inode(n).type == NodeType::kFile) candidates.push_back(tree.Path(n));
  }
  const std::string closest = ClosestPath(path, candidates);
  if (closest.empty()) return "add an entry for it, or correct the path";
  return DidYouMean(closest);
}

}  // namespace

void FindBootImages(const LoadedManifest& loaded,
                    absl::FunctionRef<bool(absl::string_view)> is_lost, Resolved* resolved,
                    Diagnostics* diagnostics) {
  const manifest::Boot& boot = loaded.manifest.boot();
  const Tree& tree = resolved->tree;
  if (!boot.catalog().empty()) resolved->boot_catalog = tree.Find(boot.catalog());
  // kNoNode when there are diagnostics.
  const auto find = [&](const std::string& field, const std::string& image, const char* needs) {
    const auto problem = [&](absl::string_view what, absl::string_view remedy) {
      diagnostics->Add(loaded.Locate(field), field, absl::StrCat(Quote(image), what), remedy);
    };
    const NodeId node = tree.Find(image);
    if (node == kNoNode) {
      if (!is_lost(image)) problem(" is not in the image", SuggestFile(tree, image));
    } else if (tree.inode(node).type != NodeType::kFile) {
      problem(" is not a file", "name the boot image itself");
    } else if (tree.inode(node).content == kNoContent) {
      problem(" is empty", needs);
    } else if (node == resolved->boot_catalog && resolved->origins[node] == kBootOrigin) {
      problem(" is the boot catalog itself",
              "name the boot image, or give the catalog another path");
    }
    return node;
  };
  for (int i = 0; i < boot.entry_size(); ++i) {
    const manifest::BootEntry& entry = boot.entry(i);
    resolved->boot_images.push_back(entry.partition() != 0
                                        ? kNoNode
                                        : find(absl::StrCat("boot.entry[", i, "].image"),
                                               entry.image(), "a boot image has bytes to load"));
  }
  for (int i = 0; i < boot.partition_size(); ++i) {
    const std::string& image = boot.partition(i).image();
    if (image.empty()) continue;
    resolved->partitions[static_cast<size_t>(i)].node =
        find(absl::StrCat("boot.partition[", i, "].image"), image,
             "a partition has a sector at the least");
  }
  for (const BlockFile& file : BlockFilesOf(boot.system_area())) {
    resolved->block_files.push_back(
        find(file.field, file.path, "firmware looks for something in it"));
  }
}

}  // namespace isomason
