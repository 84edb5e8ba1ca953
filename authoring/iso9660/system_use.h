// -----------------------------------------------------------------------------
// File: authoring/iso9660/system_use.h
// -----------------------------------------------------------------------------
//
// What system use fields (ECMA-119 9.1.13) of the primary hierarchy hold beside Rock
// Ridge: CD-ROM XA attributes in front of all else, and what the manifest gives.
//
// XA and Rock Ridge do not go together. SUSP has room for bytes in front of its entries
// (LEN_SKP, 5.3), but GRUB reads them as entries and BSD looks for 15 instead of 14.
//
#ifndef ISOMASON_AUTHORING_ISO9660_SYSTEM_USE_H_
#define ISOMASON_AUTHORING_ISO9660_SYSTEM_USE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "authoring/iso9660/hierarchy.h"
#include "authoring/iso9660/records.h"
#include "authoring/problem.h"
#include "authoring/tree/node.h"
#include "authoring/tree/system_use.h"

namespace isomason {

// The most that an entry may add to Rock Ridge: a block.
inline constexpr size_t kMostSystemUse = 2048;

// What XA says about an inode: owner, group and permissions, and one form 1 block for each
// of 2048 bytes, as mkisofs has it. Owner and group are those of the inode modulo 65536.
XaAttributes XaAttributesOf(const Inode& inode);

// Why bytes are no row of whole system use entries (SUSP 4.2) that may stand beside Rock
// Ridge, as the end of a sentence that begins with the field; empty when they are one.
std::string SuspProblem(absl::string_view bytes);

// Refuses what records cannot hold or readers would take for something else: system use of
// the entries, and owners and groups that XA has no room for.
void CheckSystemUse(const Tree& tree, const Hierarchy& hierarchy, const SystemUses& uses,
                    bool rock_ridge, bool xa, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_SYSTEM_USE_H_
