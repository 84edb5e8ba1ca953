// -----------------------------------------------------------------------------
// File: authoring/boot_images.h
// -----------------------------------------------------------------------------
//
// From the `boot` section of a manifest to a boot catalog: finds the images in the
// tree, gives them the patches that they want, and makes the catalog's content. In
// the tree, the patched contents take the place of the plain ones.
//
//   BootPlan plan;
//   RETURN_IF_ERROR(PlanBoot(manifest, contents, resolved, &problems, &plan));
//   if (plan.catalog != kNoContent) ...
//
#ifndef ISOMASON_AUTHORING_BOOT_IMAGES_H_
#define ISOMASON_AUTHORING_BOOT_IMAGES_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/problem.h"
#include "authoring/tree/resolve.h"
#include "boot/el_torito.h"
#include "layout/content.h"
#include "layout/image.h"

namespace isomason {

struct BootPlan {
  ContentId catalog = kNoContent;  // kNoContent: the image does not boot
  std::vector<BootEntry> entries;  // as the catalog has them
  std::vector<std::unique_ptr<Preparation>> preparations;
};

// `manifest` comes from WithDefaults() and `resolved` is whole. What is wrong with an
// entry goes to `problems`.
absl::Status PlanBoot(const manifest::Manifest& manifest, ContentTable& contents,
                      Resolved& resolved, Problems* problems, BootPlan* plan);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_BOOT_IMAGES_H_
