#include "authoring/blame.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace isomason {
namespace {

// A path is shown whole: the longest name has 255 bytes.
constexpr size_t kLongestShownPath = 1000;

}  // namespace

std::string FieldToBlame(const manifest::Manifest& manifest, const Resolved& resolved,
                         NodeId node) {
  const uint32_t origin = resolved.origins[node];
  if (origin == kBootOrigin) return "boot.catalog";
  if (origin == kNoOrigin) return "";
  if (origin == kStubOrigin) return "udf.bridge";
  if (origin >= kPartitionOrigin) return PartitionImageField(origin);
  const manifest::Entry& entry = manifest.entry(static_cast<int>(origin));
  // An entry brings itself, directories above it, and what a source tree has below it.
  const bool below = resolved.tree.Path(node).size() > entry.path().size();
  const absl::string_view field = !below                ? "path"
                                  : entry.has_tree()    ? "tree.source"
                                  : entry.has_archive() ? "archive.source"
                                                        : "path";
  return absl::StrCat("entry[", origin, "].", field);
}

void Blame(const Problems& problems, const LoadedManifest& loaded, const Resolved& resolved,
           Diagnostics* diagnostics) {
  std::vector<const Problem*> order;
  order.reserve(problems.size());
  for (const Problem& problem : problems) order.push_back(&problem);
  std::stable_sort(order.begin(), order.end(),
                   [](const Problem* a, const Problem* b) { return a->node < b->node; });

  // Problems of one kind with one field, in the order of the first of each.
  struct Kind {
    std::string field;
    std::vector<const Problem*> problems;
  };
  std::vector<Kind> kinds;
  std::map<std::tuple<std::string, absl::string_view, absl::string_view>, size_t> numbers;
  for (const Problem* problem : order) {
    std::string field = problem->node == kNoNode
                            ? problem->field
                            : FieldToBlame(loaded.manifest, resolved, problem->node);
    const auto [it, inserted] =
        numbers.try_emplace({field, problem->where, problem->remedy}, kinds.size());
    if (inserted) kinds.push_back({std::move(field), {}});
    kinds[it->second].problems.push_back(problem);
  }

  for (const Kind& kind : kinds) {
    const Location location = loaded.Locate(kind.field);
    size_t told = 0;
    for (const Problem* problem : kind.problems) {
      if (told++ == kMostAlike) {
        diagnostics->Add(location, kind.field,
                         absl::StrCat("the same goes for ", kind.problems.size() - kMostAlike,
                                      " more entries of this source"),
                         problem->remedy);
        break;
      }
      diagnostics->Add(
          location, kind.field,
          problem->node == kNoNode
              ? problem->message
              : absl::StrCat(Quote(resolved.tree.Path(problem->node), kLongestShownPath), " ",
                             problem->message),
          problem->remedy);
    }
  }
}

}  // namespace isomason
