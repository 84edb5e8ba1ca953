#include "authoring/checksums.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/checksum_list.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/glob.h"
#include "authoring/options.h"
#include "authoring/partitions.h"
#include "authoring/tree/hide_rules.h"
#include "authoring/tree/hiding.h"

namespace isomason {
namespace {

// Globs, and which of them have matched something.
struct Globs {
  std::vector<Glob> globs;
  std::vector<bool> used;

  explicit Globs(const google::protobuf::RepeatedPtrField<std::string>& patterns) {
    for (const std::string& pattern : patterns) globs.push_back(*Glob::Compile(pattern));
    used.resize(globs.size());
  }
  bool Match(absl::string_view path) {
    bool any = false;
    for (size_t i = 0; i < globs.size(); ++i) {
      if (!globs[i].Matches(path)) continue;
      used[i] = true;
      any = true;
    }
    return any;
  }
  bool AllUsed() const { return std::find(used.begin(), used.end(), false) == used.end(); }
};

// Files that a list does not name because nobody who finds the list finds them, and those
// that are missing in some of the namespaces that show the list.
class HiddenFiles {
 public:
  HiddenFiles(const Tree& tree, const Hiding& hiding, std::vector<Namespace> views)
      : tree_(tree), hiding_(hiding), views_(std::move(views)), missing_(views_.size()) {}

  // Whether any view shows the file, which counts.
  bool Shows(NodeId n) {
    const auto hides = [&](Namespace where) { return hiding_.Hides(n, where); };
    if (std::all_of(views_.begin(), views_.end(), hides)) {
      nowhere_.Add(n);
      return false;
    }
    for (size_t i = 0; i < views_.size(); ++i) {
      if (hides(views_[i])) missing_[i].Add(n);
    }
    return true;
  }

  bool any() const { return nowhere_.count > 0; }

  void Report(const std::string& list, Remarks* remarks) const {
    if (any()) {
      remarks->push_back({Remark::Kind::kOmitted, "checksums", tree_.Path(nowhere_.first),
                          absl::StrCat("hidden wherever ", list, " is shown", Others(nowhere_))});
    }
    for (size_t i = 0; i < views_.size(); ++i) {
      if (missing_[i].count == 0) continue;
      const absl::string_view view = views_[i] == Namespace::kIso9660  ? "ISO 9660"
                                     : views_[i] == Namespace::kJoliet ? "Joliet"
                                                                       : "UDF";
      remarks->push_back(
          {Remark::Kind::kReader, "checksums", list,
           absl::StrCat("names ", tree_.Path(missing_[i].first), ", hidden from ", view,
                        Others(missing_[i]), ": a check of the list fails there")});
    }
  }

 private:
  struct Files {
    uint64_t count = 0;
    NodeId first = kNoNode;
    void Add(NodeId n) {
      if (count++ == 0) first = n;
    }
  };
  static std::string Others(const Files& files) {
    return files.count > 1 ? absl::StrCat(", like ", files.count - 1, " more") : "";
  }

  const Tree& tree_;
  const Hiding& hiding_;
  const std::vector<Namespace> views_;
  std::vector<Files> missing_;  // by view
  Files nowhere_;
};

class ArrangePass : public Preparation {
 public:
  explicit ArrangePass(ChecksumList* list) : list_(list) {}
  Stage stage() const override { return Stage::kFiles; }
  absl::Status Run(const Image& image, const Stop&) override {
    list_->Arrange(image.addresses());
    return absl::OkStatus();
  }

 private:
  ChecksumList* list_;
};

}  // namespace

class ChecksumPlanner {
 public:
  ChecksumPlanner(const manifest::Manifest& manifest, ContentTable& contents, Resolved& resolved,
                  Remarks* remarks, Problems* problems)
      : manifest_(manifest),
        contents_(contents),
        resolved_(resolved),
        tree_(resolved.tree),
        namespaces_(NamespacesOf(manifest)),
        remarks_(*remarks),
        problems_(*problems) {}

