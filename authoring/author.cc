#include "authoring/author.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "authoring/blame.h"
#include "authoring/blu_ray/blu_ray.h"
#include "authoring/boot_facts.h"
#include "authoring/boot_images.h"
#include "authoring/checksums.h"
#include "authoring/compress.h"
#include "authoring/deduplicate.h"
#include "authoring/dvd_video/dvd_video.h"
#include "authoring/fat_files.h"
#include "authoring/fat_partitions.h"
#include "authoring/identity.h"
#include "authoring/keep.h"
#include "authoring/layout_files.h"
#include "authoring/manifest/check.h"
#include "authoring/media.h"
#include "authoring/media_check.h"
#include "authoring/name_collisions.h"
#include "authoring/options.h"
#include "authoring/order.h"
#include "authoring/partitions.h"
#include "authoring/pin_check.h"
#include "authoring/presets.h"
#include "authoring/problem.h"
#include "authoring/reserve.h"
#include "authoring/tree/hide_rules.h"
#include "authoring/tree/normal_names.h"
#include "authoring/tree/stub.h"
#include "layout/placement.h"
#include "layout/status.h"

namespace isomason {

// One run of the engine: the steps are the members of Run(), in order.
class Authoring {
 public:
  Authoring(const LoadedManifest& loaded, const std::string& source_root, Diagnostics* diagnostics,
            int jobs, Remarks remarks)
      : loaded_(loaded), source_root_(source_root), diagnostics_(*diagnostics), jobs_(jobs) {
    disc_->remarks_ = std::move(remarks);
  }

  absl::StatusOr<std::unique_ptr<Disc>> Run() {
    RETURN_IF_ERROR(ResolveTree());
    RETURN_IF_ERROR(PrepareBoot());
    RETURN_IF_ERROR(Compress());
    PrepareChecksums();
    RETURN_IF_ERROR(ProjectTree());
    RETURN_IF_ERROR(CollectPieces());
    ASSIGN_OR_RETURN(Addresses addresses, PlacePieces());
    disc_->image_ = std::make_unique<Image>(disc_->pieces_, disc_->contents_, std::move(addresses));
    RETURN_IF_ERROR(PrepareMediaCheck());
    disc_->findings_ =
        LintBoot(PlannedBootFacts(manifest_, disc_->resolved_, disc_->contents_, boot_entries_,
                                  disc_->system_area_.get(), *disc_->image_));
    for (auto& preparation : preparations_) disc_->image_->AddPreparation(std::move(preparation));
    return std::move(disc_);
  }

 private:
  // The manifest's entries become a tree; it is the same for every namespace. One that
  // lacks something goes on to the namespaces, which may find more to report.
  absl::Status ResolveTree() {
    if (!CheckManifest(loaded_, &diagnostics_)) return ProblemsFound();
    manifest_ = WithDefaults(loaded_.manifest);
    tree_is_whole_ = Resolve(loaded_, source_root_, VolumeTimeOf(manifest_), &disc_->contents_,
                             &disc_->resolved_, &diagnostics_, jobs_);
    std::move(disc_->resolved_.remarks.begin(), disc_->resolved_.remarks.end(),
              std::back_inserter(disc_->remarks_));
    // One that names a list which cannot be read has no order, but the tree is known.
    ReadLayoutFiles(loaded_, source_root_, &disc_->contents_, &manifest_, &lock_, &diagnostics_);
    if (!disc_->resolved_.failure.ok() && diagnostics_.empty()) return disc_->resolved_.failure;
    if (!tree_is_whole_) return absl::OkStatus();
    if (diagnostics_.empty()) {
      ASSIGN_OR_RETURN(disc_->saved_,
                       Deduplicate(manifest_, disc_->contents_, jobs_, disc_->resolved_));
    }
    SelectFatFiles(manifest_, disc_->resolved_, &disc_->remarks_, &problems_);
    PlanReserve(manifest_, disc_->contents_, disc_->resolved_, &problems_);
    checksums_ =
        PlanChecksums(manifest_, disc_->contents_, disc_->resolved_, &disc_->remarks_, &problems_);
    if (manifest_.has_dvd_video()) {
      dvd_video_ = PlanDvdVideo(disc_->contents_, disc_->resolved_, &disc_->remarks_, &problems_);
    }
    if (manifest_.udf().has_blu_ray()) {
      CheckBluRay(disc_->contents_, disc_->resolved_, &disc_->remarks_, &problems_);
    }
    disc_->stub_ = IsStub(manifest_);
    if (disc_->stub_ && !StubText(manifest_).empty()) {
      disc_->stub_text_ = disc_->resolved_.tree.Find(StubPath(manifest_));
    }
    PlanFatVolumes(manifest_, disc_->contents_, disc_->resolved_, &disc_->remarks_, &problems_);
    RETURN_IF_ERROR(LookAtBootCode(manifest_, disc_->contents_, disc_->resolved_));
    disc_->volume_ = MakeVolume(manifest_, disc_->resolved_, disc_->contents_);
    if (manifest_.has_media_check()) disc_->volume_.media_check = std::make_shared<std::string>();
    for (const Pin& pin : disc_->resolved_.pins) {
      preparations_.push_back(std::make_unique<PinCheck>(
          pin.content, pin.sha256,
          absl::StrCat(loaded_.Locate(pin.field).ToString(), ": ", pin.field)));
    }
    return absl::OkStatus();
  }

