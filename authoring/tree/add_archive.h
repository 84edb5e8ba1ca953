// -----------------------------------------------------------------------------
// File: authoring/tree/add_archive.h
// -----------------------------------------------------------------------------
//
// The part of Resolve() that is about archives: the members of one as an entry.
//
#ifndef ISOMASON_AUTHORING_TREE_ADD_ARCHIVE_H_
#define ISOMASON_AUTHORING_TREE_ADD_ARCHIVE_H_

#include <cstdint>

#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/file_contents.h"
#include "authoring/tree/tree_draft.h"

namespace isomason {

// Puts the members that the archive of entry `i` has into the draft, hard links as such.
void AddArchive(uint32_t i, const manifest::Entry& entry, FileContents* files, TreeDraft* draft);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_ADD_ARCHIVE_H_
