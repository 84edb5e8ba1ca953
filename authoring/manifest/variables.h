// -----------------------------------------------------------------------------
// File: authoring/manifest/variables.h
// -----------------------------------------------------------------------------
//
// `${name}` in the strings of a manifest. Variables are declared in the manifest and
// set by `--set`; a default may use other variables. `$$` is one dollar sign, and a
// `$` before anything else is itself.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_VARIABLES_H_
#define ISOMASON_AUTHORING_MANIFEST_VARIABLES_H_

#include <map>
#include <string>

#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"

namespace isomason {

// Replaces the variables in all strings of `loaded->manifest` but those of `include`
// and `variable`. Reports every name that is not declared, declared twice or without
// a value, and what only looks like a variable.
void ReplaceVariables(const std::map<std::string, std::string>& set, LoadedManifest* loaded,
                      Diagnostics* diagnostics);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_VARIABLES_H_
