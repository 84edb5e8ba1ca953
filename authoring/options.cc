#include "authoring/options.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "absl/strings/str_cat.h"
#include "authoring/manifest/block_files.h"
#include "authoring/presets.h"
#include "authoring/tree/stub.h"
#include "boot/gpt.h"
#include "boot/guid.h"
#include "boot/sun_label.h"

namespace isomason {
namespace {

using manifest::EntryPolicy;
using manifest::NamePolicy;

EntryPolicy Or(EntryPolicy policy, EntryPolicy fallback) {
  return policy == manifest::ENTRY_POLICY_DEFAULT ? fallback : policy;
}
NamePolicy Or(NamePolicy policy, NamePolicy fallback) {
  return policy == manifest::NAME_POLICY_DEFAULT ? fallback : policy;
}

constexpr uint32_t kCluster = 65536;  // of a Blu-ray disc

constexpr absl::string_view kRelocationDirectory = "rr_moved";

constexpr ByteCount kPartitionAlignment{1 << 20};
constexpr ByteCount kUnlistedAlignment{kBlockSize};  // of one that no table lists

bool SerialNumbersByDefault(const manifest::RockRidge& rock_ridge) {
  return rock_ridge.version() != manifest::RRIP_1_10;
}

const udf::Revision& RevisionOf(manifest::UdfRevision revision) {
  switch (revision) {
    case manifest::UDF_1_50:
      return udf::kRevision150;
    case manifest::UDF_2_00:
      return udf::kRevision200;
    case manifest::UDF_2_01:
      return udf::kRevision201;
    case manifest::UDF_2_50:
      return udf::kRevision250;
    case manifest::UDF_2_60:
      return udf::kRevision260;
    default:
      return udf::kRevision102;
  }
}

UdfOptions::Special UdfSpecial(EntryPolicy policy) {
  switch (policy) {
    case manifest::OMIT:
      return UdfOptions::Special::kOmit;
    case manifest::REFUSE:
      return UdfOptions::Special::kRefuse;
    case manifest::FOLLOW:
      return UdfOptions::Special::kFollow;
    default:
      return UdfOptions::Special::kEmit;
  }
}

// Every relaxation once, in one order, without those that change nothing beside another.
std::set<manifest::Relaxation> EffectiveRelaxations(const manifest::Iso9660& iso) {
  std::set<manifest::Relaxation> relax;
  for (const int r : iso.relax()) relax.insert(static_cast<manifest::Relaxation>(r));
  relax.erase(manifest::NO_RELAXATION);
  if (iso.level() != 1) relax.erase(manifest::LONG_NAMES_31);
  if (relax.count(manifest::LONG_NAMES_37) > 0) {
    relax.erase(manifest::LONG_NAMES_31);
    relax.erase(manifest::OMIT_VERSION);
    relax.erase(manifest::OMIT_PERIOD);
  }
  if (relax.count(manifest::OMIT_VERSION) > 0) relax.erase(manifest::OMIT_PERIOD);
  if (relax.count(manifest::SEVERAL_DOTS) > 0) relax.erase(manifest::DIRECTORY_DOT);
  return relax;
}

Relaxations RelaxationsOf(const manifest::Iso9660& iso) {
  const std::set<manifest::Relaxation> relax = EffectiveRelaxations(iso);
  const auto has = [&relax](manifest::Relaxation r) { return relax.count(r) > 0; };
  Relaxations relaxations;
  relaxations.lowercase = has(manifest::LOWERCASE);
  relaxations.ascii = has(manifest::ASCII);
  relaxations.omit_version = has(manifest::OMIT_VERSION);
  relaxations.omit_period = has(manifest::OMIT_PERIOD);
  relaxations.long_31 = has(manifest::LONG_NAMES_31);
  relaxations.long_37 = has(manifest::LONG_NAMES_37);
  relaxations.several_dots = has(manifest::SEVERAL_DOTS);
  relaxations.leading_dot = has(manifest::LEADING_DOT);
  relaxations.directory_dot = has(manifest::DIRECTORY_DOT);
  return relaxations;
}

void ClearDefaults(manifest::Zisofs& zisofs) {
  const ZisofsForm defaults;
  if (static_cast<int>(zisofs.level()) == defaults.level) zisofs.clear_level();
  if (zisofs.block_size() == defaults.block_size()) zisofs.clear_block_size();
  if (static_cast<int>(zisofs.version()) == defaults.version) zisofs.clear_version();
  // What has one block cannot have fewer.
  if (zisofs.minimum_size() <= kBlockSize + 1) zisofs.clear_minimum_size();
  if (zisofs.elsewhere() == manifest::REFUSE_COMPRESSED) zisofs.clear_elsewhere();
}

void ClearDefaults(manifest::Fat& fat) {
  for (manifest::FatFiles& files : *fat.mutable_files()) {
    if (files.to() == files.path()) files.clear_to();
  }
  if (fat.files_size() == 1) {
    manifest::FatFiles all;
    all.set_path(std::string(kEfiDirectory));
    if (fat.files(0).SerializeAsString() == all.SerializeAsString()) fat.clear_files();
  }
  if (fat.symlinks() == manifest::REFUSE) fat.clear_symlinks();
  if (fat.special() == manifest::REFUSE) fat.clear_special();
}

void ClearDefaults(manifest::Boot& boot) {
  boot.clear_allow();
  if (boot.has_system_area()) {
    manifest::SystemArea& area = *boot.mutable_system_area();
    if (area.has_mbr()) {
      manifest::Mbr& mbr = *area.mutable_mbr();
      if (mbr.active() == !area.source().empty()) mbr.clear_active();
      if (mbr.iso_type() == kIsoMbrType) mbr.clear_iso_type();
      if (mbr.geometry() == manifest::NO_GEOMETRY) mbr.clear_geometry();
      if (area.has_gpt() && mbr.ByteSizeLong() == 0) area.clear_mbr();
    }
    if (ParseGuid(area.gpt().iso_type()) == kBasicDataType) area.mutable_gpt()->clear_iso_type();
    if (area.gpt().has_fill_gaps() && !area.gpt().fill_gaps()) {
      area.mutable_gpt()->clear_fill_gaps();
    }
    if (area.apm().block_size() == ApmOptions().block_size) {
      area.mutable_apm()->clear_block_size();
    }
    for (manifest::MipsBootFile& file : *area.mutable_mips()->mutable_boot()) {
      const std::string said = file.name();
      file.clear_name();
      if (said != MipsNameOf(file)) file.set_name(said);
    }
    if (area.mips().boot_size() == 0) area.clear_mips();
    if (area.sun().label() == kSunLabelText) area.mutable_sun()->clear_label();
    if (area.hppa().version() == 5) area.mutable_hppa()->clear_version();
    if (area.ByteSizeLong() == 0) boot.clear_system_area();
  }
  for (int i = 0; i < boot.partition_size(); ++i) {
    manifest::Partition& partition = *boot.mutable_partition(i);
    const uint32_t number = NumberOf(boot, i);
    if (number == static_cast<uint32_t>(i + 2)) partition.clear_number();
    if (partition.has_fat()) {
      if (const auto type = ParsePartitionType(partition.type()); type && type->guid == kEspType) {
        partition.clear_type();
      }
      const std::string label = FatLabelOf(partition);
      partition.mutable_fat()->clear_label();
      if (label != FatLabelOf(partition)) partition.mutable_fat()->set_label(label);
      ClearDefaults(*partition.mutable_fat());
    }
    const ByteCount alignment = boot.has_system_area() ? kPartitionAlignment : kUnlistedAlignment;
    if (partition.alignment() == alignment.value()) partition.clear_alignment();
    if (partition.name() == absl::StrCat("Appended", number)) partition.clear_name();
  }
}

JolietNaming::BeyondBmp BeyondBmp(manifest::CharacterPolicy policy) {
  switch (policy) {
    case manifest::MANGLE_CHARACTERS:
      return JolietNaming::BeyondBmp::kMangle;
    case manifest::REFUSE_CHARACTERS:
      return JolietNaming::BeyondBmp::kRefuse;
    default:
      return JolietNaming::BeyondBmp::kEmit;
  }
}

JolietOptions::LongPaths LongPaths(EntryPolicy policy) {
  switch (policy) {
    case manifest::REFUSE:
      return JolietOptions::LongPaths::kRefuse;
    case manifest::OMIT:
      return JolietOptions::LongPaths::kOmit;
    case manifest::EMIT:
      return JolietOptions::LongPaths::kEmit;
    default:
      return JolietOptions::LongPaths::kReadable;
  }
}

}  // namespace

manifest::Manifest WithDefaults(const manifest::Manifest& manifest) {
  manifest::Manifest m = manifest;
  ApplyPreset(&m);

  // FAT knows no earlier time, so every format that an image may hold can say it.
  if (m.volume().time().empty()) m.mutable_volume()->set_time("1980-01-01T00:00:00Z");

  manifest::Iso9660& iso = *m.mutable_iso9660();
  const bool strict = iso.profile() == manifest::STRICT;
  if (iso.level() == 0) iso.set_level(strict ? 1 : 3);
  iso.set_names(Or(iso.names(), iso.has_rock_ridge() && !strict ? manifest::MANGLE_NAMES
                                                                : manifest::REFUSE_NAMES));
  iso.set_special(Or(iso.special(), manifest::REFUSE));
  if (iso.deep_directories() == manifest::KEEP_DIRECTORIES) iso.clear_deep_directories();
  if (iso.relocation_directory().name() == kRelocationDirectory) {
    iso.mutable_relocation_directory()->clear_name();
  }
  if (iso.relocation_directory().name().empty() && !iso.relocation_directory().shown()) {
    iso.clear_relocation_directory();
  }
  if (iso.has_rock_ridge()) {
    manifest::RockRidge& rock_ridge = *iso.mutable_rock_ridge();
    if (rock_ridge.version() == manifest::RRIP_1_12) rock_ridge.clear_version();
    if (rock_ridge.serial_numbers() == SerialNumbersByDefault(rock_ridge)) {
      rock_ridge.clear_serial_numbers();
    }
    if (rock_ridge.has_zisofs()) ClearDefaults(*rock_ridge.mutable_zisofs());
  }
  const std::set<manifest::Relaxation> relax = EffectiveRelaxations(iso);
  iso.clear_relax();
  for (const manifest::Relaxation r : relax) iso.add_relax(r);
  if (iso.has_joliet()) {
    manifest::Joliet& joliet = *iso.mutable_joliet();
    if (joliet.name_limit() == 0) joliet.set_name_limit(103);
    if (joliet.level() == 3) joliet.clear_level();
    if (joliet.volume_id() == m.volume().id()) joliet.clear_volume_id();
    if (joliet.version_numbers()) joliet.clear_version_numbers();
    if (joliet.beyond_bmp() == manifest::EMIT_CHARACTERS) joliet.clear_beyond_bmp();
    joliet.set_names(Or(joliet.names(), manifest::REFUSE_NAMES));
    joliet.set_symlinks(Or(joliet.symlinks(), manifest::REFUSE));
    joliet.set_special(Or(joliet.special(), manifest::REFUSE));
  }

  if (m.has_udf()) {
    manifest::Udf& udf = *m.mutable_udf();
    if (udf.revision() == manifest::UDF_REVISION_DEFAULT) udf.set_revision(manifest::UDF_1_02);
    udf.set_symlinks(Or(udf.symlinks(), manifest::EMIT));
    udf.set_special(Or(udf.special(), manifest::EMIT));
    if (udf.bridge() == manifest::FULL_BRIDGE) udf.clear_bridge();
    // An empty file has nothing to embed, and no entry has room for more.
    udf.set_embed_below(std::min(udf.embed_below(), Udf::kMostEmbedded + 1));
    if (udf.embed_below() <= 1) udf.clear_embed_below();
    if (udf.has_blu_ray()) {
      if (udf.anchors() == manifest::ANCHORS_DEFAULT) udf.set_anchors(manifest::AT_ALL);
    } else if (udf.anchors() == manifest::AT_256_AND_END) {
      udf.clear_anchors();
    }
    if (udf.metadata_mirror() == manifest::DUPLICATE_METADATA) udf.clear_metadata_mirror();
    if (udf.stub().path() == kStubPath) udf.mutable_stub()->clear_path();
    if (udf.stub().text() == kStubText) udf.mutable_stub()->clear_text();
    if (udf.stub().ByteSizeLong() == 0) udf.clear_stub();
  }

  if (m.has_names()) {
    manifest::Names& names = *m.mutable_names();
    if (names.normalization() == manifest::KEEP) names.clear_normalization();
    if (names.case_collisions() == manifest::REPORT_COLLISIONS) names.clear_case_collisions();
    if (names.normalization_collisions() == manifest::REPORT_COLLISIONS) {
      names.clear_normalization_collisions();
    }
    if (names.ByteSizeLong() == 0) m.clear_names();
  }

  if (m.has_boot()) {
    for (manifest::BootEntry& entry : *m.mutable_boot()->mutable_entry()) {
      if (entry.platform() == manifest::PLATFORM_DEFAULT) entry.set_platform(manifest::BIOS);
      if (entry.emulation() == manifest::NO_EMULATION) entry.clear_emulation();
      if (!entry.boot_info_table()) entry.clear_boot_info_table();
      if (!entry.grub2_boot_info()) entry.clear_grub2_boot_info();
    }
    ClearDefaults(*m.mutable_boot());
    if (m.boot().ByteSizeLong() == 0) m.clear_boot();
  }

  if (m.media_check().has_isomd5()) {
    manifest::IsoMd5& isomd5 = *m.mutable_media_check()->mutable_isomd5();
    if (isomd5.skip_blocks() == IsoMd5Options().skip_blocks) isomd5.clear_skip_blocks();
  }
  if (m.media_check().has_tagmedia()) {
    manifest::TagMedia& tagmedia = *m.mutable_media_check()->mutable_tagmedia();
    if (tagmedia.algorithm() == manifest::SHA256) tagmedia.clear_algorithm();
  }

  // Empty files share nothing, so 1 is as good as 0.
  if (m.deduplicate().minimum_size() == 1) m.mutable_deduplicate()->clear_minimum_size();

  manifest::Layout& layout = *m.mutable_layout();
  if (!layout.has_padding_blocks()) layout.set_padding_blocks(150);
  if (layout.size_multiple() == 0) layout.set_size_multiple(kBlockSize);
  if (layout.file_alignment() == 0) {
    layout.set_file_alignment(m.udf().has_blu_ray() ? kCluster : kBlockSize);
  }
  if (layout.lock_moves() == manifest::ALLOW_MOVES) layout.clear_lock_moves();
  if (layout.directory_order() == manifest::BREADTH_FIRST) layout.clear_directory_order();
  return m;
}

Iso9660Options Iso9660OptionsOf(const manifest::Manifest& m) {
  Iso9660Options options;
  // Level 4 is a hierarchy of its own; the primary one has no such level.
  options.level = std::min(3, static_cast<int>(m.iso9660().level()));
  options.optional_path_tables = m.iso9660().optional_path_tables();
  options.xa = m.iso9660().xa();
  options.strict = m.iso9660().profile() == manifest::STRICT;
  switch (m.iso9660().deep_directories()) {
    case manifest::RELOCATE_DIRECTORIES:
      options.deep_directories = Iso9660Options::DeepDirectories::kRelocate;
      break;
    case manifest::REFUSE_DIRECTORIES:
      options.deep_directories = Iso9660Options::DeepDirectories::kRefuse;
      break;
    default:
      options.deep_directories = Iso9660Options::DeepDirectories::kKeep;
  }
  const manifest::RelocationDirectory& relocation = m.iso9660().relocation_directory();
  options.relocation_directory =
      relocation.name().empty() ? std::string(kRelocationDirectory) : relocation.name();
  options.shows_relocation_directory = relocation.shown();
  if (options.strict) options.deep_directories = Iso9660Options::DeepDirectories::kRefuse;
  const manifest::RockRidge& rock_ridge = m.iso9660().rock_ridge();
  options.rock_ridge = m.iso9660().has_rock_ridge();
  options.rock_ridge_form.version_1_10 = rock_ridge.version() == manifest::RRIP_1_10;
  options.rock_ridge_form.serial_numbers = rock_ridge.has_serial_numbers()
                                               ? rock_ridge.serial_numbers()
                                               : SerialNumbersByDefault(rock_ridge);
  options.relaxations = RelaxationsOf(m.iso9660());
  options.names = m.iso9660().names() == manifest::MANGLE_NAMES ? Iso9660Options::Names::kMangle
                                                                : Iso9660Options::Names::kRefuse;
  options.special = m.iso9660().special() == manifest::OMIT ? Iso9660Options::Special::kOmit
                                                            : Iso9660Options::Special::kRefuse;
  return options;
}

JolietOptions JolietOptionsOf(const manifest::Manifest& m) {
  const manifest::Joliet& joliet = m.iso9660().joliet();
  JolietOptions options;
  options.level = joliet.level() == 0 ? 3 : static_cast<int>(joliet.level());
  options.volume_id = joliet.volume_id();
  options.naming.limit = static_cast<int>(joliet.name_limit());
  options.naming.version_numbers = !joliet.has_version_numbers() || joliet.version_numbers();
  options.naming.beyond_bmp = BeyondBmp(joliet.beyond_bmp());
  options.long_paths = LongPaths(joliet.long_paths());
  options.rock_ridge = m.iso9660().has_rock_ridge();
  options.optional_path_tables = m.iso9660().optional_path_tables();
  options.names = joliet.names() == manifest::MANGLE_NAMES ? JolietOptions::Names::kMangle
                                                           : JolietOptions::Names::kRefuse;
  switch (joliet.symlinks()) {
    case manifest::OMIT:
      options.symlinks = JolietOptions::Symlinks::kOmit;
      break;
    case manifest::FOLLOW:
      options.symlinks = JolietOptions::Symlinks::kFollow;
      break;
    default:
      options.symlinks = JolietOptions::Symlinks::kRefuse;
  }
  options.special = joliet.special() == manifest::OMIT ? JolietOptions::Special::kOmit
                                                       : JolietOptions::Special::kRefuse;
  return options;
}

CollisionOptions CollisionOptionsOf(const manifest::Manifest& m) {
  CollisionOptions options;
  options.refuse_case = m.names().case_collisions() == manifest::REFUSE_COLLISIONS;
  options.refuse_normalization =
      m.names().normalization_collisions() == manifest::REFUSE_COLLISIONS;
  return options;
}

bool HasIso9660(const manifest::Manifest& m) { return m.udf().bridge() != manifest::NO_BRIDGE; }

bool HasEnhanced(const manifest::Manifest& m) { return m.iso9660().level() == 4; }

UdfOptions UdfOptionsOf(const manifest::Manifest& m) {
  UdfOptions options;
  options.revision = &RevisionOf(m.udf().revision());
  options.symlinks = UdfSpecial(m.udf().symlinks());
  options.devices = UdfSpecial(m.udf().special());
  options.embed_below = m.udf().embed_below();
  options.bridge = HasIso9660(m);
  // ISO 9660 in a partition has its descriptors at the usual place of the main sequence.
  if (PartitionOffsetOf(m) != Block()) options.main_sequence = Block(48);
  options.anchor_at_end = m.udf().anchors() != manifest::AT_256_AND_BEFORE_END;
  options.anchor_before_end =
      m.udf().anchors() == manifest::AT_256_AND_BEFORE_END || m.udf().anchors() == manifest::AT_ALL;
  options.duplicate_metadata = m.udf().metadata_mirror() != manifest::SHARE_METADATA;
  return options;
}

Shape ShapeOf(const manifest::Manifest& m) {
  Shape shape;
  shape.flow_start = ToBytes(Block(16));  // behind the system area, ECMA-119 6.2.1
  shape.padding = ToBytes(Block(m.layout().padding_blocks()));
  // libarchive does not look at an image that ends within 8 blocks of the first
  // volume descriptor.
  constexpr ByteCount kSmallestReadable{64 << 10};
  shape.minimum = std::max(ByteCount(m.layout().minimum_size()), kSmallestReadable);
  shape.multiple = ByteCount(m.layout().size_multiple());
  shape.slack = ToBytes(Block(m.layout().slack_blocks()));
  if (const auto geometry = GeometryOf(m)) {
    shape.multiple = ByteCount(std::lcm(shape.multiple.value(), geometry->Cylinders().value()));
  }
  if (m.has_udf()) shape.minimum = std::max(shape.minimum, Udf::kMinimumImage);
  return shape;
}

DirectoryOrder DirectoryOrderOf(const manifest::Manifest& m) {
  return m.layout().directory_order() == manifest::DEPTH_FIRST ? DirectoryOrder::kDepthFirst
                                                               : DirectoryOrder::kBreadthFirst;
}

ByteCount FileAlignmentOf(const manifest::Manifest& m) {
  return ByteCount(m.layout().file_alignment());
}

MediaCheckOptions MediaCheckOptionsOf(const manifest::Manifest& m) {
  MediaCheckOptions options;
  if (m.media_check().has_isomd5()) {
    const manifest::IsoMd5& said = m.media_check().isomd5();
    IsoMd5Options& isomd5 = options.isomd5.emplace();
    if (said.has_skip_blocks()) isomd5.skip_blocks = said.skip_blocks();
    isomd5.supported = said.supported();
  }
  if (m.media_check().has_tagmedia()) {
    const manifest::TagMedia& said = m.media_check().tagmedia();
    TagMediaOptions& tagmedia = options.tagmedia.emplace();
    tagmedia.algorithm = AlgorithmOf(said.algorithm());
    tagmedia.check = said.check();
    if (said.has_padding_blocks()) tagmedia.padding_blocks = said.padding_blocks();
  }
  return options;
}

DigestAlgorithm AlgorithmOf(manifest::ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case manifest::MD5:
      return DigestAlgorithm::kMd5;
    case manifest::SHA1:
      return DigestAlgorithm::kSha1;
    case manifest::SHA512:
      return DigestAlgorithm::kSha512;
    case manifest::B2:
      return DigestAlgorithm::kBlake2b;
    default:
      return DigestAlgorithm::kSha256;
  }
}

