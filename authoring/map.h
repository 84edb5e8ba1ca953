// -----------------------------------------------------------------------------
// File: authoring/map.h
// -----------------------------------------------------------------------------
//
// What an image looks like from outside, without reading any file's data: which
// bytes belong to whom, and what every entry is called in every namespace.
//
//   #   block   count
//          16       1  primary volume descriptor                iso9660
//          17       3  zeros
//
#ifndef ISOMASON_AUTHORING_MAP_H_
#define ISOMASON_AUTHORING_MAP_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "authoring/author.h"

namespace isomason {

// A run of whole blocks: one piece, several that share a block, or zeros that belong
// to nobody.
struct MapRun {
  uint64_t block;
  uint64_t count;
  std::string what;   // "directory /boot", "zeros"
  std::string owner;  // "iso9660", empty for zeros
};

// Calls `visit` for every run, in order and without gaps.
void VisitMap(const Disc& disc, absl::FunctionRef<void(const MapRun&)> visit);

// The map as text, one line a run, the first one a heading.
std::string FormatMapHeading();
std::string FormatMapRun(const MapRun& run);

// An entry that is called something else, or not there, in a namespace.
struct NameChange {
  absl::string_view where;  // "iso9660", "joliet", "udf"
  NodeId node;
  std::string name;  // empty: not there
};

// Calls `visit` for every such entry, in tree order. ISO 9660 names are compared as
// they stand, so with Rock Ridge beside them most entries are among them.
void VisitNameChanges(const Disc& disc, absl::FunctionRef<void(const NameChange&)> visit);

// "ISO 9660 + Rock Ridge + Joliet + UDF 1.02".
std::string NamespacesOf(const manifest::Manifest& manifest);

// A name or path as a line of text shows it: control characters and what is not
// UTF-8 as \xNN.
std::string Printable(absl::string_view text);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MAP_H_
