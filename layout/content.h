// -----------------------------------------------------------------------------
// File: layout/content.h
// -----------------------------------------------------------------------------
//
// What files are made of. A content is a run of bytes that is stored once in an
// image and that any number of entries in any number of namespaces may share. It
// is bytes in memory, a file of the host, zeros, parts of other contents one behind
// another, or made by a generator, with patches on top where a boot loader wants to
// be told where it lies.
//
// A host file is a snapshot: its size, modification time and inode are noted when
// it is added and compared at every open. A file that changed since is an error
// that names it, never a torn image.
//
//   ContentTable contents;
//   ContentId a = contents.AddBytes("hello\n");
//   ASSIGN_OR_RETURN(ContentId b, contents.AddFile("boot/vmlinuz"));
//   ContentId c = contents.AddParts({{b, 512, 1024}, {a, 0, 6}});    // a range, then a
//
// Memory: 24 bytes a content; for a host file, 32 bytes and its name; for a part, 32.
//
#ifndef ISOMASON_LAYOUT_CONTENT_H_
#define ISOMASON_LAYOUT_CONTENT_H_

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "layout/stop.h"
#include "layout/units.h"

namespace isomason {

class Addresses;
class ContentTable;

// A content's number in its table, counted from 0.
enum class ContentId : uint32_t {};
inline constexpr ContentId kNoContent{0xFFFFFFFF};

// Bytes that replace a part of a content and depend on where things lie.
class Patch {
 public:
  virtual ~Patch() = default;
  // The replaced range: bytes from the start of the content.
  virtual uint64_t offset() const = 0;
  virtual uint64_t size() const = 0;
  // Fills `out` (size() bytes). Pure: reads no file.
  virtual absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const = 0;
};

// Bytes that a program makes when they are asked for: a compressed file, a list of
// checksums. How many there are is known from the start.
class Generator {
 public:
  virtual ~Generator() = default;
  // Fills `out` from `offset`. The same bytes whenever it is called; thread-safe. When
  // they depend on a Preparation, that has run.
  virtual absl::Status Read(const ContentTable& contents, uint64_t offset,
                            absl::Span<uint8_t> out) const = 0;
};

// A host file as it was when it was added.
struct SourceFile {
  std::string path;  // or what it is, when it has no name and is open already
  int fd = -1;       // then
  uint64_t size = 0;
  int64_t mtime_seconds = 0;
  uint32_t mtime_nanos = 0;
  uint64_t inode = 0;
};

// An open host file; closes itself.
class OpenedFile {
 public:
  // Opens the file and compares it with its snapshot: FailedPrecondition when it
  // is another one, or has changed.
  // Of a file without a name, which nobody changes, another descriptor is made.
  static absl::StatusOr<OpenedFile> Open(SourceFile snapshot);
  // Leaves the comparing to CheckUnchanged(), which is called when all has been read.
  static absl::StatusOr<OpenedFile> OpenUnchecked(SourceFile snapshot);

  OpenedFile(OpenedFile&& o) noexcept
      : fd_(std::exchange(o.fd_, -1)), snapshot_(std::move(o.snapshot_)) {}
  OpenedFile& operator=(OpenedFile&&) = delete;
  ~OpenedFile();

  int fd() const { return fd_; }
  const std::string& path() const { return snapshot_.path; }

  // Fills `out` from `offset`; a file that ends early is FailedPrecondition.
  absl::Status Read(uint64_t offset, absl::Span<uint8_t> out) const;

  // Compares the file with its snapshot once more: for after the last byte was
  // read, so that what was read is what the file was.
  absl::Status CheckUnchanged() const;

 private:
  OpenedFile(int fd, SourceFile snapshot) : fd_(fd), snapshot_(std::move(snapshot)) {}

  int fd_;
  SourceFile snapshot_;
};

// A directory of the host that sources lie in, so that its path is kept once.
enum class SourceDirectoryId : uint32_t {};

class ContentTable {
 public:
  enum class Kind : uint8_t { kBytes, kFile, kZeros, kParts, kGenerated };

  // A range of another content, below its patches: bytes from its start.
  struct Part {
    ContentId content;
    uint64_t offset;
    uint64_t size;
  };

  ContentTable() = default;
  ~ContentTable();
  ContentTable(const ContentTable&) = delete;
  ContentTable& operator=(const ContentTable&) = delete;

  ContentId AddBytes(std::string bytes);
  ContentId AddZeros(uint64_t size);

