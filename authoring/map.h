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
#include <vector>

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

// A namespace as a table of names has it.
enum class NameColumn { kIso9660, kRockRidge, kJoliet, kUdf };

// "iso9660", "rock_ridge", "joliet", "udf".
absl::string_view NameOfColumn(NameColumn column);

// Those that the image has.
std::vector<NameColumn> NameColumns(const manifest::Manifest& manifest);

struct NodeNames {
  NodeId node;
  // By column. Empty: not there; else without version number, and marked as hidden or not.
  std::vector<std::string> names;
  std::vector<bool> hidden;
};

// Calls `visit` for every node but the root, in tree order.
void VisitNames(const Disc& disc, const std::vector<NameColumn>& columns,
                absl::FunctionRef<void(const NodeNames&)> visit);

// The names as text, a column each and the path behind them, in lines as long as they have
// to be. Looks at everything twice and holds a line.
//
//   # iso9660   rock ridge  joliet  path
//     ETC       etc         etc     /etc
//     PASSWD    passwd      -       /etc/passwd
//
void FormatNames(const Disc& disc, const std::vector<NameColumn>& columns,
                 absl::FunctionRef<void(absl::string_view line)> write);

// "ISO 9660 + Rock Ridge + Joliet + UDF 1.02".
std::string NamespacesOf(const manifest::Manifest& manifest);

// A name or path as a line of text shows it: control characters and what is not
// UTF-8 as \xNN.
std::string Printable(absl::string_view text);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MAP_H_
