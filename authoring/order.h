// -----------------------------------------------------------------------------
// File: authoring/order.h
// -----------------------------------------------------------------------------
//
// From the tree and the manifest's `layout` to the order of contents and to what
// constrains each: who lies before whom, and on which multiple of bytes. Where that is
// in the image, placement decides.
//
//   std::vector<NodeId> names = AddContents(manifest, resolved, contents, catalog, pieces,
//                                           &remarks);
//
#ifndef ISOMASON_AUTHORING_ORDER_H_
#define ISOMASON_AUTHORING_ORDER_H_

#include <vector>

#include "authoring/manifest/manifest.pb.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

// Adds every content of the tree once, behind the boot catalog when there is one. `m` is
// from WithDefaults() and ReadLayoutFiles(). Rules that match no content go to `remarks`.
// Returns, by content, the first node of the tree that has it, or kNoNode.
std::vector<NodeId> AddContents(const manifest::Manifest& m, const Resolved& resolved,
                                const ContentTable& contents, ContentId boot_catalog,
                                Pieces& pieces, Remarks* remarks);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ORDER_H_
