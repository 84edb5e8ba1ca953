// -----------------------------------------------------------------------------
// File: authoring/checksums.h
// -----------------------------------------------------------------------------
//
// Lists of checksums inside the image: entries whose content is made from the digests of
// other files. Which files a list names, in which order and how long it is, the tree
// alone decides; the digests are those of what stands on the disc, so that `md5sum -c`
// on the mounted disc passes also for boot images, which are patched.
//
//   ChecksumLists lists = PlanChecksums(manifest, contents, resolved, &remarks, &problems);
//   ...                                      // boot images get their patches
//   for (auto& pass : lists.MakePasses(resolved, contents)) image.AddPreparation(...);
//
#ifndef ISOMASON_AUTHORING_CHECKSUMS_H_
#define ISOMASON_AUTHORING_CHECKSUMS_H_

#include <memory>
#include <vector>

#include "authoring/file_digests.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"
#include "layout/image.h"

namespace isomason {

class ChecksumList;

// The lists of one image. They belong to the table of contents that they were added to.
class ChecksumLists {
 public:
  // The passes over files that fill the lists, for when every file has the content that
  // it will have in the image. Of a compressed one, the digest of what it was counts.
  std::vector<std::unique_ptr<Preparation>> MakePasses(const Resolved& resolved,
                                                       const ContentTable& contents);

 private:
  friend class ChecksumPlanner;
  std::vector<ChecksumList*> lists_;
  std::shared_ptr<FileDigests> digests_ = std::make_shared<FileDigests>();
};

// Gives every entry of `checksums` in a whole tree its content, and says in
// `resolved.made` what that depends on. `resolved` outlives the contents. A list names no
// file that is hidden wherever the list is shown. What is wrong with an entry goes to
// `problems`, and in which namespace a list will fail to `remarks`.
ChecksumLists PlanChecksums(const manifest::Manifest& manifest, ContentTable& contents,
                            Resolved& resolved, Remarks* remarks, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_CHECKSUMS_H_
