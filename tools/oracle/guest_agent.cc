// -----------------------------------------------------------------------------
// File: tools/oracle/guest_agent.cc
// -----------------------------------------------------------------------------
//
// The first and only program of a tiny Linux guest: mounts images as /plan says and tells
// what the kernel shows. It is linked statically and uses no library but libc and the bare
// SHA-256 of libcrypto, because nothing else is in the guest. The other half, which makes
// /plan and reads what is told here, is kernel_reader.cc.
//
// /plan holds one order a line, columns parted by one tab:
//
//   module  FILE                           loads a kernel module
//   read    SERIAL  VIEW  TYPE  OPTIONS  N mounts partition N, or with 0 the whole, of the drive
//                                          with that serial number, and walks it
//
// What is told goes to the virtio port named "listing":
//
//   BEGIN <tab> SERIAL <tab> VIEW
//   an entry in the text form of tools/oracle/listing.h, directories before what they hold
//   SAMPLES <tab> path <tab> sha256  of a file over 64 MiB: of its SampledRanges()
//   PROBLEM <tab> sentence           the kernel refused something
//   KERNEL <tab> level <tab> text    a line of the kernel's log since BEGIN
//   END <tab> SERIAL <tab> VIEW
//   DONE                             last line: nothing was cut off

// The bare functions draw in one object file, the newer ones all of libcrypto.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <dirent.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tools/oracle/samples.h"

