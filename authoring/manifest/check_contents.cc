#include "authoring/manifest/check_contents.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace isomason {
namespace {

// `include` and `exclude` of a message that has both.
template <typename Message>
void CheckGlobs(const Message& message, const std::string& prefix, const CheckReport& report) {
  for (int k = 0; k < message.include_size(); ++k) {
    report.CheckGlob(absl::StrCat(prefix, ".include[", k, "]"), message.include(k));
  }
  for (int k = 0; k < message.exclude_size(); ++k) {
    report.CheckGlob(absl::StrCat(prefix, ".exclude[", k, "]"), message.exclude(k));
  }
}

class ContentsChecker {
 public:
  explicit ContentsChecker(const CheckReport& report) : report_(report) {}

  void CheckFile(const manifest::File& file, const std::string& prefix) const {
    CheckSource(prefix, file.source(), "name the file with the contents");
    CheckSha256(prefix + ".sha256", file.sha256());
  }

  void CheckTree(const manifest::SourceTree& tree, const std::string& prefix) const {
    CheckSource(prefix, tree.source(),
                "name the source directory; \".\" is the one of the manifest");
    CheckGlobs(tree, prefix, report_);
  }

  void CheckArchive(const manifest::Archive& archive, const std::string& prefix) const {
    CheckSource(prefix, archive.source(), "name the tar, cpio or zip archive");
    CheckGlobs(archive, prefix, report_);
  }

  void CheckConcat(const manifest::Concat& concat, const std::string& prefix) const {
    if (concat.part_size() == 0) {
      report_.Missing(prefix, prefix + ".part", "is missing: there is nothing to put together",
                      "add part { file { source: \"...\" } }, or write text: \"\" instead");
    }
    for (int k = 0; k < concat.part_size(); ++k) {
      const manifest::Part& part = concat.part(k);
      const std::string self = absl::StrCat(prefix, ".part[", k, "]");
      if (part.has_file()) CheckFile(part.file(), self + ".file");
      if (part.has_zeros()) CheckZeros(self + ".zeros", part.zeros());
      if (part.what_case() == manifest::Part::WHAT_NOT_SET) {
        report_.Missing(self, self, "says nothing", "give it one of file, text, bytes and zeros");
      }
    }
    CheckSha256(prefix + ".sha256", concat.sha256());
  }

  void CheckZeros(const std::string& field, uint64_t size) const {
    if (size > CheckReport::kLargestImage) report_.TooLarge(field, size);
  }

 private:
  void CheckSource(const std::string& message, const std::string& source,
                   absl::string_view if_empty) const {
    const std::string field = message + ".source";
    if (source.empty()) {
      report_.Missing(message, field, "is missing", if_empty);
    } else if (HasNul(source)) {
      report_.Add(field, absl::StrCat(Quote(source), " has a NUL in it"),
                  "no file has such a name");
    }
  }

  void CheckSha256(const std::string& field, const std::string& sha256) const {
    if (sha256.empty()) return;
    bool good = sha256.size() == 64;
    for (char c : sha256) good = good && absl::ascii_isxdigit(c);
    if (!good) {
      report_.Add(field, absl::StrCat(Quote(sha256), " is no SHA-256"),
                  "write the 64 hexadecimal digits that `sha256sum` prints");
    }
  }

  const CheckReport& report_;
};

}  // namespace

void CheckContents(const manifest::Entry& entry, const std::string& field,
                   const CheckReport& report) {
  const ContentsChecker checker(report);
  switch (entry.what_case()) {
    case manifest::Entry::kFile:
      return checker.CheckFile(entry.file(), field + ".file");
    case manifest::Entry::kTree:
      return checker.CheckTree(entry.tree(), field + ".tree");
    case manifest::Entry::kArchive:
      return checker.CheckArchive(entry.archive(), field + ".archive");
    case manifest::Entry::kConcat:
      return checker.CheckConcat(entry.concat(), field + ".concat");
    case manifest::Entry::kZeros:
      return checker.CheckZeros(field + ".zeros", entry.zeros());
    default:
      return;
  }
}

void CheckStreamData(const manifest::UdfStream& stream, const std::string& field,
                     const CheckReport& report) {
  const ContentsChecker checker(report);
  if (stream.has_file()) checker.CheckFile(stream.file(), field + ".file");
  if (stream.has_concat()) checker.CheckConcat(stream.concat(), field + ".concat");
  if (stream.has_zeros()) checker.CheckZeros(field + ".zeros", stream.zeros());
}

void CheckDeduplicate(const manifest::Deduplicate& deduplicate, const CheckReport& report) {
  CheckGlobs(deduplicate, "deduplicate", report);
}

}  // namespace isomason
