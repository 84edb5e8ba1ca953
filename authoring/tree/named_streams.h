// -----------------------------------------------------------------------------
// File: authoring/tree/named_streams.h
// -----------------------------------------------------------------------------
//
// The named streams that entries of the manifest have (ECMA-167 3rd edition 4/9.2). Few
// have any, so they lie beside the tree.
//
#ifndef ISOMASON_AUTHORING_TREE_NAMED_STREAMS_H_
#define ISOMASON_AUTHORING_TREE_NAMED_STREAMS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/node.h"

namespace isomason {

struct NamedStream {
  std::string name;  // UTF-8
  std::string bytes;
};
using NamedStreams = absl::flat_hash_map<NodeId, std::vector<NamedStream>>;

// By the nodes that entries name. Where one replaces another, that one counts; a directory
// keeps what the last entry said that said something.
NamedStreams NamedStreamsOf(const manifest::Manifest& manifest, const Tree& tree);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_NAMED_STREAMS_H_
