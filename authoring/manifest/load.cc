#include "authoring/manifest/load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "authoring/manifest/document.h"
#include "authoring/manifest/schema.h"
#include "authoring/manifest/source_text.h"
#include "authoring/manifest/sources.h"
#include "authoring/manifest/variables.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"

namespace isomason {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::TextFormat;

// What protobuf's text parser says; its warnings are none of ours, as it is asked to
// let nothing pass.
class ParserErrors : public ::google::protobuf::io::ErrorCollector {
 public:
  struct Error {
    int line, column;  // from 0; its columns jump at tabs to multiples of 8
    std::string message;
  };
  void AddError(int line, int column, const std::string& message) override {
    errors.push_back({line, column, message});
  }
  std::vector<Error> errors;
};

Location PlaceOfError(const SourceText& source, const ParserErrors::Error& error) {
  if (error.line < 0) return source.File();
  const absl::string_view text = source.text();
  size_t at = 0;
  for (int line = 0; line < error.line && at < text.size(); ++line) {
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  }
  for (int column = 0; column < error.column && at < text.size() && text[at] != '\n'; ++at) {
    column = text[at] == '\t' ? (column / 8 + 1) * 8 : column + 1;
  }
  return source.At(at);
}

bool ParseTextFormat(absl::string_view text, manifest::Manifest* out, ParserErrors* errors) {
  TextFormat::Parser parser;
  parser.RecordErrorsTo(errors);
  parser.SetRecursionLimit(kDeepestNesting);
  ::google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  return parser.Parse(&stream, out);
}

// Numbers of fields that the schema does not have, with the path of their message.
void FindUnknown(const Message& message, const std::string& path,
                 std::vector<std::pair<std::string, int>>* found) {
  const Reflection& reflection = *message.GetReflection();
  const auto& unknown = reflection.GetUnknownFields(message);
  for (int i = 0; i < unknown.field_count(); ++i) {
    found->emplace_back(path, unknown.field(i).number());
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string inner = absl::StrCat(path, path.empty() ? "" : ".", field->name());
    if (!field->is_repeated()) {
      FindUnknown(reflection.GetMessage(message, field), inner, found);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      FindUnknown(reflection.GetRepeatedMessage(message, field, i),
                  absl::StrCat(inner, "[", i, "]"), found);
    }
  }
}

bool ParseBinary(absl::string_view bytes, manifest::Manifest* out) {
  // The parser prints what it does not like.
  ::google::protobuf::LogSilencer silence;
  return out->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

class Loader {
 public:
  Loader(LoadedManifest* loaded, ManifestSources* sources, Diagnostics* diagnostics)
      : loaded_(loaded), sources_(sources), diagnostics_(diagnostics) {}

  // Reads `path` with what it includes into the manifest. `includer` and `include` are
  // the file and the field that name it; -1 for the top-level manifest.
  void Load(const std::string& path, int includer, const std::string& include) {
    const auto report = [&](absl::string_view message, absl::string_view remedy) {
      if (includer < 0) {
        diagnostics_->Add(Location{.file = path, .file_order = 0}, "", message, remedy);
      } else {
        diagnostics_->Add(sources_->Locate(include, "", includer), include,
                          absl::StrCat(Quote(path, path.size()), " ", message), remedy);
      }
      sources_->any_lost = true;
    };
    std::string problem, remedy;
    Identity identity;
    std::optional<std::string> bytes = Read(path, includer >= 0, &identity, &problem, &remedy);
    if (!bytes.has_value()) {
      report(problem, remedy);
      return;
    }
    for (size_t i = 0; i < open_.size(); ++i) {
      if (identities_[static_cast<size_t>(open_[i])] != identity) continue;
      std::string circle;
      for (size_t k = i; k < open_.size(); ++k) {
        absl::StrAppend(&circle, loaded_->files[static_cast<size_t>(open_[k])], " -> ");
      }
      report(absl::StrCat("includes itself: ", circle, path), "remove one of these includes");
      return;
    }
    const bool read_before =
        std::find(identities_.begin(), identities_.end(), identity) != identities_.end();
    if (read_before) return;

    const int index = static_cast<int>(sources_->files.size());
    loaded_->files.push_back(path);
    identities_.push_back(identity);
    sources_->files.emplace_back();
    sources_->files.back().source = std::make_unique<SourceText>(path, index, std::move(*bytes));

    manifest::Manifest own;
    Parse(index, &own);
    open_.push_back(index);
    for (int i = 0; i < own.include_size(); ++i) {
      Include(own.include(i), path, index, absl::StrCat("include[", i, "]"));
    }
    open_.pop_back();

    sources_->merge_order.push_back(index);
    if (sources_->merge_order.size() == 1) {
      loaded_->manifest.Swap(&own);
    } else {
      loaded_->manifest.MergeFrom(own);
    }
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void Include(const std::string& name, const std::string& includer_path, int includer,
               const std::string& field) {
    // Which variables there are is known only when everything is included.
    if (absl::StrContains(absl::StrReplaceAll(name, {{"$$", ""}}), "${")) {
      diagnostics_->Add(sources_->Locate(field, "${", includer), field,
                        "variables are not replaced in include",
                        "write the path itself, with $$ for a dollar sign");
      sources_->any_lost = true;
      return;
    }
    if (name.empty() || absl::StrContains(name, absl::string_view("\0", 1))) {
      diagnostics_->Add(sources_->Locate(field, "", includer), field,
                        name.empty() ? "is empty" : absl::StrCat(Quote(name), " has a NUL in it"),
                        "name a manifest, relative to this one");
      sources_->any_lost = true;
      return;
    }
    const std::string plain = absl::StrReplaceAll(name, {{"$$", "$"}});
    const std::string directory = DirectoryOf(includer_path);
    const std::string path = plain[0] == '/' || directory == "." ? plain
                             : directory == "/"                  ? absl::StrCat("/", plain)
                                                : absl::StrCat(directory, "/", plain);
    Load(path, includer, field);
  }

  // The bytes of a file, or none and what is wrong with it.
  static std::optional<std::string> Read(const std::string& path, bool included, Identity* identity,
                                         std::string* problem, std::string* remedy) {
    const auto fail = [&](int error) -> std::optional<std::string> {
      switch (error) {
        case ENOENT:
        case ENOTDIR:
          *problem = "does not exist";
          if (included) *remedy = "include paths are relative to the file that names them";
          break;
        case EACCES:
        case EPERM:
          *problem = "may not be read";
          *remedy = "give yourself read permission for it";
          break;
        case EISDIR:
          *problem = "is a directory";
          *remedy = "name the manifest file in it";
          break;
        default:
          *problem = absl::StrCat("cannot be read: ", strerror(error));
      }
      return std::nullopt;
    };
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(errno);
    const auto close_file = absl::MakeCleanup([fd] { close(fd); });
    struct stat status;
    if (fstat(fd, &status) != 0) return fail(errno);
    if (S_ISDIR(status.st_mode)) return fail(EISDIR);
    *identity = {status.st_dev, status.st_ino};

    std::string bytes;
    const auto too_large = [&]() -> std::optional<std::string> {
      *problem = absl::StrCat("is larger than ", kLargestManifestFile, " bytes");
      *remedy = "is it a manifest? Directories with many files are one `tree` entry";
      return std::nullopt;
    };
    if (S_ISREG(status.st_mode)) {
      if (status.st_size > kLargestManifestFile) return too_large();
      bytes.reserve(static_cast<size_t>(status.st_size));
    }
    // The size is only a hint: it may be a pipe, and files grow.
    std::string buffer(1 << 16, '\0');
    while (true) {
      const ssize_t count = read(fd, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fail(errno);
      if (count == 0) return bytes;
      bytes.append(buffer, 0, static_cast<size_t>(count));
      if (static_cast<int64_t>(bytes.size()) > kLargestManifestFile) return too_large();
    }
  }

  void Parse(int index, manifest::Manifest* own) {
    ManifestSources::File& file = sources_->files[static_cast<size_t>(index)];
    const SourceText& source = *file.source;
    switch (source.encoding()) {
      case SourceText::Encoding::kUtf16:
        diagnostics_->Add(source.File(), "", "is in UTF-16", "save it in UTF-8");
        Lose(&file);
        return;
      case SourceText::Encoding::kMaybeBinary:
        ParseMaybeBinary(&file, own);
        return;
      case SourceText::Encoding::kJson:
        file.encoding = ManifestSources::Encoding::kJson;
        ParseJsonFile(&file, own);
        return;
      case SourceText::Encoding::kText:
        ParseTextFile(&file, own);
    }
  }

  void Lose(ManifestSources::File* file) {
    file->lost = true;
    sources_->any_lost = true;
  }

  void ParseMaybeBinary(ManifestSources::File* file, manifest::Manifest* own) {
    const SourceText& source = *file->source;
    if (ParseBinary(source.text(), own)) {
      file->encoding = ManifestSources::Encoding::kBinary;
      std::vector<std::pair<std::string, int>> unknown;
      FindUnknown(*own, "", &unknown);
      for (const auto& [path, number] : unknown) {
        diagnostics_->Add(source.File(), path, absl::StrCat("has no field with number ", number),
                          "was the manifest made for a newer version of isomason?");
      }
      if (unknown.empty() || !source.LooksLikeText()) return;
    }
    own->Clear();
    const size_t stray = source.FindStrayByte();
    if (source.LooksLikeText()) {
      const absl::string_view byte = source.text().substr(stray, 1);
      const bool control = static_cast<unsigned char>(byte[0]) < 0x80;
      diagnostics_->Add(source.At(stray), "",
                        absl::StrCat("the byte ", Quote(byte),
                                     control ? " is a control character" : " is not UTF-8"),
                        control ? "write it as an escape in a string, or remove it"
                                : "save the manifest in UTF-8");
    } else {
      diagnostics_->Add(source.File(), "", "is no manifest: neither text nor JSON nor binary", "");
    }
    Lose(file);
  }

  void ParseTextFile(ManifestSources::File* file, manifest::Manifest* own) {
    const SourceText& source = *file->source;
    ParserErrors errors;
    if (ParseTextFormat(source.text(), own, &errors)) return;

    // A binary manifest can happen to be clean text; a text manifest always has fields
    // that are unknown when it is read as binary.
    manifest::Manifest binary;
    std::vector<std::pair<std::string, int>> unknown;
    if (ParseBinary(source.text(), &binary)) {
      FindUnknown(binary, "", &unknown);
      if (unknown.empty()) {
        file->encoding = ManifestSources::Encoding::kBinary;
        own->Swap(&binary);
        return;
      }
    }

    // protobuf's parser has stopped at the first mistake. Find them all, and read again
    // without them, so that what is right can be checked further.
    own->Clear();
    const size_t before = diagnostics_->size();
    file->document = std::make_unique<Element>(ParseText(source, diagnostics_));
    Element& root = *file->document;
    if (!root.dropped) CheckSchema(*own->GetDescriptor(), source, false, &root, diagnostics_);
    if (diagnostics_->size() == before) {
      for (const ParserErrors::Error& error : errors.errors) {
        diagnostics_->Add(PlaceOfError(source, error), "", error.message);
      }
      root.damaged = true;
      return;
    }
    ParserErrors again;
    if (root.dropped || !ParseTextFormat(WithoutDropped(root, source, false), own, &again)) {
      own->Clear();
      Lose(file);
    }
  }

  // protobuf's JSON parser lets much pass that is not JSON and does not tell where a
  // problem is: it only converts what was found to be good.
  void ParseJsonFile(ManifestSources::File* file, manifest::Manifest* own) {
    const SourceText& source = *file->source;
    const size_t before = diagnostics_->size();
    file->document = std::make_unique<Element>(ParseJson(source, diagnostics_));
    Element& root = *file->document;
    if (root.dropped) {
      Lose(file);
      return;
    }
    CheckSchema(*own->GetDescriptor(), source, true, &root, diagnostics_);
    const bool good = diagnostics_->size() == before;
    const auto status = good ? ::google::protobuf::util::JsonStringToMessage(
                                   {source.text().data(), source.text().size()}, own)
                             : ::google::protobuf::util::JsonStringToMessage(
                                   WithoutDropped(root, source, true), own);
    if (status.ok()) return;
    own->Clear();
    if (good) {
      diagnostics_->Add(
          source.File(), "",
          absl::string_view(status.message().data(), static_cast<size_t>(status.message().size())));
    }
    Lose(file);
  }

  LoadedManifest* loaded_;
  ManifestSources* sources_;
  Diagnostics* diagnostics_;
  std::vector<Identity> identities_;  // of the files, by their index
  std::vector<int> open_;             // the files whose includes are being read
};

}  // namespace

Location LoadedManifest::Locate(absl::string_view field) const {
  return sources == nullptr ? Location() : sources->Locate(field);
}

Location LoadedManifest::LocateInside(absl::string_view field, absl::string_view part) const {
  return sources == nullptr ? Location() : sources->Locate(field, part);
}

bool LoadedManifest::Damaged(absl::string_view message) const {
  return sources != nullptr && sources->Damaged(message);
}

LoadedManifest LoadedManifest::FromMessage(manifest::Manifest message, absl::string_view name,
                                           absl::string_view directory) {
  LoadedManifest loaded;
  loaded.manifest = std::move(message);
  loaded.directory = std::string(directory);
  loaded.files.push_back(std::string(name));
  loaded.sources = std::make_shared<ManifestSources>(std::string(name));
  return loaded;
}

bool LoadManifest(const std::string& path, const std::map<std::string, std::string>& set,
                  LoadedManifest* loaded, Diagnostics* diagnostics) {
  const size_t before = diagnostics->size();
  *loaded = LoadedManifest();
  loaded->directory = DirectoryOf(path);
  auto sources = std::make_shared<ManifestSources>(path);
  loaded->sources = sources;
  Loader(loaded, sources.get(), diagnostics).Load(path, -1, "");
  if (!sources->files.empty()) ReplaceVariables(set, loaded, diagnostics);
  return diagnostics->size() == before;
}

}  // namespace isomason
