#include "authoring/order.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/path_rules.h"
#include "layout/units.h"

namespace isomason {
namespace {

// What the rules say about a content: the smaller one lies first.
struct Rank {
  uint32_t place = std::numeric_limits<uint32_t>::max();  // among boot images, then in `order`
  int64_t weight = std::numeric_limits<int64_t>::min();
  uint32_t alignment = 0;  // 0: that of all

  friend bool operator<(const Rank& a, const Rank& b) {
    return a.place != b.place ? a.place < b.place : a.weight > b.weight;
  }
};

class Orderer {
 public:
  Orderer(const manifest::Layout& layout, const Resolved& resolved)
      : layout_(layout), resolved_(resolved) {
    for (const manifest::SortRule& rule : layout.sort()) sort_.Add(rule.match());
    for (const std::string& pattern : layout.order()) order_.Add(pattern);
    for (const manifest::AlignmentRule& rule : layout.align()) align_.Add(rule.match());
    if (layout.boot_first()) boot_images_ = static_cast<uint32_t>(resolved.boot_images.size());
  }

  bool HasRules() const {
    return boot_images_ > 0 || !sort_.empty() || !order_.empty() || !align_.empty();
  }

  // Takes what the rules say about a name of a content into account.
  void Add(absl::string_view path, Rank& rank) {
    if (const auto& found = order_.Match(path); !found.empty()) {
      rank.place = std::min(rank.place, boot_images_ + found.front());
    }
    const auto& weights = sort_.Match(path);
    rank.weight = std::max<int64_t>(
        rank.weight, weights.empty() ? 0 : layout_.sort(static_cast<int>(weights.back())).weight());
    if (const auto& found = align_.Match(path); !found.empty()) {
      rank.alignment =
          std::max(rank.alignment, layout_.align(static_cast<int>(found.back())).alignment());
    }
  }

  // The same for being a boot image.
  void AddBootImages(std::vector<Rank>& ranks) const {
    for (uint32_t i = 0; i < boot_images_; ++i) {
      const auto image =
          static_cast<size_t>(resolved_.tree.inode(resolved_.boot_images[i]).content);
      ranks[image].place = std::min(ranks[image].place, i);
    }
  }

  void RemarkIdle(Remarks* remarks) const {
    const auto remark = [&](const PathRules& rules, absl::string_view field) {
      for (const std::string& pattern : rules.Idle()) {
        remarks->push_back(
            {Remark::Kind::kPlace, "layout", "",
             absl::StrCat(Quote(pattern), " in `", field, "` matches no file that has contents")});
      }
    };
    remark(sort_, "sort");
    remark(order_, "order");
    remark(align_, "align");
  }

 private:
  const manifest::Layout& layout_;
  const Resolved& resolved_;
  PathRules sort_, order_, align_;
  uint32_t boot_images_ = 0;  // how many come first
};

}  // namespace

std::vector<NodeId> AddContents(const manifest::Manifest& m, const Resolved& resolved,
                                const ContentTable& contents, ContentId boot_catalog,
                                Pieces& pieces, Remarks* remarks) {
  const Tree& tree = resolved.tree;
  const auto add = [&](ContentId content) {
    return pieces.AddContent(content, ByteCount(contents.size(content)));
  };
  Orderer orderer(m.layout(), resolved);
  std::vector<NodeId> first(contents.count(), kNoNode);
  std::vector<ContentId> order;
  std::vector<Rank> ranks(orderer.HasRules() ? contents.count() : 0);
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    const ContentId content = tree.inode(n).content;
    if (content == kNoContent) continue;
    const auto c = static_cast<size_t>(content);
    if (first[c] == kNoNode) {
      first[c] = n;
      if (content != boot_catalog) order.push_back(content);
    }
    if (!ranks.empty()) orderer.Add(tree.Path(n).substr(1), ranks[c]);
  }
  const auto rank = [&](ContentId content) -> const Rank& {
    return ranks[static_cast<size_t>(content)];
  };
  if (!ranks.empty()) {
    orderer.AddBootImages(ranks);
    orderer.RemarkIdle(remarks);
    std::stable_sort(order.begin(), order.end(),
                     [&](ContentId a, ContentId b) { return rank(a) < rank(b); });
  }
  if (boot_catalog != kNoContent) add(boot_catalog);
  for (const ContentId content : order) {
    const PieceId piece = add(content);
    if (!ranks.empty() && rank(content).alignment != 0) {
      pieces.Align(piece, ByteCount(rank(content).alignment));
    }
  }
  return first;
}

}  // namespace isomason
