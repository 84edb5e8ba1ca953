// -----------------------------------------------------------------------------
// File: authoring/zisofs/compressed.h
// -----------------------------------------------------------------------------
//
// Which contents of an image are the compressed forms of others.
//
#ifndef ISOMASON_AUTHORING_ZISOFS_COMPRESSED_H_
#define ISOMASON_AUTHORING_ZISOFS_COMPRESSED_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "authoring/zisofs/zisofs.h"
#include "layout/content.h"

namespace isomason {

struct CompressedContent {
  ContentId plain;  // what it is when it is not compressed
  uint64_t size;    // of that, in bytes
  ZisofsForm form;
};

// By the content that is stored.
using CompressedContents = absl::flat_hash_map<ContentId, CompressedContent>;

// What readers that decompress get of a content.
inline ContentId PlainContent(const CompressedContents& compressed, ContentId content) {
  const auto it = compressed.find(content);
  return it == compressed.end() ? content : it->second.plain;
}

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ZISOFS_COMPRESSED_H_
