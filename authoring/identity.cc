#include "authoring/identity.h"

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/options.h"
#include "authoring/partitions.h"
#include "boot/el_torito.h"
#include "boot/partition_type.h"
#include "layout/units.h"

namespace isomason {
namespace {

// Feeds a digest with values whose ends cannot be confused.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void Add(uint64_t number) {
    char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> (8 * i));
    buffer_.append(bytes, sizeof bytes);
    if (buffer_.size() >= kFlushAt) Flush();
  }
  void Add(absl::string_view text) {
    Add(text.size());
    buffer_.append(text.data(), text.size());
    if (buffer_.size() >= kFlushAt) Flush();
  }
  std::array<uint8_t, 32> Finish() {
    Flush();
    std::array<uint8_t, 32> out{};
    EVP_DigestFinal_ex(context_.get(), out.data(), nullptr);
    return out;
  }

 private:
  static constexpr size_t kFlushAt = 64 << 10;
  void Flush() {
    EVP_DigestUpdate(context_.get(), buffer_.data(), buffer_.size());
    buffer_.clear();
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  std::string buffer_;
};

// Feeds a digest with what is known of contents without reading them.
class ContentsDigest {
 public:
  ContentsDigest(const Resolved& resolved, const ContentTable& contents, Digest& digest)
      : contents_(contents), digest_(digest) {
    for (const Pin& pin : resolved.pins) pins_[pin.whole][pin.offset].push_back(&pin);
  }

  // `made_later`: what stands there now is not what the image will hold.
  void Add(InodeId inode, ContentId content, bool made_later) {
    if (content == kNoContent) {
      digest_.Add("empty");
      return;
    }
    const auto [it, is_first] = first_.try_emplace(content, inode);
    if (!is_first) {  // files of their own that share their bytes
      digest_.Add("same");
      digest_.Add(it->second);
      return;
    }
    AddSource(content, made_later);
  }

  // A content that no inode has.
  void AddSource(ContentId content, bool made_later = false) {
    const Pins* pins = nullptr;
    if (const auto found = pins_.find(content); found != pins_.end()) pins = &found->second;
    if (const Pin* pin = WholePin(pins, content); pin != nullptr || made_later) {
      AddFile(pin == nullptr ? "unknown" : pin->sha256, contents_.size(content));
      return;
    }
    std::vector<ContentTable::Part> runs;
    contents_
        .VisitRuns(content, 0, contents_.size(content),
                   [&](const ContentTable::Part& run) {
                     runs.push_back(run);
                     return absl::OkStatus();
                   })
        .IgnoreError();  // the visitor never fails
    if (runs.size() > 1) {
      digest_.Add("parts");
      digest_.Add(runs.size());
    }
    for (const ContentTable::Part& run : runs) AddRun(run);
    // A pin of a part says more than that there is one.
    if (pins == nullptr) return;
    for (const auto& [offset, parts] : *pins) {
      for (const Pin* pin : parts) {
        digest_.Add("part");
        digest_.Add(offset);
        AddFile(pin->sha256, contents_.size(pin->content));
      }
    }
  }

 private:
  // By the byte at which what is pinned begins.
  using Pins = std::map<uint64_t, std::vector<const Pin*>>;

  static const Pin* WholePin(const Pins* pins, ContentId content) {
    if (pins == nullptr) return nullptr;
    const auto at_start = pins->find(0);
    if (at_start == pins->end()) return nullptr;
    for (const Pin* pin : at_start->second) {
      if (pin->content == content) return pin;
    }
    return nullptr;
  }

  // A file is what it holds, whether it is a file of the host or a range of one.
  void AddFile(absl::string_view sha256, uint64_t size) {
    digest_.Add("sha256");
    digest_.Add(sha256);
    digest_.Add(size);
  }

  void AddRun(const ContentTable::Part& run) {
    switch (contents_.kind(run.content)) {
      case ContentTable::Kind::kBytes:
        digest_.Add("bytes");
        digest_.Add(contents_.bytes(run.content).substr(run.offset, run.size));
        break;
      case ContentTable::Kind::kZeros:
        digest_.Add("zeros");
        digest_.Add(run.size);
        break;
      default:
        AddFile("unknown", run.size);
    }
  }

  const ContentTable& contents_;
  Digest& digest_;
  absl::flat_hash_map<ContentId, Pins> pins_;      // of the contents that they are part of
  absl::flat_hash_map<ContentId, InodeId> first_;  // the first inode with a content
};