  ChecksumLists Plan() {
    FindEntries();
    for (const ReservedArea& area : resolved_.reserved) {
      reserved_.insert(tree_.inode_id(area.node));
    }
    for (Planned& planned : planned_) Choose(planned);
    if (const auto cycle = FindCycle(); !cycle.empty()) {
      RefuseCycle(cycle);
    }
    ChecksumLists lists;
    for (Planned& planned : planned_) Make(planned, lists);
    for (size_t i = 0; i < planned_.size(); ++i) {
      for (const size_t other : planned_[i].covers) {
        lists.lists_[i]->Covers(planned_[other].content, lists.lists_[other]);
      }
    }
    return lists;
  }

 private:
  struct Planned {
    int entry;
    InodeId inode;
    std::vector<NodeId> nodes{};   // what it names
    std::vector<size_t> covers{};  // those of them that are lists, as indexes into planned_
    ContentId content = kNoContent;
  };

  std::string Field(const Planned& planned, absl::string_view field) const {
    return absl::StrCat("entry[", planned.entry, "].checksums", field);
  }
  const manifest::Checksums& SaidOf(const Planned& planned) const {
    return manifest_.entry(planned.entry).checksums();
  }
  void Refuse(std::string field, std::string message, std::string remedy) {
    problems_.push_back({.field = std::move(field),
                         .where = "checksums",
                         .message = std::move(message),
                         .remedy = std::move(remedy)});
  }

  // The entries that are still there: a later one may have replaced a list.
  void FindEntries() {
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      if (!manifest_.entry(i).has_checksums()) continue;
      const NodeId n = tree_.Find(manifest_.entry(i).path());
      if (n == kNoNode || resolved_.origins[n] != static_cast<uint32_t>(i)) continue;
      const auto& images = resolved_.boot_images;
      if (std::any_of(images.begin(), images.end(), [&](NodeId image) {
            return image != kNoNode && tree_.inode_id(image) == tree_.inode_id(n);
          })) {
        Refuse(absl::StrCat("entry[", i, "].path"), "a list of checksums is no boot image",
               "name the boot loader as `image`");
      }
      list_of_inode_[tree_.inode_id(n)] = planned_.size();
      planned_.push_back({i, tree_.inode_id(n)});
    }
  }

  // Files below the directory, in byte order of their paths.
  void Choose(Planned& planned) {
    const manifest::Checksums& said = SaidOf(planned);
    Globs match(said.match());
    Globs exclude(said.exclude());
    const NodeId top = said.directory().empty() ? tree_.root() : tree_.Find(said.directory());
    if (top == kNoNode || !tree_.is_directory(top)) {
      Refuse(Field(planned, ".directory"),
             absl::StrCat(Quote(said.directory()), " is no directory of the image"),
             "name the directory that the files of the list stand in");
      return;
    }
    HiddenFiles hidden(tree_, resolved_.hiding, ViewsOf(planned.inode));
    bool skipped_lists = false;
    bool skipped_reserved = false;
    std::vector<std::pair<NodeId, bool>> open = {{top, false}};  // with: left out as a whole
    std::vector<NodeId> children;
    while (!open.empty()) {
      const auto [n, left_out] = open.back();
      open.pop_back();
      const std::string path = tree_.Path(n).substr(1);
      // A pattern that only matches in what is left out already is no mistake.
      const bool excluded =
          (!left_out || !exclude.AllUsed()) && !path.empty() && exclude.Match(path);
      const bool out = left_out || excluded;
      if (tree_.is_directory(n)) {
        if (out && exclude.AllUsed()) continue;
        // In the order of whole paths, a directory sorts as if its name ended with a slash.
        children.clear();
        for (const NodeId child : tree_.children(n)) children.push_back(child);
        std::sort(children.begin(), children.end(),
                  [&](NodeId a, NodeId b) { return SortsBefore(b, a); });
        for (const NodeId child : children) open.emplace_back(child, out);
        continue;
      }
      if (out || tree_.inode(n).type != NodeType::kFile || tree_.inode_id(n) == planned.inode) {
        continue;
      }
      const auto list = list_of_inode_.find(tree_.inode_id(n));
      if (list != list_of_inode_.end() && !said.include_checksums()) {
        skipped_lists = true;
        continue;
      }
      if (reserved_.contains(tree_.inode_id(n)) && !said.include_reserved()) {
        skipped_reserved = true;
        continue;
      }
      if (said.match_size() > 0 && !match.Match(path)) continue;
      if (!hidden.Shows(n)) continue;
      if (const NodeId inner = ListInside(n); inner != kNoNode) {
        Refuse(Field(planned, ""),
               absl::StrCat("would name ", Quote(tree_.Path(n)), ", a partition in which ",
                            Quote(tree_.Path(inner)),
                            " stands: the digests of both would have to be known first"),
               "leave the partition out with `exclude`, or the list out of the partition");
        continue;
      }
      planned.nodes.push_back(n);
      if (list != list_of_inode_.end()) planned.covers.push_back(list->second);
    }
    RefuseUnused(planned, match, ".match", "matches no file that the list may name",
                 skipped_lists ? "correct the pattern; other lists are named with "
                                 "`include_checksums: true` only"
                 : skipped_reserved
                     ? "correct the pattern; files with reserved areas are named with "
                       "`include_reserved: true` only"
                     : "correct the pattern, or remove it");
    RefuseUnused(planned, exclude, ".exclude", "matches nothing",
                 "correct the pattern, or remove it");
    if (planned.nodes.empty() && (said.match_size() == 0 || hidden.any())) {
      Refuse(Field(planned, ""), "names no file",
             hidden.any() ? "leave the entry out; what is hidden wherever the list is shown has no "
                            "line"
                          : "leave the entry out, or add files to the image");
      return;
    }
    hidden.Report(manifest_.entry(planned.entry).path(), &remarks_);
  }

