// isomason turns a declarative manifest into an optical disc image.

#include "CLI/CLI.hpp"
#include "tools/isomason/verb.h"

int main(int argc, char** argv) {
  int exit_code = isomason::kDone;
  CLI::App app("isomason turns a manifest into an optical disc image.", "isomason");
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  isomason::AddBuild(app, &exit_code);
  isomason::AddPlan(app, &exit_code);
  isomason::AddRender(app, &exit_code);
  isomason::AddVersion(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? isomason::kDone : isomason::kManifestOrUsage;
  }
  return exit_code;
}