  // FAT partitions get their metadata, boot images the patches that they want, the catalog its
  // content, and the system area its tables.
  absl::Status PrepareBoot() {
    if (!tree_is_whole_) return absl::OkStatus();
    if (!MakeFatVolumes(manifest_, disc_->volume_.image_id, disc_->contents_, disc_->resolved_)) {
      return absl::OkStatus();  // there are problems
    }
    BootPlan boot;
    RETURN_IF_ERROR(PlanBoot(manifest_, disc_->contents_, disc_->resolved_, &problems_, &boot));
    disc_->system_area_ = PlanSystemArea(manifest_, disc_->contents_, disc_->resolved_,
                                         disc_->volume_.image_id, &problems_);
    boot_entries_ = std::move(boot.entries);
    disc_->boot_catalog_ = boot.catalog;
    if (boot.catalog == kNoContent) return absl::OkStatus();
    disc_->boot_record_ = std::make_unique<BootRecord>(boot.catalog);
    std::move(boot.preparations.begin(), boot.preparations.end(),
              std::back_inserter(preparations_));
    return absl::OkStatus();
  }

  // Files that are stored compressed get their contents. That takes long, and is not begun
  // for a manifest that makes no image.
  absl::Status Compress() {
    if (!tree_is_whole_ || !diagnostics_.empty() || !problems_.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(disc_->compression_,
                     CompressFiles(manifest_, jobs_, disc_->contents_, disc_->resolved_,
                                   &disc_->remarks_, &problems_));
    return absl::OkStatus();
  }

  // Lists of checksums are about files as they stand in the image from here on.
  void PrepareChecksums() {
    auto passes = checksums_.MakePasses(disc_->resolved_, disc_->contents_);
    std::move(passes.begin(), passes.end(), std::back_inserter(preparations_));
  }

  // Each namespace sees the tree in its own way.
  absl::Status ProjectTree() {
    Remarks* remarks = &disc_->remarks_;
    absl::Status status =
        ProjectIso(disc_->volume_, VolumeExtent(), remarks, &problems_, &disc_->iso_);
    if (manifest_.has_udf()) {
      UdfOptions udf = Hidden(UdfOptionsOf(manifest_));
      udf.streams = &disc_->resolved_.named_streams;
      udf.created = &disc_->resolved_.created;
      if (HasUdfData()) {
        disc_->udf_data_ =
            PlanUdfData(manifest_, disc_->resolved_, Iso9660ViewsOfDisc(), disc_->contents_);
        udf.apart = &disc_->udf_data_.apart;
        udf.sparse = &disc_->udf_data_.sparse;
      }
      Keep(Udf::Project(disc_->resolved_.tree, disc_->contents_, disc_->volume_, udf, remarks,
                        &problems_),
           disc_->udf_, status);
    }
    if (disc_->udf_ != nullptr && HasUdfData()) {
      RemarkApart(manifest_, disc_->udf_data_, disc_->resolved_.tree, disc_->contents_,
                  *disc_->udf_, remarks);
    }
    if (disc_->iso_.primary != nullptr) {
      CheckCoreosNames(manifest_, disc_->resolved_, *disc_->iso_.primary, &problems_);
    }
    ReportHiddenEverywhere();
    RETURN_IF_ERROR(ProblemsFound());
    RETURN_IF_ERROR(status);
    RETURN_IF_ERROR(ProjectPartition());
    return CheckNames();
  }

  template <typename Options>
  Options Hidden(Options options) const {
    options.hiding = &disc_->resolved_.hiding;
    return options;
  }

  // Keeps a view that was made, or its error.
  template <typename View>
  static void Keep(absl::StatusOr<View> made, View& view, absl::Status& status) {
    status.Update(made.status());
    if (made.ok()) view = *std::move(made);
  }

  // The hierarchies of ISO 9660 in a volume.
  absl::Status ProjectIso(const Volume& volume, const VolumeExtent& extent, Remarks* remarks,
                          Problems* problems, IsoHierarchies* made) {
    const Tree& tree = disc_->resolved_.tree;
    const ContentTable& contents = disc_->contents_;
    Iso9660Options options = Hidden(Iso9660OptionsOf(manifest_));
    options.system_uses = &disc_->resolved_.system_uses;
    options.compressed = &disc_->resolved_.compressed;
    options.created = &disc_->resolved_.created;
    options.extent = extent;
    absl::Status status;
    if (HasIso9660(manifest_)) {
      Keep(Iso9660::Project(tree, contents, volume, options, remarks, problems), made->primary,
           status);
    }
    if (manifest_.iso9660().has_joliet()) {
      JolietOptions joliet = Hidden(JolietOptionsOf(manifest_));
      joliet.extent = extent;
      Keep(Iso9660::ProjectJoliet(tree, contents, volume, joliet, remarks, problems), made->joliet,
           status);
    }
    if (HasEnhanced(manifest_)) {
      Keep(Iso9660::ProjectEnhanced(tree, contents, volume, options, remarks, problems),
           made->enhanced, status);
    }
    return status;
  }

  // The same once more, in a partition that can be mounted by itself. What is wrong with it, or
  // noteworthy, is so in the whole image.
  absl::Status ProjectPartition() {
    const Block start = PartitionOffsetOf(manifest_);
    if (start == Block()) return absl::OkStatus();
    Volume volume = disc_->volume_;
    volume.media_check = nullptr;  // it is about the whole
    for (const manifest::Partition& partition : manifest_.boot().partition()) {
      if (partition.image().empty() && !partition.has_fat()) continue;
      disc_->remarks_.push_back(
          {Remark::Kind::kReader, "boot", partition.image(),
           absl::StrCat(partition.has_fat() ? "what a FAT volume holds lies" : "lies",
                        " outside of partition 1: mounted by itself, that has the names and not "
                        "the bytes")});
    }
    Problems known;
    const auto& area = disc_->system_area_;
    return ProjectIso(volume,
                      {start, [area](const Addresses& at) { return IsoPartitionEnd(*area, at); }},
                      nullptr, &known, &disc_->partition_iso_);
  }

  // The namespaces whose readers fold names: what they show is compared, not what the tree
  // calls it.
  absl::Status CheckNames() {
    const Tree& tree = disc_->resolved_.tree;
    const CollisionOptions options = CollisionOptionsOf(manifest_);
    if (disc_->iso_.joliet) {
      CheckCollisions(
          tree, "joliet", [this](NodeId n) { return disc_->iso_.joliet->NameOf(n); }, options,
          &disc_->remarks_, &problems_);
    }
    if (disc_->udf_) {
      CheckCollisions(
          tree, "udf", [this](NodeId n) { return disc_->udf_->NameOf(n); }, options,
          &disc_->remarks_, &problems_);
    }
    return ProblemsFound();
  }

  // Data that nobody finds by a name. A boot image that is hidden like that is found by
  // its address, and so it may be with other contents.
  void ReportHiddenEverywhere() {
    const Resolved& resolved = disc_->resolved_;
    if (resolved.hiding.empty()) return;
    const std::vector<Namespace> namespaces = NamespacesOf(manifest_);
    const std::vector<bool> in_partitions = InFatPartitions(resolved);
    const auto shown = [&](NodeId n) {
      return std::any_of(namespaces.begin(), namespaces.end(),
                         [&](Namespace where) { return !resolved.hiding.Hides(n, where); });
    };
    for (NodeId n = 1; n < resolved.tree.node_count(); ++n) {
      if (shown(n) || !shown(resolved.tree.parent(n)) || in_partitions[n]) continue;
      disc_->remarks_.push_back({Remark::Kind::kOmitted, "hide", resolved.tree.Path(n),
                                 "no namespace shows it; its data stays in the image"});
    }
  }

  // How large the image is decides whether readers can check it.
  absl::Status PrepareMediaCheck() {
    if (!manifest_.has_media_check()) return absl::OkStatus();
    const MediaCheckOptions options = MediaCheckOptionsOf(manifest_);
    const ByteCount size(disc_->image_->size());
    const auto refuse = [&](absl::string_view field, const absl::Status& status,
                            absl::string_view remedy) {
      if (status.ok()) return;
      problems_.push_back({.field = std::string(field),
                           .where = "media check",
                           .message = std::string(status.message()),
                           .remedy = std::string(remedy)});
    };
    if (options.isomd5) {
      refuse("media_check.isomd5", CheckIsoMd5(*options.isomd5, size),
             "set `layout.minimum_size` to that, or leave it out");
    }
    if (options.tagmedia) {
      refuse("media_check.tagmedia.padding_blocks", CheckTagMedia(*options.tagmedia, size),
             "write a smaller number");
    }
    if (!disc_->resolved_.reserved.empty()) {
      disc_->remarks_.push_back({Remark::Kind::kReader, "media check", "",
                                 "fails when somebody has written to a reserved area"});
    }
    preparations_.push_back(MakeMediaCheck(options, disc_->volume_.media_check));
    return ProblemsFound();
  }

  // InvalidArgument when there are any so far; then all of them are diagnostics.
  absl::Status ProblemsFound() {
    if (!tree_is_whole_) {
      // What the volume says about itself may be about an entry that is missing.
      problems_.erase(std::remove_if(problems_.begin(), problems_.end(),
                                     [](const Problem& p) { return p.node == kNoNode; }),
                      problems_.end());
    }
    Blame(problems_, loaded_, disc_->resolved_, &diagnostics_);
    if (diagnostics_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("the manifest has problems");
  }

  // The descriptors of a volume, in order, without places. Firmware looks for a boot record
  // on the whole disc alone.
  std::vector<PieceId> AddDescriptors(const IsoHierarchies& iso, const BootRecord* boot_record) {
    Pieces& pieces = disc_->pieces_;
    std::vector<PieceId> descriptors;
    if (iso.primary) descriptors.push_back(iso.primary->AddVolumeDescriptor(pieces));
    if (boot_record != nullptr) descriptors.push_back(boot_record->Add(pieces));
    if (iso.joliet) descriptors.push_back(iso.joliet->AddVolumeDescriptor(pieces));
    // Readers look at the first supplementary descriptor for Joliet (NetBSD), or up to the
    // first of another version (Windows).
    if (iso.enhanced) descriptors.push_back(iso.enhanced->AddVolumeDescriptor(pieces));
    if (iso.primary) {
      descriptors.push_back(pieces.Add(*disc_->terminator_, 0, ByteCount(kBlockSize)));
    }
    return descriptors;
  }

  // Where the first descriptor of a volume lies in it (ECMA-119 6.2.1, ECMA-167 2/8.3.1).
  static constexpr Block kFirstDescriptor{16};

  void FixDescriptors(const std::vector<PieceId>& descriptors, Block next) {
    Pieces& pieces = disc_->pieces_;
    for (const PieceId descriptor : descriptors) {
      // Firmware does not search: a boot record elsewhere would be a conflict here.
      const PieceOwner* owner = pieces.owner(descriptor);
      const bool is_boot_record = owner != nullptr && owner == disc_->boot_record_.get();
      pieces.Fix(descriptor, ToBytes(is_boot_record ? kBootRecordBlock : next));
      next += Block(1);
    }
  }

  // Path tables and directories of a volume.
  void AddDirectories(const IsoHierarchies& iso) {
    const DirectoryOrder order = DirectoryOrderOf(manifest_);
    for (Iso9660* hierarchy : {iso.primary.get(), iso.joliet.get(), iso.enhanced.get()}) {
      if (hierarchy == nullptr) continue;
      if (hierarchy != iso.primary.get()) hierarchy->ShareEmptyBlock(*iso.primary);
      hierarchy->AddDirectories(disc_->pieces_, order, &problems_);
    }
  }

  // What no namespace owns is decided here: the order of the descriptors, what
  // comes before what, and that contents come last.
  absl::Status CollectPieces() {
    Pieces& pieces = disc_->pieces_;
    if (const auto& area = disc_->system_area_; area != nullptr) {
      pieces.Fix(AddContent(AddSystemArea(disc_->contents_, area)), ByteCount(0));
      if (area->gpt) {
        disc_->backup_gpt_ = std::make_unique<BackupGpt>(area);
        disc_->backup_gpt_->Add(pieces);
      }
    }

    if (disc_->iso_.primary) disc_->terminator_ = MakeTerminator();
    std::vector<PieceId> descriptors = AddDescriptors(disc_->iso_, disc_->boot_record_.get());
    if (disc_->udf_) {
      // Readers stop at the first block that they do not know, so UDF's recognition
      // sequence follows at once.
      for (const PieceId piece : disc_->udf_->AddRecognition(pieces)) descriptors.push_back(piece);
      disc_->udf_->AddVolumeStructures(pieces);
    }
    FixDescriptors(descriptors, kFirstDescriptor);
    if (disc_->partition_iso_.primary) {
      FixDescriptors(AddDescriptors(disc_->partition_iso_, nullptr),
                     PartitionOffsetOf(manifest_) + kFirstDescriptor);
    }

    // From here on everything flows. Directories come before what they name, for
    // readers that see the image as a stream; a UDF partition has to hold all contents.
    AddDirectories(disc_->iso_);
    AddDirectories(disc_->partition_iso_);
    if (disc_->udf_) RETURN_IF_ERROR(disc_->udf_->AddFileStructures(pieces));
    pieces.SetContentAlignment(FileAlignmentOf(manifest_));
    ShareFatFiles(manifest_, dvd_video_, disc_->contents_, disc_->resolved_, &disc_->remarks_,
                  &problems_);
    StoredInstead instead;
    if (HasUdfData()) {
      instead = ContentsElsewhere(disc_->resolved_.tree, disc_->udf_data_, *disc_->udf_,
                                  Iso9660ViewsOfDisc());
    }
    order_ =
        AddContents(manifest_, disc_->resolved_, disc_->contents_, dvd_video_, disc_->boot_catalog_,
                    std::move(instead), pieces, &disc_->remarks_, &problems_);
    if (disc_->udf_) disc_->udf_->AddMirror(pieces);
    kept_ = KeepContents(lock_, disc_->resolved_, disc_->contents_, order_, pieces);
    disc_->content_paths_ = order_.paths;
    disc_->content_names_ = order_.names;
    return ProblemsFound();
  }

  // Where the manifest wants what cannot be, a field of it is to blame.
  absl::StatusOr<Addresses> PlacePieces() {
    const Pieces& pieces = disc_->pieces_;
    const ContentNames names = [this](ContentId content) { return disc_->ContentName(content); };
    std::vector<Conflict> conflicts;
    Shape shape = ShapeOf(manifest_);
    shape.content_start = ToBytes(Block(lock_.start()));
    absl::StatusOr<Addresses> at = Place(pieces, shape, names, &conflicts);
    BlamePins(manifest_.layout(), order_, pieces, conflicts, names, &problems_);
    if (at.ok()) {
      CheckMedium(manifest_, at->image_size(), &problems_);
      if (disc_->system_area_ != nullptr) {
        if (const auto room = CheckSystemArea(*disc_->system_area_, *at); !room.ok()) {
          problems_.push_back({.field = "boot.system_area",
                               .where = "boot",
                               .message = std::string(room.message()),
                               .remedy = "leave out the table, or use a `gpt`"});
        }
      }
      CheckPins(manifest_.layout(), order_, pieces, *at,
                disc_->udf_ ? disc_->udf_->PartitionStart(*at) : Block(), &disc_->remarks_,
                &problems_);
      if (!lock_.empty()) {
        CheckKept(kept_, pieces, disc_->contents_, disc_->resolved_.tree, order_, *at,
                  manifest_.layout().lock_moves() == manifest::REFUSE_MOVES, &disc_->remarks_,
                  &problems_);
      }
    }
    RETURN_IF_ERROR(ProblemsFound());
    return at;
  }

  // Whether UDF may store files otherwise than in blocks of their own.
  bool HasUdfData() const { return manifest_.udf().embed_below() > 0 || manifest_.udf().sparse(); }
  Iso9660Views Iso9660ViewsOfDisc() const {
    const IsoHierarchies& iso = disc_->iso_;
    return {iso.primary.get(), iso.joliet.get(), iso.enhanced.get()};
  }

  PieceId AddContent(ContentId content) {
    return disc_->pieces_.AddContent(content, ByteCount(disc_->contents_.size(content)));
  }

  const LoadedManifest& loaded_;
  const std::string& source_root_;
  Diagnostics& diagnostics_;
  const int jobs_;
  manifest::Manifest manifest_;  // with defaults
  bool tree_is_whole_ = false;
  Problems problems_;
  ChecksumLists checksums_;
  std::vector<std::unique_ptr<Preparation>> preparations_;
  std::vector<BootEntry> boot_entries_;
  Lock lock_;
  DvdVideo dvd_video_;
  ContentOrder order_;
  std::vector<Kept> kept_;
  std::unique_ptr<Disc> disc_ = std::make_unique<Disc>();
};

std::string Disc::ContentName(ContentId content) const {
  if (content_paths_.has(content)) return content_paths_.PathOf(resolved_.tree, content);
  if (content == boot_catalog_) return "boot catalog";
  if (const auto it = content_names_.find(content); it != content_names_.end()) return it->second;
  return "system area";
}

Lock Disc::MakeLock() const {
  return isomason::MakeLock(resolved_, contents_, content_paths_, image_->addresses());
}

std::string Disc::ReserveMap() const { return ReserveMapOf(resolved_, image_->addresses()); }

absl::StatusOr<std::unique_ptr<Disc>> Author(const LoadedManifest& loaded,
                                             const std::string& source_root,
                                             Diagnostics* diagnostics, int jobs) {
  if (loaded.manifest.boot().preset() != manifest::NO_PRESET) {
    if (!CheckManifest(loaded, diagnostics)) {
      return absl::InvalidArgumentError("the manifest has problems");
    }
    LoadedManifest filled = loaded;
    ApplyPreset(&filled.manifest);
    return Author(filled, source_root, diagnostics, jobs);
  }
  const std::optional<NormalForm> form = NormalFormOf(loaded.manifest);
  if (!form) return Authoring(loaded, source_root, diagnostics, jobs, {}).Run();
  // From here on, the manifest says its names in the form that it asks for.
  LoadedManifest normal = loaded;
  Remarks remarks;
  NormalizePaths(*form, &normal.manifest, &remarks);
  return Authoring(normal, source_root, diagnostics, jobs, std::move(remarks)).Run();
}

}  // namespace isomason
