// -----------------------------------------------------------------------------
// File: authoring/boot_facts.h
// -----------------------------------------------------------------------------
//
// The facts that firmware/lint.h judges, from a planned image: nothing has been written, and of
// files only the first blocks of boot images are read.
//
//   const BootFacts facts = PlannedBootFacts(manifest, resolved, contents, boot.entries,
//                                            system_area.get(), image);
//
#ifndef ISOMASON_AUTHORING_BOOT_FACTS_H_
#define ISOMASON_AUTHORING_BOOT_FACTS_H_

#include <vector>

#include "authoring/firmware/facts.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/resolve.h"
#include "boot/el_torito.h"
#include "boot/system_area.h"
#include "layout/content.h"
#include "layout/image.h"

namespace isomason {

// `manifest` is from WithDefaults(), `entries` are those of the boot catalog in its order, and
// `area` is null when the system area is zeros. What cannot be read is left out.
BootFacts PlannedBootFacts(const manifest::Manifest& manifest, const Resolved& resolved,
                           const ContentTable& contents, const std::vector<BootEntry>& entries,
                           const SystemArea* area, const Image& image);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_BOOT_FACTS_H_
