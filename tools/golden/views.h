// -----------------------------------------------------------------------------
// File: tools/golden/views.h
// -----------------------------------------------------------------------------
//
// What readers have to show of each namespace of a disc. What is in the image comes
// from whoever asks (a manifest, a walk over the host); only how a namespace spells a
// name comes from the disc, because that is its choice.
//
//   const Listing joliet = *ListingInView(loaded, *disc, want, View::kJoliet);
//
#ifndef ISOMASON_TOOLS_GOLDEN_VIEWS_H_
#define ISOMASON_TOOLS_GOLDEN_VIEWS_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "authoring/author.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/readers.h"

namespace isomason {

// The views that the image of a manifest has.
std::set<View> ViewsOf(const LoadedManifest& loaded, const Disc& disc);

// What readers have to be told of the image of a manifest.
std::set<Trait> TraitsOf(const LoadedManifest& loaded, const Disc& disc);

// `want`, by true paths, as a view shows it: under the names of that namespace and
// without what it leaves out. A symlink that stands in Joliet is followed inside `want`;
// in plain ISO 9660 it is an empty file. A relocation directory that is shown stands in
// Rock Ridge's. Internal when an entry is not in the disc's tree.
absl::StatusOr<Listing> ListingInView(const LoadedManifest& loaded, const Disc& disc,
                                      const Listing& want, View view);

// Where the symlink at `path` leads inside `want`, all symlinks on the way followed;
// empty when that is nowhere.
std::string FollowLink(const Listing& want, const std::string& path);

// The paths that are in the tree, not in a namespace, and in no remark: what would be
// lost silently. One sentence each.
std::vector<std::string> SilentlyLost(const Disc& disc);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_GOLDEN_VIEWS_H_