// Leaves out paths of the host, and says whose boot code it is only where that decides.
void MakeCanonical(const Resolved& resolved, manifest::Boot& boot) {
  if (boot.has_system_area()) {
    manifest::SystemArea& area = *boot.mutable_system_area();
    area.clear_source();
    area.clear_code();
    if (resolved.code == BootCode::kIsolinux) area.set_code(manifest::ISOLINUX_CODE);
    if (resolved.code == BootCode::kGrub) area.set_code(manifest::GRUB_CODE);
    // There is one without being asked for.
    if (resolved.code != BootCode::kRaw && area.has_mbr() && area.mbr().ByteSizeLong() == 0) {
      area.clear_mbr();
    }
    if (area.has_gpt()) {
      absl::AsciiStrToUpper(area.mutable_gpt()->mutable_disk_guid());
      absl::AsciiStrToUpper(area.mutable_gpt()->mutable_iso_type());
    }
    if (area.ByteSizeLong() == 0) boot.clear_system_area();
  }
  for (manifest::Partition& partition : *boot.mutable_partition()) {
    partition.clear_source();
    partition.clear_sha256();
    absl::AsciiStrToUpper(partition.mutable_guid());
    if (const auto type = ParsePartitionType(partition.type())) {
      partition.set_type(
          absl::StrCat(absl::Hex(type->mbr), " ",
                       absl::BytesToHexString(absl::string_view(
                           reinterpret_cast<const char*>(type->guid.data()), type->guid.size()))));
    }
  }
}

// The options of a manifest, without what the tree already holds and without how it
// was put together.
std::string CanonicalOptions(const manifest::Manifest& manifest, const Resolved& resolved,
                             const ContentTable& contents) {
  manifest::Manifest m = manifest;
  m.DiscardUnknownFields();
  m.clear_include();
  m.clear_variable();
  m.clear_entry();
  m.clear_attributes();
  m.clear_attribute_rule();
  m.clear_hide();
  manifest::Volume& volume = *m.mutable_volume();
  if (volume.creation_time().empty()) volume.set_creation_time(volume.time());
  for (std::string* time :
       {volume.mutable_time(), volume.mutable_creation_time(), volume.mutable_modification_time(),
        volume.mutable_expiration_time(), volume.mutable_effective_time()}) {
    const auto moment = ParseTimestamp(*time);
    if (moment.ok()) *time = FormatTimestamp(*moment);
  }
  if (m.has_boot()) MakeCanonical(resolved, *m.mutable_boot());
  for (int i = 0; i < m.boot().entry_size(); ++i) {
    manifest::BootEntry& entry = *m.mutable_boot()->mutable_entry(i);
    const NodeId image = resolved.boot_images[static_cast<size_t>(i)];
    const int partition = FindPartition(m.boot(), entry.partition());
    if (entry.has_load_sectors() || (image == kNoNode && partition < 0)) continue;
    ByteCount size;
    if (const int shown = FatPartitionAt(resolved, image); image == kNoNode || shown >= 0) {
      size = PartitionSize(resolved, contents, image == kNoNode ? partition : shown);
    } else if (const ContentId content = resolved.tree.inode(image).content;
               content != kNoContent) {
      size = ByteCount(contents.size(content));
    }
    if (size == ByteCount(0)) continue;
    entry.set_load_sectors(DefaultLoadSectors(
        PlatformOf(entry), entry.emulation() != manifest::EMULATION_DEFAULT, size));
  }
  return m.SerializeAsString();
}

// A moment that the manifest gives, or `fallback`.
Timestamp TimeOr(const std::string& text, Timestamp fallback) {
  if (text.empty()) return fallback;
  const auto time = ParseTimestamp(text);
  return time.ok() ? *time : fallback;
}

std::optional<Timestamp> OptionalTime(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return TimeOr(text, Timestamp());
}

// The day of `time`, and a time of day that the id decides: GRUB and libblkid know
// a disc by this date, so it has to tell images apart.
Timestamp DerivedModification(Timestamp time, const ImageId& id) {
  uint64_t number = 0;
  for (const uint8_t byte : id.Derive("modification date")) number = number << 8 | byte;
  CalendarTime calendar = ToCalendar(time);
  constexpr uint64_t kHundredthsADay = uint64_t{24} * 60 * 60 * 100;
  uint64_t hundredths = number % kHundredthsADay;
  calendar.nanos = static_cast<uint32_t>(hundredths % 100) * 10'000'000;
  hundredths /= 100;
  calendar.second = static_cast<int>(hundredths % 60);
  calendar.minute = static_cast<int>(hundredths / 60 % 60);
  calendar.hour = static_cast<int>(hundredths / 3600);
  return FromCalendar(calendar);
}

}  // namespace

