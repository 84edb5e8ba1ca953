#include "authoring/tree/resolve.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "authoring/tree/add_archive.h"
#include "authoring/tree/add_tree.h"
#include "authoring/tree/boot_lookup.h"
#include "authoring/tree/builder.h"
#include "authoring/tree/file_contents.h"
#include "authoring/tree/hide_rules.h"
#include "authoring/tree/stub.h"
#include "authoring/tree/tree_draft.h"

namespace isomason {
namespace {

using Draft = TreeDraft::Draft;
using manifest::Entry;

class Resolver {
 public:
  Resolver(const LoadedManifest& loaded, const std::string& source_root, Timestamp volume_time,
           ContentTable* contents, Resolved* resolved, Diagnostics* diagnostics, int jobs)
      : loaded_(loaded),
        jobs_(jobs),
        manifest_(loaded.manifest),
        contents_(*contents),
        resolved_(*resolved),
        diagnostics_(*diagnostics),
        draft_(loaded, volume_time, &resolved->remarks, diagnostics),
        tree_(draft_.builder()),
        files_(loaded, source_root, contents, &resolved->pins, diagnostics) {}

  bool Run() {
    const size_t problems = diagnostics_.size();
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      if (manifest_.entry(i).what_case() != Entry::kHardLink) AddEntry(i);
      MakeStreams(i);
    }
    AddHardLinks();
    if (manifest_.has_boot()) AddBoot();
    if (IsStub(manifest_)) AddStub();
    resolved_.tree = std::move(tree_).Build(&resolved_.origins);
    resolved_.named_streams = NamedStreamsOf(manifest_, resolved_.tree, std::move(streams_));
    DropPinsOfReplacedFiles();
    if (manifest_.has_boot()) {
      FindBootImages(
          loaded_, [this](absl::string_view path) { return draft_.IsLost(path); }, &resolved_,
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
    draft_.Problem(field, message, remedy);
  }

  // --- Entries -----------------------------------------------------------------

  void AddEntry(int index) {
    const auto i = static_cast<uint32_t>(index);
    const Entry& entry = manifest_.entry(index);
    if (entry.what_case() == Entry::kTree) {
      AddSourceTree(i, entry, jobs_, &files_, &contents_, &draft_);
      return;
    }
    if (entry.what_case() == Entry::kArchive) {
      AddArchive(i, entry, &files_, &draft_);
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
          draft_.Lose(entry.path());
          return;
        }
        inode.content = made.content;
    }
    draft_.policy().Apply(absl::StripPrefix(entry.path(), "/"), entry.attributes(),
                          made.source ? &*made.source : nullptr, inode);
    draft_.PutAt(entry.path(), inode, i, EntryField(i, "path"));
  }

