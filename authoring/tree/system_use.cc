#include "authoring/tree/system_use.h"

#include "absl/strings/str_cat.h"

namespace isomason {

SystemUses SystemUsesOf(const manifest::Manifest& manifest, const Tree& tree) {
  SystemUses uses;
  for (int i = 0; i < manifest.entry_size(); ++i) {
    const manifest::Entry& entry = manifest.entry(i);
    if (entry.system_use().empty() && uses.empty()) continue;
    const NodeId node = tree.Find(entry.path());
    if (node == kNoNode) continue;
    if (!entry.system_use().empty()) {
      uses[node] = {entry.system_use(), absl::StrCat("entry[", i, "].system_use")};
    } else if (!entry.has_directory() && !entry.has_tree()) {
      uses.erase(node);
    }
  }
  return uses;
}

}  // namespace isomason
