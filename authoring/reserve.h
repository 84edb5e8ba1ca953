// -----------------------------------------------------------------------------
// File: authoring/reserve.h
// -----------------------------------------------------------------------------
//
// Reserved areas: runs of bytes of files that somebody may write to in the finished
// image, and the maps that say where they lie. A reserved file has a content of its own,
// whatever else has the same bytes, so that a patch changes nothing else.
//
//   RETURN_IF_ERROR(... PlanReserve(manifest, contents, resolved, &problems));
//   for (const ReservedArea& area : resolved.reserved) ...
//
#ifndef ISOMASON_AUTHORING_RESERVE_H_
#define ISOMASON_AUTHORING_RESERVE_H_

#include <string>
#include <vector>

#include "authoring/iso9660/iso9660.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

// Gives every file with reserved areas in a whole tree its content, lists the areas in
// `resolved.reserved` in the order of the manifest, and gives the maps theirs. `resolved`
// outlives the contents. What is wrong with an entry goes to `problems`.
void PlanReserve(const manifest::Manifest& manifest, ContentTable& contents, Resolved& resolved,
                 Problems* problems);

// coreos-installer looks for the maps and the files in them by plain ISO 9660 names. What
// it would not find goes to `problems`.
void CheckCoreosNames(const manifest::Manifest& manifest, const Resolved& resolved,
                      const Iso9660& iso9660, Problems* problems);

// The map of all areas of an image: what stands beside it.
std::string ReserveMapOf(const Resolved& resolved, const Addresses& at);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_RESERVE_H_