  void MakeStreams(int index) {
    const Entry& entry = manifest_.entry(index);
    for (int k = 0; k < entry.udf_stream_size(); ++k) {
      const manifest::UdfStream& stream = entry.udf_stream(k);
      const std::string field =
          absl::StrCat(EntryField(static_cast<uint32_t>(index), "udf_stream"), "[", k, "]");
      FileContents::Made made;
      files_.MakeStream(field, stream, &made);
      streams_[static_cast<uint32_t>(index)].push_back({stream.name(), made.content});
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
        if (draft_.IsLost(entry.hard_link()) && draft_.Lose(entry.path())) again = true;
      }
    }
    for (const uint32_t i : left) {
      const std::string& target = manifest_.entry(static_cast<int>(i)).hard_link();
      if (draft_.IsLost(target)) continue;
      Problem(EntryField(i, "hard_link"), absl::StrCat(Quote(target), " is not in the image"),
              Suggest(target));
    }
    for (const uint32_t i : left) draft_.Lose(manifest_.entry(static_cast<int>(i)).path());
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
    const auto parent = draft_.MakeParents(entry.path(), i, field);
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
                TreeDraft::kOverlayRemedy);
      }
      return true;
    }
    draft_.PutLink(parent->first, parent->second, entry.path(), target, i, field);
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
    for (const PartitionSource& partition : resolved_.partitions) used.insert(partition.content);
    for (const auto& [node, streams] : resolved_.named_streams) {
      for (const NamedStream& stream : streams) used.insert(stream.content);
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
    const std::vector<std::string> idle_keeps =
        HideBesideStub(manifest_, resolved_.tree, &resolved_.hiding);
    if (!whole) return;
    for (const std::string& keep : idle_keeps) {
      Problem("udf.stub.keep", absl::StrCat(Quote(keep), " matches nothing in the image"),
              "correct the glob, or leave it out");
    }
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
      draft_.policy().Apply(absl::StripPrefix(boot.catalog(), "/"), {}, nullptr, inode);
      draft_.PutAt(boot.catalog(), inode, kBootOrigin, "boot.catalog");
    }
    if (const std::string& area = boot.system_area().source(); !area.empty()) {
      const ContentId content = AddSource("boot.system_area.source", area);
      const uint64_t size = content == kNoContent ? 0 : contents_.size(content);
      if (size > kSystemAreaSize) {
        Problem(
            "boot.system_area.source",
            absl::StrCat(Quote(files_.SourcePath(area)), " has ", size,
                         " bytes, the system area holds ", kSystemAreaSize, " (ECMA-119 6.2.1)"),
            "use a smaller one");
      } else if (size > 0) {
        resolved_.system_area = content;
      }
    }
    for (int i = 0; i < boot.partition_size(); ++i) AddPartition(i, boot.partition(i));
  }

  // A source that is in no tree; kNoContent when there are diagnostics instead.
  ContentId AddSource(const std::string& field, const std::string& source) {
    absl::StatusOr<ContentId> content = contents_.AddFile(files_.SourcePath(source));
    if (content.ok()) return *content;
    files_.SourceProblem(field, content.status());
    return kNoContent;
  }

  void AddPartition(int i, const manifest::Partition& partition) {
    resolved_.partitions.emplace_back();
    if (partition.has_fat()) {
      resolved_.partitions.back().is_fat = true;
      if (!partition.image().empty()) AddVolume(i, partition.image());
    }
    if (partition.source().empty()) return;
    const std::string field = absl::StrCat("boot.partition[", i, "].source");
    const ContentId content = AddSource(field, partition.source());
    if (content == kNoContent) return;
    if (contents_.size(content) == 0) {
      Problem(field, absl::StrCat(Quote(files_.SourcePath(partition.source())), " is empty"),
              "a partition has a sector at the least");
      return;
    }
    resolved_.partitions.back().content = content;
    if (partition.sha256().empty()) return;
    resolved_.pins.push_back({content, absl::AsciiStrToLower(partition.sha256()),
                              absl::StrCat("boot.partition[", i, "].sha256"), content, 0});
  }

  // A file that is a FAT partition. How large it is turns out when the tree is whole; until then
  // it is something that is not empty.
  void AddVolume(int i, const std::string& path) {
    Inode inode;
    inode.content = contents_.AddZeros(kBlockSize);
    draft_.policy().Apply(absl::StripPrefix(path, "/"), {}, nullptr, inode);
    const auto origin = kPartitionOrigin + static_cast<uint32_t>(i);
    draft_.PutAt(path, inode, origin, PartitionImageField(origin));
  }

  // The text is an entry like any other, which the other namespaces hide.
  void AddStub() {
    const std::string path = StubPath(manifest_);
    const std::string text = StubText(manifest_);
    if (text.empty()) return;
    if (tree_.Find(TreeBuilder::kRoot, path.substr(1)) != TreeBuilder::kNone) {
      Problem("udf.bridge",
              absl::StrCat("the stub's text would stand in the place of ", Quote(path),
                           ", which is in the image already"),
              absl::StrCat("give the text another `path` in `udf.stub`, or show the file itself "
                           "there: stub { text: \"\" keep: ",
                           Quote(path.substr(1)), " }"));
      return;
    }
    Inode inode;
    inode.content = contents_.AddBytes(text);
    draft_.policy().Apply(path.substr(1), {}, nullptr, inode);
    draft_.PutAt(path, inode, kStubOrigin, "udf.bridge");
  }

  const LoadedManifest& loaded_;
  const int jobs_;
  const manifest::Manifest& manifest_;
  ContentTable& contents_;
  Resolved& resolved_;
  Diagnostics& diagnostics_;
  TreeDraft draft_;
  TreeBuilder& tree_;  // of the draft
  FileContents files_;
  std::map<uint32_t, std::vector<NamedStream>> streams_;  // by entry
};

}  // namespace

std::string PartitionImageField(uint32_t origin) {
  return absl::StrCat("boot.partition[", origin - kPartitionOrigin, "].image");
}

bool Resolve(const LoadedManifest& loaded, const std::string& source_root, Timestamp volume_time,
             ContentTable* contents, Resolved* resolved, Diagnostics* diagnostics, int jobs) {
  const bool whole =
      Resolver(loaded, source_root, volume_time, contents, resolved, diagnostics, jobs).Run();
  if (whole) {
    resolved->system_uses = SystemUsesOf(loaded.manifest, resolved->tree);
    resolved->created = CreationTimes::Of(loaded.manifest, resolved->tree, resolved->origins);
  }
  return whole;
}

}  // namespace isomason
