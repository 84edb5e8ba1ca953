#include "tools/oracle/qemu_initramfs.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

// The kernel takes - and _ in a module's name for the same.
std::string ModuleName(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// Appends `name` behind all it needs to `order`.
absl::Status AddModule(const std::map<std::string, std::string>& files, const std::string& name,
                       std::set<std::string>* seen, std::vector<std::string>* order) {
  const auto file = files.find(ModuleName(name));
  if (file == files.end() || !seen->insert(file->first).second) return absl::OkStatus();
  absl::StatusOr<std::string> bytes = ReadHostFile(file->second);
  if (!bytes.ok()) return bytes.status();
  // The section .modinfo holds strings like "depends=cdrom,crc-itu-t", each ended by a zero.
  constexpr absl::string_view kKey("\0depends=", 9);
  const size_t key = bytes->find(kKey.data(), 0, kKey.size());
  if (key != std::string::npos) {
    const std::string needed = bytes->c_str() + key + kKey.size();
    for (absl::string_view other : absl::StrSplit(needed, ',', absl::SkipEmpty())) {
      if (absl::Status s = AddModule(files, std::string(other), seen, order); !s.ok()) return s;
    }
  }
  order->push_back(file->second);
  return absl::OkStatus();
}

}  // namespace

void Initramfs::AddDirectory(absl::string_view path) { Add(path, S_IFDIR | 0755, "", 0, 0); }

void Initramfs::AddFile(absl::string_view path, uint32_t permissions, absl::string_view contents) {
  Add(path, S_IFREG | permissions, contents, 0, 0);
}

void Initramfs::AddCharacterDevice(absl::string_view path, uint32_t major, uint32_t minor) {
  Add(path, S_IFCHR | 0600, "", major, minor);
}

std::string Initramfs::Finish() {
  inode_ = static_cast<uint32_t>(-1);  // the trailer's number is 0
  Add("TRAILER!!!", 0, "", 0, 0);
  return std::move(bytes_);
}

void Initramfs::Add(absl::string_view path, uint32_t mode, absl::string_view contents,
                    uint32_t major, uint32_t minor) {
  // In order: inode, mode, owner, group, links, time, size, device of the archive's file
  // (major, minor), the device that this is (major, minor), length of the name, checksum.
  absl::StrAppendFormat(&bytes_, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
                        ++inode_, mode, 0, 0, 1, 0, contents.size(), 0, 0, major, minor,
                        path.size() + 1, 0);
  absl::StrAppend(&bytes_, path);
  // Names (with a zero at the end) and contents are filled up to multiples of four.
  bytes_.push_back('\0');
  bytes_.resize((bytes_.size() + 3) / 4 * 4);
  absl::StrAppend(&bytes_, contents);
  bytes_.resize((bytes_.size() + 3) / 4 * 4);
}

absl::StatusOr<std::vector<std::string>> ModulesFor(const std::string& folder,
                                                    const std::vector<std::string>& names) {
  std::map<std::string, std::string> files;  // name -> host file
  std::error_code error;
  const std::filesystem::path kernel = std::filesystem::path(folder) / "kernel";
  for (auto it = std::filesystem::recursive_directory_iterator(kernel, error);
       !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    if (it->path().extension() == ".ko") {
      files[ModuleName(it->path().stem().string())] = it->path().string();
    }
  }
  if (error || files.empty()) {
    return absl::NotFoundError(absl::StrCat("no kernel modules in ", kernel.string(),
                                            error ? ": " + error.message() : std::string()));
  }
  std::vector<std::string> order;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (absl::Status s = AddModule(files, name, &seen, &order); !s.ok()) return s;
  }
  return order;
}

}  // namespace isomason