  // Adds a regular file of the host. NotFound when it is not there,
  // InvalidArgument when it is not a regular file.
  absl::StatusOr<ContentId> AddFile(const std::string& path);

  // The same for callers that have looked at many files of one directory already:
  // no system call is made.
  SourceDirectoryId AddDirectory(std::string path);
  ContentId AddFile(SourceDirectoryId directory, absl::string_view name, const struct stat& seen);

  // Adds an open file that has no name, so that nobody else can change it; parts of it may
  // be added before they are written. The table has a descriptor of its own from then on.
  // `what` is what errors call it. ResourceExhausted when there are no descriptors left.
  absl::StatusOr<ContentId> AddUnnamed(int fd, std::string what);

  // Parts one behind another; each lies inside its content. Those of parts are taken
  // apart, so no part is itself of kind kParts.
  ContentId AddParts(absl::Span<const Part> parts);

  ContentId AddGenerated(uint64_t size, std::unique_ptr<Generator> generator);

  // A second content with the bytes of `base` under `patches`: what is stored for a boot
  // image that is told its own address. They may come in any order; their ranges lie inside
  // `base` and apart from each other.
  ContentId AddPatched(ContentId base, std::vector<std::unique_ptr<Patch>> patches);

  uint32_t count() const { return static_cast<uint32_t>(contents_.size()); }
  uint64_t size(ContentId id) const { return At(id).size; }
  // The kind of the bytes below the patches.
  Kind kind(ContentId id) const { return At(id).kind; }
  // In the order of their offsets.
  absl::Span<const std::unique_ptr<Patch>> patches(ContentId id) const;

  // kBytes only.
  absl::string_view bytes(ContentId id) const { return blobs_[At(id).ref]; }
  // kFile only.
  SourceFile source(ContentId id) const;
  // kFile only.
  absl::StatusOr<OpenedFile> Open(ContentId id) const { return OpenedFile::Open(source(id)); }

  // Calls `visit` for each run of bytes below the patches in a range, in order: a part
  // of a content of any kind but kParts. An empty range has none.
  absl::Status VisitRuns(ContentId id, uint64_t offset, uint64_t size,
                         absl::FunctionRef<absl::Status(const Part&)> visit) const;

  // Reads bytes below the patches, from `offset`, `out.size()` of them. Thread-safe.
  absl::Status ReadUnpatched(ContentId id, uint64_t offset, absl::Span<uint8_t> out) const;

  // Reads a whole content below its patches from its start to its end: calls `take` with
  // some bytes at a time, at most 1 MiB. Every file is opened once for each run, and
  // compared with its snapshot again behind its last byte. Cancelled when `stop` says so.
  absl::Status ReadThrough(ContentId id, const Stop& stop,
                           absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const;

  // The same with its patches, for an image in which things lie `at`.
  absl::Status ReadPatched(ContentId id, const Addresses& at, const Stop& stop,
                           absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take) const;

 private:
  struct Entry {
    uint64_t size;
    uint32_t ref;    // into blobs_, files_, part_lists_ or generators_
    uint32_t patch;  // index into patches_ + 1, or 0
    Kind kind;
  };
  struct File {
    uint64_t inode;
    int64_t mtime_seconds;
    uint32_t mtime_nanos;
    SourceDirectoryId directory;  // kUnnamed: `inode` is a descriptor
    uint64_t name_offset;         // into names_, zero-terminated
  };
  static constexpr SourceDirectoryId kUnnamed{0xFFFFFFFF};
  // A part and where it starts in the content that it belongs to.
  struct PlacedPart {
    uint64_t start;
    Part part;
  };
  const Entry& At(ContentId id) const { return contents_[static_cast<uint32_t>(id)]; }
  ContentId Add(Entry entry);
  absl::Status ReadRun(const Part& run, absl::Span<uint8_t> out) const;

  std::vector<Entry> contents_;
  std::vector<std::string> blobs_;
  std::vector<File> files_;
  std::string names_;
  std::vector<std::string> directories_;
  absl::flat_hash_map<std::string, SourceDirectoryId> directory_ids_;
  std::vector<int> unnamed_;
  std::vector<std::vector<PlacedPart>> part_lists_;
  std::vector<std::unique_ptr<Generator>> generators_;
  std::vector<std::vector<std::unique_ptr<Patch>>> patches_;
};

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_CONTENT_H_
