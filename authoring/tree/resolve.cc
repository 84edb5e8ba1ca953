#include "authoring/tree/resolve.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "authoring/manifest/check.h"
#include "authoring/tree/archive_source.h"
#include "authoring/tree/attributes.h"
#include "authoring/tree/boot_lookup.h"
#include "authoring/tree/builder.h"
#include "authoring/tree/file_contents.h"
#include "authoring/tree/hide_rules.h"
#include "authoring/tree/normal_names.h"
#include "authoring/tree/source_tree.h"
#include "authoring/unicode/unicode.h"
#include "layout/status.h"

namespace isomason {
namespace {

using Draft = TreeBuilder::Draft;
using manifest::Entry;

NodeType TypeOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return NodeType::kDirectory;
    case S_IFLNK:
      return NodeType::kSymlink;
    case S_IFBLK:
      return NodeType::kBlockDevice;
    case S_IFCHR:
      return NodeType::kCharacterDevice;
    case S_IFIFO:
      return NodeType::kFifo;
    case S_IFSOCK:
      return NodeType::kSocket;
    default:
      return NodeType::kFile;
  }
}

class Resolver {
 public:
  Resolver(const LoadedManifest& loaded, const std::string& source_root, Timestamp volume_time,
           ContentTable* contents, Resolved* resolved, Diagnostics* diagnostics)
      : loaded_(loaded),
        manifest_(loaded.manifest),
        policy_(loaded.manifest, volume_time),
        form_(NormalFormOf(loaded.manifest)),
        contents_(*contents),
        resolved_(*resolved),
        diagnostics_(*diagnostics),
        files_(loaded, source_root, contents, &resolved->pins, diagnostics) {}

