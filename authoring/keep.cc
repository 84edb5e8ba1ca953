#include "authoring/keep.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "layout/units.h"

namespace isomason {
namespace {

using Kind = Pieces::Constraint::Kind;

absl::flat_hash_map<ContentId, absl::string_view> DigestsOf(const Resolved& resolved) {
  absl::flat_hash_map<ContentId, absl::string_view> digests;
  for (const Pin& pin : resolved.pins) digests[pin.content] = pin.sha256;
  // What is compressed is known by what it was: a lock has its size beside that.
  for (const auto& [stored, compressed] : resolved.compressed) {
    const auto it = digests.find(compressed.plain);
    if (it != digests.end()) digests[stored] = it->second;
  }
  return digests;
}

// The end of what flows before the contents, in whole blocks.
Block EndOfDirectories(const Pieces& pieces, const Addresses& at) {
  ByteCount end;
  for (uint32_t i = 0; i < pieces.count(); ++i) {
    const PieceId id{i};
    if (pieces.owner(id) == nullptr || pieces.constraint(id).kind != Kind::kFlow) continue;
    end = std::max(end, at[id] + pieces[id].size);
  }
  return BlocksFor(end);
}

// Whether a piece is a partition, or attached to one.
bool Trails(const Pieces& pieces, PieceId piece) {
  const Pieces::Constraint c = pieces.constraint(piece);
  return c.kind == Kind::kTrail ||
         (c.kind == Kind::kAttached && pieces.constraint(c.leader).kind == Kind::kTrail);
}

}  // namespace

std::vector<Kept> KeepContents(const Lock& lock, const Resolved& resolved,
                               const ContentTable& contents, const ContentOrder& order,
                               Pieces& pieces) {
  std::vector<Kept> kept;
  if (lock.empty()) return kept;
  const Tree& tree = resolved.tree;
  const auto digests = DigestsOf(resolved);
  const auto is_free = [&](ContentId content) {
    return pieces.constraint(order.pieces[static_cast<size_t>(content)]).kind == Kind::kFlow;
  };
  const auto trails = [&](ContentId content) {
    return Trails(pieces, order.pieces[static_cast<size_t>(content)]);
  };
  const auto keep = [&](ContentId content, const Lock::Entry& entry, Pieces::Claim claim) {
    pieces.Keep(order.pieces[static_cast<size_t>(content)], ToBytes(Block(entry.block)), claim);
  };
  const auto differs = [&](ContentId content, const Lock::Entry& entry) {
    const auto it = digests.find(content);
    return it != digests.end() && !entry.sha256.empty() && it->second != entry.sha256;
  };
  // A content of several names stays for the first of them that says it has not changed.
  std::vector<const Lock::Entry*> changed(contents.count(), nullptr);
  const auto look_up = [&](ContentId content, const std::string& path) {
    const Lock::Entry* const entry = lock.Find(path);
    if (entry == nullptr) return;
    if (trails(content)) {  // it lies behind everything, there or not
      if (entry->size == contents.size(content)) kept.push_back({content, entry->block});
      return;
    }
    if (entry->size == contents.size(content) && !differs(content, *entry)) {
      keep(content, *entry, Pieces::Claim::kFirst);
      kept.push_back({content, entry->block});
    } else if (const Lock::Entry*& old = changed[static_cast<size_t>(content)]; old == nullptr) {
      old = entry;
    }
  };
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    if (tree.inode(n).content == kNoContent) continue;
    const ContentId content = order.Stored(tree.inode(n).content);
    if (content == kNoContent) continue;
    if (is_free(content) || trails(content)) look_up(content, tree.Path(n));
  }
  for (const auto& [node, streams] : resolved.named_streams) {
    for (const NamedStream& stream : streams) {
      if (stream.content == kNoContent || !is_free(stream.content)) continue;
      look_up(stream.content, StreamPath(tree.Path(node), stream.name));
    }
  }
  for (uint32_t i = 0; i < contents.count(); ++i) {
    const ContentId content{i};
    if (order.pieces[i] == kNoPiece || !is_free(content)) continue;
    const Lock::Entry* entry = changed[i];
    // What has not grown cannot be in the way of anything else that the lock has.
    const bool fits = entry != nullptr && contents.size(content) <= entry->size;
    if (const auto it = digests.find(content); entry == nullptr && it != digests.end()) {
      entry = lock.FindDigest(it->second);
      if (entry != nullptr && entry->size != contents.size(content)) entry = nullptr;
    }
    if (entry != nullptr)
      keep(content, *entry, fits ? Pieces::Claim::kFirst : Pieces::Claim::kSecond);
  }
  return kept;
}