  // A list that stands in the FAT partition which a file is; kNoNode: there is none.
  NodeId ListInside(NodeId n) const {
    const int partition = FatPartitionAt(resolved_, n);
    if (partition < 0) return kNoNode;
    for (const FatName& name : resolved_.partitions[static_cast<size_t>(partition)].names) {
      if (list_of_inode_.contains(tree_.inode_id(name.node))) return name.node;
    }
    return kNoNode;
  }

  // The namespaces in which a list can be found; all when it is hidden from each.
  std::vector<Namespace> ViewsOf(InodeId list) const {
    std::vector<Namespace> views;
    for (const Namespace where : namespaces_) {
      if (resolved_.hiding.Names(tree_, list, where) > 0) views.push_back(where);
    }
    return views.empty() ? namespaces_ : views;
  }

  bool SortsBefore(NodeId a, NodeId b) const {
    const absl::string_view x = tree_.name(a);
    const absl::string_view y = tree_.name(b);
    const size_t common = std::min(x.size(), y.size());
    const int compared = x.substr(0, common).compare(y.substr(0, common));
    if (compared != 0) return compared < 0;
    const auto next = [&](NodeId n, absl::string_view name) {
      if (name.size() > common) return static_cast<int>(static_cast<unsigned char>(name[common]));
      return tree_.is_directory(n) ? static_cast<int>('/') : -1;
    };
    return next(a, x) < next(b, y);
  }

  void RefuseUnused(const Planned& planned, const Globs& globs, absl::string_view field,
                    absl::string_view what, absl::string_view remedy) {
    for (size_t i = 0; i < globs.globs.size(); ++i) {
      if (globs.used[i]) continue;
      Refuse(Field(planned, absl::StrCat(field, "[", i, "]")),
             absl::StrCat(Quote(globs.globs[i].pattern()), " ", what), std::string(remedy));
    }
  }

