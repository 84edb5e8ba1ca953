// -----------------------------------------------------------------------------
// File: authoring/iso9660/test_disc.h
// -----------------------------------------------------------------------------
//
// For tests: a disc of the ISO 9660 namespaces alone, made from a few calls, and a
// strict reader of such a disc that stands on none of the writer's code.
//
//   TestDisc disc;
//   disc.AddFile("boot/grub.cfg", "linux /vmlinuz\n");
//   ASSERT_THAT(disc.Build(), IsOk());
//   View view = ReadView(disc.image(), /*joliet=*/false);
//   EXPECT_THAT(view.problems, IsEmpty());
//   EXPECT_EQ(view.entries["/BOOT/GRUB.CFG"].size, 15);
//
#ifndef ISOMASON_AUTHORING_ISO9660_TEST_DISC_H_
#define ISOMASON_AUTHORING_ISO9660_TEST_DISC_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/iso9660/iso9660.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/builder.h"
#include "authoring/tree/node.h"
#include "authoring/volume.h"
#include "layout/content.h"
#include "layout/piece.h"

namespace isomason {

class TestDisc {
 public:
  TestDisc();

  // Settings, before Build().
  Iso9660Options options;
  std::optional<JolietOptions> joliet_options;
  Volume volume;
  TreeBuilder builder;
  ContentTable contents;

  // Entries; parents are made when they are missing. A path is relative to the root.
  TreeBuilder::Draft AddDirectory(absl::string_view path);
  TreeBuilder::Draft AddFile(absl::string_view path, std::string bytes);
  TreeBuilder::Draft AddZeros(absl::string_view path, uint64_t size);
  TreeBuilder::Draft AddSymlink(absl::string_view path, std::string target);
  TreeBuilder::Draft AddSpecial(absl::string_view path, NodeType type, uint32_t major,
                                uint32_t minor);
  TreeBuilder::Draft AddLink(absl::string_view path, TreeBuilder::Draft other);

  // Projects, places and, unless it is told not to, renders all. InvalidArgument with
  // the first of `problems` when there are any: "/path message" or "field: message".
  absl::Status Build(bool render = true);

  // After Build().
  Tree tree;
  Remarks remarks;
  Problems problems;
  std::unique_ptr<Iso9660> primary;
  std::unique_ptr<Iso9660> joliet;
  std::unique_ptr<PieceOwner> terminator;
  Pieces pieces;
  Addresses addresses;
  const std::string& image() const { return image_; }
  // The piece's bytes at the final addresses, by its description.
  std::string RenderPiece(absl::string_view description) const;

 private:
  TreeBuilder::Draft Add(absl::string_view path, const Inode& inode);
  TreeBuilder::Draft ParentOf(absl::string_view path, absl::string_view* name);
  Inode Attributes(NodeType type, uint16_t mode) const;

  std::string image_;
};

// What the strict reader saw of an entry.
struct SeenEntry {
  bool directory = false;
  uint64_t size = 0;    // of all sections
  uint32_t extent = 0;  // of the first
  int sections = 0;
  std::string date;  // 7 bytes
  // With Rock Ridge:
  uint32_t mode = 0, links = 0, owner = 0, group = 0, serial = 0;
  uint32_t device_high = 0, device_low = 0;
  bool has_device = false;
  std::string name;
  std::string target;
  int hops = 0;                              // continuation areas
  uint32_t child_link = 0, parent_link = 0;  // CL and PL: blocks
  bool relocated = false;                    // RE
};

struct View {
  std::vector<std::string> problems;
  std::map<std::string, SeenEntry> entries;  // by path of recorded names without versions
  std::vector<std::string> order;            // the paths, in the order of the records
  bool rock_ridge = false;
  std::string extension;    // the identifier in ER
  size_t posix_length = 0;  // of PX, the same everywhere
  // With Rock Ridge: the directories by their names there, relocated ones where they
  // belong and what is hidden left out, and the paths under which they lie.
  std::map<std::string, std::string> posix_directories;
  uint32_t directories = 0;
};

// Reads everything that the primary (or Joliet's) descriptor leads to, and notes
// whatever ECMA-119, SUSP or RRIP forbid, or some reader is known to refuse.
// Joliet's files may be without `versions`.
View ReadView(absl::string_view image, bool joliet, bool versions = true);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_TEST_DISC_H_
