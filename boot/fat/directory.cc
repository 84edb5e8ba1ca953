#include "boot/fat/directory.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "layout/status.h"

namespace isomason {
namespace {

constexpr uint8_t kOfDirectories = kFatReadOnly | kFatHidden | kFatSystem;
constexpr uint8_t kOfFiles = kOfDirectories | kFatArchive;

uint64_t LongRecords(const FatTree::Node& node) {
  if (!node.long_name) return 0;
  return (node.name.size() + kFatUnitsInRecord - 1) / kFatUnitsInRecord;
}

// The parts of a long name, the last one first. What is behind its end is one zero, and then
// all ones (fatgen103, Long Directory Entries).
void AppendLongName(const FatTree::Node& node, std::string& out) {
  const uint8_t checksum = FatChecksum(node.short_name);
  const auto parts = static_cast<size_t>(LongRecords(node));
  for (size_t part = parts; part-- > 0;) {
    FatLongNameRecord record;
    record.order = static_cast<uint8_t>((part + 1) | (part + 1 == parts ? 0x40 : 0));
    record.checksum = checksum;
    std::array<uint8_t, 2 * kFatUnitsInRecord> units;
    for (size_t i = 0; i < kFatUnitsInRecord; ++i) {
      const size_t at = part * kFatUnitsInRecord + i;
      const unsigned unit = at < node.name.size()    ? node.name[at]
                            : at == node.name.size() ? 0u
                                                     : 0xFFFFu;
      units[2 * i] = static_cast<uint8_t>(unit);
      units[2 * i + 1] = static_cast<uint8_t>(unit >> 8);
    }
    std::copy_n(units.begin(), 10, record.units_1.begin());
    std::copy_n(units.begin() + 10, 12, record.units_2.begin());
    std::copy_n(units.begin() + 22, 4, record.units_3.begin());
    Append(kFatLongNameRecord, record, out);
  }
}

void AppendRecord(const FatShortName& name, uint8_t attributes, FatTime time, uint32_t cluster,
                  uint32_t size, std::string& out) {
  FatDirectoryRecord record;
  record.name = name;
  record.attributes = attributes;
  record.creation_time = record.write_time = time.time;
  record.creation_date = record.write_date = record.access_date = time.date;
  record.cluster_high = static_cast<uint16_t>(cluster >> 16);
  record.cluster_low = static_cast<uint16_t>(cluster);
  record.size = size;
  Append(kFatDirectoryRecord, record, out);
}

FatShortName Dots(size_t count) {
  FatShortName name;
  name.fill(' ');
  std::fill_n(name.begin(), count, '.');
  return name;
}

}  // namespace

absl::StatusOr<FatTree> FatTree::Make(absl::Span<const FatEntry> entries, absl::string_view label,
                                      int64_t time) {
  FatTree tree;
  ASSIGN_OR_RETURN(tree.label_, ToFatLabel(label));
  tree.has_label_ = !label.empty();
  auto volume_time = ToFatTime(time);
  if (!volume_time.ok()) return Annotate(volume_time.status(), "the volume");
  Node root;
  root.directory = true;
  root.attributes = kFatDirectory;
  root.time = *volume_time;
  tree.nodes_.push_back(std::move(root));

  absl::flat_hash_map<std::pair<uint32_t, std::u16string>, uint32_t> known;
  // The node of a name in a directory; a new one has no entry and is no directory.
  const auto find = [&](uint32_t parent, const std::u16string& name) -> std::pair<uint32_t, bool> {
    const auto [it, added] =
        known.try_emplace({parent, FoldFatName(name)}, static_cast<uint32_t>(tree.nodes_.size()));
    if (added) {
      Node node;
      node.name = name;
      node.parent = parent;
      node.time = *volume_time;
      tree.nodes_.push_back(std::move(node));
      tree.nodes_[parent].children.push_back(it->second);
    }
    return {it->second, added};
  };

  for (uint32_t e = 0; e < entries.size(); ++e) {
    const FatEntry& entry = entries[e];
    const auto where = [&](const absl::Status& status) {
      return Annotate(status, absl::Utf8SafeCEscape(entry.path));
    };
    const absl::string_view path = absl::StripPrefix(entry.path, "/");
    const std::vector<absl::string_view> names = absl::StrSplit(path, '/');
    uint32_t at = 0;
    size_t units = 0;
    for (size_t i = 0; i < names.size(); ++i) {
      auto name = ToFatName(names[i]);
      if (!name.ok()) return where(name.status());
      units += 1 + name->size();
      const auto [next, added] = find(at, *name);
      Node& node = tree.nodes_[next];
      if (node.name != *name) {
        return where(absl::InvalidArgumentError(absl::StrCat(
            "the name \"", absl::Utf8SafeCEscape(names[i]), "\" differs in case only from \"",
            absl::Utf8SafeCEscape(FatNameToUtf8(node.name)),
            "\" in the same directory; to FAT they are one")));
      }
      at = next;
      if (i + 1 == names.size()) break;
      if (!added && !node.directory) {
        return where(absl::InvalidArgumentError(absl::StrCat("\"", absl::Utf8SafeCEscape(names[i]),
                                                             "\" is a file, and has no entries")));
      }
      node.directory = true;
      node.attributes = kFatDirectory;
    }
    if (units > kFatMostPathUnits) {
      return where(absl::OutOfRangeError(
          absl::StrCat("the path has ", units, " units of UTF-16, FAT allows ", kFatMostPathUnits,
                       " (fatgen103, Name Limits and Character Sets)")));
    }
    Node& node = tree.nodes_[at];
    if (node.entry != kImplied) return where(absl::AlreadyExistsError("the path comes twice"));
    if (node.directory && !entry.directory) {
      return where(absl::InvalidArgumentError("is a file, and other entries lie below it"));
    }
    const uint8_t allowed = entry.directory ? kOfDirectories | kFatArchive : kOfFiles;
    if ((entry.attributes & ~allowed) != 0) {
      return where(absl::InvalidArgumentError(
          absl::StrCat("the attributes 0x", absl::Hex(entry.attributes, absl::kZeroPad2),
                       " are more than read-only 1, hidden 2, system 4 and archive 0x20")));
    }
    auto entry_time = ToFatTime(entry.time);
    if (!entry_time.ok()) return where(entry_time.status());
    node.entry = e;
    node.time = *entry_time;
    node.directory = entry.directory;
    if (entry.directory) {
      node.attributes = kFatDirectory | (entry.attributes & kOfDirectories);
      continue;
    }
    node.attributes = entry.attributes;
    if (entry.size > kFatMostFileSize) {
      return where(absl::OutOfRangeError(absl::StrCat("has ", entry.size, " bytes, a file of FAT ",
                                                      "has less than 4 GiB (DIR_FileSize)")));
    }
    node.size = static_cast<uint32_t>(entry.size);
  }
  if (absl::Status s = tree.Finish(); !s.ok()) return s;
  return tree;
}

absl::Status FatTree::Finish() {
  std::vector<uint32_t> pending = {0};
  while (!pending.empty()) {
    const uint32_t at = pending.back();
    pending.pop_back();
    directories_.push_back(at);
    std::vector<std::pair<std::u16string, uint32_t>> order;
    for (const uint32_t child : nodes_[at].children) {
      order.emplace_back(FoldFatName(nodes_[child].name), child);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::u16string> names;
    for (size_t i = 0; i < order.size(); ++i) {
      nodes_[at].children[i] = order[i].second;
      names.push_back(nodes_[order[i].second].name);
    }
    const std::vector<FatShortName> short_names = MakeShortNames(names);
    for (size_t i = 0; i < order.size(); ++i) {
      Node& child = nodes_[order[i].second];
      child.short_name = short_names[i];
      child.long_name = NeedsLongName(child.name, child.short_name);
    }
    for (size_t i = order.size(); i-- > 0;) {
      if (nodes_[order[i].second].directory) pending.push_back(order[i].second);
    }
    if (const uint64_t count = records(at); count > kFatMostRecords) {
      return absl::OutOfRangeError(absl::StrCat("a directory with ", order.size(), " names needs ",
                                                count, " records, FAT holds ", kFatMostRecords,
                                                " (fatgen103, Directory Structure)"));
    }
  }
  return absl::OkStatus();
}

uint64_t FatTree::records(uint32_t directory) const {
  uint64_t count = directory != 0 ? 2 : has_label_ ? 1 : 0;
  for (const uint32_t child : nodes_[directory].children) count += 1 + LongRecords(nodes_[child]);
  return count;
}

void FatTree::Render(uint32_t directory, absl::FunctionRef<uint32_t(uint32_t)> cluster_of,
                     std::string& out) const {
  const Node& self = nodes_[directory];
  if (directory != 0) {
    // ".." of a directory in the root says 0, in FAT32 as well.
    AppendRecord(Dots(1), kFatDirectory, self.time, cluster_of(directory), 0, out);
    AppendRecord(Dots(2), kFatDirectory, nodes_[self.parent].time,
                 self.parent == 0 ? 0 : cluster_of(self.parent), 0, out);
  } else if (has_label_) {
    AppendRecord(label_, kFatVolumeId, self.time, 0, 0, out);
  }
  for (const uint32_t i : self.children) {
    const Node& child = nodes_[i];
    AppendLongName(child, out);
    AppendRecord(child.short_name, child.attributes, child.time, cluster_of(i), child.size, out);
  }
}

}  // namespace isomason
