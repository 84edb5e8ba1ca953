#include "authoring/tree/file_contents.h"

#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {
namespace {

using manifest::Entry;

constexpr absl::string_view kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace

std::string SourcePath(const std::string& source_root, const std::string& source) {
  if (!source.empty() && source[0] == '/') return source;
  if (source_root.empty() || source_root == ".") return source;
  return absl::StrCat(source_root, source_root.back() == '/' ? "" : "/", source);
}

void FileContents::SourceProblem(const std::string& field, const absl::Status& status) {
  Problem(field, status.message(),
          absl::IsNotFound(status)
              ? "source paths are relative to the manifest's directory, or to --source-root"
              : "");
}

bool FileContents::Make(uint32_t i, const Entry& entry, Made* made) {
  const auto field = [i](absl::string_view name) { return absl::StrCat("entry[", i, "].", name); };
  switch (entry.what_case()) {
    case Entry::kFile:
      return MakeFile(field("file"), entry.file(), made);
    case Entry::kConcat:
      return MakeConcat(field("concat"), entry.concat(), made);
    case Entry::kText:
      return MakeInline(entry.text(), made);
    case Entry::kBytes:
      return MakeInline(entry.bytes(), made);
    case Entry::kZeros:
      return MakeZeros(entry.zeros(), made);
    default:
      return false;
  }
}

bool FileContents::MakeStream(const std::string& field, const manifest::UdfStream& stream,
                              Made* made) {
  switch (stream.data_case()) {
    case manifest::UdfStream::kFile:
      return MakeFile(field + ".file", stream.file(), made);
    case manifest::UdfStream::kConcat:
      return MakeConcat(field + ".concat", stream.concat(), made);
    case manifest::UdfStream::kText:
      return MakeInline(stream.text(), made);
    case manifest::UdfStream::kBytes:
      return MakeInline(stream.bytes(), made);
    case manifest::UdfStream::kZeros:
      return MakeZeros(stream.zeros(), made);
    case manifest::UdfStream::DATA_NOT_SET:
      return true;
  }
  return false;
}

bool FileContents::MakeInline(const std::string& bytes, Made* made) {
  if (!bytes.empty()) made->content = contents_.AddBytes(bytes);
  return true;
}

// Not shared with others of the size: who makes one wants to write to it.
bool FileContents::MakeZeros(uint64_t size, Made* made) {
  if (size > 0) made->content = contents_.AddZeros(size);
  return true;
}

bool FileContents::FindFile(const std::string& field, const std::string& source,
                            struct stat* status) {
  const std::string path = SourcePath(source);
  if (stat(path.c_str(), status) != 0) {
    SourceProblem(field + ".source",
                  SystemError(errno, absl::StrCat("cannot look at ", Quote(path))));
    return false;
  }
  if (S_ISREG(status->st_mode)) return true;
  Problem(field + ".source", absl::StrCat(Quote(path), " is not a regular file"),
          S_ISDIR(status->st_mode) ? "use `tree { source: ... }` for a directory"
                                   : "name a regular file, or use `tree` for special files");
  return false;
}

// A file that several entries name is stored once.
ContentId FileContents::WholeFile(const std::string& path, const struct stat& status) {
  const auto [it, inserted] = files_.try_emplace(path, kNoContent);
  if (inserted) {
    const size_t slash = path.rfind('/');
    const size_t name = slash == std::string::npos ? 0 : slash + 1;
    it->second = contents_.AddFile(contents_.AddDirectory(path.substr(0, name)),
                                   absl::string_view(path).substr(name), status);
  }
  return it->second;
}

ContentId FileContents::Zeros(uint64_t size) {
  const auto [it, inserted] = zeros_.try_emplace(size, kNoContent);
  if (inserted) it->second = contents_.AddZeros(size);
  return it->second;
}

// --- Archives --------------------------------------------------------------------------

void FileContents::ArchiveProblem(const std::string& field, const std::string& source,
                                  const absl::Status& status) {
  const std::string message = absl::StrCat(Quote(SourcePath(source)), " ", status.message());
  if (absl::IsInvalidArgument(status)) {
    Problem(field + ".source", message, "make the archive anew, or name another file");
  } else if (failure_.ok()) {
    failure_ =
        absl::Status(status.code(), absl::StrCat(loaded_.Locate(field + ".source").ToString(), ": ",
                                                 field, ".source: ", message));
  }
}

ArchiveSource* FileContents::OpenArchive(const std::string& field, const std::string& source) {
  struct stat status;
  if (!FindFile(field, source, &status)) return nullptr;
  const std::string path = SourcePath(source);
  const auto [it, inserted] = archives_.try_emplace(path);
  if (!inserted) return it->second.source.get();
  it->second.file = WholeFile(path, status);
  auto opened = ArchiveSource::Open(contents_.source(it->second.file), &spool_);
  if (opened.ok()) {
    it->second.source = *std::move(opened);
  } else {
    ArchiveProblem(field, source, opened.status());
  }
  return it->second.source.get();
}

bool FileContents::MakeMember(const std::string& field, const std::string& source,
                              ArchiveInode inode, ContentId* content) {
  *content = kNoContent;
  OpenArchiveFile& archive = archives_.at(SourcePath(source));
  if (archive.source->size(inode) == 0) return true;
  const auto [known, inserted] = archive.contents.try_emplace(inode, kNoContent);
  *content = known->second;
  if (!inserted) return known->second != kNoContent;
  const auto runs = archive.source->Runs(inode);
  if (!runs.ok()) {
    ArchiveProblem(field, source, runs.status());
    return false;
  }
  std::vector<Part> parts;
  for (const ArchiveRun& run : *runs) {
    switch (run.in) {
      case ArchiveRun::In::kArchive:
        parts.push_back({archive.file, run.offset, run.size});
        break;
      case ArchiveRun::In::kZeros:
        parts.push_back({Zeros(run.size), 0, run.size});
        break;
      case ArchiveRun::In::kSpool:
        if (spooled_ == kNoContent) {
          auto added = contents_.AddUnnamed(spool_.fd(), "the temporary file of unpacked archives");
          if (!added.ok()) {
            ArchiveProblem(field, source, added.status());
            return false;
          }
          spooled_ = *added;
        }
        parts.push_back({spooled_, run.offset, run.size});
        break;
    }
  }
  *content = known->second = contents_.AddParts(parts);
  return true;
}

bool FileContents::FindMember(const std::string& field, const manifest::File& file,
                              struct stat* status, ContentId* content) {
  ArchiveSource* const archive = OpenArchive(field, file.source());
  if (archive == nullptr) return false;
  const ArchiveInode inode = archive->Find(file.member());
  if (inode == kNoArchiveInode) {
    const std::string closest = ClosestPath(file.member(), archive->Paths());
    Problem(field + ".member",
            absl::StrCat(Quote(SourcePath(file.source())), " has no member ", Quote(file.member())),
            closest.empty() ? "give the path as the archive has it" : DidYouMean(closest));
    return false;
  }
  if (!S_ISREG(archive->member(inode).mode)) {
    Problem(field + ".member",
            absl::StrCat(Quote(file.member()), " is not a regular file in the archive"),
            "use `archive { source: ... }` for what is none");
    return false;
  }
  *status = archive->member(inode).Stat();
  status->st_size = static_cast<off_t>(archive->size(inode));
  return MakeMember(field, file.source(), inode, content);
}

// --- Files and parts -------------------------------------------------------------------

bool FileContents::FindRange(const std::string& field, const manifest::File& file,
                             struct stat* status, Part* range) {
  std::string what = Quote(SourcePath(file.source()));
  ContentId member = kNoContent;
  if (!file.member().empty()) {
    if (!FindMember(field, file, status, &member)) return false;
    what = absl::StrCat(Quote(file.member()), " in ", what);
  } else if (!FindFile(field, file.source(), status)) {
    return false;
  }
  const auto size = static_cast<uint64_t>(status->st_size);
  const bool past_the_end = file.offset() > size;
  const uint64_t left = past_the_end ? 0 : size - file.offset();
  if (past_the_end || file.length() > left) {
    Problem(absl::StrCat(field, past_the_end ? ".offset" : ".length"),
            absl::StrCat(what, " has ", size, " bytes, ",
                         past_the_end ? "so it has none at byte " : "of which ",
                         past_the_end ? absl::StrCat(file.offset())
                                      : absl::StrCat(left, " are left behind byte ", file.offset(),
                                                     ", not ", file.length())),
            "correct the range; without `length` it goes up to the end of the file");
    return false;
  }
  *range = {kNoContent, file.offset(), file.has_length() ? file.length() : left};
  if (range->size == 0) return true;
  range->content = file.member().empty() ? WholeFile(SourcePath(file.source()), *status) : member;
  return true;
}

bool FileContents::CheckSize(const std::string& field, absl::string_view what, uint64_t wanted,
                             const Part& range) {
  if (wanted == range.size) return true;
  const std::string from =
      range.offset == 0 ? "" : absl::StrCat(" from byte ", range.offset, " on");
  Problem(field, absl::StrCat(what, " has ", range.size, " bytes", from, ", not ", wanted),
          "correct the size, or find out why the file changed");
  return false;
}

bool FileContents::AddPin(const std::string& field, absl::string_view what,
                          const std::string& sha256, const Part& pinned) {
  if (sha256.empty()) return true;
  const std::string lower = absl::AsciiStrToLower(sha256);
  if (pinned.size == 0) {
    if (lower == kEmptySha256) return true;
    Problem(field, absl::StrCat(what, " is empty, and the digest is not that of an empty file"),
            "correct the digest, or find out why the file changed");
    return false;
  }
  pins_.push_back({Join({pinned}), lower, field, kNoContent, 0});
  return true;
}

bool FileContents::MakeFile(const std::string& field, const manifest::File& file, Made* made) {
  struct stat status;
  Part range;
  if (!FindRange(field, file, &status, &range)) return false;
  const std::string what = Quote(SourcePath(file.source()));
  if (file.has_size() && !CheckSize(field + ".size", what, file.size(), range)) return false;
  const size_t pins = pins_.size();
  if (!AddPin(field + ".sha256", what, file.sha256(), range)) return false;
  made->content = Join({range});
  made->source = status;
  if (pins_.size() > pins) pins_.back().whole = made->content;
  return true;
}

bool FileContents::MakeConcat(const std::string& field, const manifest::Concat& concat,
                              Made* made) {
  std::vector<Part> parts;
  uint64_t size = 0;
  std::string bytes;  // inline ones that lie side by side
  uint64_t zeros = 0;
  const auto finish = [&] {
    if (!bytes.empty()) {
      parts.push_back({contents_.AddBytes(bytes), 0, bytes.size()});
      bytes.clear();
    }
    if (zeros > 0) {
      parts.push_back({Zeros(zeros), 0, zeros});
      zeros = 0;
    }
  };
  const size_t pins = pins_.size();
  bool good = true;
  for (int k = 0; k < concat.part_size(); ++k) {
    const manifest::Part& part = concat.part(k);
    if (part.has_zeros()) {
      if (!bytes.empty()) finish();
      zeros += part.zeros();
      size += part.zeros();
    } else if (!part.has_file()) {
      if (zeros > 0) finish();
      const std::string& more = part.has_text() ? part.text() : part.bytes();
      bytes += more;
      size += more.size();
    } else {
      finish();
      const manifest::File& file = part.file();
      const std::string in = absl::StrCat(field, ".part[", k, "].file");
      const std::string what = Quote(SourcePath(file.source()));
      struct stat status;
      Part range;
      const size_t before = pins_.size();
      if (!FindRange(in, file, &status, &range) ||
          (file.has_size() && !CheckSize(in + ".size", what, file.size(), range)) ||
          !AddPin(in + ".sha256", what, file.sha256(), range)) {
        good = false;
        continue;
      }
      if (pins_.size() > before) pins_.back().offset = size;
      parts.push_back(range);
      size += range.size;
    }
  }
  finish();
  if (!good) return false;
  if (concat.has_size() &&
      !CheckSize(field + ".size", "all of it together", concat.size(), {kNoContent, 0, size})) {
    return false;
  }
  made->content = Join(std::move(parts));
  if (!AddPin(field + ".sha256", "all of it together", concat.sha256(), {made->content, 0, size})) {
    return false;
  }
  for (size_t p = pins; p < pins_.size(); ++p) pins_[p].whole = made->content;
  return true;
}

ContentId FileContents::Join(std::vector<Part> parts) {
  std::vector<Part> runs;
  for (const Part& part : parts) {
    if (part.size == 0) continue;
    const bool goes_on = !runs.empty() && runs.back().content == part.content &&
                         runs.back().offset + runs.back().size == part.offset;
    if (goes_on) {
      runs.back().size += part.size;
    } else {
      runs.push_back(part);
    }
  }
  if (runs.empty()) return kNoContent;
  if (runs.size() == 1 && runs[0].offset == 0 && runs[0].size == contents_.size(runs[0].content)) {
    return runs[0].content;
  }
  std::vector<uint64_t> key;
  key.reserve(3 * runs.size());
  for (const Part& run : runs) {
    key.insert(key.end(), {static_cast<uint64_t>(run.content), run.offset, run.size});
  }
  const auto [it, inserted] = joined_.try_emplace(std::move(key), kNoContent);
  if (inserted) it->second = contents_.AddParts(runs);
  return it->second;
}

}  // namespace isomason
