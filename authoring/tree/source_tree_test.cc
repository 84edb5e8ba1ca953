#include "authoring/tree/source_tree.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

manifest::SourceTree Spec(const std::string& text) {
  manifest::SourceTree spec;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &spec)) << text;
  return spec;
}

// A line for what was found: "boot/", "vmlinuz 5", "link -> target", "fifo |".
std::string Line(const SourceEntry& entry) {
  std::string line(entry.path);
  switch (entry.status.st_mode & S_IFMT) {
    case S_IFDIR:
      return line + "/";
    case S_IFREG:
      return absl::StrCat(line, " ", entry.status.st_size);
    case S_IFLNK:
      return absl::StrCat(line, " -> ", entry.target);
    case S_IFIFO:
      return line + " |";
    case S_IFSOCK:
      return line + " =";
    default:
      return line + " ?";
  }
}

std::vector<std::string> WalkWith(int jobs, const std::string& spec, const std::string& root,
                                  absl::Status* status) {
  std::vector<std::string> lines;
  SourceTree tree(Spec(spec), root, jobs);
  *status = tree.Walk([&](const SourceEntry& entry) {
    // Where it is said to lie on the host, it lies.
    struct stat there {};
    const std::string host = absl::StrCat(entry.directory, "/", entry.name);
    EXPECT_EQ(lstat(host.c_str(), &there), 0) << host;
    lines.push_back(Line(entry));
    return absl::OkStatus();
  });
  return lines;
}

// With one thread and with several, which see the same.
std::vector<std::string> Walk(const std::string& spec, const std::string& root,
                              absl::Status* status) {
  std::vector<std::string> lines = WalkWith(1, spec, root, status);
  absl::Status other_status;
  EXPECT_EQ(WalkWith(3, spec, root, &other_status), lines);
  EXPECT_EQ(other_status, *status);
  return lines;
}

class SourceTreeTest : public testing::Test {
 protected:
  // Sources that are there for every test of what is let through.
  void MakeTree() {
    for (const char* name : {"README", "a.bak", "boot/grub/grub.cfg", "boot/grub/grub.bak",
                             "boot/vmlinuz", "boot-old/vmlinuz", "etc/.hidden", "etc/deep/er/x"}) {
      directory_.Write(name, name);
    }
    directory_.MakeDirectory("empty");
  }

  TestDirectory directory_;
};

TEST_F(SourceTreeTest, HandsOverWhatTheGlobsLetThrough) {
  MakeTree();
  const struct {
    const char* spec;
    std::vector<std::string> want;
  } kCases[] = {
      // Names in byte order in each directory, directories before what they hold.
      {"",
       {"/", "README 6", "a.bak 5", "boot/", "boot/grub/", "boot/grub/grub.bak 18",
        "boot/grub/grub.cfg 18", "boot/vmlinuz 12", "boot-old/", "boot-old/vmlinuz 16", "empty/",
        "etc/", "etc/.hidden 11", "etc/deep/", "etc/deep/er/", "etc/deep/er/x 13"}},
      {"exclude: '**/*.bak'",
       {"/", "README 6", "boot/", "boot/grub/", "boot/grub/grub.cfg 18", "boot/vmlinuz 12",
        "boot-old/", "boot-old/vmlinuz 16", "empty/", "etc/", "etc/.hidden 11", "etc/deep/",
        "etc/deep/er/", "etc/deep/er/x 13"}},
      // A directory is left out with all it holds.
      {"exclude: 'boot' exclude: 'e*'",
       {"/", "README 6", "a.bak 5", "boot-old/", "boot-old/vmlinuz 16"}},
      {"exclude: 'boot/**'",
       {"/", "README 6", "a.bak 5", "boot-old/", "boot-old/vmlinuz 16", "empty/", "etc/",
        "etc/.hidden 11", "etc/deep/", "etc/deep/er/", "etc/deep/er/x 13"}},
      {"exclude: 'boot/*' exclude: 'etc/deep/er/x'",
       {"/", "README 6", "a.bak 5", "boot/", "boot-old/", "boot-old/vmlinuz 16", "empty/", "etc/",
        "etc/.hidden 11", "etc/deep/", "etc/deep/er/"}},
      {"exclude: '**'", {"/"}},
      // A directory that no glob names is there when something in it is.
      {"include: '**/vmlinuz'",
       {"/", "boot/", "boot/vmlinuz 12", "boot-old/", "boot-old/vmlinuz 16"}},
      {"include: 'etc/deep/er/x'", {"/", "etc/", "etc/deep/", "etc/deep/er/", "etc/deep/er/x 13"}},
      {"include: 'etc/deep'", {"/", "etc/", "etc/deep/", "etc/deep/er/", "etc/deep/er/x 13"}},
      {"include: 'empty'", {"/", "empty/"}},
      {"include: 'boot/grub/*' include: 'README'",
       {"/", "README 6", "boot/", "boot/grub/", "boot/grub/grub.bak 18", "boot/grub/grub.cfg 18"}},
      {"include: 'nothing'", {"/"}},
      // Both: what is excluded stays out.
      {"include: 'boot/**' exclude: '**/*.bak'",
       {"/", "boot/", "boot/grub/", "boot/grub/grub.cfg 18", "boot/vmlinuz 12"}},
      {"include: 'boot/grub/grub.cfg' exclude: 'boot/grub'", {"/"}},
  };
  for (const auto& c : kCases) {
    absl::Status status;
    EXPECT_THAT(Walk(c.spec, directory_.path(), &status), ElementsAreArray(c.want)) << c.spec;
    EXPECT_EQ(status, absl::OkStatus()) << c.spec;
  }
}

