#include "tools/oracle/sample.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

class Builder {
 public:
  explicit Builder(std::string root) : root_(std::move(root)) {}

  void Directory(const std::string& path, mode_t mode) {
    Must(mkdir(At(path).c_str(), 0755), path);
    Must(chmod(At(path).c_str(), mode), path);
  }
  void File(const std::string& path, const std::string& bytes, mode_t mode) {
    if (absl::Status s = WriteHostFile(At(path), bytes); !s.ok()) status_.Update(s);
    Must(chmod(At(path).c_str(), mode), path);
  }
  void Link(const std::string& path, const std::string& to) {
    Must(link(At(to).c_str(), At(path).c_str()), path);
  }
  void Symlink(const std::string& path, const std::string& target) {
    Must(symlink(target.c_str(), At(path).c_str()), path);
  }
  // Devices and owners need privileges that root may lack, too (in a sandbox, say). What the
  // host refuses is left out.
  void Node(const std::string& path, mode_t mode, dev_t device) {
    if (mknod(At(path).c_str(), mode, device) != 0 && errno == EPERM) return;
    Must(chmod(At(path).c_str(), mode & 07777), path);
  }
  void Owner(const std::string& path, uid_t owner, gid_t group) {
    struct stat st;
    Must(lstat(At(path).c_str(), &st), path);
    if (lchown(At(path).c_str(), owner, group) != 0) {
      if (errno != EPERM && errno != EINVAL) Must(-1, path);
      return;
    }
    // The kernel takes set-id bits away.
    if (!S_ISLNK(st.st_mode)) Must(chmod(At(path).c_str(), st.st_mode & 07777), path);
  }
  void Time(const std::string& path, int64_t seconds) {
    const timespec times[2] = {{1700000000, 0}, {seconds, 0}};
    Must(utimensat(AT_FDCWD, At(path).c_str(), times, AT_SYMLINK_NOFOLLOW), path);
  }
  absl::Status status() const { return status_; }

 private:
  std::string At(const std::string& path) const { return absl::StrCat(root_, path); }
  void Must(int result, const std::string& path) {
    if (result == 0) return;
    status_.Update(
        absl::InternalError(absl::StrCat("cannot make ", At(path), ": ", strerror(errno))));
  }
  std::string root_;
  absl::Status status_;
};

