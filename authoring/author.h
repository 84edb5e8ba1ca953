// -----------------------------------------------------------------------------
// File: authoring/author.h
// -----------------------------------------------------------------------------
//
// The front door: a manifest and its sources become an image. Author() decides
// everything and reads no file's data, unless the manifest asks for what cannot be had
// otherwise (`deduplicate`, `zisofs`); what the result then does is read.
//
//   Diagnostics diagnostics;
//   ASSIGN_OR_RETURN(auto disc, Author(loaded, loaded.directory, &diagnostics));
//   RETURN_IF_ERROR(disc->image().Prepare(jobs));
//   RETURN_IF_ERROR(WriteToFile(disc->image(), "rescue.iso", options));
//
#ifndef ISOMASON_AUTHORING_AUTHOR_H_
#define ISOMASON_AUTHORING_AUTHOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "authoring/compress.h"
#include "authoring/content_paths.h"
#include "authoring/deduplicate.h"
#include "authoring/firmware/lint.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/lock.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "authoring/udf/udf.h"
#include "authoring/udf_data.h"
#include "authoring/volume.h"
#include "boot/el_torito.h"
#include "boot/system_area.h"
#include "layout/content.h"
#include "layout/image.h"
#include "layout/piece.h"

namespace isomason {

// The hierarchies of ISO 9660 in one volume; null those that it does not have.
struct IsoHierarchies {
  std::unique_ptr<Iso9660> primary;
  std::unique_ptr<Iso9660> joliet;
  std::unique_ptr<Iso9660> enhanced;  // ISO 9660:1999
};

// An image with everything that it is rendered from.
class Disc {
 public:
  Disc() = default;
  Disc(const Disc&) = delete;
  Disc& operator=(const Disc&) = delete;

  Image& image() { return *image_; }
  const Image& image() const { return *image_; }
  const Tree& tree() const { return resolved_.tree; }
  const Hiding& hiding() const { return resolved_.hiding; }
  const ContentTable& contents() const { return contents_; }
  const Volume& volume() const { return volume_; }
  // The reserved areas, and the map of them.
  const std::vector<ReservedArea>& reserved() const { return resolved_.reserved; }
  std::string ReserveMap() const;
  // What is not quite as the manifest says it.
  const Remarks& remarks() const { return remarks_; }
  // What firmware and other programs are known to take badly, also where the manifest allows it.
  const std::vector<Finding>& findings() const { return findings_; }
  // What the manifest's `deduplicate` did.
  const Saved& saved() const { return saved_; }
  // What its `zisofs` did.
  const Compression& compression() const { return compression_; }

  // The namespaces; null when the image has no such view.
  const Iso9660* iso9660() const { return iso_.primary.get(); }
  const Iso9660* joliet() const { return iso_.joliet.get(); }
  const Iso9660* enhanced() const { return iso_.enhanced.get(); }
  const Udf* udf() const { return udf_.get(); }
  // Whether ISO 9660 is a stub, and the text in it, which is kNoNode when there is none.
  bool stub() const { return stub_; }
  NodeId stub_text() const { return stub_text_; }

  // What the map calls a content: the path of the first file that has it.
  std::string ContentName(ContentId content) const;

  // Where all contents lie, for `layout.lock` of the next image.
  Lock MakeLock() const;

 private:
  friend class Authoring;
  ContentTable contents_;
  Resolved resolved_;
  Volume volume_;
  Remarks remarks_;
  std::vector<Finding> findings_;
  Saved saved_;
  Compression compression_;
  IsoHierarchies iso_;
  IsoHierarchies partition_iso_;  // of a partition that can be mounted by itself
  UdfData udf_data_;
  std::unique_ptr<Udf> udf_;
  bool stub_ = false;
  NodeId stub_text_ = kNoNode;
  std::unique_ptr<PieceOwner> terminator_;
  std::unique_ptr<BootRecord> boot_record_;
  std::shared_ptr<const SystemArea> system_area_;
  std::unique_ptr<BackupGpt> backup_gpt_;
  ContentId boot_catalog_ = kNoContent;
  Pieces pieces_;
  ContentPaths content_paths_;
  absl::flat_hash_map<ContentId, std::string> content_names_;  // of some that have no path
  std::unique_ptr<Image> image_;
};

// Makes the image that a manifest asks for, from sources below `source_root`. What is
// wrong with the manifest or with single entries, in whatever namespace, goes to
// `diagnostics`, all of it, and InvalidArgument is returned. Other errors come as they
// are: OutOfRange from a standard, NotFound and the like from the host. What has to be
// read is read by up to `jobs` threads; nothing depends on how many.
absl::StatusOr<std::unique_ptr<Disc>> Author(const LoadedManifest& loaded,
                                             const std::string& source_root,
                                             Diagnostics* diagnostics, int jobs = 1);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_AUTHOR_H_