TEST_F(SourceTreeTest, TheRootMayBeSpeltInSeveralWays) {
  directory_.Write("tree/a", "x");
  directory_.MakeSymlink("link", "tree");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path("tree"));
  for (const std::string& root :
       {directory_.path("tree"), directory_.path("tree/"), directory_.path("link"),
        std::string("."), std::string("../tree")}) {
    absl::Status status;
    EXPECT_THAT(Walk("", root, &status), ElementsAre("/", "a 1")) << root;
    EXPECT_EQ(status, absl::OkStatus()) << root;
  }
  std::filesystem::current_path(before);
}

TEST_F(SourceTreeTest, SpecialFilesAreHandedOverUnopened) {
  ASSERT_EQ(mkfifo(directory_.path("fifo").c_str(), 0600), 0);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // A path for a socket is short, so it gets one from here.
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  absl::StrCat("socket").copy(address.sun_path, sizeof(address.sun_path));
  ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  std::filesystem::current_path(before);
  close(listener);
  absl::Status status;
  EXPECT_THAT(Walk("", directory_.path(), &status), ElementsAre("/", "fifo |", "socket ="));
  EXPECT_EQ(status, absl::OkStatus());
}

// --- Symlinks ----------------------------------------------------------------------------------

TEST_F(SourceTreeTest, SymlinksBecomeWhatTheManifestSays) {
  directory_.Write("d/file", "12345");
  directory_.MakeSymlink("dir-link", "d");
  directory_.MakeSymlink("file-link", "d/file");
  directory_.MakeSymlink("twice", "file-link");
  const struct {
    const char* spec;
    std::vector<std::string> want;
  } kCases[] = {
      {"", {"/", "d/", "d/file 5", "dir-link -> d", "file-link -> d/file", "twice -> file-link"}},
      {"symlinks: KEEP_SYMLINKS",
       {"/", "d/", "d/file 5", "dir-link -> d", "file-link -> d/file", "twice -> file-link"}},
      // Two ways to one directory are no cycle.
      {"symlinks: FOLLOW_SYMLINKS",
       {"/", "d/", "d/file 5", "dir-link/", "dir-link/file 5", "file-link 5", "twice 5"}},
      {"symlinks: FOLLOW_SYMLINKS include: 'dir-link/*'", {"/", "dir-link/", "dir-link/file 5"}},
      {"symlinks: REFUSE_SYMLINKS exclude: '*-link' exclude: 'twice'", {"/", "d/", "d/file 5"}},
      {"symlinks: REFUSE_SYMLINKS include: 'd'", {"/", "d/", "d/file 5"}},
  };
  for (const auto& c : kCases) {
    absl::Status status;
    EXPECT_THAT(Walk(c.spec, directory_.path(), &status), ElementsAreArray(c.want)) << c.spec;
    EXPECT_EQ(status, absl::OkStatus()) << c.spec;
  }
}

TEST_F(SourceTreeTest, ABrokenSymlinkMattersOnlyWhenItIsFollowedAndWanted) {
  directory_.Write("a", "x");
  directory_.MakeSymlink("broken", "nowhere");
  directory_.MakeSymlink("loop", "loop");
  const struct {
    const char* spec;
    std::vector<std::string> want;
  } kCases[] = {
      {"", {"/", "a 1", "broken -> nowhere", "loop -> loop"}},
      {"symlinks: FOLLOW_SYMLINKS exclude: 'broken' exclude: 'loop'", {"/", "a 1"}},
      {"symlinks: FOLLOW_SYMLINKS include: 'a'", {"/", "a 1"}},
  };
  for (const auto& c : kCases) {
    absl::Status status;
    EXPECT_THAT(Walk(c.spec, directory_.path(), &status), ElementsAreArray(c.want)) << c.spec;
    EXPECT_EQ(status, absl::OkStatus()) << c.spec;
  }
}

TEST_F(SourceTreeTest, TheTargetOfASymlinkMayBeAsLongAsThePlatformAllows) {
  const std::string target(4095, 't');
  directory_.MakeSymlink("long", target);
  absl::Status status;
  EXPECT_THAT(Walk("", directory_.path(), &status), ElementsAre("/", "long -> " + target));
}

// --- Errors ------------------------------------------------------------------------------------

