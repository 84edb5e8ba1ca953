#include "authoring/iso9660/system_use.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/iso9660/directory.h"

namespace isomason {
namespace {

// Entries that are Rock Ridge's and SUSP's own business.
constexpr std::array<absl::string_view, 17> kReserved = {"CE", "PD", "SP", "ST", "ER", "ES",
                                                         "PX", "PN", "SL", "NM", "CL", "PL",
                                                         "RE", "TF", "SF", "RR", "ZF"};

constexpr absl::string_view kEntryForm =
    "write whole entries: two characters of signature, the length, a version, data (SUSP 4.2)";

}  // namespace

XaAttributes XaAttributesOf(const Inode& inode) {
  XaAttributes xa;
  xa.owner = static_cast<uint16_t>(inode.owner);
  xa.group = static_cast<uint16_t>(inode.group);
  xa.attributes = kXaForm1;
  if (inode.type == NodeType::kDirectory) xa.attributes |= kXaDirectory;
  // Of each class, read is bit 0 and execute bit 2 here, and four bits lie between owner,
  // group and others.
  for (int shift = 0; shift < 3; ++shift) {
    const int mode = inode.mode >> (6 - 3 * shift);
    if ((mode & 4) != 0) xa.attributes |= static_cast<uint16_t>(0x1 << (4 * shift));
    if ((mode & 1) != 0) xa.attributes |= static_cast<uint16_t>(0x4 << (4 * shift));
  }
  return xa;
}

std::string SuspProblem(absl::string_view bytes) {
  if (bytes.size() > kMostSystemUse) {
    return absl::StrCat("has ", bytes.size(), " bytes; beside Rock Ridge there may be ",
                        kMostSystemUse);
  }
  for (size_t at = 0; at < bytes.size();) {
    const absl::string_view rest = bytes.substr(at);
    const size_t length = rest.size() < 4 ? 0 : static_cast<uint8_t>(rest[2]);
    if (length < 4 || length > rest.size()) {
      return absl::StrCat(
          "is no row of whole system use entries: at byte ", at, " there is ",
          length < 4 ? "none"
                     : absl::StrCat("one of ", length, " bytes, and ", rest.size(), " are left"),
          " (SUSP 4.2)");
    }
    const absl::string_view signature = rest.substr(0, 2);
    if (!absl::ascii_isprint(signature[0]) || !absl::ascii_isprint(signature[1])) {
      return absl::StrFormat("has an entry at byte %d whose signature is not printable (SUSP 4.2)",
                             at);
    }
    if (std::find(kReserved.begin(), kReserved.end(), signature) != kReserved.end()) {
      return absl::StrCat("has an entry ", signature,
                          ", which is written from what the manifest says elsewhere");
    }
    at += length;
  }
  return "";
}

void CheckSystemUse(const Tree& tree, const Hierarchy& hierarchy, const SystemUses& uses,
                    bool rock_ridge, bool xa, Problems* problems) {
  const auto refuse = [&](const std::string& field, std::string message, absl::string_view remedy) {
    problems->push_back({.field = field,
                         .where = "iso9660",
                         .message = std::move(message),
                         .remedy = std::string(remedy)});
  };
  std::vector<NodeId> nodes;
  for (const auto& [node, use] : uses) nodes.push_back(node);
  std::sort(nodes.begin(), nodes.end());
  std::string identifier;
  for (const NodeId node : nodes) {
    const SystemUse& use = uses.at(node);
    if (!hierarchy.Shows(node)) continue;  // a remark says so
    if (rock_ridge) {
      const std::string problem = SuspProblem(use.bytes);
      if (!problem.empty()) refuse(use.field, problem, kEntryForm);
      continue;
    }
    identifier.clear();
    hierarchy.AppendRecorded(node, identifier);
    const size_t room =
        DirectoryWriter::SystemUseRoom(identifier.size()) - (xa ? kXaAttributes.kBytes : 0);
    if (use.bytes.size() > room) {
      refuse(use.field,
             absl::StrCat("has ", use.bytes.size(), " bytes; beside an identifier of ",
                          identifier.size(), xa ? " and XA attributes" : "",
                          " a directory record has room for ", room, " (ECMA-119 9.1)"),
             "shorten it, or add `rock_ridge {}` to `iso9660` and write system use entries");
    } else if (use.bytes.size() % 2 != 0) {
      refuse(use.field,
             absl::StrCat("has ", use.bytes.size(),
                          " bytes; a directory record has an even length (ECMA-119 9.1.13)"),
             "add a byte");
    }
  }
  if (!xa) return;
  for (NodeId n = 0; n < tree.node_count(); ++n) {
    const Inode& inode = tree.inode(n);
    if (inode.owner <= 0xFFFF && inode.group <= 0xFFFF) continue;
    if (!hierarchy.Shows(n) || tree.first_node(tree.inode_id(n)) != n) continue;
    problems->push_back(
        {.node = n,
         .where = "iso9660",
         .message = absl::StrCat("has the owner ", inode.owner, " and the group ", inode.group,
                                 "; XA attributes hold numbers up to 65535"),
         .remedy = "set `owner` and `group` in `attributes`, or leave out `iso9660.xa`"});
  }
}

}  // namespace isomason
