#include "tools/behavior/random_manifest.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "tools/golden/expected.h"
#include "tools/oracle/digest.h"

namespace isomason {
namespace {

constexpr char kHide[] = "hide { ";
constexpr char kAlone[] = "bridge: NO_BRIDGE";
constexpr char kRefuse[] = "REFUSE_COLLISIONS";

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
    Deep();
    Descriptors();
    Names();
    Hide();
    Source();
    Entries();
    if (has_udf_) UdfForm();
    Compressed();
    Collisions();
    Created();
    Streams();
    return std::move(settings_);
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }
  void Set(std::string message, std::string text, std::string needs = "") {
    settings_.push_back({std::move(message), std::move(text), std::move(needs)});
  }

  void Iso9660() {
    const bool rock_ridge = has_rock_ridge_ = Below(8) != 0;
    if (rock_ridge) Set("iso9660.rock_ridge", "");
    if (rock_ridge && Below(4) == 0) Set("iso9660.rock_ridge", "version: RRIP_1_10");
    if (rock_ridge && Below(4) == 0) Set("iso9660.rock_ridge", "serial_numbers: true");
    if (Below(2) == 0) Set("iso9660", absl::StrCat("level: ", 1 + Below(4)));
  }

  void Joliet() {
    has_joliet_ = true;
    Set("iso9660.joliet", "");
    if (Below(3) == 0) Set("iso9660.joliet", absl::StrCat("name_limit: ", 64 + Below(40)));
    if (Below(4) == 0) Set("iso9660.joliet", "symlinks: FOLLOW");
  }

  void Udf() {
    has_udf_ = true;
    Set("udf", "");
    if (Below(6) == 0) Set("udf", "symlinks: OMIT");
    if (Below(6) == 0) Set("udf", "special: OMIT");
  }

  // What changes UDF's structures and nothing that a reader shows; or no ISO 9660 at all.
  void UdfForm() {
    static const char* const kRevisions[] = {"UDF_1_02", "UDF_1_50", "UDF_2_00",
                                             "UDF_2_01", "UDF_2_50", "UDF_2_60"};
    const std::string revision = absl::StrCat("revision: ", kRevisions[Below(6)]);
    if (Below(3) != 0) {
      Set("udf", revision);
      has_streams_ = revision >= "revision: UDF_2_00";
      revision_ = revision;
    }
    if (Below(4) == 0) Set("udf", "anchors: AT_ALL");
    if (Below(3) == 0) Set("udf", absl::StrCat("embed_below: ", Below(2500)));
    if (Below(3) == 0) Set("udf", "sparse: true");
    if (absl::StrContains(revision, "2_50") && Below(3) == 0) {
      Set("udf", "metadata_mirror: SHARE_METADATA", revision);
    }
    if (Below(5) != 0) return;
    settings_.erase(std::remove_if(settings_.begin(), settings_.end(),
                                   [](const RandomSetting& setting) {
                                     return absl::StartsWith(setting.message, "iso9660") ||
                                            absl::StartsWith(setting.message, "media_check") ||
                                            setting.message == "volume" ||
                                            absl::StrContains(setting.text, "from: ISO9660") ||
                                            absl::StrContains(setting.text, "from: JOLIET");
                                   }),
                    settings_.end());
    Set("udf", kAlone);
    has_rock_ridge_ = false;
  }

  // Version 1 alone: Linux has no word for the other one. And not with contents that files of
  // their own share: where these are compressed and all attributes are equal, xorriso takes
  // the files for hard links of each other.
  void Compressed() {
    if (!has_rock_ridge_ || Below(4) != 0) return;
    constexpr char kMessage[] = "iso9660.rock_ridge.zisofs";
    const auto set = [&](const std::string& text) { Set(kMessage, text, "!deduplicate"); };
    set("");
    if (Below(3) == 0) set(absl::StrCat("block_size: ", 65536 << Below(2)));
    if (Below(3) == 0) set("level: 1");
    if (Below(3) == 0) set(absl::StrCat("minimum_size: ", 2049 + Below(40000)));
  }

