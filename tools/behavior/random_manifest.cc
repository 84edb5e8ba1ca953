#include "tools/behavior/random_manifest.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"

namespace isomason {
namespace {

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed ^ 0x6f7074696f6e73) {}

  RandomManifest Make() {
    Iso9660();
    if (Below(4) != 0) Joliet();
    if (Below(2) == 0) Udf();
    Attributes();
    if (Below(6) == 0) Set("entry.tree", "hard_links: SPLIT_HARD_LINKS");
    Layout();
    Plain();
    Order();
    return std::move(settings_);
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }
  void Set(std::string message, std::string text) {
    settings_.push_back({std::move(message), std::move(text)});
  }

  void Iso9660() {
    const bool rock_ridge = Below(8) != 0;
    if (rock_ridge) Set("iso9660.rock_ridge", "");
    if (rock_ridge && Below(4) == 0) Set("iso9660.rock_ridge", "version: RRIP_1_10");
    if (rock_ridge && Below(4) == 0) Set("iso9660.rock_ridge", "serial_numbers: true");
    if (Below(2) == 0) Set("iso9660", absl::StrCat("level: ", 1 + Below(3)));
  }

  void Joliet() {
    has_joliet_ = true;
    Set("iso9660.joliet", "");
    if (Below(3) == 0) Set("iso9660.joliet", absl::StrCat("name_limit: ", 64 + Below(40)));
    if (Below(4) == 0) Set("iso9660.joliet", "symlinks: FOLLOW");
  }

  void Udf() {
    Set("udf", "");
    if (Below(6) == 0) Set("udf", "symlinks: OMIT");
    if (Below(6) == 0) Set("udf", "special: OMIT");
  }

  void Attributes() {
    if (Below(5) == 0) {
      if (Below(2) == 0) Set("attributes", absl::StrCat("owner: ", Below(70000)));
      if (Below(2) == 0) Set("attributes", absl::StrCat("group: ", Below(70000)));
      if (Below(2) == 0) Set("attributes", "file_mode: 0640");
      if (Below(2) == 0) Set("attributes", "directory_mode: 0750");
      if (Below(2) == 0) Set("attributes", "time: \"2001-09-09T01:46:40Z\"");
      return;
    }
    Set("attributes", "keep: MODE");
    Set("attributes", "keep: OWNER");
    Set("attributes", "keep: TIME");
  }

  void Layout() {
    if (Below(4) == 0) Set("layout", absl::StrCat("padding_blocks: ", Below(200)));
    if (Below(6) == 0) Set("layout", absl::StrCat("size_multiple: ", 2048 << Below(8)));
    if (Below(8) == 0) Set("layout", absl::StrCat("minimum_size: ", Below(3000000)));
    if (Below(4) == 0) Set("layout", absl::StrCat("file_alignment: ", 2048 << Below(6)));
  }

  // What plain names and Joliet's may be beside that.
  void Plain() {
    if (Below(3) == 0) {
      static const char* const kRelaxations[] = {"LOWERCASE",     "OMIT_VERSION",  "OMIT_PERIOD",
                                                 "LONG_NAMES_31", "LONG_NAMES_37", "SEVERAL_DOTS",
                                                 "LEADING_DOT",   "ASCII",         "DIRECTORY_DOT"};
      for (const char* relaxation : kRelaxations) {
        if (Below(3) == 0) Set("iso9660", absl::StrCat("relax: ", relaxation));
      }
    }
    if (!has_joliet_) return;
    if (Below(6) == 0) Set("iso9660.joliet", absl::StrCat("level: ", 1 + Below(3)));
    if (Below(4) == 0) Set("iso9660.joliet", "version_numbers: false");
    if (Below(6) == 0) Set("iso9660.joliet", "beyond_bmp: MANGLE_CHARACTERS");
    if (Below(6) == 0) Set("iso9660.joliet", "long_paths: OMIT");
    if (Below(8) == 0) Set("iso9660.joliet", "volume_id: \"Joliet\"");
  }

  // What changes where things lie, and nothing that a reader shows.
  void Order() {
    if (Below(4) == 0) Set("layout", "directory_order: DEPTH_FIRST");
    if (Below(4) == 0) Set("layout", "sort { match: \"**/*.txt\" weight: 1 }");
    if (Below(4) == 0) Set("layout", "sort { match: \"a*\" weight: -7 }");
    if (Below(6) == 0) Set("layout", "align { match: \"**/*-*\" alignment: 8192 }");
    if (Below(6) == 0) Set("layout", absl::StrCat("slack_blocks: ", Below(50)));
    if (Below(8) == 0) Set("media_check.tagmedia", "");
  }

