#include "authoring/reserve.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/reserve_map.h"

namespace isomason {
namespace {

using manifest::Entry;
using manifest::Reserve;

// As many bytes as one likes of one kind.
class Filler : public Generator {
 public:
  explicit Filler(uint8_t byte) : byte_(byte) {}
  absl::Status Read(const ContentTable&, uint64_t, absl::Span<uint8_t> out) const override {
    std::fill(out.begin(), out.end(), byte_);
    return absl::OkStatus();
  }

 private:
  uint8_t byte_;
};

char FillOf(const Reserve& said) { return said.fill().empty() ? '\0' : said.fill()[0]; }

class ReservePlanner {
 public:
  ReservePlanner(const manifest::Manifest& manifest, ContentTable& contents, Resolved& resolved,
                 Problems* problems)
      : manifest_(manifest),
        contents_(contents),
        resolved_(resolved),
        tree_(resolved.tree),
        problems_(*problems) {}

  void Plan() {
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      if (manifest_.entry(i).reserve_size() > 0) AddEntry(i);
    }
    for (int i = 0; i < manifest_.entry_size(); ++i) {
      if (manifest_.entry(i).has_reserve_map()) AddMap(i);
    }
  }

 private:
  void Refuse(std::string field, std::string message, std::string remedy) {
    problems_.push_back({.field = std::move(field),
                         .where = "reserve",
                         .message = std::move(message),
                         .remedy = std::move(remedy)});
  }

  // The node of entry `i`, or kNoNode when a later entry has taken its place.
  NodeId NodeOf(int i) const {
    const NodeId n = tree_.Find(manifest_.entry(i).path());
    return n == kNoNode || resolved_.origins[n] != static_cast<uint32_t>(i) ? kNoNode : n;
  }

  void AddEntry(int i) {
    const NodeId n = NodeOf(i);
    if (n == kNoNode) return;
    const Entry& entry = manifest_.entry(i);
    const std::string field = absl::StrCat("entry[", i, "].reserve[0]");
    if (tree_.inode(n).links > 1) {
      Refuse(field,
             absl::StrCat(Quote(entry.path()), " is reserved and has ", tree_.inode(n).links,
                          " names: who writes to one changes all"),
             "make the other names symlinks, or files of their own");
    }
    const ContentId before = tree_.inode(n).content;
    for (const Pin& pin : resolved_.pins) {
      if (pin.whole != before) continue;
      resolved_.made.push_back({tree_.inode_id(n), absl::StrCat("pinned ", pin.sha256)});
    }
    ContentId content = kNoContent;
    if (entry.reserve(0).marker().empty() && !entry.reserve(0).has_offset()) {
      content = Padded(i, n, before);
    } else if (!entry.reserve(0).marker().empty()) {
      content = WithMarkers(i, n);
    } else {
      content = WithOffsets(i, n, before);
    }
    if (content != kNoContent) tree_.SetContent(tree_.inode_id(n), content);
  }

  void AddArea(int i, int k, NodeId n, uint64_t offset, std::string text) {
    const Reserve& said = manifest_.entry(i).reserve(k);
    resolved_.reserved.push_back({said.name(), n, offset, said.size(), FillOf(said),
                                  std::move(text), said.marker().empty() && !said.has_offset()});
  }

  uint64_t SizeOf(ContentId content) const {
    return content == kNoContent ? 0 : contents_.size(content);
  }

  // The file, filled up to the size of the area.
  ContentId Padded(int i, NodeId n, ContentId before) {
    const Reserve& said = manifest_.entry(i).reserve(0);
    const uint64_t size = SizeOf(before);
    if (size > said.size()) {
      Refuse(absl::StrCat("entry[", i, "].reserve[0].size"),
             absl::StrCat("the file has ", size, " bytes, the area ", said.size()),
             absl::StrCat("write ", size, " or more"));
      return kNoContent;
    }
    std::vector<ContentTable::Part> parts;
    if (size > 0) parts.push_back({before, 0, size});
    if (const uint64_t rest = said.size() - size; rest > 0) {
      const char fill = FillOf(said);
      // Short ones as bytes, which an image's id takes in.
      const ContentId filler =
          fill == '\0' ? contents_.AddZeros(rest)
          : rest <= kMostInline
              ? contents_.AddBytes(std::string(rest, fill))
              : contents_.AddGenerated(rest, std::make_unique<Filler>(static_cast<uint8_t>(fill)));
      parts.push_back({filler, 0, rest});
      if (rest > kMostInline) {
        resolved_.made.push_back(
            {tree_.inode_id(n), absl::StrCat("filled ", static_cast<int>(fill))});
      }
    }
    const std::string text =
        size > 0 && contents_.kind(before) == ContentTable::Kind::kBytes && size <= kMostInline
            ? std::string(contents_.bytes(before))
            : "";
    AddArea(i, 0, n, 0, text);
    return contents_.AddParts(parts);
  }

  // A text in which each marker is replaced by its area.
  ContentId WithMarkers(int i, NodeId n) {
    const Entry& entry = manifest_.entry(i);
    const std::string& text = entry.has_text() ? entry.text() : entry.bytes();
    std::vector<std::pair<size_t, int>> places;  // with the number of the area
    for (int k = 0; k < entry.reserve_size(); ++k) {
      places.emplace_back(text.find(entry.reserve(k).marker()), k);
    }
    std::sort(places.begin(), places.end());
    std::string bytes;
    size_t done = 0;
    for (const auto& [at, k] : places) {
      const Reserve& said = entry.reserve(k);
      if (at < done) {
        Refuse(absl::StrCat("entry[", i, "].reserve[", k, "].marker"),
               absl::StrCat(Quote(said.marker()), " overlaps another marker"),
               "give every area a marker of its own");
        return kNoContent;
      }
      bytes.append(text, done, at - done);
      AddArea(i, k, n, bytes.size(), said.text());
      bytes += said.text();
      bytes.append(said.size() - said.text().size(), FillOf(said));
      done = at + said.marker().size();
    }
    bytes.append(text, done);
    return contents_.AddBytes(std::move(bytes));
  }