ImageId MakeImageId(const manifest::Manifest& manifest, const Resolved& resolved,
                    const ContentTable& contents) {
  Digest digest;
  digest.Add("isomason image id 1");
  digest.Add(CanonicalOptions(manifest, resolved, contents));
  const Tree& tree = resolved.tree;
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    digest.Add(tree.parent(n));
    digest.Add(tree.name(n));
    digest.Add(tree.inode_id(n));
    if (resolved.hiding.bits(n) != 0) digest.Add(uint64_t{resolved.hiding.bits(n)} << 32);
  }
  ContentsDigest contents_digest(resolved, contents, digest);
  absl::flat_hash_set<InodeId> made_later;
  if (resolved.boot_catalog != kNoNode) made_later.insert(tree.inode_id(resolved.boot_catalog));
  for (const PartitionSource& partition : resolved.partitions) {
    if (partition.is_fat && partition.node != kNoNode) {
      made_later.insert(tree.inode_id(partition.node));
    }
  }
  for (InodeId i = 0; i < tree.inode_count(); ++i) {
    const Inode& inode = tree.inode_at(i);
    digest.Add(static_cast<uint64_t>(inode.type) << 32 | inode.mode);
    digest.Add(uint64_t{inode.owner} << 32 | inode.group);
    digest.Add(static_cast<uint64_t>(inode.time.seconds));
    digest.Add(inode.time.nanos);
    if (inode.type == NodeType::kSymlink) digest.Add(tree.target(inode));
    digest.Add(uint64_t{inode.device_major} << 32 | inode.device_minor);
    if (const Timestamp* created = resolved.created.Find(i); created != nullptr) {
      digest.Add("created");
      digest.Add(static_cast<uint64_t>(created->seconds));
      digest.Add(created->nanos);
    }
    contents_digest.Add(i, inode.content, made_later.contains(i));
  }
  for (const Made& made : resolved.made) {
    digest.Add(made.inode);
    digest.Add(made.from);
  }
  if (resolved.system_area != kNoContent) digest.Add(contents.size(resolved.system_area));
  for (const PartitionSource& partition : resolved.partitions) {
    if (partition.content == kNoContent) continue;
    digest.Add("partition");
    contents_digest.AddSource(partition.content);
  }
  const std::map<NodeId, SystemUse> uses(resolved.system_uses.begin(), resolved.system_uses.end());
  for (const auto& [node, use] : uses) {
    digest.Add("system use");
    digest.Add(node);
    digest.Add(use.bytes);
  }
  // Streams share bytes with files and with each other, so they count on from the inodes.
  uint32_t number = tree.inode_count();
  for (const auto& [node, streams] : resolved.named_streams) {
    digest.Add("named streams");
    digest.Add(node);
    digest.Add(streams.size());
    for (const NamedStream& stream : streams) {
      digest.Add(stream.name);
      contents_digest.Add(number++, stream.content, /*made_later=*/false);
    }
  }
  return ImageId(digest.Finish());
}

Volume MakeVolume(const manifest::Manifest& manifest, const Resolved& resolved,
                  const ContentTable& contents) {
  const manifest::Volume& said = manifest.volume();
  Volume volume;
  volume.id = said.id();
  volume.system_id = said.system_id();
  volume.set_id = said.set_id();
  volume.publisher = said.publisher();
  volume.preparer = said.preparer();
  volume.application = said.application();
  volume.copyright_file = said.copyright_file();
  volume.abstract_file = said.abstract_file();
  volume.bibliographic_file = said.bibliographic_file();
  volume.application_use = said.application_use();
  volume.image_id = MakeImageId(manifest, resolved, contents);
  volume.time = VolumeTimeOf(manifest);
  volume.creation = TimeOr(said.creation_time(), volume.time);
  volume.modification =
      TimeOr(said.modification_time(), DerivedModification(volume.time, volume.image_id));
  volume.expiration = OptionalTime(said.expiration_time());
  volume.effective = OptionalTime(said.effective_time());
  return volume;
}

}  // namespace isomason