ZisofsForm ZisofsFormOf(const manifest::Zisofs& zisofs) {
  ZisofsForm form;
  if (zisofs.version() != 0) form.version = static_cast<int>(zisofs.version());
  if (zisofs.level() != 0) form.level = static_cast<int>(zisofs.level());
  if (zisofs.block_size() == 65536) form.block_shift = 16;
  if (zisofs.block_size() == 131072) form.block_shift = 17;
  return form;
}

bool HasMbr(const manifest::Boot& boot, BootCode code) {
  const manifest::SystemArea& area = boot.system_area();
  return area.has_mbr() || area.has_gpt() || code != BootCode::kRaw;
}

uint32_t NumberOf(const manifest::Boot& boot, int i) {
  const uint32_t said = boot.partition(i).number();
  return said == 0 ? static_cast<uint32_t>(i + 2) : said;
}

ByteCount PartitionAlignmentOf(const manifest::Manifest& m, int i) {
  if (const auto geometry = GeometryOf(m)) return geometry->Cylinders();
  if (m.boot().system_area().has_sun()) return SunLabel::kCylinder;
  const uint32_t said = m.boot().partition(i).alignment();
  if (said != 0) return ByteCount(said);
  return m.boot().has_system_area() ? kPartitionAlignment : kUnlistedAlignment;
}