namespace {

constexpr uint64_t kMiB = 1 << 20;
// Emulated, the guest digests some 30 MB a second.
constexpr uint64_t kDigestedInWhole = 64 * kMiB;
// A tree whose directories form a circle has to end somewhere.
constexpr int kDeepest = 256;
constexpr int kMostEntries = 2000000;
// Files and directories in which the kernel fails many times: the first are enough.
constexpr int kMostProblems = 100;
constexpr char kMountPoint[] = "/mnt";

FILE* report = stderr;

// The escapes of the text form.
std::string Escaped(const std::string& raw) {
  std::string out;
  for (const char c : raw) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte >= 0x7f) {
      char hex[5];
      snprintf(hex, sizeof(hex), "\\x%02x", byte);
      out += hex;
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> Split(const std::string& line, char separator) {
  std::vector<std::string> columns(1);
  for (const char c : line) {
    if (c == separator) {
      columns.emplace_back();
    } else {
      columns.back() += c;
    }
  }
  return columns;
}

// A sentence about what just failed, with errno's words.
std::string Failure(const std::string& what) { return what + ": " + strerror(errno); }

// One walk through one mounted view.
class Walk {
 public:
  // Tells of the directory `fd`, which is closed, and all it holds. `path` is "" for the root.
  void Directory(int fd, const std::string& path, int depth);

  // Tells of the entry `name` in the directory `parent`. Returns its status, or nothing when
  // the kernel refused it.
  bool Entry(int parent, const std::string& name, const std::string& path, struct stat* status);

  void Problem(const std::string& sentence) {
    if (++problems_ <= kMostProblems) fprintf(report, "PROBLEM\t%s\n", Escaped(sentence).c_str());
  }

 private:
  std::string Digest(int parent, const std::string& name, const std::string& path,
                     const struct stat& status);

  int entries_ = 0;
  int problems_ = 0;
};

// The SHA-256 of the file's contents; of a big one, "-", and that of its samples goes to a
// line of its own.
std::string Walk::Digest(int parent, const std::string& name, const std::string& path,
                         const struct stat& status) {
  const int fd = openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW);
  if (fd < 0) {
    Problem(Failure("open " + path));
    return "-";
  }
  static unsigned char buffer[kMiB];
  const uint64_t size = static_cast<uint64_t>(status.st_size);
  const bool whole = size <= kDigestedInWhole;
  std::vector<std::pair<uint64_t, uint64_t>> ranges = {{0, size}};
  if (!whole) ranges = isomason::SampledRanges(size);
  SHA256_CTX context;
  SHA256_Init(&context);
  for (const auto& [begin, end] : ranges) {
    for (uint64_t at = begin; at < end;) {
      const ssize_t got = pread(fd, buffer, std::min(kMiB, end - at), static_cast<off_t>(at));
      if (got <= 0) {
        Problem(got < 0 ? Failure("read " + path + " at byte " + std::to_string(at))
                        : "read " + path + ": ends at byte " + std::to_string(at) + " of " +
                              std::to_string(size));
        close(fd);
        return "-";
      }
      SHA256_Update(&context, buffer, static_cast<size_t>(got));
      at += static_cast<uint64_t>(got);
    }
  }
  close(fd);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256_Final(digest, &context);
  std::string hex;
  for (const unsigned char byte : digest) {
    char pair[3];
    snprintf(pair, sizeof(pair), "%02x", byte);
    hex += pair;
  }
  if (whole) return hex;
  fprintf(report, "SAMPLES\t%s\t%s\n", Escaped(path).c_str(), hex.c_str());
  return "-";
}

std::string Octal(unsigned value) {
  char text[16];
  snprintf(text, sizeof(text), "%o", value);
  return text;
}

bool Walk::Entry(int parent, const std::string& name, const std::string& path,
                 struct stat* status) {
  if (fstatat(parent, name.c_str(), status, AT_SYMLINK_NOFOLLOW) != 0) {
    Problem(Failure("stat " + path));
    return false;
  }
  char type = '?';
  std::string size = "-", digest = "-", target = "-", device = "-";
  switch (status->st_mode & S_IFMT) {
    case S_IFREG:
      type = 'f';
      size = std::to_string(status->st_size);
      digest = Digest(parent, name, path, *status);
      break;
    case S_IFDIR:
      type = 'd';
      break;
    case S_IFLNK: {
      type = 'l';
      char buffer[16384];
      const ssize_t got = readlinkat(parent, name.c_str(), buffer, sizeof(buffer));
      if (got < 0) {
        Problem(Failure("readlink " + path));
      } else {
        target = Escaped(std::string(buffer, static_cast<size_t>(got)));
        if (target == "-") target = "\\x2d";
      }
      break;
    }
    case S_IFBLK:
    case S_IFCHR:
      type = S_ISBLK(status->st_mode) ? 'b' : 'c';
      device =
          std::to_string(major(status->st_rdev)) + "," + std::to_string(minor(status->st_rdev));
      break;
    case S_IFIFO:
      type = 'p';
      break;
    case S_IFSOCK:
      type = 's';
      break;
    default:
      Problem("stat " + path + ": mode " + Octal(status->st_mode) + " has no known type");
      return false;
  }
  fprintf(report,
          "%s\t%c\t%s\t%u\t%u\t%" PRIu64 "\t%" PRId64 ".%09ld\t%s\t%s\t%s\t%s\t%" PRIu64 "\n",
          Escaped(path).c_str(), type, Octal(status->st_mode & 07777).c_str(), status->st_uid,
          status->st_gid, static_cast<uint64_t>(status->st_nlink),
          static_cast<int64_t>(status->st_mtime), status->st_mtim.tv_nsec, size.c_str(),
          digest.c_str(), target.c_str(), device.c_str(), static_cast<uint64_t>(status->st_ino));
  return true;
}

void Walk::Directory(int fd, const std::string& path, int depth) {
  DIR* stream = fdopendir(fd);
  if (stream == nullptr) {
    Problem(Failure("opendir " + path + "/"));
    close(fd);
    return;
  }
  std::vector<std::string> names;
  errno = 0;
  for (const dirent* entry = readdir(stream); entry != nullptr; entry = readdir(stream)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    if (++entries_ > kMostEntries) {
      Problem("readdir " + path + "/: more entries than the " + std::to_string(kMostEntries) +
              " that are told");
      break;
    }
    errno = 0;
  }
  if (errno != 0) Problem(Failure("readdir " + path + "/"));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    std::string below = path;
    below += "/";
    below += name;
    struct stat status;
    if (!Entry(dirfd(stream), name, below, &status) || !S_ISDIR(status.st_mode)) continue;
    if (depth >= kDeepest) {
      Problem("opendir " + below + ": deeper than " + std::to_string(kDeepest) + " levels");
      continue;
    }
    const int child = openat(dirfd(stream), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (child < 0) {
      Problem(Failure("opendir " + below));
    } else {
      Directory(child, below, depth + 1);
    }
  }
  closedir(stream);
}

// The block device whose drive carries `serial`, "" when there is none.
std::string DeviceOf(const std::string& serial) {
  DIR* stream = opendir("/sys/block");
  if (stream == nullptr) return "";
  std::string device;
  while (const dirent* entry = readdir(stream)) {
    std::string found;
    const std::string name = entry->d_name;
    std::ifstream("/sys/block/" + name + "/serial") >> found;
    if (found == serial) device = "/dev/" + name;
  }
  closedir(stream);
  return device;
}

// Tells what the kernel logged since the last call. Records look like "4,123,456789,-;text".
void TellKernelLog(int kmsg, bool tell) {
  char record[8192];
  for (;;) {
    const ssize_t got = read(kmsg, record, sizeof(record) - 1);
    if (got < 0 && (errno == EPIPE || errno == EINTR)) continue;  // old records were overwritten
    if (got <= 0) return;
    const std::string line(record, static_cast<size_t>(got));
    const size_t semicolon = line.find(';');
    if (!tell || semicolon == std::string::npos) continue;
    const int level = atoi(line.c_str()) & 7;
    const std::string text = line.substr(semicolon + 1, line.find('\n') - semicolon - 1);
    fprintf(report, "KERNEL\t%d\t%s\n", level, Escaped(text).c_str());
  }
}

void LoadModule(const std::string& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) != 0 && errno != EEXIST)) {
    fprintf(stderr, "guest agent: %s\n", Failure("load " + file).c_str());
  }
  if (fd >= 0) close(fd);
}