TEST_F(SourceTreeTest, ErrorsNameThePathOnTheHost) {
  directory_.Write("file", "x");
  directory_.Write("plain/file", "x");
  directory_.MakeSymlink("broken/link", "nowhere");
  directory_.MakeSymlink("loop/link", "link");
  directory_.MakeSymlink("refused/d/link", "../../file");
  directory_.MakeSymlink("self/here", ".");
  directory_.MakeSymlink("up/a/b/top", "../..");
  directory_.MakeSymlink("pair/one/two", "../two");
  directory_.MakeSymlink("pair/two/one", "../one");
  const struct {
    const char* root;
    const char* spec;
    absl::StatusCode code;
    const char* message;  // $0 is the test's directory
  } kCases[] = {
      {"missing", "", absl::StatusCode::kNotFound,
       "cannot look at $0/missing: No such file or directory"},
      {"file", "", absl::StatusCode::kInvalidArgument, "$0/file is not a directory"},
      {"broken", "symlinks: FOLLOW_SYMLINKS", absl::StatusCode::kNotFound,
       "cannot follow the symlink $0/broken/link: No such file or directory"},
      {"loop", "symlinks: FOLLOW_SYMLINKS", absl::StatusCode::kUnavailable,
       "cannot follow the symlink $0/loop/link: Too many levels of symbolic links"},
      {"refused", "symlinks: REFUSE_SYMLINKS", absl::StatusCode::kInvalidArgument,
       "$0/refused/d/link is a symlink"},
      {"self", "symlinks: FOLLOW_SYMLINKS", absl::StatusCode::kInvalidArgument,
       "$0/self/here leads back into a directory that holds it"},
      {"up", "symlinks: FOLLOW_SYMLINKS", absl::StatusCode::kInvalidArgument,
       "$0/up/a/b/top leads back into a directory that holds it"},
      {"pair", "symlinks: FOLLOW_SYMLINKS", absl::StatusCode::kInvalidArgument,
       "$0/pair/one/two/one leads back into a directory that holds it"},
  };
  for (const auto& c : kCases) {
    absl::Status status;
    Walk(c.spec, directory_.path(c.root), &status);
    EXPECT_EQ(status,
              absl::Status(c.code, absl::StrReplaceAll(c.message, {{"$0", directory_.path()}})));
  }
}

TEST_F(SourceTreeTest, ADirectoryThatNobodyMayOpenIsAnErrorUnlessItIsExcluded) {
  directory_.Write("secret/file", "x");
  directory_.Write("z", "x");
  ASSERT_EQ(chmod(directory_.path("secret").c_str(), 0), 0);
  WithoutPrivilege([&] {
    absl::Status status;
    Walk("", directory_.path(), &status);
    EXPECT_EQ(status,
              absl::PermissionDeniedError(absl::StrCat(
                  "cannot open the directory ", directory_.path("secret"), ": Permission denied")));
    EXPECT_THAT(Walk("exclude: 'secret'", directory_.path(), &status), ElementsAre("/", "z 1"));
    EXPECT_EQ(status, absl::OkStatus());
  });
}

TEST_F(SourceTreeTest, AnErrorWhileADirectoryIsReadIsNotTheEndOfIt) {
  MakeTree();
  WithFailingCall({SYS_getdents64, EIO}, [&] {
    absl::Status status;
    Walk("", directory_.path(), &status);
    EXPECT_EQ(status,
              absl::UnavailableError(absl::StrCat("cannot read the directory ", directory_.path(),
                                                  ": Input/output error")));
  });
}

TEST_F(SourceTreeTest, AVisitThatFailsIsTheLast) {
  MakeTree();
  for (const int jobs : {1, 4}) {
    int visits = 0;
    SourceTree tree(Spec(""), directory_.path(), jobs);
    EXPECT_EQ(tree.Walk([&](const SourceEntry&) -> absl::Status {
      return ++visits == 3 ? absl::AbortedError("enough") : absl::OkStatus();
    }),
              absl::AbortedError("enough"));
    EXPECT_EQ(visits, 3);
  }
}

TEST_F(SourceTreeTest, ManyThreadsSeeWhatOneSees) {
  // More directories, and in one of them more names, than are looked at ahead.
  std::mt19937 random(20261125);
  std::vector<std::string> directories = {""};
  for (int i = 0; i < 700; ++i) {
    directories.push_back(absl::StrCat(directories[random() % directories.size()], "d", i, "/"));
    directory_.MakeDirectory(directories.back());
    for (uint32_t f = 0; f < random() % 4; ++f) {
      directory_.Write(absl::StrCat(directories.back(), "f", random() % 1000), "x");
    }
  }
  for (int i = 0; i < 5000; ++i) directory_.Write(absl::StrCat("d3/many/", i), "");
  directory_.Write("d3/many/1000.d/in", "x");
  absl::Status status;
  const std::vector<std::string> lines = WalkWith(1, "", directory_.path(), &status);
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_GT(lines.size(), 5700u);
  for (const int jobs : {2, 8}) {
    EXPECT_EQ(WalkWith(jobs, "", directory_.path(), &status), lines);
    EXPECT_EQ(status, absl::OkStatus());
  }
  // Threads that may not open any more files leave them to the walk.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 60;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  EXPECT_EQ(WalkWith(8, "", directory_.path(), &status), lines);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(status, absl::OkStatus());
}

}  // namespace
}  // namespace isomason