PartitionType PartitionTypeOf(const manifest::Partition& partition) {
  return ParsePartitionType(partition.type().empty() && partition.has_fat() ? "ESP"
                                                                            : partition.type())
      .value_or(PartitionType{});
}

std::string FatLabelOf(const manifest::Partition& partition) {
  if (partition.fat().has_label()) return partition.fat().label();
  return PartitionTypeOf(partition).guid == kEspType ? "ESP" : "";
}

std::optional<Geometry> GeometryOf(const manifest::Manifest& m) {
  switch (m.boot().system_area().mbr().geometry()) {
    case manifest::HEADS_64_SECTORS_32:
      return kGeometry64x32;
    case manifest::HEADS_255_SECTORS_63:
      return kGeometry255x63;
    default:
      return std::nullopt;
  }
}

Block PartitionOffsetOf(const manifest::Manifest& m) {
  return Block(m.boot().system_area().partition_offset());
}

ByteCount GptBackupDistance(const manifest::Manifest& m) {
  return m.has_udf() ? Udf::kTail + ByteCount(kGptArraySize) : kGptBackupDistance;
}

BootPlatform PlatformOf(const manifest::BootEntry& entry) {
  switch (entry.platform()) {
    case manifest::UEFI:
      return BootPlatform::kUefi;
    case manifest::POWERPC:
      return BootPlatform::kPowerPc;
    case manifest::MAC:
      return BootPlatform::kMac;
    default:
      return BootPlatform::kBios;
  }
}

Timestamp VolumeTimeOf(const manifest::Manifest& m) {
  const auto time = ParseTimestamp(m.volume().time());
  return time.ok() ? *time : Timestamp();
}

}  // namespace isomason
