#include "authoring/tree/stub.h"

#include "authoring/path_rules.h"

namespace isomason {

bool IsStub(const manifest::Manifest& manifest) {
  return manifest.udf().bridge() == manifest::STUB_BRIDGE;
}

std::string StubPath(const manifest::Manifest& manifest) {
  const std::string& path = manifest.udf().stub().path();
  return path.empty() ? std::string(kStubPath) : path;
}

std::string StubText(const manifest::Manifest& manifest) {
  const manifest::Stub& stub = manifest.udf().stub();
  return stub.has_text() ? stub.text() : std::string(kStubText);
}

std::vector<std::string> HideBesideStub(const manifest::Manifest& manifest, const Tree& tree,
                                        Hiding* hiding) {
  if (!IsStub(manifest)) return {};
  PathRules keep;
  for (const std::string& glob : manifest.udf().stub().keep()) keep.Add(glob);
  // A directory has a lower number than what it holds: down for what is kept with a
  // directory, up for the directories above it.
  std::vector<bool> kept(tree.node_count());
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    const bool matches =
        !keep.empty() && !keep.Match(absl::string_view(tree.Path(n)).substr(1)).empty();
    kept[n] = matches || kept[tree.parent(n)];
  }
  if (!StubText(manifest).empty()) {
    const NodeId text = tree.Find(StubPath(manifest));
    if (text != kNoNode) {
      kept[text] = true;
      hiding->Hide(tree, text, Namespace::kUdf);
    }
  }
  for (NodeId n = tree.node_count(); n-- > 1;) {
    if (kept[n]) kept[tree.parent(n)] = true;
  }
  kept[tree.root()] = true;
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    if (!kept[n] && kept[tree.parent(n)]) hiding->Hide(tree, n, Namespace::kIso9660);
  }
  return keep.Idle();
}

}  // namespace isomason
