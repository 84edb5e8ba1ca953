// isomason plan: says what an image will be, without writing it.

#include <cstdio>
#include <memory>
#include <string>

#include "authoring/map.h"
#include "tools/isomason/lint.h"
#include "tools/isomason/report.h"
#include "tools/isomason/verb.h"

namespace isomason {
namespace {

struct PlanOptions {
  ManifestOptions manifest;
  LintOptions lint;
  std::string format = "text";
  std::string lock;
  bool names = false;
};

void PrintText(const Authored& authored) {
  const Disc& disc = *authored.disc;
  std::fputs(FormatMapHeading().c_str(), stdout);
  VisitMap(disc, [](const MapRun& run) { std::fputs(FormatMapRun(run).c_str(), stdout); });
  std::printf("\nsize %llu bytes\n", static_cast<unsigned long long>(disc.image().size()));
  std::fputs(Summary(authored, "plan").c_str(), stdout);
  if (!authored.preset.empty()) std::printf("\n%s filled in\n", authored.preset.c_str());
  for (const std::string& line : authored.filled_in) std::printf("  %s\n", line.c_str());
  if (!disc.remarks().empty()) std::puts("\nnotes");
  for (const Remark& remark : disc.remarks()) {
    std::printf("  %s\n", FormatRemark(remark).c_str());
  }
  if (!authored.findings.empty()) std::puts("\nlint");
  for (const Finding& finding : authored.findings) {
    std::printf("  %s\n    %s\n    %s\n", FormatFinding(finding).c_str(),
                std::string(finding.rule->breaks).c_str(),
                std::string(finding.rule->change).c_str());
  }
  bool first = true;
  VisitNameChanges(disc, [&](const NameChange& change) {
    if (first) std::puts("\nother names");
    first = false;
    std::printf("  %-8s %s  %s\n", std::string(change.where).c_str(),
                Printable(disc.tree().Path(change.node)).c_str(),
                change.name.empty() ? "(not there)" : Printable(change.name).c_str());
  });
}

ExitCode Plan(const PlanOptions& options) {
  Authored authored;
  ExitCode code = LoadAndAuthor(options.manifest, &authored);
  if (code == kDone) code = ApplyLint(options.lint, options.manifest.manifest, &authored);
  if (code != kDone) return code;
  absl::Status status = CheckLockOutput(authored, options.manifest, options.lock);
  if (status.ok()) status = WriteLock(*authored.disc, options.lock);
  if (!status.ok()) {
    PrintError(status);
    return absl::IsInvalidArgument(status) ? kManifestOrUsage : kInputOrOutput;
  }
  if (options.format == "size") {
    std::printf("%llu\n",
                static_cast<unsigned long long>(authored.disc->image().size() / kBlockSize));
  } else if (options.format == "json") {
    WriteJson(authored, {.map = true, .names = options.names}, stdout);
  } else if (options.names) {
    FormatNames(*authored.disc, NameColumns(authored.loaded.manifest),
                [](absl::string_view line) { std::fwrite(line.data(), 1, line.size(), stdout); });
  } else {
    PrintText(authored);
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fputs("isomason: cannot write the plan to standard output\n", stderr);
    return kInputOrOutput;
  }
  return kDone;
}

}  // namespace

void AddPlan(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<PlanOptions>();
  CLI::App* const verb =
      app.add_subcommand("plan", "Show the map, the exact size and every changed name");
  options->manifest.AddTo(*verb);
  options->lint.AddTo(*verb);
  verb->add_option("--format", options->format,
                   "text, json, or size: the number of 2048-byte blocks alone (default: text)")
      ->check(CLI::IsMember({"text", "json", "size"}))
      ->type_name("FORMAT");
  verb->add_option("--write-lock", options->lock,
                   "Write where the contents lie, for `layout.lock` of the next image")
      ->type_name("FILE");
  verb->add_flag("--names", options->names, "Show every entry's name in every namespace instead");
  verb->callback([options, exit_code] { *exit_code = Plan(*options); });
}

}  // namespace isomason
