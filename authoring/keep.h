// -----------------------------------------------------------------------------
// File: authoring/keep.h
// -----------------------------------------------------------------------------
//
// Keeps contents where a lock says that they were, and says what came of it.
//
//   Kept kept = KeepContents(lock, resolved, contents, order, &pieces);
//   ... Place() ...
//   CheckKept(lock, kept, ...);
//   std::string text = MakeLock(resolved, contents, nodes, at).Format();
//
#ifndef ISOMASON_AUTHORING_KEEP_H_
#define ISOMASON_AUTHORING_KEEP_H_

#include <cstdint>
#include <vector>

#include "authoring/content_paths.h"
#include "authoring/lock.h"
#include "authoring/order.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

// A content that a lock has under one of its paths, with the size that it has now.
struct Kept {
  ContentId content;
  uint64_t block;  // where it was
};

// Asks placement to keep contents at the blocks of `lock`: first those that have not
// grown, then those that have, and those whose digest stands there under another path.
// Returns those that have their size still (and their digest, where both sides know it).
// Pinned ones stay pinned.
std::vector<Kept> KeepContents(const Lock& lock, const Resolved& resolved,
                               const ContentTable& contents, const ContentOrder& order,
                               Pieces& pieces);

// Says which of them have moved all the same, and why: as problems when `refuse`, as
// remarks otherwise, with a remark that counts.
void CheckKept(const std::vector<Kept>& kept, const Pieces& pieces, const ContentTable& contents,
               const Tree& tree, const ContentOrder& order, const Addresses& at, bool refuse,
               Remarks* remarks, Problems* problems);

// What an image would lock: every content that has a path, in the order of the image.
Lock MakeLock(const Resolved& resolved, const ContentTable& contents, const ContentPaths& paths,
              const Addresses& at);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_KEEP_H_
