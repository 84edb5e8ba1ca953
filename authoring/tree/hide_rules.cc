#include "authoring/tree/hide_rules.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "authoring/path_rules.h"

namespace isomason {
namespace {

struct Rule {
  std::vector<Namespace> from;
  bool mark;
  bool matched = false;
};

bool HidesFrom(const manifest::Hide& hide, Namespace where) {
  if (hide.from_size() == 0) return true;
  const auto& from = hide.from();
  return std::any_of(from.begin(), from.end(), [&](int f) {
    return f == manifest::ALL_NAMESPACES || f == (where == Namespace::kIso9660  ? manifest::ISO9660
                                                  : where == Namespace::kJoliet ? manifest::JOLIET
                                                                                : manifest::UDF);
  });
}

}  // namespace

std::vector<Namespace> NamespacesOf(const manifest::Manifest& manifest) {
  std::vector<Namespace> namespaces;
  if (manifest.udf().bridge() != manifest::NO_BRIDGE) namespaces.push_back(Namespace::kIso9660);
  if (manifest.iso9660().has_joliet()) namespaces.push_back(Namespace::kJoliet);
  if (manifest.has_udf()) namespaces.push_back(Namespace::kUdf);
  return namespaces;
}

std::vector<int> ApplyHideRules(const manifest::Manifest& manifest, const Tree& tree,
                                Hiding* hiding) {
  if (manifest.hide_size() == 0) return {};
  PathRules globs;
  std::vector<Rule> rules;
  for (const manifest::Hide& hide : manifest.hide()) {
    globs.Add(hide.match());
    std::vector<Namespace> from;
    for (const Namespace where : NamespacesOf(manifest)) {
      if (HidesFrom(hide, where)) from.push_back(where);
    }
    rules.push_back({std::move(from), hide.by() == manifest::MARK});
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