absl::Status Write(std::vector<std::string> argv) {
  absl::StatusOr<ProcessResult> result = RunProcess(std::move(argv));
  if (!result.ok()) return result.status();
  if (!result->Succeeded()) return absl::InternalError(result->Summary());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Listing> MakeSampleTree(const std::string& dir, const SampleOptions& options) {
  Builder b(dir);
  b.Directory("", 0755);
  b.Directory("/boot", 0755);
  b.Directory("/boot/grub", 0711);
  b.Directory("/empty", options.odd_modes ? 01777 : 0755);
  b.File("/boot/grub/grub.cfg", "linux /vmlinuz\n", 0644);
  std::string big(300000, '\0');
  for (size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>((i * i + i / 251) % 253);
  b.File("/boot/vmlinuz", big, 0600);
  b.File("/one-block", std::string(2048, 'x'), 0644);
  b.File("/zero", "", 0644);
  b.File("/program", "#!/bin/sh\n", options.odd_modes ? 04755 : 0755);
  if (options.hard_links) {
    b.Link("/boot/again", "/program");
    b.File("/zero2", "", 0640);
    b.Link("/zero2-again", "/zero2");
  }
  if (options.symlinks) {
    b.Symlink("/boot/latest", "vmlinuz");
    b.Symlink("/nowhere", "not/there");
    b.Symlink("/absolute", "/usr/bin/env");
    b.Symlink("/boot/grub/upwards", "../../one-block");
  }
  if (options.special_files) {
    b.Node("/fifo", S_IFIFO | 0622, 0);
    b.Node("/null", S_IFCHR | 0666, makedev(1, 3));
    b.Node("/disk", S_IFBLK | 0660, makedev(8, 17));
  }
  if (options.odd_names) {
    b.File("/back\\slash", "1", 0644);
    b.File("/it's \"quoted\"", "2", 0644);
    b.File("/new\nline\ttab", "3", 0644);
  }
  if (options.unicode) {
    b.Directory(
        "/\xc3\xbc"
        "ber",
        0755);
    b.File(
        "/\xc3\xbc"
        "ber/\xe6\x97\xa5\xe6\x9c\xac \xe2\x82\xac.txt",
        "yen", 0644);
  }
  if (options.hard_names) {
    for (const char* name : {"/-dash", "/.hidden", "/trailing space ", "/dots...", "/v;1", "/v;2",
                             "/ lead", "/q\"?*<>|:", "/Case", "/case"}) {
      b.File(name, name, 0644);
    }
    b.File("/" + std::string(250, 'n'), "n", 0644);
    b.File("/" + std::string(180, 'm') + ".txt", "m", 0644);
  }
  if (options.hard_tree) {
    std::string deep;
    for (int i = 1; i <= 12; ++i) {
      deep += absl::StrCat("/level", i);
      b.Directory(deep, 0755);
    }
    b.File(deep + "/file", "deep", 0644);
    b.Directory("/many", 0755);
    for (int i = 0; i < 150; ++i) {
      b.File(absl::StrCat("/many/", i, "-", std::string(static_cast<size_t>(i % 40), 'z')),
             absl::StrCat(i), 0644);
    }
    for (const char* name : {"/t1969", "/t2040", "/t2100"}) b.File(name, name, 0644);
  }
  if (options.hard_targets) {
    b.Symlink("/l239", std::string(239, 't'));
    b.Symlink("/l321", std::string(120, 't') + "/" + std::string(200, 'u'));
    std::string target = "c0";
    for (int i = 1; i < 100; ++i) target += absl::StrCat("/c", i);
    b.Symlink("/l100", target);
    b.Symlink("/dot", ".");
    b.Symlink("/dotdot", "..");
    b.Symlink("/rootlink", "/");
    b.Symlink("/mix", "./a/../b");
    b.Symlink("/slashes", "a//b");
  }
  if (options.decomposed) b.File("/e\xcc\x81", "acute", 0644);
  if (options.raw_bytes) {
    b.File("/\xe4", "latin", 0644);
    b.Symlink("/raw", "\xff\xfe");
  }
  b.Owner("/zero", 12, 34);
  b.Owner("/program", 1000, 100000);
  if (options.symlinks) b.Owner("/nowhere", 5, 6);
  if (!b.status().ok()) return b.status();

  // Last of all, since making an entry touches its directory. No two neighbours are alike.
  absl::StatusOr<Listing> tree = WalkDirectory(dir);
  if (!tree.ok()) return tree.status();
  int64_t time = 1000000001;
  for (auto it = tree->begin(); it != tree->end(); ++it) {
    b.Time(it->first == "/" ? "" : it->first, time);
    time += 86400 + 3661;
  }
  if (options.hard_tree) {
    b.Time("/t1969", -8640000);
    b.Time("/t2040", 2208988805);
    b.Time("/t2100", 4102444800);
  }
  if (!b.status().ok()) return b.status();
  return WalkDirectory(dir);
}

absl::Status WriteWithXorriso(const std::string& dir, const std::string& image,
                              std::vector<std::string> options) {
  std::vector<std::string> argv = {"xorriso", "-as",         "mkisofs", "-quiet",
                                   "-R",      "--hardlinks", "-o",      image};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(dir);
  return Write(std::move(argv));
}

absl::Status WriteWithGenisoimage(const std::string& dir, const std::string& image,
                                  std::vector<std::string> options) {
  std::vector<std::string> argv = {"genisoimage", "-quiet", "-R", "-cache-inodes", "-o", image};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(dir);
  return Write(std::move(argv));
}

}  // namespace isomason