  // The file as it is; areas lie somewhere in it.
  ContentId WithOffsets(int i, NodeId n, ContentId before) {
    const Entry& entry = manifest_.entry(i);
    const uint64_t size = SizeOf(before);
    for (int k = 0; k < entry.reserve_size(); ++k) {
      const Reserve& said = entry.reserve(k);
      if (said.offset() > size || said.size() > size - said.offset()) {
        Refuse(absl::StrCat("entry[", i, "].reserve[", k, "].offset"),
               absl::StrCat("the area ends at byte ", said.offset() + said.size(),
                            ", the file has ", size),
               "the area has to lie in the file");
        return kNoContent;
      }
      AddArea(i, k, n, said.offset(), "");
    }
    return contents_.AddParts({{before, 0, size}});
  }

  void AddMap(int i) {
    const NodeId n = NodeOf(i);
    if (n == kNoNode) return;
    const manifest::ReserveMap& said = manifest_.entry(i).reserve_map();
    std::vector<const ReservedArea*> areas;
    for (const ReservedArea& area : resolved_.reserved) {
      if (said.area_size() == 0) areas.push_back(&area);
    }
    for (int k = 0; k < said.area_size(); ++k) {
      const auto found =
          std::find_if(resolved_.reserved.begin(), resolved_.reserved.end(),
                       [&](const ReservedArea& area) { return area.name == said.area(k); });
      if (found != resolved_.reserved.end()) {
        areas.push_back(&*found);
      } else if (problems_.empty()) {  // a file that was refused has no areas
        Refuse(absl::StrCat("entry[", i, "].reserve_map.area[", k, "]"),
               absl::StrCat("no area is called ", Quote(said.area(k))),
               "the entry that reserved it is replaced by a later one");
      }
    }
    if (!problems_.empty()) return;
    absl::StatusOr<ContentId> content = AddReserveMap(said.form(), areas, tree_, contents_);
    if (!content.ok()) {
      Refuse(absl::StrCat("entry[", i, "].reserve_map"), std::string(content.status().message()),
             "correct the areas, or write the map in another form");
      return;
    }
    tree_.SetContent(tree_.inode_id(n), *content);
  }

  static constexpr uint64_t kMostInline = 1 << 20;

  const manifest::Manifest& manifest_;
  ContentTable& contents_;
  Resolved& resolved_;
  Tree& tree_;
  Problems& problems_;
};

// A file's path in plain ISO 9660, "EFI/FEDORA/GRUB.CFG", with the dot that a name without
// an extension ends with there: coreos-installer takes away versions only.
std::string PlainPath(const Tree& tree, const Iso9660& iso9660, NodeId n) {
  std::string path = iso9660.NameOf(n);
  if (path.find('.') == std::string::npos) path += '.';
  n = tree.parent(n);
  for (; n != tree.root(); n = tree.parent(n)) {
    path = absl::StrCat(iso9660.NameOf(n), "/", path);
  }
  return path;
}

}  // namespace

void PlanReserve(const manifest::Manifest& manifest, ContentTable& contents, Resolved& resolved,
                 Problems* problems) {
  ReservePlanner(manifest, contents, resolved, problems).Plan();
}

void CheckCoreosNames(const manifest::Manifest& manifest, const Resolved& resolved,
                      const Iso9660& iso9660, Problems* problems) {
  constexpr absl::string_view kRemedy =
      "set `iso9660.level: 1`, and call directories and files in at most 8 and 3 letters, digits "
      "and `_`";
  const Tree& tree = resolved.tree;
  for (int i = 0; i < manifest.entry_size(); ++i) {
    const manifest::ReserveMap& map = manifest.entry(i).reserve_map();
    if (map.form() != manifest::COREOS_KARGS && map.form() != manifest::COREOS_IGNINFO) continue;
    const NodeId n = tree.Find(manifest.entry(i).path());
    if (n == kNoNode || resolved.origins[n] != static_cast<uint32_t>(i)) continue;
    const auto expect = [&](NodeId node, absl::string_view wanted) {
      const std::string plain = PlainPath(tree, iso9660, node);
      if (plain == wanted) return;
      problems->push_back({.field = absl::StrCat("entry[", i, "].reserve_map.form"),
                           .where = "reserve",
                           .message = absl::StrCat("coreos-installer looks for ", Quote(wanted),
                                                   " in ISO 9660; what is meant is called ",
                                                   Quote(plain), " there"),
                           .remedy = std::string(kRemedy)});
    };
    const bool kargs = map.form() == manifest::COREOS_KARGS;
    expect(n, kargs ? "COREOS/KARGS.JSO" : "COREOS/IGNINFO.JSO");
    for (const ReservedArea& area : resolved.reserved) {
      if (std::find(map.area().begin(), map.area().end(), area.name) == map.area().end()) continue;
      expect(area.node, absl::AsciiStrToUpper(tree.Path(area.node).substr(1)));
    }
  }
}

std::string ReserveMapOf(const Resolved& resolved, const Addresses& at) {
  std::vector<const ReservedArea*> areas;
  for (const ReservedArea& area : resolved.reserved) areas.push_back(&area);
  return FormatReserveMap(areas, resolved.tree, at);
}

}  // namespace isomason
