// -----------------------------------------------------------------------------
// File: authoring/tree/file_contents.h
// -----------------------------------------------------------------------------
//
// What files are made of, from a manifest's point of view: a source, a range of one,
// a member of an archive, inline bytes, zeros, or several of these one behind another.
// What is asked for twice in the same way is one content. Sources are looked at, not
// opened; but for archives.
//
//   FileContents files(loaded, source_root, &contents, &pins, &diagnostics);
//   FileContents::Made made;
//   if (files.Make(i, entry, &made)) inode.content = made.content;
//
#ifndef ISOMASON_AUTHORING_TREE_FILE_CONTENTS_H_
#define ISOMASON_AUTHORING_TREE_FILE_CONTENTS_H_

#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/diagnostics.h"
#include "authoring/manifest/load.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/archive_source.h"
#include "layout/content.h"
#include "layout/spool.h"

namespace isomason {

// A digest that the manifest says a content has.
struct Pin {
  ContentId content;
  std::string sha256;  // 64 lower-case hexadecimal digits
  std::string field;   // "entry[4].file.sha256"
  // The content of which it is a part, from this byte on; for most the same one, from 0.
  ContentId whole;
  uint64_t offset;
};

// The path of the host that a manifest means by `source`.
std::string SourcePath(const std::string& source_root, const std::string& source);

class FileContents {
 public:
  // What an entry's file has: no content when it is empty. `source` is what it has its
  // attributes from, when the manifest keeps those of sources.
  struct Made {
    ContentId content = kNoContent;
    std::optional<struct stat> source;
  };

  // The arguments outlive this. Source paths are relative to `source_root`.
  FileContents(const LoadedManifest& loaded, const std::string& source_root, ContentTable* contents,
               std::vector<Pin>* pins, Diagnostics* diagnostics)
      : loaded_(loaded),
        source_root_(source_root),
        contents_(*contents),
        pins_(*pins),
        diagnostics_(*diagnostics) {}

  // Makes what the file of entry `i` holds: one of file, concat, text, bytes and zeros.
  // False when there are diagnostics instead.
  bool Make(uint32_t i, const manifest::Entry& entry, Made* made);

  // The same for the data of a named stream; `field` is the path of `stream`.
  bool MakeStream(const std::string& field, const manifest::UdfStream& stream, Made* made);

  // A source path of the manifest as one of the host.
  std::string SourcePath(const std::string& source) const {
    return isomason::SourcePath(source_root_, source);
  }

  // Opens an archive that a message of the manifest names, once for all that name it. Null
  // when there are diagnostics instead, or a failure.
  ArchiveSource* OpenArchive(const std::string& field, const std::string& source);

  // The content of a file in an archive that has been opened; none when it is empty.
  bool MakeMember(const std::string& field, const std::string& source, ArchiveInode inode,
                  ContentId* content);

  // What went wrong with a source and is no matter of the manifest: a damaged archive, a
  // full disk.
  const absl::Status& failure() const { return failure_; }

  // Reports what the host says about a source.
  void SourceProblem(const std::string& field, const absl::Status& status);

 private:
  using Part = ContentTable::Part;

  void Problem(const std::string& field, absl::string_view message, absl::string_view remedy) {
    diagnostics_.Add(loaded_.Locate(field), field, message, remedy);
  }

  // Each takes the path of the field that it is about, and is false when it is wrong.
  bool FindFile(const std::string& field, const std::string& source, struct stat* status);
  bool FindMember(const std::string& field, const manifest::File& file, struct stat* status,
                  ContentId* content);
  bool FindRange(const std::string& field, const manifest::File& file, struct stat* status,
                 Part* range);
  // A problem of an archive's goes where it belongs.
  void ArchiveProblem(const std::string& field, const std::string& source,
                      const absl::Status& status);
  ContentId WholeFile(const std::string& path, const struct stat& status);
  ContentId Zeros(uint64_t size);
  bool AddPin(const std::string& field, absl::string_view what, const std::string& sha256,
              const Part& pinned);
  bool CheckSize(const std::string& field, absl::string_view what, uint64_t wanted,
                 const Part& range);
  bool MakeInline(const std::string& bytes, Made* made);
  bool MakeZeros(uint64_t size, Made* made);
  bool MakeFile(const std::string& field, const manifest::File& file, Made* made);
  bool MakeConcat(const std::string& field, const manifest::Concat& concat, Made* made);

  // The one content that has these parts.
  ContentId Join(std::vector<Part> parts);

  const LoadedManifest& loaded_;
  const std::string& source_root_;
  ContentTable& contents_;
  std::vector<Pin>& pins_;
  Diagnostics& diagnostics_;
  absl::flat_hash_map<std::string, ContentId> files_;  // by path
  absl::flat_hash_map<uint64_t, ContentId> zeros_;     // parts, by size
  Spool spool_;
  ContentId spooled_ = kNoContent;  // all of it
  struct OpenArchiveFile {
    std::unique_ptr<ArchiveSource> source;  // null when it cannot be read
    ContentId file;
    absl::flat_hash_map<ArchiveInode, ContentId> contents;
  };
  std::map<std::string, OpenArchiveFile> archives_;  // by path
  absl::Status failure_;
  // By content, offset and size of each part.
  absl::flat_hash_map<std::vector<uint64_t>, ContentId> joined_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_FILE_CONTENTS_H_
