#include "tools/bench/make_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "layout/status.h"

namespace isomason {
namespace {

constexpr const char* kWords[] = {"driver", "memory", "socket", "kernel",  "filter", "device",
                                  "bridge", "parser", "thread", "channel", "vector", "stream"};
constexpr const char* kEndings[] = {".c", ".h", ".txt", ".rst", "", ".S"};

// std::mt19937_64 is the same everywhere; the distributions of <random> are not.
uint64_t Below(std::mt19937_64& random, uint64_t n) { return random() % n; }

uint64_t Size(std::mt19937_64& random, uint32_t typical) {
  if (typical == 0) return 0;
  // A geometric spread around the typical size: 1/16 to 16 times of it.
  uint64_t size = typical / 16;
  for (int i = 0; i < 8 && Below(random, 2) == 0; ++i) size *= 2;
  return size + Below(random, size + 1);
}

}  // namespace

absl::Status MakeTree(const TreeShape& shape, const std::string& dir) {
  std::mt19937_64 random(20261101);
  std::string bytes(1 << 20, '\0');
  for (char& b : bytes) b = static_cast<char>(' ' + Below(random, 95));

  struct Directory {
    std::string path;
    uint32_t depth;
  };
  std::vector<Directory> directories = {{dir, 1}};
  for (uint32_t i = 0; i < shape.files; ++i) {
    if (i % shape.files_per_directory == 0 && i > 0) {
      Directory parent = directories[Below(random, directories.size())];
      if (parent.depth >= shape.depth) parent = directories[0];
      const std::string path = absl::StrCat(
          parent.path, "/", kWords[Below(random, std::size(kWords))], "-", directories.size());
      if (mkdir(path.c_str(), 0755) != 0) return SystemError(errno, path);
      directories.push_back({path, parent.depth + 1});
    }
    const std::string path = absl::StrCat(
        directories.back().path, "/", kWords[Below(random, std::size(kWords))], "_",
        kWords[Below(random, std::size(kWords))], i, kEndings[Below(random, std::size(kEndings))]);
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return SystemError(errno, path);
    const uint64_t size = std::min<uint64_t>(Size(random, shape.typical_size), bytes.size() / 2);
    const uint64_t from = Below(random, bytes.size() - size);
    const bool written =
        size == 0 || write(fd, bytes.data() + from, size) == static_cast<ssize_t>(size);
    const int error = errno;
    close(fd);
    if (!written) return SystemError(error, path);
  }
  return absl::OkStatus();
}

}  // namespace isomason
