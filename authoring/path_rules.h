// -----------------------------------------------------------------------------
// File: authoring/path_rules.h
// -----------------------------------------------------------------------------
//
// A list of globs that every path of a tree is held against. Globs without wildcards,
// and those that end in `/**` and have no other, are found by their text, so that a list
// of a hundred thousand paths costs no more than a short one.
//
//   PathRules rules;
//   rules.Add("boot/**");
//   rules.Add("**/*.img");
//   rules.Match("boot/x.img");   // {0, 1}
//
#ifndef ISOMASON_AUTHORING_PATH_RULES_H_
#define ISOMASON_AUTHORING_PATH_RULES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/glob.h"

namespace isomason {

class PathRules {
 public:
  // Appends a glob that Glob::Compile() takes.
  void Add(const std::string& pattern);

  bool empty() const { return patterns_.empty(); }
  uint32_t size() const { return static_cast<uint32_t>(patterns_.size()); }

  // The numbers, counted from 0 and ascending, of the globs that match a relative path.
  // Valid until the next call.
  const std::vector<uint32_t>& Match(absl::string_view path);

  // The globs that have matched nothing so far, in order.
  std::vector<std::string> Idle() const;

 private:
  using Numbers = std::vector<uint32_t>;
  void Found(const Numbers& numbers);

  std::vector<std::string> patterns_;
  std::vector<bool> used_;
  absl::flat_hash_map<std::string, Numbers> paths_;  // by the one path that matches
  absl::flat_hash_map<std::string, Numbers> trees_;  // by the directory below which all do
  std::vector<std::pair<uint32_t, Glob>> globs_;     // the others
  Numbers matches_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_PATH_RULES_H_
