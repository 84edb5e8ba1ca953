// -----------------------------------------------------------------------------
// File: authoring/deduplicate.h
// -----------------------------------------------------------------------------
//
// Lets files with equal bytes share one content, where the manifest asks for that. They
// stay files of their own, with inodes and attributes of their own. Which content stays
// depends on the order of the tree alone.
//
//   ASSIGN_OR_RETURN(Saved saved, Deduplicate(manifest, contents, jobs, resolved));
//
#ifndef ISOMASON_AUTHORING_DEDUPLICATE_H_
#define ISOMASON_AUTHORING_DEDUPLICATE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"

namespace isomason {

// What need not be stored.
struct Saved {
  uint64_t files = 0;  // whose contents are those of another file
  uint64_t bytes = 0;
};

// Reads, with up to `jobs` threads, the files whose size another one has, too, and gives
// those with equal bytes the content of the first of them. Does nothing when the manifest
// does not ask for it. A pin of a file goes with its new content. Errors are those of
// reading, FailedPrecondition for a file that changed.
absl::StatusOr<Saved> Deduplicate(const manifest::Manifest& manifest, const ContentTable& contents,
                                  int jobs, Resolved& resolved);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_DEDUPLICATE_H_