  bool Run() {
    const size_t problems = diagnostics_.size();
    policy_.Apply("", {}, nullptr, tree_.inode(TreeBuilder::kRoot));
    tree_.set_origin(TreeBuilder::kRoot, kNoOrigin);
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      if (manifest_.entry(i).what_case() != Entry::kHardLink) AddEntry(i);
    }
    AddHardLinks();
    if (manifest_.has_boot()) AddBoot();
    resolved_.tree = std::move(tree_).Build(&resolved_.origins);
    DropPinsOfReplacedFiles();
    if (manifest_.has_boot()) {
      FindBootImages(
          loaded_, [this](absl::string_view path) { return IsLost(path); }, &resolved_,
          &diagnostics_);
    }
    resolved_.failure = files_.failure();
    const bool whole = diagnostics_.size() == problems && resolved_.failure.ok();
    HideNodes(whole);
    return whole && diagnostics_.size() == problems;
  }

 private:
  // --- Problems ----------------------------------------------------------------

  void Problem(const std::string& field, absl::string_view message, absl::string_view remedy) {
    diagnostics_.Add(loaded_.Locate(field), field, message, remedy);
  }

  static std::string EntryField(uint32_t i, absl::string_view field) {
    return absl::StrCat("entry[", i, "].", field);
  }

  // "rescue.textproto:12", for the entry that a node came from.
  std::string OriginOf(Draft d) const {
    const uint32_t origin = tree_.origin(d);
    return loaded_.Locate(origin == kBootOrigin ? "boot.catalog" : EntryField(origin, "path"))
        .FileAndLine();
  }

  void Conflict(uint32_t i, const std::string& field, absl::string_view path, Draft there) {
    Problem(field, absl::StrCat(Quote(path), " is in the image already, from ", OriginOf(there)),
            i == kBootOrigin ? "give the catalog another path" : kOverlayRemedy);
  }

  // Whether an entry that came to nothing would have brought the path, or may have: what
  // is wrong has been said, and that the path is not there follows from it.
  bool IsLost(absl::string_view path) const {
    if (lost_.empty()) return false;
    for (; !path.empty(); path = path.substr(0, path.rfind('/'))) {
      if (lost_.contains(path)) return true;
    }
    return lost_.contains("/");
  }

  // --- Places ------------------------------------------------------------------

  // Makes a directory for something below it to stand in, or finds it.
  std::optional<Draft> MakeDirectory(Draft parent, absl::string_view name, absl::string_view path,
                                     uint32_t i, const std::string& field) {
    Draft d = tree_.Find(parent, name);
    if (d == TreeBuilder::kNone) {
      Inode inode;
      inode.type = NodeType::kDirectory;
      policy_.Apply(absl::StripPrefix(path, "/"), {}, nullptr, inode);
      return tree_.Add(parent, name, inode, i);
    }
    if (tree_.inode(d).type == NodeType::kDirectory) return d;
    Problem(field,
            absl::StrCat(Quote(path), " is not a directory but comes as something else from ",
                         OriginOf(d)),
            "put this entry elsewhere, or remove the other");
    return std::nullopt;
  }

  // The directory that holds the last component of `path`, and that component.
  std::optional<std::pair<Draft, std::string>> MakeParents(absl::string_view path, uint32_t i,
                                                           const std::string& field) {
    Draft directory = TreeBuilder::kRoot;
    size_t done = 0;  // of the path, up to the end of a component
    while (true) {
      const size_t end = path.find('/', done + 1);
      if (end == absl::string_view::npos) break;
      const auto next = MakeDirectory(directory, path.substr(done + 1, end - done - 1),
                                      path.substr(0, end), i, field);
      if (!next) return std::nullopt;
      directory = *next;
      done = end;
    }
    return std::pair(directory, std::string(path.substr(done + 1)));
  }

  // Puts a node with an inode of its own at a path, or merges a directory into the
  // one that is there. `overlay`: it may replace what is there.
  std::optional<Draft> Put(Draft parent, absl::string_view name, absl::string_view path,
                           const Inode& inode, uint32_t i, const std::string& field) {
    const Draft there = tree_.Find(parent, name);
    if (there != TreeBuilder::kNone) {
      if (inode.type == NodeType::kDirectory && tree_.inode(there).type == NodeType::kDirectory) {
        tree_.inode(there) = inode;
        tree_.set_origin(there, i);
        return there;
      }
      if (!Replace(there, path, i, field)) return std::nullopt;
    }
    return tree_.Add(parent, name, inode, i);
  }

  bool Replace(Draft there, absl::string_view path, uint32_t i, const std::string& field) {
    if (i != kBootOrigin && manifest_.entry(static_cast<int>(i)).overlay()) {
      tree_.Remove(there);
      return true;
    }
    Conflict(i, field, path, there);
    return false;
  }

  // --- Entries -----------------------------------------------------------------

  void AddEntry(int index) {
    const auto i = static_cast<uint32_t>(index);
    const Entry& entry = manifest_.entry(index);
    if (entry.what_case() == Entry::kTree) {
      AddTree(i, entry);
      return;
    }
    if (entry.what_case() == Entry::kArchive) {
      AddArchive(i, entry);
      return;
    }
    Inode inode;
    FileContents::Made made;
    switch (entry.what_case()) {
      case Entry::kChecksums:
      case Entry::kReserveMap:
        // Made when the tree is whole; until then something that is not empty.
        inode.content = contents_.AddZeros(1);
        break;
      case Entry::kSymlink:
        inode.type = NodeType::kSymlink;
        inode.target = tree_.AddTarget(entry.symlink());
        break;
      case Entry::kDevice:
        inode.type = entry.device().type() == manifest::BLOCK_DEVICE ? NodeType::kBlockDevice
                                                                     : NodeType::kCharacterDevice;
        inode.device_major = entry.device().major();
        inode.device_minor = entry.device().minor();
        break;
      case Entry::kFifo:
        inode.type = NodeType::kFifo;
        break;
      case Entry::kSocket:
        inode.type = NodeType::kSocket;
        break;
      case Entry::kDirectory:
        inode.type = NodeType::kDirectory;
        break;
      default:
        if (!files_.Make(i, entry, &made)) {
          lost_.insert(entry.path());
          return;
        }
        inode.content = made.content;
    }
    policy_.Apply(absl::StripPrefix(entry.path(), "/"), entry.attributes(),
                  made.source ? &*made.source : nullptr, inode);
    const std::string field = EntryField(i, "path");
    if (entry.path() == "/") {
      if (inode.type == NodeType::kDirectory) {
        tree_.inode(TreeBuilder::kRoot) = inode;
        tree_.set_origin(TreeBuilder::kRoot, i);
      } else {
        Problem(field, "\"/\" is a directory", "name the file as well: \"/README\"");
      }
      return;
    }
    const auto parent = MakeParents(entry.path(), i, field);
    if (!parent || !Put(parent->first, parent->second, entry.path(), inode, i, field)) {
      lost_.insert(entry.path());
    }
  }

  // --- Source trees ------------------------------------------------------------

  void AddTree(uint32_t i, const Entry& entry) {
    const std::string field = EntryField(i, "tree.source");
    TreeState state{i, entry, field, entry.path() == "/" ? "" : entry.path(), false, {}, {}};
    SourceTree source(entry.tree(), files_.SourcePath(entry.tree().source()));
    const absl::Status status =
        source.Walk([&](const SourceEntry& found) { return AddFound(found, state); });
    if (status.ok()) return;
    lost_.insert(entry.path());
    if (state.found_root && (absl::IsNotFound(status) || absl::IsInvalidArgument(status))) {
      Problem(field, status.message(),
              "leave it out with `exclude`, or say with `symlinks` what symlinks become");
    } else if (absl::IsInvalidArgument(status)) {
      Problem(field, status.message(), "use `file { source: ... }` for a file");
    } else {
      files_.SourceProblem(field, status);
    }
  }

  struct TreeState {
    uint32_t i;
    const Entry& entry;
    const std::string& field;
    const std::string prefix;        // the entry's path, "" for the root
    bool found_root;                 // the source is a directory
    std::vector<Draft> directories;  // the tree's root, and those down to the last one found
    std::map<std::pair<dev_t, ino_t>, Draft> linked;  // files with several names
    absl::flat_hash_set<std::string> normal{};        // paths, when there is a normal form
  };

  absl::Status AddFound(const SourceEntry& found, TreeState& state) {
    if (found.path.empty()) {
      state.found_root = true;
      Inode inode;
      inode.type = NodeType::kDirectory;
      policy_.Apply(absl::StripPrefix(state.prefix, "/"), state.entry.attributes(), &found.status,
                    inode);
      if (state.prefix.empty()) {
        tree_.inode(TreeBuilder::kRoot) = inode;
        tree_.set_origin(TreeBuilder::kRoot, state.i);
        state.directories = {TreeBuilder::kRoot};
        return absl::OkStatus();
      }
      const auto parent = MakeParents(state.prefix, state.i, EntryField(state.i, "path"));
      const auto draft = parent ? Put(parent->first, parent->second, state.prefix, inode, state.i,
                                      EntryField(state.i, "path"))
                                : std::nullopt;
      if (draft) {
        state.directories = {*draft};
      } else {
        lost_.insert(state.prefix);
      }
      return absl::OkStatus();
    }
    // Nothing to put it in: the reason has been said.
    const size_t depth = static_cast<size_t>(std::count(found.path.begin(), found.path.end(), '/'));
    if (state.directories.size() <= depth) return absl::OkStatus();
    state.directories.resize(depth + 1);

    std::string path = absl::StrCat(state.prefix, "/", found.path);
    if (FindNotUtf8(found.name) != absl::string_view::npos) {
      Problem(state.field,
              absl::StrCat("the name of ", Quote(absl::StrCat(found.directory, "/", found.name)),
                           " is not UTF-8"),
              "rename the file, or leave it out with `exclude`");
      return absl::OkStatus();
    }
    if (!NormalizeFound(state.field, state.normal, path)) return absl::OkStatus();
    const std::string name = path.substr(path.rfind('/') + 1);
    const Draft parent = state.directories.back();
    const bool linked = found.status.st_nlink > 1 && !S_ISDIR(found.status.st_mode) &&
                        state.entry.tree().hard_links() != manifest::SPLIT_HARD_LINKS;
    if (linked) {
      const auto it = state.linked.find({found.status.st_dev, found.status.st_ino});
      if (it != state.linked.end()) {
        const Draft there = tree_.Find(parent, name);
        if (there == TreeBuilder::kNone || Replace(there, path, state.i, state.field)) {
          tree_.AddLink(parent, name, it->second, state.i);
        }
        return absl::OkStatus();
      }
    }
    const auto draft =
        Put(parent, name, path, FoundInode(found, path, state), state.i, state.field);
    if (!draft) {
      lost_.insert(path);
      return absl::OkStatus();
    }
    if (linked) state.linked[{found.status.st_dev, found.status.st_ino}] = *draft;
    if (S_ISDIR(found.status.st_mode)) state.directories.push_back(*draft);
    return absl::OkStatus();
  }

  // Brings the path of what a source has into the manifest's normal form. False when that
  // is among those that the source has brought already, `taken`.
  bool NormalizeFound(const std::string& field, absl::flat_hash_set<std::string>& taken,
                      std::string& path) {
    if (!form_) return true;
    const std::string before = std::exchange(path, Normalize(path, *form_));
    if (!taken.insert(path).second) {
      Problem(field,
              absl::StrCat(Quote(before), " and another name of the source become one, ",
                           Quote(path), ", in the normal form that `names` asks for"),
              "rename one of the two, or leave one out with `exclude`");
      return false;
    }
    if (path.substr(path.rfind('/')) != before.substr(before.rfind('/'))) {
      resolved_.remarks.push_back({Remark::Kind::kChangedName, "names", before, path});
    }
    return true;
  }

  // Keeps the target of a symlink that a source has at `path`, in the normal form.
  uint32_t AddFoundTarget(absl::string_view path, const std::string& found) {
    std::string target = form_ ? Normalize(found, *form_) : found;
    if (target != found) {
      resolved_.remarks.push_back(
          {Remark::Kind::kChangedTarget, "names", std::string(path), target});
    }
    return tree_.AddTarget(std::move(target));
  }

  Inode FoundInode(const SourceEntry& found, absl::string_view path, const TreeState& state) {
    Inode inode;
    inode.type = TypeOf(found.status.st_mode);
    if (inode.type == NodeType::kFile && found.status.st_size > 0) {
      inode.content = contents_.AddFile(contents_.AddDirectory(std::string(found.directory)),
                                        found.name, found.status);
    } else if (inode.type == NodeType::kSymlink) {
      inode.target = AddFoundTarget(path, found.target);
    } else if (inode.type == NodeType::kBlockDevice || inode.type == NodeType::kCharacterDevice) {
      std::tie(inode.device_major, inode.device_minor) = DeviceNumberOf(found.status);
    }
    policy_.Apply(absl::StripPrefix(path, "/"), state.entry.attributes(), &found.status, inode);
    return inode;
  }

  // --- Archives ------------------------------------------------------------------

  void AddArchive(uint32_t i, const Entry& entry) {
    const std::string field = EntryField(i, "archive.source");
    ArchiveSource* const source =
        files_.OpenArchive(EntryField(i, "archive"), entry.archive().source());
    if (source == nullptr) {
      lost_.insert(entry.path());
      return;
    }
    const std::string what = Quote(files_.SourcePath(entry.archive().source()));
    const std::string prefix = entry.path() == "/" ? "" : entry.path();
    const ArchiveTree found = source->Select(entry.archive());
    constexpr size_t kMostAlike = 10;
    for (size_t p = 0; p < found.problems.size() && p < kMostAlike; ++p) {
      const auto& [problem, remedy] = found.problems[p];
      const size_t more = p + 1 == kMostAlike ? found.problems.size() - kMostAlike : 0;
      Problem(
          field,
          absl::StrCat(what, " ", problem, more > 0 ? absl::StrCat("; and ", more, " more") : ""),
          remedy);
    }
    if (!found.problems.empty()) lost_.insert(entry.path());

    const auto root = found.entries.find("");
    AddMember(i, entry, *source, "", root == found.entries.end() ? kNoArchiveInode : root->second,
              prefix, nullptr);
    absl::flat_hash_map<ArchiveInode, Draft> drafts;
    absl::flat_hash_set<std::string> normal;
    for (const auto& [path, inode] : found.entries) {
      if (path.empty()) continue;
      std::string full = absl::StrCat(prefix, "/", path);
      if (!NormalizeFound(field, normal, full)) continue;
      if (const std::string problem = ImagePathProblem(full, nullptr); !problem.empty()) {
        Problem(field, absl::StrCat(what, " has the member ", Quote(path), ": ", problem),
                "leave it out with `exclude`, or make the archive anew");
        lost_.insert(full);
        continue;
      }
      AddMember(i, entry, *source, path, inode, full, &drafts);
    }
  }

  // Puts a member at a path of the image, or the directory that an archive does not name.
  void AddMember(uint32_t i, const Entry& entry, const ArchiveSource& source,
                 const std::string& name, ArchiveInode number, const std::string& path,
                 absl::flat_hash_map<ArchiveInode, Draft>* drafts) {
    const std::string field = EntryField(i, name.empty() ? "path" : "archive.source");
    Inode inode;
    inode.type = NodeType::kDirectory;
    std::optional<struct stat> status;
    if (number != kNoArchiveInode) {
      const ArchiveMember& member = source.member(number);
      status = member.Stat();
      inode.type = TypeOf(member.mode);
      inode.device_major = member.device_major;
      inode.device_minor = member.device_minor;
      if (inode.type == NodeType::kSymlink) inode.target = AddFoundTarget(path, member.target);
      if (inode.type == NodeType::kFile &&
          !files_.MakeMember(EntryField(i, "archive"), entry.archive().source(), number,
                             &inode.content)) {
        lost_.insert(path);
        return;
      }
    }
    policy_.Apply(absl::StripPrefix(path, "/"), entry.attributes(), status ? &*status : nullptr,
                  inode);
    if (path.empty()) {
      tree_.inode(TreeBuilder::kRoot) = inode;
      tree_.set_origin(TreeBuilder::kRoot, i);
      return;
    }
    const auto parent = MakeParents(path, i, field);
    if (!parent) {
      lost_.insert(path);
      return;
    }
    const auto& [directory, last] = *parent;
    if (drafts != nullptr && inode.type != NodeType::kDirectory) {
      const auto first = drafts->find(number);
      if (first != drafts->end()) {
        const Draft there = tree_.Find(directory, last);
        if (there == TreeBuilder::kNone || Replace(there, path, i, field)) {
          tree_.AddLink(directory, last, first->second, i);
        }
        return;
      }
    }
    const auto draft = Put(directory, last, path, inode, i, field);
    if (!draft) {
      lost_.insert(path);
    } else if (drafts != nullptr && number != kNoArchiveInode) {
      (*drafts)[number] = *draft;
    }
  }

  // --- Hard links --------------------------------------------------------------

  // Links may point at links that stand further down, so this goes over them until
  // no more can be made.
  void AddHardLinks() {
    std::vector<uint32_t> left;
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      if (manifest_.entry(i).what_case() == Entry::kHardLink) {
        left.push_back(static_cast<uint32_t>(i));
      }
    }
    while (true) {
      std::vector<uint32_t> later;
      for (const uint32_t i : left) {
        if (!AddHardLink(i)) later.push_back(i);
      }
      if (later.size() == left.size()) break;
      left = std::move(later);
    }
    // A link to what is lost is lost itself.
    for (bool again = true; again;) {
      again = false;
      for (const uint32_t i : left) {
        const Entry& entry = manifest_.entry(static_cast<int>(i));
        if (IsLost(entry.hard_link()) && lost_.insert(entry.path()).second) again = true;
      }
    }
    for (const uint32_t i : left) {
      const std::string& target = manifest_.entry(static_cast<int>(i)).hard_link();
      if (IsLost(target)) continue;
      Problem(EntryField(i, "hard_link"), absl::StrCat(Quote(target), " is not in the image"),
              Suggest(target));
    }
    for (const uint32_t i : left) lost_.insert(manifest_.entry(static_cast<int>(i)).path());
  }

  // False when the target is not there yet.
  bool AddHardLink(uint32_t i) {
    const Entry& entry = manifest_.entry(static_cast<int>(i));
    Draft target = TreeBuilder::kRoot;
    for (absl::string_view name : absl::StrSplit(entry.hard_link(), '/', absl::SkipEmpty())) {
      target = tree_.Find(target, name);
      if (target == TreeBuilder::kNone) return false;
    }
    if (tree_.inode(target).type == NodeType::kDirectory) {
      Problem(EntryField(i, "hard_link"),
              absl::StrCat(Quote(entry.hard_link()), " is a directory, which has one name only"),
              "use `symlink`");
      return true;
    }
    const std::string field = EntryField(i, "path");
    const auto parent = MakeParents(entry.path(), i, field);
    if (!parent) return true;
    const Draft there = tree_.Find(parent->first, parent->second);
    // Links come last, but a later entry is a later one all the same.
    if (there != TreeBuilder::kNone && tree_.origin(there) > i) {
      const uint32_t later = tree_.origin(there);
      if (tree_.inode(there).type == NodeType::kDirectory) {
        Problem(EntryField(later, "path"),
                absl::StrCat(Quote(entry.path()), " is a directory here but a hard link in ",
                             loaded_.Locate(field).FileAndLine()),
                "put this entry elsewhere, or remove the link");
      } else if (!manifest_.entry(static_cast<int>(later)).overlay()) {
        Problem(EntryField(later, "path"),
                absl::StrCat(Quote(entry.path()), " is in the image already, from ",
                             loaded_.Locate(field).FileAndLine()),
                kOverlayRemedy);
      }
      return true;
    }
    if (there != TreeBuilder::kNone && !Replace(there, entry.path(), i, field)) return true;
    tree_.AddLink(parent->first, parent->second, target, i);
    return true;
  }

  // "did you mean ...": among the paths that entries name.
  std::string Suggest(const std::string& path) const {
    std::vector<std::string> candidates;
    for (const Entry& entry : manifest_.entry()) {
      if (entry.what_case() != Entry::kHardLink) candidates.push_back(entry.path());
    }
    const std::string closest = ClosestPath(path, candidates);
    if (closest.empty()) return "add an entry for it, or correct the path";
    return DidYouMean(closest);
  }

  // A file that a later entry has replaced is in no image, so nobody compares it.
  void DropPinsOfReplacedFiles() {
    if (resolved_.pins.empty()) return;
    absl::flat_hash_set<ContentId> used;
    for (InodeId i = 0; i < resolved_.tree.inode_count(); ++i) {
      used.insert(resolved_.tree.inode_at(i).content);
    }
    std::vector<Pin>& pins = resolved_.pins;
    pins.erase(std::remove_if(pins.begin(), pins.end(),
                              [&](const Pin& pin) { return used.count(pin.whole) == 0; }),
               pins.end());
  }

  // --- Hiding ------------------------------------------------------------------

  // A rule that matches nothing may have been about what a tree that is not whole lacks.
  void HideNodes(bool whole) {
    const std::vector<int> idle = ApplyHideRules(manifest_, resolved_.tree, &resolved_.hiding);
    if (!whole) return;
    for (const int i : idle) {
      const std::string& match = manifest_.hide(i).match();
      Problem(absl::StrCat("hide[", i, "].match"),
              absl::StrCat(Quote(match), " matches nothing in the image"),
              match.find('/') == std::string::npos
                  ? absl::StrCat("write ", Quote(absl::StrCat("**/", match)),
                                 " for that name anywhere in the image, or remove the rule")
                  : "correct the glob, or remove the rule");
    }
  }

  // --- Boot --------------------------------------------------------------------

  void AddBoot() {
    const manifest::Boot& boot = manifest_.boot();
    if (!boot.catalog().empty()) {
      // The catalog is made from addresses later; what matters here is its size.
      Inode inode;
      inode.content = contents_.AddZeros(kBlockSize);
      policy_.Apply(absl::StripPrefix(boot.catalog(), "/"), {}, nullptr, inode);
      const auto parent = MakeParents(boot.catalog(), kBootOrigin, "boot.catalog");
      if (parent) {
        Put(parent->first, parent->second, boot.catalog(), inode, kBootOrigin, "boot.catalog");
      }
    }
    if (!boot.system_area().empty()) {
      const std::string path = files_.SourcePath(boot.system_area());
      absl::StatusOr<ContentId> content = contents_.AddFile(path);
      if (!content.ok()) {
        files_.SourceProblem("boot.system_area", content.status());
      } else if (contents_.size(*content) > kSystemAreaSize) {
        Problem(
            "boot.system_area",
            absl::StrCat(Quote(path), " has ", contents_.size(*content),
                         " bytes, the system area holds ", kSystemAreaSize, " (ECMA-119 6.2.1)"),
            "use a smaller one");
      } else if (contents_.size(*content) > 0) {
        resolved_.system_area = *content;
      }
    }
  }

  static constexpr absl::string_view kOverlayRemedy =
      "remove one of the two, or set `overlay: true` on this entry to replace the earlier one";
  static constexpr uint64_t kSystemAreaSize = 16 * kBlockSize;

  const LoadedManifest& loaded_;
  const manifest::Manifest& manifest_;
  const AttributePolicy policy_;
  const std::optional<NormalForm> form_;
  ContentTable& contents_;
  Resolved& resolved_;
  Diagnostics& diagnostics_;
  TreeBuilder tree_;
  FileContents files_;
  absl::flat_hash_set<std::string> lost_;  // paths of entries that came to nothing
};

}  // namespace

bool Resolve(const LoadedManifest& loaded, const std::string& source_root, Timestamp volume_time,
             ContentTable* contents, Resolved* resolved, Diagnostics* diagnostics) {
  const bool whole =
      Resolver(loaded, source_root, volume_time, contents, resolved, diagnostics).Run();
  if (whole) resolved->system_uses = SystemUsesOf(loaded.manifest, resolved->tree);
  return whole;
}

}  // namespace isomason
