#include "authoring/tree/hide_rules.h"

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "authoring/path_rules.h"

namespace isomason {
namespace {

struct Rule {
  std::vector<Namespace> from;
  bool mark;
  bool matched = false;
};

std::vector<Namespace> NamespacesOf(const manifest::Manifest& m, const manifest::Hide& hide) {
  bool wanted[3] = {false, false, false};
  bool all = hide.from_size() == 0;
  for (const int from : hide.from()) {
    all |= from == manifest::ALL_NAMESPACES;
    wanted[0] |= from == manifest::ISO9660;
    wanted[1] |= from == manifest::JOLIET;
    wanted[2] |= from == manifest::UDF;
  }
  std::vector<Namespace> namespaces;
  if (all || wanted[0]) namespaces.push_back(Namespace::kIso9660);
  if (m.iso9660().has_joliet() && (all || wanted[1])) namespaces.push_back(Namespace::kJoliet);
  if (m.has_udf() && (all || wanted[2])) namespaces.push_back(Namespace::kUdf);
  return namespaces;
}

}  // namespace

std::vector<int> ApplyHideRules(const manifest::Manifest& manifest, const Tree& tree,
                                Hiding* hiding) {
  if (manifest.hide_size() == 0) return {};
  PathRules globs;
  std::vector<Rule> rules;
  for (const manifest::Hide& hide : manifest.hide()) {
    globs.Add(hide.match());
    rules.push_back({NamespacesOf(manifest, hide), hide.by() == manifest::MARK});
  }
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    const std::string path = tree.Path(n);
    for (const uint32_t number : globs.Match(absl::string_view(path).substr(1))) {
      Rule& rule = rules[number];
      rule.matched = true;
      for (const Namespace where : rule.from) {
        rule.mark ? hiding->Mark(tree, n, where) : hiding->Hide(tree, n, where);
      }
    }
  }
  std::vector<int> idle;
  for (size_t i = 0; i < rules.size(); ++i) {
    if (!rules[i].matched) idle.push_back(static_cast<int>(i));
  }
  return idle;
}

}  // namespace isomason
