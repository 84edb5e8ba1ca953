#include "authoring/name_collisions.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "authoring/unicode/normal.h"

namespace isomason {
namespace {

constexpr absl::string_view kCase = " in capital letters alone; Windows opens one of the two";
constexpr absl::string_view kNormalization =
    " in Unicode normalization alone; macOS takes the two for one, and so does libarchive where "
    "it reads Joliet";

class Checker {
 public:
  Checker(const Tree& tree, absl::string_view where, const CollisionOptions& options,
          Remarks* remarks, Problems* problems)
      : tree_(tree), where_(where), options_(options), remarks_(*remarks), problems_(*problems) {}

  void Check(NodeId directory, absl::FunctionRef<std::string(NodeId)> name_of) {
    if (tree_.children(directory).size() < 2) return;
    names_.clear();
    bool ascii = true;
    for (const NodeId n : tree_.children(directory)) {
      names_.push_back(name_of(n));
      for (const char c : names_.back()) ascii &= static_cast<uint8_t>(c) < 0x80;
    }
    normal_.clear();
    folded_.clear();
    size_t i = 0;
    for (const NodeId n : tree_.children(directory)) {
      std::string& name = names_[i++];
      if (name.empty()) continue;
      if (!ascii) {  // else every name is in its normal form
        name = Normalize(name, NormalForm::kNfc);
        const auto [twin, is_new] = normal_.try_emplace(name, n);
        if (!is_new) {
          Say(n, name_of(twin->second), kNormalization, options_.refuse_normalization,
              "normalization_collisions");
          continue;
        }
      }
      const auto [like, is_first] = folded_.try_emplace(FoldCase(name), n);
      if (!is_first) {
        Say(n, name_of(like->second), kCase, options_.refuse_case, "case_collisions");
      }
    }
  }

 private:
  void Say(NodeId node, const std::string& other, absl::string_view how, bool refuse,
           absl::string_view field) {
    std::string message = absl::StrCat("differs from ", other, how);
    if (refuse) {
      problems_.push_back(
          {.node = node,
           .where = std::string(where_),
           .message = std::move(message),
           .remedy = absl::StrCat("rename one of the two, hide one of them from the namespace, or "
                                  "set `names.",
                                  field, ": REPORT_COLLISIONS`")});
    } else {
      remarks_.push_back(
          {Remark::Kind::kReader, std::string(where_), tree_.Path(node), std::move(message)});
    }
  }

  const Tree& tree_;
  const absl::string_view where_;
  const CollisionOptions options_;
  Remarks& remarks_;
  Problems& problems_;
  // Of one directory.
  std::vector<std::string> names_;
  absl::flat_hash_map<std::string, NodeId> normal_;
  absl::flat_hash_map<std::string, NodeId> folded_;
};

}  // namespace

void CheckCollisions(const Tree& tree, absl::string_view where,
                     absl::FunctionRef<std::string(NodeId)> name_of,
                     const CollisionOptions& options, Remarks* remarks, Problems* problems) {
  Checker checker(tree, where, options, remarks, problems);
  for (NodeId directory = 0; directory < tree.node_count(); ++directory) {
    checker.Check(directory, name_of);
  }
}

}  // namespace isomason
