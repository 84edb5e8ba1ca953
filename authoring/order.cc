#include "authoring/order.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/options.h"
#include "authoring/partitions.h"
#include "authoring/path_rules.h"
#include "layout/units.h"

namespace isomason {
namespace {

// What the rules say about a content: the smaller one lies first.
struct Rank {
  uint32_t place = std::numeric_limits<uint32_t>::max();  // among boot images, then in `order`
  int64_t weight = std::numeric_limits<int64_t>::min();
  uint32_t alignment = 0;  // 0: that of all

  // Whether any rule is about it.
  bool MeansSomething() const {
    return place != std::numeric_limits<uint32_t>::max() || weight != 0 || alignment != 0;
  }

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
      if (resolved_.boot_images[i] == kNoNode) continue;  // a partition
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

// Whether a piece is attached to a partition.
bool LiesInPartition(const Pieces& pieces, PieceId piece) {
  using Kind = Pieces::Constraint::Kind;
  const Pieces::Constraint c = pieces.constraint(piece);
  return c.kind == Kind::kAttached && pieces.constraint(c.leader).kind == Kind::kTrail;
}

// Fixes the files that are pinned; what is wrong with a pin goes to `problems`.
std::vector<PieceId> FixPins(const manifest::Layout& layout, const Tree& tree,
                             const std::vector<PieceId>& piece_of, PieceId dvd_leader,
                             Pieces& pieces, Problems* problems) {
  std::vector<PieceId> pins(static_cast<size_t>(layout.pin_size()), kNoPiece);
  absl::flat_hash_map<PieceId, int> pinned;
  for (int i = 0; i < layout.pin_size(); ++i) {
    const manifest::PinnedFile& pin = layout.pin(i);
    const auto problem = [&](std::string message, absl::string_view remedy) {
      problems->push_back({.field = absl::StrCat("layout.pin[", i, "].path"),
                           .where = "layout",
                           .message = absl::StrCat(Quote(pin.path()), " ", message),
                           .remedy = std::string(remedy)});
    };
    const NodeId node = tree.Find(pin.path());
    if (node == kNoNode) {
      problem("is not in the image", "correct the path, or remove the pin");
      continue;
    }
    const Inode& inode = tree.inode(node);
    if (inode.type != NodeType::kFile || inode.content == kNoContent) {
      problem(absl::StrCat(
                  "is ", inode.type == NodeType::kFile ? "an empty file" : DescribeType(inode.type),
                  ", which has no contents to pin"),
              "name a file that has contents, or remove the pin");
      continue;
    }
    const PieceId piece = piece_of[static_cast<size_t>(inode.content)];
    const auto [it, inserted] = pinned.try_emplace(piece, i);
    if (!inserted) {
      problem(absl::StrCat("has the contents of ", Quote(layout.pin(it->second).path()),
                           ", which layout.pin[", it->second, "] pins"),
              "contents are stored once; remove one of the two pins");
      continue;
    }
    if (pieces.constraint(piece).kind == Pieces::Constraint::Kind::kTrail) {
      problem("is a partition, which lies behind all other files",
              "remove the pin, or leave out the partition");
      continue;
    }
    if (LiesInPartition(pieces, piece)) {
      problem("stands in a FAT partition, which decides where it lies",
              "remove the pin, or leave the file out of the partition with `fat.files.exclude`");
      continue;
    }
    if (pieces.constraint(piece).kind == Pieces::Constraint::Kind::kAttached) {
      problem("is a file of the DVD-Video and lies where its IFO file says",
              "pin /VIDEO_TS/VIDEO_TS.IFO, and the others go along, or remove the pin");
      continue;
    }
    const uint64_t alignment = pieces.constraint(piece).alignment.value();
    if (dvd_leader == piece && pin.block() * kBlockSize % alignment != 0) {
      problem(absl::StrCat("starts the DVD-Video, and block ", pin.block(), " is no multiple of ",
                           alignment / kBlockSize),
              "pin it to the start of a block of error correction, or remove the pin");
      continue;
    }
    pieces.Fix(piece, ToBytes(Block(pin.block())));
    pins[static_cast<size_t>(i)] = piece;
  }
  return pins;
}

// Adds a FAT partition with its files, and returns the piece that it starts with.
PieceId AddFatPartition(const PartitionSource& partition, const std::string& name,
                        const Resolved& resolved, Pieces& pieces, ContentOrder& order) {
  const Tree& tree = resolved.tree;
  const FatPieces added = AddFatPieces(*partition.volume, partition.fat, pieces);
  for (size_t k = 0; k < added.files.size(); ++k) {
    order.pieces[static_cast<size_t>(partition.fat.files[k])] = added.files[k];
  }
  if (partition.node != kNoNode) {
    const ContentId whole = tree.inode(partition.node).content;
    pieces.Alias(whole, added.leader);
    order.pieces[static_cast<size_t>(whole)] = added.leader;
  }
  if (partition.fat.rest != kNoContent)
    order.names[partition.fat.rest] = absl::StrCat("rest of ", name);
  for (const auto& [copy, node] : partition.copies) {
    order.names[copy] = absl::StrCat("copy of ", tree.Path(node), " in ", name);
  }
  return added.leader;
}

// Partitions lie behind all other contents, in their own order.
void AddPartitions(const manifest::Manifest& m, const Resolved& resolved,
                   const ContentTable& contents, Pieces& pieces, ContentOrder& order,
                   Problems* problems) {
  for (int i = 0; i < m.boot().partition_size(); ++i) {
    const PartitionSource& partition = resolved.partitions[static_cast<size_t>(i)];
    const ContentId content = PartitionContent(resolved, i);
    const std::string name = absl::StrCat("partition ", NumberOf(m.boot(), i));
    order.names[content] = name;
    ByteCount alignment = PartitionAlignmentOf(m, i);
    if (partition.is_fat) {
      const PieceId leader = AddFatPartition(partition, name, resolved, pieces, order);
      order.pieces[static_cast<size_t>(content)] = leader;
      pieces.Trail(leader);
      pieces.Align(leader, std::max(alignment, pieces.constraint(leader).alignment));
      continue;
    }
    PieceId& piece = order.pieces[static_cast<size_t>(content)];
    if (piece != kNoPiece) {  // of two partitions with one content, PlanSystemArea() speaks
      if (pieces.constraint(piece).kind == Pieces::Constraint::Kind::kTrail) continue;
      problems->push_back({.field = absl::StrCat("boot.partition[", i, "].image"),
                           .where = "layout",
                           .message = absl::StrCat(Quote(m.boot().partition(i).image()),
                                                   " is a file of the DVD-Video, which has its "
                                                   "place among the others"),
                           .remedy = "name another file, or leave out `dvd_video`"});
      continue;
    }
    piece = pieces.AddContent(content, ByteCount(contents.size(content)));
    pieces.Trail(piece);
    pieces.Align(piece, alignment);
  }
}

}  // namespace

ContentOrder AddContents(const manifest::Manifest& m, const Resolved& resolved,
                         const ContentTable& contents, const DvdVideo& dvd, ContentId boot_catalog,
                         StoredInstead instead, Pieces& pieces, Remarks* remarks,
                         Problems* problems) {
  const Tree& tree = resolved.tree;
  Orderer orderer(m.layout(), resolved);
  ContentOrder result;
  result.instead = std::move(instead);
  std::vector<NodeId>& nodes = result.paths.nodes;
  nodes.assign(contents.count(), kNoNode);
  std::vector<ContentId> order;
  std::vector<Rank> ranks(orderer.HasRules() ? contents.count() : 0);
  uint64_t unplaced = 0;
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    if (tree.inode(n).content == kNoContent) continue;
    const ContentId content = result.Stored(tree.inode(n).content);
    if (content == kNoContent) {
      Rank rank;
      if (!ranks.empty()) orderer.Add(tree.Path(n).substr(1), rank);
      if (!ranks.empty() && rank.MeansSomething()) ++unplaced;
      continue;
    }
    const auto c = static_cast<size_t>(content);
    if (nodes[c] == kNoNode) {
      nodes[c] = n;
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
  if (unplaced > 0) {
    remarks->push_back({Remark::Kind::kPlace, "layout", "",
                        absl::StrCat(unplaced, unplaced == 1 ? " file" : " files",
                                     " that `order`, `sort` or `align` match have no blocks")});
  }
  result.pieces.assign(contents.count(), kNoPiece);
  const auto add = [&](ContentId content) {
    PieceId& piece = result.pieces[static_cast<size_t>(content)];
    return piece = pieces.AddContent(content, ByteCount(contents.size(content)));
  };
  PieceId leader = kNoPiece;
  uint64_t unruly = 0;
  for (const DvdVideo::File& file : dvd.files) {
    const PieceId piece = add(file.content);
    if (!ranks.empty() && rank(file.content).MeansSomething()) ++unruly;
    if (leader == kNoPiece) {
      leader = piece;
      pieces.Align(leader, kDvdBlock);
    } else {
      pieces.Attach(piece, leader, ToBytes(file.distance));
    }
  }
  if (unruly > 0) {
    remarks->push_back({Remark::Kind::kPlace, "layout", "",
                        absl::StrCat(unruly, unruly == 1 ? " file" : " files",
                                     " of the DVD-Video that `order`, `sort` or `align` match lie "
                                     "where the IFO files say all the same")});
  }
  absl::flat_hash_set<ContentId> partitions;  // all that lies in them
  uint64_t bound = 0;
  for (size_t i = 0; i < resolved.partitions.size(); ++i) {
    const PartitionSource& partition = resolved.partitions[i];
    partitions.insert(PartitionContent(resolved, static_cast<int>(i)));
    if (!partition.is_fat) continue;
    if (partition.node != kNoNode) partitions.insert(tree.inode(partition.node).content);
    for (const ContentId file : partition.fat.files) {
      partitions.insert(file);
      if (static_cast<size_t>(file) < ranks.size() && rank(file).MeansSomething()) ++bound;
    }
  }
  if (bound > 0) {
    remarks->push_back({Remark::Kind::kPlace, "layout", "",
                        absl::StrCat(bound, bound == 1 ? " file" : " files",
                                     " of FAT partitions that `order`, `sort`, `align` or "
                                     "`boot_first` are about lie where these have them")});
  }
  for (const ContentId content : dvd.audio) add(content);
  if (boot_catalog != kNoContent && !partitions.contains(boot_catalog)) add(boot_catalog);
  for (const ContentId content : order) {
    if (result.pieces[static_cast<size_t>(content)] != kNoPiece) continue;
    if (partitions.contains(content)) continue;
    const PieceId piece = add(content);
    if (!ranks.empty() && rank(content).alignment != 0) {
      pieces.Align(piece, ByteCount(rank(content).alignment));
    }
  }
  for (const auto& [node, streams] : resolved.named_streams) {
    for (const NamedStream& stream : streams) {
      const auto c = static_cast<size_t>(stream.content);
      if (stream.content == kNoContent || nodes[c] != kNoNode) continue;
      nodes[c] = node;
      result.paths.streams[stream.content] = stream.name;
      add(stream.content);
    }
  }
  AddPartitions(m, resolved, contents, pieces, result, problems);
  result.pins = FixPins(m.layout(), tree, result.pieces, leader, pieces, problems);
  return result;
}

void BlamePins(const manifest::Layout& layout, const ContentOrder& order, const Pieces& pieces,
               const std::vector<Conflict>& conflicts, const ContentNames& names,
               Problems* problems) {
  for (const Conflict& conflict : conflicts) {
    // Of two pinned files, the one that the manifest names later is to blame.
    int blamed = -1;
    PieceId other = conflict.other;
    for (int i = 0; i < layout.pin_size(); ++i) {
      const PieceId piece = order.pins[static_cast<size_t>(i)];
      if (piece != conflict.piece && piece != conflict.other) continue;
      blamed = i;
      other = piece == conflict.piece ? conflict.other : conflict.piece;
    }
    if (blamed < 0) continue;
    const uint64_t first = BlockAt(pieces.constraint(other).where).value();
    const uint64_t last =
        BlockAt(pieces.constraint(other).where + pieces[other].size - ByteCount(1)).value();
    const uint64_t end = layout.pin(blamed).block() +
                         BlocksFor(pieces[order.pins[static_cast<size_t>(blamed)]].size).value() -
                         1;
    problems->push_back(
        {.field = absl::StrCat("layout.pin[", blamed, "].block"),
         .where = "layout",
         .message = absl::StrCat(Quote(layout.pin(blamed).path()), " would lie in blocks ",
                                 layout.pin(blamed).block(), " to ", end, ", but ",
                                 NameOf(pieces, other, names), " lies in ", first, " to ", last),
         .remedy = "pin it to other blocks; `isomason plan` without the pin shows what is free"});
  }
}

void CheckPins(const manifest::Layout& layout, const ContentOrder& order, const Pieces& pieces,
               const Addresses& at, Block partition, Remarks* remarks, Problems* problems) {
  if (layout.pin_size() == 0) return;
  Block directories;  // the last block at which one, or anything else that flows, begins
  for (uint32_t i = 0; i < pieces.count(); ++i) {
    const PieceId id{i};
    const bool flows = pieces.constraint(id).kind == Pieces::Constraint::Kind::kFlow;
    if (flows && pieces.owner(id) != nullptr) directories = std::max(directories, at.block(id));
  }
  for (int i = 0; i < layout.pin_size(); ++i) {
    const manifest::PinnedFile& pin = layout.pin(i);
    if (order.pins[static_cast<size_t>(i)] == kNoPiece) continue;
    if (Block(pin.block()) < partition) {
      problems->push_back(
          {.field = absl::StrCat("layout.pin[", i, "].block"),
           .where = "layout",
           .message =
               absl::StrCat(Quote(pin.path()), " would lie in block ", pin.block(),
                            ", before the UDF partition, which has to hold it and starts at block ",
                            partition.value(), " of this image (ECMA-167 3/10.5)"),
           .remedy = "pin it further behind, or leave out `udf`"});
    } else if (Block(pin.block()) < directories) {
      remarks->push_back({Remark::Kind::kReader, "layout", pin.path(),
                          "lies before some of the directories; bsdtar on a pipe loses it where "
                          "the directory that names it comes later"});
    }
  }
}

}  // namespace isomason
