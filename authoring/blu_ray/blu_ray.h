// -----------------------------------------------------------------------------
// File: authoring/blu_ray/blu_ray.h
// -----------------------------------------------------------------------------
//
// Blu-ray discs with video: whether the tree has what a player starts with, before a disc
// is written that plays nowhere. No file is changed, and none but the first bytes of the
// small ones is read.
//
//   CheckBluRay(contents, resolved, &remarks, &problems);
//
#ifndef ISOMASON_AUTHORING_BLU_RAY_BLU_RAY_H_
#define ISOMASON_AUTHORING_BLU_RAY_BLU_RAY_H_

#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"

namespace isomason {

// What a player would not start without goes to `problems`: the index, the movie objects, a
// play list, clip information for each stream, and streams for it, each beginning as it has
// to. What it can do without, copies in /BDMV/BACKUP, goes to `remarks`. The tree is whole.
void CheckBluRay(const ContentTable& contents, const Resolved& resolved, Remarks* remarks,
                 Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_BLU_RAY_BLU_RAY_H_
