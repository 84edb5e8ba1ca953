#include "tools/bench/workloads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "layout/status.h"
#include "tools/bench/make_tree.h"

namespace isomason {
namespace {

// Bytes that do not compress and hold no zeros, from a seed.
class Bytes {
 public:
  explicit Bytes(uint64_t seed) : random_(seed), bytes_(1 << 20, '\0') { Renew(); }

  // Other bytes from here on.
  void Renew() {
    for (char& b : bytes_) b = static_cast<char>(1 + random_() % 255);
  }

  // Writes a file of `size` bytes; no two pages of a large one are equal.
  absl::Status Write(const std::string& path, uint64_t size) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return SystemError(errno, path);
    absl::Status status;
    for (uint64_t done = 0; done < size && status.ok();) {
      const uint64_t from = size > bytes_.size() ? 0 : random_() % (bytes_.size() - size + 1);
      const uint64_t n = std::min<uint64_t>(size - done, bytes_.size() - from);
      // Numbers that make the rest differ.
      for (uint64_t i = from; i + 8 <= from + n; i += 4096) {
        for (uint64_t k = 0; k < 8; ++k) {
          bytes_[i + k] = static_cast<char>(1 + ((done + i) >> (8 * k)) % 255);
        }
      }
      if (write(fd, bytes_.data() + from, n) != static_cast<ssize_t>(n)) {
        status = SystemError(errno, path);
      }
      done += n;
    }
    close(fd);
    return status;
  }

  uint64_t Below(uint64_t n) { return random_() % n; }

 private:
  std::mt19937_64 random_;
  std::string bytes_;
};

uint32_t Scaled(double scale, uint32_t n) {
  return std::max<uint32_t>(1, static_cast<uint32_t>(scale * n));
}

absl::Status MakeOneFile(double scale, const std::string& dir) {
  Bytes bytes(1);
  TreeShape small;
  small.files = 20;
  RETURN_IF_ERROR(MakeTree(small, dir));
  return bytes.Write(dir + "/large",
                     static_cast<uint64_t>(scale * (uint64_t{4} << 30)) + (5 << 10));
}

absl::Status MakeLargeFiles(double scale, const std::string& dir) {
  Bytes bytes(2);
  for (int i = 0; i < 8; ++i) {
    RETURN_IF_ERROR(
        bytes.Write(absl::StrCat(dir, "/", i), static_cast<uint64_t>(scale * (256 << 20))));
  }
  return absl::OkStatus();
}

absl::Status MakeSources(double scale, const std::string& dir) {
  TreeShape shape;
  shape.files = Scaled(scale, 70000);
  return MakeTree(shape, dir);
}

absl::Status MakeTiny(double scale, const std::string& dir) {
  Bytes bytes(4);
  const uint32_t directories = Scaled(scale, 3000);
  for (uint32_t d = 0; d < directories; ++d) {
    const std::string path = absl::StrFormat("%s/%04d", dir, d);
    if (mkdir(path.c_str(), 0755) != 0) return SystemError(errno, path);
    for (int f = 0; f < 100; ++f) {
      RETURN_IF_ERROR(bytes.Write(absl::StrCat(path, "/file", f), bytes.Below(2049)));
    }
  }
  return absl::OkStatus();
}

absl::Status MakeOneDirectory(double scale, const std::string& dir) {
  Bytes bytes(5);
  for (uint32_t i = 0; i < Scaled(scale, 100000); ++i) {
    RETURN_IF_ERROR(bytes.Write(absl::StrFormat("%s/file%06d.dat", dir, i), bytes.Below(600)));
  }
  return absl::OkStatus();
}

absl::Status MakeLongNames(double scale, const std::string& dir) {
  Bytes bytes(6);
  for (uint32_t i = 0; i < Scaled(scale, 100000); ++i) {
    RETURN_IF_ERROR(
        bytes.Write(absl::StrFormat("%s/measurement_of_the_northern_station_year%06d.csv", dir, i),
                    bytes.Below(600)));
  }
  return absl::OkStatus();
}

absl::Status MakeMillion(double scale, const std::string& dir) {
  TreeShape shape;
  shape.files = Scaled(scale, 1000000);
  shape.typical_size = 16;
  shape.files_per_directory = 30;  // path tables hold 65,535 directories
  return MakeTree(shape, dir);
}

absl::Status MakeDuplicates(double scale, const std::string& dir) {
  const uint32_t count = Scaled(scale, 2000);
  for (int copy = 0; copy < 4; ++copy) {
    Bytes bytes(7);
    const std::string path = absl::StrCat(dir, "/copy", copy);
    if (mkdir(path.c_str(), 0755) != 0) return SystemError(errno, path);
    for (uint32_t i = 0; i < count; ++i) {
      RETURN_IF_ERROR(bytes.Write(absl::StrCat(path, "/", i), 1024 + bytes.Below(128 << 10)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

const std::vector<Workload>& Workloads() {
  static const auto& all = *new std::vector<Workload>{
      {"W1", "one file of 4 GiB and a few small ones", MakeOneFile},
      {"W2", "eight files of 256 MiB", MakeLargeFiles},
      {"W3", "70,000 files like a kernel's sources", MakeSources},
      {"W4", "300,000 files of 0 to 2 KiB in 3,000 directories", MakeTiny},
      {"W5", "one directory of 100,000 small files", MakeOneDirectory},
      {"W5C", "the same with long names that differ late", MakeLongNames},
      {"W6", "1,000,000 files of some bytes", MakeMillion},
      {"W7", "8,000 files of 1 to 129 KiB, every content four times", MakeDuplicates},
  };
  return all;
}

absl::Status WarmUp(const std::string& dir) {
  std::string buffer(1 << 20, '\0');
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
    if (!entry.is_regular_file()) continue;
    const int fd = open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return SystemError(errno, entry.path().string());
    while (read(fd, buffer.data(), buffer.size()) > 0) {
    }
    close(fd);
  }
  return absl::OkStatus();
}

}  // namespace isomason
