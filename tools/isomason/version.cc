// isomason version: which program this is, and which image versions it writes.

#include <cstdio>

#include "authoring/unicode/normal.h"
#include "tools/isomason/verb.h"

namespace isomason {

void AddVersion(CLI::App& app, int* exit_code) {
  CLI::App* const verb = app.add_subcommand("version", "Print the version");
  verb->callback([exit_code] {
    std::printf("isomason 0.1.0\nimage versions: 1\nUnicode: %s\n", UnicodeVersion().c_str());
    *exit_code = kDone;
  });
}

}  // namespace isomason
