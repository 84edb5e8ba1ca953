// -----------------------------------------------------------------------------
// File: authoring/udf_data.h
// -----------------------------------------------------------------------------
//
// What UDF stores otherwise than as a run of blocks, where the manifest asks for it: small
// files in their file entries, and zeros nowhere. What other views show as well stays in its
// blocks for them; of the rest nothing is stored twice.
//
//   UdfData data = PlanUdfData(manifest, resolved, views, &contents);
//   ... Udf::Project() ...
//   RemarkApart(manifest, data, ...);
//   AddContents(..., ContentsElsewhere(resolved.tree, data, *udf, views), ...);
//
#ifndef ISOMASON_AUTHORING_UDF_DATA_H_
#define ISOMASON_AUTHORING_UDF_DATA_H_

#include <vector>

#include "authoring/iso9660/iso9660.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/order.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "authoring/udf/udf.h"
#include "layout/content.h"

namespace isomason {

// The hierarchies of ISO 9660 that an image has; null: it has no such.
using Iso9660Views = std::vector<const Iso9660*>;

// What the namespace is to know.
struct UdfData {
  FilesApart apart;       // they keep their blocks whatever `udf` says
  SparseContents sparse;  // shown by no other view, and by none of `apart`
};

// Finds files that are known by their address and, with `udf.sparse`, those with zeros; what
// is recorded of the latter becomes contents. `manifest` is from WithDefaults().
UdfData PlanUdfData(const manifest::Manifest& manifest, const Resolved& resolved,
                    const Iso9660Views& views, ContentTable& contents);

// What the image stores in place of contents that neither `views` point to nor a file of UDF
// that has all of its blocks. What no view shows at all is stored as it is.
StoredInstead ContentsElsewhere(const Tree& tree, const UdfData& data, const Udf& udf,
                                const Iso9660Views& views);

// Says which files keep blocks that they would not have if they were not apart.
void RemarkApart(const manifest::Manifest& manifest, const UdfData& data, const Tree& tree,
                 const ContentTable& contents, const Udf& udf, Remarks* remarks);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_UDF_DATA_H_
