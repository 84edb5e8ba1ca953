#include "layout/content.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {
namespace {

absl::Status Changed(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, " changed while the image was made: ", what));
}

}  // namespace

absl::StatusOr<OpenedFile> OpenedFile::Open(SourceFile snapshot) {
  ASSIGN_OR_RETURN(OpenedFile opened, OpenUnchecked(std::move(snapshot)));
  RETURN_IF_ERROR(opened.CheckUnchanged());
  return opened;
}

absl::StatusOr<OpenedFile> OpenedFile::OpenUnchecked(SourceFile snapshot) {
  if (snapshot.fd >= 0) {
    const int again = fcntl(snapshot.fd, F_DUPFD_CLOEXEC, 0);
    if (again < 0) return SystemError(errno, absl::StrCat("cannot open ", snapshot.path));
    return OpenedFile(again, std::move(snapshot));
  }
  // O_NONBLOCK: a FIFO that took the file's place must not hold us up.
  const int fd = open(snapshot.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return Changed(snapshot.path, "it is not there any more");
  }
  if (fd < 0) return SystemError(errno, absl::StrCat("cannot open ", snapshot.path));
  return OpenedFile(fd, std::move(snapshot));
}

OpenedFile::~OpenedFile() {
  if (fd_ >= 0) close(fd_);
}

