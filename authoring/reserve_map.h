// -----------------------------------------------------------------------------
// File: authoring/reserve_map.h
// -----------------------------------------------------------------------------
//
// Maps of reserved areas as JSON: isomason's own, with where each area lies in the image,
// and the two that coreos-installer reads, with where areas lie in their files.
//
// isomason's own has its addresses right-aligned in 14 columns, so that how long it is
// depends on no address:
//
//   {
//     "image_size":        1048576,
//     "areas": [
//       {"name": "answers", "path": "/answers.txt", "offset":         526336, "length": 4096, ...}
//     ]
//   }
//
#ifndef ISOMASON_AUTHORING_RESERVE_MAP_H_
#define ISOMASON_AUTHORING_RESERVE_MAP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

// isomason's own map.
std::string FormatReserveMap(const std::vector<const ReservedArea*>& areas, const Tree& tree,
                             const Addresses& at);

// A content with a map inside the image. The tree outlives the contents. InvalidArgument
// when the areas are not what the form can say.
absl::StatusOr<ContentId> AddReserveMap(manifest::ReserveMapForm form,
                                        const std::vector<const ReservedArea*>& areas,
                                        const Tree& tree, ContentTable& contents);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_RESERVE_MAP_H_
