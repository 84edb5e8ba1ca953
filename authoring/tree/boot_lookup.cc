#include "authoring/tree/boot_lookup.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

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
  for (int i = 0; i < boot.entry_size(); ++i) {
    const std::string& image = boot.entry(i).image();
    const std::string field = absl::StrCat("boot.entry[", i, "].image");
    const auto problem = [&](absl::string_view what, absl::string_view remedy) {
      diagnostics->Add(loaded.Locate(field), field, absl::StrCat(Quote(image), what), remedy);
    };
    const NodeId node = tree.Find(image);
    resolved->boot_images.push_back(node);
    if (node == kNoNode) {
      if (!is_lost(image)) problem(" is not in the image", SuggestFile(tree, image));
    } else if (tree.inode(node).type != NodeType::kFile) {
      problem(" is not a file", "name the boot image itself");
    } else if (tree.inode(node).content == kNoContent) {
      problem(" is empty", "a boot image has bytes to load");
    } else if (node == resolved->boot_catalog && resolved->origins[node] == kBootOrigin) {
      problem(" is the boot catalog itself",
              "name the boot image, or give the catalog another path");
    }
  }
}

}  // namespace isomason