  std::mt19937_64 random_;
  RandomManifest settings_;
  bool has_joliet_ = false;
};

// A message as text: its own settings, then the messages inside.
struct Block {
  std::vector<std::string> lines;
  std::map<std::string, Block> blocks;

  std::string Text(const std::string& indent) const {
    std::string text;
    for (const std::string& line : lines) absl::StrAppend(&text, indent, line, "\n");
    for (const auto& [name, block] : blocks) {
      absl::StrAppend(&text, indent, name, " {\n", block.Text(indent + "  "), indent, "}\n");
    }
    return text;
  }
};

}  // namespace

RandomManifest MakeRandomManifest(uint64_t seed) { return Maker(seed).Make(); }

std::string ManifestText(const RandomManifest& settings) {
  Block manifest;
  manifest.lines = {"image_version: 1", "volume { id: \"RANDOM\" }"};
  manifest.blocks["entry"].lines = {"path: \"/\""};
  manifest.blocks["entry"].blocks["tree"].lines = {"source: \"tree\""};
  // Policies without which a tree may be refused.
  const std::map<std::string, std::vector<std::pair<std::string, std::string>>> kPolicies = {
      {"iso9660", {{"names", "MANGLE_NAMES"}, {"special", "OMIT"}}},
      {"iso9660.joliet",
       {{"names", "MANGLE_NAMES"},
        {"symlinks", "OMIT"},
        {"special", "OMIT"},
        {"long_paths", "EMIT"}}}};
  std::map<std::string, std::set<std::string>> set = {{"iso9660", {}}};
  for (const RandomSetting& setting : settings) {
    Block* block = &manifest;
    for (absl::string_view part : absl::StrSplit(setting.message, '.')) {
      block = &block->blocks[std::string(part)];
    }
    if (!setting.text.empty()) block->lines.push_back(setting.text);
    set[setting.message].insert(setting.text.substr(0, setting.text.find(':')));
  }
  for (const auto& [message, policies] : kPolicies) {
    if (set.count(message) == 0) continue;
    for (const auto& [field, value] : policies) {
      if (set[message].count(field) > 0) continue;
      Block* block = &manifest;
      for (absl::string_view part : absl::StrSplit(message, '.')) {
        block = &block->blocks[std::string(part)];
      }
      block->lines.push_back(absl::StrCat(field, ": ", value));
    }
  }
  return manifest.Text("");
}

Listing ExpectedOf(const manifest::Manifest& manifest, const Listing& host) {
  const manifest::Attributes& attributes = manifest.attributes();
  std::set<int> keep(attributes.keep().begin(), attributes.keep().end());
  const bool split = manifest.entry(0).tree().hard_links() == manifest::SPLIT_HARD_LINKS;
  int64_t time = 315532800;  // 1980-01-01, Volume.time's default
  if (attributes.has_time()) {
    absl::Time parsed;
    if (absl::ParseTime(absl::RFC3339_full, attributes.time(), &parsed, nullptr)) {
      time = absl::ToUnixSeconds(parsed);
    }
  }
  Listing want;
  uint64_t inode = 0;
  for (const auto& [path, found] : host) {
    Listed entry = found;
    const bool directory = entry.type == Listed::Type::kDirectory;
    if (keep.count(manifest::MODE) == 0 && entry.type != Listed::Type::kSymlink) {
      uint32_t mode = directory
                          ? (attributes.has_directory_mode() ? attributes.directory_mode() : 0555)
                          : (attributes.has_file_mode() ? attributes.file_mode() : 0444);
      if (entry.type == Listed::Type::kFile && (*found.mode & 0100) != 0)
        mode |= (mode & 0444) >> 2;
      entry.mode = mode;
    }
    if (keep.count(manifest::OWNER) == 0) {
      entry.owner = attributes.owner();
      entry.group = attributes.group();
    }
    if (keep.count(manifest::TIME) == 0) entry.time = time;
    if (split) {
      if (!directory) entry.links = 1;
      entry.inode = ++inode;
    }
    // Repeated slashes and one at the end say nothing, and no namespace has room for them.
    if (!entry.target.empty()) {
      std::string target = entry.target[0] == '/' ? "/" : "";
      for (absl::string_view part : absl::StrSplit(entry.target, '/', absl::SkipEmpty())) {
        absl::StrAppend(&target, target.empty() || target.back() == '/' ? "" : "/", part);
      }
      entry.target = target;
    }
    want.Add(std::move(entry)).IgnoreError();  // one entry a path, as in `host`
  }
  return want;
}

}  // namespace isomason