  // Lists that name each other round in a circle, or nothing.
  std::vector<size_t> FindCycle() const {
    // Takes away those that name only lists that are taken away; what is left is in a
    // circle or leads to one.
    std::vector<bool> gone(planned_.size());
    for (bool again = true; again;) {
      again = false;
      for (size_t i = 0; i < planned_.size(); ++i) {
        if (gone[i]) continue;
        const std::vector<size_t>& covers = planned_[i].covers;
        gone[i] = std::all_of(covers.begin(), covers.end(), [&](size_t c) { return gone[c]; });
        again = again || gone[i];
      }
    }
    const auto first = std::find(gone.begin(), gone.end(), false);
    if (first == gone.end()) return {};
    std::vector<size_t> way = {static_cast<size_t>(first - gone.begin())};
    while (true) {
      const std::vector<size_t>& covers = planned_[way.back()].covers;
      const size_t next =
          *std::find_if(covers.begin(), covers.end(), [&](size_t c) { return !gone[c]; });
      const auto seen = std::find(way.begin(), way.end(), next);
      if (seen != way.end()) return {seen, way.end()};
      way.push_back(next);
    }
  }

  void RefuseCycle(const std::vector<size_t>& cycle) {
    std::string round;
    for (const size_t i : cycle) {
      absl::StrAppend(&round, Quote(manifest_.entry(planned_[i].entry).path()), " names ");
    }
    Refuse(Field(planned_[cycle.front()], ".include_checksums"),
           absl::StrCat("no list can be finished before the other: ", round,
                        Quote(manifest_.entry(planned_[cycle.front()].entry).path())),
           "leave one of them out of the other with `exclude`");
  }

  void Make(Planned& planned, ChecksumLists& lists) {
    const manifest::Checksums& said = SaidOf(planned);
    ChecksumForm form;
    form.style = {AlgorithmOf(said.algorithm()), said.tag()};
    form.prefix = said.has_prefix() ? said.prefix() : "./";
    form.directory = said.directory().empty() ? "/" : said.directory();
    form.by_place = said.order() == manifest::BY_PLACE;
    // What decides about the bytes, apart from the files themselves.
    std::string from = absl::StrCat("checksums ", static_cast<int>(form.style.algorithm), " ",
                                    form.style.tag ? "tag" : "gnu", " ",
                                    form.by_place ? "place" : "path", " ", form.prefix.size(), " ",
                                    form.prefix, " ", form.directory.size(), " ", form.directory);
    absl::StrAppend(&from, " ", absl::StrJoin(planned.nodes, " "));
    std::string digest(DigestSize(DigestAlgorithm::kSha256), '\0');
    EVP_Digest(from.data(), from.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
               DigestFunction(DigestAlgorithm::kSha256), nullptr);
    resolved_.made.push_back({planned.inode, std::move(digest)});

    auto list = std::make_unique<ChecksumList>(tree_, resolved_.compressed, std::move(form),
                                               std::move(planned.nodes), lists.digests_);
    lists.lists_.push_back(list.get());
    const uint64_t size = list->size();
    planned.content = contents_.AddGenerated(size, std::move(list));
    tree_.SetContent(planned.inode, planned.content);
  }

  const manifest::Manifest& manifest_;
  ContentTable& contents_;
  Resolved& resolved_;
  Tree& tree_;
  const std::vector<Namespace> namespaces_;
  Remarks& remarks_;
  Problems& problems_;
  std::vector<Planned> planned_;
  absl::flat_hash_set<InodeId> reserved_;
  absl::flat_hash_map<InodeId, size_t> list_of_inode_;  // into planned_
};

std::vector<std::unique_ptr<Preparation>> ChecksumLists::MakePasses(const Resolved& resolved,
                                                                    const ContentTable& contents) {
  std::vector<std::unique_ptr<Preparation>> passes;
  for (ChecksumList* list : lists_) {
    for (const NodeId n : list->nodes()) {
      const ContentId content = PlainContent(resolved.compressed, resolved.tree.inode(n).content);
      if (!list->IsList(content)) digests_->Want(content, list->form().style.algorithm);
    }
    if (list->form().by_place) passes.push_back(std::make_unique<ArrangePass>(list));
  }
  for (auto& pass : FileDigests::MakePasses(digests_, contents)) passes.push_back(std::move(pass));
  return passes;
}

ChecksumLists PlanChecksums(const manifest::Manifest& manifest, ContentTable& contents,
                            Resolved& resolved, Remarks* remarks, Problems* problems) {
  return ChecksumPlanner(manifest, contents, resolved, remarks, problems).Plan();
}

}  // namespace isomason
