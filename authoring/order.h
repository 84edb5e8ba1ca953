// -----------------------------------------------------------------------------
// File: authoring/order.h
// -----------------------------------------------------------------------------
//
// From the tree and the manifest's `layout` to the order of contents and to what
// constrains each: who lies before whom, on which multiple of bytes, or at which block.
// Where the others lie in the image, placement decides.
//
//   ContentOrder order = AddContents(manifest, resolved, contents, catalog, pieces, &remarks,
//                                    &problems);
//
#ifndef ISOMASON_AUTHORING_ORDER_H_
#define ISOMASON_AUTHORING_ORDER_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "authoring/content_paths.h"
#include "authoring/dvd_video/dvd_video.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"
#include "layout/piece.h"
#include "layout/placement.h"

namespace isomason {

// What the image stores in place of a content: another one, or nothing, which is kNoContent.
// Contents that are not in here are stored as they are.
using StoredInstead = absl::flat_hash_map<ContentId, ContentId>;

struct ContentOrder {
  // The content that is stored for one of the tree; kNoContent when none is.
  ContentId Stored(ContentId content) const {
    const auto it = instead.find(content);
    return it == instead.end() ? content : it->second;
  }

  StoredInstead instead;
  ContentPaths paths;
  std::vector<PieceId> pieces;  // by content, or kNoPiece
  std::vector<PieceId> pins;    // by pin of the manifest, or kNoPiece
  // What contents of partitions are called that no node has.
  absl::flat_hash_map<ContentId, std::string> names;
};

// Adds every content of the tree once, or what is stored `instead`, behind the boot catalog
// when there is one and the files of a DVD-Video; then those that only named streams have. `m`
// is from WithDefaults() and ReadLayoutFiles(). Rules that match no content go to `remarks`, pins
// that name none to `problems`.
ContentOrder AddContents(const manifest::Manifest& m, const Resolved& resolved,
                         const ContentTable& contents, const DvdVideo& dvd, ContentId boot_catalog,
                         StoredInstead instead, Pieces& pieces, Remarks* remarks,
                         Problems* problems);

// Says which pins are to blame for conflicts that Place() found.
void BlamePins(const manifest::Layout& layout, const ContentOrder& order, const Pieces& pieces,
               const std::vector<Conflict>& conflicts, const ContentNames& names,
               Problems* problems);

// Finds pins that lie before the partition of UDF, which has to hold all contents, and
// those that lie before a directory. `partition` is 0 when there is no UDF.
void CheckPins(const manifest::Layout& layout, const ContentOrder& order, const Pieces& pieces,
               const Addresses& at, Block partition, Remarks* remarks, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ORDER_H_
