// -----------------------------------------------------------------------------
// File: tools/oracle/qemu_initramfs.h
// -----------------------------------------------------------------------------
//
// The initial file system of a guest: the "newc" form of cpio, which Linux unpacks into
// memory, and the kernel modules that go into it. Written here so that a test needs
// neither cpio nor root.
//
//   Initramfs files;
//   files.AddFile("init", 0755, agent);
//   ASSIGN_OR_RETURN(std::vector<std::string> modules, ModulesFor(folder, {"isofs", "udf"}));
//   WriteHostFile(path, files.Finish());
#ifndef ISOMASON_TOOLS_ORACLE_QEMU_INITRAMFS_H_
#define ISOMASON_TOOLS_ORACLE_QEMU_INITRAMFS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

// An archive in the making. Owner and group of everything are 0, its time is 1970.
class Initramfs {
 public:
  // `path` has no slash before it; directories come before what they hold.
  void AddDirectory(absl::string_view path);
  void AddFile(absl::string_view path, uint32_t permissions, absl::string_view contents);
  void AddCharacterDevice(absl::string_view path, uint32_t major, uint32_t minor);

  // The archive with its trailer. Call once, at the end.
  std::string Finish();

 private:
  void Add(absl::string_view path, uint32_t mode, absl::string_view contents, uint32_t major,
           uint32_t minor);

  std::string bytes_;
  uint32_t inode_ = 0;
};

// The host files of the modules `names` and of all they depend on, in an order in which each
// can be loaded. `folder` is a kernel's own (payload/root/modules). A name that has no file
// is built into the kernel, and left out; NotFound when there are no modules at all.
absl::StatusOr<std::vector<std::string>> ModulesFor(const std::string& folder,
                                                    const std::vector<std::string>& names);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_QEMU_INITRAMFS_H_