void CheckKept(const std::vector<Kept>& kept, const Pieces& pieces, const ContentTable& contents,
               const Tree& tree, const ContentOrder& order, const Addresses& at, bool refuse,
               Remarks* remarks, Problems* problems) {
  const Block directories = EndOfDirectories(pieces, at);
  uint64_t moved = 0;
  for (const Kept& k : kept) {
    const uint64_t block = at.block(k.content).value();
    if (block == k.block) continue;
    ++moved;
    const uint64_t alignment =
        pieces.constraint(order.pieces[static_cast<size_t>(k.content)]).alignment.value();
    const std::string reason =
        Trails(pieces, order.pieces[static_cast<size_t>(k.content)])
            ? "partitions lie behind all other files"
        : Block(k.block) < directories
            ? absl::StrCat("directories reach to block ", directories.value() - 1)
        : k.block * kBlockSize % alignment != 0
            ? absl::StrCat("that is no multiple of ", alignment, " bytes")
            : "another file lies there";
    if (refuse) {
      problems->push_back({.node = order.paths.nodes[static_cast<size_t>(k.content)],
                           .where = "layout",
                           .message = absl::StrCat("cannot stay at block ", k.block,
                                                   ", where `layout.lock` has it: ", reason),
                           .remedy = "set `layout.lock_moves: ALLOW_MOVES`, or begin a new lock"});
    } else {
      remarks->push_back({Remark::Kind::kPlace, "layout", order.paths.PathOf(tree, k.content),
                          absl::StrCat("moves from block ", k.block, " to ", block, ": ", reason)});
    }
  }

  uint64_t used = 0;
  ByteCount end;
  ByteCount start = at.image_size();
  for (uint32_t i = 0; i < order.pieces.size(); ++i) {
    if (order.pieces[i] == kNoPiece || pieces.aliases().contains(ContentId{i})) continue;
    const ByteCount size(contents.size(ContentId{i}));
    used += BlocksFor(size).value();
    start = std::min(start, at[ContentId{i}]);
    end = std::max(end, at[ContentId{i}] + size);
  }
  const uint64_t room = used == 0 ? 0 : (BlocksFor(end) - BlockAt(start)).value();
  remarks->push_back(
      {Remark::Kind::kPlace, "layout", "",
       absl::StrCat(kept.size() - moved, " of ", kept.size(),
                    " files that the lock has with their size stay at their blocks; ", room - used,
                    " blocks between files are free")});
}

Lock MakeLock(const Resolved& resolved, const ContentTable& contents, const ContentPaths& paths,
              const Addresses& at) {
  const auto digests = DigestsOf(resolved);
  std::vector<ContentId> order;
  for (uint32_t i = 0; i < paths.nodes.size(); ++i) {
    if (paths.has(ContentId{i})) order.push_back(ContentId{i});
  }
  std::sort(order.begin(), order.end(), [&](ContentId a, ContentId b) { return at[a] < at[b]; });
  Lock lock;
  lock.set_start(BlocksFor(at.content_start()).value());
  for (const ContentId content : order) {
    const auto it = digests.find(content);
    lock.Add({at.block(content).value(), contents.size(content),
              it == digests.end() ? "" : std::string(it->second),
              paths.PathOf(resolved.tree, content)});
  }
  return lock;
}

}  // namespace isomason
