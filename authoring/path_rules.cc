#include "authoring/path_rules.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace isomason {
namespace {

// The path that a pattern without wildcards stands for.
std::optional<std::string> LiteralPath(absl::string_view pattern) {
  std::string path;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*' || c == '?' || c == '[') return std::nullopt;
    if (c == '\\' && ++i == pattern.size()) return std::nullopt;
    path.push_back(pattern[i]);
  }
  return path;
}

}  // namespace

void PathRules::Add(const std::string& pattern) {
  const uint32_t number = size();
  patterns_.push_back(pattern);
  used_.push_back(false);
  absl::string_view stem = pattern;
  const bool tree = absl::ConsumeSuffix(&stem, "/**");
  if (auto path = LiteralPath(stem)) {
    (tree ? trees_ : paths_)[*std::move(path)].push_back(number);
  } else if (auto glob = Glob::Compile(pattern); glob.ok()) {
    globs_.emplace_back(number, *std::move(glob));
  }
}

void PathRules::Found(const Numbers& numbers) {
  for (const uint32_t number : numbers) {
    used_[number] = true;
    matches_.push_back(number);
  }
}

const std::vector<uint32_t>& PathRules::Match(absl::string_view path) {
  matches_.clear();
  if (const auto it = paths_.find(path); it != paths_.end()) Found(it->second);
  if (!trees_.empty()) {
    // A directory's `/**` matches the directory as well.
    for (absl::string_view part = path;;) {
      if (const auto it = trees_.find(part); it != trees_.end()) Found(it->second);
      const size_t slash = part.rfind('/');
      if (slash == absl::string_view::npos) break;
      part = part.substr(0, slash);
    }
  }
  for (const auto& [number, glob] : globs_) {
    if (!glob.Matches(path)) continue;
    used_[number] = true;
    matches_.push_back(number);
  }
  std::sort(matches_.begin(), matches_.end());
  return matches_;
}

std::vector<std::string> PathRules::Idle() const {
  std::vector<std::string> idle;
  for (uint32_t i = 0; i < size(); ++i) {
    if (!used_[i]) idle.push_back(patterns_[i]);
  }
  return idle;
}

}  // namespace isomason
