// -----------------------------------------------------------------------------
// File: authoring/tree/archive_source.h
// -----------------------------------------------------------------------------
//
// The members of an archive as a tree: a later member replaces an earlier one of its
// path, hard links know what they are links of, and no member leads out of the tree.
// Neither the order of members nor how the archive is compressed shows.
//
//   ASSIGN_OR_RETURN(auto source, ArchiveSource::Open("rootfs.tar.zst", &spool));
//   ArchiveTree tree = source->Select(entry.archive());
//   for (const auto& [path, file] : tree.entries) ...
//
#ifndef ISOMASON_AUTHORING_TREE_ARCHIVE_SOURCE_H_
#define ISOMASON_AUTHORING_TREE_ARCHIVE_SOURCE_H_

#include <sys/stat.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "authoring/archive/archive.h"
#include "authoring/manifest/manifest.pb.h"
#include "layout/content.h"
#include "layout/spool.h"

namespace isomason {

// The number of a file, directory or other inode in an archive.
using ArchiveInode = size_t;
inline constexpr ArchiveInode kNoArchiveInode = static_cast<size_t>(-1);

// What an entry takes from an archive.
struct ArchiveTree {
  // By path without a leading slash, "" for the root; directories come before what they
  // hold. A directory that only others show to be there is kNoArchiveInode. Paths with
  // one inode are hard links.
  std::map<std::string, ArchiveInode> entries;
  // What is wrong with members, and what to do about it.
  std::vector<std::pair<std::string, std::string>> problems;
};

class ArchiveSource {
 public:
  // Reads the archive's headers; errors as those of Archive::Open(), without the path.
  static absl::StatusOr<std::unique_ptr<ArchiveSource>> Open(SourceFile file, Spool* spool);

  // The members that the globs let through, by their paths without the first components.
  ArchiveTree Select(const manifest::Archive& spec) const;

  // The inode at a path of the archive, or kNoArchiveInode.
  ArchiveInode Find(absl::string_view path) const;
  // Every path, for suggestions.
  std::vector<std::string> Paths() const;

  // Type, attributes and, of a file, size. Of a symlink, the target is there as well.
  const ArchiveMember& member(ArchiveInode i) const { return archive_->members()[i]; }
  uint64_t size(ArchiveInode i) const { return archive_->members()[DataOf(i)].size; }
  // Where the bytes of a file lie; errors as those of Archive::Runs().
  absl::StatusOr<std::vector<ArchiveRun>> Runs(ArchiveInode i);

 private:
  explicit ArchiveSource(OpenedFile file) : file_(std::move(file)) {}
  void FindPaths();
  size_t DataOf(ArchiveInode i) const;

  struct Place {
    ArchiveInode inode;
    size_t member;  // the last one that put it there
  };
  struct Bad {
    std::string path;  // as the archive spells it
    std::string problem, remedy;
  };
  OpenedFile file_;
  std::unique_ptr<Archive> archive_;
  std::map<std::string, Place> paths_;
  std::vector<Bad> bad_;
  // Links that bring the bytes of what they link to, as in cpio archives.
  absl::flat_hash_map<ArchiveInode, size_t> data_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_ARCHIVE_SOURCE_H_
