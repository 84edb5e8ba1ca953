#include "tools/oracle/scratch.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace isomason {
namespace {

std::vector<std::string> Children(const std::string& dir) {
  std::vector<std::string> out;
  DIR* stream = opendir(dir.c_str());
  if (stream == nullptr) return out;
  while (const dirent* d = readdir(stream)) {
    if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0) continue;
    out.push_back(absl::StrCat(dir, "/", d->d_name));
  }
  closedir(stream);
  return out;
}

}  // namespace

absl::StatusOr<ScratchDir> ScratchDir::Make(const std::string& parent) {
  std::string path = parent;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  path += "/scratch.XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return absl::InternalError(
        absl::StrCat("cannot make a folder in ", parent, ": ", strerror(errno)));
  }
  return ScratchDir(path);
}

ScratchDir::ScratchDir(ScratchDir&& other) noexcept : path_(std::exchange(other.path_, "")) {}

ScratchDir& ScratchDir::operator=(ScratchDir&& other) noexcept {
  if (this != &other) {
    if (!path_.empty()) RemoveTree(path_);
    path_ = std::exchange(other.path_, "");
  }
  return *this;
}

ScratchDir::~ScratchDir() {
  if (!path_.empty()) RemoveTree(path_);
}

void MakeReadable(const std::string& dir) {
  struct stat st;
  if (geteuid() == 0 || lstat(dir.c_str(), &st) != 0) return;
  if (S_ISREG(st.st_mode) && (st.st_mode & 0400) == 0) chmod(dir.c_str(), st.st_mode | 0400);
  if (!S_ISDIR(st.st_mode)) return;
  if ((st.st_mode & 0700) != 0700) chmod(dir.c_str(), st.st_mode | 0700);
  for (const std::string& child : Children(dir)) MakeReadable(child);
}

void RemoveTree(const std::string& dir) {
  struct stat st;
  if (lstat(dir.c_str(), &st) != 0) return;
  if (!S_ISDIR(st.st_mode)) {
    unlink(dir.c_str());
    return;
  }
  if ((st.st_mode & 0700) != 0700) chmod(dir.c_str(), 0700);
  for (const std::string& child : Children(dir)) RemoveTree(child);
  rmdir(dir.c_str());
}

absl::StatusOr<std::string> ReadHostFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  std::ostringstream out;
  out << in.rdbuf();
  if (in.bad()) return absl::InternalError(absl::StrCat("cannot read ", path));
  return out.str();
}

absl::Status WriteHostFile(const std::string& path, absl::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return absl::InternalError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

}  // namespace isomason
