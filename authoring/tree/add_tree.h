// -----------------------------------------------------------------------------
// File: authoring/tree/add_tree.h
// -----------------------------------------------------------------------------
//
// The part of Resolve() that is about source trees: a directory of the host as an entry.
//
#ifndef ISOMASON_AUTHORING_TREE_ADD_TREE_H_
#define ISOMASON_AUTHORING_TREE_ADD_TREE_H_

#include <cstdint>

#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/file_contents.h"
#include "authoring/tree/tree_draft.h"
#include "layout/content.h"

namespace isomason {

// Puts what the source tree of entry `i` has into the draft, hard links as such. Up to `jobs`
// threads look at it.
void AddSourceTree(uint32_t i, const manifest::Entry& entry, int jobs, FileContents* files,
                   ContentTable* contents, TreeDraft* draft);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_ADD_TREE_H_
