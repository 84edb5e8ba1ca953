// Measures how much of an image the next release shares with it.
//
//   bazel run -c opt //tools/bench:delta -- OLD NEW [FOLDER]
//
// OLD and NEW are two versions of a tree of the host. Each is made into an image in five
// ways: by xorriso; by isomason; with a lock of the first image; and both of isomason's
// with file_alignment: 4096. Then the blocks of 4096 bytes of the new image that stand
// anywhere in the old one are counted, as zsync, casync and the like would find them, and
// those that stand at the same place. Blocks of zeros count as neither.

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "layout/status.h"
#include "tools/bench/run.h"
#include "tools/oracle/qemu.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

constexpr size_t kBlockBytes = 4096;

// The digests of an image's blocks, shortened to 64 bits; 0 for a block of zeros.
absl::StatusOr<std::vector<uint64_t>> Blocks(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError(errno, path);
  std::vector<uint64_t> blocks;
  std::vector<unsigned char> buffer(256 * kBlockBytes);
  const std::vector<unsigned char> zeros(kBlockBytes, 0);
  ssize_t n = 0;
  while ((n = read(fd, buffer.data(), buffer.size())) > 0) {
    std::memset(buffer.data() + n, 0, buffer.size() - static_cast<size_t>(n));
    for (size_t at = 0; at < static_cast<size_t>(n); at += kBlockBytes) {
      if (std::memcmp(buffer.data() + at, zeros.data(), kBlockBytes) == 0) {
        blocks.push_back(0);
        continue;
      }
      std::array<unsigned char, 32> digest{};
      EVP_Digest(buffer.data() + at, kBlockBytes, digest.data(), nullptr, EVP_sha256(), nullptr);
      uint64_t number = 0;
      std::memcpy(&number, digest.data(), sizeof(number));
      blocks.push_back(number | 1);
    }
  }
  close(fd);
  if (n < 0) return SystemError(errno, path);
  return blocks;
}

struct Way {
  const char* name;
  bool xorriso, aligned, locked;
};

constexpr Way kWays[] = {
    {"xorriso", true, false, false},
    {"isomason", false, false, false},
    {"isomason, lock", false, false, true},
    {"isomason, 4 KiB", false, true, false},
    {"isomason, 4 KiB, lock", false, true, true},
};

absl::Status MakeImage(const Way& way, const std::string& folder, const std::string& tree,
                       const std::string& image) {
  if (way.xorriso) {
    return Run({"xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-joliet-long", "-V", "DELTA",
                "-o", image, tree})
        .status();
  }
  const std::string manifest = folder + "/m.textproto";
  absl::Status status = WriteHostFile(
      manifest,
      absl::StrCat("image_version: 1 volume { id: \"DELTA\" }\n"
                   "iso9660 { rock_ridge {} joliet { symlinks: OMIT names: MANGLE_NAMES } }\n"
                   "layout { ",
                   way.aligned ? "file_alignment: 4096 " : "",
                   way.locked ? "lock: \"lock\" slack_blocks: 256 " : "",
                   "}\nentry { path: \"/\" tree { source: \"", tree, "\" } }\n"));
  if (!status.ok()) return status;
  return Run({Runfile("tools/isomason/isomason"), "build", "--quiet", manifest, "-o", image,
              "--write-lock", folder + "/lock"})
      .status();
}

absl::Status Measure(const Way& way, const std::string& old_tree, const std::string& new_tree,
                     const std::string& parent) {
  auto scratch = ScratchDir::Make(parent);
  if (!scratch.ok()) return scratch.status();
  const std::string& folder = scratch->path();
  RETURN_IF_ERROR(WriteHostFile(folder + "/lock", ""));
  RETURN_IF_ERROR(MakeImage(way, folder, old_tree, folder + "/old.iso"));
  RETURN_IF_ERROR(MakeImage(way, folder, new_tree, folder + "/new.iso"));
  ASSIGN_OR_RETURN(const std::vector<uint64_t> before, Blocks(folder + "/old.iso"));
  ASSIGN_OR_RETURN(const std::vector<uint64_t> after, Blocks(folder + "/new.iso"));
  absl::flat_hash_map<uint64_t, size_t> known;
  for (size_t i = 0; i < before.size(); ++i) known.try_emplace(before[i], i);
  uint64_t full = 0, anywhere = 0, in_place = 0;
  for (size_t i = 0; i < after.size(); ++i) {
    if (after[i] == 0) continue;
    ++full;
    if (known.contains(after[i])) ++anywhere;
    if (i < before.size() && before[i] == after[i]) ++in_place;
  }
  const auto mib = [](uint64_t blocks) {
    return static_cast<double>(blocks * kBlockBytes) / (1 << 20);
  };
  const auto percent = [&](uint64_t part) {
    return full == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(full);
  };
  std::printf("%-24s %8.1f %10.1f %6.1f%% %10.1f %6.1f%% %10.1f\n", way.name, mib(after.size()),
              mib(anywhere), percent(anywhere), mib(in_place), percent(in_place),
              mib(full - anywhere));
  std::fflush(stdout);
  return absl::OkStatus();
}

}  // namespace
}  // namespace isomason

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::fputs("usage: delta OLD NEW [FOLDER]\n", stderr);
    return 2;
  }
  std::printf("%-24s %8s %10s %7s %10s %7s %10s\n", "new image (MiB)", "size", "anywhere", "",
              "in place", "", "new");
  for (const isomason::Way& way : isomason::kWays) {
    const absl::Status status =
        isomason::Measure(way, argv[1], argv[2], argc > 3 ? argv[3] : "/tmp");
    if (status.ok()) continue;
    std::fprintf(stderr, "delta: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  return 0;
}
