#include "authoring/boot_facts.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/firmware/boot_program.h"
#include "authoring/options.h"
#include "authoring/partitions.h"
#include "authoring/tree/stub.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr size_t kCriteriaOfAnEntry = 20;  // El Torito 2.3: what its record has room for

// The child whose name is the given one but for the case of ASCII letters.
NodeId ChildInAnyCase(const Tree& tree, NodeId directory, absl::string_view name) {
  if (directory == kNoNode || !tree.is_directory(directory)) return kNoNode;
  for (const NodeId child : tree.children(directory)) {
    if (absl::EqualsIgnoreCase(tree.name(child), name)) return child;
  }
  return kNoNode;
}

class Collector {
 public:
  Collector(const manifest::Manifest& manifest, const Resolved& resolved,
            const ContentTable& contents, const SystemArea* area, const Image& image)
      : manifest_(manifest),
        resolved_(resolved),
        tree_(resolved.tree),
        contents_(contents),
        area_(area),
        image_(image) {
    facts_.size = image.size();
  }

  BootFacts Run(const std::vector<BootEntry>& entries) {
    for (size_t i = 0; i < entries.size(); ++i) AddEntry(static_cast<int>(i), entries[i]);
    if (!entries.empty()) facts_.catalog_records = CatalogRecords({entries});
    facts_.second_volume = ToBytes(PartitionOffsetOf(manifest_)).value();
    facts_.catalog_is_a_file = resolved_.boot_catalog != kNoNode;
    AddTables();
    AddVolume();
    AddUdf();
    AddTree();
    return std::move(facts_);
  }

 private:
  void AddEntry(int i, const BootEntry& planned) {
    const manifest::BootEntry& said = manifest_.boot().entry(i);
    BootFacts::Entry entry;
    entry.field = absl::StrCat("boot.entry[", i, "]");
    entry.platform = planned.platform;
    entry.media = planned.media;
    entry.bootable = planned.bootable;
    entry.long_criteria = planned.criteria.size() > kCriteriaOfAnEntry;
    entry.load_sectors = planned.load_sectors;
    entry.load_segment = planned.load_segment;
    entry.boot_info_table = said.boot_info_table();
    entry.grub2_boot_info = said.grub2_boot_info();
    entry.offset = image_.addresses()[planned.image].value();
    entry.size = contents_.size(planned.image);
    NodeId file = resolved_.boot_images[static_cast<size_t>(i)];
    int partition = file == kNoNode ? -1 : FatPartitionAt(resolved_, file);
    if (said.partition() != 0) {
      partition = FindPartition(manifest_.boot(), said.partition());
      file = resolved_.partitions[static_cast<size_t>(partition)].node;
      entry.size = PartitionSize(resolved_, contents_, partition).value();
    }
    if (partition >= 0) entry.size = PartitionSize(resolved_, contents_, partition).value();
    if (file != kNoNode && IsShown(file)) entry.path = tree_.Path(file);
    const BootImageLook look =
        LookAtBootImage(entry.size, [&](uint64_t offset, absl::Span<uint8_t> out) {
          return image_.Read(entry.offset + offset, out);
        });
    entry.program = look.program;
    entry.label = look.label;
    if (area_ != nullptr && area_->code != BootCode::kRaw && area_->loader == planned.image &&
        !facts_.code_loads) {
      facts_.code_loads = facts_.entries.size();
    }
    facts_.entries.push_back(std::move(entry));
  }

  // Whether any namespace shows it.
  bool IsShown(NodeId node) const {
    const auto shows = [&](bool there, Namespace where) {
      return there && !resolved_.hiding.Hides(node, where);
    };
    return shows(HasIso9660(manifest_), Namespace::kIso9660) ||
           shows(manifest_.iso9660().has_joliet(), Namespace::kJoliet) ||
           shows(manifest_.has_udf(), Namespace::kUdf);
  }

  void AddTables() {
    if (area_ == nullptr) return;
    facts_.code = area_->code;
    // What lies behind the system area is the tables' only where there is a GPT.
    const auto read = [this](uint64_t offset, absl::Span<uint8_t> out) {
      if (offset >= kSystemAreaSize && !area_->gpt) {
        std::fill(out.begin(), out.end(), uint8_t{0});
        return absl::OkStatus();
      }
      return image_.Read(offset, out);
    };
    absl::StatusOr<DiskTables> tables = ReadDiskTables(facts_.size, read);
    if (tables.ok()) facts_.tables = *std::move(tables);
  }

  void AddVolume() {
    const std::string& id = manifest_.volume().id();
    if (HasIso9660(manifest_)) {
      facts_.iso9660_label = id;
      facts_.volume_size = facts_.size;
      facts_.stub = IsStub(manifest_);
    }
    if (manifest_.iso9660().has_joliet()) {
      const std::string& own = manifest_.iso9660().joliet().volume_id();
      facts_.joliet_label = own.empty() ? id : own;
    }
  }

  void AddUdf() {
    if (!manifest_.has_udf()) return;
    const UdfOptions options = UdfOptionsOf(manifest_);
    facts_.udf_label = manifest_.volume().id();
    facts_.udf_revision = options.revision->number;
    facts_.udf_anchor_at_end = options.anchor_at_end;
    for (InodeId i = 0; i < tree_.inode_count(); ++i) {
      const NodeType type = tree_.inode_at(i).type;
      if (type == NodeType::kDirectory || type == NodeType::kFile) continue;
      const bool is_symlink = type == NodeType::kSymlink;
      const auto policy = is_symlink ? options.symlinks : options.devices;
      if (policy != UdfOptions::Special::kEmit) continue;
      if (resolved_.hiding.Names(tree_, i, Namespace::kUdf) == 0) continue;
      (is_symlink ? facts_.udf_symlinks : facts_.udf_special) = true;
    }
  }

  void AddTree() {
    const NodeId root = tree_.root();
    const NodeId loaders = ChildInAnyCase(tree_, ChildInAnyCase(tree_, root, "EFI"), "BOOT");
    if (loaders != kNoNode && tree_.is_directory(loaders)) {
      for (const NodeId child : tree_.children(loaders)) {
        const std::string name = absl::AsciiStrToUpper(tree_.name(child));
        if (tree_.is_directory(child) || !absl::StartsWith(name, "BOOT") ||
            !absl::EndsWith(name, ".EFI") || !IsShown(child)) {
          continue;
        }
        facts_.loaders.push_back(tree_.Path(child));
      }
    }
    const NodeId sources = ChildInAnyCase(tree_, root, "sources");
    if (sources == kNoNode || !tree_.is_directory(sources) ||
        (ChildInAnyCase(tree_, root, "bootmgr") == kNoNode &&
         ChildInAnyCase(tree_, root, "setup.exe") == kNoNode)) {
      return;
    }
    for (const NodeId child : tree_.children(sources)) {
      const std::string name = absl::AsciiStrToLower(tree_.name(child));
      facts_.windows_setup |= absl::EndsWith(name, ".wim") || absl::EndsWith(name, ".esd");
    }
  }

  const manifest::Manifest& manifest_;
  const Resolved& resolved_;
  const Tree& tree_;
  const ContentTable& contents_;
  const SystemArea* const area_;
  const Image& image_;
  BootFacts facts_;
};

}  // namespace

BootFacts PlannedBootFacts(const manifest::Manifest& manifest, const Resolved& resolved,
                           const ContentTable& contents, const std::vector<BootEntry>& entries,
                           const SystemArea* area, const Image& image) {
  return Collector(manifest, resolved, contents, area, image).Run(entries);
}

}  // namespace isomason