absl::Status OpenedFile::Read(uint64_t offset, absl::Span<uint8_t> out) const {
  while (!out.empty()) {
    const ssize_t n = pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    if (n < 0) {
      if (errno == EINTR) continue;
      return SystemError(errno, absl::StrCat("cannot read ", path()));
    }
    if (n == 0) return Changed(path(), absl::StrCat("it ends at byte ", offset));
    offset += static_cast<uint64_t>(n);
    out.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

absl::Status OpenedFile::CheckUnchanged() const {
  if (snapshot_.fd >= 0) return absl::OkStatus();
  struct stat now;
  if (fstat(fd_, &now) != 0) {
    return SystemError(errno, absl::StrCat("cannot look at ", path()));
  }
  if (!S_ISREG(now.st_mode)) return Changed(path(), "it is no regular file any more");
  if (static_cast<uint64_t>(now.st_size) != snapshot_.size) {
    return Changed(path(),
                   absl::StrCat("it had ", snapshot_.size, " bytes, now it has ", now.st_size));
  }
  if (now.st_ino != snapshot_.inode) return Changed(path(), "another file stands in its place");
  if (now.st_mtim.tv_sec != snapshot_.mtime_seconds ||
      static_cast<uint32_t>(now.st_mtim.tv_nsec) != snapshot_.mtime_nanos) {
    return Changed(path(), "it was written to");
  }
  return absl::OkStatus();
}

ContentId ContentTable::Add(Entry entry) {
  contents_.push_back(entry);
  return static_cast<ContentId>(contents_.size() - 1);
}

ContentId ContentTable::AddBytes(std::string bytes) {
  const uint64_t size = bytes.size();
  blobs_.push_back(std::move(bytes));
  return Add({size, static_cast<uint32_t>(blobs_.size() - 1), 0, Kind::kBytes});
}

ContentId ContentTable::AddZeros(uint64_t size) { return Add({size, 0, 0, Kind::kZeros}); }

SourceDirectoryId ContentTable::AddDirectory(std::string path) {
  const auto [it, inserted] =
      directory_ids_.try_emplace(path, static_cast<SourceDirectoryId>(directories_.size()));
  if (inserted) directories_.push_back(std::move(path));
  return it->second;
}

ContentId ContentTable::AddFile(SourceDirectoryId directory, absl::string_view name,
                                const struct stat& seen) {
  files_.push_back({seen.st_ino, seen.st_mtim.tv_sec, static_cast<uint32_t>(seen.st_mtim.tv_nsec),
                    directory, names_.size()});
  names_.append(name.data(), name.size());
  names_.push_back('\0');
  return Add({static_cast<uint64_t>(seen.st_size), static_cast<uint32_t>(files_.size() - 1), 0,
              Kind::kFile});
}

ContentTable::~ContentTable() {
  for (const int fd : unnamed_) close(fd);
}

absl::StatusOr<ContentId> ContentTable::AddUnnamed(int fd, std::string what) {
  const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return SystemError(errno, absl::StrCat("cannot open ", what));
  unnamed_.push_back(own);
  files_.push_back({static_cast<uint64_t>(own), 0, 0, kUnnamed, names_.size()});
  names_.append(what.c_str(), what.size() + 1);
  return Add({0, static_cast<uint32_t>(files_.size() - 1), 0, Kind::kFile});
}

absl::StatusOr<ContentId> ContentTable::AddFile(const std::string& path) {
  struct stat seen;
  if (stat(path.c_str(), &seen) != 0) {
    return SystemError(errno, absl::StrCat("cannot look at ", path));
  }
  if (!S_ISREG(seen.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not a regular file"));
  }
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  return AddFile(AddDirectory(directory),
                 slash == std::string::npos ? path : path.substr(slash + 1), seen);
}

ContentId ContentTable::AddParts(absl::Span<const Part> parts) {
  std::vector<PlacedPart> placed;
  uint64_t size = 0;
  const auto append = [&](const Part& run) {
    placed.push_back({size, run});
    size += run.size;
    return absl::OkStatus();
  };
  for (const Part& part : parts) {
    VisitRuns(part.content, part.offset, part.size, append).IgnoreError();  // append never fails
  }
  part_lists_.push_back(std::move(placed));
  return Add({size, static_cast<uint32_t>(part_lists_.size() - 1), 0, Kind::kParts});
}

ContentId ContentTable::AddGenerated(uint64_t size, std::unique_ptr<Generator> generator) {
  generators_.push_back(std::move(generator));
  return Add({size, static_cast<uint32_t>(generators_.size() - 1), 0, Kind::kGenerated});
}

ContentId ContentTable::AddPatched(ContentId base, std::vector<std::unique_ptr<Patch>> patches) {
  Entry entry = At(base);
  std::sort(patches.begin(), patches.end(),
            [](const auto& a, const auto& b) { return a->offset() < b->offset(); });
  assert(std::adjacent_find(patches.begin(), patches.end(), [](const auto& a, const auto& b) {
           return a->offset() + a->size() > b->offset();
         }) == patches.end());
  assert(patches.empty() || patches.back()->offset() + patches.back()->size() <= entry.size);
  patches_.push_back(std::move(patches));
  entry.patch = static_cast<uint32_t>(patches_.size());
  return Add(entry);
}

absl::Span<const std::unique_ptr<Patch>> ContentTable::patches(ContentId id) const {
  const uint32_t patch = At(id).patch;
  if (patch == 0) return {};
  return patches_[patch - 1];
}

SourceFile ContentTable::source(ContentId id) const {
  const Entry& entry = At(id);
  const File& file = files_[entry.ref];
  if (file.directory == kUnnamed) {
    return {names_.c_str() + file.name_offset, static_cast<int>(file.inode)};
  }
  const std::string& directory = directories_[static_cast<uint32_t>(file.directory)];
  const absl::string_view slash = directory.empty() || directory.back() == '/' ? "" : "/";
  return {absl::StrCat(directory, slash, names_.c_str() + file.name_offset),
          -1,
          entry.size,
          file.mtime_seconds,
          file.mtime_nanos,
          file.inode};
}

absl::Status ContentTable::VisitRuns(ContentId id, uint64_t offset, uint64_t size,
                                     absl::FunctionRef<absl::Status(const Part&)> visit) const {
  if (size == 0) return absl::OkStatus();
  const Entry& entry = At(id);
  if (entry.kind != Kind::kParts) return visit({id, offset, size});
  const std::vector<PlacedPart>& parts = part_lists_[entry.ref];
  auto it = std::upper_bound(
      parts.begin(), parts.end(), offset,
      [](uint64_t wanted, const PlacedPart& placed) { return wanted < placed.start; });
  for (it = std::prev(it); size > 0; ++it) {
    const uint64_t skipped = offset - it->start;
    const uint64_t taken = std::min(size, it->part.size - skipped);
    RETURN_IF_ERROR(visit({it->part.content, it->part.offset + skipped, taken}));
    offset += taken;
    size -= taken;
  }
  return absl::OkStatus();
}

absl::Status ContentTable::ReadRun(const Part& run, absl::Span<uint8_t> out) const {
  const Entry& entry = At(run.content);
  switch (entry.kind) {
    case Kind::kBytes:
      std::memcpy(out.data(), blobs_[entry.ref].data() + run.offset, out.size());
      return absl::OkStatus();
    case Kind::kZeros:
      std::memset(out.data(), 0, out.size());
      return absl::OkStatus();
    case Kind::kGenerated:
      return generators_[entry.ref]->Read(*this, run.offset, out);
    case Kind::kFile: {
      // One look behind the last byte says as much as another before the first.
      ASSIGN_OR_RETURN(const OpenedFile file, OpenedFile::OpenUnchecked(source(run.content)));
      const absl::Status read = file.Read(run.offset, out);
      RETURN_IF_ERROR(file.CheckUnchanged());
      return read;
    }
    case Kind::kParts:
      break;
  }
  return absl::InternalError("a run of no kind");
}

absl::Status ContentTable::ReadUnpatched(ContentId id, uint64_t offset,
                                         absl::Span<uint8_t> out) const {
  return VisitRuns(id, offset, out.size(), [&](const Part& run) {
    const absl::Span<uint8_t> part = out.first(run.size);
    out.remove_prefix(run.size);
    return ReadRun(run, part);
  });
}

absl::Status ContentTable::ReadThrough(
    ContentId id, const Stop& stop,
    absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const {
  constexpr uint64_t kAtATime = 1 << 20;
  std::vector<uint8_t> buffer;
  return VisitRuns(id, 0, size(id), [&](const Part& run) -> absl::Status {
    std::optional<OpenedFile> file;
    if (kind(run.content) == Kind::kFile) {
      ASSIGN_OR_RETURN(OpenedFile opened, Open(run.content));
      file.emplace(std::move(opened));
    }
    for (uint64_t done = 0; done < run.size; done += buffer.size()) {
      RETURN_IF_ERROR(stop.Check());
      buffer.resize(std::min(kAtATime, run.size - done));
      const Part now{run.content, run.offset + done, buffer.size()};
      RETURN_IF_ERROR(file ? file->Read(now.offset, absl::MakeSpan(buffer))
                           : ReadRun(now, absl::MakeSpan(buffer)));
      RETURN_IF_ERROR(take(buffer));
    }
    return file ? file->CheckUnchanged() : absl::OkStatus();
  });
}

absl::Status ContentTable::ReadPatched(
    ContentId id, const Addresses& at, const Stop& stop,
    absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const {
  const auto all = patches(id);
  if (all.empty()) return ReadThrough(id, stop, take);
  std::vector<uint8_t> patched;
  std::vector<uint8_t> patch_bytes;
  uint64_t start = 0;
  return ReadThrough(id, stop, [&](absl::Span<const uint8_t> bytes) {
    patched.assign(bytes.begin(), bytes.end());
    const uint64_t end = start + bytes.size();
    for (const auto& patch : all) {
      const uint64_t from = std::max(start, patch->offset());
      const uint64_t to = std::min(end, patch->offset() + patch->size());
      if (from >= to) continue;
      patch_bytes.assign(patch->size(), 0);
      RETURN_IF_ERROR(patch->Render(at, absl::MakeSpan(patch_bytes)));
      std::memcpy(patched.data() + (from - start), patch_bytes.data() + (from - patch->offset()),
                  to - from);
    }
    start = end;
    return take(patched);
  });
}

}  // namespace isomason
