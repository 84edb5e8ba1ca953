// -----------------------------------------------------------------------------
// File: authoring/checksum_list.h
// -----------------------------------------------------------------------------
//
// The content of one list of checksums. Lines are made when they are read, so a list of
// a million files costs 4 bytes a file and no text.
//
#ifndef ISOMASON_AUTHORING_CHECKSUM_LIST_H_
#define ISOMASON_AUTHORING_CHECKSUM_LIST_H_

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "authoring/checksum_line.h"
#include "authoring/file_digests.h"
#include "authoring/tree/node.h"
#include "authoring/zisofs/compressed.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

// What a list looks like.
struct ChecksumForm {
  ChecksumStyle style;
  std::string prefix;     // before every name
  std::string directory;  // names are relative to it: "/" or "/boot"
  bool by_place = false;  // in the order of addresses instead of names
};

class ChecksumList : public Generator {
 public:
  // `nodes` are files in byte order of their paths. The tree and `compressed`, which may be
  // filled later, outlive the list.
  ChecksumList(const Tree& tree, const CompressedContents& compressed, ChecksumForm form,
               std::vector<NodeId> nodes, std::shared_ptr<const FileDigests> digests);

  uint64_t size() const { return size_; }
  const ChecksumForm& form() const { return form_; }
  const std::vector<NodeId>& nodes() const { return nodes_; }

  // Says that a content which the list names is a list itself.
  void Covers(ContentId content, const ChecksumList* list) { lists_[content] = list; }
  bool IsList(ContentId content) const { return lists_.contains(content); }

  // Puts the lines in the order of addresses when that was asked for.
  void Arrange(const Addresses& at);

  absl::Status Read(const ContentTable& contents, uint64_t offset,
                    absl::Span<uint8_t> out) const override;

 private:
  // Where each of some lines starts; that often is often enough.
  static constexpr size_t kLinesApart = 64;

  std::string NameOf(NodeId n) const;
  void IndexLines();
  absl::StatusOr<absl::string_view> DigestOf(const ContentTable& contents, NodeId n) const;
  // The digest of this list, for one that names it.
  absl::StatusOr<absl::string_view> OwnDigest(const ContentTable& contents,
                                              DigestAlgorithm algorithm) const;
  absl::StatusOr<std::string> ComputeOwnDigest(const ContentTable& contents,
                                               DigestAlgorithm algorithm) const;

  const Tree& tree_;
  const CompressedContents& compressed_;
  ChecksumForm form_;
  std::vector<NodeId> nodes_;
  std::shared_ptr<const FileDigests> digests_;
  absl::flat_hash_map<ContentId, const ChecksumList*> lists_;
  std::vector<uint64_t> starts_;  // of every line whose number is a multiple of kLinesApart
  uint64_t size_ = 0;

  // Computed when another list asks.
  mutable std::array<std::once_flag, kDigestAlgorithms> computed_;
  mutable std::array<absl::StatusOr<std::string>, kDigestAlgorithms> own_digests_;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_CHECKSUM_LIST_H_