  void Collisions() {
    if (Below(5) == 0) Set("names", absl::StrCat("case_collisions: ", kRefuse));
    if (Below(5) == 0) Set("names", absl::StrCat("normalization_collisions: ", kRefuse));
  }

  // Not on a whole second, as all other times of random trees are.
  void Created() {
    static const char* const kTimes[] = {"2001-02-03T04:05:06.789012Z", "1999-12-31T23:59:59.5Z",
                                         "2155-12-31T23:59:59.999999Z"};
    if ((!has_rock_ridge_ && !has_udf_) || Below(3) != 0) return;
    Set("entry", absl::StrCat("created: \"", kTimes[Below(3)], "\""),
        has_udf_ ? "udf" : "iso9660.rock_ridge");
  }

  // Of the root, and of entries without a source; "m.textproto" is the manifest itself.
  void Streams() {
    static const char* const kData[] = {
        "",
        "text: \"said by the manifest\\n\"",
        "bytes: \"\\000\\377\"",
        "zeros: 5000",
        "file { source: \"m.textproto\" }",
        "file { source: \"m.textproto\" offset: 3 length: 5 }",
        "concat { part { text: \"a\" } part { zeros: 2048 } part { file { source: "
        "\"m.textproto\" } } }"};
    static const char* const kNames[] = {"a", "Zone.Identifier", "\xE6\x97\xA5\xE6\x9C\xAC",
                                         "*UDF Macintosh Resource Fork"};
    static const char* const kWhat[] = {"text: \"has streams\\n\"", "text: \"\"", "directory {}"};
    if (!has_streams_ || Below(2) != 0) return;
    const auto streams = [&] {
      std::string all;
      for (const char* name : kNames) {
        if (Below(2) == 0) continue;
        absl::StrAppend(&all, " udf_stream { name: \"", name, "\" ", kData[Below(std::size(kData))],
                        " }");
      }
      return all;
    };
    if (Below(3) == 0) {
      if (const std::string of_root = streams(); !of_root.empty()) Set("entry", of_root, revision_);
    }
    for (uint64_t i = 1 + Below(3); i > 0; --i) {
      Set("",
          absl::StrCat("entry { path: \"/said/s", i, "\" ", kWhat[Below(std::size(kWhat))],
                       streams(), " }"),
          revision_);
    }
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
    if (Below(8) == 0) {
      Set("media_check.tagmedia", "");
    } else if (!has_rock_ridge_ && Below(4) == 0) {
      Set("iso9660", "xa: true");
    }
  }

  void Deep() {
    static constexpr char kRelocate[] = "deep_directories: RELOCATE_DIRECTORIES";
    if (!has_rock_ridge_ || Below(3) != 0) return;
    Set("iso9660", kRelocate, "iso9660.rock_ridge");
    if (Below(3) == 0) Set("iso9660.relocation_directory", "shown: true", kRelocate);
    if (Below(3) == 0) Set("iso9660.relocation_directory", "name: \".rr_moved\"", kRelocate);
  }

  void Descriptors() {
    if (Below(5) == 0) Set("iso9660", "optional_path_tables: true");
    if (Below(6) == 0) Set("volume", "application_use: \"random\"", "!media_check.tagmedia");
  }

  void Names() {
    if (Below(5) == 0) {
      Set("names", absl::StrCat("normalization: ", Below(2) == 0 ? "NFC" : "NFD"));
    }
  }

  // Matches last components, wherever they are.
  void Hide() {
    static const char* const kNames[] = {"*.txt", "a*", "*-1", "*o*", "dir*", "*E*"};
    for (uint64_t rules = Below(3); rules > 0; --rules) {
      const std::string match = absl::StrCat("match: \"**/", kNames[Below(6)], "\"");
      const std::string by = Below(4) == 0 ? " by: MARK" : "";
      std::string from, needs;
      switch (Below(4)) {
        case 0:
          from = " from: ISO9660";
          break;
        case 1:
          if (has_joliet_) from = " from: JOLIET", needs = "iso9660.joliet";
          break;
        case 2:
          if (has_udf_) from = " from: UDF", needs = "udf";
          break;
        default:
          break;
      }
      Set("", absl::StrCat(kHide, match, from, by, " }"), needs);
    }
  }

