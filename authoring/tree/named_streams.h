// -----------------------------------------------------------------------------
// File: authoring/tree/named_streams.h
// -----------------------------------------------------------------------------
//
// The named streams that entries of the manifest have (ECMA-167 3rd edition 4/9.2). Few
// have any, so they lie beside the tree. Their data is contents like those of files.
//
#ifndef ISOMASON_AUTHORING_TREE_NAMED_STREAMS_H_
#define ISOMASON_AUTHORING_TREE_NAMED_STREAMS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/node.h"
#include "layout/content.h"

namespace isomason {

struct NamedStream {
  std::string name;                // UTF-8
  ContentId content = kNoContent;  // none when it is empty
};
// By the nodes that have them.
using NamedStreams = std::map<NodeId, std::vector<NamedStream>>;

// What each entry's streams are, by its number: those of the nodes that entries name. Where
// an entry replaces another, that one counts; a directory keeps what the last entry said
// that said something.
NamedStreams NamedStreamsOf(const manifest::Manifest& manifest, const Tree& tree,
                            std::map<uint32_t, std::vector<NamedStream>> by_entry);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_NAMED_STREAMS_H_
