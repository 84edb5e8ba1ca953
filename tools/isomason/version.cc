// isomason version: which program this is, and which image versions it writes.

#include <cstdio>

#include "tools/isomason/verb.h"

namespace isomason {

void AddVersion(CLI::App& app, int* exit_code) {
  CLI::App* const verb = app.add_subcommand("version", "Print the version");
  verb->callback([exit_code] {
    std::puts("isomason 0.1.0\nimage versions: 1");
    *exit_code = kDone;
  });
}

}  // namespace isomason