  // Where the tree comes from, and which of its files share their bytes.
  void Source() {
    static const char* const kArchives[] = {"gnu.tar", "pax.tar", "gnu.tar.gz", "pax.tar.zst"};
    if (Below(5) == 0) Set("entry.archive", absl::StrCat("source: \"", kArchives[Below(4)], "\""));
    if (Below(4) == 0) Set("deduplicate", Below(2) == 0 ? "" : "minimum_size: 100");
  }

  // Nodes that have no source.
  void Entries() {
    static const char* const kWhat[] = {
        "device { type: BLOCK_DEVICE major: 8 minor: 17 }",
        "device { type: CHARACTER_DEVICE major: 4095 minor: 1048575 }",
        "fifo {}",
        "socket {}",
        "symlink: \"a\"",
        "text: \"said by the manifest\\n\"",
        "zeros: 70000",
        "directory {}"};
    for (uint64_t i = Below(4) == 0 ? 1 + Below(4) : 0; i > 0; --i) {
      Set("",
          absl::StrCat("entry { path: \"/said/", i, "\" ", kWhat[Below(std::size(kWhat))], " }"));
    }
  }

  std::mt19937_64 random_;
  RandomManifest settings_;
  bool has_rock_ridge_ = false, has_joliet_ = false, has_udf_ = false, has_streams_ = false;
  std::string revision_;
};

// Those that have what they need, and are about the source that there is.
RandomManifest Whole(const RandomManifest& settings) {
  std::set<std::string> there;
  for (const RandomSetting& setting : settings) {
    there.insert(setting.message);
    there.insert(setting.text);
  }
  RandomManifest whole;
  for (const RandomSetting& setting : settings) {
    const std::string& needs = setting.needs;
    const bool needed = needs.empty() || (needs[0] == '!' ? there.count(needs.substr(1)) == 0
                                                          : there.count(needs) > 0);
    const bool other_source = setting.message == "entry.tree" && there.count("entry.archive") > 0;
    if (needed && !other_source) whole.push_back(setting);
  }
  // What is left out may have been needed, too.
  return whole.size() == settings.size() ? whole : Whole(whole);
}

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
  manifest.lines = {"image_version: 1"};
  manifest.blocks["volume"].lines = {"id: \"RANDOM\""};
  manifest.blocks["entry"].lines = {"path: \"/\""};
  // Policies without which a tree may be refused.
  const std::map<std::string, std::vector<std::pair<std::string, std::string>>> kPolicies = {
      {"iso9660", {{"names", "MANGLE_NAMES"}, {"special", "OMIT"}}},
      {"iso9660.joliet",
       {{"names", "MANGLE_NAMES"},
        {"symlinks", "OMIT"},
        {"special", "OMIT"},
        {"long_paths", "EMIT"}}},
      {"iso9660.rock_ridge.zisofs", {{"elsewhere", "SHOW_COMPRESSED"}}}};
  std::map<std::string, std::set<std::string>> set = {{"iso9660", {}}};
  std::set<std::string> there;
  std::vector<std::string> messages;  // behind the entry with the tree
  for (const RandomSetting& setting : Whole(settings)) {
    if (setting.message.empty()) {
      messages.push_back(setting.text);
      continue;
    }
    Block* block = &manifest;
    for (absl::string_view part : absl::StrSplit(setting.message, '.')) {
      block = &block->blocks[std::string(part)];
    }
    if (!setting.text.empty()) block->lines.push_back(setting.text);
    there.insert(setting.text);
    set[setting.message].insert(setting.text.substr(0, setting.text.find(':')));
  }
  if (there.count(kAlone) > 0) set.erase("iso9660");
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
  if (set.count("entry.archive") == 0) {
    manifest.blocks["entry"].blocks["tree"].lines.push_back("source: \"tree\"");
  }
  return absl::StrCat(manifest.Text(""), absl::StrJoin(messages, "\n"), "\n");
}

