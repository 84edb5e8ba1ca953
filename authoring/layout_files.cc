#include "authoring/layout_files.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "authoring/manifest/check_paths.h"
#include "authoring/manifest/glob.h"
#include "authoring/tree/normal_names.h"
#include "authoring/tree/resolve.h"
#include "authoring/unicode/normal.h"
#include "authoring/unicode/unicode.h"
#include "layout/status.h"

namespace isomason {
namespace {

class Reader {
 public:
  Reader(const LoadedManifest& loaded, const std::string& source_root, ContentTable* contents,
         Diagnostics* diagnostics)
      : loaded_(loaded),
        source_root_(source_root),
        contents_(*contents),
        form_(NormalFormOf(loaded.manifest)),
        diagnostics_(*diagnostics) {}

  std::vector<manifest::SortRule> Weights(const std::string& source) {
    std::vector<manifest::SortRule> rules;
    EachLine("layout.sort_file", source, [&](absl::string_view line, const Report& report) {
      const size_t blank = line.find_last_of(" \t");
      manifest::SortRule rule;
      int32_t weight = 0;
      if (blank == absl::string_view::npos || !absl::SimpleAtoi(line.substr(blank + 1), &weight)) {
        report("has no weight at its end", "write a path, a blank and a number: boot/loader 100");
        return;
      }
      const absl::string_view path = Relative(absl::StripAsciiWhitespace(line.substr(0, blank)));
      // A directory is all that is below it, and a file is not.
      rule.set_match(path.empty() ? "**" : absl::StrCat(path, "/**"));
      rule.set_weight(weight);
      std::string remedy;
      const std::string problem = GlobProblem(rule.match(), &remedy);
      if (problem.empty()) {
        rules.push_back(std::move(rule));
      } else {
        report(problem, remedy);
      }
    });
    return rules;
  }

  std::vector<std::string> Order(const std::string& source) {
    std::vector<std::string> patterns;
    EachLine("layout.order_file", source, [&](absl::string_view line, const Report& report) {
      std::string path(line);
      std::replace(path.begin(), path.end(), '\\', '/');
      const std::string pattern = Glob::Literal(Relative(path));
      std::string remedy;
      const std::string problem = GlobProblem(pattern, &remedy);
      if (problem.empty()) {
        patterns.push_back(pattern);
      } else {
        report(problem, "write the path of a file in the image");
      }
    });
    return patterns;
  }

  void ReadLock(const std::string& source, Lock* lock) {
    constexpr absl::string_view kField = "layout.lock";
    if (source.empty()) return;
    const std::string path = SourcePath(source_root_, source);
    const std::optional<std::string> text = Read(path, kField);
    if (!text.has_value()) return;
    int64_t line = 0;
    const std::string problem = lock->Parse(*text, &line);
    if (problem.empty()) return;
    diagnostics_.Add(
        Location{.file = path, .file_order = kBehindManifests, .line = line}, "",
        absl::StrCat("this line ", problem),
        "a lock is what --write-lock has written; to begin with, an empty file will do");
  }

 private:
  using Report = absl::FunctionRef<void(absl::string_view message, absl::string_view remedy)>;

  // Without what a path may begin with, and without slashes at its end.
  static absl::string_view Relative(absl::string_view path) {
    while (absl::ConsumePrefix(&path, "/") || absl::ConsumePrefix(&path, "./")) {
    }
    while (absl::ConsumeSuffix(&path, "/")) {
    }
    return path == "." ? "" : path;
  }

  std::optional<std::string> Read(const std::string& path, absl::string_view field) {
    const auto content = contents_.AddFile(path);
    absl::Status status = content.status();
    std::string text;
    if (content.ok() && contents_.size(*content) > kLargestLayoutFile) {
      status = absl::InvalidArgumentError(absl::StrCat(path, " has ", contents_.size(*content),
                                                       " bytes; a list has at most ",
                                                       kLargestLayoutFile));
    } else if (content.ok()) {
      text.resize(contents_.size(*content));
      status = contents_.ReadUnpatched(
          *content, 0, absl::MakeSpan(reinterpret_cast<uint8_t*>(text.data()), text.size()));
    }
    if (status.ok()) return text;
    diagnostics_.Add(loaded_.Locate(field), field, status.message(),
                     absl::IsNotFound(status)
                         ? "source paths are relative to the manifest's directory, or to "
                           "--source-root"
                         : "name a list of paths");
    return std::nullopt;
  }

  // Calls `use` for each line that says something, with a way to say what is wrong with it.
  void EachLine(absl::string_view field, const std::string& source,
                absl::FunctionRef<void(absl::string_view, const Report&)> use) {
    if (source.empty()) return;
    const std::string path = SourcePath(source_root_, source);
    const std::optional<std::string> text = Read(path, field);
    if (!text.has_value()) return;
    absl::string_view rest = *text;
    absl::ConsumePrefix(&rest, "\xEF\xBB\xBF");  // what Windows editors begin a text with
    int64_t number = 0;
    for (const absl::string_view whole : absl::StrSplit(rest, '\n')) {
      ++number;
      const absl::string_view line = absl::StripAsciiWhitespace(whole);
      if (line.empty() || line[0] == '#') continue;
      const auto report = [&](absl::string_view message, absl::string_view remedy) {
        Location location{.file = path, .file_order = kBehindManifests, .line = number};
        diagnostics_.Add(std::move(location), "", absl::StrCat(Quote(line), " ", message), remedy);
      };
      if (FindNotUtf8(line) != absl::string_view::npos) {
        report("is not valid UTF-8", "write it in UTF-8, as paths in the image are");
      } else {
        use(form_ ? Normalize(line, *form_) : line, report);
      }
    }
  }

  static constexpr int kBehindManifests = 1 << 20;

  const LoadedManifest& loaded_;
  const std::string& source_root_;
  ContentTable& contents_;
  const std::optional<NormalForm> form_;  // of paths, as the manifest's own have it
  Diagnostics& diagnostics_;
};

}  // namespace

bool ReadLayoutFiles(const LoadedManifest& loaded, const std::string& source_root,
                     ContentTable* contents, manifest::Manifest* manifest, Lock* lock,
                     Diagnostics* diagnostics) {
  if (!manifest->has_layout()) return true;
  const size_t problems = diagnostics->size();
  manifest::Layout& layout = *manifest->mutable_layout();
  Reader reader(loaded, source_root, contents, diagnostics);
  const auto rules = reader.Weights(layout.sort_file());
  const auto patterns = reader.Order(layout.order_file());
  layout.clear_sort_file();
  layout.clear_order_file();
  reader.ReadLock(layout.lock(), lock);
  layout.clear_lock();
  if (!lock->empty() || lock->start() > 0) layout.set_lock(lock->Digest());
  google::protobuf::RepeatedPtrField<manifest::SortRule> sort(rules.begin(), rules.end());
  sort.MergeFrom(layout.sort());
  layout.mutable_sort()->Swap(&sort);
  google::protobuf::RepeatedPtrField<std::string> order(patterns.begin(), patterns.end());
  order.MergeFrom(layout.order());
  layout.mutable_order()->Swap(&order);
  return diagnostics->size() == problems;
}

}  // namespace isomason
