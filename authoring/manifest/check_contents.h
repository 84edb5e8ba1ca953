// -----------------------------------------------------------------------------
// File: authoring/manifest/check_contents.h
// -----------------------------------------------------------------------------
//
// The part of CheckManifest() that is about where files come from: sources, ranges,
// parts, zeros, source trees, archives, and which of them share their bytes.
//
//   CheckContents(manifest.entry(3), "entry[3]", report);
//
#ifndef ISOMASON_AUTHORING_MANIFEST_CHECK_CONTENTS_H_
#define ISOMASON_AUTHORING_MANIFEST_CHECK_CONTENTS_H_

#include <string>

#include "authoring/manifest/check_report.h"
#include "authoring/manifest/manifest.pb.h"

namespace isomason {

// Checks what an entry takes its file or files from. `field` is the entry's path.
void CheckContents(const manifest::Entry& entry, const std::string& field,
                   const CheckReport& report);

// The same for the data of a named stream.
void CheckStreamData(const manifest::UdfStream& stream, const std::string& field,
                     const CheckReport& report);

void CheckDeduplicate(const manifest::Deduplicate& deduplicate, const CheckReport& report);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_CHECK_CONTENTS_H_
