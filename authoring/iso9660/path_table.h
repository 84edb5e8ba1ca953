// -----------------------------------------------------------------------------
// File: authoring/iso9660/path_table.h
// -----------------------------------------------------------------------------
//
// The path table (ECMA-119 6.9, 9.4): all directories in their order, each with its
// parent's number. Windows finds directories through it.
//
#ifndef ISOMASON_AUTHORING_ISO9660_PATH_TABLE_H_
#define ISOMASON_AUTHORING_ISO9660_PATH_TABLE_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "authoring/iso9660/hierarchy.h"

namespace isomason {

enum class PathTableType { kL, kM };  // least (6.9.2) or most significant byte first

// Appends the table; `extent` says in which block a directory lies, by its number.
void AppendPathTable(const Hierarchy& hierarchy, PathTableType type,
                     absl::FunctionRef<uint32_t(uint32_t)> extent, std::string& out);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_PATH_TABLE_H_