RandomArchive ArchiveOf(const manifest::Manifest& manifest) {
  const std::string& name = manifest.entry(0).archive().source();
  if (name.empty()) return {};
  return {name, absl::StrCat("--format=", name.substr(0, 3),
                             absl::EndsWith(name, ".gz")    ? " --gzip"
                             : absl::EndsWith(name, ".zst") ? " --zstd"
                                                            : "")};
}

std::string HiddenName(const RandomSetting& setting) {
  if (!absl::StartsWith(setting.text, kHide)) return "";
  const size_t at = setting.text.find("**/") + 3;
  return setting.text.substr(at, setting.text.find('"', at) - at);
}

namespace {

// The entries behind the first, which have no source. `time` is what they have.
void AddSaid(const manifest::Manifest& manifest, int64_t time, Listing& want) {
  const manifest::Attributes& attributes = manifest.attributes();
  const auto add = [&](Listed entry) {
    const bool directory = entry.type == Listed::Type::kDirectory;
    entry.owner = attributes.owner();
    entry.group = attributes.group();
    entry.time = time;
    if (directory) {
      entry.mode = attributes.has_directory_mode() ? attributes.directory_mode() : 0555;
    } else {
      entry.links = 1;
      if (entry.type != Listed::Type::kSymlink) {
        entry.mode = attributes.has_file_mode() ? attributes.file_mode() : 0444;
      }
    }
    want.Add(std::move(entry)).IgnoreError();
  };
  for (const manifest::Entry& said : manifest.entry()) {
    if (said.path() == "/") continue;
    Listed parent, entry;
    parent.path = "/said";
    parent.type = Listed::Type::kDirectory;
    add(parent);
    entry.path = said.path();
    entry.inode = (uint64_t{1} << 40) + want.size();  // that of no other
    switch (said.what_case()) {
      case manifest::Entry::kDevice:
        entry.type = said.device().type() == manifest::BLOCK_DEVICE ? Listed::Type::kBlock
                                                                    : Listed::Type::kCharacter;
        entry.major = said.device().major();
        entry.minor = said.device().minor();
        break;
      case manifest::Entry::kFifo:
        entry.type = Listed::Type::kFifo;
        break;
      case manifest::Entry::kSocket:
        entry.type = Listed::Type::kSocket;
        break;
      case manifest::Entry::kSymlink:
        entry.type = Listed::Type::kSymlink;
        entry.target = said.symlink();
        break;
      case manifest::Entry::kDirectory:
        entry.type = Listed::Type::kDirectory;
        break;
      case manifest::Entry::kZeros:
        entry.size = said.zeros();
        entry.sha256 = Sha256(std::string(said.zeros(), '\0'));
        break;
      default:
        entry.size = said.text().size();
        entry.sha256 = Sha256(said.text());
    }
    add(entry);
  }
}

}  // namespace

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
  const bool normal = manifest.names().normalization() > manifest::KEEP;
  const bool composed = manifest.names().normalization() == manifest::NFC;
  for (const auto& [path, found] : host) {
    Listed entry = found;
    // tar has no form for them.
    if (manifest.entry(0).has_archive() && entry.type == Listed::Type::kSocket) continue;
    if (normal) {
      entry.path = InNormalForm(entry.path, composed);
      entry.target = InNormalForm(entry.target, composed);
    }
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
    // Of devices and FIFOs, tar makes no links.
    const bool special =
        !directory && entry.type != Listed::Type::kFile && entry.type != Listed::Type::kSymlink;
    if (split || (special && manifest.entry(0).has_archive())) {
      if (!directory) entry.links = 1;
      entry.inode = (uint64_t{1} << 41) + ++inode;  // that of no other
    }
    // Repeated slashes and one at the end say nothing, and no namespace has room for them.
    if (!entry.target.empty()) {
      std::string target = entry.target[0] == '/' ? "/" : "";
      for (absl::string_view part : absl::StrSplit(entry.target, '/', absl::SkipEmpty())) {
        absl::StrAppend(&target, target.empty() || target.back() == '/' ? "" : "/", part);
      }
      entry.target = target;
    }
    // One entry a path, as in `host`, unless the normal form makes one of two; then there is
    // no image.
    want.Add(std::move(entry)).IgnoreError();
  }
  AddSaid(manifest, time, want);
  return want;
}

}  // namespace isomason