void Read(int kmsg, const std::string& serial, const std::string& view, const std::string& type,
          const std::string& options, const std::string& partition) {
  TellKernelLog(kmsg, false);
  fprintf(report, "BEGIN\t%s\t%s\n", serial.c_str(), view.c_str());
  Walk walk;
  std::string device = DeviceOf(serial);
  if (!device.empty() && partition != "0") device += partition;
  if (device.empty()) {
    walk.Problem("no drive has the serial number " + serial);
  } else if (mount(device.c_str(), kMountPoint, type.c_str(), MS_RDONLY, options.c_str()) != 0) {
    walk.Problem(Failure("mount -t " + type + " -o " + options));
  } else {
    struct stat status;
    const int root = open(kMountPoint, O_RDONLY | O_DIRECTORY);
    if (root < 0) {
      walk.Problem(Failure("opendir /"));
    } else if (walk.Entry(AT_FDCWD, kMountPoint, "/", &status)) {
      walk.Directory(root, "", 0);
    } else {
      close(root);
    }
    if (umount(kMountPoint) != 0) walk.Problem(Failure("umount"));
  }
  TellKernelLog(kmsg, true);
  fprintf(report, "END\t%s\t%s\n", serial.c_str(), view.c_str());
  fflush(report);
}

// The device of the virtio port named "listing", which appears a moment after its driver.
std::string ListingPort() {
  for (int tries = 0; tries < 200; ++tries) {
    std::string name;
    std::ifstream("/sys/class/virtio-ports/vport0p1/name") >> name;
    if (name == "listing") return "/dev/vport0p1";
    usleep(10000);
  }
  return "";
}

void Follow() {
  std::ifstream plan("/plan");
  std::vector<std::vector<std::string>> reads;
  for (std::string line; std::getline(plan, line);) {
    const std::vector<std::string> order = Split(line, '\t');
    if (order[0] == "module" && order.size() == 2) {
      LoadModule(order[1]);
    } else if (order[0] == "read" && order.size() == 6) {
      reads.push_back(order);
    } else {
      fprintf(stderr, "guest agent: /plan: no such order: %s\n", line.c_str());
      return;
    }
  }
  const std::string port = ListingPort();
  FILE* opened = port.empty() ? nullptr : fopen(port.c_str(), "we");
  const int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (opened == nullptr || kmsg < 0) {
    fprintf(stderr, "guest agent: %s\n", Failure("the listing's port and /dev/kmsg").c_str());
    return;
  }
  report = opened;
  setvbuf(report, nullptr, _IOFBF, 65536);
  for (const std::vector<std::string>& order : reads) {
    Read(kmsg, order[1], order[2], order[3], order[4], order[5]);
  }
  fputs("DONE\n", report);
  fclose(report);
}

}  // namespace

int main() {
  // A stray start on somebody's machine must not load modules or switch it off.
  if (getpid() != 1) {
    fputs("guest agent: is the first process of a guest, and nothing else\n", stderr);
    return 2;
  }
  for (const char* folder : {"/dev", "/sys", kMountPoint}) mkdir(folder, 0755);
  mount("none", "/dev", "devtmpfs", 0, "");
  mount("none", "/sys", "sysfs", 0, "");
  Follow();
  sync();
  reboot(RB_POWER_OFF);
  return 1;
}
